//! SQL text to lexemes, as the database cuts it.
//!
//! The parser is given these lexemes and never sees the text, so there is no text that it cuts otherwise than the database does.
//! The rules here are those of `src/tokenize.c` in SQLite 3.54, PostgreSQL has a module of its own. Places are offsets of bytes, carried as columns of line 1.

mod postgres;

use larkspur_json::Span;
use sqlparser::tokenizer::{Location, Span as Place, Token, TokenWithSpan};

use crate::Dialect;

/// A text in pieces.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub(super) lexemes: Vec<TokenWithSpan>,
    pub(super) comments: Vec<Span>,
    /// What the database does not read, or reads no further than, and why.
    pub(super) faults: Vec<(Span, &'static str)>,
}

/// The bytes of a place that the parser gave.
pub(super) fn span_of(place: Place) -> Option<Span> {
    let at = |location: Location| usize::try_from(location.column).ok()?.checked_sub(1);
    (place.start.line > 0).then_some(())?;
    Some(Span::new(at(place.start)?, at(place.end)?))
}

fn place_of(span: Span) -> Place {
    let at =
        |byte: usize| Location::new(1, u64::try_from(byte).unwrap_or(u64::MAX).saturating_add(1));
    Place::new(at(span.start), at(span.end))
}

pub(super) fn lex(text: &str, dialect: Dialect) -> Lexed {
    match dialect {
        Dialect::Sqlite => sqlite(text),
        Dialect::Postgres => postgres::lex(text),
    }
}

fn sqlite(text: &str) -> Lexed {
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

    fn next(&mut self, first: u8) {
        match first {
            b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => self.at += 1,
            b'-' if self.peek(1) == Some(b'-') => self.comment("\n", 0),
            b'/' if self.peek(1) == Some(b'*') => self.comment("*/", 2),
            b'\'' | b'"' | b'`' => self.quoted(first),
            b'[' => self.bracketed(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number(),
            b'x' | b'X' if self.peek(1) == Some(b'\'') => self.blob(),
            b'?' | b':' | b'@' | b'$' | b'#' => self.parameter(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
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
            .unwrap_or(end);
        self.lexed.faults.push((Span::new(self.at, end), why));
        self.at = end;
    }

    /// A comment may end with the text; both ends are the text's.
    fn comment(&mut self, end: &str, opened: usize) {
        let body = self.at + 2;
        let length = self.text.get(body..).and_then(|rest| rest.find(end));
        let end = length.map_or(self.text.len(), |length| body + length + opened);
        self.lexed.comments.push(Span::new(self.at, end));
        self.at = end;
    }

    fn quoted(&mut self, quote: u8) {
        let mut end = self.at + 1;
        let mut value = String::new();
        loop {
            let rest = self.text.get(end..).unwrap_or_default();
            let Some(length) = rest.find(char::from(quote)) else {
                return self.fault(self.text.len(), "the quote is not closed");
            };
            value.push_str(rest.get(..length).unwrap_or_default());
            end += length + 1;
            if self.text.as_bytes().get(end) != Some(&quote) {
                break;
            }
            value.push(char::from(quote));
            end += 1;
        }
        let token = match quote {
            b'\'' => Token::SingleQuotedString(value),
            quote => Token::make_word(&value, Some(char::from(quote))),
        };
        self.push(end, token);
    }

    fn bracketed(&mut self) {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        match rest.split_once(']') {
            Some((name, _)) => {
                self.push(self.at + name.len() + 2, Token::make_word(name, Some('[')));
            }
            None => self.fault(self.text.len(), "the bracket is not closed"),
        }
    }

    fn while_at(&self, mut end: usize, wanted: impl Fn(u8) -> bool) -> usize {
        while self
            .text
            .as_bytes()
            .get(end)
            .is_some_and(|byte| wanted(*byte))
        {
            end += 1;
        }
        end
    }

    fn number(&mut self) {
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b'_';
        let byte = |at: usize| self.text.as_bytes().get(at).copied();
        let mut end = self.at;
        if byte(end) == Some(b'0') && matches!(byte(end + 1), Some(b'x' | b'X')) {
            end = self.while_at(end + 2, |byte| byte.is_ascii_hexdigit() || byte == b'_');
        } else {
            end = self.while_at(end, digits);
            if byte(end) == Some(b'.') {
                end = self.while_at(end + 1, digits);
            }
            if matches!(byte(end), Some(b'e' | b'E')) {
                let sign = usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
                if byte(end + 1 + sign).is_some_and(|byte| byte.is_ascii_digit()) {
                    end = self.while_at(end + 1 + sign, digits);
                }
            }
        }
        let over = self.while_at(end, is_name);
        if over > end {
            return self.fault(over, "a number runs into a name");
        }
        let digits = self.text.get(self.at..end).unwrap_or_default().to_owned();
        self.push(end, Token::Number(digits, false));
    }

    fn blob(&mut self) {
        let start = self.at + 2;
        let end = self.while_at(start, |byte| byte.is_ascii_hexdigit());
        let digits = self.text.get(start..end).unwrap_or_default().to_owned();
        if self.text.as_bytes().get(end) == Some(&b'\'') && digits.len().is_multiple_of(2) {
            self.push(end + 1, Token::HexStringLiteral(digits));
        } else {
            self.fault(
                end,
                "a blob has an even number of hexadecimal digits between quotes",
            );
        }
    }

    fn parameter(&mut self) {
        let end = self.while_at(self.at + 1, is_name);
        let name = self.text.get(self.at..end).unwrap_or_default();
        if name.len() == 1 && name != "?" || name.starts_with('#') {
            return self.fault(end, "no SQL begins so");
        }
        self.push(end, Token::Placeholder(name.to_owned()));
    }

    fn word(&mut self) {
        let end = self.while_at(self.at, is_name);
        let word = self.text.get(self.at..end).unwrap_or_default();
        self.push(end, Token::make_word(word, None));
    }

    fn operator(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match OPERATORS
            .iter()
            .find(|(operator, _)| rest.starts_with(operator))
        {
            Some((operator, token)) => self.push(self.at + operator.len(), token.clone()),
            None => self.fault(self.at + 1, "no SQL holds this character outside of quotes"),
        }
    }
}

/// SQLite's `IdChar`: every byte beyond ASCII may stand in a name.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}

/// Longer ones first.
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
    ("==", Token::DoubleEq),
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
    ("~", Token::Tilde),
    ("(", Token::LParen),
    (")", Token::RParen),
    (",", Token::Comma),
    (".", Token::Period),
    (";", Token::SemiColon),
];
