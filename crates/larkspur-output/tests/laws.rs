//! What holds for every schema and every text.

#![cfg(feature = "validate")]

use larkspur_json::parse;
use larkspur_output::JsonReader;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Schemas of all the kinds that types have, and the keywords that users add.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!({"type": "null"})),
        Just(json!({"type": "boolean"})),
        Just(json!({"type": ["string", "null"]})),
        (-3..3, 0..4).prop_map(
            |(least, span)| json!({"type": "integer", "minimum": least, "maximum": least + span})
        ),
        (0.0..2.0).prop_map(|limit: f64| json!({"type": "number", "exclusiveMaximum": limit})),
        (1..4).prop_map(|factor| json!({"multipleOf": factor})),
        (0..3, 0..4).prop_map(
            |(least, span)| json!({"type": "string", "minLength": least, "maxLength": least + span})
        ),
        "[ab]{1,2}"
            .prop_map(|letters| json!({"type": "string", "pattern": format!("^[{letters}]*$")})),
        prop::sample::subsequence(
            vec![
                json!(null),
                json!(1),
                json!("a"),
                json!(1.5),
                json!([1]),
                json!({"a": 1})
            ],
            1..4
        )
        .prop_map(|options| json!({"enum": options})),
        Just(json!({"const": {"a": [1, {"b": null}]}})),
        Just(json!({"type": "string", "format": "date"})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let field = prop::sample::select(vec!["a", "b", "c"]);
        let fields = prop::collection::btree_map(field.clone(), inner.clone(), 0..3);
        prop_oneof![
            (inner.clone(), 0..3, any::<bool>())
                .prop_map(|(items, least, unique)| json!({"type": "array", "items": items, "minItems": least, "uniqueItems": unique})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|items| json!({"prefixItems": items, "items": false})),
            (fields, prop::collection::btree_set(field, 0..2), any::<bool>()).prop_map(|(properties, required, open)| {
                json!({"type": "object", "properties": properties, "required": required, "additionalProperties": open})
            }),
            inner.clone().prop_map(|values| json!({"additionalProperties": values, "propertyNames": {"maxLength": 1}})),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|forms| json!({"anyOf": forms})),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|forms| json!({"oneOf": forms})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| json!({"allOf": parts, "unevaluatedProperties": false})),
            inner.clone().prop_map(|excluded| json!({"not": excluded})),
            (inner.clone(), inner.clone(), inner).prop_map(|(test, then, other)| json!({"if": test, "then": then, "else": other})),
        ]
    })
}

/// Texts that such schemas often, but not always, accept.
fn text() -> impl Strategy<Value = String> {
    let scalars = [
        "null",
        "true",
        "1",
        "-2",
        "0",
        "1.0",
        "1.5",
        "3e0",
        "100e-2",
        "18446744073709551616",
        "\"\"",
        "\"a\"",
        "\"ab\"",
        "\"\\u0061\"",
        "\"2024-05-31\"",
        "\"2024-05-32\"",
        "\"é\"",
    ];
    let leaf = prop::sample::select(scalars.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(3, 16, 4, |inner| {
        let key = prop::sample::select(vec!["a", "b", "c", "dd"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|elements| format!("[ {} ]", elements.join(" ,\n"))),
            prop::collection::btree_map(key, inner, 0..4).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\" : {value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_judge_agrees(schema in schema(), text in text()) {
        let reader = JsonReader::new(&schema).unwrap();
        let judge = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        match reader.read::<Value>(&text) {
            Ok(read) => {
                prop_assert!(judge.is_valid(&value), "{schema} accepts {text}");
                prop_assert_eq!(read, value);
            }
            Err(rejection) => {
                prop_assert!(!judge.is_valid(&value), "{schema} refuses {text}: {rejection}");
                prop_assert!(!rejection.violations().is_empty());
            }
        }
    }

    #[test]
    fn every_violation_is_where_its_pointer_leads(schema in schema(), text in text()) {
        let Err(rejection) = JsonReader::new(&schema).unwrap().read::<Value>(&text) else {
            return Ok(());
        };
        let node = parse(&text).unwrap();
        for violation in rejection.violations() {
            let pointer = violation.pointer.as_ref().unwrap();
            let value = node.span_at(pointer);
            let key = node.member_at(pointer).map(|member| member.key_span);
            prop_assert!(violation.span.is_some() && (violation.span == value || violation.span == key), "{violation:?}");
            prop_assert!(!violation.message.is_empty());
        }
        prop_assert!(rejection.violations().windows(2).all(|pair| pair[0].span.unwrap().start <= pair[1].span.unwrap().start));
    }

    #[test]
    fn no_text_brings_the_reader_down(text in any::<String>()) {
        let reader = JsonReader::new(&json!({"type": "object"})).unwrap();
        if let Err(rejection) = reader.read::<Value>(&text) {
            prop_assert!(!rejection.to_string().is_empty() && !rejection.reask().is_empty());
        }
    }
}
