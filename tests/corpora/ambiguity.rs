//! The search for ambiguous texts on every grammar of `data/grammars`: it ends within its budget, and says what it found.

use larkspur_grammar::ambiguity::{self, Answer, Effort};
use larkspur_grammar::{Compiled, Dialect, ParseError, Parser, lark};

use crate::data;

/// Grammars of which nothing is known under Lark's dynamic lexer, because one terminal matches the beginning of what another one
/// matches: the rules leave one reading, but a text may be cut into lexemes in two ways. The list may only shrink.
const UNKNOWN_TO_LARK: &[&str] = &[
    "lark/test_empty#1",
    "lark/test_earley_explicit_ambiguity#1",
    "lark/test_multiple_start_solutions2#1",
    "lark/test_strict#2",
];

#[test]
fn the_budget_suffices_for_every_grammar() {
    let (mut unambiguous, mut ambiguous) = (0, 0);
    let (mut unknown, mut unknown_to_lark) = (Vec::new(), Vec::new());
    for case in data::lines("grammars/grammars.jsonl") {
        let (Some(name), Some(text)) = (case["name"].as_str(), case["grammar"].as_str()) else {
            continue;
        };
        for (dialect, unknown) in [
            (Dialect::llguidance(), &mut unknown),
            (Dialect::lark(), &mut unknown_to_lark),
        ] {
            let Some(compiled) = lark::compile(text, dialect)
                .ok()
                .filter(|_| case["syntax"] == "lark")
                .and_then(|grammar| Compiled::new(&grammar).ok())
            else {
                continue;
            };
            match ambiguity::search(&compiled, &Effort::default()) {
                Answer::Unambiguous => unambiguous += 1,
                Answer::Ambiguous(found) => {
                    ambiguous += 1;
                    let again = Parser::new(&compiled)
                        .parse(&mut compiled.cache(), found.first.text())
                        .map(|tree| tree.to_sexpr());
                    assert!(matches!(again, Err(ParseError::Ambiguous(_))), "{name}");
                }
                Answer::Unknown { .. } => unknown.push(name.to_owned()),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
    assert_eq!(unknown, [""; 0]);
    assert_eq!(unknown_to_lark, UNKNOWN_TO_LARK);
    assert!(
        unambiguous >= 267 && ambiguous >= 24,
        "{unambiguous} {ambiguous}"
    );
}
