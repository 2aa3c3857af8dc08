//! What the steps of reading find, as violations.

use larkspur_json::{DeserializeError, Duplicate, Error, Node};

use larkspur_schema::LiftProblem;

use crate::{Violation, wording};

/// The text is not JSON, or too much of it.
pub(super) fn of_syntax(error: &Error) -> Violation {
    let violation = Violation::new(error.message())
        .masked_as("the text is not JSON")
        .within(error.span());
    match error.hint() {
        Some(hint) => violation.hint(hint),
        None => violation,
    }
}

/// A key is there twice.
pub(super) fn of_duplicate(duplicate: &Duplicate) -> Violation {
    let key = duplicate.pointer.last().unwrap_or_default();
    Violation::new(format!("the key {} is there twice", wording::name(&key)))
        .masked_as("a key is there twice")
        .at(duplicate.pointer.clone())
        .within(duplicate.second)
}

/// The answer has neither the lowered nor the original shape.
///
/// Its pointer leads into the answer as it was sent: there is no lifted one.
pub(super) fn of_lift(problem: &LiftProblem) -> Violation {
    let mut violation = Violation::new(wording::sentence(&problem.message))
        .masked_as(format!("expected {}", problem.expected))
        .at(problem.pointer.clone())
        .within(problem.span);
    violation.expected = Some(problem.expected.clone());
    violation.found = Some(wording::sentence(&problem.found));
    violation
}

/// The Rust type refuses a value that fits the schema.
pub(super) fn of_type(root: &Node<'_>, error: &DeserializeError) -> Violation {
    let pointer = error.pointer();
    let node = root.at(&pointer);
    let mut violation = match (
        error.expected().map(in_words),
        error.unknown_name(),
        error.missing_field(),
    ) {
        (Some(expected), ..) => match node {
            Some(node) => Violation::expected(expected, wording::found(node)).masked_as(format!(
                "expected {expected}, found {}",
                wording::found_masked(node)
            )),
            None => Violation::new(wording::sentence(&error.message()))
                .masked_as(format!("expected {expected}")),
        },
        (_, Some((name, known)), _) => of_unknown_name(name, known),
        (_, _, Some(field)) => {
            let message = format!("missing field {}", wording::name(field));
            Violation::new(message.clone()).masked_as(message)
        }
        // The type's own words, which may hold any part of the text.
        _ => Violation::new(wording::sentence(&error.message()))
            .masked_as("the value is refused by the type"),
    };
    violation.span = error.span();
    violation.at(pointer)
}

/// Rust's names of types in the words of JSON.
fn in_words(expected: &str) -> &str {
    match expected {
        "u8" => "an integer from 0 to 255",
        "u16" => "an integer from 0 to 65535",
        "u32" => "an integer from 0 to 4294967295",
        "u64" | "usize" => "an integer from 0 to 18446744073709551615",
        "u128" => "an integer of at least 0",
        "i8" => "an integer from -128 to 127",
        "i16" => "an integer from -32768 to 32767",
        "i32" => "an integer from -2147483648 to 2147483647",
        "i64" | "isize" => "an integer from -9223372036854775808 to 9223372036854775807",
        "i128" => "an integer",
        "f32" | "f64" => "a number",
        "unit" => "null",
        "a sequence" => "an array",
        "a map" => "an object",
        other => other.strip_prefix("struct ").map_or(other, |_| "an object"),
    }
}

fn of_unknown_name(name: &str, known: &[&str]) -> Violation {
    let expected = wording::one_of(known.iter().map(|name| wording::name(name)));
    let violation = Violation::expected(expected, wording::name(name));
    match wording::did_you_mean(name, known.iter().copied()) {
        Some(meant) => violation.hint(format!("did you mean {}?", wording::name(meant))),
        None => violation,
    }
}
