//! A place in a text that is cut, and what has been cut off.

use larkspur_json::Span;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{Lexed, place_of};

/// Every lexeme, comment and fault begins at the place and moves it to its end.
pub(super) struct Cursor<'a> {
    text: &'a str,
    pub(super) at: usize,
    pub(super) lexed: Lexed,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            lexed: Lexed::default(),
        }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.byte(self.at + ahead)
    }

    /// The end of the text.
    pub(super) fn end(&self) -> usize {
        self.text.len()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.from(self.at)
    }

    pub(super) fn from(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The text from the place on.
    pub(super) fn until(&self, end: usize) -> &'a str {
        self.text.get(self.at..end).unwrap_or_default()
    }

    /// Where the bytes that are wanted end, from `end` on.
    pub(super) fn while_at(&self, mut end: usize, wanted: impl Fn(u8) -> bool) -> usize {
        while self.byte(end).is_some_and(&wanted) {
            end += 1;
        }
        end
    }

    /// The end of an exponent that begins at `end`, or `end` where none does.
    pub(super) fn exponent(&self, end: usize, is_digit: impl Fn(u8) -> bool) -> usize {
        if !matches!(self.byte(end), Some(b'e' | b'E')) {
            return end;
        }
        let sign = usize::from(matches!(self.byte(end + 1), Some(b'+' | b'-')));
        let digits = end + 1 + sign;
        if self.byte(digits).is_some_and(|byte| byte.is_ascii_digit()) {
            self.while_at(digits, is_digit)
        } else {
            end
        }
    }

    /// What stands between two of these, which are doubled within, and where it ends.
    pub(super) fn quoted(&self, quote: char) -> Option<(String, usize)> {
        let mut end = self.at + 1;
        let mut value = String::new();
        loop {
            let rest = self.text.get(end..)?;
            let length = rest.find(quote)?;
            value.push_str(rest.get(..length)?);
            end += length + 1;
            if !self.text.get(end..)?.starts_with(quote) {
                return Some((value, end));
            }
            value.push(quote);
            end += 1;
        }
    }

    pub(super) fn push(&mut self, end: usize, token: Token) {
        let place = place_of(Span::new(self.at, end));
        self.lexed.lexemes.push(TokenWithSpan::new(token, place));
        self.at = end;
    }

    /// A number that ends here, where no name goes on.
    pub(super) fn push_number(&mut self, end: usize) {
        let over = self.while_at(end, is_name);
        if over > end {
            return self.fault(over, "a number runs into a name");
        }
        self.push(end, Token::Number(self.until(end).to_owned(), false));
    }

    pub(super) fn comment(&mut self, end: usize) {
        self.lexed.comments.push(Span::new(self.at, end));
        self.at = end;
    }

    pub(super) fn fault(&mut self, end: usize, why: &'static str) {
        let end = (end..=self.text.len())
            .find(|end| self.text.is_char_boundary(*end))
            .unwrap_or(self.text.len());
        self.lexed.faults.push((Span::new(self.at, end), why));
        self.at = end;
    }
}

/// SQLite's `IdChar` and PostgreSQL's `ident_cont`: every byte beyond ASCII may stand in a name.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}
