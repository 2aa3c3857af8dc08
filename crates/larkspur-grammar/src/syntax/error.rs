//! Why a text is no value, or a value no text.

use std::fmt;

use super::MAX_DEPTH;
use crate::engine::CompileError;
use crate::error::Exceeded;
use crate::expected::Rejection;
use crate::grammar::BuildError;
use crate::parser::ParseError;
use crate::span::Span;
use crate::tree::Node;

/// Why a text could not be read as a value of a type, or a value could not be printed.
#[derive(Debug)]
pub struct Error(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Build(BuildError),
    Compile(CompileError),
    Parse(ParseError),
    Unreadable { span: Span, message: String },
    Unsayable { message: String },
    TooDeep,
}

impl Error {
    /// The text of a node says no value of the type.
    pub fn unreadable(node: Node<'_>, message: impl Into<String>) -> Self {
        Self::new(Kind::Unreadable {
            span: node.span(),
            message: message.into(),
        })
    }

    /// The grammar has no text for the value.
    pub fn unsayable(message: impl Into<String>) -> Self {
        Self::new(Kind::Unsayable {
            message: message.into(),
        })
    }

    pub(super) fn too_deep() -> Self {
        Self::new(Kind::TooDeep)
    }

    fn new(kind: Kind) -> Self {
        Self(Box::new(kind))
    }

    /// The bytes of the text that it is about; `None` where it is about the type or the whole text.
    pub fn span(&self) -> Option<Span> {
        match &*self.0 {
            Kind::Parse(ParseError::Rejected(rejection)) => {
                let found = usize::from(rejection.found.is_some());
                Some(Span::new(rejection.offset, rejection.offset + found))
            }
            Kind::Parse(ParseError::Ambiguous(ambiguity)) => Some(ambiguity.span),
            Kind::Unreadable { span, .. } => Some(*span),
            _ => None,
        }
    }

    /// Where the text left the grammar, and what was expected there.
    pub fn rejection(&self) -> Option<&Rejection> {
        match &*self.0 {
            Kind::Parse(ParseError::Rejected(rejection)) => Some(rejection),
            _ => None,
        }
    }

    /// Whether the text has two readings: a fault of the type.
    pub fn is_ambiguous(&self) -> bool {
        matches!(&*self.0, Kind::Parse(ParseError::Ambiguous(_)))
    }

    /// Whether the value has no text.
    pub fn is_unsayable(&self) -> bool {
        matches!(&*self.0, Kind::Unsayable { .. })
    }

    /// Whether a limit was reached.
    pub fn is_limit(&self) -> bool {
        matches!(
            &*self.0,
            Kind::TooDeep | Kind::Parse(ParseError::Exceeded(_))
        )
    }

    /// Whether the type has no grammar.
    pub fn is_grammar(&self) -> bool {
        matches!(&*self.0, Kind::Build(_) | Kind::Compile(_))
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self::new(Kind::Build(error))
    }
}

impl From<CompileError> for Error {
    fn from(error: CompileError) -> Self {
        Self::new(Kind::Compile(error))
    }
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Exceeded(Exceeded::TreeDepth(_)) => Self::too_deep(),
            other => Self::new(Kind::Parse(other)),
        }
    }
}

impl From<Exceeded> for Error {
    fn from(exceeded: Exceeded) -> Self {
        ParseError::Exceeded(exceeded).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Build(error) => write!(f, "the type has no grammar: {error}"),
            Kind::Compile(error) => write!(f, "the type has no grammar: {error}"),
            Kind::Parse(error) => error.fmt(f),
            Kind::Unreadable { span, message } => {
                write!(f, "{message} at byte {}", span.start)
            }
            Kind::Unsayable { message } => f.write_str(message),
            Kind::TooDeep => write!(
                f,
                "the value is nested deeper than {MAX_DEPTH} levels (`syntax::MAX_DEPTH`)"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Build(error) => Some(error),
            Kind::Compile(error) => Some(error),
            Kind::Parse(error) => Some(error),
            Kind::Unreadable { .. } | Kind::Unsayable { .. } | Kind::TooDeep => None,
        }
    }
}
