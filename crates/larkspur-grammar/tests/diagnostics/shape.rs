//! Rules that derive nothing, themselves, or the empty text; rules that nobody uses.

use super::{Case, openai, python, show};

const CASES: &[Case] = &[
    openai("start: \"(\" start \")\"\n"),
    openai("start: a | \"x\"\na: \"y\" b\nb: a \"z\"\n"),
    openai("start: a\na: a | \"x\"\n"),
    openai("start: a b?\na: c?\nc: a \"\" | \"x\"\nb: \"y\"\n"),
    openai("start: (\"a\"?)* b+\nb: \"x\"*\n"),
    openai("start: \"a\"\nspare: OTHER\nOTHER: \"x\"\nLEFT: \"y\"\n"),
    python("start: start?\n"),
    openai("start: a{\n"),
];

#[test]
fn shape() {
    insta::assert_snapshot!(show(CASES));
}
