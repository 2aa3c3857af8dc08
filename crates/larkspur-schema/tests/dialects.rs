//! Dialect by dialect: what is taken as it is, what is refused and in which words, what is lowered to what.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::needless_pass_by_value,
    reason = "tests: a literal reads better than a reference to one"
)]

use larkspur_schema::{Dialect, Severity, Support, Weight, check, check_request, lower};
use serde_json::{Value, json};

fn dialect(name: &str) -> &'static Dialect {
    Dialect::named(name).expect("a dialect of this name")
}

/// A closed object with one required property.
fn object(property: Value) -> Value {
    json!({"type": "object", "properties": {"x": property}, "required": ["x"], "additionalProperties": false})
}

/// The dialects that take the property of a closed object as it is; lowering sends exactly that to them.
#[track_caller]
fn taken_by(property: Value, names: &[&str]) {
    let schema = object(property);
    let takers: Vec<&str> = Dialect::all()
        .iter()
        .filter(|dialect| {
            let is_clean = check(&schema, Some(dialect)).is_empty();
            let lowered = lower(&schema, dialect).map(|lowered| lowered.schema);
            is_clean && lowered == Ok(schema.clone())
        })
        .map(|dialect| dialect.name())
        .collect();
    assert_eq!(takers, names, "{schema}");
}

const OPENAI: &[&str] = &["openai", "openai-fine-tuned", "azure"];
const LOCAL: &[&str] = &["vllm", "sglang", "llguidance", "llama-cpp", "ollama"];

fn all_but(left_out: &[&str]) -> Vec<&'static str> {
    // The first Gemini field takes no `additionalProperties`, and so nothing in a closed object.
    let names = Dialect::all().iter().map(|dialect| dialect.name());
    names
        .filter(|name| *name != "gemini-schema" && !left_out.contains(name))
        .collect()
}

