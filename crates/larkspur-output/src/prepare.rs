//! Why an output type cannot be asked for.

use std::fmt;

use larkspur_schema::{Diagnostic, InvalidPlan, LowerError};

/// An output type cannot be said in the dialect of a server, or is not a valid one at all.
#[derive(Clone, Debug)]
pub struct PrepareError {
    message: String,
    diagnostics: Vec<Diagnostic>,
}

impl PrepareError {
    /// An error of an output type of your own.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            diagnostics: Vec::new(),
        }
    }

    /// Everything that is wrong with the schema, where that is what stands in the way.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl From<LowerError> for PrepareError {
    fn from(error: LowerError) -> Self {
        Self {
            message: error.to_string(),
            diagnostics: error.diagnostics().to_vec(),
        }
    }
}

impl From<InvalidPlan> for PrepareError {
    fn from(error: InvalidPlan) -> Self {
        Self::new(error.to_string())
    }
}

impl fmt::Display for PrepareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PrepareError {}
