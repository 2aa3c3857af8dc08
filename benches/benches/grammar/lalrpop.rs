//! JSON by LALRPOP, on the lexer of [`lexing`](crate::lexing).

use lalrpop_util::lalrpop_mod;

use crate::lexing::{Lexer, Match};

lalrpop_mod!(json, "/grammar/json.rs");

/// The tree.
#[derive(Debug)]
#[expect(dead_code, reason = "made to be measured, not to be looked at")]
pub(crate) enum Json<'t> {
    Object(Vec<(&'t str, Json<'t>)>),
    Array(Vec<Json<'t>>),
    Str(&'t str),
    Number(&'t str),
    True,
    False,
    Null,
}

#[derive(Clone, Debug)]
pub(crate) enum Lexeme<'t> {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Colon,
    Comma,
    True,
    False,
    Null,
    Str(&'t str),
    Number(&'t str),
}

impl<'t> Lexeme<'t> {
    /// By the order of [`lexing::JSON`](crate::lexing::JSON).
    fn new(text: &'t str, found: Match) -> Self {
        match found.pattern {
            0 => Self::OpenBrace,
            1 => Self::CloseBrace,
            2 => Self::OpenBracket,
            3 => Self::CloseBracket,
            4 => Self::Colon,
            5 => Self::Comma,
            6 => Self::True,
            7 => Self::False,
            8 => Self::Null,
            9 => Self::Str(&text[found.start..found.end]),
            _ => Self::Number(&text[found.start..found.end]),
        }
    }
}

pub(crate) fn parse<'t>(lexer: &'t Lexer, text: &'t str) -> Json<'t> {
    let lexemes = lexer
        .lexemes(text)
        .map(|found| Ok((found.start, Lexeme::new(text, found), found.end)));
    json::ValueParser::new().parse(lexemes).expect("JSON")
}
