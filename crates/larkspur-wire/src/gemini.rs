//! The Gemini API of Google: `POST /models/MODEL:generateContent`, and `:streamGenerateContent?alt=sse` for events.
//!
//! What is said is *parts* within *contents*; a part is known by the member that it has. Sources: the API reference,
//! "Generating content" and "Counting tokens"; the guides "Structured output", "Function calling" and "Thought signatures".
//!
//! ```
//! use larkspur_wire::gemini::{Content, Request, Response};
//!
//! let request = Request::new(vec![Content::from("Say hello.")]);
//! assert_eq!(
//!     serde_json::to_string(&request)?,
//!     r#"{"contents":[{"role":"user","parts":[{"text":"Say hello."}]}]}"#
//! );
//! let response: Response = serde_json::from_str(
//!     r#"{"candidates": [{"content": {"role": "model", "parts": [{"text": "Hello."}]}, "finishReason": "STOP"}]}"#,
//! )?;
//! assert_eq!(response.text(), "Hello.");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod accumulate;
mod content;
mod count;
mod model;
mod request;
mod response;
mod status;
mod tool;

pub use accumulate::Accumulator;
pub use content::{Blob, Content, FileData, FunctionCall, FunctionResponse, Part, Role};
pub use count::{CountTokensRequest, CountTokensResponse};
pub use model::{Model, ModelList};
pub use request::{GenerationConfig, Request, SafetySetting, ThinkingConfig};
pub use response::{Candidate, FinishReason, PromptFeedback, Response, UsageMetadata};
pub use status::{is_quota_of_the_day, retry_delay};
pub use tool::{FunctionCallingConfig, FunctionCallingMode, FunctionDeclaration, Tool, ToolConfig};
