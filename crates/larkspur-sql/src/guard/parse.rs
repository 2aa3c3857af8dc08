//! Lexemes to statements.

use larkspur_json::Span;
use sqlparser::{
    ast::Statement,
    dialect::PostgreSqlDialect,
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Token, TokenWithSpan},
};

use super::{dialect::Sqlite, lex::span_of, walk::Walk};
use crate::{Dialect, Rule, tree as typed};

/// Most statements of one text that are looked into; that there is more than one is wrong already.
const MOST_STATEMENTS: usize = 8;

/// Walks the one statement of the text, or says that there is another number of them and walks these. A statement that passes is
/// given back.
pub(super) fn each_statement(
    sql: &str,
    lexemes: Vec<TokenWithSpan>,
    walk: &mut Walk<'_>,
) -> Option<typed::Statement> {
    let statements = split(lexemes);
    let mut spans = statements.iter().map(|statement| whole(statement));
    match (spans.next(), spans.next()) {
        (None, _) => {
            walk.report(
                Rule::OneStatement,
                Span::new(0, sql.len()),
                "there is no statement in the text",
            );
        }
        (Some(_), None) => {}
        (Some(_), Some(second)) => {
            let message = format!(
                "there are {} statements in the text, one is allowed",
                statements.len()
            );
            walk.report(
                Rule::OneStatement,
                Span::new(second.start, sql.len()),
                message,
            );
        }
    }
    let walked = statements.into_iter().take(MOST_STATEMENTS);
    walked.fold(None, |_, lexemes| statement(lexemes, walk))
}

/// The lexemes between semicolons, where there are any.
fn split(lexemes: Vec<TokenWithSpan>) -> Vec<Vec<TokenWithSpan>> {
    let mut statements = vec![Vec::new()];
    for lexeme in lexemes {
        if lexeme.token == Token::SemiColon {
            statements.push(Vec::new());
        } else if let Some(last) = statements.last_mut() {
            last.push(lexeme);
        }
    }
    statements.retain(|statement| !statement.is_empty());
    statements
}

fn whole(lexemes: &[TokenWithSpan]) -> Span {
    let at = |lexeme: Option<&TokenWithSpan>| {
        lexeme
            .and_then(|lexeme| span_of(lexeme.span))
            .unwrap_or_default()
    };
    Span::new(at(lexemes.first()).start, at(lexemes.last()).end)
}

fn statement(lexemes: Vec<TokenWithSpan>, walk: &mut Walk<'_>) -> Option<typed::Statement> {
    let span = whole(&lexemes);
    let reads = lexemes.iter().find(|lexeme| lexeme.token != Token::LParen).is_some_and(|first| {
        matches!(&first.token, Token::Word(word) if word.quote_style.is_none()
            && matches!(word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::FROM))
    });
    if !reads {
        let first = lexemes
            .first()
            .and_then(|first| span_of(first.span))
            .unwrap_or(span);
        walk.report_with(
            Rule::ReadOnly,
            first,
            "only a query is allowed",
            "begin with SELECT or WITH",
        );
        return None;
    }
    match parse(lexemes, walk.dialect()) {
        Ok(Statement::Query(query)) => {
            walk.whole(&query, span);
            return walk.passed(*query, span);
        }
        Ok(_) => walk.report(Rule::ReadOnly, span, "only a query is allowed"),
        Err(error) => walk.syntax(&error, span),
    }
    None
}

fn parse(lexemes: Vec<TokenWithSpan>, dialect: Dialect) -> Result<Statement, String> {
    let message = |error: ParserError| match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => "it nests too deep".to_owned(),
    };
    // The depth has been measured; the parser's own bound is only there should it recurse where nothing nests.
    let dialect: &dyn sqlparser::dialect::Dialect = match dialect {
        Dialect::Sqlite => &Sqlite,
        Dialect::Postgres => &PostgreSqlDialect {},
    };
    let mut parser = Parser::new(dialect)
        .with_recursion_limit(400)
        .with_tokens_with_locations(lexemes);
    let statement = parser.parse_statement().map_err(message)?;
    let rest = parser.peek_token();
    match rest.token {
        Token::EOF => Ok(statement),
        token => Err(format!(
            "Expected: end of statement, found: {token}{}",
            rest.span.start
        )),
    }
}
