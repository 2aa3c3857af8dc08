//! Texts without JSON: for a schema of nothing but strings the text itself; for one of constants, the only one it names.

use std::borrow::Cow;

use larkspur_json::{Kind, Node, Repair, RepairKind, Span};
use serde_json::Value;

use super::{
    JsonReader,
    align::{
        scalar::grouped,
        schema::{Schemas, Types, constants, forms},
    },
};
use crate::Reading;

/// Most constants that are looked for in a text.
const MOST_CONSTANTS: usize = 256;

/// Longest text that constants are looked for in, in bytes: an answer, not an essay.
const LONGEST: usize = 4_096;

/// Words that turn around what a text says.
const DENIALS: &[&str] = &[
    "not", "no", "never", "neither", "nor", "none", "without", "except", "but", "rather",
    "instead", "cannot", "unlike",
];

impl JsonReader {
    /// What a text says that holds no JSON that fits.
    pub(super) fn without_json<'t>(&self, text: &'t str) -> Option<Reading<Node<'t>>> {
        let schemas = Schemas::new(self.validator.schema());
        let types = schemas.types(schemas.root());
        let span = Span::new(0, text.len());
        let trimmed = text.trim();
        let (kind, message) = if let Some(known) = known_words(&schemas, schemas.root()) {
            (
                only_word(trimmed, &known)?,
                "took the only constant that the text names",
            )
        } else if let Some(known) = known_elements(&schemas) {
            let element = Node::new(span, only_word(trimmed, &known)?);
            (
                Kind::Array(vec![element]),
                "took the only constant that the text names as an array of one",
            )
        } else if types.is_only(Types::STRING.or(Types::NULL))
            && types.has(Types::STRING)
            && !trimmed.is_empty()
        {
            (
                Kind::String(Cow::Borrowed(text)),
                "took the whole text as the string",
            )
        } else if types.is_only(Types::NUMBER) {
            (
                Kind::Number(grouped(trimmed)?),
                "read a number with commas between its thousands",
            )
        } else {
            return None;
        };
        let node = Node::new(span, kind);
        if !self.is_valid(&node) {
            return None;
        }
        Some(Reading {
            value: node,
            repairs: vec![Repair::new(RepairKind::Form, span.start, span.end).saying(message)],
            truncated: false,
        })
    }
}

/// The constants that are the elements of an array, where the schema asks for one of nothing else.
fn known_elements(schemas: &Schemas<'_>) -> Option<Vec<Value>> {
    let root = schemas.resolve(schemas.root());
    let is_array = schemas.types(root).is_only(Types::ARRAY);
    known_words(schemas, root.get("items").filter(|_| is_array)?)
}

/// The strings and booleans that a schema of nothing else allows.
fn known_words(schemas: &Schemas<'_>, schema: &Value) -> Option<Vec<Value>> {
    if schemas.types(schema).is_only(Types::BOOLEAN) {
        return Some(vec![Value::Bool(true), Value::Bool(false)]);
    }
    let root = schemas.resolve(schema);
    let mut known = Vec::new();
    for form in forms(root).unwrap_or(std::slice::from_ref(root)) {
        known.extend(constants(schemas.resolve(form))?.iter().cloned());
    }
    let is_word = |value: &Value| value.is_string() || value.is_boolean();
    (known.len() <= MOST_CONSTANTS && known.iter().any(is_word)).then_some(known)
}

/// The only one of the constants that occurs in the text as a word of its own.
fn only_word<'t>(text: &str, known: &[Value]) -> Option<Kind<'t>> {
    if text.len() > LONGEST {
        return None;
    }
    let said = words(text);
    let denies = said
        .iter()
        .any(|word| DENIALS.contains(&word.as_str()) || word.ends_with("n't"));
    let mut named = known.iter().filter(|constant| {
        let words = words(&word_of(constant));
        !words.is_empty()
            && said
                .windows(words.len())
                .any(|window| window == words.as_slice())
    });
    let only = named.next()?;
    if named.next().is_some() || denies && !is_answer(text, &word_of(only)) {
        return None;
    }
    Some(match only {
        Value::Bool(value) => Kind::Bool(*value),
        other => Kind::String(Cow::Owned(other.as_str()?.to_owned())),
    })
}

/// Whether the text begins with the word as a sentence of its own.
fn is_answer(text: &str, word: &str) -> bool {
    let start = text
        .get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word));
    let rest = text.get(word.len()..).unwrap_or_default();
    start
        && rest
            .trim_start_matches(['*', '"', '`'])
            .starts_with(['.', '!', '\n', ';'])
}

fn word_of(constant: &Value) -> String {
    match constant {
        Value::Bool(value) => value.to_string(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

/// The words of a text in lower case.
fn words(text: &str) -> Vec<String> {
    let is_between =
        |character: char| !character.is_alphanumeric() && !matches!(character, '_' | '-' | '\'');
    let words = text.split(is_between).filter(|word| !word.is_empty());
    words
        .map(|word| word.trim_matches(['-', '\'']).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}
