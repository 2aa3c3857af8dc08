//! Lowering and lifting on schemas that people really use, for every dialect.
//!
//! The judge is another: llguidance says whether a lowered schema compiles.

mod answers;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use larkspur_schema::{Dialect, Lift, Lowered, check, lower};
use llguidance::api::{GrammarInit, ParserLimits, TopLevelGrammar, ValidationResult};
use serde_json::Value;

use crate::data;

/// Longest time that lowering one schema may take, in an optimised build.
const SLOWEST: Duration = Duration::from_millis(50);

/// A schema with a name to find it by.
#[derive(Clone)]
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
    fn of(cases: &[Case], dialect: &Dialect) -> Self {
        let mut outcome = Self::default();
        for case in cases {
            outcome.add(case, dialect);
        }
        outcome
    }

    fn add(&mut self, Case { id, schema }: &Case, dialect: &Dialect) {
        let start = Instant::now();
        let result = lower(schema, dialect);
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
                    flaws(schema, &lowered, dialect)
                        .into_iter()
                        .map(|flaw| format!("{id}: {flaw}")),
                );
            }
            Err(error) => {
                // Whoever is refused is told why, and what to do.
                for problem in error.diagnostics() {
                    if problem.message.is_empty() || problem.hint.is_none() {
                        self.wrong.push(format!("{id}: {problem} has no hint"));
                    }
                }
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
    fn assert_right(&self, what: &str) {
        println!("{what}: {}", self.summary());
        let shown: Vec<&String> = self.wrong.iter().take(20).collect();
        assert!(
            self.wrong.is_empty(),
            "{what}: {} wrong, such as {shown:#?}",
            self.wrong.len()
        );
    }

    /// Right, and in time.
    #[track_caller]
    fn assert_sound(&self, what: &str) {
        self.assert_right(what);
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
fn flaws(original: &Value, lowered: &Lowered, dialect: &Dialect) -> Vec<String> {
    let mut flaws: Vec<String> = Vec::new();
    // The plain dialect takes what is said, be it a schema or not.
    if dialect.name() != "plain" {
        let found = check(&lowered.schema, Some(dialect));
        let told = found
            .iter()
            .filter(|one| one.is_error() || one.code == "keyword-ignored");
        flaws.extend(told.map(ToString::to_string));
    }
    if matches!(
        dialect.name(),
        "openai" | "openai-fine-tuned" | "azure" | "llguidance"
    ) {
        flaws.extend(compile(&lowered.schema).err());
    }
    match lower(&lowered.schema, dialect) {
        Err(error) => flaws.push(format!("lowering it again: {error}")),
        Ok(again) if again.schema != lowered.schema => {
            flaws.push(format!(
                "lowering it again changes it: {}",
                difference(&lowered.schema, &again.schema)
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
    flaws.extend(unplaced(original, lowered));
    flaws
}

/// The first place at which two schemas differ.
fn difference(a: &Value, b: &Value) -> String {
    let pairs: Vec<(String, &Value, &Value)> = match (a, b) {
        (Value::Object(left), Value::Object(right)) => {
            let others = right.iter().filter(|(key, _)| !left.contains_key(*key));
            let added = others.map(|(key, b)| (key.clone(), &Value::Null, b));
            let both = left
                .iter()
                .map(|(key, a)| (key.clone(), a, right.get(key).unwrap_or(&Value::Null)));
            both.chain(added).collect()
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let pairs = left.iter().zip(right).enumerate();
            pairs
                .map(|(index, (a, b))| (index.to_string(), a, b))
                .collect()
        }
        _ => return format!(": {a} → {b}"),
    };
    let (key, a, b) = pairs.into_iter().find(|(_, a, b)| a != b).unwrap();
    format!("/{key}{}", difference(a, b))
}

/// Entries of the receipt whose place is none of the original, and relaxations without an entry.
fn unplaced(original: &Value, lowered: &Lowered) -> Option<String> {
    for entry in &lowered.receipt {
        if original.pointer(entry.pointer.as_str()).is_none() {
            return Some(format!(
                "the receipt speaks of `{}`, which is not there",
                entry.pointer
            ));
        }
    }
    let is_entered = |rule: &larkspur_schema::Relaxation| {
        let mut entries = lowered.receipt.iter();
        entries.any(|entry| entry.pointer == rule.pointer && entry.rule == rule.keyword)
    };
    let missing = lowered.relaxations.iter().find(|rule| !is_entered(rule))?;
    Some(format!(
        "`{}` at `{}` is not in the receipt",
        missing.keyword, missing.pointer
    ))
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

fn recorded() -> Vec<Case> {
    let case = |(index, pair): (usize, Value)| Case {
        id: format!("pair {index}"),
        schema: pair["schema"].clone(),
    };
    pairs().into_iter().enumerate().map(case).collect()
}

/// The refusals of the main corpora are listed beside this file; who changes them changes the list.
#[test]
fn functions_and_recorded_schemas_lower() {
    let cases: Vec<Case> = functions().into_iter().chain(recorded()).collect();
    assert_eq!(cases.len(), 1666 + 115);
    let mut refused = BTreeMap::new();
    for dialect in Dialect::all() {
        let outcome = Outcome::of(&cases, dialect);
        outcome.assert_sound(&format!(
            "functions and recorded schemas, {}",
            dialect.name()
        ));
        assert!(
            outcome.refusals() * 100 < 2 * outcome.total(),
            "{}",
            dialect.name()
        );
        if !outcome.refused.is_empty() {
            refused.insert(dialect.name(), outcome.refused);
        }
    }
    let found = serde_json::to_value(&refused).unwrap();
    let expected: Value = serde_json::from_str(include_str!("refusals.json")).unwrap();
    assert!(
        found == expected,
        "put this into refusals.json: {}",
        serde_json::to_string_pretty(&found).unwrap()
    );
}

/// Every how many schemas one is tried in each dialect but two, from another one on in each, for all of them take minutes.
/// `LARKSPUR_EVERY=1` tries them all.
fn share() -> usize {
    let every = std::env::var("LARKSPUR_EVERY").ok();
    every.and_then(|every| every.parse().ok()).unwrap_or(8)
}

/// Every schema lowers soundly in every dialect, or is refused.
#[track_caller]
fn everywhere(cases: &[Case], what: &str, share: usize) {
    for (number, dialect) in Dialect::all().iter().enumerate() {
        let name = dialect.name();
        let step = if matches!(name, "openai" | "llguidance") {
            1
        } else {
            share
        };
        let some = cases.iter().skip(number % step).step_by(step).cloned();
        let some: Vec<Case> = some.collect();
        Outcome::of(&some, dialect).assert_right(&format!("{what}, {name}"));
    }
}

#[test]
fn jsonschemabench_lowers_or_is_refused() {
    let rows = data::lines("jsonschemabench/schemas.jsonl");
    let case = |row: &Value| Case {
        id: row["id"].to_string(),
        schema: row["schema"].clone(),
    };
    let cases: Vec<Case> = rows.iter().map(case).collect();
    everywhere(&cases, "jsonschemabench", share());
}

#[test]
fn the_official_suite_lowers_or_is_refused() {
    let rows = data::lines("json-schema-test-suite/draft2020-12-required.jsonl");
    let case = |row: &Value| Case {
        id: format!("{} {}", row["file"], row["i"]),
        schema: row["schema"].clone(),
    };
    let cases: Vec<Case> = rows.iter().map(case).collect();
    everywhere(&cases, "json-schema-test-suite", 1);
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
    everywhere(&cases, "openapi", share());
}
