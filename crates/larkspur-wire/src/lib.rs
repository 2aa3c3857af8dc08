//! The JSON of the `OpenAI` Responses and Chat Completions APIs, of Anthropic's Messages API and of Google's Gemini API, as plain
//! serde types.
//!
//! Two rules hold for every type here:
//!
//! - **Strict to build.** What the constructors make is what the published specification asks for: exact names, `None`
//!   left out, a stable order of members. The same thing is spelt flat in Responses and nested in Chat in five places
//!   (schema, function tool, custom tool, tool choice, allowed tools); the two modules keep them apart.
//! - **Tolerant to read.** A missing or unknown field, an unknown kind of item, an unknown enum value or a `null` never
//!   makes the rest unreadable. All of it is kept (`extra`, `Other`), so writing what was read gives the same JSON
//!   again. The only departures: a missing field with a default is written with its default (an empty `output`, a
//!   usage count of 0), and members may change their order.
//!
//! The crate does no input or output and knows nothing of HTTP.
//!
//! ```
//! use larkspur_wire::responses::{Request, Response};
//!
//! let request = Request::new("gpt-5.2", "Say hello.");
//! assert_eq!(serde_json::to_string(&request)?, r#"{"model":"gpt-5.2","input":"Say hello."}"#);
//!
//! let response: Response = serde_json::from_str(
//!     r#"{"id": "resp_1", "status": "completed", "output": [
//!         {"type": "reasoning", "id": "rs_1", "summary": []},
//!         {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
//!          "content": [{"type": "output_text", "text": "Hello."}]}]}"#,
//! )?;
//! assert_eq!(response.output_text(), "Hello.");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod content;
mod extra;
mod format;
mod object;
mod pending;

pub mod anthropic;
pub mod batches;
pub mod chat;
pub mod conversations;
pub mod ending;
pub mod error;
pub mod gemini;
pub mod models;
pub mod responses;
pub mod settings;
mod sse;
mod stream;
pub mod usage;

pub use content::Content;
pub use ending::Ending;
pub use error::{ErrorBody, ErrorCode, ErrorObject};
pub use extra::Extra;
pub use format::{JsonObjectFormat, PlainTextFormat};
pub use larkspur_json::SharedValue;
pub use settings::{Effort, GrammarSyntax, ServiceTier, Summary, ToolChoiceMode, Verbosity};
pub use sse::{EventTooLong, SseDecoder, SseEvent};
pub use stream::{Delta, StreamError};
pub use usage::Usage;
