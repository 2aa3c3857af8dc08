//! Typed answers from a model over HTTP.
//!
//! A [`Client`] knows where requests go. [`Client::responses`], [`Client::chat`], [`Client::messages`] and
//! [`Client::generate_content`] begin a request to one of the APIs; `build()` gives it as plain data, `send()` sends it as it is,
//! and `extract::<T>()` asks for a value of a Rust type: the schema of the type travels along, and the answer is read by the same type.
//!
//! ```no_run
//! use larkspur_client::{Client, Effort};
//! use larkspur_schema::{JsonSchema, schemars};
//! use serde::Deserialize;
//!
//! #[derive(Debug, Deserialize, JsonSchema)]
//! struct Total {
//!     /// In the currency of the invoice.
//!     amount: f64,
//!     currency: String,
//! }
//!
//! # async fn run(text: &str) -> Result<(), larkspur_client::Error> {
//! let client = Client::from_env()?;
//! let reply = client.responses("gpt-5.2").input(text).effort(Effort::Low).extract::<Total>().await?;
//! println!("{:?} for {}", reply.value, reply.cost());
//! # Ok(())
//! # }
//! ```
//!
//! Three things are never lost: why there is no value ([`Error`], [`Answer`]), what was sent on the way and what it
//! cost ([`Ledger`]), and the text that the model wrote. Failed requests are repeated as the [`RetryPolicy`] says;
//! rejected answers go back to the model with what is wrong with them, once unless told otherwise.

mod answer;
mod api;
mod ask;
mod attachment;
mod background;
mod batch;
mod budget;
mod cache;
mod call;
mod cassette;
pub mod catalogue;
mod chat;
mod check;
mod client;
mod conversation;
mod cost;
mod enforcement;
pub mod env;
mod error;
mod fallback;
mod gate;
mod generate_content;
mod hedge;
mod item_list;
pub mod ledger;
mod limits;
mod lines;
mod listing;
mod messages;
mod pairing;
mod provider;
mod recorder;
mod request;
mod responses;
pub mod retry;
mod rfc3339;
mod runnable;
mod secret;
mod stored_conversation;
mod stored_response;
mod stream;
mod telemetry;
mod tls;
#[cfg(feature = "count-tokens")]
pub mod tokens;
mod tool;
mod tool_choice;
mod tool_run;
mod transport;
mod warning;

pub use api::{Api, OpenAi};
pub use ask::{Answer, Reply, Sent};
pub use attachment::{Document, Image, ImageDetail};
pub use background::Background;
pub use batch::Batch;
pub use budget::Budget;
pub use cache::{Cache, CacheMode};
pub use cassette::Cassette;
pub use catalogue::Catalogue;
pub use chat::{Chat, ChatRequest};
pub use client::{Client, ClientBuilder};
pub use conversation::Conversation;
pub use cost::Cost;
pub use enforcement::{Enforcement, Verdict};
pub use error::Error;
pub use generate_content::{GenerateContent, GenerateContentRequest};
pub use hedge::Hedge;
pub use larkspur_wire as wire;
pub use larkspur_wire::{Delta, Effort, ServiceTier, Summary, Usage, Verbosity};
pub use ledger::Ledger;
pub use limits::RateLimits;
pub use messages::{Messages, MessagesRequest};
pub use provider::Provider;
pub use recorder::Recorder;
pub use request::RequestBuilder;
pub use responses::{Responses, ResponsesRequest};
pub use retry::RetryPolicy;
pub use runnable::{RunnableTool, tool, tool_with};
pub use stored_conversation::StoredConversation;
pub use stored_response::StoredResponse;
pub use stream::{ElementStream, OutputStream, PartialStream};
pub use tool::{CustomTool, Tool};
pub use tool_choice::{ToolChoice, ToolRef};
pub use tool_run::ToolRun;
pub use warning::Warning;

/// The examples of the page for those who run a service.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/operations.md")]
mod operations {}

/// The example of the page on small models.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/local-models.md")]
mod local_models {}
