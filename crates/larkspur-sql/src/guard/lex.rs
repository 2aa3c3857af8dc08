//! SQL text to lexemes, as the database cuts it.
//!
//! The parser is given these lexemes and never sees the text, so there is no text that it cuts otherwise than the database does.
//! Each dialect has its rules in a module of its own. Places are offsets of bytes, carried as columns of line 1.

mod cursor;
mod operators;
mod postgres;
mod sqlite;

use cursor::Cursor;
use larkspur_json::Span;
use sqlparser::tokenizer::{Location, Span as Place, TokenWithSpan};

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
    let take = match dialect {
        Dialect::Sqlite => sqlite::take,
        Dialect::Postgres => postgres::take,
    };
    let mut cursor = Cursor::new(text);
    while let Some(first) = cursor.peek(0) {
        take(&mut cursor, first);
    }
    cursor.lexed
}
