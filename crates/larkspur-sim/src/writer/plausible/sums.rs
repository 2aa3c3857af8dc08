//! Totals that add up: an invoice whose total is not the sum of its lines looks made up at once.

use serde_json::{Map, Number, Value};

use super::hints::words_of;

const COUNTS: &[&str] = &["quantity", "qty", "count", "units", "pieces"];
const PRICES: &[&str] = &["price", "cost", "rate"];
const LINE_SUMS: &[&str] = &["total", "amount", "subtotal", "sum"];
const BEFORE_EXTRAS: &[&str] = &["subtotal", "net"];
const SUMS: &[&str] = &["total", "sum", "amount"];
const ADDED: &[&str] = &["tax", "vat", "shipping", "tip", "fee"];
const TAKEN_OFF: &[&str] = &["discount"];
/// Words that make a number no amount of money.
const SHARES: &[&str] = &["percent", "percentage", "rate", "count", "number"];

/// Sets the sums of an object whose parts are written: of one line, or of an object with lines.
pub(super) fn add_up(object: &mut Map<String, Value>, properties: &Map<String, Value>) {
    if let Some(sum) = line(object) {
        set(object, properties, LINE_SUMS, sum);
        return;
    }
    let Some(lines) = object.values().find_map(lines) else {
        return;
    };
    set(object, properties, BEFORE_EXTRAS, lines);
    let extra: f64 = amounts(object, ADDED).sum::<f64>() - amounts(object, TAKEN_OFF).sum::<f64>();
    set(object, properties, SUMS, lines + extra);
}

/// What a line costs: its count times its price.
fn line(object: &Map<String, Value>) -> Option<f64> {
    let count = number(object, COUNTS)?;
    let price = number(object, PRICES)?;
    Some(count * price)
}

/// The sum over an array of lines.
fn lines(value: &Value) -> Option<f64> {
    let items = value.as_array().filter(|items| !items.is_empty())?;
    items.iter().map(|item| line(item.as_object()?)).sum()
}

fn number(object: &Map<String, Value>, words: &[&str]) -> Option<f64> {
    object
        .iter()
        .find(|(name, _)| ends_with(name, words))
        .and_then(|(_, value)| value.as_f64())
}

fn amounts(object: &Map<String, Value>, words: &[&str]) -> impl Iterator<Item = f64> {
    object
        .iter()
        .filter(|(name, _)| {
            let name = words_of(name);
            let has = |list: &[&str]| name.iter().any(|word| list.contains(&word.as_str()));
            has(words) && !has(SHARES)
        })
        .filter_map(|(_, value)| value.as_f64())
}

fn ends_with(name: &str, words: &[&str]) -> bool {
    words_of(name)
        .last()
        .is_some_and(|last| words.contains(&last.as_str()))
}

/// Sets every number with such a name that its schema lets be this sum.
fn set(object: &mut Map<String, Value>, properties: &Map<String, Value>, words: &[&str], sum: f64) {
    let sum = (sum * 100.0).round() / 100.0;
    for (name, value) in object.iter_mut() {
        let named = ends_with(name, words)
            || words_of(name)
                .first()
                .is_some_and(|first| words.contains(&first.as_str()));
        let fits = properties
            .get(name)
            .is_some_and(|schema| admits(schema, sum));
        if named && fits && value.is_f64() && sum.is_finite() {
            *value = Number::from_f64(sum).map_or(Value::Null, Value::Number);
        }
    }
}

/// Whether a schema is that of a number with no bounds but a low one.
fn admits(schema: &Value, sum: f64) -> bool {
    let Some(keywords) = schema.as_object() else {
        return false;
    };
    keywords
        .iter()
        .all(|(keyword, value)| match keyword.as_str() {
            "type" | "description" | "title" => true,
            "minimum" => value.as_f64().is_some_and(|low| low <= sum),
            "exclusiveMinimum" => value.as_f64().is_some_and(|low| low < sum),
            _ => false,
        })
}
