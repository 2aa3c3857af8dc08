//! Strict mode: what it refuses in one schema and in a request as a whole, and when it is on.

use larkspur_sim::{Sim, Writer};
use serde_json::{Value, json};

use crate::refusals::{Row, check, function, with};
use crate::schemas;
use crate::support::{self, CHAT, RESPONSES};

/// Schemas that strict mode refuses, in all three places where a schema can stand.
#[test]
#[rustfmt::skip]
fn strict_schemas() {
    let sim = Sim::start().unwrap();
    let closed = |extra: Value| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false});
        for (name, value) in extra.as_object().unwrap() {
            schema[name] = value.clone();
        }
        schema
    };
    for (schema, cause) in [
        (json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}), "In context=(), 'additionalProperties' is required to be supplied and to be false."),
        (closed(json!({"required": []})), "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'a'."),
        (closed(json!({"properties": {"a": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}}})), "In context=('properties', 'a'), 'uniqueItems' is not permitted."),
        (closed(json!({"properties": {"a": {"type": "string", "format": "uri"}}})), "In context=('properties', 'a'), 'uri' is not a valid format."),
        (closed(json!({"properties": {"a": {}}})), "In context=('properties', 'a'), schema must have a 'type' key."),
        (json!({"type": "array", "items": {"type": "string"}}), "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'."),
    ] {
        let format = json!({"type": "json_schema", "name": "n", "strict": true, "schema": schema});
        check(&sim, &Row(RESPONSES, json!({"text": {"format": format}}), "text.format.schema", "invalid_json_schema",
            format!("Invalid schema for response_format 'n': {cause}").leak()));
        check(&sim, &Row(CHAT, json!({"response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": true, "schema": schema}}}), "response_format", "",
            format!("Invalid schema for response_format 'n': {cause}").leak()));
        check(&sim, &Row(RESPONSES, json!({"tools": [function(&json!({})), function(&json!({"name": "g", "strict": true, "parameters": schema}))]}), "tools[1].parameters", "invalid_function_parameters",
            format!("Invalid schema for function 'g': {cause}").leak()));
        check(&sim, &Row(CHAT, json!({"tools": [{"type": "function", "function": {"name": "g", "strict": true, "parameters": schema}}]}), "tools[0].function.parameters", "invalid_function_parameters",
            format!("Invalid schema for function 'g': {cause}").leak()));
    }
}

/// Outside strict mode the same schemas are taken, and followed as far as the engine can.
#[test]
fn open_schemas_are_taken_outside_strict_mode() {
    let sim = Sim::start().unwrap();
    let schema = json!({"type": "object", "properties": {"a": {"type": "string", "format": "uri"}, "b": {"type": "integer"}}, "required": ["a"]});
    let format = json!({"type": "json_schema", "name": "n", "schema": schema});
    let answer = support::post(
        &sim,
        RESPONSES,
        &with(RESPONSES, &json!({"text": {"format": format}})),
    );
    let value: Value = serde_json::from_str(support::message(&answer.json())).unwrap();
    assert!(value["a"].is_string(), "{value}");
}

