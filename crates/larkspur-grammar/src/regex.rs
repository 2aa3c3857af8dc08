//! Regular expressions of terminals: text to [`Hir`], with findings that point into the text.
//!
//! The syntax is that of the Rust `regex` crate, which llguidance reads with the same library; Python's `re` is translated
//! where it differs only in writing. A terminal matches as a whole and without look-around, so what cannot be carried is
//! refused by name: look-ahead and look-behind, back-references, word boundaries, `^` and `$` in the middle.

mod anchors;
mod explain;
mod python;
mod traps;

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::hir::Hir;
use regex_syntax::hir::translate::TranslatorBuilder;

use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Feature, Regexes, Support};
use crate::span::Span;

/// How deep a regex may nest; the default of the `regex` crate, with which llguidance reads them.
const MAX_NESTING: u32 = 250;

/// Codes of what Python's `re` has and a terminal here has not: under a dialect with Python's regexes the grammar is right,
/// and texts cannot be judged by it.
pub(crate) const PYTHON_ONLY: [&str; 4] =
    ["look-around", "back-reference", "word-boundary", "anchor"];

/// A regex as it stands in a grammar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'s> {
    /// Without slashes.
    pub(crate) text: &'s str,
    pub(crate) flags: &'s str,
    /// Where `text` begins in the grammar; `None` if it does not stand there.
    pub(crate) at: Option<usize>,
}

impl Source<'_> {
    /// The place in the grammar of bytes of the regex.
    pub(crate) fn span(self, start: usize, end: usize) -> Option<Span> {
        self.at.map(|at| Span::new(at + start, at + end))
    }
}

/// Reads a regex. `None` where it cannot be read; the findings then hold an error.
pub(crate) fn parse(source: Source<'_>, dialect: &Dialect) -> (Option<Hir>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    check_flags(source, dialect, &mut findings);
    let translated = match dialect.regexes() {
        Regexes::Rust => python::Translated::unchanged(source.text),
        Regexes::Python => python::to_rust(source.text),
    };
    let flag = |letter: char| source.flags.contains(letter);
    let mut parser = ParserBuilder::new()
        .nest_limit(MAX_NESTING)
        .ignore_whitespace(flag('x'))
        .build();
    let ast = match parser.parse(&translated.text) {
        Ok(ast) => ast,
        Err(error) => {
            let finding = explain::syntax_error(&error, source, &translated);
            findings.push(for_dialect(finding, dialect));
            return (None, findings);
        }
    };
    let mut translator = TranslatorBuilder::new()
        .case_insensitive(flag('i'))
        .multi_line(flag('m'))
        .dot_matches_new_line(flag('s'))
        .build();
    let hir = match translator.translate(&translated.text, &ast) {
        Ok(hir) => hir,
        Err(error) => {
            findings.push(explain::translate_error(&error, source, &translated));
            return (None, findings);
        }
    };
    traps::check(&ast, source, &translated, dialect, &mut findings);
    if let Err(look) = anchors::check(&hir) {
        let finding = anchors::explain(look, &ast, source, &translated);
        findings.push(for_dialect(finding, dialect));
    }
    let refused = findings.iter().any(Diagnostic::is_error);
    ((!refused).then_some(hir), findings)
}

/// The words for those who may write what cannot be carried here.
fn for_dialect(mut finding: Diagnostic, dialect: &Dialect) -> Diagnostic {
    if dialect.regexes() != Regexes::Python || !PYTHON_ONLY.contains(&finding.code) {
        return finding;
    }
    let what = finding.message.trim_end_matches(" is not supported");
    finding.message = format!(
        "{what} is for {} alone: texts cannot be judged here",
        dialect.title()
    );
    finding.hint =
        Some("servers refuse it, and so does all here that reads or writes texts".to_owned());
    finding
}

fn check_flags(source: Source<'_>, dialect: &Dialect, findings: &mut Vec<Diagnostic>) {
    let start = source.text.len() + 1;
    for (offset, letter) in source.flags.char_indices() {
        let span = source.span(start + offset, start + offset + 1);
        if source
            .flags
            .get(..offset)
            .is_some_and(|before| before.contains(letter))
        {
            findings.push(
                Diagnostic::error("regex-flag", format!("the flag `{letter}` is given twice"))
                    .at(span),
            );
        } else if !dialect.flags().contains(letter) {
            let message = format!("{} has no regex flag `{letter}`", dialect.title());
            findings.push(
                Diagnostic::error("regex-flag", message)
                    .at(span)
                    .hint(format!("it has {}", list(dialect.flags()))),
            );
        }
    }
    let python_newline = source.text.contains('\n') && !source.flags.contains('x');
    if python_newline && dialect.support(Feature::MultilineRegex) == Support::Refused {
        let row = Feature::MultilineRegex.capability();
        let at = source.text.find('\n').unwrap_or_default();
        let message = format!("{} refuses {}", dialect.title(), row.construct);
        findings.push(
            Diagnostic::error(row.code, message)
                .at(source.span(at, at))
                .hint(row.hint),
        );
    }
}

fn list(flags: &str) -> String {
    let letters: Vec<String> = flags.chars().map(|letter| format!("`{letter}`")).collect();
    letters.join(", ")
}
