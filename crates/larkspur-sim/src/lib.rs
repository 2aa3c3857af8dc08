//! A local server that speaks the wires of `OpenAI`, Anthropic and Gemini, and enforces every constraint.
//!
//! [`Sim::start`] gives tests and programs a server on a free loopback port: no key, no network, no model.
//!
//! - It answers `POST /v1/responses`, `POST /v1/responses/compact`, `POST /v1/responses/input_tokens`,
//!   `GET` and `DELETE /v1/responses/{id}`, `GET /v1/responses/{id}/input_items`, `POST /v1/responses/{id}/cancel`,
//!   `POST /v1/conversations`, `POST /v1/files` and `POST /v1/batches` and what is below them,
//!   `POST /v1/chat/completions`, `GET /v1/models` and `GET /v1/models/{id}`;
//!   `POST /v1/messages` and `/v1/messages/count_tokens` as Anthropic does; and as Google does `GET /v1beta/models`, `GET /v1beta/models/{id}` and
//!   `POST /v1beta/models/{id}:generateContent`, `:streamGenerateContent`, `:countTokens`, below `/v1` as well.
//! - It refuses what the services refuse, each with its own statuses, codes and texts.
//! - What it accepts it enforces: llguidance, the engine that `OpenAI` runs, masks every byte of a [writer](Writer).
//!   A schema, a Lark grammar or a regex cannot be left, and an answer that reaches its bound is `incomplete`.
//! - With `stream` it sends the answer as events, cut into frames that know nothing of lines or characters.
//! - With a [`Fault`] it goes wrong on purpose: refusals, cuts, limits, broken streams, ignored constraints.
//! - The same seed gives the same request the same answer.
//!
//! The answers are invented: the structure is real, the facts are not. With the feature `gguf` a `LocalModel` writes them instead.
//!
//! ```
//! use larkspur_sim::Sim;
//!
//! let sim = Sim::start()?;
//! // Any client of the OpenAI wire now takes this base URL, for example the official SDKs:
//! println!("OPENAI_BASE_URL={}", sim.base_url());
//! # Ok::<(), larkspur_sim::Error>(())
//! ```

mod constrained;
mod error;
mod fault;
mod generate_content;
#[cfg(feature = "gguf")]
mod local_model;
mod log;
mod messages;
mod settings;
mod sim;

mod answer;
mod app;
mod batches;
mod chat;
mod conversations;
mod files;
mod item_list;
mod query;
mod quota;
mod responses;
mod server;
mod store;
mod turn;

mod api_error;
mod ask;
mod check;
mod dialogue;
mod fields;
mod models;

mod engine;
mod rng;
mod writer;

pub use constrained::Constrained;
pub use error::Error;
pub use fault::{Fault, UnknownFault};
#[cfg(feature = "gguf")]
pub use local_model::LocalModel;
pub use log::ReceivedRequest;
pub use sim::{Counts, Sim, SimBuilder, base_url};
pub use writer::Writer;
