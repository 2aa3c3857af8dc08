//! The Responses API: `POST /responses`.
//!
//! Tools, schemas and tool choices are flat here; the same in [`crate::chat`] is nested.

mod accumulate;
mod compact;
mod event;
mod format;
mod input;
mod item_list;
mod output;
mod reasoning;
mod request;
mod response;
mod tool;
mod usage;

pub use crate::{JsonObjectFormat, PlainTextFormat};
pub use accumulate::Accumulator;
pub use compact::{CompactRequest, CompactedResponse};
pub use event::{
    AnnotationEvent, DeltaEvent, DoneEvent, Event, ItemEvent, PartEvent, ResponseEvent,
    SummaryPartEvent,
};
pub use format::{JsonSchemaFormat, Text, TextFormat};
pub use input::{
    CallOutput, Compaction, CompactionTrigger, Content, ContentPart, CustomToolCallOutput,
    FunctionCallOutput, Input, InputFile, InputImage, InputItem, InputMessage, InputText,
    ItemReference, Role,
};
pub use item_list::ItemList;
pub use output::{
    CustomToolCall, FunctionCall, OutputItem, OutputMessage, OutputPart, OutputText, Phase,
    ReasoningItem, RefusalPart,
};
pub use reasoning::Reasoning;
pub use request::{ContextManagement, Request, StreamOptions};
pub use response::{IncompleteDetails, Response, Status};
pub use tool::{
    AllowedTools, CustomFormat, CustomTool, FunctionTool, GrammarFormat, NamedCustom,
    NamedFunction, Tool, ToolChoice, ToolRef,
};
pub use usage::{InputTokens, InputTokensDetails, OutputTokensDetails, ResponseUsage};
