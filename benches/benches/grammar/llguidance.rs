//! llguidance's recogniser, which makes no tree.

use std::time::Duration;

use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use llguidance::{ParserFactory, TokenParser};

use crate::measure::timed;

pub(crate) fn parser(grammar: &str) -> TokenParser {
    let env = ApproximateTokEnv::single_byte_env();
    let mut factory = ParserFactory::new(&env, InferenceCapabilities::default(), &[])
        .expect("a vocabulary of bytes");
    factory.quiet();
    factory
        .create_parser(TopLevelGrammar::from_lark(grammar.to_owned()))
        .expect("the grammar is sound")
}

/// Reads a text as a whole, which is how it is fastest; making the parser does not count.
pub(crate) fn recognise(grammar: &str, text: &str) -> Duration {
    let mut parser = parser(grammar);
    parser.start_without_prompt();
    let took = timed(|| parser.parser.apply_token(text.as_bytes(), 0).expect("read"));
    assert!(parser.parser.is_accepting(), "a sentence");
    took
}
