//! Conversions of the grammars of three engines' own suites: the texts these accept and reject stay judged as they were,
//! but for what the losses tell.

use larkspur_grammar::convert::{Notation, Options, read};
use larkspur_grammar::print::{self, Printed};
use larkspur_grammar::{Compiled, Dialect, Effect, Grammar};
use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use llguidance::{Matcher, ParserFactory};
use serde_json::Value;

use crate::data;

/// Cases of xgrammar's EBNF that are judged otherwise here, and why.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "xgr/test_lark.py::test_ebnf_lazy_committed_shortest_and_plus_desugar#1",
        LAZY,
    ),
    (
        "xgr/test_lark.py::test_ebnf_lazy_committed_shortest_and_plus_desugar#2",
        LAZY,
    ),
    (
        "xgr/test_lark.py::test_ebnf_lazy_attribute_round_trips#1",
        LAZY,
    ),
    (
        "xgr/test_lark.py::test_lark_suffix_stop_round_trip_serialization_and_cache#2",
        LAZY,
    ),
    (
        "xgr/test_lark.py::test_lark_suffix_stop_round_trip_serialization_and_cache#4",
        LAZY,
    ),
    (
        "xgr/test_lark.py::test_lark_suffix_stop_round_trip_serialization_and_cache#6",
        LAZY,
    ),
    (
        "xgr/test_lark.py::test_lark_suffix_stop_round_trip_serialization_and_cache#8",
        LAZY,
    ),
    (
        "xgr/test_grammar_matcher_macro.py::test_stop_str_no_loop#1",
        DISPATCH,
    ),
    (
        "xgr/test_grammar_matcher_macro.py::test_regression_multiple_tag_dispatch#1",
        DISPATCH,
    ),
    (
        "xgr/test_grammar_matcher_macro.py::test_excluded_str#1",
        DISPATCH,
    ),
    (
        "xgr/test_grammar_regex_macro.py::test_regex_macro_json_string#1",
        JSON_STRING,
    ),
    (
        "xgr/test_grammar_regex_macro.py::test_regex_macro_json_string#2",
        JSON_STRING,
    ),
    (
        "xgr/test_grammar_regex_macro.py::test_regex_macro_engine_features#13",
        "it takes this look-ahead as text that follows",
    ),
    (
        "xgr/test_grammar_regex_macro.py::test_regex_macro_flags_json_string#1",
        JSON_STRING,
    ),
    (
        "xgr/test_grammar_regex_macro.py::test_regex_macro_flags_json_string#2",
        JSON_STRING,
    ),
    (
        "xgr/test_grammar_substring_macro.py::test_substring_macro_in_lookahead_rejected#1",
        "a look-ahead is dropped here, with a loss, whatever it holds",
    ),
];

const LAZY: &str = "lazy rules are attributes of xgrammar alone, and refused";
const DISPATCH: &str = "`TagDispatch` is refused";
const JSON_STRING: &str = "regexes over the inside of JSON strings are refused";

/// A case of the recordings.
struct Case {
    name: String,
    grammar: String,
    refused: bool,
    /// Texts, and whether each is a sentence.
    texts: Vec<(String, bool)>,
}

fn cases(syntax: &str) -> Vec<Case> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let texts = |case: &Value, key: &str| -> Vec<String> {
        case.get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(text)
            .collect()
    };
    data::lines("grammars/grammars.jsonl")
        .into_iter()
        .filter(|case| case["syntax"] == syntax)
        .map(|case| {
            let accepted = texts(&case, "accept").into_iter().map(|text| (text, true));
            let rejected = texts(&case, "reject").into_iter().map(|text| (text, false));
            Case {
                name: text(&case["name"]),
                grammar: text(&case["grammar"]),
                refused: case
                    .get("compile_error")
                    .is_some_and(|error| !error.is_null()),
                texts: accepted.chain(rejected).collect(),
            }
        })
        .collect()
}

/// What our engine says of the texts; `None` where it cannot run the grammar or a text passes its limits.
fn verdicts(grammar: &Grammar, texts: &[(String, bool)]) -> Option<Vec<bool>> {
    let compiled = Compiled::new(grammar).ok()?;
    let mut cache = compiled.cache();
    texts
        .iter()
        .map(|(text, _)| compiled.accepts(&mut cache, text).ok())
        .collect()
}

/// What llguidance says of them.
fn llguidance(lark: &str, texts: &[(String, bool)]) -> Result<Vec<bool>, String> {
    let env = ApproximateTokEnv::single_byte_env();
    let mut factory = ParserFactory::new(&env, InferenceCapabilities::default(), &[])
        .map_err(|error| error.to_string())?;
    factory.quiet();
    factory.limits_mut().verbose_errors = false;
    let parser = factory
        .create_parser(TopLevelGrammar::from_lark(lark.to_owned()))
        .map_err(|error| error.to_string())?;
    let matcher = Matcher::new(Ok(parser));
    let judge = |(text, _): &(String, bool)| {
        let mut matcher = matcher.deep_clone();
        let tokens: Vec<u32> = text.bytes().map(u32::from).collect();
        let taken = matcher.try_consume_tokens(&tokens);
        let taken = taken.map_err(|error| error.to_string())?;
        let accepting = matcher.is_accepting().map_err(|error| error.to_string())?;
        Ok(taken == tokens.len() && accepting)
    };
    texts.iter().map(judge).collect()
}

