//! `.pest` files that are refused: what cannot be read, and what pest itself would not run.

use std::fmt::Write;

use insta::assert_snapshot;
use larkspur_grammar::{Limits, import};
use pest_meta::parser::{self, Rule};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::{option, sample::select};

/// What is refused, as `code line:column`.
#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    let error = import::pest(text, None, &Limits::default()).expect_err("is refused");
    let lines = larkspur_grammar::LineIndex::new(text);
    let found: Vec<String> = error
        .diagnostics()
        .iter()
        .map(|one| {
            let place = lines.place(text, one.span.unwrap_or_default().start);
            format!("{} {}:{}", one.code, place.line, place.column)
        })
        .collect();
    assert_eq!(found, expected, "{:?}", error.diagnostics());
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    refused("", &["no-start 1:1"]);
    refused("a = { \"x\" ", &["pest 1:11"]);
    refused("a = { \"x\"{0} }", &["empty-repetition 1:7"]);
    refused(
        "a = { PUSH(\"x\") ~ PEEK ~ POP }",
        &["stack 1:7", "stack 1:19", "stack 1:26"],
    );
    refused("a = { PEEK[0..1] }", &["stack 1:7"]);
    refused(
        "a = { b ~ c }\nc = @{ b }\nb = { PUSH(\"x\") }\nWHITESPACE = { \" \" }",
        &["stack 3:7"],
    );
    refused("a = { 'z'..'a' }", &["class-range 1:7"]);
    refused("a = { \"x\"{9999999} }", &["limit 1:11"]);
    refused(
        &format!("a = {{ {}\"x\"{} }}", "(".repeat(500), ")".repeat(500)),
        &["limit 1:134"],
    );
}

#[test]
fn what_pest_would_not_run_is_refused_with_its_place() {
    refused(
        "a = { b | abc | c }\nabcd = { d }",
        &[
            "unknown-name 1:7",
            "unknown-name 1:11",
            "unknown-name 1:17",
            "unknown-name 2:10",
        ],
    );
    refused(
        "a = { \"x\" }\na = { \"y\" }\nANY = { \"z\" }",
        &["duplicate-rule 2:1", "name 3:1"],
    );
    for endless in [
        "(\"\")*",
        "(\"x\"?)*",
        "(\"x\"*)+",
        "(b ~ b)*",
        "(!\"x\")*",
        "(&\"x\" ~ SOI)+",
        "(^\"\"){2,}",
        "(\"x\" | b){1,}",
    ] {
        refused(
            &format!("a = {{ {endless} }}\nb = {{ \"y\"{{,2}} }}"),
            &["endless-repetition 1:7"],
        );
    }
    refused(
        "a = { \"x\" }\nWHITESPACE = { \" \"* }\nCOMMENT = { &\"#\" }",
        &["endless-repetition 2:1", "endless-repetition 3:1"],
    );
    refused(
        "a = { \"x\" | b | c | \"y\" }\nb = { \"\" }\nc = { \"z\" | b }",
        &[
            "unreachable-alternative 1:13",
            "unreachable-alternative 1:17",
        ],
    );
    refused("a = { a ~ \"x\" }", &["left-recursion 1:7"]);
    refused(
        "a = { \"x\"? ~ (\"y\" | &b) }\nb = { c+ }\nc = { !\"z\" ~ a }",
        &["left-recursion 1:22", "endless-repetition 2:7"],
    );
    refused(
        "a = { b }\nb = { \"x\" | d ~ b }\nc = { b ~ c? }\nd = { \"\" ~ c }",
        &["left-recursion 2:13"],
    );
}

