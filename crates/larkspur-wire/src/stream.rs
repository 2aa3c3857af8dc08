//! What can be wrong with a stream.

use std::fmt;

use crate::error::ErrorObject;

/// Why a stream gives no answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StreamError {
    /// The server sent an error in place of the rest.
    Server(Box<ErrorObject>),
    /// An event is not what it has to be: its number in the stream, from 0, and what is wrong.
    Malformed {
        /// The number of the event in the stream, from 0.
        event: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The stream ended before the answer did.
    Cut {
        /// Events until then.
        events: u64,
    },
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => {
                let message = match error.message.as_str() {
                    "" => "no message",
                    message => message,
                };
                write!(f, "the server sent an error in the stream: {message}")?;
                match &error.code {
                    Some(code) => write!(f, " (code {code})"),
                    None => Ok(()),
                }
            }
            Self::Malformed { event, reason } => {
                write!(f, "event {event} of the stream: {reason}")
            }
            Self::Cut { events } => {
                write!(
                    f,
                    "the stream ended after {events} events, before the answer did"
                )
            }
        }
    }
}

impl std::error::Error for StreamError {}

/// A piece of an answer, as it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delta {
    /// Text of the answer.
    Text(String),
    /// Words of a refusal.
    Refusal(String),
    /// What the model thinks, or a summary of it, where the server shows it.
    Reasoning(String),
    /// The input of a call of a tool: JSON for a function, text for a custom tool.
    Call {
        /// Which call, in the order in which they began.
        index: usize,
        /// The next piece of its input.
        text: String,
    },
}
