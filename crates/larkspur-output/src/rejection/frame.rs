//! A line of the model's text with the wrong part underlined.

use std::fmt;

use larkspur_json::{Position, Span};

use crate::wording::is_hidden;

/// Most characters of a line before and from the wrong part on.
const BEFORE: usize = 40;
const FROM: usize = 60;

/// The part of a line around a place, ready to print.
pub(super) struct Frame {
    line: usize,
    /// One character for each of the text, so that the carets stand where they should.
    shown: String,
    indent: usize,
    carets: usize,
}

impl Frame {
    pub(super) fn of(text: &str, span: Span, place: Position) -> Self {
        let (head, tail) = text.split_at_checked(span.start).unwrap_or((text, ""));
        let mut before: Vec<char> = head
            .chars()
            .rev()
            .take_while(|c| *c != '\n')
            .take(BEFORE + 1)
            .map(printed)
            .collect();
        if before.len() > BEFORE {
            before.truncate(BEFORE);
            before.push('…');
        }
        let mut from: Vec<char> = tail
            .chars()
            .take_while(|c| *c != '\n')
            .take(FROM + 1)
            .map(printed)
            .collect();
        if from.len() > FROM {
            from.truncate(FROM);
            from.push('…');
        }
        let covered = tail.get(..span.len()).unwrap_or(tail).chars().take(FROM);
        let indent = before.len();
        let shown: String = before
            .into_iter()
            .rev()
            .chain(from.iter().copied())
            .collect();
        Self {
            line: place.line,
            carets: covered.take_while(|c| *c != '\n').count().max(1),
            shown: shown.trim_end().to_owned(),
            indent,
        }
    }

    /// Width of the line number.
    pub(super) fn margin(&self) -> usize {
        self.line.checked_ilog10().unwrap_or(0) as usize + 1
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let margin = self.margin();
        writeln!(f, "{:margin$} |", "")?;
        writeln!(f, "{} | {}", self.line, self.shown)?;
        write!(
            f,
            "{:margin$} | {:indent$}{:^^carets$}",
            "",
            "",
            "",
            indent = self.indent,
            carets = self.carets
        )
    }
}

/// White space as a space, what would not print as the replacement character.
fn printed(character: char) -> char {
    match character {
        '\t' | '\r' => ' ',
        hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
        shown => shown,
    }
}

/// A text on one line, cut in the middle where it is longer than `most` characters.
pub(super) fn printable(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.chars().map(printed).collect();
    }
    let head: Vec<char> = text.chars().take(most / 2).map(printed).collect();
    let tail: Vec<char> = text.chars().rev().take(most / 2).map(printed).collect();
    head.into_iter()
        .chain(['…'])
        .chain(tail.into_iter().rev())
        .collect()
}
