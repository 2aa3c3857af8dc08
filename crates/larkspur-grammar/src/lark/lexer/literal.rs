//! Strings and regexes.

use super::{Lexer, StrTok, Tok};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// Lines a regex may span: a forgotten slash must not be looked for to the end of the file, once for each.
const MAX_REGEX_LINES: usize = 50;
/// Characters behind a slash inside a class in which the end of the class is looked for.
const MAX_CLASS: usize = 200;

impl<'s> Lexer<'s> {
    /// From quote to quote on one line. Single quotes are reported, and read as the string that was meant.
    pub(super) fn string(&mut self, quote: char) {
        let start = self.at;
        self.at += 1;
        let raw_start = self.at;
        let mut escaped = false;
        let mut closed = false;
        for (offset, c) in self.rest().char_indices() {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == quote => {
                    closed = true;
                    self.at = raw_start + offset;
                    break;
                }
                _ => {}
            }
        }
        if !closed {
            return self.unterminated_string(start);
        }
        let raw = self.source.get(raw_start..self.at).unwrap_or_default();
        self.at += 1;
        if quote == '\'' {
            self.single_quoted(Span::new(start, self.at), raw);
        }
        let ignore_case = self.rest().starts_with('i');
        self.at += usize::from(ignore_case);
        self.push(start, Tok::Str(StrTok { raw, ignore_case }));
    }

    fn unterminated_string(&mut self, start: usize) {
        self.at = start;
        let rest = self.rest();
        let line = rest
            .get(..rest.find('\n').unwrap_or(rest.len()))
            .unwrap_or_default()
            .trim_end();
        self.at = start + line.len();
        let span = Span::new(start, self.at);
        let finding = Diagnostic::error(
            "unterminated-string",
            "the string is not closed on its line",
        )
        .at(span);
        self.report(finding.hint("a line end inside a string is written `\\n`"));
        self.push(start, Tok::Bad);
    }

    fn single_quoted(&mut self, span: Span, raw: &str) {
        let mut inner = String::with_capacity(raw.len());
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if chars.peek() == Some(&'\'') => {}
                '\\' => {
                    inner.push(c);
                    inner.extend(chars.next());
                }
                '"' => inner.push_str("\\\""),
                _ => inner.push(c),
            }
        }
        let finding =
            Diagnostic::error("single-quotes", "strings are written in double quotes").at(span);
        self.report(finding.suggest(span, format!("\"{inner}\"")));
    }

    /// From slash to slash. A slash inside a class ends the regex for every engine, which is never meant: it is reported,
    /// and the regex read to its end.
    pub(super) fn regex(&mut self) {
        let start = self.at;
        let Some(end) = self.regex_end() else {
            return self.unterminated_regex(start);
        };
        let body_end = match slash_in_class(
            self.source.get(start + 1..end).unwrap_or_default(),
            self.line_behind(end),
        ) {
            Some(length) => {
                let span = Span::at(end).to(Span::at(end + 1));
                let finding = Diagnostic::error(
                    "slash-in-class",
                    "this `/` ends the regex, although it stands in a class",
                );
                self.report(
                    finding
                        .at(span)
                        .hint("a slash inside a regex is written `\\/`, in a class too")
                        .suggest(span, "\\/"),
                );
                end + length
            }
            None => end,
        };
        let body = self.source.get(start + 1..body_end).unwrap_or_default();
        self.at = body_end + 1;
        let flags = self.eat_while(|c| matches!(c, 'i' | 'm' | 's' | 'l' | 'u' | 'x'));
        self.push(start, Tok::Regex { body, flags });
    }

    fn line_behind(&self, at: usize) -> &'s str {
        let rest = self.source.get(at..).unwrap_or_default();
        rest.get(..rest.find('\n').unwrap_or(rest.len()))
            .unwrap_or_default()
    }

    /// Where the closing slash is. A regex may span lines, but not over a line that reads like a definition or a directive:
    /// there the author forgot to close it.
    fn regex_end(&self) -> Option<usize> {
        let from = self.at + 1;
        let body = self.source.get(from..)?;
        let mut escaped = false;
        let mut lines = MAX_REGEX_LINES;
        for (offset, c) in body.char_indices() {
            match c {
                '\n' if lines == 0 || starts_item(body.get(offset + 1..).unwrap_or_default()) => {
                    return None;
                }
                '\n' => {
                    lines -= 1;
                    escaped = false;
                }
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '/' => return Some(from + offset),
                _ => {}
            }
        }
        None
    }

    fn unterminated_regex(&mut self, start: usize) {
        self.at = start;
        let line = self.line_behind(start).trim_end();
        self.at = start + line.len();
        let span = Span::new(start, self.at);
        let finding = Diagnostic::error(
            "unterminated-regex",
            "the regex is not closed: no `/` follows",
        )
        .at(span);
        self.report(finding.hint("write `/…/`; a slash inside the regex is written `\\/`"));
        self.push(start, Tok::Bad);
    }
}

/// If `body` ends inside a class and the class is closed on the same line, with another slash behind it: how far behind the
/// first slash that second one is.
fn slash_in_class(body: &str, line: &str) -> Option<usize> {
    let mut in_class = false;
    let mut escaped = false;
    for c in body.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
    }
    let mut class_closed = !in_class;
    if class_closed {
        return None;
    }
    for (offset, c) in line.char_indices().skip(1).take(MAX_CLASS) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class_closed = false,
            ']' => class_closed = true,
            '/' if class_closed => return Some(offset),
            _ => {}
        }
    }
    None
}

/// Whether a line reads like `name:`, `NAME.2:` or `%directive`.
fn starts_item(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t']);
    let name = line.trim_start_matches(['?', '!']);
    let length = name
        .find(|c: char| !(c == '_' || c == '-' || c.is_ascii_alphanumeric()))
        .unwrap_or(name.len());
    let (word, after) = name.split_at(length);
    let after = after.trim_start_matches([' ', '\t']);
    let named = word.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    line.starts_with('%')
        || (named && (after.starts_with(':') || after.starts_with('.') || after.starts_with('{')))
}
