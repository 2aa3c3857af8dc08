//! Texts that are read by a grammar.
#![cfg(feature = "grammar")]
#![expect(clippy::unwrap_used, reason = "tests are blunt")]

use insta::assert_snapshot;
use larkspur_grammar::{Dialect, GrammarBuilder, Semantics, import, lark};
use larkspur_output::{GrammarReader, Rejection};

fn reader(grammar: &str) -> GrammarReader {
    GrammarReader::new(&lark::compile(grammar, Dialect::llguidance()).unwrap()).unwrap()
}

#[track_caller]
fn reads(grammar: &str, text: &str, tree: &str) {
    let reader = reader(grammar);
    reader.accept(text).unwrap();
    assert_eq!(reader.read(text).unwrap().to_sexpr(), tree);
    assert_eq!(reader.read_first(text).unwrap().to_sexpr(), tree);
}

#[track_caller]
fn rejects(grammar: &str, text: &str) -> Rejection {
    let reader = reader(grammar);
    let rejection = reader.accept(text).unwrap_err();
    assert_eq!(reader.read(text).unwrap_err(), rejection);
    assert_eq!(reader.read_first(text).unwrap_err(), rejection);
    rejection
}

const PAIR: &str = "start: KEY \":\" VALUE\nKEY: /[a-zé]+/\nVALUE: \"on\" | \"off\"\n";

#[test]
fn sentences_become_trees() {
    reads(PAIR, "clé:on", r#"(start (KEY "clé") (VALUE "on"))"#);
    reads("start: \"a\"*\n", "", "(start)");
    reads("start: /.+/\n", "日本", r#"(start (__ANON_0 "日本"))"#);
}

#[test]
fn the_place_is_shown_with_what_could_stand_there() {
    assert_snapshot!(rejects(PAIR, "clé:ok"), @r#"
error: expected VALUE, found "k"
 --> line 1, column 6
  |
1 | clé:ok
  |      ^
  = hint: it could go on with "n"
"#);
    assert_snapshot!(rejects(PAIR, "a:on "), @r#"
error: expected the end of the text, found " "
 --> line 1, column 5
  |
1 | a:on
  |     ^
"#);
    assert_snapshot!(rejects(PAIR, "日"), @r#"
error: expected KEY, found "日"
 --> line 1, column 1
  |
1 | 日
  | ^
  = hint: it could go on with "a"
"#);
}

#[test]
fn a_text_that_only_ends_too_early_is_truncated() {
    assert!(rejects(PAIR, "a:o").is_truncated());
    assert!(rejects(PAIR, "").is_truncated());
    assert!(!rejects(PAIR, "a:on!").is_truncated());
}

#[test]
fn characters_are_not_cut() {
    // The second byte of `è` is where the text leaves the grammar: `é` begins with the same byte.
    let rejection = rejects(PAIR, "clè:on");
    let span = rejection.violations()[0].span.unwrap();
    assert_eq!((span.start, span.end), (2, 4));
}

#[test]
fn two_trees_are_none_unless_the_first_will_do() {
    let reader = reader("start: sum\nsum: sum \"+\" sum | /[0-9]/\n");
    reader.accept("1+2+3").unwrap();
    assert_snapshot!(reader.read("1+2+3").unwrap_err(), @r#"
error: the text can be read in two ways: (sum (sum (sum (__ANON_0 "1")) (sum (__ANON_0 "2"))) (sum (__ANON_0 "3"))) or (sum (sum (__ANON_0 "1")) (sum (sum (__ANON_0 "2")) (sum (__ANON_0 "3"))))
 --> line 1, column 1
  |
1 | 1+2+3
  | ^^^^^
  = hint: make the grammar unambiguous, or take the first reading
"#);
    let first = reader.read_first("1+2+3").unwrap();
    assert_eq!(first.root().text(), "1+2+3");
}

#[test]
fn the_model_is_told_and_logs_are_not() {
    let rejection = rejects(PAIR, "secret:no");
    assert_snapshot!(rejection.reask(), @r#"
Your answer does not have the required form. Correct this and send the whole answer again:
- after "secret:": expected VALUE, found "n"; it could go on with "on"
"#);
    assert!(!rejection.masked().to_string().contains("secret"));
}

#[test]
fn threads_read_side_by_side() {
    let reader = reader("start: \"a\" start | \"b\"\n");
    std::thread::scope(|scope| {
        let read = |length: usize| {
            let text = format!("{}b", "a".repeat(length));
            reader.read(&text).unwrap().walk().count()
        };
        let threads: Vec<_> = (0..4)
            .map(|length| scope.spawn(move || read(length)))
            .collect();
        let nodes: Vec<_> = threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(nodes, [1, 2, 3, 4]);
    });
}

#[test]
fn a_regex_matches_as_a_whole() {
    let regex = import::regex("[a-z]{2}[0-9]?", &larkspur_grammar::Limits::default()).unwrap();
    let reader = GrammarReader::new(&regex.grammar).unwrap();
    for (text, accepted) in [
        ("ab", true),
        ("ab1", true),
        ("ab12", false),
        ("xab", false),
        ("", false),
    ] {
        assert_eq!(reader.accept(text).is_ok(), accepted, "{text}");
    }
}

#[test]
fn what_only_the_server_can_read_is_refused() {
    let grammar =
        lark::compile("start: %json {\"type\": \"null\"}\n", Dialect::llguidance()).unwrap();
    let error = GrammarReader::new(&grammar).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("texts cannot be read by this grammar"),
        "{error}"
    );
}

#[test]
fn a_grammar_built_by_hand_reads_too() {
    let mut builder = GrammarBuilder::new(Semantics::Scannerless);
    let start = builder.rule("start");
    let yes = builder.literal("yes");
    builder.define_rule(start, yes.plus());
    let reader = GrammarReader::new(&builder.build(start).unwrap()).unwrap();
    assert!(reader.accept("yesyes").is_ok() && reader.accept("yesye").is_err());
}