#[test]
fn what_everybody_takes() {
    taken_by(
        json!({"type": "string", "description": "A name"}),
        &all_but(&[]),
    );
    taken_by(json!({"type": ["integer", "null"]}), &all_but(&[]));
    taken_by(json!({"type": "string", "enum": ["a", "b"]}), &all_but(&[]));
    taken_by(
        json!({"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        &all_but(&[]),
    );
    taken_by(
        json!({"type": "array", "items": {"type": "number"}}),
        &all_but(&[]),
    );
    taken_by(object(json!({"type": "null"})), &all_but(&[]));
}

#[test]
fn what_only_some_take() {
    let untyped: Vec<&str> = OPENAI
        .iter()
        .copied()
        .chain(["gemini-json-schema"])
        .collect();
    taken_by(json!({"enum": ["a", "b"]}), &all_but(&untyped));
    taken_by(
        json!({"type": "integer", "minimum": 1, "maximum": 5}),
        &all_but(&["openai-fine-tuned", "azure", "anthropic"]),
    );
    taken_by(
        json!({"type": "number", "minimum": 0.5}),
        &all_but(&[
            "openai-fine-tuned",
            "azure",
            "anthropic",
            "llama-cpp",
            "ollama",
        ]),
    );
    taken_by(
        json!({"type": "integer", "multipleOf": 5}),
        &["openai", "llguidance", "plain"],
    );
    taken_by(
        json!({"type": "string", "minLength": 1, "maxLength": 9}),
        &[
            "vllm",
            "sglang",
            "llguidance",
            "llama-cpp",
            "ollama",
            "plain",
        ],
    );
    taken_by(
        json!({"type": "string", "pattern": "^[a-z]+$"}),
        &[
            "openai",
            "anthropic",
            "vllm",
            "sglang",
            "llguidance",
            "llama-cpp",
            "ollama",
            "plain",
        ],
    );
    taken_by(
        json!({"type": "string", "pattern": "[0-9]"}),
        &[
            "openai",
            "anthropic",
            "vllm",
            "sglang",
            "llguidance",
            "plain",
        ],
    );
    taken_by(
        json!({"type": "string", "format": "uri"}),
        &["anthropic", "vllm", "sglang", "llguidance", "plain"],
    );
}

#[test]
fn structures_that_only_some_take() {
    taken_by(
        json!({"type": "array", "items": {"type": "string"}, "minItems": 1}),
        &all_but(&["openai-fine-tuned", "azure"]),
    );
    taken_by(
        json!({"type": "array", "items": {"type": "string"}, "minItems": 2}),
        &all_but(&["openai-fine-tuned", "azure", "anthropic"]),
    );
    taken_by(
        json!({"type": "object", "additionalProperties": {"type": "string"}}),
        &[
            "gemini-json-schema",
            "vllm",
            "sglang",
            "llguidance",
            "llama-cpp",
            "ollama",
            "plain",
        ],
    );
    taken_by(
        json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
        &["plain"],
    );
    taken_by(
        json!({"type": "string", "const": "a"}),
        &all_but(&["gemini-json-schema"]),
    );
    taken_by(
        json!({"enum": ["a", 1, [true]]}),
        &[
            "vllm",
            "sglang",
            "llguidance",
            "llama-cpp",
            "ollama",
            "plain",
        ],
    );
    taken_by(json!({}), &["vllm", "sglang", "llguidance", "plain"]);
    taken_by(
        json!({"type": "string", "default": "a"}),
        &[&["anthropic"], LOCAL, &["plain"]].concat(),
    );
}

#[test]
fn optional_properties_stay_where_they_may() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"], "additionalProperties": false});
    for dialect in Dialect::all() {
        let lowered = lower(&schema, dialect).expect("it lowers");
        let is_strict = OPENAI.contains(&dialect.name());
        assert_eq!(lowered.plan.is_empty(), !is_strict, "{}", dialect.name());
        let required = lowered.schema["required"].as_array().map(Vec::len);
        assert_eq!(
            required,
            Some(if is_strict { 2 } else { 1 }),
            "{}",
            dialect.name()
        );
    }
}

/// The one error that the schema gets, and what the server says.
#[track_caller]
fn refused(name: &str, schema: Value, code: &str, pointer: &str, server: &str) {
    let found = check(&schema, Some(dialect(name)));
    let errors: Vec<_> = found.iter().filter(|found| found.is_error()).collect();
    let [only] = errors.as_slice() else {
        panic!("{name}: expected one error, found {found:#?}")
    };
    assert_eq!(
        (only.code, only.pointer.as_str()),
        (code, pointer),
        "{name}: {only}"
    );
    assert_eq!(only.server_message.as_deref().unwrap_or_default(), server);
    assert!(only.hint.is_some(), "{only} has no hint");
}

#[test]
fn refusals_are_in_the_words_of_the_server() {
    refused(
        "anthropic",
        object(json!({"type": "integer", "minimum": 1})),
        "keyword-not-permitted",
        "/properties/x/minimum",
        "For 'integer' type, property 'minimum' is not supported",
    );
    refused(
        "anthropic",
        object(json!({"type": "array", "items": {"type": "string"}, "minItems": 8})),
        "min-items",
        "/properties/x/minItems",
        "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
    );
    refused(
        "anthropic",
        json!({"type": "object", "properties": {}}),
        "open-object",
        "",
        "For 'object' type, 'additionalProperties' must be explicitly set to false",
    );
    refused(
        "gemini-schema",
        json!({"type": "OBJECT", "properties": {"x": {"type": "STRING"}}, "additionalProperties": false}),
        "keyword-not-permitted",
        "/additionalProperties",
        "Unknown name \"additionalProperties\" at 'generation_config.response_schema': Cannot find field.",
    );
    refused(
        "vllm",
        object(json!({"type": "integer", "multipleOf": 2})),
        "keyword-not-permitted",
        "/properties/x/multipleOf",
        "The provided JSON schema contains features not supported by xgrammar.",
    );
    refused(
        "vllm",
        object(json!({"type": "string", "pattern": "^a+$", "maxLength": 3})),
        "length-beside-pattern",
        "/properties/x/maxLength",
        "The provided JSON schema contains features not supported by xgrammar.",
    );
    refused(
        "llguidance",
        object(json!({"type": "array", "uniqueItems": true})),
        "keyword-not-permitted",
        "/properties/x/uniqueItems",
        r#"Unimplemented keys: ["uniqueItems"]"#,
    );
    refused(
        "llguidance",
        object(json!({"type": "string", "format": "iri"})),
        "format-not-permitted",
        "/properties/x/format",
        "Unknown format: iri",
    );
    refused(
        "llama-cpp",
        object(json!({"type": "string", "pattern": "a"})),
        "pattern-not-anchored",
        "/properties/x/pattern",
        "Pattern must start with '^' and end with '$'",
    );
    refused(
        "azure",
        object(json!({"type": "string", "pattern": "^a$"})),
        "keyword-not-permitted",
        "/properties/x/pattern",
        "In context=('properties', 'x'), 'pattern' is not permitted.",
    );
}

#[test]
fn recursion_is_found_where_it_is_not_taken() {
    let list = |required: Value| json!({"type": "object", "properties": {"next": {"$ref": "#"}, "value": {"type": "string"}}, "required": required, "additionalProperties": false});
    let codes = |name: &str, schema: &Value| -> Vec<&str> {
        let found = check(schema, Some(dialect(name)));
        found
            .iter()
            .filter(|one| one.is_error())
            .map(|one| one.code)
            .collect()
    };
    assert_eq!(
        codes("anthropic", &list(json!(["value"]))),
        ["recursive-schema"]
    );
    assert_eq!(
        codes("gemini-json-schema", &list(json!(["value"]))),
        [""; 0]
    );
    assert_eq!(
        codes("gemini-json-schema", &list(json!(["next"]))),
        ["recursive-schema"]
    );
    assert_eq!(codes("llguidance", &list(json!(["value"]))), [""; 0]);
}

#[test]
fn llama_cpp_refers_to_definitions_with_names_of_rules() {
    let node = |target: &str| json!({"type": "object", "properties": {"next": {"$ref": target}}, "additionalProperties": false});
    let below = |name: &str| {
        let schema = object(json!({"$ref": format!("#/$defs/{name}")}));
        let mut schema = schema.as_object().cloned().unwrap_or_default();
        let defs = json!({name: node(&format!("#/$defs/{name}"))});
        schema.insert("$defs".to_owned(), defs);
        Value::Object(schema)
    };
    let lowered = |schema: &Value, name: &str| {
        let lowered = lower(schema, dialect(name)).expect("it lowers");
        assert_eq!(lowered.relaxations, []);
        lowered.schema
    };
    for name in ["llama-cpp", "ollama"] {
        let root = lowered(&node("#"), name);
        let mut expected = node("#/$defs/root");
        expected["$defs"] = json!({"root": node("#/$defs/root")});
        assert_eq!(root, expected);
        let found = check(&node("#"), Some(dialect(name)));
        let found: Vec<&str> = found.iter().map(|one| one.code).collect();
        assert_eq!(found, ["ref-not-to-definition"]);

        assert_eq!(lowered(&below("Page_of_Item"), name), below("Page-of-Item"));
        assert_eq!(lowered(&below("Node2"), name), below("Node2"));
        let two = json!({"a_b": node("#/$defs/a_b"), "a-b": node("#/$defs/a-b")});
        let both =
            json!({"anyOf": [{"$ref": "#/$defs/a_b"}, {"$ref": "#/$defs/a-b"}], "$defs": two});
        let both = lowered(&both, name);
        let names = both["$defs"].as_object().expect("definitions");
        let names: Vec<&String> = names.keys().collect();
        assert_eq!(names, ["a-b", "a-b-2"]);
    }
    assert_eq!(lowered(&node("#"), "vllm"), node("#"));
    assert_eq!(
        lowered(&below("Page_of_Item"), "openai-fine-tuned")["$defs"]
            .as_object()
            .map(serde_json::Map::len),
        Some(1)
    );
}

#[test]
fn skipped_keywords_are_warnings() {
    let schema = object(json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}));
    for name in ["llama-cpp", "ollama", "sglang"] {
        let found = check(&schema, Some(dialect(name)));
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(
            (found[0].code, found[0].severity),
            ("keyword-ignored", Severity::Warning)
        );
        let lowered = lower(&schema, dialect(name)).expect("it lowers");
        let relaxed: Vec<&str> = lowered
            .relaxations
            .iter()
            .map(|rule| rule.keyword.as_str())
            .collect();
        assert_eq!(relaxed, ["uniqueItems"], "{name}");
    }
}

