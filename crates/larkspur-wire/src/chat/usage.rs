//! Tokens used, as Chat spells them.

use crate::object::object;
use crate::usage::Usage;

object! {
    /// Tokens used. The details may be missing on old or foreign servers.
    pub struct CompletionUsage {
        /// All tokens of the prompt.
        default prompt_tokens: u64,
        /// All tokens the model wrote.
        default completion_tokens: u64,
        /// Both.
        default total_tokens: u64,
        /// Parts of the prompt.
        optional prompt_tokens_details: PromptTokensDetails,
        /// Parts of the answer.
        optional completion_tokens_details: CompletionTokensDetails,
    }
}

object! {
    /// Parts of the prompt.
    pub struct PromptTokensDetails {
        /// Read from the cache.
        optional cached_tokens: u64,
        /// Written to the cache.
        optional cache_write_tokens: u64,
    }
}

object! {
    /// Parts of the answer.
    pub struct CompletionTokensDetails {
        /// Written before the answer.
        optional reasoning_tokens: u64,
    }
}

impl From<&CompletionUsage> for Usage {
    fn from(usage: &CompletionUsage) -> Self {
        let prompt = usage.prompt_tokens_details.as_ref();
        let completion = usage.completion_tokens_details.as_ref();
        Self {
            input_tokens: usage.prompt_tokens,
            cached_input_tokens: prompt
                .and_then(|details| details.cached_tokens)
                .unwrap_or(0),
            cache_write_tokens: prompt
                .and_then(|details| details.cache_write_tokens)
                .unwrap_or(0),
            output_tokens: usage.completion_tokens,
            reasoning_tokens: completion
                .and_then(|details| details.reasoning_tokens)
                .unwrap_or(0),
        }
    }
}

impl From<Usage> for CompletionUsage {
    fn from(usage: Usage) -> Self {
        Self {
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            total_tokens: usage.total_tokens(),
            prompt_tokens_details: Some(PromptTokensDetails {
                cached_tokens: Some(usage.cached_input_tokens),
                cache_write_tokens: Some(usage.cache_write_tokens),
                ..PromptTokensDetails::default()
            }),
            completion_tokens_details: Some(CompletionTokensDetails {
                reasoning_tokens: Some(usage.reasoning_tokens),
                ..CompletionTokensDetails::default()
            }),
            ..Self::default()
        }
    }
}
