//! Values that go through a lowered schema and back. The `jsonschema` crate says which are valid.

use larkspur_schema::{Change, Dialect, Lift, Lowered, lower};
use serde_json::Value;

use super::pairs;
use crate::data;

fn validator(schema: &Value) -> Option<jsonschema::Validator> {
    jsonschema::options()
        .offline()
        .should_validate_formats(true)
        .build(schema)
        .ok()
}

/// What became of the instances in one dialect.
#[derive(Debug, Default, PartialEq)]
struct Survival {
    /// Valid, and came back the same.
    same: usize,
    /// Valid, with properties that their schema does not name; the receipt says that the object was closed.
    narrowed: usize,
    /// Invalid, and noticed.
    rejected: usize,
}

#[test]
fn valid_instances_survive_and_invalid_ones_do_not() {
    let rows = data::lines("function-schemas/instances.jsonl");
    for dialect in Dialect::all() {
        let mut wrong = Vec::new();
        let mut survival = Survival::default();
        for (index, row) in rows.iter().enumerate() {
            if let Err(problem) = survive(row, dialect, &mut survival) {
                wrong.push(format!("{index}: {}: {problem}", row["args"]));
            }
        }
        let name = dialect.name();
        println!("instances, {name}: {survival:?}");
        assert!(
            wrong.is_empty(),
            "{name}: {} wrong: {wrong:#?}",
            wrong.len()
        );
        let narrowed = usize::from(!matches!(name, "llguidance" | "plain"));
        let expected = Survival {
            same: 700 - narrowed,
            narrowed,
            rejected: 117,
        };
        assert_eq!(survival, expected, "{name}");
    }
}

fn survive(row: &Value, dialect: &Dialect, survival: &mut Survival) -> Result<(), String> {
    let (schema, value) = (&row["schema"], &row["args"]);
    let is_valid = row["valid"] == true;
    let lowered = match lower(schema, dialect) {
        Ok(lowered) => lowered,
        Err(error) if is_valid => return Err(format!("its schema is refused: {error}")),
        Err(_) => {
            survival.rejected += 1;
            return Ok(());
        }
    };
    let is_narrowed = || {
        lowered
            .receipt
            .iter()
            .any(|entry| entry.change == Change::Narrowed && entry.rule == "additionalProperties")
    };
    match (is_valid, round_trip(&lowered, value)) {
        (true, Ok(lifted)) if lifted == *value => survival.same += 1,
        (true, Ok(lifted)) => return Err(format!("came back as {lifted}")),
        (true, Err(problem)) if problem.contains("does not name the property") && is_narrowed() => {
            survival.narrowed += 1;
        }
        (true, Err(problem)) => return Err(problem),
        (false, Ok(lifted))
            if validator(schema).is_none_or(|original| original.is_valid(&lifted)) =>
        {
            return Err("is invalid and came through".to_owned());
        }
        (false, _) => survival.rejected += 1,
    }
    Ok(())
}

/// Lowers a value, validates it, and lifts it again.
fn round_trip(lowered: &Lowered, value: &Value) -> Result<Value, String> {
    let lift = Lift::new(lowered).map_err(|error| error.to_string())?;
    let said = lift
        .lower_value(value)
        .map_err(|problems| problems[0].to_string())?;
    let strict =
        validator(&standard(&lowered.schema)).ok_or("the lowered schema has no validator")?;
    if let Err(error) = strict.validate(&said) {
        // An object that is closed refuses in its own words what the plan would have refused.
        let what = if error.to_string().starts_with("Additional properties") {
            "it does not name the property"
        } else {
            "it is not valid under the lowered schema"
        };
        return Err(format!("{said}: {what}: {error}"));
    }
    let text = said.to_string();
    let lifted = lift
        .lift(larkspur_json::parse(&text).unwrap())
        .map_err(|problems| problems[0].to_string())?;
    Ok(lifted.to_value())
}

/// A lowered schema in plain JSON Schema: one dialect writes types in capitals and `nullable`, and closes objects by saying nothing.
fn standard(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let mut members: serde_json::Map<String, Value> = members
                .iter()
                .map(|(key, value)| (key.clone(), standard(value)))
                .collect();
            if let Some(Value::String(name)) = members.get_mut("type")
                && name.chars().all(|letter| letter.is_ascii_uppercase())
            {
                name.make_ascii_lowercase();
                if members["type"] == "object" {
                    members.insert("additionalProperties".to_owned(), Value::Bool(false));
                }
            }
            if members.get("nullable") == Some(&Value::Bool(true)) {
                members.remove("nullable");
                return serde_json::json!({"anyOf": [members, {"type": "null"}]});
            }
            Value::Object(members)
        }
        Value::Array(elements) => elements.iter().map(standard).collect(),
        scalar => scalar.clone(),
    }
}

/// What models answered to the recorded schemas, which were sent as they are: lifting must leave it alone.
#[test]
fn recorded_answers_read_as_recorded() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for (index, pair) in pairs().iter().enumerate() {
        let text = pair["text"].as_str().unwrap();
        let is_valid = pair["valid"] == true;
        let Ok(answer) = larkspur_json::parse(text) else {
            if is_valid {
                wrong.push(format!("{index}: not read: {text}"));
            }
            continue;
        };
        let lowered = lower(&pair["schema"], Dialect::openai()).unwrap();
        let lifted = Lift::new(&lowered).unwrap().lift(answer.clone());
        let validator = validator(&pair["schema"]).unwrap();
        match lifted {
            Ok(lifted) if validator.is_valid(&lifted.to_value()) == is_valid => read += 1,
            other => wrong.push(format!("{index}: {text} → {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
    assert_eq!(read, 110);
}
