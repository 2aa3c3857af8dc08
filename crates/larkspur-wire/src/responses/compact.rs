//! `POST /responses/compact`: a long conversation made short.

use serde_json::Number;

use crate::object::object;
use crate::responses::{Input, InputItem, Request, ResponseUsage};
use crate::settings::ServiceTier;

object! {
    /// The body of `POST /responses/compact`.
    pub struct CompactRequest {
        /// The model's name; the one that the conversation goes on with.
        required model: String,
        /// The conversation so far.
        optional input: Input,
        /// Where it is stored instead.
        optional previous_response_id: String,
        /// As in the requests of the conversation: they are not part of what is compacted.
        optional instructions: String,
        /// Routes alike prompts to the same cache; at most 64 characters.
        optional prompt_cache_key: String,
        /// Speed against price.
        optional service_tier: ServiceTier,
    }
}

object! {
    /// The answer to `POST /responses/compact`.
    pub struct CompactedResponse {
        /// Names the answer.
        default id: String,
        /// Always `response.compaction`.
        lenient object: String,
        /// When it was made, in seconds since 1970.
        lenient created_at: Number,
        /// What the next input begins with, all of it and in this order: items that were kept, and a compaction.
        default output: Vec<InputItem>,
        /// Tokens used.
        lenient usage: ResponseUsage,
    }
}

impl Request {
    /// What of this request [`CompactRequest`] takes. The tiers `scale` and `ultrafast` are for answers alone.
    pub fn compacting(self) -> CompactRequest {
        let is_for_answers =
            |tier: &ServiceTier| matches!(tier, ServiceTier::Scale | ServiceTier::UltraFast);
        CompactRequest {
            model: self.model.unwrap_or_default(),
            input: self.input,
            previous_response_id: self.previous_response_id,
            instructions: self.instructions,
            prompt_cache_key: self.prompt_cache_key,
            service_tier: self.service_tier.filter(|tier| !is_for_answers(tier)),
            ..CompactRequest::default()
        }
    }

    /// What of this request `POST /responses/input_tokens` takes: all that the model reads, and nothing that says how the
    /// answer is made or kept.
    pub fn counting(self) -> Self {
        Self {
            model: self.model,
            instructions: self.instructions,
            input: self.input,
            previous_response_id: self.previous_response_id,
            conversation: self.conversation,
            text: self.text,
            tools: self.tools,
            tool_choice: self.tool_choice,
            parallel_tool_calls: self.parallel_tool_calls,
            reasoning: self.reasoning,
            truncation: self.truncation,
            ..Self::default()
        }
    }
}
