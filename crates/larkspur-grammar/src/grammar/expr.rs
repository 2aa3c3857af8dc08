//! Bodies of rules.

use super::{RuleId, TerminalId};
use crate::span::Span;

/// What a rule derives.
///
/// Spans point at the piece in the author's text; a front end that has no text leaves them out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expr {
    /// The empty text.
    Empty,
    /// What another rule derives.
    Rule {
        /// Which.
        id: RuleId,
        /// Where it is used.
        span: Option<Span>,
    },
    /// One lexeme.
    Terminal {
        /// Which.
        id: TerminalId,
        /// Whether the lexeme shows in parse trees: strings and `_NAMES` do not, but in a `!rule`.
        keep: bool,
        /// Where it is used.
        span: Option<Span>,
    },
    /// One after the other. Never nested directly, never of fewer than two.
    Seq(Vec<Self>),
    /// One of several. In the order of the author, which is the order of preference where one must be chosen.
    Alt(Vec<Alternative>),
    /// From `min` to `max` times; `max` of `None` is without end.
    Repeat {
        /// What is repeated.
        expr: Box<Self>,
        /// At least so often.
        min: u32,
        /// At most so often; never less than `min`.
        max: Option<u32>,
        /// Written `[x]`, not `x?`: Lark's trees then hold a placeholder for each kept symbol that is absent.
        placeholder: bool,
    },
    /// A piece that the language of grammars can name but this crate cannot look into. It derives something, and not the
    /// empty text; an engine refuses to compile it.
    Opaque {
        /// What it is.
        what: Opaque,
        /// Where it is written.
        span: Option<Span>,
    },
}

/// One alternative of several.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alternative {
    /// What it derives.
    pub expr: Expr,
    /// The name of its node in trees (`-> alias`), in place of the rule's.
    pub alias: Option<String>,
    /// Where it is written.
    pub span: Option<Span>,
}

/// A piece whose sentences this crate does not know. See [`Expr::Opaque`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Opaque {
    /// `%json { … }`: the texts of a JSON Schema, given as its JSON text.
    JsonSchema(String),
    /// `<|name|>` or `<[1-5]>`: LLM tokens that have no text.
    SpecialToken(String),
    /// `@name`: another grammar of the same request.
    NamedGrammar(String),
    /// A rule of another file, by its name there.
    Imported(String),
    /// `%lark { … }`: a grammar with terminals and ignored text of its own, given as its text.
    NestedLark(String),
}

impl Expr {
    /// A reference to a rule, without a place.
    pub const fn rule(id: RuleId) -> Self {
        Self::Rule { id, span: None }
    }

    /// A lexeme that shows in trees, without a place.
    pub const fn terminal(id: TerminalId) -> Self {
        Self::Terminal {
            id,
            keep: true,
            span: None,
        }
    }

    /// One after the other: flat, and without empty parts.
    pub fn seq(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Empty => {}
                Self::Seq(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::Empty,
            1 => flat.pop().unwrap_or(Self::Empty),
            _ => Self::Seq(flat),
        }
    }

    /// One of several, without aliases; a single one stands for itself.
    pub fn alt(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all: Vec<Alternative> = parts.into_iter().map(Alternative::from).collect();
        if all.len() == 1 {
            all.pop().map_or(Self::Empty, |one| one.expr)
        } else {
            Self::Alt(all)
        }
    }

    /// `self` from `min` to `max` times; a `max` below `min` is taken as `min`.
    pub fn repeat(self, min: u32, max: Option<u32>) -> Self {
        Self::Repeat {
            expr: Box::new(self),
            min,
            max: max.map(|max| max.max(min)),
            placeholder: false,
        }
    }

    /// `self?`.
    pub fn optional(self) -> Self {
        self.repeat(0, Some(1))
    }

    /// `self*`.
    pub fn star(self) -> Self {
        self.repeat(0, None)
    }

    /// `self+`.
    pub fn plus(self) -> Self {
        self.repeat(1, None)
    }

    /// The expressions directly inside this one.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        let (seq, alt, one): (&[Self], &[Alternative], Option<&Self>) = match self {
            Self::Seq(parts) => (parts, &[], None),
            Self::Alt(parts) => (&[], parts, None),
            Self::Repeat { expr, .. } => (&[], &[], Some(expr)),
            Self::Empty | Self::Rule { .. } | Self::Terminal { .. } | Self::Opaque { .. } => {
                (&[], &[], None)
            }
        };
        seq.iter()
            .chain(alt.iter().map(|alternative| &alternative.expr))
            .chain(one)
    }
}

impl Alternative {
    /// An alternative with a name of its own in trees.
    pub fn new(expr: Expr, alias: Option<String>, span: Option<Span>) -> Self {
        Self { expr, alias, span }
    }
}

impl From<Expr> for Alternative {
    fn from(expr: Expr) -> Self {
        Self {
            expr,
            alias: None,
            span: None,
        }
    }
}
