//! What is Lark, and what is llguidance's, and who refuses which.

use super::{Case, dialect, llguidance, openai, python, show};

const EVERYTHING: &str = r#"start: a | KW
a.2: "x"
KW.3: "if"
%declare INDENT
%import python.name
%import .other (expr, TERM)
%override a: "y"
%extend a: "z"
"#;

const EXTENSIONS: &str = r#"start: schema nested <|tool|> <[7]> @other
     | upper
schema: %json {"type": "integer"}
nested: %lark {
  start: "x"
}
head[lazy]: /.*;/
upper: (/[A-Z]+/ & ~"IF") | ~"q" "x"{2}
%llguidance {"allow_initial_skip": true}
"#;

const CASES: &[Case] = &[
    openai(EVERYTHING),
    python(EVERYTHING),
    dialect("xgrammar", EVERYTHING),
    llguidance(EXTENSIONS),
    openai(EXTENSIONS),
    python(EXTENSIONS),
    dialect("llama.cpp", EXTENSIONS),
    llguidance("start: WORD\nWORD: /[a-z]+/ & ~(\"if\" | \"else\")\n"),
    dialect(
        "xgrammar",
        "start: WORD\nWORD: /[a-z]+/ & ~(\"if\" | \"else\")\n%regex\n",
    ),
    dialect(
        "xgrammar",
        "start: %regex {\"substring_words\": \"a b\"} /a/m\n",
    ),
    openai("start: a & b\na: \"x\"\nb: \"y\"\n"),
    openai("start: WORD \" \" WORD\n%import common.WORD\n%import common.WS\n%ignore WS\n"),
    dialect(
        "llama.cpp",
        "start: expr\nexpr: expr \"+\" term | term\nterm: \"x\"\n%ignore \" \"\n",
    ),
    dialect("llama.cpp", "start: a\na: b \"x\" | \"y\"\nb: a?\n"),
    openai("%import common.WS start: WS\n"),
    python("%import common.WS start: WS\n"),
    python("start: A\nA: \"\" | \"x\" -> y\n_b: \"x\" -> z\n"),
    python("start: A\nA: /x*/\n"),
    dialect(
        "xgrammar",
        "%grammar_options {\"allow_initial_skip\": true}\nstart: \"a\"\n",
    ),
    openai("%grammar_options {\"allow_initial_skip\": true}\nstart: \"a\"\n"),
    openai("%import common._STRING_INNER\nstart: _STRING_INNER\n"),
];

#[test]
fn refusals() {
    insta::assert_snapshot!(show(CASES));
}
