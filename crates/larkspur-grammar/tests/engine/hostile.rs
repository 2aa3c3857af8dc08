//! Grammars and texts that try to cost too much: an answer or a typed limit, and memory in proportion.

use larkspur_grammar::{Compiled, Config, Exceeded, Matcher, ParseError, Parser, Semantics};

use crate::notation::grammar;

fn compiled(lark: &str) -> Compiled {
    Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap()
}

#[track_caller]
fn check(lark: &str, text: &[u8], accepted: bool) {
    let compiled = compiled(lark);
    let mut cache = compiled.cache();
    assert_eq!(
        compiled.accepts(&mut cache, text).unwrap(),
        accepted,
        "{lark}"
    );
}

#[test]
fn right_recursion_is_linear() {
    let text = "a".repeat(100_000);
    let compiled = compiled("start: many\nmany: \"a\" many | \"a\"");
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    let tree = parser.parse(&mut cache, &text).unwrap();
    assert_eq!(tree.walk().count(), 100_001);
    assert!(parser.heap_bytes() < 70 * text.len());
    assert!(serde_json::to_string(&tree).is_err());
    assert_eq!(tree.to_json().matches("many").count(), 100_000);
    assert_eq!(
        tree.to_sexpr().len(),
        "(start)".len() + 100_000 * " (many)".len()
    );
}

#[test]
fn a_hundred_thousand_open_groups() {
    let lark = "start: v\nv: \"[\" v \"]\" | \"x\"";
    let deep = 100_000;
    let text = format!("{}x{}", "[".repeat(deep), "]".repeat(deep));
    check(lark, text.as_bytes(), true);
    check(lark, &text.as_bytes()[1..], false);
    let compiled = compiled(lark);
    let mut cache = compiled.cache();
    let tree = Parser::new(&compiled)
        .parse(&mut cache, &text)
        .unwrap()
        .into_owned();
    assert_eq!(tree.walk().map(|(depth, _)| depth).max(), Some(deep + 1));
}

#[test]
fn exponential_ambiguity_is_polynomial() {
    check("start: s\ns: s s | \"a\"", "a".repeat(60).as_bytes(), true);
    let compiled = compiled("start: s\ns: s s s | s s | \"a\"");
    let mut cache = compiled.cache();
    let error = Parser::new(&compiled)
        .parse(&mut cache, &"a".repeat(40))
        .unwrap_err();
    assert!(matches!(error, ParseError::Ambiguous(_)));
}

#[test]
fn cycles_end() {
    check("start: a\na: b | \"x\"\nb: c\nc: a | \"\"", b"x", true);
    check("start: start | start start | \"a\" | \"\"", b"aaa", true);
    check("start: (a*)* \"b\"\na: (\"a\"?)*", b"aaaab", true);
    check("start: ((\"a\"?)+)+", "a".repeat(300).as_bytes(), true);
}

#[test]
fn wide_repetitions() {
    let lark = "start: \"a\"{1,1000000} \"b\"";
    check(lark, format!("{}b", "a".repeat(5_000)).as_bytes(), true);
    check(lark, b"b", false);
    check(
        "start: A \"b\"\nA: /a{3,100000}/",
        format!("{}b", "a".repeat(5_000)).as_bytes(),
        true,
    );
    check(
        "start: x{30000}\nx: \"a\"",
        "a".repeat(30_000).as_bytes(),
        true,
    );
    check(
        "start: x{30000}\nx: \"a\"",
        "a".repeat(29_999).as_bytes(),
        false,
    );
    check(
        "start: x{,1000}\nx: \"a\"",
        "a".repeat(1_001).as_bytes(),
        false,
    );
}

#[test]
fn counts_within_counts() {
    // No gap between the counts: one count.
    let lark = "start: /a{1,1000}{1,1000}/ \"b\"";
    check(lark, format!("{}b", "a".repeat(50_000)).as_bytes(), true);
    check("start: /(a{2,5}){3,4}/", b"aaaaa", false);
    check("start: /(a{2,5}){3,4}/", &b"a".repeat(6), true);
    check("start: /(a{2,5}){3,4}/", &b"a".repeat(20), true);
    check("start: /(a{2,5}){3,4}/", &b"a".repeat(21), false);
    // Gaps: 8 to 10, 12 to 15, 16 and more.
    check("start: /(a{4,5}){2,4}/", &b"a".repeat(10), true);
    check("start: /(a{4,5}){2,4}/", &b"a".repeat(11), false);
    check("start: /(a{4,5}){2,4}/", &b"a".repeat(12), true);
    check("start: /(a{2}){0,3}/", b"aaa", false);
    check("start: /(a{2}){0,3}/", b"aaaa", true);
    check("start: /(a{0,2}){2}/", b"aaaa", true);
    check("start: /(a{0,2}){2}/", b"aaaaa", false);
}

