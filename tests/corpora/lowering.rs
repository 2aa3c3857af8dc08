//! Lowering and lifting on schemas that people really use.
//!
//! The judges are others: llguidance says whether a lowered schema compiles, the `jsonschema` crate whether a value is
//! valid.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use larkspur_schema::{Dialect, Lift, Lowered, check, lower};
use llguidance::api::{GrammarInit, ParserLimits, TopLevelGrammar, ValidationResult};
use serde_json::Value;

use crate::data;

/// Longest time that lowering one schema may take, in an optimised build.
const SLOWEST: Duration = Duration::from_millis(50);

/// A schema with a name to find it by.
struct Case {
    id: String,
    schema: Value,
}

/// What became of many schemas.
#[derive(Default)]
struct Outcome {
    lowered: usize,
    /// Ids by the code of the first reason.
    refused: BTreeMap<String, BTreeSet<String>>,
    /// What must not be.
    wrong: Vec<String>,
    slowest: Option<(Duration, String)>,
}

impl Outcome {
    fn of(cases: impl IntoIterator<Item = Case>) -> Self {
        let mut outcome = Self::default();
        for case in cases {
            outcome.add(&case);
        }
        outcome
    }

    fn add(&mut self, Case { id, schema }: &Case) {
        let start = Instant::now();
        let result = lower(schema, Dialect::openai());
        let time = start.elapsed();
        if self
            .slowest
            .as_ref()
            .is_none_or(|(slowest, _)| *slowest < time)
        {
            self.slowest = Some((time, id.clone()));
        }
        match result {
            Ok(lowered) => {
                self.lowered += 1;
                self.wrong.extend(
                    flaws(&lowered)
                        .into_iter()
                        .map(|flaw| format!("{id}: {flaw}")),
                );
            }
            Err(error) => {
                let code = error
                    .diagnostics()
                    .first()
                    .map_or("none", |first| first.code);
                self.refused
                    .entry(code.to_owned())
                    .or_default()
                    .insert(id.clone());
            }
        }
    }

    fn total(&self) -> usize {
        self.lowered + self.refusals()
    }

    fn refusals(&self) -> usize {
        self.refused.values().map(BTreeSet::len).sum()
    }

    fn summary(&self) -> String {
        let reasons: Vec<String> = self
            .refused
            .iter()
            .map(|(code, ids)| format!("{code} {}", ids.len()))
            .collect();
        format!(
            "{} of {} lowered; refused: {}; slowest {:?}",
            self.lowered,
            self.total(),
            reasons.join(", "),
            self.slowest
        )
    }

    #[track_caller]
    fn assert_sound(&self, what: &str) {
        println!("{what}: {}", self.summary());
        let shown: Vec<&String> = self.wrong.iter().take(20).collect();
        assert!(
            self.wrong.is_empty(),
            "{what}: {} wrong, such as {shown:#?}",
            self.wrong.len()
        );
        if !cfg!(debug_assertions) {
            assert!(
                self.slowest
                    .as_ref()
                    .is_none_or(|(time, _)| *time < SLOWEST),
                "{what}: {:?}",
                self.slowest
            );
        }
    }
}

/// What is wrong with a lowered schema.
fn flaws(lowered: &Lowered) -> Vec<String> {
    let mut flaws: Vec<String> = check(&lowered.schema, Some(Dialect::openai()))
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .map(ToString::to_string)
        .collect();
    flaws.extend(compile(&lowered.schema).err());
    match lower(&lowered.schema, Dialect::openai()) {
        Err(error) => flaws.push(format!("lowering it again: {error}")),
        Ok(again) if again.schema != lowered.schema => {
            flaws.push(format!(
                "lowering it again changes it: {} → {}",
                lowered.schema, again.schema
            ));
        }
        Ok(again) if !again.plan.is_empty() => {
            flaws.push("lowering it again has a plan".to_owned())
        }
        Ok(_) => {}
    }
    flaws.extend(Lift::new(lowered).err().map(|error| error.to_string()));
    let text = serde_json::to_string(lowered).unwrap();
    if serde_json::from_str::<Lowered>(&text).unwrap() != *lowered {
        flaws.push("it does not survive JSON".to_owned());
    }
    flaws
}

/// Compiles a schema in the engine that OpenAI runs.
fn compile(schema: &Value) -> Result<(), String> {
    let grammar = GrammarInit::Serialized(TopLevelGrammar::from_json_schema(schema.clone()));
    match grammar.validate(None, ParserLimits::default()) {
        ValidationResult::Valid | ValidationResult::Warnings(_) => Ok(()),
        ValidationResult::Error(error) => Err(format!(
            "llguidance: {}",
            error.lines().next().unwrap_or_default()
        )),
    }
}

fn validator(schema: &Value) -> Option<jsonschema::Validator> {
    jsonschema::options()
        .offline()
        .should_validate_formats(true)
        .build(schema)
        .ok()
}

