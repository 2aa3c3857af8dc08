//! The plain-text form of a finding.

use std::fmt::Write;

use super::Diagnostic;
use crate::span::{LineIndex, Span};

/// Longer source lines are cut to a window around the place.
const MAX_COLUMNS: usize = 120;

pub(super) fn render(finding: &Diagnostic, source: &str, lines: &LineIndex) -> String {
    let mut out = format!("{finding}\n");
    let last_line = finding
        .related
        .iter()
        .map(|(span, _)| span.start)
        .chain(finding.span.map(|span| span.start))
        .max();
    let width = last_line.map_or(1, |at| lines.place(source, at).line.to_string().len());
    let mut frame = Frame {
        out: &mut out,
        source,
        lines,
        width,
    };
    if let Some(span) = finding.span {
        frame.place(span, '^', None, None);
    }
    for (span, message) in &finding.related {
        frame.place(*span, '-', Some(message), finding.span);
    }
    if let Some(hint) = &finding.hint {
        frame.note("hint", hint);
    }
    if let Some(suggestion) = &finding.suggestion {
        match suggestion.replacement.as_str() {
            "" => frame.note("remove", &format!("`{}`", suggestion.span.text(source))),
            text => frame.note("write", &format!("`{text}`")),
        }
    }
    out
}

struct Frame<'a> {
    out: &'a mut String,
    source: &'a str,
    lines: &'a LineIndex,
    width: usize,
}

impl Frame<'_> {
    /// One place: `--> line:column`, the source line, and marks below the part of the span that lies on that line.
    fn place(&mut self, span: Span, mark: char, label: Option<&str>, above: Option<Span>) {
        let place = self.lines.place(self.source, span.start);
        let line = self.lines.line(self.source, place.line);
        let (text, skipped) = window(line.text(self.source), place.column);
        let end = span.end.min(line.end).max(span.start);
        let marked = Span::new(span.start, end)
            .text(self.source)
            .chars()
            .count()
            .clamp(1, MAX_COLUMNS);
        let indent =
            " ".repeat(place.column.saturating_sub(1 + skipped) + usize::from(skipped > 0));
        let dots = if skipped > 0 { "…" } else { "" };
        let width = self.width;
        let label = label.map(|label| format!(" {label}")).unwrap_or_default();
        let marks: String = std::iter::repeat_n(mark, marked).collect();
        // A second place on the line that is shown already needs its marks only.
        let shown = above.is_some_and(|above| {
            let above = self.lines.place(self.source, above.start);
            above.line == place.line && above.column <= MAX_COLUMNS && skipped == 0
        });
        if !shown {
            self.line(format_args!(
                "{:width$}--> {}:{}",
                "", place.line, place.column
            ));
            self.line(format_args!("{:width$} |", ""));
            self.line(format_args!("{:width$} | {dots}{text}", place.line));
        }
        self.line(format_args!("{:width$} | {indent}{marks}{label}", ""));
    }

    fn note(&mut self, kind: &str, text: &str) {
        let width = self.width;
        let indent = format!("\n{:width$}   {:len$}  ", "", "", len = kind.len());
        let text = text.replace('\n', &indent);
        self.line(format_args!("{:width$} = {kind}: {text}", ""));
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.out, "{text}");
    }
}

/// The part of a line that is shown, printable, and how many characters were left out before it.
fn window(line: &str, column: usize) -> (String, usize) {
    let skipped = if column > MAX_COLUMNS {
        column - MAX_COLUMNS / 2
    } else {
        0
    };
    let shown = line.chars().skip(skipped).take(MAX_COLUMNS);
    let printable = shown.map(|c| {
        if c == '\t' {
            ' '
        } else if c.is_control() {
            '\u{FFFD}'
        } else {
            c
        }
    });
    (printable.collect(), skipped)
}
