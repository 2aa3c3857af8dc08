//! SQL text to lexemes, as PostgreSQL cuts it.
//!
//! The rules are those of `src/backend/parser/scan.l` in PostgreSQL 15, with `standard_conforming_strings` on, as every connection here
//! sets it. What only PostgreSQL has and no query needs is a fault: `E'…'`, `U&'…'`, `X'…'`, dollar quotes, brackets, operators of its own.
//! Names without quotes are folded to lower case, so that from here on two names are the same where they are equal.

use sqlparser::tokenizer::Token;

use super::{
    cursor::{Cursor, is_name},
    operators::SHARED,
};

/// Bytes of a name; PostgreSQL cuts longer ones and so could take two names for one.
const LONGEST_NAME: usize = 63;

/// Takes the lexeme that begins with this byte.
pub(super) fn take(cursor: &mut Cursor<'_>, first: u8) {
    match first {
        b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => cursor.at += 1,
        b'-' if cursor.peek(1) == Some(b'-') => line_comment(cursor),
        b'/' if cursor.peek(1) == Some(b'*') => block_comment(cursor),
        b'\'' => text_literal(cursor),
        b'"' => quoted_name(cursor),
        b'0'..=b'9' => number(cursor),
        b'.' if cursor.peek(1).is_some_and(|next| next.is_ascii_digit()) => number(cursor),
        b'$' => parameter(cursor),
        b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => word(cursor),
        b'(' | b')' | b',' | b'.' | b';' => known(cursor, cursor.until(cursor.at + 1)),
        b':' if cursor.peek(1) == Some(b':') => cursor.push(cursor.at + 2, Token::DoubleColon),
        _ => operator(cursor),
    }
}

fn line_comment(cursor: &mut Cursor<'_>) {
    let length = cursor.rest().find(['\n', '\r']);
    cursor.comment(length.map_or(cursor.end(), |length| cursor.at + length));
}

/// They nest.
fn block_comment(cursor: &mut Cursor<'_>) {
    let (mut depth, mut end) = (1_usize, cursor.at + 2);
    while depth > 0 {
        match (cursor.byte(end), cursor.byte(end + 1)) {
            (Some(b'/'), Some(b'*')) => (depth, end) = (depth + 1, end + 2),
            (Some(b'*'), Some(b'/')) => (depth, end) = (depth - 1, end + 2),
            (Some(_), _) => end += 1,
            (None, _) => return cursor.fault(cursor.end(), "the comment is not closed"),
        }
    }
    cursor.comment(end);
}

fn text_literal(cursor: &mut Cursor<'_>) {
    let Some((value, end)) = cursor.quoted('\'') else {
        return cursor.fault(cursor.end(), "the quote is not closed");
    };
    let before = cursor.lexed.lexemes.last();
    if before.is_some_and(|before| matches!(before.token, Token::SingleQuotedString(_))) {
        return cursor.fault(end, "a text stands right behind another");
    }
    cursor.push(end, Token::SingleQuotedString(value));
}

fn quoted_name(cursor: &mut Cursor<'_>) {
    let Some((name, end)) = cursor.quoted('"') else {
        return cursor.fault(cursor.end(), "the quote is not closed");
    };
    if name.is_empty() {
        cursor.fault(end, "a name is not empty");
    } else if name.len() > LONGEST_NAME {
        cursor.fault(end, "a name has at most 63 bytes");
    } else {
        cursor.push(end, Token::make_word(&name, Some('"')));
    }
}

fn number(cursor: &mut Cursor<'_>) {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let mut end = cursor.while_at(cursor.at, is_digit);
    if cursor.byte(end) == Some(b'.') && cursor.byte(end + 1) != Some(b'.') {
        end = cursor.while_at(end + 1, is_digit);
    }
    cursor.push_number(cursor.exponent(end, is_digit));
}

fn parameter(cursor: &mut Cursor<'_>) {
    let end = cursor.while_at(cursor.at + 1, |byte| byte.is_ascii_digit());
    let over = cursor.while_at(end, is_name);
    if end == cursor.at + 1 || over > end || cursor.byte(end) == Some(b'$') {
        return cursor.fault(
            over.max(end),
            "dollars stand only before numbers of parameters",
        );
    }
    cursor.push(end, Token::Placeholder(cursor.until(end).to_owned()));
}

fn word(cursor: &mut Cursor<'_>) {
    let end = cursor.while_at(cursor.at, is_name);
    let word = cursor.until(end).to_ascii_lowercase();
    let behind = cursor.from(end);
    let is_prefix = matches!(word.as_str(), "e" | "b" | "x" | "n") && behind.starts_with('\'')
        || word == "u" && (behind.starts_with("&'") || behind.starts_with("&\""));
    if is_prefix {
        cursor.fault(end, "texts stand in plain quotes");
    } else if word.len() > LONGEST_NAME {
        cursor.fault(end, "a name has at most 63 bytes");
    } else {
        cursor.push(end, Token::make_word(&word, None));
    }
}

/// As many characters of operators as there are, but for a sign at the end; no part of them is an operator of its own.
fn operator(cursor: &mut Cursor<'_>) {
    let is_operator = |byte: u8| b"+-*/<>=~!@#%^&|`?".contains(&byte);
    let end = cursor.while_at(cursor.at, is_operator);
    if end - cursor.at > LONGEST_NAME {
        return cursor.fault(end, "no query needs this outside of quotes");
    }
    known(cursor, without_comment(cursor.until(end)));
}

/// Takes this, if there is such an operator.
fn known(cursor: &mut Cursor<'_>, operator: &str) {
    let mut known = SHARED.iter();
    match known.find(|(known, _)| *known == operator) {
        Some((_, token)) => cursor.push(cursor.at + operator.len(), token.clone()),
        None => cursor.fault(
            cursor.at + operator.len().max(1),
            "no query needs this outside of quotes",
        ),
    }
}

/// Where a comment begins within, the operator ends; a sign ends one only behind characters that standard SQL does not have.
fn without_comment(run: &str) -> &str {
    let begins = ["--", "/*"].iter().filter_map(|begin| run.find(begin));
    let operator = begins
        .min()
        .and_then(|length| run.get(..length))
        .unwrap_or(run);
    if operator.contains(['~', '!', '@', '#', '%', '^', '&', '|', '`', '?']) {
        return operator;
    }
    let signs = operator.trim_end_matches(['+', '-']);
    // One character stays, were it a sign itself.
    let length = signs.len().max(1);
    operator.get(..length).unwrap_or(operator)
}
