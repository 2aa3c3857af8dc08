//! Why a text is not JSON.

use std::fmt;

use crate::{Position, Span, parse::Fault};

/// A text is not JSON, or is more than the [`Limits`](crate::Limits) allow.
///
/// ```
/// let error = larkspur_json::parse("{\n  'name': 1\n}").unwrap_err();
/// assert_eq!(error.to_string(), "expected a key in double quotes or `}`, found `'` at line 2, column 3");
/// assert_eq!(error.hint(), Some("JSON strings are written in double quotes"));
/// assert_eq!((error.span().start, error.span().end), (4, 5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    message: String,
    fault: Fault,
    position: Position,
    hint: Option<&'static str>,
}

impl Error {
    /// Words the fault while the text is at hand.
    pub(crate) fn new(text: &str, fault: Fault) -> Self {
        Self(Box::new(Inner {
            message: fault.kind.message(text, fault.span),
            position: Position::of(text, fault.span.start),
            hint: fault.kind.hint(text, fault.span),
            fault,
        }))
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The bytes that are wrong; empty at the end of the text where more was expected.
    pub fn span(&self) -> Span {
        self.0.fault.span
    }

    /// Line of the first wrong character, from 1.
    pub fn line(&self) -> usize {
        self.0.position.line
    }

    /// Column of the first wrong character, from 1, in characters.
    pub fn column(&self) -> usize {
        self.0.position.column
    }

    /// What would probably put it right.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint
    }

    /// Whether the text is good so far and only ends too early.
    pub fn is_truncated(&self) -> bool {
        self.0.fault.kind.is_truncated()
    }

    /// Whether the text may be JSON, but more than the limits allow.
    pub fn is_limit(&self) -> bool {
        self.0.fault.kind.is_limit()
    }

    /// Whether there is a whole JSON value, and then something else after it.
    pub fn is_trailing(&self) -> bool {
        self.0.fault.kind.is_trailing()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at line {}, column {}",
            self.message(),
            self.line(),
            self.column()
        )
    }
}

impl std::error::Error for Error {}
