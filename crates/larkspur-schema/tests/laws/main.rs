//! What must hold for every schema in every dialect, on schemas and values that are generated.
//!
//! The judge of validity is the `jsonschema` crate.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod samples;

use larkspur_schema::{Action, Dialect, JSON_TEXT_NOTE, Lift, Lowered, check, lower};
use llguidance::api::{GrammarInit, ParserLimits, TopLevelGrammar, ValidationResult};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use self::samples::sample;

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().offline().build(schema).unwrap()
}

fn lift(lift: &Lift, said: &Value) -> Result<Value, String> {
    let text = said.to_string();
    let node = larkspur_json::parse(&text).unwrap();
    lift.lift(node)
        .map(|node| node.to_value())
        .map_err(|problems| problems[0].to_string())
}

/// Whether absent and `null` are the same somewhere, so that a value may come back without its `null`.
fn loses_null(lowered: &Lowered) -> bool {
    lowered
        .plan
        .steps()
        .iter()
        .any(|step| matches!(step.action, Action::Optional { or_null: true }))
}

/// A value that a strict schema allows, as a model without knowledge would choose it.
fn answer(
    root: &Value,
    schema: &Value,
    seed: &mut impl FnMut(usize) -> usize,
    depth: usize,
) -> Value {
    if schema == &json!(true) {
        return Value::Null;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return answer(root, root.pointer(&reference[1..]).unwrap(), seed, depth);
    }
    if let Some(branches) = schema["anyOf"]
        .as_array()
        .or_else(|| schema["oneOf"].as_array())
    {
        // Deep down the last branch: the one that ends a recursion.
        let index = if depth > 6 {
            branches.len() - 1
        } else {
            seed(branches.len())
        };
        return answer(root, &branches[index], seed, depth);
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[seed(values.len())].clone();
    }
    let kind = match &schema["type"] {
        Value::Null => return Value::Null,
        Value::Array(kinds) => kinds[seed(kinds.len())].as_str().unwrap(),
        kind => kind.as_str().unwrap(),
    };
    match kind {
        "null" => Value::Null,
        "boolean" => json!(seed(2) == 0),
        "integer" | "number" => {
            json!(schema["minimum"].as_i64().unwrap_or(0) + i64::try_from(seed(3)).unwrap())
        }
        "string" => text(schema, seed),
        "array" => {
            let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap();
            let most = usize::try_from(schema["maxItems"].as_u64().unwrap_or(2)).unwrap();
            let count = if depth > 6 {
                least
            } else {
                (least + seed(2)).min(most)
            };
            let positions: &[Value] = schema["prefixItems"].as_array().map_or(&[], Vec::as_slice);
            let count = if schema["items"] == json!(false) {
                count.min(positions.len())
            } else {
                count
            };
            (0..count)
                .map(|index| {
                    let element = positions.get(index).unwrap_or(&schema["items"]);
                    answer(root, element, seed, depth + 1)
                })
                .collect()
        }
        _ => {
            let empty = Map::new();
            let properties = schema["properties"].as_object().unwrap_or(&empty);
            let required = |name: &str| {
                schema["required"]
                    .as_array()
                    .is_some_and(|names| names.contains(&json!(name)))
            };
            properties
                .iter()
                .filter(|(name, _)| depth < 6 || required(name))
                .map(|(name, schema)| (name.clone(), answer(root, schema, seed, depth + 1)))
                .collect()
        }
    }
}