#[test]
fn ways_to_have_counted_are_limited() {
    let compiled = compiled("start: /(a{1,1000}b?){1,1000}/");
    let mut cache = compiled.cache();
    assert_eq!(
        compiled.accepts(&mut cache, b"a".repeat(100_000)),
        Err(Exceeded::AutomatonStates(100_000))
    );
}

#[test]
fn bytes_that_are_no_text() {
    let lark = "start: /[^\"]*/ \"\\\"\"";
    check(lark, b"ab\"", true);
    check(lark, b"a\0b\"", true);
    check(lark, b"a\xffb\"", false);
    check(lark, b"\xc3\"", false);
    check("start: /(?s:.)/", b"\xed\xa0\x80", false);
}

#[test]
fn ten_megabytes() {
    let lark = "start: (W \",\")*\nW: /[a-z]+/\n%ignore / +/";
    let text = "abc , defghijklmnop,".repeat(50_000 * 10);
    assert_eq!(text.len(), 10_000_000);
    let compiled = compiled(lark);
    let mut cache = compiled.cache();
    let mut matcher = Matcher::new(&compiled, &mut cache).unwrap();
    matcher.push(&mut cache, &text).unwrap();
    assert!(matcher.is_complete(&mut cache).unwrap());
    assert!(matcher.heap_bytes() < 70 * text.len());
}

#[test]
fn many_alternatives() {
    let words: Vec<String> = (0..5_000).map(|n| format!("\"w{n}\"")).collect();
    check(
        &format!("start: ({}) \"!\"", words.join(" | ")),
        b"w4999!",
        true,
    );
    check(
        &format!("start: WORD \"!\"\nWORD: {}", words.join(" | ")),
        b"w5000!",
        false,
    );
}

#[test]
fn limits_are_typed() {
    let grammar = grammar("start: s\ns: s s s | s s | \"a\"", Semantics::Llguidance);
    let run = |config: Config, text: &str| {
        let compiled = Compiled::with_config(&grammar, config).unwrap();
        let mut cache = compiled.cache();
        let error = Parser::new(&compiled).parse(&mut cache, text).unwrap_err();
        match error {
            ParseError::Exceeded(exceeded) => exceeded,
            other => panic!("{other}"),
        }
    };
    let text = "a".repeat(200);
    let config = Config {
        max_steps: 1000,
        ..Config::default()
    };
    assert_eq!(run(config, &text), Exceeded::Steps(1000));
    let config = Config {
        max_items: 1000,
        ..Config::default()
    };
    assert_eq!(run(config, &text), Exceeded::Items(1000));
    let config = Config {
        max_input_bytes: 100,
        ..Config::default()
    };
    assert_eq!(
        run(config, &text).to_string(),
        "the text is longer than 100 bytes (`max_input_bytes`)"
    );
    let config = Config {
        max_automaton_states: 3,
        ..Config::default()
    };
    assert_eq!(run(config, &text), Exceeded::AutomatonStates(3));
    let config = Config {
        max_tree_nodes: 10,
        ..Config::default()
    };
    assert_eq!(run(config, &text[..20]), Exceeded::TreeNodes(10));
    let config = Config {
        max_tree_depth: 5,
        ..Config::default()
    };
    assert_eq!(run(config, &text[..20]), Exceeded::TreeDepth(5));
}

#[test]
fn grammars_that_are_not_compiled_say_why() {
    let says = |lark: &str, config: Config| {
        Compiled::with_config(&grammar(lark, Semantics::Llguidance), config)
            .unwrap_err()
            .to_string()
    };
    let config = Config {
        max_terminal_nodes: 20,
        ..Config::default()
    };
    assert!(
        says("start: /[a-z]{2}abcdefghijklmnopqrstuvwxyz/ \"b\"", config)
            .contains("max_terminal_nodes")
    );
    let config = Config {
        max_symbols: 5,
        ..Config::default()
    };
    assert!(says("start: \"a\" \"b\" \"c\" \"d\" \"e\" \"f\"", config).contains("max_symbols"));
    assert!(
        says("start: %json {\"type\": \"string\"}", Config::default())
            .contains("only a server can read")
    );
}
