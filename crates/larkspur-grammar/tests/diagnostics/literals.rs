//! Strings, ranges, special tokens, attributes' values.

use super::{Case, llguidance, openai, python, show};

const CASES: &[Case] = &[
    openai("start: \"z\"..\"a\"\n"),
    openai("start: \"aa\"..\"z\" \"\"..\"b\" \"a\"..\"z\"i\n"),
    openai("start: \"a\"..z\nz: \"x\"\n"),
    openai("start: \"\" \"x\" | EMPTY\nEMPTY: \"\"\n"),
    python("start: \"\" \"x\"\n"),
    llguidance("start: <[1-5,9]> <[9-1]> <[]> <[,]> <[^*]> <[*,3]> <[a]>\n"),
    llguidance("start: FOO\nFOO: <|tool|> | %json {} | @other\n"),
    llguidance("start: @12\n"),
    llguidance("start: %regex { \"substring_chars\": \"abc\", \"substring_chunks\": [\"a\"] }\n"),
    llguidance("start: %regex [1]\n"),
    openai("start: \"a\"i \"B\"i\n"),
];

#[test]
fn literals() {
    insta::assert_snapshot!(show(CASES));
}
