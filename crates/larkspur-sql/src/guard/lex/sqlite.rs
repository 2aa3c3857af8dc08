//! SQL text to lexemes, as SQLite cuts it: the rules of `src/tokenize.c` in SQLite 3.54.

use sqlparser::tokenizer::Token;

use super::{
    cursor::{Cursor, is_name},
    operators::SHARED,
};

/// Takes the lexeme that begins with this byte.
pub(super) fn take(cursor: &mut Cursor<'_>, first: u8) {
    match first {
        b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => cursor.at += 1,
        b'-' if cursor.peek(1) == Some(b'-') => comment(cursor, "\n", 0),
        b'/' if cursor.peek(1) == Some(b'*') => comment(cursor, "*/", 2),
        b'\'' | b'"' | b'`' => quoted(cursor, char::from(first)),
        b'[' => bracketed(cursor),
        b'0'..=b'9' => number(cursor),
        b'.' if cursor.peek(1).is_some_and(|next| next.is_ascii_digit()) => number(cursor),
        b'x' | b'X' if cursor.peek(1) == Some(b'\'') => blob(cursor),
        b'?' | b':' | b'@' | b'$' | b'#' => parameter(cursor),
        b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => word(cursor),
        _ => operator(cursor),
    }
}

/// A comment may end with the text; both ends are the text's.
fn comment(cursor: &mut Cursor<'_>, end: &str, opened: usize) {
    let body = cursor.at + 2;
    let length = cursor.from(body).find(end);
    cursor.comment(length.map_or(cursor.end(), |length| body + length + opened));
}

fn quoted(cursor: &mut Cursor<'_>, quote: char) {
    match cursor.quoted(quote) {
        None => cursor.fault(cursor.end(), "the quote is not closed"),
        Some((text, end)) if quote == '\'' => cursor.push(end, Token::SingleQuotedString(text)),
        Some((name, end)) => cursor.push(end, Token::make_word(&name, Some(quote))),
    }
}

fn bracketed(cursor: &mut Cursor<'_>) {
    match cursor.from(cursor.at + 1).split_once(']') {
        Some((name, _)) => {
            cursor.push(
                cursor.at + name.len() + 2,
                Token::make_word(name, Some('[')),
            );
        }
        None => cursor.fault(cursor.end(), "the bracket is not closed"),
    }
}

fn number(cursor: &mut Cursor<'_>) {
    let digits = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    if cursor.peek(0) == Some(b'0') && matches!(cursor.peek(1), Some(b'x' | b'X')) {
        let hexadecimal = |byte: u8| byte.is_ascii_hexdigit() || byte == b'_';
        return cursor.push_number(cursor.while_at(cursor.at + 2, hexadecimal));
    }
    let mut end = cursor.while_at(cursor.at, digits);
    if cursor.byte(end) == Some(b'.') {
        end = cursor.while_at(end + 1, digits);
    }
    cursor.push_number(cursor.exponent(end, digits));
}

fn blob(cursor: &mut Cursor<'_>) {
    let start = cursor.at + 2;
    let end = cursor.while_at(start, |byte| byte.is_ascii_hexdigit());
    let digits = cursor.until(end).get(2..).unwrap_or_default();
    if cursor.byte(end) == Some(b'\'') && digits.len().is_multiple_of(2) {
        cursor.push(end + 1, Token::HexStringLiteral(digits.to_owned()));
    } else {
        cursor.fault(
            end,
            "a blob has an even number of hexadecimal digits between quotes",
        );
    }
}

fn parameter(cursor: &mut Cursor<'_>) {
    let end = cursor.while_at(cursor.at + 1, is_name);
    let name = cursor.until(end);
    if name.len() == 1 && name != "?" || name.starts_with('#') {
        return cursor.fault(end, "no SQL begins so");
    }
    cursor.push(end, Token::Placeholder(name.to_owned()));
}

fn word(cursor: &mut Cursor<'_>) {
    let end = cursor.while_at(cursor.at, is_name);
    cursor.push(end, Token::make_word(cursor.until(end), None));
}

fn operator(cursor: &mut Cursor<'_>) {
    let rest = cursor.rest();
    let mut known = OWN.iter().chain(SHARED);
    match known.find(|(operator, _)| rest.starts_with(operator)) {
        Some((operator, token)) => cursor.push(cursor.at + operator.len(), token.clone()),
        None => cursor.fault(
            cursor.at + 1,
            "no SQL holds this character outside of quotes",
        ),
    }
}

/// What only SQLite has.
const OWN: &[(&str, Token)] = &[("==", Token::DoubleEq), ("~", Token::Tilde)];
