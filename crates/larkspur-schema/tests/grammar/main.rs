//! Schemas as grammars: which texts are sentences.
#![cfg(feature = "grammar")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod blocks;
#[path = "../document/mod.rs"]
mod document;
mod laws;
mod limits;
mod matrix;
mod options;
mod scalars;
mod structures;

use larkspur_grammar::{Compiled, Grammar};
use larkspur_schema::grammar::{Options, SchemaGrammar, to_grammar};
use serde_json::Value;

fn made(schema: &Value, options: &Options) -> SchemaGrammar {
    to_grammar(schema, options).unwrap_or_else(|error| panic!("{schema}: {error}"))
}

/// Says of texts whether they are sentences.
fn judge(grammar: &Grammar) -> impl FnMut(&str) -> bool {
    let compiled = Compiled::new(grammar).unwrap();
    let mut cache = compiled.cache();
    move |text| compiled.accepts(&mut cache, text).unwrap()
}

/// A schema that is carried exactly: these texts are sentences, those are none.
#[track_caller]
fn check(schema: &Value, accepts: &[&str], rejects: &[&str]) {
    let relaxations = check_with(schema, &Options::default(), accepts, rejects);
    assert_eq!(relaxations, [""; 0], "{schema}");
}

/// The same with options; the keywords that are relaxed.
#[track_caller]
fn check_with(
    schema: &Value,
    options: &Options,
    accepts: &[&str],
    rejects: &[&str],
) -> Vec<String> {
    let made = made(schema, options);
    let mut is_sentence = judge(&made.grammar);
    for text in accepts {
        assert!(is_sentence(text), "{schema} should accept {text}");
    }
    for text in rejects {
        assert!(!is_sentence(text), "{schema} should reject {text}");
    }
    made.relaxations
        .into_iter()
        .map(|relaxation| relaxation.keyword)
        .collect()
}
