//! Broken JSON as models write it and as other libraries repair it, and valid JSON that must stay what it is.

use std::collections::{BTreeMap, BTreeSet};

use larkspur_json::{Node, parse, parse_lenient};
use larkspur_output::{Doubt, JsonReader, Reading};
use serde_json::{Value, json};

use crate::data;

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Became {
    AsExpected,
    /// Another value, or a value where the source has an error.
    ReadOtherwise,
    Refused,
}

/// The cases that do not come out as their source has it, by reason: `refused` and `read_otherwise` in `lenient.json`, by the
/// line of `cases.jsonl`. May only shrink.
fn exceptions() -> BTreeMap<String, BTreeMap<String, BTreeSet<usize>>> {
    serde_json::from_str(include_str!("lenient.json")).unwrap()
}

/// The sources fill optional fields with null.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(without_nulls).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                members
                    .map(|(key, value)| (key.clone(), without_nulls(value)))
                    .collect(),
            )
        }
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}

fn read<'t>(case: &Value, text: &'t str, doubt: Doubt) -> Option<Reading<Node<'t>>> {
    let schema = case.get("schema").unwrap_or(&Value::Bool(true));
    JsonReader::new(schema)
        .unwrap()
        .read_node_in_doubt(text, doubt)
        .ok()
}

fn became(case: &Value, text: &str, doubt: Doubt) -> Became {
    let expected = case.get("expect").map(without_nulls);
    let found = read(case, text, doubt).map(|reading| without_nulls(&reading.value.to_value()));
    match (found, expected) {
        (None, None) => Became::AsExpected,
        (None, Some(_)) => Became::Refused,
        (Some(found), Some(expected)) if found == expected => Became::AsExpected,
        (Some(found), Some(expected))
            if is_of_baml(case) && of_class(&found, &expected) == expected =>
        {
            Became::AsExpected
        }
        (Some(_), _) => Became::ReadOtherwise,
    }
}

fn is_of_baml(case: &Value) -> bool {
    case["source"] == "baml"
}

