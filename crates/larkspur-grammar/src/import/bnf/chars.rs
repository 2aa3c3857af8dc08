//! Strings, classes and their escapes.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::{Format, Read, Reader};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

impl Reader<'_> {
    /// A string in double quotes.
    pub(super) fn string(&mut self) -> Read<String> {
        let start = self.scan.position();
        self.scan.bump();
        let mut text = String::new();
        loop {
            match self.scan.peek() {
                None | Some('\n' | '\r') if self.format == Format::Ebnf || self.scan.is_done() => {
                    let finding = Diagnostic::error("syntax", "the string is not closed");
                    return self.fault(finding.at(Span::new(start, start + 1)));
                }
                Some('"') => {
                    self.scan.bump();
                    return Ok(text);
                }
                _ => text.push(self.one(false)?),
            }
        }
    }

    /// A set of characters in brackets.
    pub(super) fn class(&mut self) -> Read<ClassUnicode> {
        let start = self.scan.position();
        self.scan.bump();
        let negated = self.scan.take("^");
        let mut class = ClassUnicode::empty();
        while self.scan.peek() != Some(']') {
            let newline = matches!(self.scan.peek(), Some('\n' | '\r'));
            if self.scan.is_done() || newline && self.format == Format::Ebnf {
                let finding = Diagnostic::error("syntax", "the class is not closed");
                return self.fault(finding.at(Span::new(start, start + 1)));
            }
            self.range(&mut class)?;
        }
        self.scan.bump();
        if negated {
            class.negate();
        }
        // All but everything is how "nothing" is written on purpose.
        if class.ranges().is_empty() && !negated {
            let span = self.scan.since(start);
            let finding =
                Diagnostic::error("empty-class", "a class without characters matches nothing");
            return self.fault(finding.at(span));
        }
        Ok(class)
    }

    fn range(&mut self, class: &mut ClassUnicode) -> Read<()> {
        let start = self.scan.position();
        let first = self.one(true)?;
        let is_range = self.scan.rest().starts_with('-') && !self.scan.rest().starts_with("-]");
        let last = if is_range {
            self.scan.bump();
            self.one(true)?
        } else {
            first
        };
        if last < first {
            let span = self.scan.since(start);
            let finding =
                Diagnostic::error("class-range", "the range ends before it begins").at(span);
            return self.fault(finding);
        }
        class.push(ClassUnicodeRange::new(first, last));
        Ok(())
    }

    /// One character, escaped or not.
    fn one(&mut self, in_class: bool) -> Read<char> {
        let start = self.scan.position();
        match self.scan.bump() {
            Some('\\') => {}
            Some(c) => return Ok(c),
            None => {
                let place = self.scan.here();
                return self
                    .fault(Diagnostic::error("syntax", "the text ends too early").at(place));
            }
        }
        let escaped = self.scan.bump();
        let simple = match (self.format, escaped) {
            (_, Some('n')) => Some('\n'),
            (_, Some('r')) => Some('\r'),
            (_, Some('t')) => Some('\t'),
            (_, Some('x')) => return self.hex(start, 2),
            (_, Some('u')) => return self.hex(start, 4),
            (_, Some('U')) => return self.hex(start, 8),
            (_, Some(c @ ('\\' | '"'))) | (Format::Gbnf, Some(c @ ('[' | ']' | '-'))) => Some(c),
            (Format::Ebnf, Some(c)) => ebnf_escape(c, in_class),
            _ => None,
        };
        if let Some(c) = simple {
            Ok(c)
        } else {
            let span = self.scan.since(start);
            let shown = span.text(self.scan.text()).to_owned();
            let finding = Diagnostic::error("escape", format!("`{shown}` is no escape here"));
            self.fault(
                finding
                    .at(span)
                    .hint("write the character as `\\xHH` or `\\uHHHH`"),
            )
        }
    }

    fn hex(&mut self, start: usize, digits: usize) -> Read<char> {
        let mut value = 0_u32;
        for _ in 0..digits {
            if let Some(digit) = self.scan.peek().and_then(|c| c.to_digit(16)) {
                value = value.wrapping_mul(16).wrapping_add(digit);
            } else {
                let span = self.scan.since(start);
                let message = format!("expected {digits} hexadecimal digits");
                return self.fault(Diagnostic::error("escape", message).at(span));
            }
            self.scan.bump();
        }
        if let Some(c) = char::from_u32(value) {
            Ok(c)
        } else {
            let span = self.scan.since(start);
            let message = format!("U+{value:04X} is no character");
            self.fault(Diagnostic::error("escape", message).at(span))
        }
    }
}

/// The escapes that xgrammar has besides those of GBNF (`cpp/support/encoding.h`, and those of classes).
fn ebnf_escape(c: char, in_class: bool) -> Option<char> {
    match c {
        '\'' | '?' => Some(c),
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'v' => Some('\u{B}'),
        'f' => Some('\u{C}'),
        'e' => Some('\u{1B}'),
        '0' => Some('\0'),
        '^' | '$' | '.' | '*' | '+' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' | '-'
            if in_class =>
        {
            Some(c)
        }
        _ => None,
    }
}
