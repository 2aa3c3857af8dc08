//! Every grammar of `data/grammars` is read and checked; llguidance 1.9 and the suites the grammars come from are the judges.

use larkspur_grammar::diagnostic::render_all;
use larkspur_grammar::{Diagnostic, Dialect, lark};
use llguidance::api::{GrammarInit, ParserLimits, TopLevelGrammar, ValidationResult};
use serde_json::Value;

use crate::data;

/// Cases in which the judge says otherwise, with the reason. The lists may only shrink.
const LLGUIDANCE: &[(&str, &str)] = &[
    (
        "llg/test_lark/test_lark_syntax_perc#4",
        "a fault of the JSON Schema inside, which this crate does not look into",
    ),
    (
        "xgr/test_lark.py::test_lark_named_grammar_string_cycle#1",
        NAMED_GRAMMAR,
    ),
    (
        "xgr/test_lark.py::test_lark_named_grammar_argument_validation#1",
        NAMED_GRAMMAR,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#66",
        NAMED_GRAMMAR,
    ),
];

const LARK: &[(&str, &str)] = &[
    (
        "lark/test_strict#1",
        "only the option `strict` of its LALR parser refuses terminals that overlap",
    ),
    (
        "lark/test_strict#2",
        "only the option `strict` of its LALR parser refuses conflicts",
    ),
];

const XGRAMMAR: &[(&str, &str)] = &[
    (
        "xgr/test_lark.py::test_lark_core_languages#33",
        "it takes `\\c`, which no other reader of Rust's syntax does",
    ),
    (
        "xgr/test_lark.py::test_lark_core_languages#36",
        "it takes this look-ahead as text that follows",
    ),
    (
        "xgr/test_lark.py::test_lark_named_grammar_string_cycle#1",
        NAMED_GRAMMAR,
    ),
    (
        "xgr/test_lark.py::test_lark_named_grammar_argument_validation#1",
        NAMED_GRAMMAR,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#66",
        NAMED_GRAMMAR,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#8",
        ATTRIBUTE,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#10",
        ATTRIBUTE,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#81",
        ATTRIBUTE,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#95",
        ATTRIBUTE,
    ),
    ("xgr/test_lark.py::test_lark_max_tokens_errors#1", ATTRIBUTE),
    ("xgr/test_lark.py::test_lark_max_tokens_errors#2", ATTRIBUTE),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#73",
        TOKENIZER,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#74",
        TOKENIZER,
    ),
    (
        "xgr/test_lark.py::test_lark_named_special_token_error_with_tokenizer#1",
        TOKENIZER,
    ),
    (
        "xgr/test_lark.py::test_lark_dynamic_trigger_levels_cannot_be_mixed#1",
        DISPATCH,
    ),
    (
        "xgr/test_lark.py::test_lark_lazy_and_dynamic_special_token_triggers_cannot_be_negated#2",
        DISPATCH,
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#77",
        "an option it knows and refuses, of a directive that is its own",
    ),
    (
        "xgr/test_lark.py::test_lark_errors_are_explicit_and_located#78",
        "an unknown option is a warning here",
    ),
];

const NAMED_GRAMMAR: &str = "the grammar it refers to stands in another part of the request";
const ATTRIBUTE: &str = "it is stricter than llguidance about the values of attributes";
const TOKENIZER: &str = "it asks the tokenizer";
const DISPATCH: &str = "its dispatch on special tokens has rules of its own";

/// Whether a grammar is refused, and what is said about it.
fn check(grammar: &str, dialect: &'static Dialect) -> (bool, String) {
    let findings = lark::check(grammar, dialect);
    (
        findings.iter().any(Diagnostic::is_error),
        render_all(&findings, grammar),
    )
}

fn refused_by_llguidance(grammar: &str) -> bool {
    let top = TopLevelGrammar::from_lark(grammar.to_owned());
    matches!(
        GrammarInit::Serialized(top).validate(None, ParserLimits::default()),
        ValidationResult::Error(_)
    )
}

/// Cases in the notation of Lark.
fn lark_cases() -> Vec<Value> {
    let all = data::lines("grammars/grammars.jsonl");
    let lark: Vec<Value> = all
        .into_iter()
        .filter(|case| case["syntax"] == "lark")
        .collect();
    assert!(lark.len() > 300, "{} cases", lark.len());
    lark
}

/// The cases of which `differs` is true are those of the list, and no others.
#[track_caller]
fn ratchet(
    cases: &[Value],
    explained: &[(&str, &str)],
    differs: impl Fn(&Value, &str) -> Option<String>,
) {
    let mut unexplained = Vec::new();
    let mut found = Vec::new();
    for case in cases {
        let (name, grammar) = (
            case["name"].as_str().unwrap(),
            case["grammar"].as_str().unwrap(),
        );
        if let Some(shown) = differs(case, grammar) {
            found.push(name);
            if !explained.iter().any(|(other, _)| *other == name) {
                unexplained.push(format!("{name}\n{grammar}\n{shown}"));
            }
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n\n"));
    let settled: Vec<&str> = explained
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !found.contains(name))
        .collect();
    assert!(
        settled.is_empty(),
        "take these out of the list: {settled:?}"
    );
}

#[test]
fn llguidance_refuses_what_the_check_refuses() {
    ratchet(&lark_cases(), LLGUIDANCE, |_, grammar| {
        let (ours, shown) = check(grammar, Dialect::llguidance());
        (ours != refused_by_llguidance(grammar)).then_some(shown)
    });
}

#[test]
fn lark_and_xgrammar_refuse_what_the_check_refuses() {
    let suites = [
        ("lark-parser/lark", Dialect::lark(), LARK),
        ("mlc-ai/xgrammar", Dialect::xgrammar(), XGRAMMAR),
    ];
    for (suite, dialect, explained) in suites {
        let mut cases = lark_cases();
        cases.retain(|case| {
            case["source"]
                .as_str()
                .is_some_and(|source| source.contains(suite))
        });
        assert!(cases.len() > 90, "{suite}: {}", cases.len());
        ratchet(&cases, explained, |case, grammar| {
            let (ours, shown) = check(grammar, dialect);
            let theirs = case.get("compile_error").is_some();
            (ours != theirs).then_some(shown)
        });
    }
}

/// What is read without faults is printed, and says the same again.
#[test]
fn grammars_are_printed_and_read_again() {
    let mut printed = 0;
    for case in lark_cases() {
        let parsed = lark::parse(case["grammar"].as_str().unwrap());
        if parsed.diagnostics.is_empty() {
            let text = parsed.file.to_string();
            let again = lark::parse(&text);
            assert_eq!(again.diagnostics, [], "{text}");
            assert_eq!(again.file.to_string(), text);
            printed += 1;
        }
    }
    assert!(printed > 250, "{printed}");
}
