//! Tokens used, as Responses spells them.

use crate::object::object;
use crate::usage::Usage;

object! {
    /// Tokens used. The details may be missing on old or foreign servers.
    pub struct ResponseUsage {
        /// All tokens of the prompt.
        default input_tokens: u64,
        /// Parts of them.
        optional input_tokens_details: InputTokensDetails,
        /// All tokens the model wrote.
        default output_tokens: u64,
        /// Parts of them.
        optional output_tokens_details: OutputTokensDetails,
        /// Both.
        default total_tokens: u64,
    }
}

object! {
    /// Parts of the prompt.
    pub struct InputTokensDetails {
        /// Read from the cache.
        optional cached_tokens: u64,
        /// Written to the cache.
        optional cache_write_tokens: u64,
    }
}

object! {
    /// Parts of the answer.
    pub struct OutputTokensDetails {
        /// Written before the answer.
        optional reasoning_tokens: u64,
    }
}

object! {
    /// The answer to `POST /responses/input_tokens`: what a request would cost to read.
    pub struct InputTokens {
        /// Always `response.input_tokens`.
        optional object: String,
        /// Tokens of input, tools, schema and instructions together.
        default input_tokens: u64,
    }
}

impl From<&ResponseUsage> for Usage {
    fn from(usage: &ResponseUsage) -> Self {
        let input = usage.input_tokens_details.as_ref();
        let output = usage.output_tokens_details.as_ref();
        Self {
            input_tokens: usage.input_tokens,
            cached_input_tokens: input.and_then(|details| details.cached_tokens).unwrap_or(0),
            cache_write_tokens: input
                .and_then(|details| details.cache_write_tokens)
                .unwrap_or(0),
            output_tokens: usage.output_tokens,
            reasoning_tokens: output
                .and_then(|details| details.reasoning_tokens)
                .unwrap_or(0),
        }
    }
}

impl From<Usage> for ResponseUsage {
    fn from(usage: Usage) -> Self {
        Self {
            input_tokens: usage.input_tokens,
            input_tokens_details: Some(InputTokensDetails {
                cached_tokens: Some(usage.cached_input_tokens),
                cache_write_tokens: Some(usage.cache_write_tokens),
                ..InputTokensDetails::default()
            }),
            output_tokens: usage.output_tokens,
            output_tokens_details: Some(OutputTokensDetails {
                reasoning_tokens: Some(usage.reasoning_tokens),
                ..OutputTokensDetails::default()
            }),
            total_tokens: usage.total_tokens(),
            ..Self::default()
        }
    }
}
