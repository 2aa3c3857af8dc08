//! Schemas and values that are probably valid.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// A schema, the definitions it refers to, and values that are probably valid.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) schema: Value,
    pub(crate) definitions: Map<String, Value>,
    pub(crate) values: Vec<Value>,
}

impl Sample {
    fn new(schema: Value, values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            schema,
            definitions: Map::new(),
            values: values.into_iter().collect(),
        }
    }

    fn with(mut self, others: &[Sample]) -> Self {
        for other in others {
            self.definitions.extend(other.definitions.clone());
        }
        self.values.truncate(6);
        self
    }

    pub(crate) fn value(&self, index: usize) -> Option<&Value> {
        self.values.get(index % self.values.len().max(1))
    }

    /// The whole document.
    pub(crate) fn document(&self) -> Value {
        let mut document = match &self.schema {
            Value::Object(keywords) => keywords.clone(),
            other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
        };
        if !self.definitions.is_empty() {
            document.insert("$defs".to_owned(), Value::Object(self.definitions.clone()));
        }
        Value::Object(document)
    }
}

fn leaf() -> impl Strategy<Value = Sample> {
    let samples = vec![
        Sample::new(
            json!({"type": "string"}),
            [json!(""), json!("a"), json!("{\"a\": 1}"), json!("null")],
        ),
        Sample::new(
            json!({"type": "string", "minLength": 1, "maxLength": 2}),
            [json!("é"), json!("\n\n")],
        ),
        Sample::new(
            json!({"type": "string", "pattern": "^[a-c]+$"}),
            [json!("abc")],
        ),
        Sample::new(json!({"type": "integer"}), [json!(0), json!(-7)]),
        Sample::new(
            json!({"type": "integer", "minimum": 5, "exclusiveMaximum": 9}),
            [json!(5), json!(8)],
        ),
        Sample::new(json!({"type": "number"}), [json!(0.5), json!(3)]),
        Sample::new(json!({"type": "boolean"}), [json!(true), json!(false)]),
        Sample::new(json!({"type": "null"}), [Value::Null]),
        Sample::new(json!({"enum": ["a", "b"]}), [json!("a"), json!("b")]),
        Sample::new(
            json!({"enum": ["a", 1, null, [1, "x"], {"k": true}]}),
            [json!("a"), json!(1), json!([1, "x"]), json!({"k": true})],
        ),
        Sample::new(json!({"const": "tag"}), [json!("tag")]),
        Sample::new(
            json!({"type": ["string", "null"]}),
            [json!("x"), Value::Null],
        ),
        Sample::new(
            json!({"type": ["integer", "boolean"], "description": "a number or not"}),
            [json!(1), json!(true)],
        ),
        Sample::new(
            json!(true),
            [
                json!(1),
                json!("x"),
                json!({"a": [1]}),
                json!([]),
                Value::Null,
                json!("["),
            ],
        ),
        Sample::new(
            json!({}),
            [
                json!({"key": "a", "value": 1}),
                json!([{"key": "a", "value": 1}]),
            ],
        ),
        Sample::new(
            json!({"type": "object"}),
            [json!({}), json!({"a": {"b": 1}})],
        ),
        Sample::new(json!({"type": "array"}), [json!([]), json!([1, "a"])]),
        Sample::new(
            json!({"type": "object", "additionalProperties": true}),
            [json!({"x": 1})],
        ),
    ];
    select(samples)
}

const NAMES: [&str; 5] = ["id", "name", "item_0", "key", "value"];

fn array_of(items: &Sample) -> Sample {
    let one: Vec<Value> = items.values.iter().map(|value| json!([value])).collect();
    let values = [json!([]), Value::Array(items.values.clone())]
        .into_iter()
        .chain(one);
    Sample::new(json!({"type": "array", "items": items.schema}), values)
        .with(std::slice::from_ref(items))
}

fn map_of(values: &Sample) -> Sample {
    let full: Map<String, Value> = values
        .values
        .iter()
        .zip(NAMES)
        .map(|(value, name)| (name.to_owned(), value.clone()))
        .collect();
    let schema = json!({"type": "object", "additionalProperties": values.schema});
    Sample::new(schema, [json!({}), Value::Object(full)]).with(std::slice::from_ref(values))
}

