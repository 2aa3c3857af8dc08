//! Texts without JSON: for a schema of nothing but strings the text itself; for one of constants, the only one it names.

use std::{borrow::Cow, cmp::Reverse};

use larkspur_json::{Kind, Node, Number, Repair, RepairKind, Span};
use serde_json::Value;

use super::{
    JsonReader,
    align::{
        scalar::grouped,
        schema::{Schemas, Types, constants, forms},
    },
};
use crate::{Doubt, Reading};

/// Most constants that are looked for in a text.
const MOST_CONSTANTS: usize = 256;

/// Longest text that constants are looked for in, in bytes: an answer, not an essay.
const LONGEST: usize = 4_096;

/// Most digits of a quotient behind the point: a fraction below 2⁶⁴ that ends has at most as many.
const MOST_DIGITS: usize = 64;

/// Words that turn around what a text says.
const DENIALS: &[&str] = &[
    "not", "no", "never", "neither", "nor", "none", "without", "except", "but", "rather",
    "instead", "cannot", "unlike",
];

impl JsonReader {
    /// What a text says that holds no JSON that fits.
    pub(super) fn without_json<'t>(
        &self,
        text: &'t str,
        doubt: Doubt,
    ) -> Option<Reading<Node<'t>>> {
        let span = Span::new(0, text.len());
        let Said {
            kind,
            repair,
            message,
        } = self.said(text, doubt)?;
        let node = Node::new(span, kind);
        if !self.is_valid(&node) {
            return None;
        }
        Some(Reading {
            value: node,
            repairs: vec![Repair::new(repair, span.start, span.end).saying(message)],
            truncated: false,
        })
    }

    fn said<'t>(&self, text: &'t str, doubt: Doubt) -> Option<Said<'t>> {
        let schemas = Schemas::new(self.validator.schema());
        let types = schemas.types(schemas.root());
        let trimmed = text.trim();
        if let Some(known) = known_words(&schemas, schemas.root()) {
            return constant(trimmed, &known, doubt);
        }
        if let Some(known) = known_elements(&schemas) {
            let said = constant(trimmed, &known, doubt)?;
            let element = Node::new(Span::new(0, text.len()), said.kind);
            return Some(Said {
                kind: Kind::Array(vec![element]),
                message: match said.repair {
                    RepairKind::Choice => {
                        "took the first of several constants that the text names as an array of one"
                    }
                    _ => "took the only constant that the text names as an array of one",
                },
                ..said
            });
        }
        let is_text = types.is_only(Types::STRING.or(Types::NULL)) && types.has(Types::STRING);
        if is_text && !trimmed.is_empty() {
            return Some(Said {
                kind: Kind::String(Cow::Borrowed(text)),
                repair: RepairKind::Form,
                message: "took the whole text as the string",
            });
        }
        types
            .is_only(Types::NUMBER)
            .then(|| number(trimmed, doubt))?
    }
}

/// What a text says, and how that was found.
struct Said<'t> {
    kind: Kind<'t>,
    repair: RepairKind,
    message: &'static str,
}

/// The constant that a text names: the only one, or the first.
fn constant<'t>(text: &str, known: &[Value], doubt: Doubt) -> Option<Said<'t>> {
    let named = named(text, known)?;
    let (repair, message) = match named.as_slice() {
        [_] => (
            RepairKind::Form,
            "took the only constant that the text names",
        ),
        _ if doubt == Doubt::TakeFirst => (
            RepairKind::Choice,
            "took the first of several constants that the text names",
        ),
        _ => return None,
    };
    let kind = match named.first()? {
        Value::Bool(value) => Kind::Bool(*value),
        other => Kind::String(Cow::Owned(other.as_str()?.to_owned())),
    };
    Some(Said {
        kind,
        repair,
        message,
    })
}

/// The number that a text is in another notation.
fn number<'t>(text: &str, doubt: Doubt) -> Option<Said<'t>> {
    if let Some(grouped) = grouped(text) {
        return Some(Said {
            kind: Kind::Number(grouped),
            repair: RepairKind::Form,
            message: "read a number with commas between its thousands",
        });
    }
    let quotient = || quotient(text).map(Kind::Number);
    Some(Said {
        kind: (doubt == Doubt::TakeFirst).then(quotient)??,
        repair: RepairKind::Choice,
        message: "read a fraction as its quotient",
    })
}

/// What a fraction of two whole numbers is as a decimal, where it is one: `1/5` and not `1/3`.
fn quotient(text: &str) -> Option<Number<'static>> {
    let (above, below) = text.split_once('/')?;
    let (sign, above) = match above.trim().strip_prefix('-') {
        Some(above) => ("-", above),
        None => ("", above.trim()),
    };
    let (above, below): (u64, u64) = (above.parse().ok()?, below.trim().parse().ok()?);
    let (above, below) = (u128::from(above), u128::from(below));
    let mut rest = above.checked_rem(below)?;
    let point = if rest == 0 { "" } else { "." };
    let mut decimal = format!("{sign}{}{point}", above / below);
    for _ in 0..MOST_DIGITS {
        if rest == 0 {
            break;
        }
        decimal.push_str(&(rest * 10 / below).to_string());
        rest = rest * 10 % below;
    }
    (rest == 0).then(|| Number::from_text(decimal))?
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

/// The constants that occur in the text as words of their own, in the order of the text; nothing where the text may deny them.
fn named<'a>(text: &str, known: &'a [Value]) -> Option<Vec<&'a Value>> {
    if text.len() > LONGEST {
        return None;
    }
    let said = words(text);
    let denies = said
        .iter()
        .any(|word| DENIALS.contains(&word.as_str()) || word.ends_with("n't"));
    let place = |constant: &Value| {
        let words = words(&word_of(constant));
        let mut windows = said.windows(words.len().max(1));
        windows.position(|window| window == words.as_slice())
    };
    let mut named: Vec<(usize, &Value)> = known
        .iter()
        .filter_map(|constant| Some((place(constant)?, constant)))
        .collect();
    named.sort_by_key(|(place, constant)| (*place, Reverse(word_of(constant).len())));
    let first = named.first()?.1;
    let is_denied = denies && (named.len() > 1 || !is_answer(text, &word_of(first)));
    (!is_denied).then(|| named.into_iter().map(|(_, constant)| constant).collect())
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