/// The first text of which the verdict changed although no loss tells so.
fn changed(
    texts: &[(String, bool)],
    before: &[bool],
    after: &[bool],
    printed: &Printed,
) -> Option<String> {
    let may = |effect| {
        let tells =
            |loss: &larkspur_grammar::Loss| loss.effect == effect || loss.effect == Effect::Other;
        printed.losses.iter().any(tells)
    };
    let mut judged = texts.iter().zip(before).zip(after);
    let ((text, before), after) = judged.find(|((_, before), after)| {
        before != after && !(**after && may(Effect::Wider)) && !(**before && may(Effect::Narrower))
    })?;
    Some(format!("{:?}: {before} before, {after} after", text.0))
}

/// Everything that a grammar is printed as and read again from keeps the verdicts.
fn faults(case: &Case, grammar: &Grammar, before: &[bool]) -> Vec<String> {
    let mut faults = Vec::new();
    for (notation, printed) in [
        (Notation::Gbnf, print::gbnf(grammar)),
        (Notation::Ebnf, print::ebnf(grammar)),
        (Notation::Lark, print::lark(grammar, Dialect::openai())),
        (Notation::Lark, print::lark(grammar, Dialect::llguidance())),
    ] {
        let told = |what: String| format!("{} as {notation}: {what}\n{}", case.name, printed.text);
        let again = match read(&printed.text, notation, &Options::default()) {
            Ok(again) => again.grammar,
            Err(error) => {
                faults.push(told(error.to_string()));
                continue;
            }
        };
        let Some(after) = verdicts(&again, &case.texts) else {
            faults.push(told("has no verdicts".to_owned()));
            continue;
        };
        faults.extend(changed(&case.texts, before, &after, &printed).map(told));
        if notation == Notation::Lark {
            match llguidance(&printed.text, &case.texts) {
                Err(error) => faults.push(told(error)),
                Ok(after) => {
                    faults.extend(changed(&case.texts, before, &after, &printed).map(told))
                }
            }
        }
    }
    faults
}

#[test]
fn ebnf_of_xgrammars_suite_is_judged_as_there_and_keeps_its_verdicts() {
    let cases = cases("gbnf");
    assert!(cases.len() >= 70, "{}", cases.len());
    let mut judged = 0;
    let (mut otherwise, mut unexplained) = (Vec::new(), Vec::new());
    for case in &cases {
        let read = read(&case.grammar, Notation::Ebnf, &Options::default());
        let wrong = match &read {
            Ok(_) if case.refused => Some("is read here".to_owned()),
            Err(_) if case.refused => None,
            Err(error) => Some(format!("{error}: {:?}", error.diagnostics())),
            Ok(read) => {
                let ours = verdicts(&read.grammar, &case.texts).unwrap();
                judged += ours.len();
                unexplained.extend(faults(case, &read.grammar, &ours));
                let theirs = case.texts.iter().zip(&ours);
                let told = |ours: bool| {
                    let effect = if ours {
                        Effect::Wider
                    } else {
                        Effect::Narrower
                    };
                    read.losses.iter().any(|loss| loss.effect == effect)
                };
                let mut differing =
                    theirs.filter(|((_, theirs), ours)| theirs != *ours && !told(**ours));
                differing
                    .next()
                    .map(|((text, theirs), ours)| format!("{text:?}: {theirs} there, {ours} here"))
            }
        };
        if let Some(wrong) = wrong {
            otherwise.push(case.name.as_str());
            if !OTHERWISE.iter().any(|(name, _)| *name == case.name) {
                unexplained.push(format!("{}: {wrong}\n{}", case.name, case.grammar));
            }
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n\n"));
    let names: Vec<&str> = OTHERWISE.iter().map(|(name, _)| *name).collect();
    assert_eq!(otherwise, names, "the list may only shrink");
    assert!(judged > 100, "{judged}");
}

#[test]
fn lark_of_all_suites_keeps_its_verdicts() {
    let (mut converted, mut judged) = (0, 0);
    let mut unexplained = Vec::new();
    for case in cases("lark") {
        let Ok(read) = read(&case.grammar, Notation::Lark, &Options::default()) else {
            continue;
        };
        // What the engine cannot run holds another language (`%json`) or LLM tokens.
        let Some(before) = verdicts(&read.grammar, &case.texts) else {
            continue;
        };
        converted += 1;
        judged += before.len();
        unexplained.extend(faults(&case, &read.grammar, &before));
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n\n"));
    assert!(
        converted > 100 && judged > 400,
        "{converted} grammars, {judged} texts"
    );
}