fn tuple_of(elements: &[Sample], min: usize, rest: bool) -> Sample {
    let schemas: Vec<&Value> = elements.iter().map(|element| &element.schema).collect();
    let mut schema = json!({"type": "array", "prefixItems": schemas, "minItems": min.min(elements.len()), "items": false});
    if rest {
        schema["items"] = elements[0].schema.clone();
    }
    let mut values = Vec::new();
    for pick in 0..3 {
        let full: Vec<Value> = elements
            .iter()
            .filter_map(|element| element.value(pick).cloned())
            .collect();
        values.push(Value::Array(full.iter().take(min).cloned().collect()));
        if rest {
            let more = elements[0].value(pick).cloned();
            values.push(full.iter().cloned().chain(more).collect());
        }
        values.push(Value::Array(full));
    }
    Sample::new(schema, values).with(elements)
}

fn object_of(properties: &[(Sample, bool)], extra: Option<&Sample>, closed: bool) -> Sample {
    let mut schema = json!({"type": "object", "properties": {}});
    let mut required = Vec::new();
    let mut values = vec![Map::new(), Map::new(), Map::new(), Map::new()];
    for (index, ((sample, is_required), name)) in properties.iter().zip(NAMES).enumerate() {
        schema["properties"][name] = sample.schema.clone();
        if *is_required {
            required.push(name);
        }
        for (pick, members) in values.iter_mut().enumerate() {
            if (*is_required || (pick + index) % 2 == 0)
                && let Some(value) = sample.value(pick)
            {
                members.insert(name.to_owned(), value.clone());
            }
        }
    }
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let mut samples: Vec<Sample> = properties
        .iter()
        .map(|(sample, _)| sample.clone())
        .collect();
    match extra {
        Some(extra) => {
            schema["additionalProperties"] = extra.schema.clone();
            for (pick, members) in values.iter_mut().enumerate().skip(1) {
                members.extend(
                    extra
                        .value(pick)
                        .map(|value| (format!("x{pick}"), value.clone())),
                );
            }
            samples.push(extra.clone());
        }
        None if closed => schema["additionalProperties"] = json!(false),
        None => {}
    }
    Sample::new(schema, values.into_iter().map(Value::Object)).with(&samples)
}

fn union_of(keyword: &str, branches: &[Sample]) -> Sample {
    let schemas: Vec<&Value> = branches.iter().map(|branch| &branch.schema).collect();
    let values = (0..3).flat_map(|pick| {
        branches
            .iter()
            .filter_map(move |branch| branch.value(pick).cloned())
    });
    let values: Vec<Value> = values.collect();
    Sample::new(json!({keyword: schemas}), values).with(branches)
}

/// The sample by reference; beside the reference there is a description, or not.
fn reference_to(sample: &Sample, number: usize, is_described: bool) -> Sample {
    let name = format!("def{number}");
    let mut schema = json!({"$ref": format!("#/$defs/{name}")});
    if is_described {
        schema["description"] = json!("by reference");
    }
    let mut reference =
        Sample::new(schema, sample.values.clone()).with(std::slice::from_ref(sample));
    reference.definitions.insert(name, sample.schema.clone());
    reference
}

/// A recursive definition around the sample.
fn list_of(sample: &Sample, number: usize) -> Sample {
    let name = format!("list{number}");
    let link = json!({"$ref": format!("#/$defs/{name}")});
    let node = json!({"type": "object", "properties": {"head": sample.schema, "tail": link}, "required": ["head"]});
    let mut values = Vec::new();
    for pick in 0..2 {
        if let Some(value) = sample.value(pick) {
            values.push(json!({"head": value}));
            values.push(json!({"head": value, "tail": {"head": value, "tail": {"head": value}}}));
        }
    }
    let mut list = Sample::new(link, values).with(std::slice::from_ref(sample));
    list.definitions.insert(name, node);
    list
}

pub(crate) fn sample() -> impl Strategy<Value = Sample> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let many = prop::collection::vec(inner.clone(), 1..4);
        let properties = prop::collection::vec((inner.clone(), any::<bool>()), 0..4);
        prop_oneof![
            inner.clone().prop_map(|sample| array_of(&sample)),
            inner.clone().prop_map(|sample| map_of(&sample)),
            (many.clone(), 0usize..3, any::<bool>())
                .prop_map(|(elements, min, rest)| tuple_of(&elements, min, rest)),
            (properties.clone(), any::<bool>()).prop_map(|(properties, closed)| object_of(
                &properties,
                None,
                closed
            )),
            (properties, inner.clone()).prop_map(|(properties, extra)| object_of(
                &properties,
                Some(&extra),
                false
            )),
            many.clone()
                .prop_map(|branches| union_of("anyOf", &branches)),
            many.prop_map(|branches| union_of("oneOf", &branches)),
            (inner.clone(), 0usize..1000, any::<bool>())
                .prop_map(|(sample, number, described)| reference_to(&sample, number, described)),
            (inner, 0usize..1000).prop_map(|(sample, number)| list_of(&sample, number)),
        ]
    })
}
