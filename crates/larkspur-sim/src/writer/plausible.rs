//! Plausible JSON: values walked from the schema, so that an answer looks like what its schema is about.
//!
//! The walk follows `$ref`, chooses branches, keeps bounds, formats and patterns, and lets the name and the description
//! of a property decide what kind of value it is. Words, numbers and dates of the request are used where they fit. The
//! walk promises nothing: the engine checks its text, and what it refuses is written by the random writer instead.

mod clues;
mod hints;
mod numbers;
mod pattern;
mod resolve;
mod source;
mod strings;
mod sums;
mod walk;

use serde_json::Value;

use crate::rng::Rng;

/// A JSON text that should satisfy `schema`, or `None` where the walk finds none (a schema that only recurses, or one
/// that asks for more values than an answer may hold). `name` says what the whole is.
pub(crate) fn json(schema: &Value, name: &str, prompt: &str, rng: &mut Rng) -> Option<String> {
    let clues = clues::Clues::of(prompt);
    let value = walk::Walk::new(schema, clues, rng).root(name)?;
    Some(value.to_string())
}

/// One short sentence, for an answer without a constraint.
pub(crate) fn sentence(prompt: &str, rng: &mut Rng) -> String {
    let clues = clues::Clues::of(prompt);
    strings::sentence(&clues, rng)
}