/// The members that a class of BAML has, which lets go of others, as serde does where a type does not forbid them.
fn of_class(value: &Value, class: &Value) -> Value {
    let (Value::Object(members), Value::Object(class)) = (value, class) else {
        return value.clone();
    };
    let known = members.iter().filter(|(name, _)| class.contains_key(*name));
    known
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// A case in the words that the model is told: where a name has an alias, which a Rust type says by `rename`, the alias.
fn in_the_models_words(mut case: Value) -> Value {
    let mut aliases = BTreeMap::new();
    let definitions = case["schema"]["$defs"].as_object().into_iter().flatten();
    for (_, definition) in definitions {
        for (name, alias) in definition["x-aliases"].as_object().into_iter().flatten() {
            aliases.insert(name.clone(), alias.as_str().unwrap().to_owned());
        }
    }
    if !aliases.is_empty() {
        case["schema"] = renamed(&case["schema"], &aliases);
        if let Some(expected) = case.get_mut("expect") {
            *expected = renamed(expected, &aliases);
        }
    }
    case
}

/// The value with these names of members and strings replaced.
fn renamed(value: &Value, names: &BTreeMap<String, String>) -> Value {
    let rename = |name: &String| names.get(name).unwrap_or(name).clone();
    match value {
        Value::String(text) => Value::String(rename(text)),
        Value::Array(elements) => elements
            .iter()
            .map(|element| renamed(element, names))
            .collect(),
        Value::Object(members) => {
            let members = members.iter();
            let renamed = members.map(|(key, value)| (rename(key), renamed(value, names)));
            Value::Object(renamed.collect())
        }
        other => other.clone(),
    }
}

/// Cases with a text and something to compare with; those of partial readers are another test's.
fn cases() -> Vec<(usize, Value)> {
    let all = data::lines("broken-json/cases.jsonl")
        .into_iter()
        .enumerate();
    let is_one = |case: &Value| {
        let is_partial = case["kind"]
            .as_str()
            .is_some_and(|kind| kind.contains("partial"));
        !is_partial
            && case["input"].is_string()
            && (case.get("expect").is_some() || case.get("error").is_some())
    };
    all.filter(|(_, case)| is_one(case))
        .map(|(line, case)| (line, in_the_models_words(case)))
        .collect()
}

#[test]
fn broken_json_is_read_to_its_one_reading() {
    let exceptions = exceptions();
    let mut counts: BTreeMap<Became, usize> = BTreeMap::new();
    let mut of_baml: BTreeMap<Became, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let cases = cases();
    for (line, case) in &cases {
        let text = case["input"].as_str().unwrap();
        let became = became(case, text, Doubt::Reject);
        *counts.entry(became).or_default() += 1;
        if case["kind"] == "aligned" {
            *of_baml.entry(became).or_default() += 1;
        }
        let listed = |list: &str| exceptions[list].values().any(|lines| lines.contains(line));
        let is_known = match became {
            Became::AsExpected => !listed("refused") && !listed("read_otherwise"),
            Became::ReadOtherwise => listed("read_otherwise"),
            Became::Refused => listed("refused"),
        };
        if !is_known {
            let found = read(case, text, Doubt::Reject).map(|reading| reading.value.to_string());
            wrong.push(format!(
                "{line} {became:?}: {text:?}\n  {:?}\n  {found:?}",
                case.get("expect")
            ));
        }
    }
    assert!(wrong.is_empty(), "{counts:?}\n{}", wrong.join("\n"));
    // The reasons that begin so say that the case has one reading, and that it is not found.
    let missed = |list: &str| {
        let missed = exceptions[list]
            .iter()
            .filter(|(reason, _)| reason.starts_with("missed:"));
        missed.map(|(_, lines)| lines.len()).sum::<usize>()
    };
    let missed = missed("refused") + missed("read_otherwise");
    let defensible = counts[&Became::AsExpected] + missed;
    assert_eq!((missed, defensible), (1, 428));
    let expected = [
        (Became::AsExpected, 427),
        (Became::ReadOtherwise, 55),
        (Became::Refused, 73),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    // The six cases of BAML are those in which it takes one of two readings.
    assert_eq!(
        of_baml,
        BTreeMap::from([(Became::AsExpected, 87), (Became::Refused, 6)])
    );
}

#[test]
fn with_the_first_of_two_readings_every_value_of_baml_is_read_as_there() {
    let cases = cases();
    let of_baml = cases.iter().filter(|(_, case)| case["kind"] == "aligned");
    let other: Vec<&str> = of_baml
        .clone()
        .map(|(_, case)| (case, case["input"].as_str().unwrap()))
        .filter(|(case, text)| became(case, text, Doubt::TakeFirst) != Became::AsExpected)
        .map(|(_, text)| text)
        .collect();
    // Texts that name several constants as often, where BAML has an error.
    let refused_there = [
        "The answer is true or false",
        "Two\" is one of the correct answers.",
        "k1 is the best! k-2-3.1_1 is bad. NUMBER_THREE!",
    ];
    assert_eq!((of_baml.count(), other), (93, refused_there.to_vec()));
}

/// The texts of all data that are valid JSON.
fn valid_texts() -> Vec<String> {
    let torture = data::lines("json-torture/parsing.jsonl");
    let accepted = torture.iter().filter(|case| case["expect"] == "accept");
    let mut texts: Vec<String> = accepted
        .filter_map(|case| Some(case["text"].as_str()?.to_owned()))
        .collect();
    let pairs = data::lines("openai-recordings/schema-output-pairs.jsonl");
    let valid = pairs.iter().filter(|pair| pair["valid"] == true);
    texts.extend(valid.map(|pair| pair["text"].as_str().unwrap().to_owned()));
    let broken = data::lines("broken-json/cases.jsonl");
    let inputs = broken
        .iter()
        .filter_map(|case| Some(case["input"].as_str()?.to_owned()));
    texts.extend(inputs.filter(|text| parse(text).is_ok()));
    // Every JSON value of the data is a valid text itself: schemas, instances, requests.
    for name in [
        "broken-json/cases.jsonl",
        "openai-recordings/schema-output-pairs.jsonl",
        "openai-recordings/responses.jsonl",
    ] {
        texts.extend(data::text(name).lines().map(str::to_owned));
    }
    texts
}

#[test]
fn valid_json_is_returned_untouched() {
    let reader = JsonReader::new(&json!(true)).unwrap();
    let mut read = 0;
    for text in valid_texts() {
        let node = parse(&text).unwrap();
        let lenient = parse_lenient(&text).unwrap();
        assert!(
            lenient.node == node && lenient.repairs.is_empty() && !lenient.truncated,
            "{text}"
        );
        if !node.has_duplicate_keys() {
            let reading = reader.read_node_lenient(&text).unwrap();
            assert!(
                reading.value == node && reading.is_exact() && !reading.truncated,
                "{text}"
            );
        }
        read += 1;
    }
    assert!(read > 1_000, "{read}");
}

/// The tolerant reader, made to run by a comma after the value, gives what the strict one gives.
#[test]
fn the_tolerant_reader_agrees_on_valid_json() {
    for text in valid_texts() {
        let node = parse(&text).unwrap();
        let wrapped = format!("[{text},]");
        match parse_lenient(&wrapped) {
            Ok(read) => assert_eq!(read.node.to_string(), format!("[{node}]"), "{text}"),
            Err(error) => assert!(error.is_limit(), "{text}: {error}"),
        }
    }
}

/// What is no JSON is refused, or read with a repair.
#[test]
fn nothing_broken_passes_without_a_repair() {
    for case in data::lines("json-torture/parsing.jsonl") {
        let Some(text) = case["text"].as_str().filter(|_| case["expect"] == "reject") else {
            continue;
        };
        if let Ok(read) = parse_lenient(text) {
            assert!(
                !read.repairs.is_empty(),
                "{text:?} was read to {}",
                read.node
            );
        }
    }
    let deep = "[".repeat(100_000);
    assert!(parse_lenient(&deep).unwrap_err().is_limit());
}
