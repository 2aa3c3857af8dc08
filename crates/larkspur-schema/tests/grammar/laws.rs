//! The grammar against the `jsonschema` crate, on schemas and values that nobody wrote.

use larkspur_schema::grammar::{Options, Spelling, WhiteSpace};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{judge, made};

/// Values of few kinds, so that schemas and values meet.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-30_i64..30).prop_map(Value::from),
        (-300_i32..300).prop_map(|tenths| json!(f64::from(tenths) / 10.0)),
        "[ab/é\n]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 10, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[abc]", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!({"type": ["integer", "null"]})),
        Just(json!({"type": "boolean"})),
        ((-20_i64..20), (0_i64..30))
            .prop_map(|(low, more)| json!({"minimum": low, "maximum": low + more})),
        ((-200_i32..200), any::<bool>()).prop_map(|(low, strict)| {
            let keyword = if strict {
                "exclusiveMinimum"
            } else {
                "maximum"
            };
            json!({"type": "number", keyword: f64::from(low) / 10.0})
        }),
        Just(json!({"type": "number", "multipleOf": 0.5})),
        (0_u64..3, 0_u64..3)
            .prop_map(|(min, more)| json!({"minLength": min, "maxLength": min + more})),
        prop::sample::select(vec!["^a", "b$", "a.b", "^[^a]*$", "é", "^(ab|/)+$"])
            .prop_map(|pattern| json!({"pattern": pattern})),
        value().prop_map(|value| json!({"const": value})),
        prop::collection::vec(value(), 1..4).prop_map(|values| json!({"enum": values})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4);
        let properties = prop::collection::btree_map("[abc]", inner.clone(), 0..3);
        prop_oneof![
            (several.clone(), prop::sample::select(vec!["allOf", "anyOf", "oneOf"])).prop_map(|(schemas, keyword)| json!({keyword: schemas})),
            inner.clone().prop_map(|schema| json!({"not": schema})),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| json!({"if": a, "then": b, "else": c})),
            (several, inner.clone(), 0_u64..3).prop_map(|(prefix, items, min)| json!({"prefixItems": prefix, "items": items, "minItems": min})),
            (inner.clone(), 0_u64..3).prop_map(|(schema, min)| json!({"contains": schema, "minContains": min})),
            (properties, inner.clone(), prop::collection::vec("[abc]", 0..3)).prop_map(|(properties, rest, mut required)| {
                required.dedup();
                json!({"properties": properties, "additionalProperties": rest, "required": required})
            }),
            (inner.clone(), inner, 0_u64..3).prop_map(|(a, b, max)| json!({"patternProperties": {"a": a, "[bc]": b}, "maxProperties": max})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_is_a_sentence_if_it_is_valid(schema in schema(), values in prop::collection::vec(value(), 1..12)) {
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let made = made(&schema, &Options::default());
        let wide = super::made(&schema, &Options { spelling: Spelling::Any, white_space: WhiteSpace::Everywhere, ..Options::default() });
        let (mut is_sentence, mut is_wide_sentence) = (judge(&made.grammar), judge(&wide.grammar));
        for value in values {
            let text = value.to_string();
            let (valid, accepted) = (validator.is_valid(&value), is_sentence(&text));
            prop_assert!(!valid || accepted, "{schema} rejects {text}");
            prop_assert!(valid || !accepted || !made.relaxations.is_empty(), "{schema} accepts {text}");
            prop_assert_eq!(is_wide_sentence(&format!("{value:#}\n")), accepted, "{} and {}", schema, text);
        }
    }

    #[test]
    fn every_number_is_on_its_side_of_a_bound(low in -1_000_000_i64..1_000_000, scale in 0_u32..6, number in -1_000_000_i64..1_000_000, places in 0_u32..6) {
        let decimal = |value: i64, scale: u32| {
            let sign = if value < 0 { "-" } else { "" };
            let (whole, fraction) = (value.unsigned_abs() / 10_u64.pow(scale), value.unsigned_abs() % 10_u64.pow(scale));
            if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction:0width$}", width = scale as usize) }
        };
        let bound: Value = serde_json::from_str(&decimal(low, scale)).unwrap();
        let text = decimal(number, places);
        let (left, right) = (i128::from(number) * 10_i128.pow(scale), i128::from(low) * 10_i128.pow(places));
        for (keyword, holds) in [("minimum", left >= right), ("exclusiveMinimum", left > right), ("maximum", left <= right), ("exclusiveMaximum", left < right)] {
            let made = made(&json!({keyword: bound}), &Options::default());
            prop_assert_eq!(judge(&made.grammar)(&text), holds, "{} {} {}", keyword, bound, text);
        }
    }
}