fn text(schema: &Value, seed: &mut impl FnMut(usize) -> usize) -> Value {
    let description = schema["description"].as_str().unwrap_or_default();
    if description.contains(&format!("{JSON_TEXT_NOTE} of an object")) {
        return json!(["{}", r#"{"a": [1]}"#][seed(2)]);
    }
    if description.contains(&format!("{JSON_TEXT_NOTE} of an array")) {
        return json!(["[]", r#"[1, {"b": null}]"#][seed(2)]);
    }
    if description.contains(JSON_TEXT_NOTE) {
        return json!(["1", "\"x\"", "null", "[1]", "{}"][seed(5)]);
    }
    match schema["pattern"].as_str() {
        Some("^[a-c]+$") => json!("cab"),
        Some(_) => json!("é"),
        None if schema["minLength"] == 1 => json!("é"),
        None => json!(["", "a", "{\"a\": 1}"][seed(3)]),
    }
}

/// Keys that a model gives twice are a problem of the answer and not of the law.
fn is_duplicate(problem: &str) -> bool {
    problem.contains("given twice")
}

fn dialect() -> impl Strategy<Value = &'static Dialect> {
    select(Dialect::all().to_vec())
}

/// The lowered schema; nothing where it takes more than a request may have of something, or where two definitions happened to
/// get one name and now lead to each other.
fn lowered(document: &Value, dialect: &'static Dialect) -> Option<Lowered> {
    match lower(document, dialect) {
        Ok(lowered) => Some(lowered),
        Err(error) => {
            let is_expected = |code: &str| match code {
                "too-many-unions" | "too-many-optional" => dialect.name() == "anthropic",
                code => code == "cyclic-ref",
            };
            let all = error
                .diagnostics()
                .iter()
                .all(|problem| is_expected(problem.code));
            assert!(all, "{}: {error}", dialect.name());
            None
        }
    }
}

/// A lowered schema in plain JSON Schema: one dialect writes types in capitals and `nullable`, and closes objects
/// by saying nothing.
fn standard(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let mut members: Map<String, Value> = members
                .iter()
                .map(|(key, value)| (key.clone(), standard(value)))
                .collect();
            if let Some(Value::String(name)) = members.get_mut("type")
                && name.chars().all(|letter| letter.is_ascii_uppercase())
            {
                name.make_ascii_lowercase();
                if members["type"] == "object" {
                    members.insert("additionalProperties".to_owned(), json!(false));
                }
            }
            if members.get("nullable") == Some(&json!(true)) {
                members.remove("nullable");
                return json!({"anyOf": [members, {"type": "null"}]});
            }
            Value::Object(members)
        }
        Value::Array(elements) => elements.iter().map(standard).collect(),
        scalar => scalar.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A valid value can be said in the lowered form, and comes back identical.
    #[test]
    fn valid_values_come_back(sample in sample(), dialect in dialect()) {
        let document = sample.document();
        let Some(lowered) = lowered(&document, dialect) else { return Ok(()) };
        let (original, strict, lifter) = (validator(&document), validator(&standard(&lowered.schema)), Lift::new(&lowered).unwrap());
        for value in sample.values.iter().filter(|value| original.is_valid(value)) {
            let said = lifter.lower_value(value).map_err(|problems| TestCaseError::fail(format!("{value}: {}", problems[0])))?;
            prop_assert!(strict.is_valid(&said), "{} is not valid under {}", said, lowered.schema);
            let lifted = lift(&lifter, &said).map_err(TestCaseError::fail)?;
            if loses_null(&lowered) {
                prop_assert!(original.is_valid(&lifted), "{} → {} → {}", value, said, lifted);
            } else {
                prop_assert_eq!(&lifted, value, "said as {}", said);
            }
        }
    }

    /// An invalid value is rejected on the way, or by validation at its end.
    #[test]
    fn invalid_values_do_not_come_through(sample in sample(), other in sample(), dialect in dialect()) {
        let document = sample.document();
        let Some(lowered) = lowered(&document, dialect) else { return Ok(()) };
        let (original, lifter) = (validator(&document), Lift::new(&lowered).unwrap());
        for value in other.values.iter().filter(|value| !original.is_valid(value)) {
            if let Ok(said) = lifter.lower_value(value)
                && let Ok(lifted) = lift(&lifter, &said)
            {
                prop_assert!(!original.is_valid(&lifted) || loses_null(&lowered), "{} → {} → {}", value, said, lifted);
            }
        }
    }

    /// What a constrained model may answer is valid under the original, where no rule was relaxed.
    #[test]
    fn answers_are_valid(sample in sample(), dialect in dialect(), seeds in prop::collection::vec(any::<Index>(), 64)) {
        let document = sample.document();
        let Some(lowered) = lowered(&document, dialect) else { return Ok(()) };
        let sent = standard(&lowered.schema);
        let (original, strict, lifter) = (validator(&document), validator(&sent), Lift::new(&lowered).unwrap());
        let mut next = 0;
        let mut seed = |bound: usize| { next += 1; seeds[next % seeds.len()].index(bound.max(1)) };
        for _ in 0..4 {
            let said = answer(&sent, &sent, &mut seed, 0);
            if !strict.is_valid(&said) {
                // Between branches of a `oneOf` that is sent as it is, the writer of answers may choose wrongly.
                prop_assert!(lowered.schema.to_string().contains("oneOf"), "the test is wrong: {} under {}", said, sent);
                continue;
            }
            match lift(&lifter, &said) {
                Ok(lifted) if lowered.relaxations.is_empty() => {
                    prop_assert!(original.is_valid(&lifted), "{} → {} under {}", said, lifted, lowered.schema);
                }
                Ok(_) => {}
                Err(problem) => prop_assert!(is_duplicate(&problem), "{}: {}", said, problem),
            }
        }
    }

    /// A lowered schema passes the check of its dialect, compiles in the engine behind it, stays as it is when lowered again, and
    /// survives JSON.
    #[test]
    fn lowered_schemas_are_taken(sample in sample(), dialect in dialect()) {
        let Some(lowered) = lowered(&sample.document(), dialect) else { return Ok(()) };
        let found = check(&lowered.schema, Some(dialect));
        prop_assert!(found.is_empty(), "{}: {} in {}", dialect.name(), found[0], lowered.schema);
        if matches!(dialect.name(), "openai" | "openai-fine-tuned" | "azure" | "llguidance") {
            let grammar = GrammarInit::Serialized(TopLevelGrammar::from_json_schema(lowered.schema.clone()));
            let verdict = grammar.validate(None, ParserLimits::default());
            prop_assert!(!matches!(verdict, ValidationResult::Error(_)), "{} in {}", verdict.render(true), lowered.schema);
        }
        let again = lower(&lowered.schema, dialect).unwrap();
        prop_assert_eq!(&again.schema, &lowered.schema);
        prop_assert!(again.plan.is_empty(), "{:?}", again.plan);
        prop_assert!(again.relaxations.is_empty(), "{:?}", again.relaxations);
        let text = serde_json::to_string(&lowered).unwrap();
        prop_assert_eq!(serde_json::from_str::<Lowered>(&text).unwrap(), lowered);
    }

    /// What the receipt does not name is sent as it is: where it is empty, the schema means the same.
    #[test]
    fn an_empty_receipt_changes_nothing(sample in sample(), other in sample(), dialect in dialect()) {
        let document = sample.document();
        let Some(lowered) = lowered(&document, dialect) else { return Ok(()) };
        prop_assert!(lowered.relaxations.iter().all(|relaxed| lowered.receipt.iter().any(|entry|
            entry.pointer == relaxed.pointer && entry.rule == relaxed.keyword)));
        if !lowered.receipt.is_empty() {
            return Ok(());
        }
        let (original, sent) = (validator(&document), validator(&standard(&lowered.schema)));
        for value in sample.values.iter().chain(&other.values) {
            prop_assert_eq!(original.is_valid(value), sent.is_valid(value), "{}: {} in {}", dialect.name(), value, lowered.schema);
        }
    }

    /// The same schema is always lowered to the same text.
    #[test]
    fn lowering_is_deterministic(sample in sample(), dialect in dialect()) {
        let lower = || serde_json::to_string(&lowered(&sample.document(), dialect)).unwrap();
        prop_assert_eq!(lower(), lower());
    }
}
