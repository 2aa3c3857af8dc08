//! How asking a model can end.

use crate::Rejection;

/// What a model's answer turned out to be.
///
/// Every way in which an answer that *arrived* can end is one of these; that none arrived is an error of the transport.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome<V> {
    /// The answer, read and checked.
    Value(V),
    /// The model declined, in its own words.
    Refusal(String),
    /// The answer ended before it was finished.
    Truncated {
        /// What had been written.
        received: String,
        /// Why it ended, as the server says: `max_output_tokens`, `length`, …
        reason: String,
    },
    /// The server cut the answer off because of what it says.
    ContentFilter {
        /// What had been written.
        received: String,
    },
    /// The answer is whole and does not fit.
    Invalid(Rejection),
}

impl<V> Outcome<V> {
    /// The value, where there is one.
    pub fn value(self) -> Option<V> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The same outcome of another value.
    pub fn map<W>(self, change: impl FnOnce(V) -> W) -> Outcome<W> {
        match self {
            Self::Value(value) => Outcome::Value(change(value)),
            Self::Refusal(words) => Outcome::Refusal(words),
            Self::Truncated { received, reason } => Outcome::Truncated { received, reason },
            Self::ContentFilter { received } => Outcome::ContentFilter { received },
            Self::Invalid(rejection) => Outcome::Invalid(rejection),
        }
    }
}
