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

const TWO_READINGS: &[Case] = &[
    openai("start: e\ne: e \"+\" e | /[0-9]/\n"),
    openai("start: s\ns: \"if \" s \" else \" s | \"if \" s | \"x\"\n"),
    openai("start: name | word\nname: NAME\nword: /[a-z]+/ | \"if\"\nNAME: /[a-z0-9]+/\n"),
    openai("start: \"if\" NAME -> cond | NAME NAME -> call\nNAME: /[a-z]+/\n%ignore / /\n"),
    openai("start: item (\",\"? item)*\nitem: \"x\" \",\"?\n"),
    openai("start: \"[\" item* \"]\"\nitem: \"x\"?\n"),
    openai("start: a | b\na: \"x\"?\nb: \"y\"?\n"),
    python("start: p\np: \"a\" p \"a\" | \"b\" p \"b\" | \"a\" | \"b\"\n"),
    python("start: (a | b)+\na: \"x\" \"x\"\nb: \"x\"\n"),
    openai("start: e\ne: t | e \"+\" t\nt: /[0-9]/ | \"(\" e \")\"\n"),
];

#[test]
fn two_readings() {
    insta::assert_snapshot!(show(TWO_READINGS));
}
