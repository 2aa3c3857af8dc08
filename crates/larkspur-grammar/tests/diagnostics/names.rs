//! Names: defined, used, spelt.

use super::{Case, llguidance, openai, python, show};

const CASES: &[Case] = &[
    openai("start: expresion\nexpression: \"x\"\n"),
    openai("start: NUMBER (\",\" NUMBER)*\n"),
    openai("start: a\na: \"x\"\nb: \"y\"\na: \"z\"\n"),
    openai("%import common.WS\nWS: / +/\nstart: WS\n"),
    openai("%import common.INT\n%import common (INT)\nstart: INT\n"),
    openai("Start: \"a\"\n"),
    openai("root: \"a\" item\nitem: \"x\"\n"),
    python("module: \"a\" ITEM\nITEM: \"x\"\n"),
    python("WORD: /[a-z]+/\n"),
    openai("start: fooBar HTTPVerb __x\nfooBar: \"x\"\n"),
    openai("start: A\nA: b \"x\"\nb: \"y\"\n"),
    openai("start: A\nA: B \"x\"\nB: \"y\" | C\nC: \"z\" A\n"),
    openai("start: A\nA: \"x\" A?\n"),
    openai("start: \"a\"\nunused: nope /(?=x)/\nUNUSED: \"x\" NOPE\n"),
    python("start: \"a\"\nunused: nope\n"),
    openai("start: my-rule\nmy-rule: \"x\"\n"),
    python("start: my-rule\nmy-rule: \"x\"\n"),
    llguidance("%ignore space\nspace: \" \"\nstart: \"a\"\n"),
    llguidance("start: \"a\" | b\n%ignore BLANK\nBLANK: \" \"\nb: BLANC\n"),
    openai(""),
    openai("// nothing but a comment\n"),
];

#[test]
fn names() {
    insta::assert_snapshot!(show(CASES));
}
