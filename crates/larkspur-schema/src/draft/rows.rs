//! What older drafts say otherwise.
//!
//! Sources: the release notes of each draft on <https://json-schema.org/specification> and
//! <https://json-schema.org/draft/2020-12/release-notes>; OpenAPI 3.0.3, "Schema Object"; OpenAPI 3.1.0, which is 2020-12.

use serde_json::{Value, json};

use super::{
    Draft::{self, Draft4, Draft6, Draft7, Draft201909, Draft202012, OpenApi30, Unsaid},
    Site,
};
use crate::vocabulary::TYPES;

/// One difference.
pub(super) struct Row {
    pub(super) keyword: &'static str,
    pub(super) drafts: &'static [Draft],
    /// Whether the keyword's value is of the old kind.
    pub(super) applies: fn(&Value) -> bool,
    pub(super) rewrite: fn(&mut Site<'_>),
    pub(super) reason: &'static str,
}

/// Also where 2020-12 is said: it gives these spellings no other meaning.
const ALL: &[Draft] = &[
    Unsaid,
    Draft4,
    OpenApi30,
    Draft6,
    Draft7,
    Draft201909,
    Draft202012,
];

/// In the order in which they are applied.
pub(super) const ROWS: &[Row] = &[
    Row {
        keyword: "$ref",
        drafts: &[Draft4, OpenApi30, Draft6, Draft7],
        applies: Value::is_string,
        rewrite: alone,
        reason: "keywords beside `$ref` mean nothing in this draft",
    },
    Row {
        keyword: "id",
        drafts: &[Draft4],
        applies: Value::is_string,
        rewrite: |site| rename(site, "id", "$id"),
        reason: "a word of draft 4 for `$id`",
    },
    Row {
        keyword: "$id",
        drafts: ALL,
        applies: |value| value.as_str().is_some_and(|id| id.starts_with('#')),
        rewrite: anchor,
        reason: "a name inside the document is an `$anchor` since 2019-09",
    },
    Row {
        keyword: "const",
        drafts: &[Draft4],
        applies: |_| true,
        rewrite: |site| remove(site, "const"),
        reason: "means nothing in draft 4; write an `enum` of one value",
    },
    Row {
        keyword: "contains",
        drafts: &[Draft4],
        applies: |_| true,
        rewrite: |site| remove(site, "contains"),
        reason: "means nothing in draft 4",
    },
    Row {
        keyword: "propertyNames",
        drafts: &[Draft4],
        applies: |_| true,
        rewrite: |site| remove(site, "propertyNames"),
        reason: "means nothing in draft 4",
    },
    Row {
        keyword: "if",
        drafts: &[Draft4, Draft6],
        applies: |_| true,
        rewrite: |site| remove(site, "if"),
        reason: "means nothing before draft 7",
    },
    Row {
        keyword: "type",
        drafts: ALL,
        applies: |value| {
            let name = value.as_str().unwrap_or_default();
            !TYPES.contains(&name) && TYPES.contains(&name.to_ascii_lowercase().as_str())
        },
        rewrite: |site| {
            if let Some(Value::String(name)) = site.keywords.get_mut("type") {
                name.make_ascii_lowercase();
            }
        },
        reason: "Google's APIs write the names of types in capitals",
    },
    Row {
        keyword: "required",
        drafts: ALL,
        applies: Value::is_boolean,
        rewrite: |site| remove(site, "required"),
        reason: "a word of draft 3, which means nothing in later drafts",
    },
    Row {
        keyword: "exclusiveMinimum",
        drafts: ALL,
        applies: Value::is_boolean,
        rewrite: |site| exclude(site, "minimum", "exclusiveMinimum"),
        reason: "a boolean in draft 4 and OpenAPI 3.0, which makes `minimum` exclusive",
    },
    Row {
        keyword: "exclusiveMaximum",
        drafts: ALL,
        applies: Value::is_boolean,
        rewrite: |site| exclude(site, "maximum", "exclusiveMaximum"),
        reason: "a boolean in draft 4 and OpenAPI 3.0, which makes `maximum` exclusive",
    },
    Row {
        keyword: "items",
        drafts: ALL,
        applies: Value::is_array,
        rewrite: positions,
        reason: "a list under `items` is `prefixItems` since 2020-12",
    },
    Row {
        keyword: "dependencies",
        drafts: ALL,
        applies: Value::is_object,
        rewrite: dependencies,
        reason: "split into `dependentRequired` and `dependentSchemas` since 2019-09",
    },
    Row {
        keyword: "$recursiveRef",
        drafts: ALL,
        applies: |value| value == "#",
        rewrite: |site| rename(site, "$recursiveRef", "$ref"),
        reason: "`$recursiveRef` of 2019-09, read as a reference to the whole schema",
    },
    Row {
        keyword: "$recursiveAnchor",
        drafts: ALL,
        applies: Value::is_boolean,
        rewrite: |site| remove(site, "$recursiveAnchor"),
        reason: "goes with `$recursiveRef`",
    },
    Row {
        keyword: "nullable",
        drafts: ALL,
        applies: Value::is_boolean,
        rewrite: nullable,
        reason: "a word of OpenAPI 3.0, read as: or null",
    },
    Row {
        keyword: "example",
        drafts: &[OpenApi30],
        applies: |_| true,
        rewrite: example,
        reason: "a word of OpenAPI 3.0 for one of the `examples`",
    },
    Row {
        keyword: "$schema",
        drafts: &[Draft4, Draft6, Draft7, Draft201909],
        applies: Value::is_string,
        rewrite: |site| remove(site, "$schema"),
        reason: "the schema is now said in 2020-12",
    },
];

/// Puts a value under another keyword, in the same place of the order.
fn rename(site: &mut Site<'_>, from: &str, to: &str) {
    let renamed = std::mem::take(site.keywords)
        .into_iter()
        .map(|(keyword, value)| {
            if keyword == from {
                (to.to_owned(), value)
            } else {
                (keyword, value)
            }
        })
        .collect();
    *site.keywords = renamed;
    site.moved(&format!("/{to}"), &format!("/{from}"));
}

fn anchor(site: &mut Site<'_>) {
    let is_name = |id: &str| {
        id.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
            && id
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
    };
    match site.keywords.get_mut("$id") {
        Some(Value::String(id)) if id.get(1..).is_some_and(is_name) => {
            id.remove(0);
            rename(site, "$id", "$anchor");
        }
        // Where the schema stands is known without being said.
        _ => remove(site, "$id"),
    }
}

fn remove(site: &mut Site<'_>, keyword: &str) {
    site.keywords.shift_remove(keyword);
}

/// Keeps of what stands beside a `$ref` what it may lead to, and nothing that says a rule.
fn alone(site: &mut Site<'_>) {
    const NO_RULES: &[&str] = &[
        "$ref",
        "$schema",
        "$defs",
        "definitions",
        "components",
        "openapi",
        "title",
        "description",
    ];
    site.keywords
        .retain(|keyword, _| NO_RULES.contains(&keyword.as_str()));
}

fn exclude(site: &mut Site<'_>, bound: &str, exclusive: &str) {
    let excludes = site.keywords.shift_remove(exclusive) == Some(Value::Bool(true));
    if excludes && site.keywords.contains_key(bound) {
        rename(site, bound, exclusive);
    }
}

fn positions(site: &mut Site<'_>) {
    rename(site, "items", "prefixItems");
    if site.keywords.contains_key("additionalItems") {
        rename(site, "additionalItems", "items");
    }
}

fn dependencies(site: &mut Site<'_>) {
    let Some(Value::Object(all)) = site.keywords.shift_remove("dependencies") else {
        return;
    };
    let (names, schemas): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, value)| value.is_array());
    for (keyword, members) in [("dependentRequired", names), ("dependentSchemas", schemas)] {
        if !members.is_empty() {
            let members: serde_json::Map<String, Value> = members.into_iter().collect();
            site.keywords
                .insert(keyword.to_owned(), Value::Object(members));
            site.moved(&format!("/{keyword}"), "/dependencies");
        }
    }
}

