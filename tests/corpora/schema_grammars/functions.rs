//! Functions that people attach to requests: every schema is a grammar, and their recorded arguments are judged as they are valid.

use std::fmt::Write as _;

use larkspur_schema::grammar::Options;
use serde_json::Value;

use super::{Made, Tally};
use crate::data;

#[test]
fn every_function_is_a_grammar() {
    let mut tally = Tally::default();
    let mut wrong = String::new();
    for row in data::lines("function-schemas/functions.jsonl") {
        match Made::new(&row["schema"], &Options::default()) {
            Ok(made) => {
                let keywords = made.keywords();
                tally.add(if keywords.is_empty() {
                    "exact"
                } else {
                    "relaxed"
                });
                for keyword in keywords {
                    tally.add(format!("relaxed {keyword}"));
                }
            }
            Err(error) => writeln!(wrong, "{}: {error}", row["name"]).unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!(tally.lines(), @r#"
exact: 1662
relaxed: 4
relaxed required: 9
"#);
}

#[test]
fn arguments_are_judged_as_they_are_valid() {
    let mut tally = Tally::default();
    let mut wrong = String::new();
    for (index, row) in data::lines("function-schemas/instances.jsonl")
        .iter()
        .enumerate()
    {
        let mut made = Made::new(&row["schema"], &Options::default()).unwrap();
        let is_exact = made.keywords().is_empty();
        match (made.accepts(&row["args"].to_string()), &row["valid"]) {
            (true, Value::Bool(true)) => tally.add("valid accepted"),
            (false, Value::Bool(false)) => tally.add("invalid rejected"),
            (true, _) if !is_exact => tally.add("invalid accepted by a relaxation"),
            (accepted, _) => writeln!(wrong, "{index}: {}: {accepted}", row["args"]).unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!(tally.lines(), @r#"
invalid rejected: 117
valid accepted: 700
"#);
}
