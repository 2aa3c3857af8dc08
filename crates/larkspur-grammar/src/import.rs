//! Grammars in other notations than Lark.
//!
//! | reader | of | lexing |
//! |---|---|---|
//! | [`gbnf`] | llama.cpp's GBNF | none: scannerless |
//! | [`ebnf`] | xgrammar's EBNF | none: scannerless |
//! | [`pest()`](fn@pest) | `.pest` files | none: scannerless; a PEG, so ordered choice and greed are told as losses |
//! | [`regex`] | one regex of the Rust `regex` crate | none: the whole text is its match |
//!
//! A reader gives a [`Grammar`] with [`Semantics::Scannerless`](crate::Semantics::Scannerless), and every place where its
//! language is not that of the original as a [`Loss`]; or it gives all errors of the text.

mod bnf;
#[cfg(feature = "pest")]
mod pest;
mod regex;

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::grammar::Grammar;
use crate::limits::Limits;
use crate::loss::Loss;

/// A grammar that was read, and where it is not what was written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The grammar.
    pub grammar: Grammar,
    /// Where its sentences are not those of the original, with the place. Empty: they are.
    pub losses: Vec<Loss>,
}

impl Imported {
    /// A grammar that has the sentences of what it was read from.
    pub fn exact(grammar: Grammar) -> Self {
        Self {
            grammar,
            losses: Vec::new(),
        }
    }
}

/// Why a text is no grammar. Holds every reason, not only the first.
#[derive(Clone, Debug)]
pub struct ImportError {
    diagnostics: Vec<Diagnostic>,
}

impl ImportError {
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    /// All findings, at least one of them an error.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Takes the findings out.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.diagnostics.first() {
            Some(first) => write!(f, "{}", first.message)?,
            None => f.write_str("the grammar could not be read")?,
        }
        match self.diagnostics.len() {
            0 | 1 => Ok(()),
            more => write!(f, " (and {} more)", more - 1),
        }
    }
}

impl std::error::Error for ImportError {}

/// Reads GBNF as llama.cpp reads it (`src/llama-grammar.cpp`, `grammars/README.md`).
///
/// # Errors
/// All faults of the text, with their places: syntax, unknown and repeated names, no rule `root`, bounds of [`Limits`].
///
/// ```
/// let text = "root ::= [0-9]+ (\",\" [0-9]+)*\n";
/// let read = larkspur_grammar::import::gbnf(text, &Default::default())?;
/// assert_eq!(larkspur_grammar::print::gbnf(&read.grammar).text, text);
/// # Ok::<(), larkspur_grammar::import::ImportError>(())
/// ```
pub fn gbnf(text: &str, limits: &Limits) -> Result<Imported, ImportError> {
    bnf::read(text, bnf::Format::Gbnf, limits)
}

/// Reads xgrammar's EBNF (`cpp/grammar_parser.cc` of mlc-ai/xgrammar).
///
/// `Regex(…)` and `Substring(…)` are read; the macros that speak of LLM tokens or of tags are refused.
///
/// # Errors
/// All faults of the text, with their places: syntax, unknown and repeated names, no rule `root`, bounds of [`Limits`].
pub fn ebnf(text: &str, limits: &Limits) -> Result<Imported, ImportError> {
    bnf::read(text, bnf::Format::Ebnf, limits)
}

/// Reads a `.pest` file; sentences are those of the rule `start`, or of the first rule.
///
/// A PEG takes the first alternative that fits and repeats as often as it can, and never looks back; the grammar that is
/// made tries everything. Where that makes no difference nothing is said; where it may, a [`Loss`] says so. Lookahead is
/// exact where both sides are regular. The stack (`PUSH`, `POP`, `PEEK`) is refused.
///
/// # Errors
/// What pest itself refuses, and what no context-free grammar can say; bounds of [`Limits`].
///
/// ```
/// let text = r#"list = { number ~ ("," ~ number)* } number = @{ ASCII_DIGIT+ }"#;
/// let read = larkspur_grammar::import::pest(text, None, &Default::default())?;
/// assert!(read.losses.is_empty());
/// # Ok::<(), larkspur_grammar::import::ImportError>(())
/// ```
#[cfg(feature = "pest")]
pub fn pest(text: &str, start: Option<&str>, limits: &Limits) -> Result<Imported, ImportError> {
    pest::read(text, start, limits)
}

/// Reads one regex of the Rust `regex` crate; the sentences are the texts that it matches as a whole.
///
/// That is how OpenAI's custom tools and llguidance read a `regex` format.
///
/// # Errors
/// What the `regex` crate refuses, look-around, `^` and `$` elsewhere than at the two ends; bounds of [`Limits`].
///
/// ```
/// use larkspur_grammar::{Compiled, import};
///
/// let read = import::regex(r"[a-z]+-\d{1,3}", &Default::default())?;
/// let compiled = Compiled::new(&read.grammar)?;
/// assert!(compiled.accepts(&mut compiled.cache(), "build-12")?);
///
/// let error = import::regex("[a-z", &Default::default()).unwrap_err();
/// assert_eq!(error.diagnostics()[0].code, "regex");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn regex(text: &str, limits: &Limits) -> Result<Imported, ImportError> {
    regex::read(text, limits)
}

/// All that a server would refuse in a regex, and all that will surprise.
///
/// ```
/// use larkspur_grammar::{Dialect, import};
///
/// let findings = import::check_regex(r"\d{3}", Dialect::openai());
/// assert_eq!(findings[0].code, "unicode-class");
/// ```
pub fn check_regex(text: &str, dialect: &'static Dialect) -> Vec<Diagnostic> {
    regex::check(text, dialect)
}
