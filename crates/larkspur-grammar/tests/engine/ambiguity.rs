//! Texts with two trees, also where the second one has nothing but empty pieces more.

use larkspur_grammar::parser::ParseError;
use larkspur_grammar::{Compiled, Parser, Semantics};

use crate::notation::grammar;

/// The two readings, or the only tree.
fn readings(lark: &str, text: &str) -> Result<[String; 2], String> {
    let compiled = Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap();
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    match parser.parse(&mut cache, text) {
        Ok(tree) => {
            assert_eq!(
                tree.to_sexpr(),
                parser.parse_first(&mut cache, text).unwrap().to_sexpr()
            );
            Err(tree.to_sexpr())
        }
        Err(ParseError::Ambiguous(ambiguity)) => {
            assert_ne!(
                ambiguity.first.to_json(),
                ambiguity.second.to_json(),
                "{lark}"
            );
            let first = parser.parse_first(&mut cache, text).unwrap().to_sexpr();
            assert_eq!(ambiguity.first.to_sexpr(), first, "{lark}");
            Ok(ambiguity.readings)
        }
        Err(error) => panic!("{lark} {text:?}: {error}"),
    }
}

#[track_caller]
fn two(lark: &str, text: &str, first: &str, second: &str) {
    assert_eq!(
        readings(lark, text),
        Ok([first.to_owned(), second.to_owned()]),
        "{lark} {text:?}"
    );
}

#[track_caller]
fn one(lark: &str, text: &str, tree: &str) {
    assert_eq!(
        readings(lark, text),
        Err(tree.to_owned()),
        "{lark} {text:?}"
    );
}

#[test]
fn the_empty_text_in_two_ways() {
    two("start: a | b\na: \"x\"?\nb: \"y\"?", "", "(a)", "(b)");
    two("start: a?\na: \"x\"?", "", "(start)", "(start (a))");
    two("start: \"x\"? -> p | \"y\"? -> q", "", "(p)", "(q)");
    two("start: a*\na: \"x\"?", "", "(start)", "(start (a))");
    two("start: a+\na: \"x\"?", "", "(start (a))", "(start (a) (a))");
    two(
        "start: b \"z\"\nb: a\na: c | d\nc: \"x\"?\nd: \"y\"?",
        "z",
        "(c)",
        "(d)",
    );
    one("start: a\na: \"x\"?", "", "(start (a))");
    one("start: a a\na: \"x\"?", "", "(start (a) (a))");
    one("start: \"x\"? | \"y\"?", "", "(start)");
    one("start: (\"x\"?)* \"y\"?", "", "(start)");
    one("start: a{3}\na: \"x\"?", "", "(start (a) (a) (a))");
}

#[test]
fn empty_pieces_around_what_is_there() {
    // The second tree has the same nodes, and other places.
    assert!(readings("start: a a\na: \"x\"?", "x").is_ok());
    one("start: a a\na: \"x\"?", "xx", "(start (a) (a))");
    two("start: \"y\" a?\na: \"x\"?", "y", "(start)", "(start (a))");
    one("start: \"y\" a?\na: \"x\"?", "yx", "(start (a))");
    two(
        "start: a*\na: \"x\"?",
        "xx",
        "(start (a) (a))",
        "(start (a) (a) (a))",
    );
    two(
        "start: a{,3}\na: \"x\"?",
        "xx",
        "(start (a) (a))",
        "(start (a) (a) (a))",
    );
    one("start: a{,3}\na: \"x\"?", "xxx", "(start (a) (a) (a))");
    one("start: (\"x\"?)*", "xx", "(start)");
    two(
        "start: [A] [A]\nA: \"x\"",
        "x",
        r#"(start _ (A "x"))"#,
        r#"(start (A "x") _)"#,
    );
}

#[test]
fn rules_that_derive_themselves() {
    two("start: a\na: a | \"x\"", "x", "(a)", "(a (a))");
    two("start: a\na: b | \"x\"\nb: a", "x", "(a)", "(a (b (a)))");
    two(
        "start: a\na: a b | \"x\"\nb: \"y\"?",
        "x",
        "(a)",
        "(a (a) (b))",
    );
    one("start: a\n?a: a | \"x\"", "x", "(start (a))");
    one("start: _a\n_a: _a | \"x\"", "x", "(start)");
}
