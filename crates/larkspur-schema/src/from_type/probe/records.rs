//! Fields of structs and items of tuples.

use serde_json::{Map, Value};

use super::Place;
use super::refusal::Refusal;
use crate::vocabulary::required_names;

/// What is true of the properties of one object schema.
#[derive(Debug, Default)]
pub(in crate::from_type) struct RecordFacts {
    /// Property, and another name that serde takes for it.
    pub(in crate::from_type) aliases: Vec<(String, String)>,
    /// Serde insists on these, the schema does not.
    pub(in crate::from_type) needed: Vec<String>,
    /// The schema insists on these, serde does not.
    pub(in crate::from_type) optional: Vec<String>,
    /// Serde reads these too, and takes nothing but null.
    pub(in crate::from_type) null: Vec<String>,
}

pub(super) fn learn(here: &Place<'_>) -> RecordFacts {
    let mut facts = RecordFacts::default();
    let (Some(Value::Object(value)), Some(Value::Object(properties))) =
        (here.value(), here.schema.get("properties"))
    else {
        return facts;
    };
    let fields = here
        .visited
        .log
        .fields
        .get(here.path)
        .copied()
        .unwrap_or_default();
    let required = required_names(here.schema);
    for name in properties.keys().filter(|name| value.contains_key(*name)) {
        let is_required = required.contains(name.as_str());
        let mut without = value.clone();
        without.shift_remove(name);
        match here.read_with(Value::Object(without)) {
            Err(Refusal::Missing(missing)) if !is_required && missing == name => {
                facts.needed.push(name.clone());
            }
            Ok(()) if is_required && fields.contains(&name.as_str()) => {
                facts.optional.push(name.clone());
            }
            _ => {}
        }
    }
    for field in fields
        .iter()
        .filter(|field| !properties.contains_key(**field))
    {
        match here.read_with(with(value, field, Value::Null)) {
            Err(Refusal::Duplicate(name)) if properties.contains_key(name) => {
                facts.aliases.push((name.to_owned(), (*field).to_owned()));
            }
            Ok(()) if reads_only_null(here, value, field) => facts.null.push((*field).to_owned()),
            _ => {}
        }
    }
    facts
}

/// Whether this is a struct without fields, and not free-form: both are just `"type": "object"`.
pub(super) fn is_empty(here: &Place<'_>) -> bool {
    let is_bare = here.schema.get("type").is_some_and(|ty| ty == "object")
        && ![
            "properties",
            "additionalProperties",
            "patternProperties",
            "$ref",
            "allOf",
            "anyOf",
            "oneOf",
        ]
        .iter()
        .any(|keyword| here.schema.contains_key(*keyword));
    is_bare
        && here
            .visited
            .log
            .fields
            .get(here.path)
            .is_some_and(|fields| fields.is_empty())
}

fn reads_only_null(here: &Place<'_>, value: &Map<String, Value>, field: &str) -> bool {
    let others = [
        Value::from(true),
        Value::from(1),
        Value::from("x"),
        Value::Array(Vec::new()),
        Value::Object(Map::new()),
    ];
    others
        .into_iter()
        .all(|other| here.read_with(with(value, field, other)).is_err())
}

fn with(value: &Map<String, Value>, field: &str, content: Value) -> Value {
    let mut value = value.clone();
    value.insert(field.to_owned(), content);
    Value::Object(value)
}

/// The least number of items that is read, if it is less than the schema says.
pub(super) fn least_items(here: &Place<'_>) -> Option<usize> {
    let items = here
        .value()?
        .as_array()
        .filter(|_| here.visited.log.tuples.contains(here.path))?;
    let shorter = |length: &usize| {
        items
            .get(..*length)
            .is_some_and(|items| here.read_with(items.into()).is_ok())
    };
    (0..items.len()).rev().take_while(shorter).last()
}
