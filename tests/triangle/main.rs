//! The triangle: a value is valid under the schema of a type if and only if serde reads it as that type.
//!
//! For every type of the table: values written by hand, values walked from the schema, and near misses of both. Where the two
//! differ the difference is a row of [`exceptions`], and a row that explains nothing any more is an error too.

mod exceptions;

use std::collections::BTreeMap;
use std::fmt::Debug;

use jsonschema::Validator;
use larkspur_schema::{JsonSchema, TypeSchemas, schemas_of};
use larkspur_tests::generate::Generator;
use larkspur_tests::mutate::{Change, near_misses};
use larkspur_tests::types::{Visitor, for_each_type};
use serde::de::DeserializeOwned;
use serde_json::Value;

use exceptions::{EXCEPTIONS, Taken};

/// Values drawn from each schema.
const DRAWN: usize = 100;
/// So many of them get near misses.
const MISSED: usize = 8;

fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap()
}

/// What `serde_json` says to the text of `value`, after the reader of this repository has said the same.
fn read<T: DeserializeOwned + Debug>(name: &str, value: &Value) -> Result<(), String> {
    let text = value.to_string();
    let ours = larkspur_json::parse(&text)
        .unwrap()
        .deserialize::<T>()
        .map_err(|error| error.to_string());
    // serde_json 1.0.154 panics on a map key that should be a bool and starts with a non-ASCII character.
    if name == "Map_of_bools" {
        return ours.map(drop);
    }
    let theirs = serde_json::from_str::<T>(&text);
    // An f32 out of range is infinity to one and an error to the other, with the feature `float_roundtrip`.
    if !matches!(name, "f32" | "Floats") {
        assert_eq!(
            ours.is_ok(),
            theirs.is_ok(),
            "{name}: {text}: {ours:?}, serde_json: {theirs:?}"
        );
    }
    theirs.map(drop).map_err(|error| error.to_string())
}

#[derive(Default)]
struct Triangle {
    types: usize,
    values: usize,
    valid: usize,
    differences: BTreeMap<(&'static str, Change, bool), Vec<String>>,
}

impl Visitor for Triangle {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        samples: Vec<Value>,
    ) {
        self.types += 1;
        let schema = schemas_of::<T>().read;
        let validator = validator(&schema);
        for sample in &samples {
            read::<T>(name, sample).unwrap_or_else(|error| panic!("{name}: {sample}: {error}"));
        }
        let mut generator = Generator::new(&schema, 1);
        let drawn: Vec<Value> = (0..DRAWN).filter_map(|_| generator.value()).collect();
        assert!(
            drawn.len() > DRAWN / 2,
            "{name}: only {} values",
            drawn.len()
        );

        let as_they_are = samples
            .iter()
            .chain(&drawn)
            .map(|value| (Change::None, value.clone()));
        let misses = samples
            .iter()
            .chain(drawn.iter().take(MISSED))
            .flat_map(near_misses);
        for (change, value) in as_they_are.chain(misses) {
            self.values += 1;
            let (valid, read) = (validator.is_valid(&value), read::<T>(name, &value));
            self.valid += usize::from(valid);
            if valid != read.is_ok() {
                let values = self.differences.entry((name, change, valid)).or_default();
                values.push(format!(
                    "{value}: {}",
                    read.err().unwrap_or_else(|| "read".to_owned())
                ));
            }
        }
    }
}

#[test]
fn schema_and_serde_agree() {
    let mut triangle = Triangle::default();
    for_each_type(&mut triangle);
    println!(
        "{} types, {} values, {} valid",
        triangle.types, triangle.values, triangle.valid
    );
    assert!(triangle.types >= 100 && triangle.values > 80_000 && triangle.valid > 10_000);

    let mut used = vec![Vec::new(); EXCEPTIONS.len()];
    let mut unexplained = Vec::new();
    for ((name, change, valid), values) in &triangle.differences {
        let taken = if *valid {
            Taken::BySchemaOnly
        } else {
            Taken::BySerdeOnly
        };
        let row = EXCEPTIONS
            .iter()
            .position(|row| row.explains(name, taken, *change));
        match row {
            Some(row) => used[row].push((*name, *change)),
            None => unexplained.push(format!(
                "{name} {change:?} {taken:?} {}x, as {}",
                values.len(),
                values[0]
            )),
        }
    }
    assert!(
        unexplained.is_empty(),
        "not explained by any row:\n{}",
        unexplained.join("\n")
    );
    for (row, used) in EXCEPTIONS.iter().zip(&used) {
        let idle: Vec<&str> = row
            .types
            .iter()
            .copied()
            .filter(|name| !used.iter().any(|(used, _)| used == name))
            .collect();
        assert!(
            !used.is_empty() && idle.is_empty(),
            "explains nothing any more: {} {idle:?}",
            row.reason
        );
        let idle: Vec<&Change> = row
            .changes
            .iter()
            .filter(|change| !used.iter().any(|(_, used)| used == *change))
            .collect();
        assert!(
            idle.is_empty(),
            "explains nothing any more: {} {idle:?}",
            row.reason
        );
    }
}

/// What a model is asked to write is read, and nothing but the conversions of a type itself can refuse it.
struct Writing;

impl Visitor for Writing {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        _: Vec<Value>,
    ) {
        let TypeSchemas {
            write, read: reads, ..
        } = schemas_of::<T>();
        let (write_validator, read_validator) = (validator(&write), validator(&reads));
        let mut generator = Generator::new(&write, 2).closed();
        for value in (0..DRAWN)
            .filter_map(|_| generator.value())
            .filter(|value| write_validator.is_valid(value))
        {
            assert!(
                read_validator.is_valid(&value),
                "{name}: {value} may be written but not read"
            );
            if !matches!(name, "Word" | "SocketAddr") {
                read::<T>(name, &value).unwrap_or_else(|error| panic!("{name}: {value}: {error}"));
            }
        }
    }
}

#[test]
fn what_may_be_written_is_read() {
    for_each_type(&mut Writing);
}

/// The schemas are themselves valid, and every reference in them leads somewhere.
struct WellFormed;

impl Visitor for WellFormed {
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        _: Vec<Value>,
    ) {
        let TypeSchemas { write, read, .. } = schemas_of::<T>();
        for schema in [&write, &read] {
            jsonschema::draft202012::meta::validate(schema)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let text = schema.to_string();
            for reference in text
                .split("\"$ref\":\"#")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
            {
                assert!(schema.pointer(reference).is_some(), "{name}: {reference}");
            }
            assert!(
                !text.contains("\"$ref\":\"#\""),
                "{name} refers to its root"
            );
        }
    }
}

#[test]
fn schemas_are_well_formed() {
    for_each_type(&mut WellFormed);
}
