//! Which grammars have a text with two trees, and which one is the shortest.

#![expect(clippy::panic, clippy::unwrap_used, reason = "tests")]

use larkspur_grammar::ambiguity::{self, Answer, Effort};
use larkspur_grammar::{Compiled, Dialect, lark};

fn answer(text: &str) -> Answer {
    let grammar = lark::compile(text, Dialect::llguidance())
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    ambiguity::search(&Compiled::new(&grammar).unwrap(), &Effort::default())
}

/// Grammar, and its shortest ambiguous text.
const AMBIGUOUS: &[(&str, &str)] = &[
    ("start: e\ne: e \"+\" e | N\nN: /[0-9]/", "0+0+0"),
    (
        "start: e\ne: e \"+\" e | e \"*\" e | \"(\" e \")\" | N\nN: /[0-9]+/",
        "0+0+0",
    ),
    (
        "start: s\ns: \"if\" s \"else\" s | \"if\" s | \"x\"\n%ignore / /",
        "ififxelsex",
    ),
    (
        "start: a | b\na: NAME\nb: WORD\nNAME: /[a-z]+/\nWORD: /[a-z]+x/",
        "ax",
    ),
    (
        "start: \"if\" NAME -> cond | NAME NAME -> call\nNAME: /[a-z]+/\n%ignore / /",
        "if a",
    ),
    ("start: item*\nitem: \"x\"?", ""),
    ("start: \"[\" item* \"]\"\nitem: \"x\"?", "[]"),
    ("start: list\nlist: list \",\"? list | \"x\"", "xxx"),
    (
        "start: item (\",\"? item)*\nitem: \"x\" | \"x\" \",\"",
        "x,x",
    ),
    ("start: a\na: a | \"x\"", "x"),
    ("start: a\na: b | \"x\"\nb: c\nc: a", "x"),
    ("start: a b\na: \"x\" \"y\"?\nb: \"y\"? \"z\"", "xyz"),
    ("start: s\ns: s s | \"a\"", "aaa"),
    (
        "start: \"(\" w \")\"\nw: p | q\np: \"a\" \"b\" \"c\"\nq: \"a\" r\nr: \"b\" \"c\"",
        "(abc)",
    ),
    ("start: [A] [A]\nA: \"x\"", "x"),
];

const UNAMBIGUOUS: &[&str] = &[
    "start: e\ne: e \"+\" t | t\nt: t \"*\" f | f\nf: \"(\" e \")\" | N\nN: /[0-9]+/",
    "start: item (\",\" item)*\nitem: \"x\"",
    "start: item (\",\" item)* \",\"?\nitem: \"x\"",
    "start: \"[\" (item (\",\" item)*)? \"]\"\nitem: /[a-z]+/ | start\n%ignore / /",
    "start: (\"x\"?)*",
    "start: a a\na: \"x\"",
    "start: \"if\" \"(\" NAME \")\" | NAME \"=\" NAME\nNAME: /[a-z]+/\n%ignore / /",
    "start: \"a\"{2,5} \"b\"{3}",
    "start: open | closed\nopen: \"if\" start | \"if\" closed \"else\" open\nclosed: \"if\" closed \"else\" closed | \"x\"\n%ignore / /",
];

/// Not LR(1), and not ambiguous either: nobody claims to know.
const UNKNOWN: &[&str] = &["start: p\np: \"a\" p \"a\" | \"b\" p \"b\" | \"c\" | \"a\" | \"b\""];

#[test]
fn ambiguous_grammars_have_a_shortest_example() {
    for (grammar, text) in AMBIGUOUS {
        match answer(grammar) {
            Answer::Ambiguous(found) => {
                assert_eq!(
                    String::from_utf8_lossy(found.first.text()),
                    *text,
                    "{grammar}"
                );
                assert_ne!(found.first.to_json(), found.second.to_json());
            }
            other => panic!("{grammar}: {other:?}"),
        }
    }
}

#[test]
fn unambiguous_grammars_are_known_to_be() {
    for grammar in UNAMBIGUOUS {
        let found = answer(grammar);
        assert!(matches!(found, Answer::Unambiguous), "{grammar}: {found:?}");
    }
}

#[test]
fn what_is_not_known_is_not_claimed() {
    for grammar in UNKNOWN {
        let found = answer(grammar);
        assert!(
            matches!(found, Answer::Unknown { lexemes: 3.. }),
            "{grammar}: {found:?}"
        );
    }
}
