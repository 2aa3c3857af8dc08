//! Every type of the table through the lowering for OpenAI, and back into the type.

use std::fmt::Debug;

use jsonschema::Validator;
use larkspur_json::Node;
use larkspur_schema::{
    Dialect, JsonSchema, Lift, Lowered, Severity, TypeSchemas, check, lower, schemas_of,
};
use larkspur_tests::generate::Generator;
use larkspur_tests::types::{Visitor, for_each_type};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Values drawn from each schema.
const DRAWN: usize = 60;

/// Conversions of these types refuse what their schema cannot say.
const CONVERTED: [&str; 2] = ["SocketAddr", "Word"];

fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap()
}

/// A type with all that belongs to it.
struct Carried {
    name: &'static str,
    schemas: TypeSchemas,
    lowered: Lowered,
    lift: Lift,
}

impl Carried {
    fn new<T: JsonSchema + DeserializeOwned>(name: &'static str) -> Self {
        let schemas = schemas_of::<T>();
        let lowered = lower(&schemas.write, Dialect::openai())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let lift = Lift::new(&lowered).unwrap();
        Self {
            name,
            schemas,
            lowered,
            lift,
        }
    }

    fn lifted(&self, said: &Value) -> Option<Node<'static>> {
        self.lift.lift(Node::from_value(said)).ok()
    }
}

/// Null members are dropped: a lowered field that may be absent is null, and null comes back as absent.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key.clone(), without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        scalar => scalar.clone(),
    }
}

/// Any value of a type can be said in the lowered form, and comes back.
struct Values(usize);

impl Visitor for Values {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        samples: Vec<Value>,
    ) {
        let carried = Carried::new::<T>(name);
        let (original, lowered) = (
            validator(&carried.schemas.write),
            validator(&carried.lowered.schema),
        );
        let mut generator = Generator::new(&carried.schemas.write, 3).closed();
        let drawn: Vec<Value> = (0..DRAWN).filter_map(|_| generator.value()).collect();
        for value in samples
            .iter()
            .chain(&drawn)
            .filter(|value| original.is_valid(value))
        {
            let said = carried
                .lift
                .lower_value(value)
                .unwrap_or_else(|problems| panic!("{name}: {value}: {problems:?}"));
            assert!(
                lowered.is_valid(&said),
                "{name}: {value} became {said}, which the server would not write"
            );
            let back = carried
                .lifted(&said)
                .unwrap_or_else(|| panic!("{name}: {said}"));
            let as_value = back.to_value();
            assert_eq!(
                without_nulls(&as_value),
                without_nulls(value),
                "{name}: by way of {said}"
            );
            assert_eq!(
                carried.lift.lower_value(&as_value).as_ref(),
                Ok(&said),
                "{name}: something was lost"
            );
            if !CONVERTED.contains(&name) {
                back.deserialize::<T>()
                    .unwrap_or_else(|error| panic!("{name}: {said}: {error}"));
            }
            self.0 += 1;
        }
    }
}

#[test]
fn values_can_be_said_and_come_back() {
    let mut values = Values(0);
    for_each_type(&mut values);
    assert!(values.0 > 5_000, "{}", values.0);
}

/// Whatever a server writes under the lowered schema is lifted and read, or refused for a rule that is on record.
#[derive(Default)]
struct Answers {
    read: usize,
    refused: usize,
}

impl Visitor for Answers {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        _: Vec<Value>,
    ) {
        let carried = Carried::new::<T>(name);
        let (read, lowered) = (
            validator(&carried.schemas.read),
            validator(&carried.lowered.schema),
        );
        let mut generator = Generator::new(&carried.lowered.schema, 4).closed();
        let said = (0..DRAWN)
            .filter_map(|_| generator.value())
            .filter(|said| lowered.is_valid(said));
        for said in said.collect::<Vec<_>>() {
            // Not lifted: a key that came twice, or a text that should hold JSON.
            let Some(back) = carried.lifted(&said) else {
                self.refused += 1;
                continue;
            };
            let value = back.to_value();
            if !read.is_valid(&value) {
                assert!(
                    !carried.lowered.relaxations.is_empty(),
                    "{name}: {said} became {value} against no rule"
                );
                self.refused += 1;
                continue;
            }
            if !CONVERTED.contains(&carried.name) {
                back.deserialize::<T>()
                    .unwrap_or_else(|error| panic!("{name}: {said}: {error}"));
            }
            self.read += 1;
        }
    }
}

#[test]
fn answers_are_read_or_break_a_rule_on_record() {
    let mut answers = Answers::default();
    for_each_type(&mut answers);
    assert!(
        answers.read > 4_000 && answers.refused < answers.read,
        "{} {}",
        answers.read,
        answers.refused
    );
}

/// The lowered schema of every type is what the server takes.
struct Strict;

impl Visitor for Strict {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        _: Vec<Value>,
    ) {
        let carried = Carried::new::<T>(name);
        let problems = check(&carried.lowered.schema, Some(Dialect::openai()));
        let errors: Vec<_> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn lowered_schemas_pass_the_strict_check() {
    for_each_type(&mut Strict);
}
