//! The words of JSON Schema, and the nearest one to a word that is none.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Every keyword of drafts 4 to 2020-12.
pub(crate) const KEYWORDS: &[&str] = &[
    "$schema",
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$ref",
    "$dynamicRef",
    "$recursiveRef",
    "$defs",
    "definitions",
    "$comment",
    "$vocabulary",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "type",
    "enum",
    "const",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "unevaluatedProperties",
    "items",
    "prefixItems",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// Keywords whose value is one schema.
pub(crate) const ONE_SCHEMA: &[&str] = &[
    "items",
    "additionalItems",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords whose value is a list of schemas; `items` was one before draft 2020-12.
pub(crate) const SCHEMA_LISTS: &[&str] = &["anyOf", "oneOf", "allOf", "prefixItems", "items"];
/// Keywords whose value holds schemas by name.
pub(crate) const NAMED_SCHEMAS: &[&str] = &[
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
];

/// Keywords that say nothing of which values are valid.
pub(crate) const ANNOTATIONS: &[&str] = &[
    "$schema",
    "$id",
    "id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$defs",
    "definitions",
    "$comment",
    "$vocabulary",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
];

/// The names that `required` lists.
pub(crate) fn required_names(keywords: &Map<String, Value>) -> HashSet<&str> {
    let names = keywords.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

/// Words of OpenAPI and of other users of JSON Schema, which are no mistakes.
const ELSEWHERE: &[&str] = &[
    "id",
    "nullable",
    "example",
    "discriminator",
    "xml",
    "externalDocs",
    "propertyOrdering",
    "components",
    "strict",
];

/// The types.
pub(crate) const TYPES: &[&str] = &[
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// The formats of drafts 4 to 2020-12.
pub(crate) const FORMATS: &[&str] = &[
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// Names of types in other languages.
const FOREIGN_TYPES: &[(&str, &str)] = &[
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("int", "integer"),
    ("long", "integer"),
    ("bool", "boolean"),
    ("str", "string"),
    ("text", "string"),
    ("dict", "object"),
    ("map", "object"),
    ("list", "array"),
    ("tuple", "array"),
    ("none", "null"),
    ("nil", "null"),
];

/// Whether the word is a keyword of some draft.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The keyword that was probably meant, for a word that is none.
pub(crate) fn keyword_like(word: &str) -> Option<&'static str> {
    if is_keyword(word) || ELSEWHERE.contains(&word) || word.starts_with("x-") {
        return None;
    }
    nearest(word, KEYWORDS)
}

/// The type that was probably meant.
pub(crate) fn type_like(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let foreign = FOREIGN_TYPES
        .iter()
        .find(|(foreign, _)| *foreign == lower)
        .map(|(_, name)| *name);
    foreign.or_else(|| nearest(word, TYPES))
}

/// The format that was probably meant, for one that is in no draft.
pub(crate) fn format_like(word: &str) -> Option<&'static str> {
    if FORMATS.contains(&word) {
        return None;
    }
    match word {
        "datetime" | "timestamp" => Some("date-time"),
        "url" => Some("uri"),
        "guid" => Some("uuid"),
        "ip" => Some("ipv4"),
        _ => nearest(word, FORMATS),
    }
}

/// The one of `words` that differs least, where it differs little: one edit in a short word, two in a long one.
fn nearest(word: &str, words: &[&'static str]) -> Option<&'static str> {
    const LONGEST: usize = 40;
    if word.len() > LONGEST || word.len() < 3 {
        return None;
    }
    let most = if word.len() < 6 { 1 } else { 2 };
    let lower = word.to_ascii_lowercase();
    words
        .iter()
        .map(|other| (distance(&lower, &other.to_ascii_lowercase()), *other))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, other)| other)
}

/// Insertions, deletions and substitutions that lead from one word to the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, left) in a.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, right) in row.iter_mut().skip(1).zip(&b) {
            let edits = (diagonal + usize::from(left != *right)).min(before.min(*cell) + 1);
            diagonal = std::mem::replace(cell, edits);
            before = edits;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_found() {
        let check = |found: Option<&str>, expected: Option<&str>| assert_eq!(found, expected);
        check(keyword_like("propertys"), Some("properties"));
        check(
            keyword_like("additionalproperties"),
            Some("additionalProperties"),
        );
        check(keyword_like("minLenght"), Some("minLength"));
        check(keyword_like("x-itmes"), None);
        check(keyword_like("nullable"), None);
        check(keyword_like("colour"), None);
        check(type_like("strin"), Some("string"));
        check(type_like("float"), Some("number"));
        check(type_like("blob"), None);
        check(format_like("datetime"), Some("date-time"));
        check(format_like("uuidd"), Some("uuid"));
        check(format_like("int32"), None);
    }
}
