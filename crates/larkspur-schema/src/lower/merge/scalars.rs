//! Conjunctions of numbers and of strings.

use std::cmp::Ordering;

use larkspur_json::Pointer;
use serde_json::{Number as JsonNumber, Value};

use crate::lower::graph::{Number, Relaxed, Text};

pub(super) fn numbers(
    a: Number,
    b: Number,
    origin: &Pointer,
    relaxed: &mut Vec<Relaxed>,
) -> Number {
    Number {
        integer: a.integer || b.integer,
        minimum: pick(a.minimum, b.minimum, Ordering::Greater),
        exclusive_minimum: pick(a.exclusive_minimum, b.exclusive_minimum, Ordering::Greater),
        maximum: pick(a.maximum, b.maximum, Ordering::Less),
        exclusive_maximum: pick(a.exclusive_maximum, b.exclusive_maximum, Ordering::Less),
        multiple_of: multiple(a.multiple_of, b.multiple_of, origin, relaxed),
    }
}

pub(super) fn texts(a: Text, b: Text, origin: &Pointer, relaxed: &mut Vec<Relaxed>) -> Text {
    Text {
        pattern: first("pattern", a.pattern, b.pattern, origin, relaxed),
        format: first("format", a.format, b.format, origin, relaxed),
        min_length: a.min_length.max(b.min_length),
        max_length: smaller(a.max_length, b.max_length),
    }
}

/// The smaller of two limits, of which either may be missing.
pub(super) fn smaller(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn pick(a: Option<JsonNumber>, b: Option<JsonNumber>, wanted: Ordering) -> Option<JsonNumber> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let order = a
                .as_f64()
                .partial_cmp(&b.as_f64())
                .unwrap_or(Ordering::Equal);
            Some(if order == wanted { a } else { b })
        }
        (a, b) => a.or(b),
    }
}

fn multiple(
    a: Option<JsonNumber>,
    b: Option<JsonNumber>,
    origin: &Pointer,
    relaxed: &mut Vec<Relaxed>,
) -> Option<JsonNumber> {
    let (Some(x), Some(y)) = (&a, &b) else {
        return a.or(b);
    };
    if let (Some(x), Some(y)) = (x.as_u64().filter(|x| *x > 0), y.as_u64().filter(|y| *y > 0))
        && let Some(common) = (x / gcd(x, y)).checked_mul(y)
    {
        return Some(common.into());
    }
    if x == y {
        return a;
    }
    relaxed.push(second("multipleOf", Value::Number(y.clone()), origin));
    a
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn first(
    keyword: &str,
    a: Option<String>,
    b: Option<String>,
    origin: &Pointer,
    relaxed: &mut Vec<Relaxed>,
) -> Option<String> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => {
            relaxed.push(second(keyword, Value::String(b), origin));
            Some(a)
        }
        (a, b) => a.or(b),
    }
}

fn second(keyword: &str, value: Value, origin: &Pointer) -> Relaxed {
    let note = Some(format!("Also `{keyword}`: {value}."));
    let reason = "a schema can say this once only; the rule is told in the description and checked in the answer";
    Relaxed::rule(origin, keyword, value, reason, note)
}