/// One property that is required and one that is not, in an object that says nothing of others.
fn loose() -> Value {
    json!({"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "integer"}}, "required": ["a"]})
}

/// Arguments of calls to a function, one for each seed.
fn arguments(path: &str, tool: &Value) -> Vec<Value> {
    let body = with(path, &json!({"tools": [tool], "tool_choice": "required"}));
    let call = |seed| {
        let sim = Sim::builder().writer(Writer::Random).seed(seed).start();
        let answer = support::post(&sim.unwrap(), path, &body).json();
        let items = answer["output"].as_array().cloned().unwrap_or_default();
        let call = items
            .into_iter()
            .find(|item| item["type"] == "function_call");
        let call = call.unwrap_or_else(|| {
            answer["choices"][0]["message"]["tool_calls"][0]["function"].clone()
        });
        serde_json::from_str(call["arguments"].as_str().unwrap()).unwrap()
    };
    (0..12).map(call).collect()
}

fn has_both_and_no_more(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.keys().eq(["a", "b"]))
}

/// Guide "Function calling", section "Strict mode": Responses puts a schema into strict form where `strict` is left out,
/// so what was optional is required; Chat Completions leaves it as it is.
#[test]
fn functions_without_strict() {
    for strict in [json!({}), json!({"strict": null})] {
        let mut flat = json!({"type": "function", "name": "g", "parameters": loose()});
        flat.as_object_mut()
            .unwrap()
            .extend(strict.as_object().unwrap().clone());
        let found = arguments(RESPONSES, &flat);
        assert!(found.iter().all(has_both_and_no_more), "{found:?}");
        let nested = json!({"type": "function", "function": flat_to_nested(&flat)});
        let found = arguments(CHAT, &nested);
        assert!(!found.iter().all(has_both_and_no_more), "{found:?}");
    }
    let declined = json!({"type": "function", "name": "g", "strict": false, "parameters": loose()});
    let found = arguments(RESPONSES, &declined);
    assert!(!found.iter().all(has_both_and_no_more), "{found:?}");
}

fn flat_to_nested(tool: &Value) -> Value {
    let mut inner = tool.clone();
    inner.as_object_mut().unwrap().remove("type");
    inner
}

/// The response says what became of a function without `strict`.
#[test]
fn whether_a_function_became_strict() {
    let sim = Sim::start().unwrap();
    let inside = |schema: Value| json!({"type": "object", "properties": {"x": schema}});
    let named = json!({"type": "object", "properties": {"x": {"$ref": "#/$defs/d"}}, "$defs": {"d": loose()}});
    for (schema, strict) in [
        (schemas::object(&json!({"a": {"type": "string"}})), true),
        (loose(), true),
        (inside(loose()), true),
        (inside(json!({"type": "array", "items": loose()})), true),
        (inside(json!({"anyOf": [loose(), {"type": "null"}]})), true),
        (named, true),
        // Names of properties that look like keywords.
        (
            json!({"type": "object", "properties": {"properties": {"type": "string"}, "required": {"type": "string"}}}),
            true,
        ),
        (inside(json!({"type": "string", "format": "uri"})), false),
        (inside(json!({"type": "object"})), false),
        (
            inside(json!({"type": "object", "additionalProperties": {"type": "string"}})),
            false,
        ),
        (
            json!({"type": "object", "properties": {}, "additionalProperties": true}),
            false,
        ),
        (
            json!({"type": "object", "properties": {}, "required": ["nobody"]}),
            false,
        ),
        (
            inside(json!({"oneOf": [{"type": "string"}, {"type": "null"}]})),
            false,
        ),
    ] {
        let tool = json!({"type": "function", "name": "g", "parameters": schema});
        let answer = support::post(&sim, RESPONSES, &with(RESPONSES, &json!({"tools": [tool]})));
        assert_eq!(answer.status, 200, "{schema}: {}", answer.body);
        let echoed = &answer.json()["tools"][0];
        assert_eq!(echoed["strict"], strict, "{schema}");
        assert_eq!(echoed["parameters"], schema);
    }
}

/// A format of the text is strict only where it says so, on both APIs.
#[test]
fn formats_without_strict() {
    let sim = Sim::builder().writer(Writer::Random).start().unwrap();
    let definition = json!({"name": "n", "schema": loose()});
    let mut flat = definition.clone();
    flat["type"] = json!("json_schema");
    let responses = with(RESPONSES, &json!({"text": {"format": flat}}));
    let chat =
        json!({"n": 12, "response_format": {"type": "json_schema", "json_schema": definition}});
    let chat = support::post(&sim, CHAT, &with(CHAT, &chat)).json();
    let chat = chat["choices"].as_array().unwrap().iter();
    let chat = chat.map(|choice| choice["message"]["content"].as_str().unwrap().to_owned());
    let responses = (0..12).map(|_| {
        let answer = support::post(&sim, RESPONSES, &responses).json();
        support::message(&answer).to_owned()
    });
    for texts in [responses.collect::<Vec<_>>(), chat.collect()] {
        let value = |text: &String| serde_json::from_str::<Value>(text).unwrap();
        let values: Vec<Value> = texts.iter().map(value).collect();
        assert!(!values.iter().all(has_both_and_no_more), "{values:?}");
    }
}

/// A schema that is within the limits once and beyond them twice.
struct Heavy {
    schema: Value,
    /// What is said of two of them.
    cause: &'static str,
}

fn heavy() -> Vec<Heavy> {
    let object = |count: usize, name: &dyn Fn(usize) -> String| {
        let properties: serde_json::Map<_, _> = (0..count)
            .map(|number| (name(number), json!({"type": "null"})))
            .collect();
        schemas::object(&properties.into())
    };
    let values: Vec<String> = (0..600).map(|number| format!("v{number}")).collect();
    vec![
        Heavy {
            schema: object(2_600, &|number| format!("p{number}")),
            cause: "5200 parameters exceeds limit of 5000.",
        },
        Heavy {
            schema: schemas::object(&json!({"a": {"type": "string", "enum": values}})),
            cause: "Expected at most 1000 enum values in total within a single schema when using structured outputs, but received 1200. Consider reducing the number of enums, or use 'strict: false' to opt out of structured outputs.",
        },
        Heavy {
            schema: object(620, &|number| format!("{number:0>100}")),
            cause: "the request has 124000 characters in names, enum values and consts, 120000 are allowed; the heaviest part is `tools[0].parameters` with 62000",
        },
    ]
}

fn format_of(schema: &Value) -> Value {
    json!({"type": "json_schema", "name": "n", "strict": true, "schema": schema})
}

fn strict_function(name: &str, schema: &Value) -> Value {
    json!({"type": "function", "name": name, "strict": true, "parameters": schema})
}

fn nested_function(name: &str, schema: &Value) -> Value {
    json!({"type": "function", "function": {"name": name, "strict": true, "parameters": schema}})
}

/// The limits hold for the format and all tools together; the schema that breaks them is named.
#[test]
fn what_is_too_much_together() {
    let sim = Sim::start().unwrap();
    for Heavy { schema, cause } in heavy() {
        let two = json!({"tools": [strict_function("f", &schema), strict_function("g", &schema)]});
        let text = |kind: &str, cause: &str| -> &'static str {
            format!("Invalid schema for {kind}: {cause}").leak()
        };
        check(
            &sim,
            &Row(
                RESPONSES,
                two,
                "tools[1].parameters",
                "invalid_function_parameters",
                text("function 'g'", cause),
            ),
        );
        let cause = cause.replace("tools[0].parameters", "response_format");
        let format = json!({"type": "json_schema", "json_schema": {"name": "n", "strict": true, "schema": schema}});
        let both = json!({"response_format": format, "tools": [nested_function("f", &schema)]});
        check(
            &sim,
            &Row(
                CHAT,
                both,
                "tools[0].function.parameters",
                "invalid_function_parameters",
                text("function 'f'", &cause),
            ),
        );
        let cause = cause.replace("response_format", "text.format.schema");
        let both = json!({"text": {"format": format_of(&schema)}, "tools": [strict_function("f", &schema)]});
        check(
            &sim,
            &Row(
                RESPONSES,
                both,
                "tools[0].parameters",
                "invalid_function_parameters",
                text("function 'f'", &cause),
            ),
        );
    }
}

/// What is not strict, or strict only because the server could make it so, is no reason to refuse a request.
#[test]
fn what_does_not_count() {
    let sim = Sim::start().unwrap();
    for Heavy { schema, .. } in heavy() {
        let mut alone = with(RESPONSES, &json!({"text": {"format": format_of(&schema)}}));
        assert_eq!(support::post(&sim, RESPONSES, &alone).status, 200);
        let (mut unsaid, mut declined) =
            (strict_function("f", &schema), strict_function("g", &schema));
        unsaid.as_object_mut().unwrap().remove("strict");
        declined["strict"] = json!(false);
        alone["tools"] = json!([unsaid, declined]);
        let answer = support::post(&sim, RESPONSES, &alone);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let values: Vec<String> = (0..500).map(|number| format!("v{number}")).collect();
    let half = schemas::object(&json!({"a": {"type": "string", "enum": values}}));
    let two = json!({"tools": [nested_function("f", &half), nested_function("g", &half)]});
    assert_eq!(support::post(&sim, CHAT, &with(CHAT, &two)).status, 200);
}
