//! The Messages API of Anthropic: `POST /messages`.
//!
//! What the model is given and what it says are *blocks*: texts, thoughts, calls of tools, their results. Sources: the API
//! reference, "Create a Message" and "Streaming messages"; the guide "Structured outputs".

mod accumulate;
mod block;
mod count;
mod event;
mod message;
mod request;
mod response;
mod tool;
mod usage;

pub use accumulate::Accumulator;
pub use block::{
    Base64Source, Block, DocumentBlock, FileSource, ImageBlock, RedactedThinkingBlock, Source,
    TextBlock, TextSource, ThinkingBlock, ToolResultBlock, ToolUseBlock, UrlSource,
};
pub use count::{CountTokens, TokenCount};
pub use event::{
    BlockDelta, BlockDeltaEvent, BlockStart, BlockStop, ErrorEvent, Event, InputJsonDelta,
    MessageDelta, MessageDeltaEvent, MessageStart, MessageStop, Ping, SignatureDelta, TextDelta,
    ThinkingDelta,
};
pub use message::{Content, Message, Role};
pub use request::{JsonSchemaFormat, Metadata, OutputConfig, OutputFormat, Request, Thinking};
pub use response::{Response, StopDetails, StopReason};
pub use tool::{Tool, ToolChoice, ToolChoiceMode};
pub use usage::{MessagesUsage, OutputTokensDetails};
