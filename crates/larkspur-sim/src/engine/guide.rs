//! One text being written under a rule.

use std::sync::Arc;

use llguidance::Matcher;
use llguidance::api::StopReason;

use super::{ByteSet, Compiled, EngineError};

/// Tokens of the vocabulary that are bytes; those above are special tokens, and the last of them ends a text.
const BYTES: u32 = 256;

/// The bytes that may come next, and whether the text may end here.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mask {
    /// The bytes that may come next.
    pub(crate) bytes: ByteSet,
    /// The text is complete as it stands.
    pub(crate) end: bool,
}

/// A text under a rule, from its first byte on.
pub(crate) struct Guide {
    pub(super) matcher: Matcher,
    home: Arc<Compiled>,
}

impl Guide {
    pub(super) fn new(matcher: Matcher, home: Arc<Compiled>) -> Self {
        Self { matcher, home }
    }

    /// What may come next.
    pub(crate) fn mask(&mut self) -> Result<Mask, EngineError> {
        if self.matcher.is_stopped() {
            return match self.matcher.get_error() {
                Some(error) => Err(EngineError::new(error)),
                None if self.is_finished() => Ok(Mask {
                    end: true,
                    ..Mask::default()
                }),
                None => Err(EngineError::new(format!(
                    "the engine stopped: {}",
                    self.matcher.stop_reason()
                ))),
            };
        }
        let tokens = self.matcher.compute_mask().map_err(EngineError::new)?;
        // The first eight words are the bytes; what follows are special tokens.
        let words = tokens.as_slice().get(..8).unwrap_or_default();
        let end = self.matcher.is_accepting().map_err(EngineError::new)?;
        Ok(Mask {
            bytes: ByteSet::from_words(words),
            end,
        })
    }

    /// Takes the next byte, which must be one of the mask.
    pub(crate) fn push(&mut self, byte: u8) -> Result<(), EngineError> {
        self.matcher
            .consume_token(u32::from(byte))
            .map_err(EngineError::new)
    }

    /// Takes the bytes that have no alternative, and returns them.
    pub(crate) fn forced(&mut self) -> Vec<u8> {
        if self.matcher.is_stopped() {
            return Vec::new();
        }
        let tokens = self.matcher.consume_ff_tokens();
        tokens
            .into_iter()
            .filter(|token| *token < BYTES)
            .filter_map(|token| u8::try_from(token).ok())
            .collect()
    }

    /// Whether nothing may follow the text so far.
    pub(crate) fn is_finished(&self) -> bool {
        matches!(
            self.matcher.stop_reason(),
            StopReason::NoExtension | StopReason::EndOfSentence
        )
    }

    /// Whether the whole of `text` satisfies the rule. To be asked at the start of a text.
    pub(crate) fn accepts(&mut self, text: &str) -> Result<bool, EngineError> {
        let tokens: Vec<u32> = text.bytes().map(u32::from).collect();
        let taken = self
            .matcher
            .try_consume_tokens(&tokens)
            .map_err(EngineError::new)?;
        if taken < tokens.len() {
            return Ok(false);
        }
        if self.matcher.is_stopped() {
            return Ok(self.is_finished());
        }
        self.matcher.is_accepting().map_err(EngineError::new)
    }

    /// Gives the matcher back for the next answer under the same rule.
    pub(crate) fn give_back(self) {
        self.home.take_back(self.matcher);
    }
}
