//! The semantics of Python's Lark: every terminal is matched by itself, and the longest match of each goes on.
//!
//! `python_lark/drawn.jsonl` is what Lark 1.3.1 itself says of random grammars and texts; `python_lark/draw.py` draws it.

use larkspur_grammar::ambiguity::{self, Answer, Effort};
use larkspur_grammar::{Compiled, Matcher, ParseError, Parser, Semantics};
use serde_json::Value;

use crate::notation::grammar;

fn compiled(lark: &str) -> Compiled {
    Compiled::new(&grammar(lark, Semantics::Lark)).unwrap()
}

/// The first tree, or the message.
#[track_caller]
fn check(lark: &str, text: &str, expected: &str) {
    let compiled = compiled(lark);
    let mut cache = compiled.cache();
    let found = match Parser::new(&compiled).parse_first(&mut cache, text) {
        Ok(tree) => tree.to_sexpr(),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "{lark}\n{text:?}");
}

#[test]
fn a_shorter_match_of_another_terminal_goes_on_too() {
    let lark = "start: A B | AB C\nA: \"a\"\nB: \"b\"\nAB: \"ab\"\nC: \"c\"\n";
    check(lark, "ab", r#"(start (A "a") (B "b"))"#);
    check(lark, "abc", r#"(start (AB "ab") (C "c"))"#);
    check(
        lark,
        "abb",
        r#"unexpected `b` at byte 2, expected "c" or the end of the text"#,
    );
    check(
        lark,
        "a",
        r#"the text ends at byte 1, expected "b" or "ab""#,
    );
    let words = "start: IF NAME\nIF: \"if\"\nNAME: /[a-z]+/\n";
    check(words, "iffy", r#"(start (IF "if") (NAME "fy"))"#);
}

#[test]
fn of_one_terminal_only_the_longest_match_goes_on() {
    let lark = "start: WORD \"x\"\nWORD: /[a-z]+/\n";
    check(
        lark,
        "ax",
        r#"the text ends at byte 2, expected WORD or "x""#,
    );
    check(
        lark,
        "aé",
        r#"unexpected byte 0xc3 at byte 1, expected WORD or "x""#,
    );
}

/// What matched may become longer, and only then it is known that it did not: the text in between waits.
#[test]
fn a_match_that_may_become_longer_is_waited_for() {
    let lark = "start: A B*\nA: /a(bcd)?/\nB: /[a-z]/\n";
    check(lark, "abc", r#"(start (A "a") (B "b") (B "c"))"#);
    check(lark, "abcx", r#"(start (A "a") (B "b") (B "c") (B "x"))"#);
    check(lark, "abcd", r#"(start (A "abcd"))"#);
    check(lark, "abcdx", r#"(start (A "abcd") (B "x"))"#);
    check(
        lark,
        "abc1",
        "unexpected `1` at byte 3, expected A, B or the end of the text",
    );
}

#[test]
fn ignored_text_is_matched_like_any_terminal() {
    let lark = "start: A* \"ca\"?\nA: \"a\"\n%ignore \"c\"\n%ignore \"cab\"\n";
    check(lark, "cabca", "(start)");
    check(lark, "ccaca", r#"(start (A "a"))"#);
    check(
        lark,
        "cb",
        r#"unexpected `b` at byte 1, expected "a", "ca" or the end of the text"#,
    );
}

#[test]
fn the_first_alternative_is_preferred_and_what_goes_round_is_not() {
    let text = "start: a | b\na: \"x\"\nb: \"x\"\n";
    check(text, "x", "(start (a))");
    let around = "start: a\na.2: b | \"x\"\nb.5: a\n";
    check(around, "x", "(start (a))");
    let nullable = "start: a?\na.2: a* a? | \"x\"\n";
    check(nullable, "x", "(start (a))");
}

/// A text that lexemes cut in two ways is ambiguous, though the rules are not.
#[test]
fn where_texts_are_cut_in_two_ways_nothing_is_proved() {
    let answer = |lark: &str| ambiguity::search(&compiled(lark), &Effort::default());
    for lark in [
        "start: A B | AB\nA: \"a\"\nB: \"b\"\nAB: \"ab\"\n",
        "start: IF | NAME+\nIF: \"if\"\nNAME: /[a-z]+/\n",
        "start: \"a\" \" \"? \"b\"\n%ignore \" \"\n",
    ] {
        assert!(!matches!(answer(lark), Answer::Unambiguous), "{lark}");
    }
    for lark in [
        "start: A B | C\nA: \"a\"\nB: \"b\"\nC: /ca*/\n%ignore / +/\n",
        "start: NAME (\",\" NAME)*\nNAME: /[a-z]+/\n%ignore / +/\n",
    ] {
        assert!(matches!(answer(lark), Answer::Unambiguous), "{lark}");
    }
    let lark = "start: A B | AB\nA: \"a\"\nB: \"b\"\nAB: \"ab\"\n";
    let compiled = compiled(lark);
    let parsed = Parser::new(&compiled)
        .parse(&mut compiled.cache(), "ab")
        .map(|tree| tree.to_sexpr());
    assert!(matches!(parsed, Err(ParseError::Ambiguous(_))));
}

#[test]
fn pieces_forks_and_snapshots_change_nothing() {
    let lark =
        "start: (A | B | AB C)*\nA: /a(bcd)?/\nB: /[bd]/\nAB: /ab+/\nC: /c+/\n%ignore / +/\n";
    let compiled = compiled(lark);
    let mut cache = compiled.cache();
    for text in ["abcd", "abcc d", "aabbc bcd", "a b c", "abbccda", "abcdabc"] {
        let whole = compiled.accepts(&mut cache, text).unwrap();
        let mut matcher = Matcher::new(&compiled, &mut cache).unwrap();
        let start = matcher.snapshot();
        let mut read = 0;
        for byte in text.bytes() {
            let before = matcher.snapshot();
            assert_eq!(matcher.advance(&mut cache, "!").unwrap(), 0);
            let mut fork = matcher.fork();
            let forked = fork.advance(&mut cache, [byte]).unwrap();
            assert_eq!(matcher.advance(&mut cache, [byte]).unwrap(), forked);
            if forked == 0 {
                break;
            }
            read += 1;
            let complete = matcher.is_complete(&mut cache).unwrap();
            assert_eq!(fork.is_complete(&mut cache).unwrap(), complete);
            let prefix = &text[..read];
            assert_eq!(compiled.accepts(&mut cache, prefix).unwrap(), complete);
            matcher.roll_back(&before).unwrap();
            assert_eq!(matcher.advance(&mut cache, [byte]).unwrap(), 1);
        }
        let complete = matcher.is_complete(&mut cache).unwrap();
        assert_eq!(read == text.len() && complete, whole, "{text}");
        matcher.roll_back(&start).unwrap();
        assert_eq!(matcher.position(), 0);
        assert_eq!(matcher.advance(&mut cache, text).unwrap(), read, "{text}");
    }
}

/// A terminal that matches to the end of the text from every place: what it costs is bounded.
#[test]
fn text_that_is_scanned_again_and_again_comes_to_the_limit() {
    let text = "a".repeat(20_000) + "!";
    let compiled = compiled("start: (ANY | A)* \"!\"\nANY: /a+/\nA: \"a\"\n");
    let config = larkspur_grammar::Config {
        max_steps: 1 << 20,
        ..larkspur_grammar::Config::default()
    };
    let bounded = Compiled::with_config(compiled.grammar(), config).unwrap();
    let mut cache = bounded.cache();
    let error = bounded.accepts(&mut cache, &text).unwrap_err();
    assert!(error.to_string().contains("max_steps"), "{error}");
    let mut cache = compiled.cache();
    assert!(compiled.accepts(&mut cache, "aaaa!").unwrap());
}

#[test]
fn lark_itself_says_the_same() {
    let (mut verdicts, mut trees) = (0, 0);
    for line in include_str!("python_lark/drawn.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let lark = case["grammar"].as_str().unwrap();
        let compiled = compiled(lark);
        let mut cache = compiled.cache();
        let mut parser = Parser::new(&compiled);
        for (text, said) in case["texts"].as_object().unwrap() {
            verdicts += 1;
            let accepted = compiled.accepts(&mut cache, text).unwrap();
            assert_eq!(accepted, !said.is_null(), "{lark}{text:?}");
            // Where Lark passes over all of the text, it does not show what else the text may be.
            let is_shown = |tree: &&str| text.is_empty() || tree.contains('"');
            let Some(expected) = said.as_str().filter(is_shown) else {
                continue;
            };
            match parser.parse(&mut cache, text) {
                Ok(tree) => {
                    assert_eq!(
                        unnumbered(&tree.to_sexpr()),
                        unnumbered(expected),
                        "{lark}{text:?}"
                    );
                    trees += 1;
                }
                // Lark shows two derivations of the same tree once.
                Err(ParseError::Ambiguous(_)) => {}
                Err(error) => panic!("{lark}{text:?}: {error}"),
            }
        }
    }
    assert!(verdicts > 3_000 && trees > 250, "{verdicts} {trees}");
}

/// Without the numbers of terminals that have no name: Lark numbers them in another order.
fn unnumbered(tree: &str) -> String {
    let mut parts = tree.split("__ANON_");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + "ANON" + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}
