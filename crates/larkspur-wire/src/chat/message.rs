//! Messages, in both directions.

use serde_json::Value;

use crate::Extra;
use crate::object::{object, open_enum, tagged};

open_enum! {
    /// Who speaks.
    #[derive(Default)]
    pub enum Role {
        /// The person.
        #[default]
        User = "user",
        /// The model.
        Assistant = "assistant",
        /// Instructions, in the older word.
        System = "system",
        /// Instructions.
        Developer = "developer",
        /// What a tool answered.
        Tool = "tool",
        /// What a function answered; deprecated.
        Function = "function",
    }
}

object! {
    /// One message, of anybody, in a request or in an answer.
    pub struct Message {
        /// Who speaks.
        default role: Role,
        /// What is said. An assistant message may have none (`null`) when it refuses or calls.
        optional content: Content,
        /// Of an assistant message: the refusal, in place of content.
        optional refusal: String,
        /// Tells speakers of one role apart.
        optional name: String,
        /// Of an assistant message: the calls it makes.
        optional tool_calls: Vec<ToolCall>,
        /// Of a tool message: the `id` of the call it answers.
        optional tool_call_id: String,
    }
}

impl Message {
    /// A message of the user.
    pub fn user(content: impl Into<Content>) -> Self {
        Self::new(Role::User, content)
    }

    /// What the model said earlier.
    pub fn assistant(content: impl Into<Content>) -> Self {
        Self::new(Role::Assistant, content)
    }

    /// Instructions.
    pub fn developer(content: impl Into<Content>) -> Self {
        Self::new(Role::Developer, content)
    }

    /// Instructions, in the older word.
    pub fn system(content: impl Into<Content>) -> Self {
        Self::new(Role::System, content)
    }

    /// What a tool answered to the call with this id; follows the assistant message with the call.
    pub fn tool(tool_call_id: impl Into<String>, content: impl Into<Content>) -> Self {
        Self {
            tool_call_id: Some(tool_call_id.into()),
            ..Self::new(Role::Tool, content)
        }
    }

    /// The calls the model made earlier, or makes in an answer: no content (`null`).
    pub fn calls(calls: Vec<ToolCall>) -> Self {
        let extra = nulls(&["content", "refusal"]);
        Self {
            role: Role::Assistant,
            tool_calls: Some(calls),
            extra,
            ..Self::default()
        }
    }

    /// The message of an answer: `refusal` is there as `null`, as the specification asks.
    pub fn reply(text: impl Into<String>) -> Self {
        Self {
            extra: nulls(&["refusal"]),
            ..Self::assistant(Content::Text(text.into()))
        }
    }

    /// The message of an answer that refuses: `content` is `null`.
    pub fn refused(refusal: impl Into<String>) -> Self {
        let extra = nulls(&["content"]);
        Self {
            role: Role::Assistant,
            refusal: Some(refusal.into()),
            extra,
            ..Self::default()
        }
    }

    /// A message of anybody.
    pub fn new(role: Role, content: impl Into<Content>) -> Self {
        Self {
            role,
            content: Some(content.into()),
            ..Self::default()
        }
    }
}

fn nulls(keys: &[&str]) -> Extra {
    keys.iter()
        .map(|key| ((*key).to_owned(), Value::Null))
        .collect()
}

/// What a message says: a text, or parts.
pub type Content = crate::Content<ContentPart>;

impl Content {
    /// The text, with the text parts joined.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Parts(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    ContentPart::Text(part) => Some(part.text.as_str()),
                    _ => None,
                })
                .collect(),
        }
    }
}

tagged! {
    /// One part of a message. Sound is `Other`.
    pub enum ContentPart {
        /// Text.
        Text(TextPart) = "text",
        /// An image.
        Image(ImagePart) = "image_url",
        /// A file.
        File(FilePart) = "file",
        /// A refusal of the model, going back.
        Refusal(RefusalPart) = "refusal",
    }
}

object! {
    /// Text.
    pub struct TextPart as "text" {
        /// The text.
        required text: String,
    }
}

object! {
    /// An image: the URL stands in an object of its own.
    pub struct ImagePart as "image_url" {
        /// Where it is.
        required image_url: ImageUrl,
    }
}

object! {
    /// Where an image is.
    pub struct ImageUrl {
        /// The URL, which may be a data URI.
        required url: String,
        /// `low`, `high` or `auto`.
        optional detail: String,
    }
}

object! {
    /// A file: what it is stands in an object of its own.
    pub struct FilePart as "file" {
        /// The file.
        required file: FileData,
    }
}

object! {
    /// A file: by id, or its data with a name.
    pub struct FileData {
        /// An uploaded file.
        optional file_id: String,
        /// The name that goes with `file_data`.
        optional filename: String,
        /// The content as a data URI.
        optional file_data: String,
    }
}

object! {
    /// A refusal of the model, going back.
    pub struct RefusalPart as "refusal" {
        /// In the model's words.
        required refusal: String,
    }
}

impl From<String> for ContentPart {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl ContentPart {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(TextPart {
            text: text.into(),
            ..TextPart::default()
        })
    }

    /// An image behind a URL, which may be a data URI.
    pub fn image_url(url: impl Into<String>) -> Self {
        let image_url = ImageUrl {
            url: url.into(),
            ..ImageUrl::default()
        };
        Self::Image(ImagePart {
            image_url,
            ..ImagePart::default()
        })
    }
}

tagged! {
    /// A call the model makes.
    pub enum ToolCall {
        /// Of a function.
        Function(FunctionCall) = "function",
        /// Of a custom tool.
        Custom(CustomCall) = "custom",
    }
}

object! {
    /// A call of a function.
    pub struct FunctionCall as "function" {
        /// Links the call and the tool message that answers it.
        default id: String,
        /// What is called, and with what.
        required function: CalledFunction,
    }
}

object! {
    /// What is called, and with what.
    pub struct CalledFunction {
        /// The function.
        required name: String,
        /// JSON as text.
        default arguments: String,
    }
}

object! {
    /// A call of a custom tool.
    pub struct CustomCall as "custom" {
        /// Links the call and the tool message that answers it.
        default id: String,
        /// What is called, and with what.
        required custom: CalledCustom,
    }
}

object! {
    /// What is called, and with what.
    pub struct CalledCustom {
        /// The tool.
        required name: String,
        /// Raw text, in the tool's grammar; not JSON.
        default input: String,
    }
}

impl ToolCall {
    /// A call of a function.
    pub fn function(
        id: impl Into<String>,
        name: impl Into<String>,
        arguments: impl Into<String>,
    ) -> Self {
        let function = CalledFunction {
            name: name.into(),
            arguments: arguments.into(),
            ..CalledFunction::default()
        };
        Self::Function(FunctionCall {
            id: id.into(),
            function,
            ..FunctionCall::default()
        })
    }

    /// A call of a custom tool.
    pub fn custom(
        id: impl Into<String>,
        name: impl Into<String>,
        input: impl Into<String>,
    ) -> Self {
        let custom = CalledCustom {
            name: name.into(),
            input: input.into(),
            ..CalledCustom::default()
        };
        Self::Custom(CustomCall {
            id: id.into(),
            custom,
            ..CustomCall::default()
        })
    }
}
