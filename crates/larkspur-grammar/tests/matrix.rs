//! Which dialect takes which construct of Lark: `docs/lark-dialects.md` is the table, and here is the proof of each cell.
//!
//! To write the document anew: `LARKSPUR_BLESS=1 cargo test --workspace --test matrix`.

#![expect(clippy::panic, reason = "tests")]

use std::fmt::Write as _;
use std::path::Path;

use larkspur_grammar::dialect::{Capability, Feature, Support};
use larkspur_grammar::{Diagnostic, Dialect, Severity, lark};

/// The smallest grammar with the construct, and nothing else that a dialect has a code for.
fn sample(feature: Feature) -> &'static str {
    match feature {
        Feature::RulePriority => "start: a\na.2: \"x\"\n",
        Feature::TerminalPriority => "start: A\nA.2: \"x\"\n",
        Feature::Template | Feature::TemplateUse => "start: a{\"x\"}\na{t}: t \"y\"\n",
        Feature::Declare => "start: A\n%declare A\n",
        Feature::Override => "start: A\nA: \"x\"\n%override A: \"y\"\n",
        Feature::Extend => "start: A\nA: \"x\"\n%extend A: \"y\"\n",
        Feature::CommonImport => "start: INT\n%import common.INT\n",
        Feature::LibraryImport => "start: STRING\n%import python.STRING\n",
        Feature::RelativeImport => "start: a\n%import .other.a\n",
        Feature::Ignore => "start: \"x\" \"y\"\n%ignore / +/\n",
        Feature::Options => "%llguidance {\"no_forcing\": true}\nstart: \"x\"\n",
        Feature::GrammarOptions => {
            "%grammar_options {\"allow_initial_skip\": true}\nstart: \"x\"\n"
        }
        Feature::JsonSchema => "start: %json {\"type\": \"object\"}\n",
        Feature::NestedLark => "start: %lark {\nstart: \"x\"\n}\n",
        Feature::Substring => "start: A\nA: %regex {\"substring_chars\": \"abc\"}\n",
        Feature::SubstringWords => "start: A\nA: %regex {\"substring_words\": \"a b\"}\n",
        Feature::SpecialToken => "start: \"x\" <|end|>\n",
        Feature::GrammarRef => "start: \"x\" @other\n",
        Feature::Attributes => "start: a\na[capture]: \"x\"\n",
        Feature::StopAttributes => "start: a \"y\"\na[suffix=\";\"]: /[a-z]{1,9}/\n",
        Feature::Parameter | Feature::Condition => {
            "start: a::0\na::_: \"x\" a::incr(_) %if lt(_, 3)\n | \"y\"\n"
        }
        Feature::Complement => "start: A\nA: /[a-z]/ & ~\"x\"\n",
        Feature::ComplementInRule => "start: ~\"x\"\n",
        Feature::Intersection => "start: A\nA: /[a-z]/ & /[x-z]/\n",
        Feature::IntersectionInRule => "start: A & B\nA: /[a-z]/\nB: /[x-z]/\n",
        Feature::BraceRepeat => "start: \"x\"{2,5}\n",
        Feature::ZeroRepeat => "start: \"y\" \"x\"{0}\n",
        Feature::EmptyString => "start: \"x\" \"\"\n",
        Feature::DashInName => "start: a-b\na-b: \"x\"\n",
        Feature::GluedArrow => "start: a-> b\na: \"x\"\n",
        Feature::GluedRange => "start: \"x\"i~2..3\n",
        Feature::SplitRule => "start: \"x\"\n  // or\n  | \"y\"\n",
        Feature::Continuation => "start: \"x\" \\\n  \"y\"\n",
        Feature::SharedLine => "%import common.INT start: INT\n",
        Feature::UnendedBlock => "start: %lark { start: \"x\" }\n",
        Feature::ModifierOrder => "start: a\n?!a: \"x\"\n",
        Feature::LazyQuantifier => "start: /a+?b/\n",
        Feature::UnicodeClass => "start: /\\d{1,3}/\n",
        Feature::LostBound => "start: /[^.]{0,10}*\\./\n",
        Feature::StopGroup => "start: /a(?P<stop>b)/\n",
        Feature::MultilineRegex => "start: /a\nb/\n",
        Feature::EmptyTerminal => "start: \"y\" A\nA: /x{0,3}/\n",
        Feature::LeftRecursion => "start: a\na: a \",\" \"x\" | \"x\"\n",
        Feature::RightRecursion => "start: a\na: \"x\" \",\" a | \"x\"\n",
        Feature::GreedyNeighbour => "start: /[a-z]{1,9}/ \"x\"\n",
        Feature::CharacterLexemes => "start: /[a-z]/+ \"!\"\n",
        Feature::Ambiguity => "start: a | b\na: \"x\"\nb: \"x\"\n",
        other => panic!("{other:?} needs a sample"),
    }
}

