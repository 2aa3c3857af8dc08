//! The body of `POST /chat/completions`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::chat::{Message, ResponseFormat, Tool, ToolChoice};
use crate::object::object;
use crate::settings::{Effort, ServiceTier, Verbosity};

object! {
    /// The body of `POST /chat/completions`. Fields that this version does not name go into `extra`.
    pub struct Request {
        /// The model's name; any string.
        required model: String,
        /// The conversation, oldest first; at least one message.
        required messages: Vec<Message>,
        /// Shape of the text.
        optional response_format: ResponseFormat,
        /// Length of the text.
        optional verbosity: Verbosity,
        /// What the model may call.
        optional tools: Vec<Tool>,
        /// How it may call them.
        optional tool_choice: ToolChoice,
        /// Whether several calls may come in one answer; the server's default is true.
        optional parallel_tool_calls: bool,
        /// How much a reasoning model thinks.
        optional reasoning_effort: Effort,
        /// Bounds the answer; reasoning counts.
        optional max_completion_tokens: u64,
        /// The older name of the same, which reasoning models refuse and some other servers need.
        optional max_tokens: u64,
        /// 0 to 2; reasoning models refuse it unless the effort is `none`.
        optional temperature: Number,
        /// 0 to 1; reasoning models refuse it unless the effort is `none`.
        optional top_p: Number,
        /// −2 to 2.
        optional frequency_penalty: Number,
        /// −2 to 2.
        optional presence_penalty: Number,
        /// Answers to make, 1 to 128.
        optional n: u64,
        /// Texts at which the model stops; at most four.
        optional stop: Stop,
        /// Asks for the same answer again; deprecated.
        optional seed: i64,
        /// Whether token probabilities come with the answer.
        optional logprobs: bool,
        /// How many per token, 0 to 20.
        optional top_logprobs: u64,
        /// Whether the answer comes as chunks.
        optional stream: bool,
        /// How the chunks are sent.
        optional stream_options: StreamOptions,
        /// At most 16 pairs; keys to 64, values to 512 characters.
        optional metadata: IndexMap<String, String>,
        /// Whether the server keeps the answer; its default is false.
        optional store: bool,
        /// Speed against price.
        optional service_tier: ServiceTier,
        /// Routes alike prompts to the same cache.
        optional prompt_cache_key: String,
        /// A hashed id of the end user, at most 64 characters.
        optional safety_identifier: String,
    }
}

impl Request {
    /// A request with nothing but a model and messages.
    pub fn new(model: impl Into<String>, messages: Vec<Message>) -> Self {
        Self {
            model: model.into(),
            messages,
            ..Self::default()
        }
    }
}

/// Texts at which the model stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Stop {
    /// One.
    One(String),
    /// Up to four.
    Many(Vec<String>),
    /// A form this version does not know.
    Other(Value),
}

object! {
    /// How the chunks of a stream are sent.
    pub struct StreamOptions {
        /// Whether a last chunk with the usage comes.
        optional include_usage: bool,
        /// Random padding on chunks against traffic analysis; the server's default is true.
        optional include_obfuscation: bool,
    }
}
