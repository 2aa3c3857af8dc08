//! The questions a user asks of a grammar's text.

use super::graph;
use super::lower::lower_file;
use super::parse::{Parsed, cap, parse_with, sort};
use super::syntax::File;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::{Dialect, Regexes};
use crate::grammar::{BuildError, Grammar};
use crate::limits::Limits;
use crate::regex;
use crate::span::Span;

/// Everything a server or library would refuse in a grammar, and everything that will surprise, in the order of the places.
///
/// ```
/// use larkspur_grammar::{Dialect, lark};
///
/// let findings = lark::check("start: /\".*?\"/\n", Dialect::openai());
/// assert_eq!(findings[0].code, "lazy-quantifier");
/// assert_eq!(findings[0].suggestion.as_ref().unwrap().replacement, r#"[^"\n]*"#);
/// ```
pub fn check(source: &str, dialect: &'static Dialect) -> Vec<Diagnostic> {
    check_with(source, dialect, &Limits::default())
}

/// [`check`] with other limits.
pub fn check_with(source: &str, dialect: &'static Dialect, limits: &Limits) -> Vec<Diagnostic> {
    let Parsed {
        file,
        mut diagnostics,
    } = parse_with(source, limits);
    if diagnostics.iter().any(|finding| finding.code == "limit") {
        // Nothing was read behind the limit.
        return finish(diagnostics, limits);
    }
    if diagnostics.iter().any(Diagnostic::is_error) {
        // The shape of a grammar says nothing while parts of it could not be read.
        let faults: Vec<Span> = diagnostics
            .iter()
            .filter_map(|finding| finding.span)
            .collect();
        let cascades = |finding: &Diagnostic| {
            let span = finding.span.filter(|_| finding.code == "unknown-name");
            span.is_some_and(|span| {
                faults
                    .iter()
                    .any(|fault| fault.start < span.end && span.start < fault.end)
            })
        };
        let found = soften(lower_file(&file, dialect, limits).findings, dialect);
        diagnostics.extend(found.into_iter().filter(|finding| !cascades(finding)));
    } else {
        diagnostics.extend(check_file(&file, dialect, limits));
    }
    finish(diagnostics, limits)
}

/// What a dialect says to a syntax tree: names, patterns, constructs, shape. Faults of the notation are not among it: those
/// came with [`parse`](super::parse).
pub fn check_file(file: &File, dialect: &'static Dialect, limits: &Limits) -> Vec<Diagnostic> {
    let lowered = lower_file(file, dialect, limits);
    let mut findings = soften(lowered.findings, dialect);
    if let Some(grammar) = &lowered.grammar {
        let verify = |span: Span, replacement: &str, before: usize| {
            let mut changed = file.source.to_string();
            if changed.get(span.start..span.end).is_none() {
                return false;
            }
            changed.replace_range(span.start..span.end, replacement);
            let parsed = parse_with(&changed, limits);
            let lowered = lower_file(&parsed.file, dialect, limits);
            let better = |grammar: &Grammar| graph::greedy_neighbours(grammar, dialect) < before;
            parsed.diagnostics.is_empty() && lowered.grammar.as_ref().is_some_and(better)
        };
        findings.extend(graph::check(grammar, dialect, &file.source, &verify));
    }
    finish(findings, limits)
}

/// Text to [`Grammar`], as the dialect means it.
///
/// # Errors
/// All that the dialect refuses. Traps do not hinder; ask [`check`] for them.
///
/// ```
/// use larkspur_grammar::{Dialect, lark};
///
/// let grammar = lark::compile("start: \"a\" DIGIT+\n%import common.DIGIT\n", Dialect::llguidance())?;
/// assert_eq!(grammar.terminals()[1].name, "A");
/// # Ok::<(), larkspur_grammar::grammar::BuildError>(())
/// ```
pub fn compile(source: &str, dialect: &'static Dialect) -> Result<Grammar, BuildError> {
    compile_with(source, dialect, &Limits::default())
}

/// [`compile`] with other limits.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(
    source: &str,
    dialect: &'static Dialect,
    limits: &Limits,
) -> Result<Grammar, BuildError> {
    let Parsed {
        file,
        mut diagnostics,
    } = parse_with(source, limits);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    if diagnostics.iter().any(|finding| finding.code == "limit") {
        return Err(BuildError::new(finish(diagnostics, limits)));
    }
    let lowered = lower_file(&file, dialect, limits);
    match lowered.grammar {
        Some(grammar) if !broken => Ok(grammar),
        _ => {
            diagnostics.extend(lowered.findings);
            Err(BuildError::new(finish(diagnostics, limits)))
        }
    }
}

/// What a dialect takes and this crate cannot run hinders [`compile`], and is no fault of the grammar: Python's own regexes,
/// and a start that is named where the grammar is loaded.
fn soften(mut findings: Vec<Diagnostic>, dialect: &Dialect) -> Vec<Diagnostic> {
    if dialect.regexes() == Regexes::Python {
        for finding in &mut findings {
            if finding.code == "no-start" || regex::PYTHON_ONLY.contains(&finding.code) {
                finding.severity = Severity::Warning;
            }
        }
    }
    findings
}

fn finish(mut findings: Vec<Diagnostic>, limits: &Limits) -> Vec<Diagnostic> {
    sort(&mut findings);
    findings.dedup();
    cap(&mut findings, limits.max_diagnostics);
    findings
}
