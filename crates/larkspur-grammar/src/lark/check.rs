//! The questions a user asks of a grammar's text.

use super::lower::lower_file;
use super::parse::{Parsed, cap, parse_with, sort};
use super::syntax::File;
use super::graph;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::grammar::{BuildError, Grammar};
use crate::limits::Limits;

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
    let Parsed { file, mut diagnostics } = parse_with(source, limits);
    diagnostics.extend(check_file(&file, dialect, limits));
    finish(diagnostics, limits)
}

/// What a dialect says to a syntax tree: names, patterns, constructs, shape. Faults of the notation are not among it: those
/// came with [`parse`](super::parse).
pub fn check_file(file: &File, dialect: &'static Dialect, limits: &Limits) -> Vec<Diagnostic> {
    let lowered = lower_file(file, dialect, limits);
    let mut findings = lowered.findings;
    if let Some(grammar) = &lowered.grammar {
        findings.extend(graph::check(grammar, dialect, &file.source));
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
pub fn compile_with(source: &str, dialect: &'static Dialect, limits: &Limits) -> Result<Grammar, BuildError> {
    let Parsed { file, mut diagnostics } = parse_with(source, limits);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let lowered = lower_file(&file, dialect, limits);
    match lowered.grammar {
        Some(grammar) if !broken => Ok(grammar),
        _ => {
            diagnostics.extend(lowered.findings);
            Err(BuildError::new(finish(diagnostics, limits)))
        }
    }
}

fn finish(mut findings: Vec<Diagnostic>, limits: &Limits) -> Vec<Diagnostic> {
    sort(&mut findings);
    findings.dedup();
    cap(&mut findings, limits.max_diagnostics);
    findings
}
