//! llguidance as the judge of bytes, and what this engine says of them.

use larkspur_grammar::{Cache, Compiled, Exceeded};
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

/// The engine's verdict at every byte.
pub(crate) fn judge(
    compiled: &Compiled,
    cache: &mut Cache,
    text: &[u8],
) -> Result<Verdict, Exceeded> {
    let mut matcher = larkspur_grammar::Matcher::new(compiled, cache)?;
    let mut complete = vec![matcher.is_complete(cache)?];
    for (index, byte) in text.iter().enumerate() {
        if matcher.advance(cache, [*byte])? == 0 {
            return Ok(Verdict {
                dead_at: Some(index),
                complete,
            });
        }
        complete.push(matcher.is_complete(cache)?);
    }
    Ok(Verdict {
        dead_at: None,
        complete,
    })
}
