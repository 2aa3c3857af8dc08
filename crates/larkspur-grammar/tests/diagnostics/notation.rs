//! Characters, strings, comments, directives.

use super::{Case, llguidance, openai, python, show};

const CASES: &[Case] = &[
    openai("start: 'select' NAME\nNAME: /[a-z]+/\n"),
    openai("start: 'it\\'s \"x\"'\n"),
    openai("start: \"abc\n\nb: \"x\"\n"),
    openai("start: /abc\nb: \"x\"\n"),
    openai("start: \"a\" $ \"b\" § \"c\"\n"),
    openai("start: \"a\";\n"),
    openai("start\n  : item+\n\n?item\n  : \"a\"\n  | \"b\"\n"),
    openai("start ::= \"a\"\n"),
    openai("start := \"a\" | b\nb = \"x\"\n"),
    openai("start: \"a\"\0\"b\"\n"),
    openai("start: \"a\" \\ \"b\"\n"),
    openai("start: \"tab\there\"\n"),
    openai("start: \"\\q\" \"\\d+\"\n"),
    openai("start: \"\\u12\" \"\\x4\" \"\\ud83d\" \"\\ude00\"\n"),
    openai("start: \"\\U0001F600\"\n"),
    python("start: \"\\U0001F600\" \"\\d\" \"\\x4\"\n"),
    openai("%token NUMBER\nstart: NUMBER\n"),
    openai("%inport common.WS\nstart: WS\n"),
    openai("%ignore\nstart: \"a\"\n"),
    openai("%import\n%import common\nstart: \"a\"\n"),
    openai(
        "%import common.WSP\n%import common.Number\n%import common (INT, HEXDIGITS)\nstart: \"a\"\n",
    ),
    openai("start: <bad token> \"a\"\nb: <open\n"),
    openai("start: @ \"a\"\n"),
    llguidance("start: %json { \"type\": \"string\", }\n"),
    llguidance("start: %json\n"),
    llguidance("start: %regex { \"substring_wrods\": \"a b\" }\n"),
    llguidance("start: %regex { \"substring_chunks\": [\"a\", 1] }\nb: %regex {}\n"),
    llguidance("%llguidance { \"no_forcing\": 1, \"frobnicate\": true }\nstart: \"a\"\n"),
    llguidance("start: \"größe\" größe\ngröße: \"x\"\n"),
    openai("start: \"a\" -> \"alias\"\n"),
    openai("start: \"a\" -> ALIAS\n"),
    openai("start: a->b\na: \"x\"\n"),
    openai("start: \"a\" %ignore \"b\"\n"),
];

#[test]
fn notation() {
    insta::assert_snapshot!(show(CASES));
}

/// Five faults of five kinds are five findings, each at its place.
#[test]
fn five_faults_are_five_findings() {
    let grammar = "start: 'a' b\nb: (\"x\" | \"y\"\nc = \"z\"\nd: + \"q\"\ne: /[a-z]+\nf: \"ok\"\n";
    let findings = larkspur_grammar::lark::parse(grammar).diagnostics;
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(
        codes,
        [
            "single-quotes",
            "unclosed-bracket",
            "ebnf-definition",
            "misplaced-operator",
            "unterminated-regex"
        ]
    );
}
