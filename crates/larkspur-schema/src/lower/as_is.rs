//! Before the passes: what needs none.
//!
//! A schema that the server takes, and takes to mean what it says, is sent as it is, letter by letter. When in doubt it goes
//! through the passes, which say the same thing in plain words.

use std::collections::HashSet;

use larkspur_json::Pointer;
use serde_json::{Map, Value};

use super::{cycles, empty, graph::Shape, numbers::is_decimal, read};
use crate::{
    Dialect, Support,
    check::{self, walk::each_schema},
    dialect::{Silence, Unknown},
    vocabulary::{ANNOTATIONS, required_names},
};

/// Keywords whose conditions the check does not know in full.
const DOUBTFUL: &[&str] = &[
    "allOf",
    "oneOf",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "prefixItems",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
];

/// Where `false` says that there is nothing more. Anywhere else it says that there is no value.
const CLOSING: &[&str] = &["additionalProperties", "items"];

/// Whether nothing of the schema has to be said otherwise, for nothing is refused, skipped, widened or narrowed.
pub(super) fn is_taken_as_it_is(schema: &Value, dialect: &Dialect) -> bool {
    let mut is_plain = true;
    let mut places: HashSet<Pointer> = HashSet::new();
    let mut targets: HashSet<&str> = HashSet::new();
    each_schema(schema, |at, schema| {
        places.insert(at.clone());
        targets.extend(schema.get("$ref").and_then(Value::as_str));
        let closes = at
            .last()
            .is_some_and(|keyword| CLOSING.contains(&keyword.as_ref()));
        let ends = closes && schema == &Value::Bool(false);
        is_plain = is_plain && (ends || is_plainly_said(schema, dialect));
    });
    // What no keyword holds was not looked at; a reference may still lead there.
    let is_looked_at = |target: &str| {
        let place = target.strip_prefix('#').unwrap_or(target);
        place.parse().is_ok_and(|place| places.contains(&place))
    };
    is_plain
        && targets.into_iter().all(is_looked_at)
        && check::of_server(schema, dialect).is_empty()
        && is_sound(schema, dialect)
}

/// Whether the passes that only read find nothing wrong, and every schema describes some value.
fn is_sound(schema: &Value, dialect: &Dialect) -> bool {
    let mut graph = read::read(schema, dialect);
    if graph.problems.is_empty() {
        cycles::refuse_cycles(&mut graph);
    }
    if !graph.problems.is_empty() {
        return false;
    }
    empty::drop_empty(&mut graph, dialect);
    graph
        .ids()
        .all(|id| !matches!(graph.shape(id), Shape::Never))
}

/// Whether references and figures are written in the one way that every engine reads.
fn is_plainly_written(keywords: &Map<String, Value>, dialect: &Dialect) -> bool {
    const COUNTS: &[&str] = &[
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "minProperties",
        "maxProperties",
    ];
    keywords
        .iter()
        .all(|(keyword, value)| match keyword.as_str() {
            "$ref" => value.as_str().is_some_and(|target| {
                let is_here = target == "#" || target.starts_with("#/");
                let name = target.rsplit(['#', '/']).next().unwrap_or_default();
                is_here && !target.contains(['%', '~']) && dialect.form.refs.may_name(name)
            }),
            "multipleOf" => value.as_number().is_some_and(is_decimal),
            "enum" => value.as_array().is_some_and(|values| !values.is_empty()),
            keyword if COUNTS.contains(&keyword) => value.is_u64(),
            _ => true,
        })
}

fn is_plainly_said(schema: &Value, dialect: &Dialect) -> bool {
    let Value::Object(keywords) = schema else {
        return schema == &Value::Bool(true) && dialect.form.unknown == Unknown::Open;
    };
    let is_doubtful = |keyword: &str| {
        keywords.contains_key(keyword) && dialect.support(keyword) != Support::Taken
    };
    let form = &dialect.form;
    let is_closed_silently = form.silence != Silence::Open && is_silent(keywords);
    let is_any = keywords
        .keys()
        .all(|keyword| ANNOTATIONS.contains(&keyword.as_str()));
    let is_array = keywords.get("type").is_some_and(|kind| kind == "array");
    let is_open_array =
        form.silence != Silence::Open && is_array && !keywords.contains_key("items");
    let needs_words = DOUBTFUL.iter().any(|keyword| is_doubtful(keyword))
        || !is_plainly_written(keywords, dialect)
        || has_rules_beside(keywords)
        || is_closed_silently
        || is_open_array
        || (is_any && form.unknown != Unknown::Open)
        || is_reordered(keywords, dialect);
    !needs_words
}

/// Whether an object says nothing of other properties.
fn is_silent(keywords: &Map<String, Value>) -> bool {
    let is_object = keywords.get("type").is_some_and(|kind| {
        kind == "object"
            || kind
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| kind == "object"))
    });
    (is_object || keywords.contains_key("properties"))
        && !keywords.contains_key("additionalProperties")
}

/// Whether rules stand beside a reference or a union, which not every engine reads as both.
fn has_rules_beside(keywords: &Map<String, Value>) -> bool {
    let alternatives = ["$ref", "anyOf", "oneOf", "enum", "const"];
    let Some(alternative) = alternatives
        .iter()
        .find(|keyword| keywords.contains_key(**keyword))
    else {
        return false;
    };
    let may_say_type = matches!(*alternative, "enum" | "const");
    keywords.keys().any(|keyword| {
        keyword != alternative
            && !ANNOTATIONS.contains(&keyword.as_str())
            && !(may_say_type && keyword == "type")
    })
}

/// Whether the server writes the properties in another order than the schema lists them.
fn is_reordered(keywords: &Map<String, Value>, dialect: &Dialect) -> bool {
    let Some(properties) = keywords.get("properties").and_then(Value::as_object) else {
        return false;
    };
    if !dialect.form.required_first {
        return false;
    }
    let required = required_names(keywords);
    let mut is_required = properties
        .keys()
        .map(|name| required.contains(name.as_str()));
    is_required.by_ref().any(|required| !required);
    is_required.any(|required| required)
}
