//! Regular expressions: refused, or read.

use super::{Case, dialect, llguidance, openai, python, show};

const CASES: &[Case] = &[
    openai("start: /a(?=b)/ /(?<!x)y/ /(?!if)[a-z]+/\n"),
    openai("start: /(a|b)\\1/ /(?P<q>['\"]).*(?P=q)/\n"),
    openai("start: /\\bword\\b/\n"),
    python("start: A B C\nA: /a(?=b)/\nB: /(['\"]).\\1/\nC: /x\\b/ unknown\n"),
    openai("start: /^abc$/ /a$b/ /x|^y/ /(^a|b)$/\n"),
    openai("start: /^a/m\n"),
    openai("start: /[^/]+/ \"x\"\n"),
    openai("start: /[a-/ \"x\"\n"),
    openai("start: /(a/ /a)/ /*a/ /a{2/ /a{3,1}/ /[z-a]/\n"),
    openai("start: /\\h+/ /\\Z/ /\\8/\n"),
    openai("start: /\\p{Greek}+/ /\\p{Klingon}/\n"),
    openai("start: /(?-u:\\xff)/ /(?z)a/\n"),
    openai("start: /a/ii /b/l\n"),
    openai("start: /(?i)SELECT/ /a b # c/x\n"),
    openai("start: /x{2000}{2000}/\n"),
    openai("start: A\nA: /(?<stop>x)y/\n"),
    python("start: /\\Aa{,3}[[]{/ /(?#c)x/ /a\\Z/ /}]/\n"),
    python("start: /(?<=a)b/ /(?P<q>a)(?P=q)/\n"),
    python("start: / a\n  b /\n"),
    llguidance("start: / a\n  b /\n"),
    dialect("xgrammar", "start: /a/ms\n"),
];

#[test]
fn regexes() {
    insta::assert_snapshot!(show(CASES));
}
