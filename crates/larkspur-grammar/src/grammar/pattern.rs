//! Patterns of terminals: regular expressions over text, with intersection and complement.

use std::sync::Arc;

use regex_syntax::hir::Hir;

use super::TerminalId;

/// The texts that a terminal matches, always as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pattern {
    /// Exactly this text; the empty one for the empty text.
    Literal {
        /// The text.
        text: String,
        /// Whether letters stand for both cases, by Unicode's simple folding as in the Rust `regex` crate.
        ignore_case: bool,
    },
    /// One character from `first` to `last`.
    Range {
        /// The first character.
        first: char,
        /// The last one, not below `first`.
        last: char,
    },
    /// A regular expression.
    Regex(RegexPattern),
    /// What another terminal matches. Never leads back here.
    Terminal(TerminalId),
    /// One after the other.
    Concat(Vec<Self>),
    /// One of several; of none, it matches nothing.
    Alt(Vec<Self>),
    /// From `min` to `max` times; `max` of `None` is without end.
    Repeat {
        /// What is repeated.
        pattern: Box<Self>,
        /// At least so often.
        min: u32,
        /// At most so often; never less than `min`.
        max: Option<u32>,
    },
    /// Texts that all of them match (llguidance's `&`).
    And(Vec<Self>),
    /// Byte strings that it does not match (llguidance's `~`). These need not be UTF-8.
    Not(Box<Self>),
    /// Any run of neighbours among these pieces, also none (llguidance's `%regex { "substring_…": … }`).
    Substring(Vec<String>),
}

/// A regular expression, parsed.
///
/// What holds of [`hir`](Self::hir): no look-around but `^` at the very start and `$` at the very end, where they mean
/// nothing because a terminal matches as a whole; greed is to be ignored; captures group and do nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegexPattern {
    /// The expression as the author wrote it, without slashes.
    pub source: String,
    /// Flags behind the closing slash.
    pub flags: String,
    /// What it means.
    pub hir: Arc<Hir>,
}

impl RegexPattern {
    /// A parsed expression with the text it came from.
    pub fn new(
        source: impl Into<String>,
        flags: impl Into<String>,
        hir: impl Into<Arc<Hir>>,
    ) -> Self {
        Self {
            source: source.into(),
            flags: flags.into(),
            hir: hir.into(),
        }
    }

    /// An expression of which only the meaning is known: the text is written here, in a syntax that every reader of regexes
    /// understands. `None` where it holds bytes that are no text, or look-around.
    pub fn of_hir(hir: impl Into<Arc<Hir>>) -> Option<Self> {
        let hir = hir.into();
        let source = crate::regular::regex::of_hir(&hir)?;
        Some(Self::new(source, "", hir))
    }
}

impl Pattern {
    /// Exactly this text.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::Literal {
            text: text.into(),
            ignore_case: false,
        }
    }

    /// The empty text.
    pub const fn empty() -> Self {
        Self::Literal {
            text: String::new(),
            ignore_case: false,
        }
    }

    /// The terminals it refers to, each as often as it does.
    pub fn terminals(&self) -> Vec<TerminalId> {
        let of = |pattern: &Self| match pattern {
            Self::Terminal(id) => Some(*id),
            _ => None,
        };
        self.all().filter_map(of).collect()
    }

    /// How many patterns there are within it, and itself.
    #[cfg(feature = "pest")]
    pub(crate) fn pieces(&self) -> usize {
        self.all().count()
    }

    /// The pattern and all within it.
    fn all(&self) -> impl Iterator<Item = &Self> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let pattern = open.pop()?;
            open.extend(pattern.children());
            Some(pattern)
        })
    }

    /// The patterns directly inside this one.
    pub fn children(&self) -> &[Self] {
        match self {
            Self::Concat(parts) | Self::Alt(parts) | Self::And(parts) => parts,
            Self::Repeat { pattern, .. } | Self::Not(pattern) => std::slice::from_ref(pattern),
            Self::Literal { .. }
            | Self::Range { .. }
            | Self::Regex(_)
            | Self::Terminal(_)
            | Self::Substring(_) => &[],
        }
    }
}
