//! SQLite's dialect with SQLite's own precedence of operators, which `sqlparser` has otherwise.
//!
//! <https://sqlite.org/lang_expr.html#operators_and_parse_affecting_attributes>: signs, `COLLATE`, `||` with the arrows, products, sums, bits,
//! orders, and then all equalities (`IS`, `BETWEEN`, `IN` and `LIKE` among them) side by side.

use std::any::TypeId;

use sqlparser::{
    ast::{Expr, Statement, UnaryOperator},
    dialect::{Dialect, Precedence, SQLiteDialect},
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::Token,
};

/// The rows of SQLite's table, from the loosest.
mod rows {
    pub(super) const OR: u8 = 5;
    pub(super) const AND: u8 = 10;
    pub(super) const NOT: u8 = 15;
    pub(super) const EQUALITY: u8 = 20;
    pub(super) const ORDER: u8 = 22;
    pub(super) const BITS: u8 = 24;
    pub(super) const SUM: u8 = 30;
    pub(super) const PRODUCT: u8 = 40;
    pub(super) const CONCAT: u8 = 45;
    pub(super) const SIGN: u8 = 60;
}

/// See the module.
#[derive(Debug)]
pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn dialect(&self) -> TypeId {
        SQLiteDialect {}.dialect()
    }

    fn is_delimited_identifier_start(&self, character: char) -> bool {
        SQLiteDialect {}.is_delimited_identifier_start(character)
    }

    fn is_identifier_start(&self, character: char) -> bool {
        SQLiteDialect {}.is_identifier_start(character)
    }

    fn is_identifier_part(&self, character: char) -> bool {
        SQLiteDialect {}.is_identifier_part(character)
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_in_empty_list(&self) -> bool {
        true
    }

    fn supports_limit_comma(&self) -> bool {
        true
    }

    fn supports_dollar_placeholder(&self) -> bool {
        true
    }

    fn supports_notnull_operator(&self) -> bool {
        true
    }

    fn supports_comma_separated_trim(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn parse_statement(&self, parser: &mut Parser<'_>) -> Option<Result<Statement, ParserError>> {
        SQLiteDialect {}.parse_statement(parser)
    }

    /// `ISNULL`, which the parser does not know, and `IS`, behind which SQLite reads any expression.
    fn parse_infix(
        &self,
        parser: &mut Parser<'_>,
        left: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let token = &parser.peek_token_ref().token;
        if is_isnull(token) {
            parser.advance_token();
            return Some(Ok(Expr::IsNull(Box::new(left.clone()))));
        }
        if !is_keyword(token, Keyword::IS) || is_test(parser) {
            return SQLiteDialect {}.parse_infix(parser, left, precedence);
        }
        parser.advance_token();
        let negated = parser.parse_keyword(Keyword::NOT);
        let right = parser.parse_subexpr(rows::EQUALITY).map(Box::new);
        let left = Box::new(left.clone());
        Some(right.map(|right| {
            if negated {
                Expr::IsDistinctFrom(left, right)
            } else {
                Expr::IsNotDistinctFrom(left, right)
            }
        }))
    }

    /// Signs bind tighter than any other operator, and `NOT EXISTS` is no operator of its own.
    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
        let (op, row) = match &parser.peek_token_ref().token {
            Token::Minus => (UnaryOperator::Minus, rows::SIGN),
            Token::Plus => (UnaryOperator::Plus, rows::SIGN),
            Token::Tilde => (UnaryOperator::BitwiseNot, rows::SIGN),
            Token::Word(word) if word.keyword == Keyword::NOT => (UnaryOperator::Not, rows::NOT),
            _ => return None,
        };
        parser.advance_token();
        Some(parser.parse_subexpr(row).map(|operand| Expr::UnaryOp {
            op,
            expr: Box::new(operand),
        }))
    }

    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Result<u8, ParserError>> {
        row_of(&parser.peek_token_ref().token).map(Ok)
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        match precedence {
            Precedence::Or => rows::OR,
            Precedence::And => rows::AND,
            Precedence::UnaryNot => rows::NOT,
            Precedence::Between | Precedence::Eq | Precedence::Like | Precedence::Is => {
                rows::EQUALITY
            }
            Precedence::Ampersand | Precedence::Caret | Precedence::Pipe | Precedence::Xor => {
                rows::BITS
            }
            Precedence::PlusMinus => rows::SUM,
            Precedence::MulDivModOp | Precedence::Colon => rows::PRODUCT,
            Precedence::PgOther => rows::CONCAT,
            Precedence::AtTz | Precedence::DoubleColon => 50,
            Precedence::Period => 100,
        }
    }
}

/// How tightly an operator binds that is one token; nothing where the parser knows.
fn row_of(token: &Token) -> Option<u8> {
    Some(match token {
        Token::Eq | Token::DoubleEq | Token::Neq => rows::EQUALITY,
        Token::Lt | Token::LtEq | Token::Gt | Token::GtEq => rows::ORDER,
        Token::Ampersand | Token::Pipe | Token::ShiftLeft | Token::ShiftRight => rows::BITS,
        Token::Plus | Token::Minus => rows::SUM,
        Token::Mul | Token::Div | Token::Mod => rows::PRODUCT,
        Token::StringConcat | Token::Arrow | Token::LongArrow => rows::CONCAT,
        // No operator of SQLite's.
        Token::Tilde => 0,
        token if is_isnull(token) => rows::EQUALITY,
        _ => return None,
    })
}

pub(super) fn is_isnull(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("isnull"))
}

fn is_keyword(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(word) if word.keyword == keyword)
}

/// Whether the parser reads what begins with `IS` as SQLite does: it is a test for `NULL` or a truth value, which do not begin a
/// longer expression, or asks for what is distinct.
fn is_test(parser: &Parser<'_>) -> bool {
    let token = |place| &parser.peek_nth_token_ref(place).token;
    let place = 1 + usize::from(is_keyword(token(1), Keyword::NOT));
    if is_keyword(token(place), Keyword::DISTINCT) {
        return true;
    }
    let tests = [Keyword::NULL, Keyword::TRUE, Keyword::FALSE];
    let behind = token(place + 1);
    tests.iter().any(|test| is_keyword(token(place), *test))
        && row_of(behind).is_none_or(|row| row <= rows::EQUALITY)
        && !is_keyword(behind, Keyword::COLLATE)
}
