//! llguidance as the judge: what the servers run, byte by byte, without a tokenizer.

use llguidance::api::{ParserLimits, TopLevelGrammar};
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use llguidance::{Matcher, ParserFactory};

/// A compiled Lark grammar.
pub(crate) struct Judge(Matcher);

impl Judge {
    /// Compiles `grammar`, or gives llguidance's message. Its bounds on the items of a row are out of the way: random
    /// grammars are as ambiguous as can be.
    pub(crate) fn lark(grammar: &str) -> Result<Self, String> {
        let limits = ParserLimits {
            max_items_in_row: 10_000_000,
            step_max_items: 100_000_000,
            ..ParserLimits::default()
        };
        Self::with_limits(grammar, &limits)
    }

    /// The same within `limits`.
    pub(crate) fn with_limits(grammar: &str, limits: &ParserLimits) -> Result<Self, String> {
        let env = ApproximateTokEnv::single_byte_env();
        let mut factory = ParserFactory::new(&env, InferenceCapabilities::default(), &[])
            .map_err(|error| error.to_string())?;
        factory.quiet();
        *factory.limits_mut() = ParserLimits {
            verbose_errors: false,
            ..limits.clone()
        };
        let parser = factory
            .create_parser(TopLevelGrammar::from_lark(grammar.to_owned()))
            .map_err(|error| error.to_string())?;
        Ok(Self(Matcher::new(Ok(parser))))
    }

    /// Whether the whole text is a sentence.
    #[track_caller]
    pub(crate) fn accepts(&self, text: &str) -> bool {
        self.verdict(text).expect("llguidance does not give up")
    }

    /// The same, or its message where llguidance gave up at one of its limits.
    pub(crate) fn verdict(&self, text: &str) -> Result<bool, String> {
        let mut matcher = self.0.deep_clone();
        let tokens: Vec<u32> = text.bytes().map(u32::from).collect();
        let taken = matcher.try_consume_tokens(&tokens);
        let taken = taken.map_err(|error| error.to_string())?;
        let accepting = matcher.is_accepting().map_err(|error| error.to_string())?;
        Ok(taken == tokens.len() && accepting)
    }
}
