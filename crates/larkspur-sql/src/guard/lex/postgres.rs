//! SQL text to lexemes, as PostgreSQL cuts it.
//!
//! The rules are those of `src/backend/parser/scan.l` in PostgreSQL 15, with `standard_conforming_strings` on, as every connection here
//! sets it. What only PostgreSQL has and no query needs is a fault: `E'…'`, `U&'…'`, `X'…'`, dollar quotes, brackets, operators of its own.
//! Names without quotes are folded to lower case, so that from here on two names are the same where they are equal.

use larkspur_json::Span;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{Lexed, place_of};

/// Bytes of a name; PostgreSQL cuts longer ones and so could take two names for one.
const LONGEST_NAME: usize = 63;

pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        at: 0,
        lexed: Lexed::default(),
    };
    while let Some(first) = lexer.peek(0) {
        lexer.next(first);
    }
    lexer.lexed
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    lexed: Lexed,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self, first: u8) {
        match first {
            b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => self.at += 1,
            b'-' if self.peek(1) == Some(b'-') => self.line_comment(),
            b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
            b'\'' => self.text_literal(),
            b'"' => self.quoted_name(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number(),
            b'$' => self.parameter(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
            b'(' => self.push(self.at + 1, Token::LParen),
            b')' => self.push(self.at + 1, Token::RParen),
            b',' => self.push(self.at + 1, Token::Comma),
            b'.' => self.push(self.at + 1, Token::Period),
            b';' => self.push(self.at + 1, Token::SemiColon),
            b':' if self.peek(1) == Some(b':') => self.push(self.at + 2, Token::DoubleColon),
            _ => self.operator(),
        }
    }

    fn push(&mut self, end: usize, token: Token) {
        let place = place_of(Span::new(self.at, end));
        self.lexed.lexemes.push(TokenWithSpan::new(token, place));
        self.at = end;
    }

    fn fault(&mut self, end: usize, why: &'static str) {
        let end = (end..=self.text.len())
            .find(|end| self.text.is_char_boundary(*end))
            .unwrap_or(self.text.len());
        self.lexed.faults.push((Span::new(self.at, end), why));
        self.at = end;
    }

    fn comment(&mut self, end: usize) {
        self.lexed.comments.push(Span::new(self.at, end));
        self.at = end;
    }

    fn line_comment(&mut self) {
        let length = self.rest().find(['\n', '\r']);
        self.comment(length.map_or(self.text.len(), |length| self.at + length));
    }

    /// They nest.
    fn block_comment(&mut self) {
        let bytes = self.text.as_bytes();
        let (mut depth, mut end) = (1_usize, self.at + 2);
        while depth > 0 {
            match (bytes.get(end), bytes.get(end + 1)) {
                (Some(b'/'), Some(b'*')) => (depth, end) = (depth + 1, end + 2),
                (Some(b'*'), Some(b'/')) => (depth, end) = (depth - 1, end + 2),
                (Some(_), _) => end += 1,
                (None, _) => return self.fault(self.text.len(), "the comment is not closed"),
            }
        }
        self.comment(end);
    }

    /// What stands between two of these, which are doubled within, and where it ends.
    fn quoted(&self, quote: char) -> Option<(String, usize)> {
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

    fn text_literal(&mut self) {
        let Some((value, end)) = self.quoted('\'') else {
            return self.fault(self.text.len(), "the quote is not closed");
        };
        let before = self.lexed.lexemes.last();
        if before.is_some_and(|before| matches!(before.token, Token::SingleQuotedString(_))) {
            return self.fault(end, "a text stands right behind another");
        }
        self.push(end, Token::SingleQuotedString(value));
    }

    fn quoted_name(&mut self) {
        let Some((name, end)) = self.quoted('"') else {
            return self.fault(self.text.len(), "the quote is not closed");
        };
        if name.is_empty() {
            self.fault(end, "a name is not empty");
        } else if name.len() > LONGEST_NAME {
            self.fault(end, "a name has at most 63 bytes");
        } else {
            self.push(end, Token::make_word(&name, Some('"')));
        }
    }

    fn while_at(&self, mut end: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let bytes = self.text.as_bytes();
        while bytes.get(end).is_some_and(|byte| wanted(*byte)) {
            end += 1;
        }
        end
    }

    fn number(&mut self) {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let byte = |at: usize| self.text.as_bytes().get(at).copied();
        let mut end = self.while_at(self.at, is_digit);
        if byte(end) == Some(b'.') && byte(end + 1) != Some(b'.') {
            end = self.while_at(end + 1, is_digit);
        }
        if matches!(byte(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
            if byte(end + 1 + sign).is_some_and(is_digit) {
                end = self.while_at(end + 1 + sign, is_digit);
            }
        }
        let over = self.while_at(end, is_name);
        if over > end {
            return self.fault(over, "a number runs into a name");
        }
        let digits = self.text.get(self.at..end).unwrap_or_default().to_owned();
        self.push(end, Token::Number(digits, false));
    }

    fn parameter(&mut self) {
        let end = self.while_at(self.at + 1, |byte| byte.is_ascii_digit());
        let over = self.while_at(end, is_name);
        if end == self.at + 1 || over > end || self.peek(end - self.at) == Some(b'$') {
            return self.fault(
                over.max(end),
                "dollars stand only before numbers of parameters",
            );
        }
        let name = self.text.get(self.at..end).unwrap_or_default().to_owned();
        self.push(end, Token::Placeholder(name));
    }

    fn word(&mut self) {
        let end = self.while_at(self.at, is_name);
        let word = self.text.get(self.at..end).unwrap_or_default();
        let word = word.to_ascii_lowercase();
        let behind = self.text.get(end..).unwrap_or_default();
        let is_prefix = matches!(word.as_str(), "e" | "b" | "x" | "n") && behind.starts_with('\'')
            || word == "u" && (behind.starts_with("&'") || behind.starts_with("&\""));
        if is_prefix {
            self.fault(end, "texts stand in plain quotes");
        } else if word.len() > LONGEST_NAME {
            self.fault(end, "a name has at most 63 bytes");
        } else {
            self.push(end, Token::make_word(&word, None));
        }
    }

    /// As many characters of operators as there are, but for a sign at the end; no part of them is an operator of its own.
    fn operator(&mut self) {
        let is_operator = |byte: u8| b"+-*/<>=~!@#%^&|`?".contains(&byte);
        let end = self.while_at(self.at, is_operator);
        if end - self.at > LONGEST_NAME {
            return self.fault(end, "no query needs this outside of quotes");
        }
        let run = self.text.get(self.at..end).unwrap_or_default();
        let comment = ["--", "/*"]
            .iter()
            .filter_map(|begin| run.find(begin))
            .min();
        let mut operator = comment.and_then(|length| run.get(..length)).unwrap_or(run);
        if !operator.contains(['~', '!', '@', '#', '%', '^', '&', '|', '`', '?']) {
            while operator.len() > 1 && operator.ends_with(['+', '-']) {
                operator = operator.get(..operator.len() - 1).unwrap_or_default();
            }
        }
        let (length, mut known) = (operator.len(), OPERATORS.iter());
        match known.find(|(known, _)| *known == operator) {
            Some((_, token)) => self.push(self.at + length, token.clone()),
            None => self.fault(
                self.at + length.max(1),
                "no query needs this outside of quotes",
            ),
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}

const OPERATORS: &[(&str, Token)] = &[
    ("->>", Token::LongArrow),
    ("->", Token::Arrow),
    ("||", Token::StringConcat),
    ("<<", Token::ShiftLeft),
    (">>", Token::ShiftRight),
    ("<=", Token::LtEq),
    (">=", Token::GtEq),
    ("<>", Token::Neq),
    ("!=", Token::Neq),
    ("=", Token::Eq),
    ("<", Token::Lt),
    (">", Token::Gt),
    ("+", Token::Plus),
    ("-", Token::Minus),
    ("*", Token::Mul),
    ("/", Token::Div),
    ("%", Token::Mod),
    ("&", Token::Ampersand),
    ("|", Token::Pipe),
];
