//! What a person reads when a grammar is wrong, or will surprise: one snapshot file for each topic.
//!
//! Every case is also put to the llguidance crate: where the dialect is llguidance's or OpenAI's, an error here is an error
//! there and none is none. Exceptions stand beside the cases, with the reason.

#![expect(clippy::expect_used, reason = "tests")]

mod groups;
mod literals;
mod llguidance_judge;
mod names;
mod notation;
mod parameters;
mod refusals;
mod regexes;
mod shape;
mod templates;
mod traps;

use larkspur_grammar::diagnostic::render_all;
use larkspur_grammar::{Diagnostic, Dialect, lark};

/// A grammar, and whose eyes it is seen with.
#[derive(Clone, Copy)]
struct Case {
    dialect: &'static str,
    grammar: &'static str,
    /// Why llguidance says otherwise, where it does.
    differs: Option<&'static str>,
}

const fn openai(grammar: &'static str) -> Case {
    Case {
        dialect: "openai",
        grammar,
        differs: None,
    }
}

const fn llguidance(grammar: &'static str) -> Case {
    Case {
        dialect: "llguidance",
        grammar,
        differs: None,
    }
}

const fn python(grammar: &'static str) -> Case {
    Case {
        dialect: "lark",
        grammar,
        differs: None,
    }
}

const fn dialect(dialect: &'static str, grammar: &'static str) -> Case {
    Case {
        dialect,
        grammar,
        differs: None,
    }
}

/// A case in which the judge says otherwise, for this reason.
const fn unlike(case: Case, reason: &'static str) -> Case {
    Case {
        differs: Some(reason),
        ..case
    }
}

/// All findings about all cases, as they are shown.
#[track_caller]
fn show(cases: &[Case]) -> String {
    let blocks: Vec<String> = cases.iter().map(show_one).collect();
    blocks.concat()
}

#[track_caller]
fn show_one(case: &Case) -> String {
    let dialect = Dialect::named(case.dialect).expect("a dialect");
    let findings = lark::check(case.grammar, dialect);
    llguidance_judge::judge(case, &findings);
    suggestions_can_be_applied(case, &findings);
    let shown = if findings.is_empty() {
        "ok\n".to_owned()
    } else {
        render_all(&findings, case.grammar)
    };
    format!(
        "──── {}\n{}\n\n{shown}\n",
        case.dialect,
        case.grammar.trim_end()
    )
}

/// Whatever is offered lies in the text, and takes away the finding that offers it.
#[track_caller]
fn suggestions_can_be_applied(case: &Case, findings: &[Diagnostic]) {
    let dialect = Dialect::named(case.dialect).expect("a dialect");
    let count = |findings: &[Diagnostic], code: &str| {
        findings
            .iter()
            .filter(|finding| finding.code == code)
            .count()
    };
    for finding in findings {
        if let Some(suggestion) = &finding.suggestion {
            let changed = applied(case.grammar, suggestion);
            let after = lark::check(&changed, dialect);
            // A name that is spelt right where it is defined is still spelt wrong where it is used.
            let renames = usize::from(finding.code == "mixed-case");
            let fewer = count(&after, finding.code) < count(findings, finding.code) + renames;
            assert!(
                fewer,
                "{finding}\n{changed}\n{}",
                render_all(&after, &changed)
            );
        }
    }
}

fn applied(grammar: &str, suggestion: &larkspur_grammar::diagnostic::Suggestion) -> String {
    let mut changed = grammar.to_owned();
    changed.replace_range(
        suggestion.span.start..suggestion.span.end,
        &suggestion.replacement,
    );
    changed
}
