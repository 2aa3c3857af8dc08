//! Python's `re` to Rust's `regex`, where they differ only in writing.

use super::Source;
use crate::span::Span;

/// A regex in Rust's writing, and where each byte of it comes from.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) text: String,
    /// For each byte of `text` and its end, the byte of the source; empty where nothing was changed.
    origin: Vec<usize>,
}

impl Translated {
    pub(super) fn unchanged(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            origin: Vec::new(),
        }
    }

    /// The place in the grammar of bytes of `text`.
    pub(super) fn span(&self, source: Source<'_>, start: usize, end: usize) -> Option<Span> {
        let origin = |at: usize| {
            if self.origin.is_empty() {
                at
            } else {
                self.origin.get(at).copied().unwrap_or(source.text.len())
            }
        };
        source.span(origin(start), origin(end))
    }
}

/// Translates. What has no counterpart is left as it is, and refused by the parser of Rust's writing.
pub(super) fn to_rust(text: &str) -> Translated {
    let mut out = Translator {
        text,
        at: 0,
        out: String::with_capacity(text.len()),
        origin: Vec::with_capacity(text.len()),
    };
    while let Some(c) = out.peek() {
        match c {
            '\\' => out.escape(),
            '[' => out.class(),
            '{' if !is_count(out.rest()) => out.replace(1, "\\{"),
            '(' if out.rest().starts_with("(?#") => out.comment(),
            '{' => out.count(),
            '}' => out.replace(1, "\\}"),
            ']' => out.replace(1, "\\]"),
            _ => out.copy(),
        }
    }
    out.origin.push(text.len());
    Translated {
        text: out.out,
        origin: out.origin,
    }
}

struct Translator<'t> {
    text: &'t str,
    at: usize,
    out: String,
    origin: Vec<usize>,
}

impl Translator<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes one character over as it is.
    fn copy(&mut self) {
        if let Some(c) = self.peek() {
            self.out.push(c);
            self.origin.extend(self.at..self.at + c.len_utf8());
            self.at += c.len_utf8();
        }
    }

    /// Writes `replacement` for the next `length` bytes.
    fn replace(&mut self, length: usize, replacement: &str) {
        self.out.push_str(replacement);
        self.origin
            .extend(std::iter::repeat_n(self.at, replacement.len()));
        self.at += length;
    }

    fn escape(&mut self) {
        match self.rest().chars().nth(1) {
            Some('Z') => self.replace(2, "\\z"),
            Some(c) if c == ' ' || c == '\n' || c == '"' || c == '\'' || !c.is_ascii() => {
                self.at += 1;
                self.copy();
            }
            _ => {
                self.copy();
                self.copy();
            }
        }
    }

    /// A count, which [`is_count`] has recognised; Python leaves the first number out where it is 0.
    fn count(&mut self) {
        if self.rest().starts_with("{,") {
            self.replace(1, "{0");
        }
        while self.peek().is_some_and(|c| c != '}') {
            self.copy();
        }
        self.copy();
    }

    fn comment(&mut self) {
        let length = self.rest().find(')').map_or(self.rest().len(), |at| at + 1);
        self.at += length;
    }

    /// In Python `[` is a plain character inside a class, and there are no set operations.
    fn class(&mut self) {
        self.copy();
        if self.peek() == Some('^') {
            self.copy();
        }
        if self.peek() == Some(']') {
            self.replace(1, "\\]");
        }
        while let Some(c) = self.peek() {
            match c {
                ']' => return self.copy(),
                '\\' => self.escape(),
                '[' => self.replace(1, "\\["),
                '&' | '~' if self.rest().chars().nth(1) == Some(c) => {
                    let escaped = format!("\\{c}");
                    self.replace(1, &escaped);
                }
                _ => self.copy(),
            }
        }
    }
}

/// Whether `text` begins with `{3}`, `{3,}`, `{,3}` or `{3,5}`; any other brace is a plain character in Python.
fn is_count(text: &str) -> bool {
    let Some((inside, _)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) else {
        return false;
    };
    let (min, max) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    digits(min) && digits(max) && inside.bytes().any(|b| b.is_ascii_digit())
}