#[test]
fn faults_of_pest_grammars_are_told() {
    let text =
        "list = { item ~ (\",\" ~ itm)* ~ ASCII_DIGITS }\nitem = { \"x\" }\nitem = { \"y\" }\n";
    assert_snapshot!(told(text), @r#"
error[unknown-name]: there is no rule `itm`
 --> 1:24
  |
1 | list = { item ~ ("," ~ itm)* ~ ASCII_DIGITS }
  |                        ^^^
  = hint: did you mean `item`?

error[unknown-name]: there is no rule `ASCII_DIGITS`
 --> 1:32
  |
1 | list = { item ~ ("," ~ itm)* ~ ASCII_DIGITS }
  |                                ^^^^^^^^^^^^
  = hint: did you mean `ASCII_DIGIT`?

error[duplicate-rule]: the rule `item` is defined twice
 --> 3:1
  |
3 | item = { "y" }
  | ^^^^
 --> 2:1
  |
2 | item = { "x" }
  | ---- first defined here
"#);
    let text = "sum = { (!\"=\")* ~ (product | \"\" | sum) }\nproduct = { \" \"* ~ factor }\nfactor = { sum ~ \"*\" }\nWHITESPACE = { \" \"? }\n";
    assert_snapshot!(told(text), @r#"
error[endless-repetition]: what is repeated may take no text, so the repetition never ends
 --> 1:9
  |
1 | sum = { (!"=")* ~ (product | "" | sum) }
  |         ^^^^^^^
  = hint: let every round take at least one character

error[unreachable-alternative]: this cannot fail: the alternatives behind it are never tried
 --> 1:30
  |
1 | sum = { (!"=")* ~ (product | "" | sum) }
  |                              ^^
  = hint: put it last

error[left-recursion]: the rule `sum` begins with itself (sum → sum), which pest follows for ever
 --> 1:35
  |
1 | sum = { (!"=")* ~ (product | "" | sum) }
  |                                   ^^^
  = hint: write what comes first, and the rest as a repetition: `first ~ (operator ~ first)*`

error[endless-repetition]: `WHITESPACE` cannot fail, and pest repeats it between all parts
 --> 4:1
  |
4 | WHITESPACE = { " "? }
  | ^^^^^^^^^^
  = hint: let it take at least one character
"#);
}

/// All that is said of a file that is refused.
#[track_caller]
fn told(text: &str) -> String {
    let error = import::pest(text, None, &Limits::default()).expect_err("is refused");
    let rendered: Vec<String> = error
        .diagnostics()
        .iter()
        .map(|one| one.render(text))
        .collect();
    rendered.join("\n")
}

/// The right side of a rule, over the names of four rules.
fn body() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "\"x\"", "\"\"", "^\"y\"", "'a'..'c'", "a", "b", "c", "d", "SOI", "EOI", "ANY", "NEWLINE",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 12, 3, |inner| {
            let postfix = select(vec![
                "*", "+", "?", "{2}", "{1,}", "{,2}", "{0,3}", "{0,}", "",
            ]);
            let prefix = select(vec!["!", "&", ""]);
            prop_oneof![
                (prefix, inner.clone(), postfix)
                    .prop_map(|(prefix, inner, postfix)| format!("{prefix}({inner}){postfix}")),
                vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" ~ ")),
                vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join(" | "))),
            ]
        })
}

proptest! {
    /// pest's validator is the judge of what is refused.
    #[test]
    fn what_pest_refuses_is_refused(bodies in vec(body(), 4), blanks in option::of(body())) {
        let names = ["a", "b", "c", "d"].iter();
        let rules: Vec<String> = names.zip(&bodies).map(|(name, body)| format!("{name} = {{ {body} }}\n")).collect();
        let mut text = rules.concat();
        if let Some(body) = blanks {
            writeln!(text, "WHITESPACE = _{{ {body} }}").expect("writes");
        }
        let pairs = parser::parse(Rule::grammar_rules, &text).expect("is a pest grammar");
        let pest = parser::consume_rules(pairs);
        let ours = import::pest(&text, None, &Limits::default());
        let findings = ours.as_ref().err().map_or(&[][..], |error| error.diagnostics());
        let codes: Vec<&str> = findings.iter().map(|one| one.code).collect();
        let validity = ["endless-repetition", "unreachable-alternative", "left-recursion"];
        let refused = codes.iter().any(|code| validity.contains(code));
        prop_assert_eq!(pest.is_err(), refused, "{}\n{:?}\n{:?}", text, pest.err(), codes);
    }
}
