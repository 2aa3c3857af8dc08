//! Why an output type cannot be asked for.

use std::fmt;

/// An output type cannot be said in the dialect of a server, or is not a valid one at all.
#[derive(Clone, Debug)]
pub struct PrepareError {
    message: String,
}

impl PrepareError {
    /// An error of an output type of your own.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl fmt::Display for PrepareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PrepareError {}
