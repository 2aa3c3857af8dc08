//! Which keyword a grammar keeps: `docs/schema-grammars.md` is the table, and here is the proof of each row.
//!
//! To write the document anew: `LARKSPUR_BLESS=1 cargo test --workspace --test grammar`.

mod cases;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use larkspur_schema::Dialect;
use larkspur_schema::grammar::{Options, to_grammar};

use self::cases::{Carried, Case, cases};
use super::{document, judge};

/// Keywords that say nothing of which values are valid, or only together with a row.
const NO_RULES: &[&str] = &[
    "$schema",
    "$id",
    "$vocabulary",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$defs",
    "definitions",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "then",
    "else",
];

#[test]
fn every_row_is_what_the_grammar_does() {
    let mut wrong = String::new();
    for case in cases() {
        let Case {
            keyword,
            schema,
            carried,
            ..
        } = &case;
        let made = match to_grammar(schema, &Options::default()) {
            Ok(made) => made,
            Err(_) if *carried == Carried::Refused => continue,
            Err(error) => {
                let _ = writeln!(wrong, "{schema}: {error}");
                continue;
            }
        };
        let found = if made.relaxations.is_empty() {
            Carried::Exact
        } else {
            Carried::Wider
        };
        let is_told = made
            .relaxations
            .iter()
            .any(|one| one.keyword == *keyword || one.pointer.as_str() == format!("/{keyword}"));
        if found != *carried || (found == Carried::Wider) != is_told {
            let _ = writeln!(wrong, "{schema}: {found:?}, {:?}", made.relaxations);
        }
        let mut is_sentence = judge(&made.grammar);
        if !is_sentence(&case.valid.to_string()) {
            let _ = writeln!(wrong, "{schema} rejects {}", case.valid);
        }
        let is_wide = is_sentence(&case.invalid.to_string());
        if !case.invalid.is_null() && is_wide != (found == Carried::Wider) {
            let _ = writeln!(wrong, "{schema}: {}: {is_wide}", case.invalid);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_keyword_has_a_row() {
    let rows: Vec<&str> = cases().iter().map(|case| case.keyword).collect();
    let missing: Vec<&str> = Dialect::keywords()
        .filter(|keyword| !rows.contains(keyword) && !NO_RULES.contains(keyword))
        .collect();
    assert_eq!(missing, [""; 0]);
}

const HEAD: &str = "\
# Keywords of JSON Schema in grammars

What becomes of a keyword in the grammar of a schema (`larkspur convert SCHEMA --to lark`, `larkspur_schema::grammar::to_grammar`), with the
default options. *exact*: the grammar has the texts of the values that the keyword allows and no others. *wider*: it has more, and a
relaxation says so with its pointer. **refused**: no grammar is made. No row is narrower. A schema is also carried wider where choices that have to be
multiplied out come to more than 128 cases, and refused where the grammar takes more than `Options` allow.
`crates/larkspur-schema/tests/grammar/matrix.rs` writes this page, and holds every row against a value that is valid and one that only the keyword
forbids.

Of the 780 real schemas of JSONSchemaBench 706 are carried exactly where properties come in the order of the schema, 666 in any order, and none
is refused (`tests/corpora/schema_grammars/bench.rs`). llguidance 1.9.1 compiles 653 of them, xgrammar 0.2.8 takes 778 and drops without
a word what it does not know (`benches/rivals/schemas.py`).

| keyword | exact | wider | refused |
|---|---|---|---|
";

fn text() -> String {
    let mut rows: BTreeMap<&str, BTreeMap<Carried, Vec<&str>>> = BTreeMap::new();
    for case in cases() {
        let row = rows.entry(case.keyword).or_default();
        let when = if case.when.is_empty() {
            "yes"
        } else {
            case.when
        };
        row.entry(case.carried).or_default().push(when);
    }
    let mut out = String::from(HEAD);
    for keyword in Dialect::keywords() {
        let Some(row) = rows.get(keyword) else {
            continue;
        };
        let cell = |carried| {
            row.get(&carried)
                .map_or(String::new(), |all| all.join("; "))
        };
        let _ = writeln!(
            out,
            "| `{keyword}` | {} | {} | {} |",
            cell(Carried::Exact),
            cell(Carried::Wider),
            cell(Carried::Refused)
        );
    }
    out
}

#[test]
fn the_document_is_the_table() {
    document::is_written("schema-grammars.md", &text());
}
