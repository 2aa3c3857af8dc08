//! A cursor over the text.

use super::Format;
use crate::span::Span;

pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    format: Format,
}

impl<'t> Scanner<'t> {
    pub(super) const fn new(text: &'t str, format: Format) -> Self {
        Self {
            text,
            at: 0,
            end: 0,
            format,
        }
    }

    pub(super) const fn text(&self) -> &'t str {
        self.text
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character.
    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// The next character, or the end.
    pub(super) fn here(&self) -> Span {
        Span::new(self.at, self.at + self.peek().map_or(0, char::len_utf8))
    }

    /// Remembers where the last element ended.
    pub(super) const fn mark_end(&mut self) {
        self.end = self.at;
    }

    pub(super) const fn last_end(&self) -> usize {
        self.end
    }

    /// What comes next, for messages.
    pub(super) fn shown(&self) -> String {
        match self.peek() {
            None => "the end of the text".to_owned(),
            Some('\n' | '\r') => "the end of the line".to_owned(),
            Some(c) => format!("`{c}`"),
        }
    }

    /// Skips blanks and comments, line ends too if they mean nothing here.
    pub(super) fn space(&mut self, newlines: bool) {
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' => self.at += 1,
                '\n' | '\r' if newlines => self.at += 1,
                '#' => {
                    let line = self.rest();
                    self.at += line.find(['\n', '\r']).unwrap_or(line.len());
                }
                _ => break,
            }
        }
    }

    fn is_name(&self, c: char, first: bool) -> bool {
        let letter = c.is_ascii_alphabetic() || c == '_' || c == '-';
        match self.format {
            // `_` is read as part of a name so that it can be told.
            Format::Gbnf => letter || c.is_ascii_digit(),
            Format::Ebnf => letter || c == '.' || (!first && c.is_ascii_digit()),
        }
    }

    fn name_len(&self) -> usize {
        let rest = self.rest();
        let mut chars = rest.char_indices();
        if !chars.next().is_some_and(|(_, c)| self.is_name(c, true)) {
            return 0;
        }
        chars
            .find(|(_, c)| !self.is_name(*c, false))
            .map_or(rest.len(), |(at, _)| at)
    }

    pub(super) fn name(&mut self) -> Option<(&'t str, Span)> {
        let length = self.name_len();
        let name = self.rest().get(..length).filter(|name| !name.is_empty())?;
        let start = self.at;
        self.at += length;
        Some((name, self.since(start)))
    }

    pub(super) fn digits(&mut self) -> &'t str {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// The text between `<` and `>`.
    pub(super) fn angle(&mut self) -> Option<&'t str> {
        let inner = self.rest().strip_prefix('<')?;
        let length = inner.find(['>', '\n'])?;
        if !inner.get(length..)?.starts_with('>') {
            return None;
        }
        self.at += length + 2;
        inner.get(..length)
    }

    /// Whether a rule of xgrammar begins here: a name, perhaps attributes, then `::=`.
    pub(super) fn at_rule(&self) -> bool {
        let length = self.name_len();
        if self.format == Format::Gbnf || length == 0 {
            return false;
        }
        let rest = self.rest().get(length..).unwrap_or_default();
        let rest = match rest.strip_prefix('[') {
            Some(inside) => inside
                .find([']', '\n'])
                .and_then(|at| inside.get(at + 1..))
                .unwrap_or_default(),
            None => rest,
        };
        rest.trim_start().starts_with("::=")
    }

    pub(super) fn at_end_of_rule(&self) -> bool {
        match self.format {
            Format::Gbnf => matches!(self.peek(), None | Some('\n' | '\r')),
            Format::Ebnf => self.is_done() || self.at_rule(),
        }
    }

    /// After a fault: goes to the next line that begins a rule.
    pub(super) fn skip_to_rule(&mut self) {
        loop {
            let line = self.rest();
            match line.find('\n') {
                None => self.at = self.text.len(),
                Some(length) => self.at += length + 1,
            }
            let mut ahead = Scanner::new(self.text, Format::Ebnf);
            ahead.at = self.at;
            ahead.space(false);
            if self.is_done() || ahead.at_rule() {
                return;
            }
        }
    }
}
