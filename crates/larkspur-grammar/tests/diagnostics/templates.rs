//! Lark's templates, priorities, `%extend`.

use larkspur_grammar::{Dialect, lark};

use super::{Case, openai, python, show};

const CASES: &[Case] = &[
    openai("start: sep{item, \",\"}\nsep{x, s}: x (s x)*\nitem: \"a\"\n"),
    python("start: sep{item, \",\"}\nsep{x, s}: x (s x)*\nitem: \"a\"\n"),
    python(
        "start: sep{item} sepp{item, \",\"} item{\"x\"} sep\nsep{x, s}: x (s x)*\nitem: \"a\"\n",
    ),
    python("start: a{\"x\"}\na{t, t}: t\nb{a}: a\n"),
    python("start: A{\"x\"}\nA{t}: t\n"),
    python("start: grow{\"x\"}\ngrow{t}: t | grow{pair{t}}\npair{t}: t t\n"),
    python("%extend a: \"x\"\n%override b: \"y\"\nstart: a b\n"),
    python("start.high: \"a\"\n"),
    python("%declare foo BAR\nstart: BAR\n"),
    python("start: T\nT: sep{\"x\"}\nsep{x}: x\n"),
];

#[test]
fn templates() {
    insta::assert_snapshot!(show(CASES));
}

/// What a template of another file is, is not known: its use is no fault.
#[test]
fn a_template_of_another_file_may_be_used() {
    let text = "start: sep{\"a\", \",\"}\n%import .other.sep\n";
    let found = lark::check(text, Dialect::lark());
    let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["elsewhere"]);
}
