//! Scalars in other forms: a number in quotes, a constant in other case.

use std::borrow::Cow;

use larkspur_json::{Kind, Node, Number, parse_lenient};
use serde_json::Value;

use super::schema::{Types, constants};

/// What a scalar says in a type that is allowed, where its own is not.
pub(super) fn in_other_form<'t>(node: &Node<'t>, schema: &Value, types: Types) -> Option<Kind<'t>> {
    match &node.kind {
        Kind::String(text) => of_string(text.trim(), types),
        Kind::Number(_) | Kind::Bool(_) if types.has(Types::STRING) => {
            let text = node.to_string();
            let known = constants(schema);
            let is_known =
                known.is_none_or(|known| known.iter().any(|known| known.as_str() == Some(&text)));
            is_known.then_some(Kind::String(Cow::Owned(text)))
        }
        _ => None,
    }
}

/// What a string says as a number, boolean or null.
fn of_string<'t>(text: &str, types: Types) -> Option<Kind<'t>> {
    let read = parse_lenient(text).ok().filter(|read| !read.truncated);
    let kind = match read {
        Some(read) => read.node.into_owned().kind,
        None => Kind::Number(grouped(text)?),
    };
    let allowed = match &kind {
        Kind::Null => types.has(Types::NULL),
        Kind::Bool(_) => types.has(Types::BOOLEAN),
        Kind::Number(_) => types.allows(&Node::from(kind.clone())),
        Kind::String(_) | Kind::Array(_) | Kind::Object(_) => false,
    };
    allowed.then_some(kind)
}

/// The number that a text says with commas between its thousands: `1,200` or `-12,000.50`.
pub(in crate::reader::lenient) fn grouped(text: &str) -> Option<Number<'static>> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let whole = unsigned.split('.').next()?;
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let is_digits =
        |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = first.len() <= 3
        && is_digits(first)
        && groups.all(|group| group.len() == 3 && is_digits(group));
    (well_formed && whole.contains(',')).then(|| Number::from_text(text.replace(',', "")))?
}

/// The only constant that a string says in other case, or between blanks, quotes and punctuation.
pub(super) fn as_constant<'t>(node: &Node<'t>, schema: &Value) -> Option<Kind<'t>> {
    let said = bare(node.as_str()?);
    let strings = constants(schema)?.iter().filter_map(Value::as_str);
    let mut same = strings.filter(|constant| bare(constant) == said);
    let only = same.next()?;
    same.all(|other| other == only)
        .then(|| Kind::String(Cow::Owned(only.to_owned())))
}

/// A text in lower case without what surrounds it.
fn bare(text: &str) -> String {
    text.trim_matches(|character: char| !character.is_alphanumeric())
        .to_lowercase()
}
