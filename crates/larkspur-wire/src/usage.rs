//! Tokens used, in one shape for all APIs.

use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// Tokens of one answer or of several together.
///
/// `cached_input_tokens` and `cache_write_tokens` are part of `input_tokens`, `reasoning_tokens` of `output_tokens`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// All tokens of the prompt.
    pub input_tokens: u64,
    /// Those of the prompt that were read from the cache.
    pub cached_input_tokens: u64,
    /// Those of the prompt that were written to the cache.
    pub cache_write_tokens: u64,
    /// All tokens the model wrote.
    pub output_tokens: u64,
    /// Those the model wrote before its answer.
    pub reasoning_tokens: u64,
}

impl Usage {
    /// Input and output together.
    pub fn total_tokens(&self) -> u64 {
        self.input_tokens.saturating_add(self.output_tokens)
    }
}

impl Add for Usage {
    type Output = Self;

    /// Sums field by field, stopping at the greatest number: counts come from outside.
    fn add(self, other: Self) -> Self {
        Self {
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
            cached_input_tokens: self
                .cached_input_tokens
                .saturating_add(other.cached_input_tokens),
            cache_write_tokens: self
                .cache_write_tokens
                .saturating_add(other.cache_write_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            reasoning_tokens: self.reasoning_tokens.saturating_add(other.reasoning_tokens),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), Add::add)
    }
}
