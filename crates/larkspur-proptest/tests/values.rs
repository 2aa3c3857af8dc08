//! Values of schemas: valid, varied, shrunk within the schema.

use std::collections::BTreeSet;

use larkspur_proptest::values;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use serde_json::{Value, json};

fn schema() -> Value {
    json!({"type": "object", "properties": {
        "id": {"type": "integer", "minimum": 10},
        "tags": {"type": "array", "items": {"enum": ["x", "y", "z"]}, "uniqueItems": true},
        "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
    }, "required": ["id"], "additionalProperties": false})
}

#[test]
fn every_value_is_valid_also_where_the_grammar_is_wider() {
    let judge = jsonschema::validator_for(&schema()).unwrap();
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..300 {
        let value = values(&schema()).new_tree(&mut runner).unwrap().current();
        assert!(judge.is_valid(&value), "{value}");
        seen.insert(value.to_string());
    }
    assert!(seen.len() > 150, "{} different values", seen.len());
}

#[test]
fn a_failure_shrinks_to_the_smallest_value_that_is_valid() {
    let mut runner = TestRunner::new_with_rng(
        Config {
            failure_persistence: None,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let error = runner.run(&values(&schema()), |value| {
        let is_nested = value["next"].is_object();
        if is_nested {
            Err(TestCaseError::fail("nested"))
        } else {
            Ok(())
        }
    });
    let Err(TestError::Fail(_, value)) = error else {
        panic!("should fail");
    };
    assert_eq!(value, json!({"id": 10, "next": {"id": 10}}));
}

#[test]
fn what_is_no_schema_is_told() {
    let mut runner = TestRunner::deterministic();
    let error = values(&json!({"type": 3}))
        .new_tree(&mut runner)
        .unwrap_err();
    assert!(
        error.message().contains("`type` is a name of a type"),
        "{error}"
    );
    let none = values(&json!({"allOf": [{"minimum": 3}, {"maximum": 2}], "type": "number"}));
    assert!(
        none.prop_map(|value| value.to_string())
            .new_tree(&mut runner)
            .is_err()
    );
}
