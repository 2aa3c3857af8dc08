//! What goes in: `input`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::object::{object, open_enum, tagged};
use crate::responses::{
    CustomToolCall, FunctionCall, OutputItem, OutputMessage, OutputPart, OutputText, Phase,
    ReasoningItem, RefusalPart,
};

/// The whole input: one text, or items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Input {
    /// A message of the user.
    Text(String),
    /// Messages, calls, outputs and the rest, oldest first.
    Items(Vec<InputItem>),
}

impl Input {
    /// The input as items; a text becomes a message of the user.
    pub fn into_items(self) -> Vec<InputItem> {
        match self {
            Self::Text(text) => vec![InputMessage::user(text).into()],
            Self::Items(items) => items,
        }
    }
}

impl From<&str> for Input {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Input {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Input {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<InputItem> for Input {
    fn from(item: InputItem) -> Self {
        Self::Items(vec![item])
    }
}

impl From<InputMessage> for Input {
    fn from(message: InputMessage) -> Self {
        Self::Items(vec![message.into()])
    }
}

impl<I: Into<InputItem>> From<Vec<I>> for Input {
    fn from(items: Vec<I>) -> Self {
        Self::Items(items.into_iter().map(Into::into).collect())
    }
}

impl<I: Into<InputItem>, const N: usize> From<[I; N]> for Input {
    fn from(items: [I; N]) -> Self {
        Self::Items(items.into_iter().map(Into::into).collect())
    }
}

/// One item of the input.
///
/// Every call needs its output, of the matching kind, or the server answers 400. Reasoning items go back unchanged
/// and in order. Of the 27 kinds of the specification the ones a program makes itself are typed here.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum InputItem {
    /// A message of anybody.
    Message(InputMessage),
    /// An item the server once sent, going back: a call, a message with its id, reasoning.
    Output(OutputItem),
    /// What a function answered.
    FunctionCallOutput(FunctionCallOutput),
    /// What a custom tool answered.
    CustomToolCallOutput(CustomToolCallOutput),
    /// An item the server has stored, by id.
    ItemReference(ItemReference),
    /// Asks the server to compact what came before; must be last.
    CompactionTrigger(CompactionTrigger),
    /// A kind this version does not know, kept as it came.
    Other(Value),
}

impl Serialize for InputItem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Message(item) => item.serialize(serializer),
            Self::Output(item) => item.serialize(serializer),
            Self::FunctionCallOutput(item) => item.serialize(serializer),
            Self::CustomToolCallOutput(item) => item.serialize(serializer),
            Self::ItemReference(item) => item.serialize(serializer),
            Self::CompactionTrigger(item) => item.serialize(serializer),
            Self::Other(item) => item.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for InputItem {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let read = match value.get("type").and_then(Value::as_str) {
            Some("message") if is_output_message(&value) => {
                OutputMessage::deserialize(&value).ok().map(Self::from)
            }
            None | Some("message") => InputMessage::deserialize(&value).ok().map(Self::Message),
            Some("function_call_output") => FunctionCallOutput::deserialize(&value)
                .ok()
                .map(Self::FunctionCallOutput),
            Some("custom_tool_call_output") => CustomToolCallOutput::deserialize(&value)
                .ok()
                .map(Self::CustomToolCallOutput),
            Some("item_reference") => ItemReference::deserialize(&value)
                .ok()
                .map(Self::ItemReference),
            Some("compaction_trigger") => CompactionTrigger::deserialize(&value)
                .ok()
                .map(Self::CompactionTrigger),
            Some(_) => match OutputItem::deserialize(&value) {
                Ok(OutputItem::Other(_)) | Err(_) => None,
                Ok(item) => Some(Self::Output(item)),
            },
        };
        Ok(read.unwrap_or(Self::Other(value)))
    }
}

/// A message the server made has an id; one the user made has none.
fn is_output_message(value: &Value) -> bool {
    value.get("id").is_some_and(Value::is_string)
        && value.get("role").and_then(Value::as_str) == Some("assistant")
}

macro_rules! item_from {
    ($($variant:ident($ty:ty)),*) => {
        $( impl From<$ty> for InputItem {
            fn from(item: $ty) -> Self {
                Self::$variant(item)
            }
        } )*
    };
    (output: $($ty:ty),*) => {
        $( impl From<$ty> for InputItem {
            fn from(item: $ty) -> Self {
                Self::Output(item.into())
            }
        } )*
    };
}

item_from!(
    Message(InputMessage),
    Output(OutputItem),
    FunctionCallOutput(FunctionCallOutput),
    CustomToolCallOutput(CustomToolCallOutput),
    ItemReference(ItemReference),
    CompactionTrigger(CompactionTrigger)
);
item_from!(output: OutputMessage, FunctionCall, CustomToolCall, ReasoningItem, Compaction);

open_enum! {
    /// Who speaks. There is no `tool` role in this API.
    #[derive(Default)]
    pub enum Role {
        #[default]
        /// The person.
        User = "user",
        /// The model.
        Assistant = "assistant",
        /// Instructions, in the older word.
        System = "system",
        /// Instructions.
        Developer = "developer",
    }
}

object! {
    /// A message that the program writes.
    pub struct InputMessage {
        /// May be left out; `message` if it is there.
        optional kind as "type": String,
        /// Who speaks.
        required role: Role,
        /// What is said.
        required content: Content,
        /// Of an assistant message: commentary or final answer. Goes back as it came.
        optional phase: Phase,
    }
}

impl InputMessage {
    /// A message of the user.
    pub fn user(content: impl Into<Content>) -> Self {
        Self::new(Role::User, content)
    }

