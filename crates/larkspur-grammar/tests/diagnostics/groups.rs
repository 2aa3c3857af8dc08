//! Brackets, lines, operators: how a rule is put together.

use super::{Case, llguidance, openai, python, show};

const CASES: &[Case] = &[
    openai("start: (\"a\" | \"b\"\nb: \"x\"\n"),
    openai("start: \"a\" | \"b\")\n"),
    openai("start: (\"a\" | \"b\"]\n"),
    openai("start: ((\"a\" \"b\") [\"c\"\nd: \"x\"\n"),
    openai("start: (\n    \"a\"\n    | \"b\"\n)\n"),
    openai("start: \"a\"\n       \"b\"\n"),
    openai("start: (\"a\" |\n        \"b\")\n"),
    openai("start:\n    \"a\" | \"b\"\n"),
    openai("start: \"a\"\n     // and the other one\n     | \"b\"\n"),
    openai("start: \"a\"\n\n    \n  | \"b\"\n"),
    python("start: \"a\"\n     // and the other one\n     | \"b\"\n"),
    openai("start:\n  | \"a\"\n  | \"b\"\n"),
    openai("| \"a\"\nstart: \"b\"\n"),
    openai("start: + \"a\" (?)\n"),
    openai("start: \"a\"+*\n"),
    openai("start: \"a\"{} \"b\"{5,2} \"c\"{-1} \"d\"{1.5}\n"),
    openai("start: \"a\"{0} \"b\"{0,0} \"c\"{,0} \"d\"~0\n"),
    python("start: \"a\"{2} \"b\"~2..5 \"c\"~5..2\n"),
    openai("start: \"a\"~2..5 \"b\"{,3} \"c\"{2,}\n"),
    openai("start: \"a\", \"b\" . \"c\"\n"),
    openai("start: 1 | 22\n"),
    openai("start: a b: \"x\"\na: \"y\"\n"),
    openai("start \"a\"\nb -> \"x\"\n"),
    openai("start: \"a\"?b\nb: \"x\"\n"),
    openai("start: \"a\" ! \"b\"\n"),
    openai("start: \"a\" \"b\"%import common.WS\n"),
    openai("?A: \"x\"\n??start: A\n! b: A\n?_c: A\n"),
    python("?_start: \"x\"\n?!start: \"y\"\n"),
    openai("?!start: \"y\"\n"),
    openai("start: \"a\" | \\\n   \"b\"\n"),
    llguidance("start: %lark { start: \"a\" }\n"),
    llguidance("start: %lark {\nbegin: \"a\" nope\n}\n"),
    llguidance("start: %lark {\nstart: \"a\"\n"),
    openai("a.b: \"x\"\nstart: \"y\"\n"),
    openai("start: \"a\"..\n"),
    openai("start: ((((((((((((((((((((((((((((\"x\"))))))))))))))))))))))))))))\n"),
    openai("start: (((((((((((((((((((((((((((((\"x\")))))))))))))))))))))))))))))\n"),
    llguidance(
        "start: (((((((((((((((((((((((((%lark {\nstart: (\"x\")\n})))))))))))))))))))))))))\n",
    ),
    llguidance(
        "start: ((((((((((((((((((((((((((%lark {\nstart: (\"x\")\n}))))))))))))))))))))))))))\n",
    ),
    llguidance(
        "start: (((((((((((((((((((((((((((%lark {\nstart: (\"x\")\n})))))))))))))))))))))))))))\n",
    ),
];

#[test]
fn groups() {
    insta::assert_snapshot!(show(CASES));
}
