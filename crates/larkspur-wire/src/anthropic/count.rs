//! `POST /messages/count_tokens`.

use crate::anthropic::{Content, Message, OutputConfig, Request, Thinking, Tool, ToolChoice};
use crate::object::object;

object! {
    /// The body of `POST /messages/count_tokens`: what the model reads of a request.
    pub struct CountTokens {
        /// The model's name.
        required model: String,
        /// The conversation, oldest first.
        required messages: Vec<Message>,
        /// What the model must do, before everything else.
        optional system: Content,
        /// Shape of the text.
        optional output_config: OutputConfig,
        /// What the model may call.
        optional tools: Vec<Tool>,
        /// How it may call them.
        optional tool_choice: ToolChoice,
        /// Whether and how long it thinks.
        optional thinking: Thinking,
    }
}

object! {
    /// The answer to `POST /messages/count_tokens`.
    pub struct TokenCount {
        /// Tokens that the model would read.
        required input_tokens: u64,
    }
}

impl Request {
    /// What of this request [`CountTokens`] takes: all that the model reads, and nothing that says how the answer is made.
    pub fn counting(self) -> CountTokens {
        CountTokens {
            model: self.model,
            messages: self.messages,
            system: self.system,
            output_config: self.output_config,
            tools: self.tools,
            tool_choice: self.tool_choice,
            thinking: self.thinking,
            ..CountTokens::default()
        }
    }
}