/// `null` becomes one more type; where there is no type, one more branch.
fn nullable(site: &mut Site<'_>) {
    if site.keywords.shift_remove("nullable") != Some(Value::Bool(true)) {
        return;
    }
    let null = json!("null");
    let types = match site.keywords.get("type") {
        Some(Value::String(one)) => vec![json!(one), null.clone()],
        Some(Value::Array(many)) if !many.contains(&null) => {
            many.iter().cloned().chain([null.clone()]).collect()
        }
        Some(_) => return,
        None => return or_null(site),
    };
    site.keywords.insert("type".to_owned(), Value::Array(types));
    if let Some(Value::Array(values)) = site.keywords.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    let unions = ["anyOf", "oneOf", "allOf", "const", "$ref"];
    if unions
        .iter()
        .any(|keyword| site.keywords.contains_key(*keyword))
    {
        // The type allows `null` now, but what stands beside it may not.
        or_null(site);
    }
}

fn or_null(site: &mut Site<'_>) {
    const OUTSIDE: &[&str] = &[
        "title",
        "description",
        "default",
        "examples",
        "example",
        "deprecated",
        "$defs",
        "definitions",
        "components",
        "openapi",
        "$schema",
        "$id",
    ];
    let (outside, inside): (serde_json::Map<_, _>, serde_json::Map<_, _>) =
        std::mem::take(site.keywords)
            .into_iter()
            .partition(|(keyword, _)| OUTSIDE.contains(&keyword.as_str()));
    *site.keywords = outside;
    site.keywords.insert(
        "anyOf".to_owned(),
        json!([Value::Object(inside), {"type": "null"}]),
    );
    site.wrap("/anyOf/0");
}

fn example(site: &mut Site<'_>) {
    if let Some(example) = site.keywords.shift_remove("example") {
        site.keywords
            .entry("examples")
            .or_insert_with(|| json!([example]));
    }
}
