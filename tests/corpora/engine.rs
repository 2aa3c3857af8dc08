//! The engine on the grammars of three other engines' own suites, with the texts these accept and reject and the trees
//! that Python's Lark gives.

use larkspur_grammar::{Compiled, Dialect, Parser, lark};
use larkspur_schema::grammar::{Options, expand_json};
use serde_json::Value;

use crate::data;

/// Cases whose texts the engine judges otherwise than llguidance, and why.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "llg/test_lark/test_json_dw_pattern#3",
        "in the plain spelling control characters are not escaped by number where there is a short escape",
    ),
    (
        "llg/test_lark/test_json_general_unicode_escapes_respect_allowed_escapes#1",
        ESCAPES,
    ),
    (
        "llg/test_lark/test_json_general_unicode_escapes_respect_allowed_escapes#2",
        ESCAPES,
    ),
    (
        "llg/test_lark/test_json_general_unicode_escapes_are_opt_in#1",
        "a string of which nothing is said may be written in every way that JSON has",
    ),
    (
        "llg/test_lark/test_json_general_unicode_escapes_are_opt_in#2",
        "a string of which nothing is said may be written in every way that JSON has, half a surrogate pair too",
    ),
];

const ESCAPES: &str = "`json_allowed_escapes` is a relaxation";

fn cases() -> Vec<Value> {
    data::lines("grammars/grammars.jsonl")
        .into_iter()
        .filter(|case| case["syntax"] == "lark")
        .collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// What llguidance says of a text: what the case says, unless the case says that it disagrees.
fn verdict_of_llguidance(case: &Value, text: &str, accepted: bool) -> bool {
    let differs = case["llguidance"]["strings"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|other| other["string"] == text);
    accepted != differs
}

/// A grammar of llguidance's, with its `%json` blocks made rules.
fn compile(text: &str) -> Result<Compiled, String> {
    let grammar = lark::compile(text, Dialect::llguidance()).map_err(|error| error.to_string())?;
    let made = expand_json(&grammar, &Options::llguidance()).map_err(|error| error.to_string())?;
    Compiled::new(&made.grammar).map_err(|error| error.to_string())
}

#[test]
fn texts_are_judged_as_llguidance_judges_them() {
    let mut judged = 0;
    let mut otherwise = Vec::new();
    for case in cases() {
        let name = case["name"].as_str().unwrap();
        if case["llguidance"]["verdict"] == "unsupported"
            || case
                .get("compile_error")
                .is_some_and(|error| !error.is_null())
        {
            continue;
        }
        let texts: Vec<(&str, bool)> = strings(&case["accept"])
            .into_iter()
            .map(|text| (text, true))
            .chain(
                strings(&case["reject"])
                    .into_iter()
                    .map(|text| (text, false)),
            )
            .collect();
        let compiled = match compile(case["grammar"].as_str().unwrap()) {
            Ok(compiled) => compiled,
            Err(error) => {
                otherwise.push((name.to_owned(), format!("does not compile: {error}")));
                continue;
            }
        };
        let mut cache = compiled.cache();
        for (text, accepted) in texts {
            judged += 1;
            let expected = verdict_of_llguidance(&case, text, accepted);
            let found = compiled.accepts(&mut cache, text).unwrap();
            if found != expected {
                otherwise.push((name.to_owned(), format!("{text:?}: {found}")));
            }
        }
    }
    check_list(&otherwise, OTHERWISE);
    assert!(judged > 500, "{judged}");
}

#[test]
fn trees_are_those_of_python() {
    let mut compared = 0;
    let mut others = Vec::new();
    for case in cases() {
        let Some(trees) = case["trees"].as_object() else {
            continue;
        };
        let name = case["name"].as_str().unwrap();
        let compiled = match lark::compile(case["grammar"].as_str().unwrap(), Dialect::lark()) {
            Ok(grammar) => Compiled::new(&grammar).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(error) => {
                others.push((name.to_owned(), format!("does not compile: {error}")));
                continue;
            }
        };
        let mut cache = compiled.cache();
        let mut parser = Parser::new(&compiled);
        for (text, tree) in trees {
            compared += 1;
            let expected = python_tree(tree.as_str().unwrap());
            let found = match parser.parse_first(&mut cache, text) {
                Ok(tree) => tree.to_sexpr(),
                Err(error) => error.to_string(),
            };
            if found != expected {
                others.push((
                    name.to_owned(),
                    format!("{text:?}: {found} instead of {expected}"),
                ));
            }
        }
    }
    assert!(others.is_empty(), "{others:#?}");
    assert!(compared > 140, "{compared}");
}

/// What differs is exactly what the list says.
#[track_caller]
fn check_list(found: &[(String, String)], list: &[(&str, &str)]) {
    let news: Vec<_> = found
        .iter()
        .filter(|(name, _)| !list.iter().any(|(known, _)| known == name))
        .collect();
    assert!(
        news.is_empty(),
        "{} not in the list:\n{news:#?}",
        news.len()
    );
    for (known, reason) in list {
        assert!(
            found.iter().any(|(name, _)| name == known),
            "{known} no longer differs ({reason}): take it off the list"
        );
    }
}

/// Python's `str(tree)` as an S-expression.
fn python_tree(text: &str) -> String {
    let mut reader = Python { rest: text };
    let mut out = String::new();
    reader.node(&mut out);
    assert_eq!(reader.rest, "");
    out
}

struct Python<'t> {
    rest: &'t str,
}

impl Python<'_> {
    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn node(&mut self, out: &mut String) {
        if self.eat("None") {
            out.push('_');
        } else if self.eat("Token(") {
            let name = self.string();
            assert!(self.eat(", "));
            let text = self.string();
            assert!(self.eat(")"));
            out.push_str(&format!(
                "({name} {})",
                serde_json::to_string(&text).unwrap()
            ));
        } else {
            assert!(self.eat("Tree("), "{}", self.rest);
            let name = if self.eat("Token('RULE', ") {
                let name = self.string();
                assert!(self.eat(")"));
                name
            } else {
                self.string()
            };
            out.push('(');
            out.push_str(&name);
            assert!(self.eat(", ["));
            while !self.eat("])") {
                self.eat(", ");
                out.push(' ');
                self.node(out);
            }
            out.push(')');
        }
    }

    fn string(&mut self) -> String {
        let quote = self.take();
        let mut text = String::new();
        loop {
            match self.take() {
                '\\' => {
                    let c = self.take();
                    let digits = match c {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        _ => 0,
                    };
                    text.push(match c {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        _ if digits > 0 => {
                            let (code, rest) = self.rest.split_at(digits);
                            self.rest = rest;
                            u32::from_str_radix(code, 16)
                                .ok()
                                .and_then(char::from_u32)
                                .unwrap()
                        }
                        other => other,
                    });
                }
                c if c == quote => return text,
                c => text.push(c),
            }
        }
    }

    fn take(&mut self) -> char {
        let c = self.rest.chars().next().unwrap();
        self.rest = &self.rest[c.len_utf8()..];
        c
    }
}
