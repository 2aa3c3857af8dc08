//! Words for what the regex library refuses.

use regex_syntax::ast::{self, ErrorKind};
use regex_syntax::hir;

use super::python::Translated;
use super::{MAX_NESTING, Source};
use crate::diagnostic::Diagnostic;

pub(super) fn syntax_error(
    error: &ast::Error,
    source: Source<'_>,
    translated: &Translated,
) -> Diagnostic {
    let span = error.span();
    let place = translated.span(source, span.start.offset, span.end.offset);
    let shown = translated
        .text
        .get(span.start.offset..span.end.offset)
        .unwrap_or_default();
    let next = translated
        .text
        .get(span.start.offset..)
        .and_then(|rest| rest.chars().next())
        .unwrap_or('*');
    let finding = match error.kind() {
        ErrorKind::UnsupportedLookAround => look_around(shown),
        ErrorKind::UnsupportedBackreference => back_reference(shown),
        ErrorKind::NestLimitExceeded(_) => Diagnostic::error(
            "limit",
            format!("the regex is nested more than {MAX_NESTING} deep"),
        ),
        ErrorKind::FlagUnrecognized
            if translated
                .text
                .get(span.start.offset..)
                .is_some_and(|rest| rest.starts_with("P=")) =>
        {
            back_reference("(?P=…)")
        }
        ErrorKind::FlagUnrecognized => Diagnostic::error(
            "regex",
            format!("there is no flag `{shown}` inside a regex"),
        )
        .hint("a group that captures nothing is `(?:…)`; flags are i, m, s, U, u, x"),
        kind => written_wrong(kind, shown, next),
    };
    finding.at(place.or_else(|| source.span(0, source.text.len())))
}

/// Slips of the pen; `next` is the character at the place.
fn written_wrong(kind: &ErrorKind, shown: &str, next: char) -> Diagnostic {
    match kind {
        ErrorKind::ClassUnclosed => Diagnostic::error("regex", "the class `[` is not closed")
            .hint("a bracket itself is written `\\[`"),
        ErrorKind::GroupUnclosed => Diagnostic::error("regex", "the group `(` is not closed")
            .hint("a bracket itself is written `\\(`"),
        ErrorKind::GroupUnopened => Diagnostic::error("regex", "`)` closes nothing")
            .hint("a bracket itself is written `\\)`"),
        ErrorKind::RepetitionMissing => Diagnostic::error(
            "regex",
            format!("there is nothing before `{next}` to repeat"),
        )
        .hint(format!("for the character itself write `\\{next}`")),
        ErrorKind::EscapeUnrecognized => unknown_escape(shown),
        ErrorKind::RepetitionCountUnclosed | ErrorKind::RepetitionCountDecimalEmpty => {
            Diagnostic::error("regex", "this repetition holds no count")
                .hint("a brace itself is written `\\{`")
        }
        ErrorKind::RepetitionCountInvalid => {
            Diagnostic::error("regex", format!("`{shown}` ends below its start"))
        }
        ErrorKind::ClassRangeInvalid => {
            Diagnostic::error("regex", format!("the range `{shown}` ends below its start"))
        }
        ErrorKind::ClassRangeLiteral | ErrorKind::ClassEscapeInvalid => {
            Diagnostic::error("regex", format!("`{shown}` cannot stand in a class"))
                .hint("a minus itself is written `\\-`")
        }
        kind => Diagnostic::error("regex", kind.to_string()),
    }
}

fn back_reference(shown: &str) -> Diagnostic {
    Diagnostic::error("back-reference", format!("the back-reference `{shown}` is not supported"))
        .hint("a regular expression cannot repeat what it has matched; write the cases out as alternatives")
}

fn look_around(shown: &str) -> Diagnostic {
    let (what, hint) = match shown {
        "(?=" => ("look-ahead", "say in the rule what follows the terminal"),
        "(?!" => (
            "look-ahead",
            "exclude what may not follow: `/[a-z]+/ & ~(\"if\" | \"else\")`, or a class without it",
        ),
        "(?<=" => (
            "look-behind",
            "say in the rule what comes before the terminal",
        ),
        _ => (
            "look-behind",
            "exclude what may not come before in the rule",
        ),
    };
    Diagnostic::error(
        "look-around",
        format!("{what} `{shown}…)` is not supported"),
    )
    .hint(hint)
}

fn unknown_escape(shown: &str) -> Diagnostic {
    let finding = Diagnostic::error("regex", format!("`{shown}` is no escape"));
    match shown {
        "\\Z" => finding.hint("a terminal always matches as a whole: leave it out"),
        "\\h" => finding.hint("blanks are `[ \\t]`"),
        "\\R" => finding.hint("a line end is `\\r?\\n`"),
        "\\N" => finding.hint("any character but a line feed is `.`"),
        _ => finding.hint("a backslash itself is written `\\\\`"),
    }
}

pub(super) fn translate_error(
    error: &hir::Error,
    source: Source<'_>,
    translated: &Translated,
) -> Diagnostic {
    let span = error.span();
    let place = translated.span(source, span.start.offset, span.end.offset);
    let shown = translated
        .text
        .get(span.start.offset..span.end.offset)
        .unwrap_or_default();
    let finding = match error.kind() {
        hir::ErrorKind::InvalidUtf8 => Diagnostic::error(
            "regex",
            format!("`{shown}` can match bytes that are not UTF-8"),
        ),
        hir::ErrorKind::UnicodePropertyNotFound | hir::ErrorKind::UnicodePropertyValueNotFound => {
            Diagnostic::error("regex", format!("there is no Unicode property `{shown}`"))
                .hint("for example `\\p{L}`, `\\p{Greek}`, `\\p{Lu}`")
        }
        kind => Diagnostic::error("regex", kind.to_string()),
    };
    finding.at(place)
}
