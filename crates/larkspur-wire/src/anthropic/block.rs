//! The pieces that messages are made of.

use serde_json::Value;

use crate::anthropic::Content;
use crate::object::{object, tagged};

tagged! {
    /// A piece of a message.
    pub enum Block {
        /// Text.
        Text(TextBlock) = "text",
        /// What the model thinks, to be sent back as it came.
        Thinking(ThinkingBlock) = "thinking",
        /// What the model thinks and the server hides, to be sent back as it came.
        RedactedThinking(RedactedThinkingBlock) = "redacted_thinking",
        /// A call of a tool.
        ToolUse(ToolUseBlock) = "tool_use",
        /// What a tool gave.
        ToolResult(ToolResultBlock) = "tool_result",
        /// An image.
        Image(ImageBlock) = "image",
        /// A file.
        Document(DocumentBlock) = "document",
    }
}

object! {
    /// Text.
    pub struct TextBlock as "text" {
        /// The text.
        default text: String,
        /// Where the prompt may be cached up to.
        optional cache_control: Value,
    }
}

object! {
    /// What the model thinks.
    pub struct ThinkingBlock as "thinking" {
        /// In its words, or a summary.
        default thinking: String,
        /// Proves that the model thought so.
        optional signature: String,
    }
}

object! {
    /// What the model thinks and the server hides.
    pub struct RedactedThinkingBlock as "redacted_thinking" {
        /// Encrypted.
        default data: String,
    }
}

object! {
    /// A call of a tool.
    pub struct ToolUseBlock as "tool_use" {
        /// Links call and result.
        default id: String,
        /// The tool.
        default name: String,
        /// The arguments: an object of the tool's schema. Numbers that need more than 64 bits are rounded.
        default input: Value,
    }
}

object! {
    /// What a tool gave.
    pub struct ToolResultBlock as "tool_result" {
        /// The call.
        required tool_use_id: String,
        /// What came of it.
        optional content: Content,
        /// Whether the tool failed.
        optional is_error: bool,
    }
}

object! {
    /// An image.
    pub struct ImageBlock as "image" {
        /// Where it is.
        required source: Source,
    }
}

object! {
    /// A file: PDF or plain text.
    pub struct DocumentBlock as "document" {
        /// Where it is.
        required source: Source,
        /// Its name.
        optional title: String,
    }
}

tagged! {
    /// Where an image or a file is.
    pub enum Source {
        /// In the request.
        Base64(Base64Source) = "base64",
        /// In the request, as text.
        Text(TextSource) = "text",
        /// The server fetches it.
        Url(UrlSource) = "url",
        /// The server has it.
        File(FileSource) = "file",
    }
}

impl Default for Source {
    fn default() -> Self {
        Self::Url(UrlSource::default())
    }
}

object! {
    /// Bytes in the request.
    pub struct Base64Source as "base64" {
        /// For example `image/png` or `application/pdf`.
        required media_type: String,
        /// The bytes in base64.
        required data: String,
    }
}

object! {
    /// Text in the request.
    pub struct TextSource as "text" {
        /// `text/plain`.
        required media_type: String,
        /// The text.
        required data: String,
    }
}

object! {
    /// Something that the server fetches.
    pub struct UrlSource as "url" {
        /// Where.
        required url: String,
    }
}

object! {
    /// Something that the server has.
    pub struct FileSource as "file" {
        /// Its id.
        required file_id: String,
    }
}

impl From<String> for Block {
    fn from(text: String) -> Self {
        Self::Text(TextBlock {
            text,
            ..TextBlock::default()
        })
    }
}

impl Block {
    /// What a call of a tool gave.
    pub fn tool_result(tool_use_id: impl Into<String>, content: impl Into<Content>) -> Self {
        Self::ToolResult(ToolResultBlock {
            tool_use_id: tool_use_id.into(),
            content: Some(content.into()),
            ..ToolResultBlock::default()
        })
    }

    /// A call of a tool, as the model made it.
    pub fn tool_use(id: impl Into<String>, name: impl Into<String>, input: Value) -> Self {
        Self::ToolUse(ToolUseBlock {
            id: id.into(),
            name: name.into(),
            input,
            ..ToolUseBlock::default()
        })
    }
}
