//! What is said, by whom.

use serde_json::{Map, Value};

use crate::object::{object, open_enum};

object! {
    /// What somebody says.
    pub struct Content {
        /// Who; instructions have none.
        optional role: Role,
        /// What, in order.
        default parts: Vec<Part>,
    }
}

open_enum! {
    /// Who says something.
    pub enum Role {
        /// The caller; results of functions as well.
        User = "user",
        /// The model.
        Model = "model",
    }
}

object! {
    /// A piece of what is said: one of its members says which kind it is.
    pub struct Part {
        /// Text.
        lenient text: String,
        /// Whether the text is a thought, or a summary of one.
        lenient thought: bool,
        /// Proves that the model thought so; to be sent back in the same part, as it came.
        lenient thought_signature as "thoughtSignature": String,
        /// Bytes in the request.
        lenient inline_data as "inlineData": Blob,
        /// A file that the server has, or fetches.
        lenient file_data as "fileData": FileData,
        /// A call of a function.
        lenient function_call as "functionCall": FunctionCall,
        /// What a function gave.
        lenient function_response as "functionResponse": FunctionResponse,
    }
}

object! {
    /// Bytes in the request.
    pub struct Blob {
        /// For example `image/png`.
        required mime_type as "mimeType": String,
        /// The bytes in base64.
        required data: String,
    }
}

object! {
    /// A file that the server has, or fetches.
    pub struct FileData {
        /// For example `application/pdf`.
        optional mime_type as "mimeType": String,
        /// Where it is.
        required file_uri as "fileUri": String,
    }
}

object! {
    /// A call of a function.
    pub struct FunctionCall {
        /// Links call and response; models before Gemini 3 say none.
        optional id: String,
        /// The function.
        default name: String,
        /// The arguments; none are `{}`. Numbers that need more than 64 bits are rounded.
        optional args: Map<String, Value>,
    }
}

object! {
    /// What a function gave.
    pub struct FunctionResponse {
        /// The call, where the server said one.
        optional id: String,
        /// The function.
        required name: String,
        /// An object. `output` is what the function gave, `error` what went wrong; any other object is the output as a whole.
        required response: Map<String, Value>,
    }
}

impl Part {
    /// A call of a function.
    pub fn call(name: impl Into<String>, args: Map<String, Value>) -> Self {
        Self {
            function_call: Some(FunctionCall {
                name: name.into(),
                args: Some(args),
                ..FunctionCall::default()
            }),
            ..Self::default()
        }
    }

    /// What a function gave, as text.
    pub fn output(name: impl Into<String>, output: impl Into<String>) -> Self {
        let output = ("output".to_owned(), Value::String(output.into()));
        Self {
            function_response: Some(FunctionResponse {
                name: name.into(),
                response: Map::from_iter([output]),
                ..FunctionResponse::default()
            }),
            ..Self::default()
        }
    }

    /// Whether it is a thought, and no part of the answer.
    pub fn is_thought(&self) -> bool {
        self.thought == Some(true)
    }

    /// Whether it is text and nothing else, so that more text may be added to it. What bears a signature stays as it is (the guide
    /// "Thought signatures").
    pub(super) fn is_plain_text(&self) -> bool {
        let is_more = self.inline_data.is_some()
            || self.file_data.is_some()
            || self.function_call.is_some()
            || self.function_response.is_some()
            || !self.extra.is_empty();
        self.text.is_some() && self.thought_signature.is_none() && !is_more
    }
}

impl FunctionCall {
    /// The arguments as JSON text.
    pub fn arguments(&self) -> String {
        match &self.args {
            Some(args) => Value::Object(args.clone()).to_string(),
            None => "{}".to_owned(),
        }
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Content {
    /// What the caller says.
    pub fn user(parts: Vec<Part>) -> Self {
        Self {
            role: Some(Role::User),
            parts,
            ..Self::default()
        }
    }

    /// What the model says.
    pub fn model(parts: Vec<Part>) -> Self {
        Self {
            role: Some(Role::Model),
            parts,
            ..Self::default()
        }
    }

    /// What the model must do: nobody says it.
    pub fn instruction(text: impl Into<String>) -> Self {
        Self {
            parts: vec![text.into().into()],
            ..Self::default()
        }
    }

    /// The calls of functions, in order.
    pub fn calls(&self) -> impl Iterator<Item = &FunctionCall> {
        self.parts
            .iter()
            .filter_map(|part| part.function_call.as_ref())
    }

    /// What functions gave, in order.
    pub fn outputs(&self) -> impl Iterator<Item = &FunctionResponse> {
        self.parts
            .iter()
            .filter_map(|part| part.function_response.as_ref())
    }
}

/// What the caller says.
impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::user(vec![text.into()])
    }
}

/// What the caller says.
impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::user(vec![text.into()])
    }
}
