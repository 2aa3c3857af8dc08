//! One thing that is wrong with a text.

use larkspur_json::{Pointer, Span};
use serde::Serialize;

/// One rule that a text breaks: where, what was expected, what was found.
///
/// Serialises as `{"code", "pointer", "span", "expected", "found", "message"}`; keys that do not apply are left out. Values of the
/// text that occur in it are cut to a bounded length and quoted, so that it can be printed and sent as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// The name of the rule that is broken, where rules have names that programs tell apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The value that is wrong, in the shape that the *type* has: after lifting, where the answer was lifted.
    ///
    /// For an unknown field it leads to that field; for a missing field, to the object. Texts that are not JSON have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Pointer>,
    /// Where that value stands in the model's text; for an unknown or repeated field, where its key stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The whole in one sentence, without the place.
    pub message: String,
    /// What would probably put it right.
    #[serde(skip)]
    pub hint: Option<String>,
    /// The message without any value of the text.
    #[serde(skip)]
    masked: Option<String>,
}

impl Violation {
    /// A violation that is told by its message alone.
    ///
    /// The message counts as one that tells values of the text; [`Violation::masked_as`] gives one that does not.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            code: None,
            pointer: None,
            span: None,
            expected: None,
            found: None,
            message: message.into(),
            hint: None,
            masked: None,
        }
    }

    /// A violation that reads `expected …, found …`.
    pub fn expected(expected: impl Into<String>, found: impl Into<String>) -> Self {
        let (expected, found) = (expected.into(), found.into());
        let mut violation = Self::new(format!("expected {expected}, found {found}"));
        violation.masked = Some(format!("expected {expected}"));
        violation.expected = Some(expected);
        violation.found = Some(found);
        violation
    }

    /// Says which rule is broken.
    pub const fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Says which value of a JSON text is wrong.
    pub fn at(mut self, pointer: Pointer) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// Says which bytes of the text are wrong.
    pub fn within(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Says what would probably put it right. A hint must not tell values of the text.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The message for those who must not see values of the text.
    pub fn masked_as(mut self, message: impl Into<String>) -> Self {
        self.masked = Some(message.into());
        self
    }

    /// The same violation without any value of the text in `found` and `message`.
    ///
    /// The pointer stays: the names of fields are the schema's. Where keys of maps are data, they are shown in it.
    pub fn masked(&self) -> Self {
        let message = self
            .masked
            .clone()
            .unwrap_or_else(|| "the value is not allowed here".to_owned());
        Self {
            found: None,
            message,
            ..self.clone()
        }
    }
}
