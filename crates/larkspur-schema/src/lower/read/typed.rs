//! The keywords that belong to one type of value.

use indexmap::IndexMap;
use larkspur_json::Pointer;
use serde_json::{Map, Number as JsonNumber, Value};

use super::{Reader, kind};
use crate::{
    Diagnostic,
    lower::graph::{Array, Number, Object, Property, Rest, Shape, Text, Union},
    vocabulary,
};

/// How many types there are, without integers, which are numbers.
const EVERY: usize = vocabulary::TYPES.len() - 1;

/// Which keywords say rules for which type, where `type` itself says nothing.
const IMPLIED: [(&str, &[&str]); 4] = [
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
        ],
    ),
    ("array", &["items", "prefixItems", "minItems", "maxItems"]),
    ("string", &["pattern", "format", "minLength", "maxLength"]),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
];

impl<'s> Reader<'s> {
    /// The types that `type` lists.
    pub(super) fn types(
        &mut self,
        at: &Pointer,
        keywords: &'s Map<String, Value>,
    ) -> Option<Vec<&'s str>> {
        let value = keywords.get("type")?;
        let at = at.child("type");
        let listed: Vec<&Value> = match value {
            Value::Array(values) => values.iter().collect(),
            one => vec![one],
        };
        let mut types = Vec::new();
        for name in listed {
            match name.as_str() {
                Some(name) if vocabulary::TYPES.contains(&name) => {
                    if !types.contains(&name) {
                        types.push(name);
                    }
                }
                _ => self.graph.problems.push(unknown_type(&at, name)),
            }
        }
        if types.contains(&"number") {
            types.retain(|name| *name != "integer");
        }
        Some(types)
    }

    /// What the keywords of each type say.
    pub(super) fn typed(
        &mut self,
        at: &Pointer,
        keywords: &'s Map<String, Value>,
        types: Option<Vec<&'s str>>,
    ) -> Option<Shape> {
        let is_said = types.is_some();
        if types.as_ref().is_some_and(|types| types.len() == EVERY)
            && implied_types(keywords).is_empty()
        {
            return Some(Shape::Any);
        }
        let types = types.unwrap_or_else(|| implied_types(keywords));
        let mut shapes: Vec<Shape> = types
            .iter()
            .map(|name| self.of_type(at, keywords, name))
            .collect();
        if shapes.len() > 1 {
            let branches = shapes
                .into_iter()
                .map(|shape| self.graph.add_shape(at, shape))
                .collect();
            return Some(Shape::Union(Union {
                branches,
                exclusive: false,
                type_list: true,
            }));
        }
        let only = shapes.pop();
        if is_said {
            return Some(only.unwrap_or(Shape::Never));
        }
        only.map(|shape| Shape::Implied(self.graph.add_shape(at, shape)))
    }

    fn of_type(&mut self, at: &Pointer, keywords: &'s Map<String, Value>, name: &str) -> Shape {
        match name {
            "null" => Shape::Null,
            "boolean" => Shape::Boolean,
            "integer" | "number" => Shape::Number(self.number(at, keywords, name == "integer")),
            "string" => Shape::Text(self.string(at, keywords)),
            "array" => Shape::Array(self.array(at, keywords)),
            _ => Shape::Object(self.members(at, keywords)),
        }
    }

    fn number(&mut self, at: &Pointer, keywords: &Map<String, Value>, integer: bool) -> Number {
        let mut number = Number {
            integer,
            ..Number::default()
        };
        number.minimum = self.bound(at, keywords, "minimum");
        number.maximum = self.bound(at, keywords, "maximum");
        number.multiple_of = self.bound(at, keywords, "multipleOf");
        number.exclusive_minimum = self.bound(at, keywords, "exclusiveMinimum");
        number.exclusive_maximum = self.bound(at, keywords, "exclusiveMaximum");
        number
    }

    fn bound(
        &mut self,
        at: &Pointer,
        keywords: &Map<String, Value>,
        keyword: &str,
    ) -> Option<JsonNumber> {
        let value = keywords.get(keyword)?;
        if value.as_number().is_none() {
            self.malformed(
                &at.child(keyword),
                format!("`{keyword}` is a number, not {}", kind(value)),
            );
        }
        value.as_number().cloned()
    }

    fn string(&mut self, at: &Pointer, keywords: &Map<String, Value>) -> Text {
        Text {
            pattern: self.text(at, keywords, "pattern"),
            format: self.text(at, keywords, "format"),
            min_length: self
                .count(at, keywords, "minLength")
                .filter(|length| *length > 0),
            max_length: self.count(at, keywords, "maxLength"),
        }
    }

    fn count(&mut self, at: &Pointer, keywords: &Map<String, Value>, keyword: &str) -> Option<u64> {
        let value = keywords.get(keyword)?;
        let count = value.as_u64().or_else(|| value.as_f64().and_then(whole));
        if count.is_none() {
            self.malformed(
                &at.child(keyword),
                format!("`{keyword}` is a whole number from 0, not {value}"),
            );
        }
        count
    }

    fn array(&mut self, at: &Pointer, keywords: &'s Map<String, Value>) -> Array {
        let mut array = Array {
            prefix: self
                .schemas(at, keywords, "prefixItems")
                .unwrap_or_default(),
            rest: self.rest(at, keywords, "items"),
            min: self.count(at, keywords, "minItems"),
            max: self.count(at, keywords, "maxItems"),
        };
        if array.rest == Rest::Unsaid
            && keywords.get("unevaluatedItems") == Some(&Value::Bool(false))
        {
            array.rest = Rest::Closed;
        }
        array
    }

    /// What is said of members or elements that are not named.
    fn rest(&mut self, at: &Pointer, keywords: &'s Map<String, Value>, keyword: &str) -> Rest {
        match keywords.get(keyword) {
            None => Rest::Unsaid,
            Some(Value::Bool(true)) => Rest::Open,
            Some(Value::Bool(false)) => Rest::Closed,
            Some(Value::Object(none)) if none.is_empty() => Rest::Open,
            Some(schema) => Rest::Each(self.child(at, keyword, schema)),
        }
    }

    fn members(&mut self, at: &Pointer, keywords: &'s Map<String, Value>) -> Object {
        let properties = self.named(at, keywords, "properties");
        let mut object = Object {
            properties: IndexMap::with_capacity(properties.len()),
            wanted: self.required(at, keywords),
            rest: self.rest(at, keywords, "additionalProperties"),
            patterns: Vec::new(),
            names: None,
            min: self
                .count(at, keywords, "minProperties")
                .filter(|count| *count > 0),
            max: self.count(at, keywords, "maxProperties"),
            listed: keywords.contains_key("properties"),
        };
        for (name, schema) in properties {
            let node = self.child(&at.child("properties"), name, schema);
            object.properties.insert(
                name.clone(),
                Property {
                    node,
                    required: false,
                },
            );
        }
        for (pattern, schema) in self.named(at, keywords, "patternProperties") {
            let node = self.child(&at.child("patternProperties"), pattern, schema);
            object.patterns.push((pattern.clone(), node));
        }
        object.names = keywords
            .get("propertyNames")
            .map(|schema| self.child(at, "propertyNames", schema));
        object.settle_required();
        object
    }

    /// The schemas by name under `keyword`.
    fn named(
        &mut self,
        at: &Pointer,
        keywords: &'s Map<String, Value>,
        keyword: &str,
    ) -> Vec<(&'s String, &'s Value)> {
        match keywords.get(keyword) {
            None => Vec::new(),
            Some(Value::Object(members)) => members.iter().collect(),
            Some(other) => {
                let message = format!(
                    "`{keyword}` is an object with a schema for each name, not {}",
                    kind(other)
                );
                self.malformed(&at.child(keyword), message);
                Vec::new()
            }
        }
    }

    fn required(&mut self, at: &Pointer, keywords: &Map<String, Value>) -> Vec<String> {
        match keywords.get("required") {
            None => Vec::new(),
            Some(Value::Array(names)) if names.iter().all(Value::is_string) => names
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(other) => {
                self.malformed(
                    &at.child("required"),
                    format!("`required` is an array of names, not {other}"),
                );
                Vec::new()
            }
        }
    }
}

fn unknown_type(at: &Pointer, name: &Value) -> Diagnostic {
    let meant = name.as_str().and_then(vocabulary::type_like);
    let hint = match (meant, name.as_str()) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, Some("any")) => "leave `type` out".to_owned(),
        _ => format!("the types are {}", vocabulary::TYPES.join(", ")),
    };
    Diagnostic::error(
        "unknown-type",
        at,
        format!("{name} is not a type of JSON Schema"),
    )
    .hint(hint)
}

/// A double as a count, where it is one.
fn whole(float: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    (float.fract() == 0.0 && (0.0..9e15).contains(&float)).then_some(float as u64)
}

/// The types that the keywords speak of, where there is no `type`.
fn implied_types(keywords: &Map<String, Value>) -> Vec<&'static str> {
    let speaks_of = |rules: &[&str]| rules.iter().any(|rule| keywords.contains_key(*rule));
    IMPLIED
        .iter()
        .filter(|(_, rules)| speaks_of(rules))
        .map(|(name, _)| *name)
        .collect()
}
