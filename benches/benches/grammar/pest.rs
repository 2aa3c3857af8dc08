//! JSON by pest, which has no lexer.

use pest::Parser as _;
use pest::iterators::Pairs;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "benches/grammar/json.pest"]
struct Json;

pub(crate) fn parse(text: &str) -> Pairs<'_, Rule> {
    Json::parse(Rule::json, text).expect("JSON")
}
