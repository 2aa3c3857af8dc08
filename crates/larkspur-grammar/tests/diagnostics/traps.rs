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
