//! Tokens of one answer.

use crate::object::object;
use crate::usage::Usage;

object! {
    /// Tokens of one answer. What went through the cache is counted apart, and not in `input_tokens`.
    pub struct MessagesUsage {
        /// Tokens of the prompt that the cache had no part in.
        optional input_tokens: u64,
        /// Tokens of the prompt that were written to the cache.
        optional cache_creation_input_tokens: u64,
        /// Tokens of the prompt that were read from the cache.
        optional cache_read_input_tokens: u64,
        /// Tokens the model wrote, thoughts included.
        optional output_tokens: u64,
        /// What they went into.
        optional output_tokens_details: OutputTokensDetails,
    }
}

object! {
    /// What the tokens that the model wrote went into.
    pub struct OutputTokensDetails {
        /// Its thoughts.
        default thinking_tokens: u64,
    }
}

impl MessagesUsage {
    /// Takes counts that came later: each is a total, and what is left out stays.
    pub(super) fn update(&mut self, new: Self) {
        self.input_tokens = new.input_tokens.or(self.input_tokens);
        self.cache_creation_input_tokens = new
            .cache_creation_input_tokens
            .or(self.cache_creation_input_tokens);
        self.cache_read_input_tokens = new.cache_read_input_tokens.or(self.cache_read_input_tokens);
        self.output_tokens = new.output_tokens.or(self.output_tokens);
        self.output_tokens_details = new
            .output_tokens_details
            .or(self.output_tokens_details.take());
        self.extra.extend(new.extra);
    }
}

impl From<&MessagesUsage> for Usage {
    fn from(usage: &MessagesUsage) -> Self {
        let written = usage.cache_creation_input_tokens.unwrap_or_default();
        let read = usage.cache_read_input_tokens.unwrap_or_default();
        let other = usage.input_tokens.unwrap_or_default();
        Self {
            input_tokens: other.saturating_add(written).saturating_add(read),
            cached_input_tokens: read,
            cache_write_tokens: written,
            output_tokens: usage.output_tokens.unwrap_or_default(),
            reasoning_tokens: usage
                .output_tokens_details
                .as_ref()
                .map_or(0, |details| details.thinking_tokens),
        }
    }
}

impl From<Usage> for MessagesUsage {
    fn from(usage: Usage) -> Self {
        let cached = usage
            .cached_input_tokens
            .saturating_add(usage.cache_write_tokens);
        Self {
            input_tokens: Some(usage.input_tokens.saturating_sub(cached)),
            cache_creation_input_tokens: Some(usage.cache_write_tokens),
            cache_read_input_tokens: Some(usage.cached_input_tokens),
            output_tokens: Some(usage.output_tokens),
            ..Self::default()
        }
    }
}