    /// What the model said earlier, as plain text.
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

    /// A message of anybody.
    pub fn new(role: Role, content: impl Into<Content>) -> Self {
        Self {
            role,
            content: content.into(),
            ..Self::default()
        }
    }
}

/// What a message says: a text, or parts.
pub type Content = crate::Content<ContentPart>;

tagged! {
    /// One part of a message.
    pub enum ContentPart {
        /// A text of the user.
        InputText(InputText) = "input_text",
        /// An image.
        InputImage(InputImage) = "input_image",
        /// A file.
        InputFile(InputFile) = "input_file",
        /// A text of the model, going back.
        OutputText(OutputText) = "output_text",
        /// A refusal of the model, going back.
        Refusal(RefusalPart) = "refusal",
    }
}

impl ContentPart {
    /// A text of the user.
    pub fn text(text: impl Into<String>) -> Self {
        Self::InputText(InputText {
            text: text.into(),
            ..InputText::default()
        })
    }

    /// An image behind a URL, which may be a data URI.
    pub fn image_url(url: impl Into<String>) -> Self {
        let detail = Some("auto".to_owned());
        Self::InputImage(InputImage {
            image_url: Some(url.into()),
            detail,
            ..InputImage::default()
        })
    }
}

impl From<String> for ContentPart {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<OutputPart> for ContentPart {
    fn from(part: OutputPart) -> Self {
        match part {
            OutputPart::OutputText(text) => Self::OutputText(text),
            OutputPart::Refusal(refusal) => Self::Refusal(refusal),
            OutputPart::Other(value) => Self::Other(value),
        }
    }
}

object! {
    /// A text of the user.
    pub struct InputText as "input_text" {
        /// The text.
        required text: String,
    }
}

object! {
    /// An image, by URL (also a data URI) or by the id of an uploaded file.
    pub struct InputImage as "input_image" {
        /// Where it is.
        optional image_url: String,
        /// An uploaded file.
        optional file_id: String,
        /// `low`, `high`, `auto` or `original`.
        optional detail: String,
    }
}

object! {
    /// A file: by id, by URL, or its data with a name.
    pub struct InputFile as "input_file" {
        /// An uploaded file.
        optional file_id: String,
        /// The name that goes with `file_data`.
        optional filename: String,
        /// The content as a data URI.
        optional file_data: String,
        /// Where it is.
        optional file_url: String,
    }
}

/// What a tool answered: a text, or parts.
pub type CallOutput = Content;

object! {
    /// What a function answered.
    pub struct FunctionCallOutput as "function_call_output" {
        /// The `call_id` of the call.
        required call_id: String,
        /// The answer, at most 10 485 760 characters.
        required output: CallOutput,
    }
}

impl FunctionCallOutput {
    /// The answer to the call with this `call_id`.
    pub fn new(call_id: impl Into<String>, output: impl Into<CallOutput>) -> Self {
        Self {
            call_id: call_id.into(),
            output: output.into(),
            ..Self::default()
        }
    }
}

object! {
    /// What a custom tool answered.
    pub struct CustomToolCallOutput as "custom_tool_call_output" {
        /// The `call_id` of the call.
        required call_id: String,
        /// The answer.
        required output: CallOutput,
    }
}

impl CustomToolCallOutput {
    /// The answer to the call with this `call_id`.
    pub fn new(call_id: impl Into<String>, output: impl Into<CallOutput>) -> Self {
        Self {
            call_id: call_id.into(),
            output: output.into(),
            ..Self::default()
        }
    }
}

object! {
    /// An item the server has stored.
    pub struct ItemReference as "item_reference" {
        /// Its id.
        required id: String,
    }
}

object! {
    /// What is left of a conversation after compaction; opaque.
    pub struct Compaction as "compaction" {
        /// Names the item.
        optional id: String,
        /// Only the server can read it.
        required encrypted_content: String,
    }
}

object! {
    /// Asks the server to compact what came before.
    pub struct CompactionTrigger as "compaction_trigger" {
    }
}

impl OutputMessage {
    /// A finished message of the model with this text.
    pub fn text(id: impl Into<String>, text: impl Into<String>) -> Self {
        let part = OutputText {
            text: text.into(),
            annotations: Some(vec![]),
            logprobs: Some(json!([])),
            ..OutputText::default()
        };
        Self::with_part(id, part.into())
    }

    /// A finished message of the model that refuses.
    pub fn refusal(id: impl Into<String>, refusal: impl Into<String>) -> Self {
        Self::with_part(
            id,
            RefusalPart {
                refusal: refusal.into(),
                ..RefusalPart::default()
            }
            .into(),
        )
    }

    fn with_part(id: impl Into<String>, part: OutputPart) -> Self {
        Self {
            id: id.into(),
            role: Some(Role::Assistant),
            status: Some("completed".into()),
            content: vec![part],
            ..Self::default()
        }
    }
}
