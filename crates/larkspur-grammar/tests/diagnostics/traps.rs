//! Accepted, and not what it seems.

use super::{Case, dialect, llguidance, openai, python, show};

const CASES: &[Case] = &[
    openai("start: /\".*?\"/\n"),
    openai("start: /<b>.*?<\\/b>/ /a+?/ /[0-9]{2,5}?-/\n"),
    python("start: /\".*?\"/\n"),
    openai("start: /[^.\\n]{0,10}*\\./\n"),
    openai("start: /[^.\\n]{0,10}/* \".\" (\"x\"{1,5})+\n"),
    openai("start: /(?:[a-z]{3})*/\n"),
    openai("start: /\\d+/ \" \" /[\\w.]+/ \" \" /\\S+/ \"\\n\" /[^\\s]+/\n"),
    openai("start: /[a-z]+/ \"x\"\n"),
    openai("start: /[a-z ]+/ \" \" \"to\" \" \" PLACE\nPLACE: /[A-Z][a-z]+/\n"),
    openai("start: STEM SUFFIX\nSTEM: \"list\" | \"listen\"\nSUFFIX: \"ed\"\n"),
    openai("start: A A\nA: \"a\"+\n"),
    openai("start: name \"end\"\nname: WORD\nWORD: /[a-z]+/\n"),
    openai("start: name \";\"\nname: WORD\nWORD: /[a-z]+/\n"),
    openai("start: /.+/ \"END\"\n"),
    openai("start: /[^\\n]+/ \"\\n\" /[a-z]+/ \"x\"?\n"),
    llguidance("start: \"if\" NAME \"then\" NAME\nNAME: /[a-z]+/\n%ignore \" \"\n"),
    llguidance("start: TEXT \"then\" NAME\nTEXT: /[a-z ]+/\nNAME: /[A-Z]+/\n%ignore \" \"\n"),
    openai("start: list\nlist: item | item \",\" list\nitem: /[0-9]+/\n"),
    openai("start: lines\nlines: | line lines\nline: /[a-z]+\\n/\n"),
    openai("start: many\nmany: \"a\" many | \"a\"\n"),
    openai("start: not\nnot: \"not \" not | \"x\"\n"),
    openai("start: /[a-z]/+ \"!\"\n"),
    openai("start: LETTER* (DIGIT | \"_\")+\n%import common.LETTER\n%import common.DIGIT\n"),
    openai("start: \"-\"+ \"=\"\n"),
    dialect("xgrammar", "start: /[a-z]+/ \"x\" /a*?/\n"),
];

#[test]
fn traps() {
    insta::assert_snapshot!(show(CASES));
}

/// Texts, and what llguidance says to each before and after the rewrite of a trap.
type Texts = &'static [(&'static str, bool, bool)];

/// Grammars with a trap.
const REWRITES: &[(&str, Texts)] = &[
    // The lazy quantifier runs through the first closing quote.
    (
        "start: /\".*?\"/\n",
        &[
            ("\"a\"", true, true),
            ("\"a\" b\"", true, false),
            ("\"a", false, false),
        ],
    ),
    (
        "start: /<b>.*?<\\/b>/\n",
        &[("<b>x</b>", true, true), ("<b>x</b></b>", true, false)],
    ),
    (
        "start: /[^.\\n]{0,3}*\\./\n",
        &[("abc.", true, true), ("abcdef.", true, false)],
    ),
    (
        "start: /[a-z]{0,3}/* \".\"\n",
        &[("abc.", true, true), ("abcdef.", true, false)],
    ),
    (
        "start: /\\d+/\n",
        &[("12", true, true), ("\u{661}\u{662}", true, false)],
    ),
    (
        "start: /[\\w.]+/\n",
        &[("a.b_1", true, true), ("\u{e9}", true, false)],
    ),
    (
        "start: /[a-z]+/ \"x\"\n",
        &[("abx", false, true), ("x", false, false)],
    ),
    (
        "start: /[a-z ]+/ \" \" \"to\" \" \" PLACE\nPLACE: /[A-Z][a-z]+/\n",
        &[("go to Rome", false, true), ("go Rome", false, false)],
    ),
    (
        "start: /.+/ \"END\"\n",
        &[("aEND", false, true), ("END", false, false)],
    ),
    (
        "start: list\nlist: item | item \",\" list\nitem: /[0-9]+/\n",
        &[
            ("1", true, true),
            ("1,2,3", true, true),
            ("1,", false, false),
            ("", false, false),
        ],
    ),
    (
        "start: lines\nlines: | line lines\nline: /[a-z]+\\n/\n",
        &[
            ("", true, true),
            ("a\nb\n", true, true),
            ("a\nb", false, false),
        ],
    ),
    (
        "start: many\nmany: \"a\" many | \"a\"\n",
        &[("a", true, true), ("aaa", true, true), ("", false, false)],
    ),
    (
        "start: /[a-z]/+ \"!\"\n",
        &[("abc!", true, true), ("!", false, false)],
    ),
];

#[test]
fn rewrites_do_what_they_promise() {
    for (grammar, texts) in REWRITES {
        let findings = larkspur_grammar::lark::check(grammar, larkspur_grammar::Dialect::openai());
        let suggestion = findings
            .iter()
            .find_map(|finding| finding.suggestion.as_ref())
            .expect(grammar);
        let changed = super::applied(grammar, suggestion);
        for (text, before, after) in *texts {
            assert_eq!(
                super::llguidance_judge::accepts(grammar, text),
                *before,
                "{grammar}{text:?}"
            );
            assert_eq!(
                super::llguidance_judge::accepts(&changed, text),
                *after,
                "{changed}{text:?}"
            );
        }
    }
}
