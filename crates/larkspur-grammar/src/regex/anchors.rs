//! `^`, `$`, `\b` and their kin.
//!
//! The rule is llguidance's (its `derivre` crate, `syntax.rs`): `^` may stand where only other `^` and the start come before
//! it, `$` likewise at the end; there they mean nothing, since a terminal matches as a whole. Any other assertion is refused.

use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{Hir, HirKind, Look};

use super::Source;
use super::python::Translated;
use crate::diagnostic::Diagnostic;

/// The first assertion that is out of place. Recursion is bounded by the nesting that the parser allows.
pub(super) fn check(hir: &Hir) -> Result<(), Look> {
    check_at(hir, true, true)
}

fn check_at(hir: &Hir, at_start: bool, at_end: bool) -> Result<(), Look> {
    match hir.kind() {
        HirKind::Look(Look::Start) if at_start => Ok(()),
        HirKind::Look(Look::End) if at_end => Ok(()),
        HirKind::Look(look) => Err(*look),
        HirKind::Alternation(parts) => parts
            .iter()
            .try_for_each(|part| check_at(part, at_start, at_end)),
        HirKind::Capture(capture) => check_at(&capture.sub, at_start, at_end),
        HirKind::Repetition(repetition) => check_at(&repetition.sub, false, false),
        HirKind::Concat(parts) => {
            let first = parts.iter().position(|part| !is_look(part, Look::Start));
            let last = parts.iter().rposition(|part| !is_look(part, Look::End));
            parts.iter().enumerate().try_for_each(|(index, part)| {
                let starts = first.is_none_or(|first| index <= first);
                let ends = last.is_none_or(|last| index >= last);
                check_at(part, at_start && starts, at_end && ends)
            })
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => Ok(()),
    }
}

fn is_look(hir: &Hir, look: Look) -> bool {
    matches!(hir.kind(), HirKind::Look(found) if *found == look)
}

/// Words for an assertion that is out of place, at the first one of its kind that is not at an end of the regex.
pub(super) fn explain(
    look: Look,
    ast: &Ast,
    source: Source<'_>,
    translated: &Translated,
) -> Diagnostic {
    let finder = Finder {
        wanted: look,
        found: Vec::new(),
    };
    let found = ast::visit(ast, finder).unwrap_or_else(|never| match never {});
    let end = translated.text.len();
    let misplaced = found.iter().find(|span| match look {
        Look::Start => span.start.offset > 0,
        Look::End => span.end.offset < end,
        _ => true,
    });
    let span = misplaced.or(found.first());
    let place = span.and_then(|span| translated.span(source, span.start.offset, span.end.offset));
    let shown = span
        .and_then(|span| translated.text.get(span.start.offset..span.end.offset))
        .unwrap_or("this");
    match look {
        Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF => {
            let finding = Diagnostic::error(
                "anchor",
                format!("`{shown}` inside a regex is not supported"),
            )
            .at(place);
            finding.hint("a terminal always matches as a whole: leave it out, or write the line end as `\\n`")
        }
        _ => {
            let finding = Diagnostic::error(
                "word-boundary",
                format!("the word boundary `{shown}` is not supported"),
            )
            .at(place);
            finding.hint("a lexeme takes the longest match, so a word ends where its characters end: leave it out")
        }
    }
}

struct Finder {
    wanted: Look,
    found: Vec<ast::Span>,
}

impl ast::Visitor for Finder {
    type Output = Vec<ast::Span>;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Self::Output, Self::Err> {
        Ok(self.found)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        if let Ast::Assertion(assertion) = ast {
            let line = matches!(
                assertion.kind,
                ast::AssertionKind::StartLine | ast::AssertionKind::StartText
            );
            let line_end = matches!(
                assertion.kind,
                ast::AssertionKind::EndLine | ast::AssertionKind::EndText
            );
            let same = match self.wanted {
                Look::Start | Look::StartLF | Look::StartCRLF => line,
                Look::End | Look::EndLF | Look::EndCRLF => line_end,
                _ => !line && !line_end,
            };
            if same {
                self.found.push(assertion.span);
            }
        }
        Ok(())
    }
}
