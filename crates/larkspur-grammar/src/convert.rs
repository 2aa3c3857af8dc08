//! Grammars from one notation into another, in one step.
//!
//! [`read`] takes a text of any [`Notation`], [`convert`] prints what it has read. Both tell every place where the result
//! does not mean what was written ([`Loss`]); neither changes a grammar in silence.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::import::{self, ImportError, Imported};
use crate::lark::{self, syntax::ItemKind};
use crate::limits::Limits;
use crate::loss::{Effect, Loss};
use crate::print::{self, Printed};

/// A way of writing grammars down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Notation {
    /// Lark, in one of its [dialects](Dialect).
    Lark,
    /// llama.cpp's GBNF.
    Gbnf,
    /// xgrammar's EBNF.
    Ebnf,
    /// `.pest` files; read only, with the feature `pest`.
    Pest,
    /// One regex of the Rust `regex` crate, which a sentence matches as a whole; read only.
    Regex,
}

/// What [`read`] and [`convert`] need to know beside the text.
///
/// ```
/// use larkspur_grammar::{Dialect, convert::Options};
/// let options = Options { to: Dialect::xgrammar(), ..Options::default() };
/// assert_eq!(options.from.name(), "llguidance");
/// ```
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
pub struct Options {
    /// The dialect that Lark text is read in. Default: llguidance's.
    pub from: &'static Dialect,
    /// The dialect that Lark text is printed for. Default: `OpenAI`'s.
    pub to: &'static Dialect,
    /// The rule that sentences begin with, for `.pest` files, which name none. Default: the first one.
    pub start: Option<String>,
    /// Bounds on what is read.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            from: Dialect::llguidance(),
            to: Dialect::openai(),
            start: None,
            limits: Limits::default(),
        }
    }
}

impl Notation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Lark, Self::Gbnf, Self::Ebnf, Self::Pest, Self::Regex];

    /// The name on the command line, which is also the ending of such files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lark => "lark",
            Self::Gbnf => "gbnf",
            Self::Ebnf => "ebnf",
            Self::Pest => "pest",
            Self::Regex => "regex",
        }
    }

    /// The notation with this [`name`](Self::name).
    ///
    /// ```
    /// use larkspur_grammar::convert::Notation;
    /// assert_eq!(Notation::named("gbnf"), Some(Notation::Gbnf));
    /// assert_eq!(Notation::named("yacc"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|notation| notation.name() == name)
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lark => "Lark",
            Self::Gbnf => "GBNF",
            Self::Ebnf => "EBNF",
            Self::Pest => "pest",
            Self::Regex => "a regex",
        })
    }
}

/// Reads a grammar of any notation.
///
/// # Errors
/// All faults of the text, with their places; for Lark, what [`Options::from`] refuses is one too. `.pest` files without the
/// feature `pest`.
pub fn read(text: &str, notation: Notation, options: &Options) -> Result<Imported, ImportError> {
    match notation {
        Notation::Lark => match lark::compile_with(text, options.from, &options.limits) {
            Ok(grammar) => Ok(Imported {
                grammar,
                losses: token_bounds(text, &options.limits),
            }),
            Err(error) => Err(ImportError::new(error.into_diagnostics())),
        },
        Notation::Gbnf => import::gbnf(text, &options.limits),
        Notation::Ebnf => import::ebnf(text, &options.limits),
        #[cfg(feature = "pest")]
        Notation::Pest => import::pest(text, options.start.as_deref(), &options.limits),
        #[cfg(not(feature = "pest"))]
        Notation::Pest => Err(unsupported("this build does not read `.pest` files")),
        Notation::Regex => import::regex(text, &options.limits),
    }
}

/// Reads `text` in one notation and prints it in another; the losses of both steps, in this order.
///
/// # Errors
/// As [`read`]; nothing is printed as pest or as a regex.
///
/// ```
/// use larkspur_grammar::convert::{Notation, Options, convert};
///
/// let text = "start: \"v\" PART (\".\" PART)*\nPART: /[0-9]+/\n";
/// let gbnf = convert(text, Notation::Lark, Notation::Gbnf, &Options::default())?;
/// assert_eq!(gbnf.text, "root ::= \"v\" part (\".\" part)*\n\npart ::= [0-9]+\n");
/// assert!(gbnf.losses.is_empty());
///
/// let back = convert(&gbnf.text, Notation::Gbnf, Notation::Lark, &Options::default())?;
/// assert_eq!(back.text, "start: ROOT\n\nPART: /[0-9]+/\nROOT: \"v\" PART (\".\" PART)*\n");
/// # Ok::<(), larkspur_grammar::import::ImportError>(())
/// ```
pub fn convert(
    text: &str,
    from: Notation,
    to: Notation,
    options: &Options,
) -> Result<Printed, ImportError> {
    let Imported { grammar, losses } = read(text, from, options)?;
    let mut printed = match to {
        Notation::Gbnf => print::gbnf(&grammar),
        Notation::Ebnf => print::ebnf(&grammar),
        Notation::Lark => print::lark(&grammar, options.to),
        Notation::Pest | Notation::Regex => {
            return Err(unsupported(&format!("nothing is printed as {to}")));
        }
    };
    printed.losses.splice(..0, losses);
    Ok(printed)
}

/// Bounds that are counted in LLM tokens: the one thing in Lark text that changes sentences and is in no [`Grammar`].
///
/// [`Grammar`]: crate::Grammar
fn token_bounds(text: &str, limits: &Limits) -> Vec<Loss> {
    if !text.contains(MAX_TOKENS) {
        return Vec::new();
    }
    let file = lark::parse_with(text, limits).file;
    let definitions = file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Definition(definition) => Some(definition),
        _ => None,
    });
    definitions
        .filter_map(|definition| {
            let attribute = definition.attribute(MAX_TOKENS)?;
            let what = format!("`{}` is dropped", attribute.span.text(text));
            let why = "it counts LLM tokens, and a grammar knows none";
            let loss = Loss::new("max-tokens", Effect::Wider, what, why);
            Some(loss.of(&definition.name.text, Some(attribute.span)))
        })
        .collect()
}

const MAX_TOKENS: &str = "max_tokens";

fn unsupported(message: &str) -> ImportError {
    ImportError::new(vec![Diagnostic::error("unsupported", message)])
}
