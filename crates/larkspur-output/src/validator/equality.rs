//! When JSON Schema calls two values equal: numbers by value, objects without order.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt::Write as _,
};

use larkspur_json::{Kind, Node, Number, Object};
use serde_json::Value;

/// Whether a node is the value that `const` or `enum` names.
pub(super) fn equals(node: &Node<'_>, expected: &Value) -> bool {
    match (&node.kind, expected) {
        (Kind::Null, Value::Null) => true,
        (Kind::Bool(node), Value::Bool(expected)) => node == expected,
        (Kind::String(node), Value::String(expected)) => node == expected,
        (Kind::Number(node), Value::Number(expected)) => equals_number(node, expected),
        (Kind::Array(elements), Value::Array(expected)) => {
            elements.len() == expected.len()
                && elements
                    .iter()
                    .zip(expected)
                    .all(|(node, expected)| equals(node, expected))
        }
        (Kind::Object(object), Value::Object(expected)) => {
            object.len() == expected.len()
                && expected.iter().all(|(key, expected)| {
                    object.get(key).is_some_and(|node| equals(node, expected))
                })
        }
        _ => false,
    }
}

/// A schema holds its numbers as `serde_json` does: exact up to 64 bits, as the nearest double beyond.
fn equals_number(node: &Number<'_>, expected: &serde_json::Number) -> bool {
    match expected.as_i128() {
        Some(expected) => Size::of(node) == Size::Integer(expected),
        None => node.as_f64() == expected.as_f64(),
    }
}

/// The places of the first two elements that are equal.
pub(super) fn first_repetition(elements: &[Node<'_>]) -> Option<(usize, usize)> {
    let mut seen = HashMap::new();
    elements.iter().enumerate().find_map(|(place, element)| {
        let mut key = String::new();
        write_canonical(element, &mut key);
        match seen.entry(key) {
            Entry::Occupied(first) => Some((*first.get(), place)),
            Entry::Vacant(vacant) => {
                vacant.insert(place);
                None
            }
        }
    })
}

/// The same text for equal values, different texts for different ones.
fn write_canonical(node: &Node<'_>, key: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = match &node.kind {
        Kind::Number(number) => write!(key, "{}", Size::of(number)),
        Kind::Array(elements) => {
            key.push('[');
            for element in elements {
                write_canonical(element, key);
                key.push(',');
            }
            key.write_char(']')
        }
        Kind::Object(object) => {
            write_canonical_object(object, key);
            Ok(())
        }
        Kind::Null | Kind::Bool(_) | Kind::String(_) => write!(key, "{node}"),
    };
}

fn write_canonical_object(object: &Object<'_>, key: &mut String) {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by(|left, right| left.key.cmp(&right.key));
    key.push('{');
    for member in members {
        let _ = write!(key, "{:?}:", member.key);
        write_canonical(&member.value, key);
        key.push(',');
    }
    key.push('}');
}

/// A number by its value: exact for integers of 128 bits however they are written, the nearest double for all others.
#[derive(PartialEq)]
enum Size {
    Integer(i128),
    Wide(u128),
    Double(f64),
    Huge { negative: bool },
}

impl Size {
    fn of(number: &Number<'_>) -> Self {
        if let Some(integer) = number.as_i128() {
            return Self::Integer(integer);
        }
        if let Some(wide) = number.as_u128() {
            return Self::Wide(wide);
        }
        match number.as_f64() {
            Some(double) => whole(double).map_or(Self::Double(double), Self::Integer),
            None => Self::Huge {
                negative: number.as_str().starts_with('-'),
            },
        }
    }
}

/// The integer that a double is, exactly; nothing from 2^127 on.
pub(super) fn whole(double: f64) -> Option<i128> {
    const BEYOND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the double is whole and within the range"
    )]
    (double.fract() == 0.0 && (-BEYOND..BEYOND).contains(&double)).then_some(double as i128)
}

/// The integer that a double is, exactly; nothing from 2^128 on.
pub(super) fn wide(double: f64) -> Option<u128> {
    const BEYOND: f64 = 340_282_366_920_938_463_463_374_607_431_768_211_456.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the double is whole, positive and less than 2^128"
    )]
    (double.fract() == 0.0 && (0.0..BEYOND).contains(&double)).then_some(double as u128)
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Wide(wide) => write!(f, "{wide}"),
            Self::Double(double) => write!(f, "{double:e}"),
            Self::Huge { negative } => f.write_str(if *negative { "-huge" } else { "huge" }),
        }
    }
}