#[test]
fn a_mistyped_word_is_told_with_the_right_one() {
    let hint = |schema: Value, name: Option<&str>| {
        let found = check(&schema, name.map(dialect));
        found
            .into_iter()
            .find_map(|one| one.hint)
            .unwrap_or_default()
    };
    let typed = json!({"type": "object", "propertys": {}});
    assert_eq!(hint(typed.clone(), None), "did you mean `properties`?");
    assert_eq!(
        hint(typed.clone(), Some("llama-cpp")),
        "did you mean `properties`?"
    );
    assert_eq!(
        hint(
            object(json!({"type": "string", "maxlength": 3})),
            Some("openai")
        ),
        "did you mean `maxLength`?"
    );
    assert_eq!(
        hint(json!({"type": "string", "format": "datetime"}), None),
        "did you mean `date-time`?"
    );
    assert_eq!(
        hint(
            object(json!({"type": "string", "format": "datetime"})),
            Some("vllm")
        ),
        "did you mean `date-time`?"
    );
    assert_eq!(
        hint(json!({"type": "strin"}), None),
        "did you mean `string`?"
    );
    assert_eq!(
        check(
            &json!({"type": "string", "nullable": true, "x-order": 1}),
            None
        ),
        []
    );
}

#[test]
fn budgets_are_of_the_whole_request() {
    let optional = |count: usize| {
        let all: Value = (0..count)
            .map(|number| (format!("p{number}"), json!({"type": "string"})))
            .collect();
        json!({"type": "object", "properties": all, "additionalProperties": false})
    };
    let union = |count: usize| {
        let all: Value = (0..count)
            .map(|number| (format!("p{number}"), json!({"type": ["string", "null"]})))
            .collect();
        let names: Vec<String> = (0..count).map(|number| format!("p{number}")).collect();
        json!({"type": "object", "properties": all, "required": names, "additionalProperties": false})
    };
    let anthropic = Dialect::anthropic();
    let (small, large, unions) = (optional(10), optional(15), union(17));
    assert_eq!(check(&large, Some(anthropic)), []);
    let parts = [("search", Weight::of(&small)), ("book", Weight::of(&large))];
    let found = check_request(&parts, anthropic);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "the request has 25 optional properties, 24 are allowed in all strict schemas of a request; the heaviest part is `book` with 15"
    );
    assert_eq!(check(&unions, Some(anthropic))[0].code, "too-many-unions");
    assert_eq!(check_request(&parts, Dialect::openai()), []);
    let parts = [("tool", Weight::of(&optional(0))); 22];
    assert_eq!(check_request(&parts, anthropic)[0].code, "too-many-tools");
    assert_eq!(check_request(&parts[..20], anthropic), []);
}

#[test]
fn dialects_have_names_and_sources() {
    for dialect in Dialect::all() {
        assert!(
            dialect.source().starts_with("https://"),
            "{}",
            dialect.name()
        );
        assert_eq!(dialect.date().len(), 7, "{}", dialect.name());
        assert_eq!(
            Dialect::named(dialect.name()).map(Dialect::name),
            Some(dialect.name())
        );
    }
    for (alias, name) in [
        ("llama.cpp", "llama-cpp"),
        ("LLAMA_CPP", "llama-cpp"),
        ("gemini", "gemini-json-schema"),
        ("xgrammar", "vllm"),
        ("claude", "anthropic"),
    ] {
        assert_eq!(Dialect::named(alias).map(Dialect::name), Some(name));
    }
    assert!(Dialect::named("nobody").is_none());
    assert_eq!(Dialect::openai().format_support("uri"), Support::Refused);
    assert_eq!(Dialect::llama_cpp().format_support("uri"), Support::Ignored);
    assert_eq!(Dialect::azure().format_support("date"), Support::Refused);
}
