//! Operators and punctuation.

use sqlparser::tokenizer::Token;

/// What both databases have, longer ones first.
pub(super) const SHARED: &[(&str, Token)] = &[
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
    ("(", Token::LParen),
    (")", Token::RParen),
    (",", Token::Comma),
    (".", Token::Period),
    (";", Token::SemiColon),
];
