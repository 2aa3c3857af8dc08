//! Schemas of two engines' own suites, with the texts these take and refuse.

use std::collections::BTreeSet;

use larkspur_output::JsonReader;
use larkspur_schema::grammar::{Options, PropertyOrder, Spelling, WhiteSpace};
use serde::Deserialize;
use serde_json::Value;

use super::Made;
use crate::data;

#[derive(Deserialize)]
struct Case {
    name: String,
    grammar: Value,
    #[serde(default)]
    accept: Vec<String>,
    #[serde(default)]
    reject: Vec<String>,
    #[serde(default)]
    compile_error: Value,
    llguidance: Verdict,
}

#[derive(Deserialize)]
struct Verdict {
    verdict: String,
    #[serde(default)]
    strings: Vec<Differing>,
}

#[derive(Deserialize)]
struct Differing {
    string: String,
}

impl Case {
    /// The texts, and what llguidance says of them; what the suite says where llguidance does not take the schema.
    fn texts(&self) -> impl Iterator<Item = (&str, bool)> {
        let differs = |text: &str| {
            self.llguidance
                .strings
                .iter()
                .any(|other| other.string == text)
        };
        let accepted = self.accept.iter().map(|text| (text.as_str(), true));
        let all = accepted.chain(self.reject.iter().map(|text| (text.as_str(), false)));
        all.map(move |(text, accepted)| (text, accepted != differs(text)))
    }
}

/// How models are made to write: the way of llguidance.
fn as_written() -> Options {
    Options {
        order: PropertyOrder::Declared,
        spelling: Spelling::Plain,
        ..Options::default()
    }
}

/// Every way of writing a value.
fn in_any_way() -> Options {
    Options {
        white_space: WhiteSpace::Everywhere,
        spelling: Spelling::Any,
        ..Options::default()
    }
}

/// Cases that are judged otherwise than llguidance judges them, and why. The list may only shrink.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "llg/test_json_primitives/number_multipleof_noninteger#1",
        MULTIPLES,
    ),
    ("llg/test_lark/test_json_pattern_properties#11", MULTIPLES),
    (
        "xgr/test_json_schema_converter.py::test_integer_multiple_of#3",
        MULTIPLES,
    ),
    (
        "xgr/test_json_schema_converter.py::test_integer_multiple_of#4",
        MULTIPLES,
    ),
    (
        "xgr/test_json_schema_converter.py::test_integer_multiple_of#5",
        MULTIPLES,
    ),
    (
        "xgr/test_json_schema_converter.py::test_integer_multiple_of_sweep#1",
        MULTIPLES,
    ),
    (
        "xgr/test_json_schema_converter.py::test_integer_multiple_of_sweep#2",
        MULTIPLES,
    ),
    (
        "xgr/test_json_schema_converter.py::test_multiple_of_unsupported_warns_and_ignores#2",
        MULTIPLES,
    ),
    (
        "xgr/test_json_schema_converter.py::test_multiple_of_unsupported_warns_and_ignores#3",
        MULTIPLES,
    ),
    ("llg/test_json_string_format/bad_email#1", FORMATS),
    ("llg/test_json_string_format/bad_hostname#1", FORMATS),
    (
        "xgr/test_json_schema_converter.py::test_email_format#1",
        FORMATS,
    ),
    (
        "xgr/test_json_schema_converter.py::test_hostname_format#1",
        FORMATS,
    ),
    ("llg/test_lark/test_json_pattern_properties#2", CARRIED),
    ("llg/test_lark/test_json_pattern_properties#3", CARRIED),
    ("llg/test_lark/test_json_min_max_properties#2", CARRIED),
    ("llg/test_json_schema_combinations/allof_with_base#1", ORDER),
    (
        "xgr/test_json_schema_converter.py::test_array_schema#2",
        "relaxed: `unevaluatedItems`",
    ),
    (
        "xgr/test_json_schema_converter.py::test_object_error_handle#5",
        "no name is an object, so only `{}` is left, which the engines refuse",
    ),
];

const MULTIPLES: &str = "the last digits do not tell the multiples: relaxed, `multipleOf`";
const FORMATS: &str = "the pattern of the format is wider: relaxed, `format`";
const CARRIED: &str = "llguidance refuses the schema, which is carried here";
const ORDER: &str = "the properties of a schema come before those of its `allOf`; in llguidance it is the order of the keywords";

#[test]
fn texts_are_judged_as_llguidance_judges_them() {
    let mut judged = 0;
    let mut otherwise: Vec<(String, String)> = Vec::new();
    for case in data::rows::<Case>("grammars/json_schema.jsonl") {
        let made = Made::new(&case.grammar, &as_written());
        if !case.compile_error.is_null() {
            // What llguidance does not compile has no sentence, or is refused here as well.
            if let Ok(made) = made
                && !made.is_empty()
            {
                otherwise.push((case.name, "is taken".to_owned()));
            }
            continue;
        }
        let mut made = match made {
            Ok(made) => made,
            Err(error) => {
                otherwise.push((case.name, error.to_string()));
                continue;
            }
        };
        for (text, expected) in case.texts() {
            judged += 1;
            let found = made.accepts(text);
            if found != expected {
                let relaxed = made.keywords().join(", ");
                let known = &case.llguidance.verdict;
                otherwise.push((
                    case.name.clone(),
                    format!("{text:?}: {found} ({known}; relaxed: {relaxed})"),
                ));
            }
        }
    }
    let known: BTreeSet<&str> = OTHERWISE.iter().map(|(name, _)| *name).collect();
    let news: Vec<_> = otherwise
        .iter()
        .filter(|(name, _)| !known.contains(name.as_str()))
        .collect();
    assert!(news.is_empty(), "{} not in the list: {news:#?}", news.len());
    for (name, reason) in OTHERWISE {
        assert!(
            otherwise.iter().any(|(found, _)| found == name),
            "{name} no longer differs ({reason}): take it off the list"
        );
    }
    assert!(judged > 2_300, "{judged}");
}

/// What is said to be exact is, and what is relaxed is only wider: the judge is the reader.
#[test]
fn exact_grammars_take_what_is_valid_and_relaxed_ones_more() {
    let (mut exact, mut relaxed) = (0, 0);
    let mut wrong: Vec<String> = Vec::new();
    for case in data::rows::<Case>("grammars/json_schema.jsonl") {
        let (Ok(mut made), Ok(reader)) = (
            Made::new(&case.grammar, &in_any_way()),
            JsonReader::new(&case.grammar),
        ) else {
            continue;
        };
        let is_exact = made.keywords().is_empty();
        if is_exact {
            exact += 1;
        } else {
            relaxed += 1;
        }
        for (text, _) in case.texts() {
            let (found, valid) = (made.accepts(text), reader.read_node(text).is_ok());
            // A key twice is not a value.
            let is_value = valid
                || larkspur_json::parse(text).is_ok_and(|node| node.duplicate_keys().is_empty());
            if found != valid && is_value && (valid || is_exact) {
                wrong.push(format!("{}: {text:?}: {found}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
    assert_eq!((exact, relaxed), (191, 18));
}
