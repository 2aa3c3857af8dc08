//! What is wrong with a schema, and where.

use std::fmt;

use larkspur_json::Pointer;
use serde::Serialize;

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The schema cannot be used, or the server refuses it.
    Error,
    /// The schema is accepted, but bites.
    Warning,
}

/// One thing that is wrong with a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable name of the rule, in kebab-case.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// How to put it right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where in the schema.
    pub pointer: Pointer,
    /// What the server itself answers, without the words that name the format or the function.
    #[serde(skip)]
    pub server_message: Option<String>,
}

impl Diagnostic {
    pub(crate) fn error(code: &'static str, pointer: &Pointer, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            hint: None,
            pointer: pointer.clone(),
            server_message: None,
        }
    }

    pub(crate) fn warning(
        code: &'static str,
        pointer: &Pointer,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, pointer, message)
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Whether the schema cannot be used because of this.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(
            f,
            "{severity}[{}]: {} at `#{}`",
            self.code, self.message, self.pointer
        )?;
        self.hint
            .as_ref()
            .map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}
