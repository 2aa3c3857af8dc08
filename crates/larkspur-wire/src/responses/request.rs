//! The body of `POST /responses`.

use indexmap::IndexMap;
use serde_json::{Number, Value};

use crate::object::object;
use crate::responses::{Input, Reasoning, Text, Tool, ToolChoice};
use crate::settings::ServiceTier;

object! {
    /// The body of `POST /responses`. Fields that this version does not name go into `extra`.
    pub struct Request {
        /// The model's name; any string. Absent only where a stored `prompt` names it.
        optional model: String,
        /// What the model must do, in one text. Not inherited through `previous_response_id`.
        optional instructions: String,
        /// What the model is given.
        optional input: Input,
        /// Goes on from a stored response. Not together with `conversation`.
        optional previous_response_id: String,
        /// Goes on in a stored conversation: its id, or an object with it.
        optional conversation: Value,
        /// A stored prompt template.
        optional prompt: Value,
        /// Shape and length of the text.
        optional text: Text,
        /// What the model may call; at most 128 functions.
        optional tools: Vec<Tool>,
        /// How it may call them.
        optional tool_choice: ToolChoice,
        /// Whether several calls may come in one answer; the server's default is true.
        optional parallel_tool_calls: bool,
        /// Bounds the calls of the server's own tools, not of functions.
        optional max_tool_calls: u64,
        /// How the model reasons.
        optional reasoning: Reasoning,
        /// At least 16; reasoning counts.
        optional max_output_tokens: u64,
        /// 0 to 2; reasoning models refuse it unless the effort is `none`.
        optional temperature: Number,
        /// 0 to 1; reasoning models refuse it unless the effort is `none`.
        optional top_p: Number,
        /// 0 to 20.
        optional top_logprobs: u64,
        /// What else should come with the answer, for example `reasoning.encrypted_content`.
        optional include: Vec<String>,
        /// At most 16 pairs; keys to 64, values to 512 characters.
        optional metadata: IndexMap<String, String>,
        /// Whether the server keeps the response; its default is true.
        optional store: bool,
        /// Runs on after the call returns.
        optional background: bool,
        /// Whether the answer comes as events.
        optional stream: bool,
        /// How the events are sent.
        optional stream_options: StreamOptions,
        /// Speed against price.
        optional service_tier: ServiceTier,
        /// `auto` or `disabled`; deprecated.
        optional truncation: String,
        /// Compaction on the server.
        optional context_management: Vec<ContextManagement>,
        /// Routes alike prompts to the same cache.
        optional prompt_cache_key: String,
        /// A hashed id of the end user, at most 64 characters.
        optional safety_identifier: String,
    }
}

impl Request {
    /// A request with nothing but a model and an input.
    pub fn new(model: impl Into<String>, input: impl Into<Input>) -> Self {
        Self {
            model: Some(model.into()),
            input: Some(input.into()),
            ..Self::default()
        }
    }
}

object! {
    /// What the server does about a context that gets long.
    pub struct ContextManagement {
        /// `compaction`.
        required kind as "type": String,
        /// Tokens of the context from which on it compacts; at least 1000.
        optional compact_threshold: u64,
    }
}

impl ContextManagement {
    /// Compaction from this many tokens on.
    pub fn compaction(threshold: u64) -> Self {
        Self {
            kind: "compaction".to_owned(),
            compact_threshold: Some(threshold),
            ..Self::default()
        }
    }
}

object! {
    /// How the events of a stream are sent.
    pub struct StreamOptions {
        /// Random padding on events against traffic analysis; the server's default is true.
        optional include_obfuscation: bool,
    }
}
