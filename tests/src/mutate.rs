//! Near misses: values that differ from a given one in one place.

use serde_json::{Map, Value, json};

/// What was done to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Nothing: as it was drawn or written.
    None,
    Null,
    OtherType,
    EmptyArray,
    EmptyObject,
    Wrapped,
    /// `5` as `5.0`.
    IntegralFloat,
    Fraction,
    OtherNumber,
    EmptyText,
    OtherText,
    LongerText,
    OtherCase,
    DroppedItem,
    ExtraItem,
    RepeatedItem,
    /// Two items changed places.
    Swapped,
    DroppedKey,
    RenamedKey,
    ExtraKey,
    /// `{"a": 1}` as `[1]`.
    ObjectAsArray,
    /// `"A"` as `{"A": null}`.
    TextAsObject,
    /// `{"A": …}` as `"A"`.
    ObjectAsText,
}

/// Every near miss of `value`, each with its change. Linear in the number of its parts.
pub fn near_misses(value: &Value) -> Vec<(Change, Value)> {
    let mut misses = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let Some(part) = at(value, &path) else {
            continue;
        };
        for (change, replacement) in replacements(part) {
            misses.push((change, replaced(value, &path, replacement)));
        }
        let steps = match part {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            _ => 0,
        };
        open.extend((0..steps).map(|step| path.iter().copied().chain([step]).collect::<Vec<_>>()));
    }
    misses
}

fn at<'v>(value: &'v Value, path: &[usize]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, &step| match value {
        Value::Array(items) => items.get(step),
        Value::Object(members) => members.values().nth(step),
        _ => None,
    })
}

fn replaced(value: &Value, path: &[usize], replacement: Value) -> Value {
    let mut copy = value.clone();
    let place = path.iter().try_fold(&mut copy, |value, &step| match value {
        Value::Array(items) => items.get_mut(step),
        Value::Object(members) => members.values_mut().nth(step),
        _ => None,
    });
    if let Some(place) = place {
        *place = replacement;
    }
    copy
}

fn replacements(part: &Value) -> Vec<(Change, Value)> {
    let mut changes = vec![
        (Change::Null, Value::Null),
        (Change::EmptyArray, json!([])),
        (Change::EmptyObject, json!({})),
        (Change::Wrapped, json!([part])),
    ];
    match part {
        Value::Null => changes.extend(other_types(&[json!(0), json!("x"), json!(false)])),
        Value::Bool(_) => changes.extend(other_types(&[json!(1), json!("true")])),
        Value::Number(number) => {
            changes.extend(other_types(&[json!(number.to_string()), json!(true)]));
            numbers(part, &mut changes);
        }
        Value::String(text) => {
            changes.extend(other_types(&[json!(7), json!(false)]));
            texts(text, &mut changes);
        }
        Value::Array(items) => arrays(items, &mut changes),
        Value::Object(members) => objects(members, &mut changes),
    }
    changes.retain(|(_, value)| value != part);
    changes
}

fn other_types(values: &[Value]) -> Vec<(Change, Value)> {
    values
        .iter()
        .map(|value| (Change::OtherType, value.clone()))
        .collect()
}

fn numbers(part: &Value, changes: &mut Vec<(Change, Value)>) {
    let near = part
        .as_i64()
        .into_iter()
        .flat_map(|number| [number.checked_sub(1), number.checked_add(1)])
        .flatten();
    let edges = [
        0,
        1,
        -1,
        127,
        128,
        -128,
        -129,
        255,
        256,
        32_767,
        32_768,
        -32_769,
        65_535,
        65_536,
        2_147_483_647,
    ]
    .into_iter()
    .chain([
        2_147_483_648,
        -2_147_483_649,
        4_294_967_295,
        4_294_967_296,
        i64::MAX,
        i64::MIN,
        999_999_999,
        1_000_000_000,
    ]);
    changes.extend(
        near.chain(edges)
            .map(|number| (Change::OtherNumber, json!(number))),
    );
    changes.push((Change::OtherNumber, json!(u64::MAX)));
    changes.push((
        Change::Fraction,
        json!(part.as_f64().unwrap_or(0.0).clamp(-1e9, 1e9).trunc() + 0.5),
    ));
    if let Some(number) = part
        .as_i64()
        .filter(|number| number.unsigned_abs() < 1 << 52)
    {
        changes.push((Change::IntegralFloat, json!(number as f64)));
    }
}

fn texts(text: &str, changes: &mut Vec<(Change, Value)>) {
    changes.push((Change::EmptyText, json!("")));
    for other in ["x", "Other", "two words", "5", "🦀🦀"] {
        changes.push((Change::OtherText, json!(other)));
    }
    changes.push((Change::LongerText, json!(format!("{text}x"))));
    let toggled: String = text
        .chars()
        .map(|c| {
            if c.is_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    changes.push((Change::OtherCase, json!(toggled)));
    changes.push((Change::TextAsObject, json!({ text: null })));
}

fn arrays(items: &[Value], changes: &mut Vec<(Change, Value)>) {
    let with = |extra: Value| Value::Array(items.iter().cloned().chain([extra]).collect());
    changes.push((Change::ExtraItem, with(Value::Null)));
    changes.push((Change::ExtraItem, with(json!("x"))));
    if let Some((last, rest)) = items.split_last() {
        changes.push((Change::DroppedItem, Value::from(rest.to_vec())));
        changes.push((Change::RepeatedItem, with(last.clone())));
        let mut swapped = items.to_vec();
        swapped.reverse();
        changes.push((Change::Swapped, Value::from(swapped)));
    }
}

fn objects(members: &Map<String, Value>, changes: &mut Vec<(Change, Value)>) {
    changes.push((Change::ObjectAsArray, members.values().cloned().collect()));
    if let Some(key) = members.keys().next() {
        changes.push((Change::ObjectAsText, json!(key)));
    }
    for (extra, value) in [
        ("zz", json!(1)),
        ("é", Value::Null),
        ("007", json!("x")),
        ("t", json!("A")),
        ("c", json!(5)),
    ] {
        let mut more = members.clone();
        more.entry(extra).or_insert(value);
        changes.push((Change::ExtraKey, Value::Object(more)));
    }
    for key in members.keys() {
        let without = |renamed: Option<String>| {
            let rename = |(name, value): (&String, &Value)| {
                let name = if name == key {
                    renamed.clone()?
                } else {
                    name.clone()
                };
                Some((name, value.clone()))
            };
            Value::Object(members.iter().filter_map(rename).collect())
        };
        changes.push((Change::DroppedKey, without(None)));
        for renamed in [
            format!("{key}x"),
            key.to_uppercase(),
            format!("0{key}"),
            "999".to_owned(),
        ] {
            changes.push((Change::RenamedKey, without(Some(renamed))));
        }
    }
}
