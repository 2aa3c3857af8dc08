//! Grammars: `check`, `convert`, `parse`, `sample`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Files, Ran, larkspur};

const SUM: &str = "start: sum\nsum: NUMBER (\"+\" NUMBER)*\nNUMBER: /[0-9]+/\n";
const AMBIGUOUS: &str = "start: sum\nsum: sum \"+\" sum | NUMBER\nNUMBER: /[0-9]+/\n";
const BROKEN: &str = "start: item+\nitem: NAEM \"=\" INT\nNAME: /[a-z]+/\nstart: \"x\"\n";

fn files() -> Files {
    Files::new(&[
        ("sum.lark", SUM),
        ("ambiguous.lark", AMBIGUOUS),
        ("broken.lark", BROKEN),
        ("trap.lark", "start: /\".*?\"/\n"),
        (
            "list.gbnf",
            "root ::= \"[\" item* \"]\"\nitem ::= [a-z] | \",\"\n",
        ),
        (
            "list.ebnf",
            "root ::= \"[\" item* \"]\"\nitem ::= [a-z] | \",\"\n",
        ),
        (
            "list.pest",
            "list = { digit ~ (\",\" ~ digit)* }\ndigit = { '0'..'9' }\n",
        ),
        ("choice.pest", "word = { \"a\" | \"ab\" }\n"),
        ("name.regex", "[a-z]+-[0-9]{2}\n"),
        ("no-schema.json", r#"{"type": 3}"#),
    ])
}

fn run(files: &Files, args: &[&str], stdin: &str) -> Ran {
    let args: Vec<String> = args
        .iter()
        .map(|arg| match arg.strip_prefix('@') {
            Some(name) => files.path(name),
            None => (*arg).to_owned(),
        })
        .collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut ran = larkspur(&args, stdin);
    ran.stderr = files.strip(&ran.stderr);
    ran.stdout = files.strip(&ran.stdout);
    ran
}

#[test]
fn every_notation_is_told_by_its_ending() {
    let files = files();
    for name in [
        "@sum.lark",
        "@list.gbnf",
        "@list.ebnf",
        "@list.pest",
        "@name.regex",
    ] {
        let ran = run(&files, &["check", name, "--format", "json"], "");
        assert_eq!(
            (ran.code, ran.json()),
            (0, json!({"ok": true, "diagnostics": []})),
            "{name}"
        );
    }
    let ran = run(&files, &["check", "-", "--kind", "lark"], SUM);
    assert_eq!(ran.told(), "exit 0\nok: nothing found");
}

#[test]
fn findings_are_shown_with_both_places() {
    let ran = run(
        &files(),
        &["check", "@broken.lark", "--dialect", "openai"],
        "",
    );
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stdout, @r#"
error[unknown-name]: `NAEM` is not defined
 --> DIR/broken.lark:2:7
  |
2 | item: NAEM "=" INT
  |       ^^^^
  |
  = help: did you mean `NAME`?

error[unknown-name]: `INT` is not defined
 --> DIR/broken.lark:2:16
  |
2 | item: NAEM "=" INT
  |                ^^^
  |
  = help: it is in the library `common`: add the line `%import common.INT`

error[duplicate-rule]: the rule `start` is defined twice
 --> DIR/broken.lark:4:1
  |
1 | start: item+
  | ----- first defined here
...
4 | start: "x"
  | ^^^^^
  |
  = help: join the two with `|`, or rename one
"#);
}

#[test]
fn traps_are_warnings_with_a_rewrite() {
    let ran = run(
        &files(),
        &[
            "check",
            "@trap.lark",
            "--dialect",
            "openai",
            "--format",
            "json",
        ],
        "",
    );
    assert_eq!((ran.code, ran.json()["ok"].clone()), (0, json!(true)));
    let finding = ran.json()["diagnostics"][0].clone();
    assert_eq!(finding["code"], "lazy-quantifier");
    assert_eq!(finding["severity"], "warning");
    assert_eq!(finding["suggestion"]["replacement"], "[^\"\\n]*");
}

#[test]
fn a_notation_that_a_server_does_not_take_is_found() {
    let files = files();
    for (name, dialect) in [
        ("@list.gbnf", "openai"),
        ("@list.pest", "llguidance"),
        ("@name.regex", "llama.cpp"),
    ] {
        let ran = run(
            &files,
            &["check", name, "--dialect", dialect, "--format", "json"],
            "",
        );
        assert_eq!(
            (ran.code, &ran.json()["diagnostics"][0]["code"]),
            (1, &json!("wrong-notation")),
            "{name}"
        );
    }
}

#[test]
fn a_peg_that_is_not_its_grammar_warns() {
    let ran = run(&files(), &["check", "@choice.pest"], "");
    assert_eq!(ran.code, 0);
    assert_snapshot!(ran.stdout, @r#"
warning[ordered-choice]: `word`: alternative 2 may be tried where pest has taken alternative 1, as in "ab": pest takes the first alternative that fits and does not come back (more is accepted)
 --> DIR/choice.pest:1:10
  |
1 | word = { "a" | "ab" }
  |          ^^^^^^^^^^^
"#);
}

#[test]
fn texts_are_accepted_or_the_place_is_shown() {
    let files = files();
    assert_eq!(
        run(&files, &["parse", "@sum.lark"], "1+2").told(),
        "exit 0\naccepted"
    );
    assert_snapshot!(run(&files, &["parse", "@sum.lark"], "1+\n2").told(), @r#"
exit 1
error: expected NUMBER, found "\n"
 --> line 1, column 3
  |
1 | 1+
  |   ^
  = hint: it could go on with "0"
"#);
    assert_snapshot!(run(&files, &["parse", "@sum.lark"], "1+2\n").told(), @r#"
exit 1
error: expected NUMBER, "+" or the end of the text, found "\n"
 --> line 1, column 4
  |
1 | 1+2
  |    ^
  = hint: the line end behind the last line is part of the text
"#);
    assert_snapshot!(run(&files, &["parse", "@name.regex"], "ab-1").told(), @r#"
exit 1
error: expected /[a-z]+-[0-9]{2}/, found the end of the text
 --> line 1, column 5
  |
1 | ab-1
  |     ^
  = hint: it could go on with "0"
"#);
}

#[test]
fn trees_are_printed_both_ways() {
    let files = files();
    let ran = run(&files, &["parse", "@sum.lark", "--tree", "sexpr"], "1+2");
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "(start (sum (NUMBER \"1\") (NUMBER \"2\")))\n")
    );
    let ran = run(&files, &["parse", "@sum.lark", "--tree", "json"], "1");
    let number = json!({"terminal": "NUMBER", "span": {"start": 0, "end": 1}, "text": "1"});
    let sum = json!({"rule": "sum", "span": {"start": 0, "end": 1}, "children": [number]});
    assert_eq!(
        ran.json(),
        json!({"rule": "start", "span": {"start": 0, "end": 1}, "children": [sum]})
    );
}

#[test]
fn several_trees_are_no_tree_unless_the_first_will_do() {
    let files = files();
    let refused = run(
        &files,
        &["parse", "@ambiguous.lark", "--tree", "sexpr"],
        "1+2+3",
    );
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(
        refused.stderr.contains("can be read in two ways"),
        "{}",
        refused.stderr
    );
    let first = run(
        &files,
        &["parse", "@ambiguous.lark", "--tree", "sexpr", "--first"],
        "1+2+3",
    );
    assert_eq!(first.code, 0);
    assert!(first.stdout.starts_with("(start (sum "), "{}", first.stdout);
    // Without a tree, how often a text can be read does not matter.
    assert_eq!(run(&files, &["parse", "@ambiguous.lark"], "1+2+3").code, 0);
}

#[test]
fn each_line_has_its_line() {
    let input = "\"1+2\"\n\"1+\"\n1\n";
    let ran = run(&files(), &["parse", "@sum.lark", "--ndjson"], input);
    let lines = ran.lines();
    assert_eq!((ran.code, lines.len()), (1, 3));
    assert_eq!(lines[0], json!({"ok": true, "value": "1+2"}));
    assert_eq!(
        lines[1]["error"]["violations"],
        json!([{"span": {"start": 2, "end": 2}, "expected": "NUMBER", "found": "the end of the text",
            "message": "expected NUMBER, found the end of the text"}])
    );
    assert_eq!(lines[2]["ok"], json!(false));
    let ran = run(
        &files(),
        &["parse", "@sum.lark", "--ndjson", "--tree", "sexpr"],
        "\"7\"\n",
    );
    assert_eq!(
        (ran.code, ran.lines()),
        (
            0,
            vec![json!({"ok": true, "tree": "(start (sum (NUMBER \"7\")))"})]
        )
    );
}

#[test]
fn grammars_are_written_in_other_notations() {
    let files = files();
    assert_snapshot!(run(&files, &["convert", "@sum.lark", "--to", "gbnf"], "").stdout, @r#"
root ::= sum

sum ::= number ("+" number)*

number ::= [0-9]+
"#);
    assert_snapshot!(run(&files, &["convert", "@list.gbnf", "--to", "lark"], "").stdout, @r#"
start: ROOT

ITEM: /[a-z]|,/
ROOT: "[" ITEM* "]"
"#);
    assert_snapshot!(run(&files, &["convert", "@list.pest", "--to", "ebnf"], "").stdout, @r#"
root ::= digit ("," digit)*

digit ::= [0-9]
"#);
}

#[test]
fn what_is_lost_is_told_and_is_a_no_unless_it_may_be() {
    let files = files();
    let ran = run(&files, &["convert", "@choice.pest", "--to", "gbnf"], "");
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stderr, @r#"lost: ordered-choice: `word`: alternative 2 may be tried where pest has taken alternative 1, as in "ab": pest takes the first alternative that fits and does not come back (more is accepted)"#);
    let may = run(
        &files,
        &["convert", "@choice.pest", "--to", "gbnf", "--lossy"],
        "",
    );
    assert_eq!((may.code, may.stdout), (0, ran.stdout.clone()));
    let json = run(
        &files,
        &[
            "convert",
            "@choice.pest",
            "--to",
            "gbnf",
            "--format",
            "json",
        ],
        "",
    );
    assert_eq!(json.json()["ok"], json!(false));
    assert_eq!(json.json()["text"], json!(ran.stdout));
    assert_eq!(json.json()["losses"].as_array().map(Vec::len), Some(1));
}

#[test]
fn sentences_are_accepted_and_near_misses_are_not() {
    let files = files();
    for name in [
        "@sum.lark",
        "@list.gbnf",
        "@list.ebnf",
        "@list.pest",
        "@name.regex",
    ] {
        let sample = |more: &[&str]| {
            let args = [
                &["sample", name, "-n", "25", "--seed", "3", "--ndjson"],
                more,
            ]
            .concat();
            let ran = run(&files, &args, "");
            assert_eq!(
                (ran.code, ran.lines().len()),
                (0, 25),
                "{name} {more:?}: {}",
                ran.stderr
            );
            ran.stdout
        };
        let verdicts = |texts: &str| -> Vec<Value> {
            let lines = run(&files, &["parse", name, "--ndjson"], texts).lines();
            lines.into_iter().map(|line| line["ok"].clone()).collect()
        };
        let sentences = sample(&[]);
        assert_eq!(sentences, sample(&[]), "the same seed, the same texts");
        assert_eq!(verdicts(&sentences), vec![json!(true); 25], "{name}");
        assert_eq!(
            verdicts(&sample(&["--near-miss"])),
            vec![json!(false); 25],
            "{name}"
        );
    }
}

#[test]
fn what_cannot_be_run_says_why() {
    let files = files();
    let cases: [(&[&str], &str); 7] = [
        (
            &["parse", "@no-schema.json"],
            "`DIR/no-schema.json` cannot be made a grammar",
        ),
        (
            &["parse", "@broken.lark"],
            "is not a grammar that can be used",
        ),
        (&["parse", "@gone.lark"], "cannot read `DIR/gone.lark`"),
        (
            &["parse", "@sum.lark", "@gone.txt"],
            "cannot read `DIR/gone.txt`",
        ),
        (
            &["sample", "@sum.lark", "--dialect", "bison"],
            "unknown dialect `bison`",
        ),
        (
            &["convert", "@sum.lark", "--to", "bison"],
            "invalid value 'bison'",
        ),
        (
            &["sample", "@list.pest", "--start", "gone"],
            "there is no such rule",
        ),
    ];
    for (args, expected) in cases {
        let ran = run(&files, args, "1");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
}
