//! The rules of a strict dialect, one function each.
//!
//! The server's texts were collected from public issue threads; where none is known there is none here.

use larkspur_json::Pointer;
use serde_json::{Map, Value};

use super::{
    context::{quoted, tuple},
    walk::{each_schema, subschemas},
};
use crate::{Diagnostic, Dialect, lower::is_regular};

type Keywords = Map<String, Value>;

pub(super) fn problems(schema: &Value, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut rules = Rules {
        dialect,
        found: Vec::new(),
    };
    rules.root(schema);
    each_schema(schema, |at, schema| rules.schema(at, schema));
    rules.found
}

struct Rules<'d> {
    dialect: &'d Dialect,
    found: Vec<Diagnostic>,
}

impl Rules<'_> {
    fn root(&mut self, schema: &Value) {
        let root = Pointer::root();
        let Some(keywords) = schema
            .as_object()
            .filter(|_| self.dialect.rules.root_object)
        else {
            return;
        };
        let is_object = keywords.get("type").and_then(Value::as_str) == Some("object");
        if !is_object {
            let got = match keywords.get("type") {
                Some(Value::String(name)) => format!("\"{name}\""),
                Some(other) => format!("\"{other}\""),
                None => "\"None\"".to_owned(),
            };
            self.found.push(
                Diagnostic::error("root-not-object", &root, "the root is not an object")
                    .hint("put the schema into an object with one property")
                    .server(format!(
                        r#"schema must be a JSON Schema of 'type: "object"', got 'type: {got}'."#
                    )),
            );
        }
        if is_object
            && ["anyOf", "oneOf", "allOf", "enum", "not"]
                .iter()
                .any(|keyword| keywords.contains_key(*keyword))
        {
            self.found.push(
                Diagnostic::error("root-union", &root, "the root is a union")
                    .hint("put the union into an object with one property")
                    .server("schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."),
            );
        }
    }

    fn schema(&mut self, at: &Pointer, schema: &Value) {
        match schema {
            Value::Object(keywords) if keywords.contains_key("$ref") => {
                self.reference(at, keywords);
            }
            Value::Object(keywords) => {
                self.keywords(at, keywords);
                self.types(at, keywords);
                self.object(at, keywords);
                self.array(at, keywords);
                self.string(at, keywords);
                self.values(at, keywords);
                self.first_keys(at, keywords);
                self.booleans(at, schema);
            }
            // Spoken of by the schema that it stands in.
            _ => {}
        }
    }

    /// Boolean schemas, but for `additionalProperties: false`.
    fn booleans(&mut self, at: &Pointer, schema: &Value) {
        let closing = at.child("additionalProperties");
        for (below, schema) in subschemas(at, schema) {
            if schema.is_boolean() && below != closing {
                let message = "`true` and `false` are no schemas here";
                let server = format!(
                    "In context={}, schema must have a 'type' key.",
                    tuple(&below)
                );
                self.found
                    .push(Diagnostic::error("boolean-schema", &below, message).server(server));
            }
        }
    }

    fn reference(&mut self, at: &Pointer, keywords: &Keywords) {
        if !self.dialect.rules.bare_refs {
            return;
        }
        let beside: Vec<String> = keywords
            .keys()
            .filter(|keyword| !matches!(keyword.as_str(), "$ref" | "$defs" | "definitions"))
            .map(|keyword| quoted(keyword))
            .collect();
        if !beside.is_empty() {
            let message = format!("keywords beside `$ref`: {}", beside.join(", "));
            self.found.push(
                Diagnostic::error("ref-siblings", at, message)
                    .hint("copy the schema that it refers to, or put the `$ref` into an `anyOf` of its own")
                    .server(format!("context={}, $ref cannot have keywords {{{}}}.", tuple(at), beside.join(", "))),
            );
        }
        let target = keywords
            .get("$ref")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let is_definition = ["#/$defs/", "#/definitions/"].iter().any(|prefix| {
            target
                .strip_prefix(prefix)
                .is_some_and(|name| !name.contains('/'))
        });
        if target != "#" && !is_definition {
            let message = format!("`{target}` does not lead to a definition");
            let hint = "put the schema into `$defs` and refer to it by `#/$defs/NAME`";
            self.found.push(
                Diagnostic::error("ref-not-to-definition", &at.child("$ref"), message).hint(hint),
            );
        }
    }

    fn keywords(&mut self, at: &Pointer, keywords: &Keywords) {
        for keyword in keywords.keys() {
            let is_permitted = ["string", "number", "array", "object"]
                .iter()
                .any(|kind| self.dialect.accepts(kind, keyword));
            if is_permitted {
                continue;
            }
            let place = at.child(keyword.as_str());
            let server = format!(
                "In context={}, {} is not permitted.",
                tuple(at),
                quoted(keyword)
            );
            if self.dialect.is_disputed(keyword) {
                let message = format!("`{keyword}` is refused by some models and taken by others");
                self.found
                    .push(Diagnostic::warning("disputed-keyword", &place, message).server(server));
            } else {
                let message = format!("`{keyword}` is not permitted");
                self.found.push(
                    Diagnostic::error("keyword-not-permitted", &place, message)
                        .hint(instead_of(keyword))
                        .server(server),
                );
            }
        }
    }

    fn types(&mut self, at: &Pointer, keywords: &Keywords) {
        let is_union = ["anyOf", "oneOf", "allOf"]
            .iter()
            .any(|keyword| keywords.contains_key(*keyword));
        if self.dialect.rules.typed && !keywords.contains_key("type") && !is_union && !at.is_root()
        {
            self.found.push(
                Diagnostic::error("missing-type", at, "the schema does not say a `type`")
                    .hint("say one, or list several")
                    .server(format!(
                        "In context={}, schema must have a 'type' key.",
                        tuple(at)
                    )),
            );
        }
    }

    fn object(&mut self, at: &Pointer, keywords: &Keywords) {
        if !has_type(keywords, "object") {
            return;
        }
        let context = tuple(at);
        let Some(properties) = keywords.get("properties").and_then(Value::as_object) else {
            self.found.push(
                Diagnostic::error(
                    "object-without-properties",
                    at,
                    "the object does not list its properties",
                )
                .hint("a map is sent as an array of entries; an empty object has `properties: {}`")
                .server(format!(
                    "In context={context}, object schema missing properties."
                )),
            );
            return;
        };
        if self.dialect.rules.closed_objects
            && keywords.get("additionalProperties") != Some(&Value::Bool(false))
        {
            self.found.push(
                Diagnostic::error("open-object", at, "the object is not closed")
                    .hint("say `additionalProperties: false`")
                    .server(format!("In context={context}, 'additionalProperties' is required to be supplied and to be false.")),
            );
        }
        if self.dialect.rules.all_required {
            self.required(at, properties, keywords.get("required"));
        }
    }

    fn required(&mut self, at: &Pointer, properties: &Keywords, required: Option<&Value>) {
        let empty = Vec::new();
        let names = required.and_then(Value::as_array).unwrap_or(&empty);
        let listed: std::collections::HashSet<&str> =
            names.iter().filter_map(Value::as_str).collect();
        let context = tuple(at);
        let rule = "'required' is required to be supplied and to be an array including every key in properties.";
        for name in properties
            .keys()
            .filter(|name| !listed.contains(name.as_str()))
        {
            self.found.push(
                Diagnostic::error(
                    "optional-property",
                    &at.child("properties").child(name),
                    format!("`{name}` is not required"),
                )
                .hint("list it in `required` and let it be null")
                .server(format!(
                    "In context={context}, {rule} Missing {}.",
                    quoted(name)
                )),
            );
        }
        for name in names
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| !properties.contains_key(*name))
        {
            self.found.push(
                Diagnostic::error(
                    "unknown-required",
                    &at.child("required"),
                    format!("`{name}` is required but is no property"),
                )
                .hint("add the property, or take the name out")
                .server(format!(
                    "In context={context}, {rule} Extra required key {} supplied.",
                    quoted(name)
                )),
            );
        }
    }

    fn array(&mut self, at: &Pointer, keywords: &Keywords) {
        if has_type(keywords, "array") && !keywords.get("items").is_some_and(Value::is_object) {
            self.found.push(
                Diagnostic::error(
                    "array-without-items",
                    at,
                    "the array does not say what its elements look like",
                )
                .hint("say `items`")
                .server(format!(
                    "In context={}, array schema missing items.",
                    tuple(at)
                )),
            );
        }
    }

    fn string(&mut self, at: &Pointer, keywords: &Keywords) {
        if let Some(format) = keywords.get("format").and_then(Value::as_str)
            && !self.dialect.accepts_format(format)
        {
            self.found.push(
                Diagnostic::error(
                    "format-not-permitted",
                    &at.child("format"),
                    format!("`{format}` is not a format of this server"),
                )
                .hint("say it in the description, or as a `pattern`")
                .server(format!(
                    "In context={}, {} is not a valid format.",
                    tuple(at),
                    quoted(format)
                )),
            );
        }
        if self.dialect.rules.regular_patterns
            && let Some(pattern) = keywords.get("pattern").and_then(Value::as_str)
            && !is_regular(pattern)
        {
            let path = at
                .tokens()
                .fold(String::new(), |path, token| path + "." + &token);
            self.found.push(
                Diagnostic::error("pattern-not-regular", &at.child("pattern"), format!("`{pattern}` is not a regular expression that the server takes"))
                    .hint("do without look-around, back-references and word boundaries")
                    .server(format!("Invalid JSON schema: regex lookaround is not supported. Found at ${path}.pattern.")),
            );
        }
    }

    fn values(&mut self, at: &Pointer, keywords: &Keywords) {
        let Some(values) = keywords.get("enum").and_then(Value::as_array) else {
            return;
        };
        let mut kinds = values.iter().map(kind).filter(|kind| *kind != "null");
        if let Some(first) = kinds.next()
            && kinds.any(|kind| kind != first)
        {
            self.found.push(
                Diagnostic::error(
                    "mixed-enum",
                    &at.child("enum"),
                    "the values are of different types",
                )
                .hint("make an `anyOf` with an `enum` for each type")
                .server("enum values must be of the same type"),
            );
        }
    }

    fn first_keys(&mut self, at: &Pointer, keywords: &Keywords) {
        let Some(branches) = keywords.get("anyOf").and_then(Value::as_array) else {
            return;
        };
        if !self.dialect.rules.distinct_first_keys {
            return;
        }
        let mut seen: Vec<(&String, Option<&Value>)> = Vec::new();
        for branch in branches {
            let Some((name, property)) = branch
                .get("properties")
                .and_then(Value::as_object)
                .and_then(|all| all.iter().next())
            else {
                continue;
            };
            let tag = property.get("const").or_else(|| {
                match property.get("enum").and_then(Value::as_array)?.as_slice() {
                    [only] => Some(only),
                    _ => None,
                }
            });
            let clashes = seen.iter().any(|(other, its_tag)| {
                *other == name && (tag.is_none() || its_tag.is_none() || *its_tag == tag)
            });
            if clashes {
                let message = format!(
                    "several branches begin with the key `{name}`, which does not tell them apart"
                );
                self.found.push(
                    Diagnostic::warning("shared-first-key", &at.child("anyOf"), message)
                        .hint("begin each branch with a key of its own or with a constant; some models refuse this")
                        .server("Objects provided via 'anyOf' must not share identical first keys. Consider adding a discriminator key or rearranging the properties to ensure the first key is unique."),
                );
                return;
            }
            seen.push((name, tag));
        }
    }
}

fn has_type(keywords: &Keywords, name: &str) -> bool {
    match keywords.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(many)) => many.iter().any(|one| one.as_str() == Some(name)),
        _ => false,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// What to write in place of a keyword.
fn instead_of(keyword: &str) -> &'static str {
    match keyword {
        "oneOf" => "write `anyOf`",
        "allOf" => "write the schemas as one",
        "minLength" | "maxLength" => r"say it as a pattern, such as `^[\s\S]{1,64}$`",
        "patternProperties" => "a map is sent as an array of entries",
        "prefixItems" => "a tuple is sent as an object with a property for each position",
        _ => "say it in the description and check the answer, or lower the schema, which does both",
    }
}