#[test]
fn each_feature_has_its_row() {
    for row in Feature::table() {
        assert_eq!(row.feature.capability().feature, row.feature);
    }
}

#[test]
fn every_cell_is_what_the_check_says() {
    let mut wrong = String::new();
    for row in Feature::table()
        .iter()
        .filter(|row| row.feature != Feature::OpenAmbiguity)
    {
        for dialect in Dialect::all() {
            let text = sample(row.feature);
            let findings = lark::check(text, dialect);
            let said = findings
                .iter()
                .filter(|one| one.code == row.code)
                .map(|one| one.severity)
                .max();
            let expected = expected(row, dialect);
            if said != expected {
                let all: Vec<_> = findings.iter().map(Diagnostic::to_string).collect();
                let _ = writeln!(
                    wrong,
                    "{:?} {}: {said:?}, not {expected:?}: {all:?}",
                    row.feature,
                    dialect.name()
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// How the check must speak of a construct.
fn expected(row: &Capability, dialect: &Dialect) -> Option<Severity> {
    match dialect.support(row.feature) {
        Support::Refused | Support::RefusedInUse => Some(Severity::Error),
        Support::Trap | Support::Unknown => Some(Severity::Warning),
        _ => None,
    }
}

/// The document.
fn document() -> String {
    let mut out = String::from(HEAD);
    let names: Vec<&str> = Dialect::all()
        .iter()
        .map(|dialect| dialect.title())
        .collect();
    let _ = writeln!(out, "| construct | code | {} |", names.join(" | "));
    let _ = writeln!(out, "|---|---|{}", "---|".repeat(names.len()));
    for row in Feature::table()
        .iter()
        .filter(|row| row.feature != Feature::TemplateUse)
    {
        let cells: Vec<&str> = Dialect::all()
            .iter()
            .map(|dialect| cell(dialect.support(row.feature)))
            .collect();
        let _ = writeln!(
            out,
            "| {} | `{}` | {} |",
            row.construct,
            row.code,
            cells.join(" | ")
        );
    }
    out
}

const HEAD: &str = "# Constructs of Lark by dialect

What `larkspur check FILE --dialect D` says of each construct. The cells are the table in
`crates/larkspur-grammar/src/dialect/table.rs`, which names its sources; `crates/larkspur-grammar/tests/matrix.rs` writes this page and
checks a sample grammar for every cell.

*yes*: taken, with the meaning it has where it comes from. *ignored*: taken, without effect. **trap**: taken, but it does not do what
it seems to; the check warns. *unknown*: nobody has published it; the check warns. **no**: refused. *in use*: refused where the
start leads to it.

";

fn cell(support: Support) -> &'static str {
    match support {
        Support::Yes => "yes",
        Support::Ignored => "ignored",
        Support::Trap => "**trap**",
        Support::Refused => "**no**",
        Support::RefusedInUse => "**no**, in use",
        _ => "unknown",
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the document is a file")]
fn the_document_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lark-dialects.md");
    let expected = document();
    if std::env::var_os("LARKSPUR_BLESS").is_some() {
        assert!(std::fs::write(&path, &expected).is_ok());
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "write it anew: LARKSPUR_BLESS=1 cargo test --workspace --test matrix"
    );
}
