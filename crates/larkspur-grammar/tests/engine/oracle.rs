//! llguidance as the judge of bytes.

use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use llguidance::{Matcher, ParserFactory};

/// A grammar in llguidance, one byte to a token.
pub(crate) struct Oracle {
    start: Matcher,
}

/// What an engine says of a text: where it dies, and which of its prefixes, the empty one first, are sentences.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) dead_at: Option<usize>,
    pub(crate) complete: Vec<bool>,
}

impl Oracle {
    /// What llguidance makes of a grammar, or why it refuses.
    pub(crate) fn try_new(lark: &str) -> Result<Self, String> {
        let env = ApproximateTokEnv::single_byte_env();
        let mut factory = ParserFactory::new(&env, InferenceCapabilities::default(), &[]).unwrap();
        factory.quiet();
        factory.limits_mut().verbose_errors = false;
        let parser = factory
            .create_parser(TopLevelGrammar::from_lark(lark.to_owned()))
            .map_err(|error| error.to_string())?;
        Ok(Self {
            start: Matcher::new(Ok(parser)),
        })
    }

    pub(crate) fn judge(&self, text: &[u8]) -> Verdict {
        let mut matcher = self.start.deep_clone();
        let mut complete = vec![matcher.is_accepting().unwrap()];
        for (index, byte) in text.iter().enumerate() {
            let taken = !matcher.is_stopped()
                && matcher.try_consume_tokens(&[u32::from(*byte)]).unwrap_or(0) == 1;
            if !taken {
                return Verdict {
                    dead_at: Some(index),
                    complete,
                };
            }
            complete.push(matcher.is_accepting().unwrap_or(true));
        }
        Verdict {
            dead_at: None,
            complete,
        }
    }
}
