//! What trees look like, and when there is none.

use larkspur_grammar::parser::ParseError;
use larkspur_grammar::tree::NodeKind;
use larkspur_grammar::{Compiled, Dialect, Parser, Semantics, lark};

use crate::notation::grammar;

fn tree_under(semantics: Semantics, lark: &str, text: &str) -> String {
    let compiled = Compiled::new(&grammar(lark, semantics)).unwrap();
    let mut cache = compiled.cache();
    match Parser::new(&compiled).parse(&mut cache, text) {
        Ok(tree) => tree.to_sexpr(),
        Err(error) => format!("error: {error}"),
    }
}

#[track_caller]
fn check(lark: &str, text: &str, expected: &str) {
    assert_eq!(
        tree_under(Semantics::Llguidance, lark, text),
        expected,
        "{lark} on {text:?}"
    );
}

#[test]
fn rules_aliases_and_what_is_filtered_out() {
    check("start: a\na: \"x\"", "x", "(start (a))");
    check(
        "start: A B\nA: \"x\"\nB: \"y\"",
        "xy",
        r#"(start (A "x") (B "y"))"#,
    );
    check("!start: \"x\" \"y\"", "xy", r#"(start (X "x") (Y "y"))"#);
    check(
        "start: _A B\n_A: \"x\"\nB: \"y\"",
        "xy",
        r#"(start (B "y"))"#,
    );
    check("start: \"x\" -> ex | \"y\" -> why", "y", "(why)");
    check(
        "start: /[a-z]/+",
        "ab",
        r#"(start (__ANON_0 "a") (__ANON_0 "b"))"#,
    );
}

#[test]
fn inlined_rules_leave_their_children() {
    check(
        "start: _pair _pair\n_pair: A \"-\" A\nA: /[a-z]/",
        "a-bc-d",
        r#"(start (A "a") (A "b") (A "c") (A "d"))"#,
    );
    check(
        "start: sum\n?sum: product | sum \"+\" product\nproduct: N\nN: /[0-9]/",
        "1",
        r#"(start (product (N "1")))"#,
    );
    check(
        "start: sum\n?sum: product | sum \"+\" product\nproduct: N\nN: /[0-9]/",
        "1+2",
        r#"(start (sum (product (N "1")) (product (N "2"))))"#,
    );
    check(
        "start: a\n?a: b b -> c\nb: \"x\"",
        "xx",
        "(start (c (b) (b)))",
    );
    check("start: a\n?a: b -> c\nb: \"x\"", "x", "(start (c (b)))");
}

#[test]
fn absent_pieces() {
    check("start: a b\na: \"x\"?\nb: \"y\"*", "", "(start (a) (b))");
    check(
        "start: x y\nx: A\n?y: z*\nz: B\nA: \"a\"\nB: \"b\"",
        "a",
        r#"(start (x (A "a")) (y))"#,
    );
    check("start: e \"b\"\ne: f\nf:", "b", "(start (e (f)))");
}

#[test]
fn groups_and_repetitions_do_not_show() {
    check(
        "start: (A (\",\" A)*)?\nA: /[a-z]/",
        "a,b,c",
        r#"(start (A "a") (A "b") (A "c"))"#,
    );
    check(
        "start: (A | B){2,4}\nA: \"a\"\nB: \"b\"",
        "abb",
        r#"(start (A "a") (B "b") (B "b"))"#,
    );
    check("start: (a*)*\na: \"a\"", "aa", "(start (a) (a))");
}

#[test]
fn what_a_word_was_is_decided_by_what_follows() {
    let lark = "start: stmt+\n?stmt: cond | name\ncond: \"if\" NAME \";\"\nname: NAME \";\"\nNAME: /[a-z]+/\n%ignore / /";
    check(
        lark,
        "if x; if; ifx;",
        r#"(start (cond (NAME "x")) (name (NAME "if")) (name (NAME "ifx")))"#,
    );
}

#[test]
fn not_lr_but_not_ambiguous() {
    let lark =
        "start: (s \";\")+\n?s: l \"1\" | r \"2\"\nl: x+\nr: y+\nx: \"a\" \"b\"\ny: \"a\" \"b\"";
    check(lark, "abab1;ab2;", "(start (l (x) (x)) (r (y)))");
}

#[test]
fn two_readings_are_reported() {
    let lark = "start: e\n?e: e \"+\" e | N\nN: /[0-9]/";
    let compiled = Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap();
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    let error = parser.parse(&mut cache, "1+2+3").unwrap_err();
    let ParseError::Ambiguous(ambiguity) = &error else {
        panic!("{error}");
    };
    assert_eq!((ambiguity.span.start, ambiguity.span.end), (0, 5));
    let left = r#"(start (e (e (N "1") (N "2")) (N "3")))"#;
    let right = r#"(start (e (N "1") (e (N "2") (N "3"))))"#;
    let mut readings = [ambiguity.first.to_sexpr(), ambiguity.second.to_sexpr()];
    readings.sort();
    assert_eq!(readings, [right, left]);
    assert!(
        error
            .to_string()
            .starts_with("bytes 0..5 can be read in two ways: `(e ")
    );
    let first = parser.parse_first(&mut cache, "1+2+3").unwrap();
    assert_eq!(first.to_sexpr(), ambiguity.first.to_sexpr());
    assert_eq!(
        parser.parse(&mut cache, "1+2").unwrap().to_sexpr(),
        r#"(start (e (N "1") (N "2")))"#
    );
}

#[test]
fn derivations_that_show_the_same_tree_are_not_ambiguous() {
    check(
        "start: (a+ | b)+\na: \"a\"\nb: \"b\"",
        "aab",
        "(start (a) (a) (b))",
    );
}

#[test]
fn spans_reach_from_the_first_lexeme_to_the_last() {
    let lark =
        "start: \"(\" list \")\"\nlist: item (\",\" item)*\nitem: W\nW: /[a-z]+/\n%ignore / +/";
    let compiled = Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap();
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    let tree = parser.parse(&mut cache, "( ab , c )").unwrap();
    let spans: Vec<(usize, String, usize, usize)> = tree
        .walk()
        .map(|(depth, node)| {
            (
                depth,
                node.name().to_owned(),
                node.span().start,
                node.span().end,
            )
        })
        .collect();
    let expected = [
        (0, "start", 0, 10),
        (1, "list", 2, 8),
        (2, "item", 2, 4),
        (3, "W", 2, 4),
        (2, "item", 7, 8),
        (3, "W", 7, 8),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(d, n, s, e)| (*d, (*n).to_owned(), *s, *e))
        .collect();
    assert_eq!(spans, expected);
    let list = tree.root().child_named("list").unwrap();
    assert_eq!(list.text(), "ab , c");
    assert_eq!(
        list.child(1).unwrap().child(0).unwrap().kind(),
        NodeKind::Terminal
    );
}

#[test]
fn json_and_serde_say_the_same() {
    let lark = "start: W w\nw: W?\nW: /[a-z\"]/";
    let compiled = Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap();
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    let tree = parser.parse(&mut cache, "\"").unwrap();
    let json = r#"{"rule":"start","span":{"start":0,"end":1},"children":[{"terminal":"W","span":{"start":0,"end":1},"text":"\""},{"rule":"w","span":{"start":1,"end":1},"children":[]}]}"#;
    assert_eq!(tree.to_json(), json);
    assert_eq!(serde_json::to_string(&tree).unwrap(), json);
}

#[test]
fn without_a_lexer_terminals_may_match_any_text() {
    let check = |lark: &str, text: &str, expected: &str| {
        assert_eq!(
            tree_under(Semantics::Scannerless, lark, text),
            expected,
            "{lark} on {text:?}"
        );
    };
    check(
        "start: STEM SUFFIX\nSTEM: \"list\" | \"listen\"\nSUFFIX: \"ed\"",
        "listed",
        r#"(start (STEM "list") (SUFFIX "ed"))"#,
    );
    check("start: A A\nA: \"a\"", "aa", r#"(start (A "a") (A "a"))"#);
    check("start: W \"x\"\nW: /[a-z]+/", "abx", r#"(start (W "ab"))"#);
    check(
        "start: W \"x\"\nW: /[a-zé]{2,3}/",
        "éaax",
        r#"(start (W "éaa"))"#,
    );
    check(
        "start: W \"x\"\nW: /[a-z]+/",
        "ab",
        "error: the text ends at byte 2, expected W or \"x\"",
    );
}

#[test]
fn under_python_semantics_priorities_choose() {
    let compiled = |lark: &str| Compiled::new(&grammar(lark, Semantics::Lark)).unwrap();
    for (lark, expected) in [
        ("start: a | b\na.1: \"x\"\nb.2: \"x\"", "(start (b))"),
        ("start: a | b\na.2: \"x\"\nb.1: \"x\"", "(start (a))"),
        (
            "start: c | d\nc: a\nd: b\na.-1: \"x\"\nb: \"x\"",
            "(start (d (b)))",
        ),
    ] {
        let compiled = compiled(lark);
        let mut cache = compiled.cache();
        let mut parser = Parser::new(&compiled);
        let tree = parser.parse_first(&mut cache, "x").unwrap().to_sexpr();
        assert_eq!(tree, expected, "{lark}");
        assert!(matches!(
            parser.parse(&mut cache, "x"),
            Err(ParseError::Ambiguous(_))
        ));
    }
}

#[test]
fn under_python_semantics_ignored_text_may_stand_at_both_ends() {
    let lark = "start: A\nA: \"a\"\n%ignore \" \"";
    assert_eq!(
        tree_under(Semantics::Lark, lark, " a "),
        r#"(start (A "a"))"#
    );
    assert!(tree_under(Semantics::Llguidance, lark, " a").starts_with("error"));
    assert!(tree_under(Semantics::Llguidance, lark, "a ").starts_with("error"));
}

#[test]
fn what_a_template_is_given_shows_where_the_template_says_so() {
    for (lark, expected) in [
        ("start: e{\"b\"}\ne{t}: \"a\" t", "(start (e))"),
        (
            "start: e{\"b\"}\n!e{t}: \"a\" t",
            r#"(start (e (A "a") (B "b")))"#,
        ),
        ("!start: e{\"b\"}\ne{t}: \"a\" t", r#"(start (e (B "b")))"#),
        (
            "start: _e{\"b\"}\n!_e{t}: \"a\" t",
            r#"(start (A "a") (B "b"))"#,
        ),
        (
            "start: e{b}\nb: \"b\"\n!e{t}: \"a\" t",
            r#"(start (e (A "a") (b)))"#,
        ),
    ] {
        let grammar = lark::compile(&format!("{lark}\n"), Dialect::lark()).unwrap();
        let compiled = Compiled::new(&grammar).unwrap();
        let mut cache = compiled.cache();
        let tree = Parser::new(&compiled).parse(&mut cache, "ab").unwrap();
        assert_eq!(tree.to_sexpr(), expected, "{lark}");
    }
}
