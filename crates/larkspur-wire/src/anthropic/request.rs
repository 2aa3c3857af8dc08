//! The body of `POST /messages`.

use larkspur_json::SharedValue;
use serde_json::Number;

use crate::anthropic::{Content, Message, Tool, ToolChoice};
use crate::object::{object, tagged};
use crate::settings::Effort;

object! {
    /// The body of `POST /messages`. Fields that this version does not name go into `extra`.
    pub struct Request {
        /// The model's name; any string.
        required model: String,
        /// Bounds the answer; thoughts count. The API has no default.
        required max_tokens: u64,
        /// The conversation, oldest first; at least one message.
        required messages: Vec<Message>,
        /// What the model must do, before everything else.
        optional system: Content,
        /// Shape of the text, and how much work goes into it.
        optional output_config: OutputConfig,
        /// What the model may call.
        optional tools: Vec<Tool>,
        /// How it may call them.
        optional tool_choice: ToolChoice,
        /// Whether and how long it thinks.
        optional thinking: Thinking,
        /// 0 to 1.
        optional temperature: Number,
        /// 0 to 1.
        optional top_p: Number,
        /// Draws from this many of the likeliest tokens.
        optional top_k: u64,
        /// Texts at which the model stops.
        optional stop_sequences: Vec<String>,
        /// Whether the answer comes as events.
        optional stream: bool,
        /// About the request.
        optional metadata: Metadata,
        /// `auto` or `standard_only`.
        optional service_tier: String,
    }
}

impl Request {
    /// A request with nothing but what the API requires.
    pub fn new(model: impl Into<String>, max_tokens: u64, messages: Vec<Message>) -> Self {
        Self {
            model: model.into(),
            max_tokens,
            messages,
            ..Self::default()
        }
    }
}

object! {
    /// Shape of the text, and how much work goes into it.
    pub struct OutputConfig {
        /// What the text must be.
        optional format: OutputFormat,
        /// How much work goes into the answer.
        optional effort: Effort,
    }
}

tagged! {
    /// What the text must be.
    pub enum OutputFormat {
        /// JSON of a schema.
        JsonSchema(JsonSchemaFormat) = "json_schema",
    }
}

object! {
    /// JSON of a schema, which the server holds the text to.
    pub struct JsonSchemaFormat as "json_schema" {
        /// The schema, in what the API takes of JSON Schema.
        required schema: SharedValue,
    }
}

object! {
    /// Whether and how long the model thinks.
    pub struct Thinking {
        /// `enabled`, `adaptive` or `disabled`.
        required kind as "type": String,
        /// The most tokens that thoughts may take, 1,024 and up; below `max_tokens`.
        optional budget_tokens: u64,
    }
}

object! {
    /// About a request.
    pub struct Metadata {
        /// A hashed id of the end user.
        optional user_id: String,
    }
}