fn functions() -> Vec<Case> {
    let rows = data::lines("function-schemas/functions.jsonl");
    let case = |(index, row): (usize, &Value)| Case {
        id: format!(
            "{index} {} {}",
            row["source"].as_str().unwrap(),
            row["name"].as_str().unwrap_or_default()
        ),
        schema: row["schema"].clone(),
    };
    rows.iter().enumerate().map(case).collect()
}

fn pairs() -> Vec<Value> {
    data::lines("openai-recordings/schema-output-pairs.jsonl")
}

/// The refusals of the main corpora are listed beside this file; who changes them changes the list.
#[test]
fn functions_and_recorded_schemas_lower() {
    let functions = Outcome::of(functions());
    functions.assert_sound("function-schemas");
    assert_eq!(functions.total(), 1666);
    let recorded = pairs().into_iter().enumerate().map(|(index, pair)| Case {
        id: format!("pair {index}"),
        schema: pair["schema"].clone(),
    });
    let recorded = Outcome::of(recorded);
    recorded.assert_sound("schema-output-pairs");
    let mut refused = functions.refused.clone();
    for (code, ids) in &recorded.refused {
        refused
            .entry(code.clone())
            .or_default()
            .extend(ids.iter().cloned());
    }
    let expected: BTreeMap<String, BTreeSet<String>> =
        serde_json::from_str(include_str!("refusals.json")).unwrap();
    assert_eq!(
        refused,
        expected,
        "put this into refusals.json: {}",
        serde_json::to_string_pretty(&refused).unwrap()
    );
    let share = (functions.refusals() + recorded.refusals()) * 100;
    assert!(share < 2 * (functions.total() + recorded.total()));
}

#[test]
fn valid_instances_survive_and_invalid_ones_do_not() {
    let mut wrong = Vec::new();
    let (mut same, mut unnamed, mut rejected) = (0, 0, 0);
    for (index, row) in data::lines("function-schemas/instances.jsonl")
        .iter()
        .enumerate()
    {
        let (schema, value) = (&row["schema"], &row["args"]);
        let Ok(lowered) = lower(schema, Dialect::openai()) else {
            assert_eq!(
                row["valid"], false,
                "{index}: a schema with a valid instance is refused"
            );
            rejected += 1;
            continue;
        };
        let original = validator(schema).unwrap();
        let result = round_trip(&lowered, value);
        if row["valid"] == true {
            match result {
                Ok(lifted) if lifted == *value => same += 1,
                Ok(lifted) => wrong.push(format!("{index}: {value} came back as {lifted}")),
                // The one instance with properties that its schema does not name: lowering closes such objects.
                Err(problem) if problem.contains("does not name the property `name`") => {
                    unnamed += 1
                }
                Err(problem) => wrong.push(format!("{index}: {value}: {problem}")),
            }
        } else if result.is_ok_and(|lifted| original.is_valid(&lifted)) {
            wrong.push(format!("{index}: {value} is invalid and came through"));
        } else {
            rejected += 1;
        }
    }
    println!("instances: {same} survived, {rejected} rejected");
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
    assert_eq!((same, unnamed, rejected), (699, 1, 117));
}

/// Lowers a value, validates it, and lifts it again.
fn round_trip(lowered: &Lowered, value: &Value) -> Result<Value, String> {
    let lift = Lift::new(lowered).map_err(|error| error.to_string())?;
    let said = lift
        .lower_value(value)
        .map_err(|problems| problems[0].to_string())?;
    let strict = validator(&lowered.schema).ok_or("the lowered schema has no validator")?;
    if let Err(error) = strict.validate(&said) {
        return Err(format!(
            "{said} is not valid under the lowered schema: {error}"
        ));
    }
    let text = said.to_string();
    let lifted = lift
        .lift(larkspur_json::parse(&text).unwrap())
        .map_err(|problems| problems[0].to_string())?;
    Ok(lifted.to_value())
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

#[test]
fn jsonschemabench_lowers_or_is_refused() {
    let rows = data::lines("jsonschemabench/schemas.jsonl");
    let case = |row: &Value| Case {
        id: row["id"].to_string(),
        schema: row["schema"].clone(),
    };
    Outcome::of(rows.iter().map(case)).assert_sound("jsonschemabench");
}

#[test]
fn the_official_suite_lowers_or_is_refused() {
    let rows = data::lines("json-schema-test-suite/draft2020-12-required.jsonl");
    let case = |row: &Value| Case {
        id: format!("{} {}", row["file"], row["i"]),
        schema: row["schema"].clone(),
    };
    Outcome::of(rows.iter().map(case)).assert_sound("json-schema-test-suite");
}

#[test]
fn openapi_components_lower_or_are_refused() {
    let folder = data::path("function-schemas/openapi");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|ending| ending == "json"))
    {
        let document: Value =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let Some(schemas) = document["components"]["schemas"].as_object() else {
            continue;
        };
        for name in schemas.keys() {
            let schema = serde_json::json!({"$ref": format!("#/components/schemas/{name}"), "components": {"schemas": schemas}});
            cases.push(Case {
                id: format!("{} {name}", file.display()),
                schema,
            });
        }
    }
    Outcome::of(cases).assert_sound("openapi");
}
