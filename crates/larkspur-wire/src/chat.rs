//! The Chat Completions API: `POST /chat/completions`, the dialect nearly all compatible servers speak.
//!
//! Tools, schemas and tool choices are nested here; the same in [`crate::responses`] is flat.

mod accumulate;
mod chunk;
mod completion;
mod format;
mod message;
mod request;
mod tool;
mod usage;

pub use crate::{JsonObjectFormat, PlainTextFormat};
pub use accumulate::Accumulator;
pub use chunk::{Chunk, ChunkChoice, CustomDelta, FunctionDelta, MessageDelta, ToolCallDelta};
pub use completion::{Choice, Completion, FinishReason};
pub use format::{JsonSchemaDefinition, JsonSchemaFormat, ResponseFormat};
pub use message::{CalledCustom, CalledFunction};
pub use message::{
    Content, ContentPart, CustomCall, FileData, FilePart, FunctionCall, ImagePart, ImageUrl,
    Message, RefusalPart, Role, TextPart, ToolCall,
};
pub use request::{Request, Stop, StreamOptions};
pub use tool::{
    AllowedTools, AllowedToolsChoice, CustomDefinition, CustomFormat, CustomTool,
    FunctionDefinition, FunctionTool, GrammarDefinition, GrammarFormat, Name, NamedCustom,
    NamedFunction, Tool, ToolChoice, ToolRef,
};
pub use usage::{CompletionTokensDetails, CompletionUsage, PromptTokensDetails};
