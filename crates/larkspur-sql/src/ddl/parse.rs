//! One statement: whether it matters, and what it says.

use sqlparser::{
    ast::Statement,
    dialect::PostgreSqlDialect,
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Token, TokenWithSpan, Tokenizer, Word},
};

use super::read::{Left, Name};
use crate::{Dialect, guard::measure};

/// How deep a statement may nest, and how many operators an expression may chain.
const MOST: (usize, usize) = (100, 400);

/// What a statement means to the catalog.
pub(super) enum Wanted {
    Statement(Box<Statement>),
    /// It makes a domain that is never null.
    NeverNull(Box<Statement>),
    /// It makes a function of this name.
    Function(String),
    /// Things are made in this schema from here on.
    Schema(String),
    /// A table becomes a part of another.
    Partition(Name),
    Nothing,
}

pub(super) fn wanted(text: &str) -> Result<Wanted, Left> {
    let first: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    let may_matter = ["create", "alter", "comment", "drop", "set"];
    if !may_matter.contains(&first.to_ascii_lowercase().as_str()) {
        return Ok(Wanted::Nothing);
    }
    let begin = begin(text);
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location();
    let tokens = tokens.map_err(|error| format!("{begin}: {}", error.message))?;
    let is_space = |token: &TokenWithSpan| matches!(token.token, Token::Whitespace(_));
    let tokens: Vec<TokenWithSpan> = tokens
        .into_iter()
        .filter(|token| !is_space(token))
        .collect();
    let words = words(&tokens);
    let is = |at: usize, of: &[&str]| {
        words
            .get(at)
            .is_some_and(|word| of.contains(&word.as_str()))
    };
    let anywhere = |of: &[&str]| words.iter().take(6).any(|word| of.contains(&word.as_str()));
    match words.first().map(String::as_str) {
        Some("set") if is(1, &["search_path"]) => return Ok(schema(&tokens)),
        Some("create")
            if anywhere(&["function", "aggregate", "procedure"]) && !is(1, &["table", "view"]) =>
        {
            return Ok(function(&tokens));
        }
        Some("create")
            if !is(1, &["table", "view", "type", "domain"]) && !made_otherwise(&words) => {}
        Some("create") => return parsed(tokens, &begin),
        Some("alter") if is(1, &["table", "type"]) || is(1, &["foreign"]) => {
            if let Some(name) = partition(&tokens) {
                return Ok(Wanted::Partition(name));
            }
            return match parsed(tokens, &begin) {
                Err(_) if !matters(&words) => Ok(Wanted::Nothing),
                parsed => parsed,
            };
        }
        Some("comment") if is(2, &["table", "column", "view", "materialized", "foreign"]) => {
            return parsed(tokens, &begin);
        }
        Some("drop") if is(1, &["table", "view", "materialized", "foreign"]) => {
            return parsed(tokens, &begin);
        }
        _ => {}
    }
    Ok(Wanted::Nothing)
}

/// `CREATE OR REPLACE VIEW`, `CREATE UNLOGGED TABLE`.
fn made_otherwise(words: &[String]) -> bool {
    const BEFORE: &[&str] = &[
        "or",
        "replace",
        "global",
        "local",
        "temp",
        "temporary",
        "unlogged",
        "foreign",
        "materialized",
        "recursive",
    ];
    let mut words = words
        .iter()
        .skip(1)
        .skip_while(|word| BEFORE.contains(&word.as_str()));
    words
        .next()
        .is_some_and(|word| word == "table" || word == "view")
}

/// Words without quotes in lower case, and nothing for what else there is.
fn words(tokens: &[TokenWithSpan]) -> Vec<String> {
    let word = |token: &TokenWithSpan| match &token.token {
        Token::Word(Word {
            value,
            quote_style: None,
            ..
        }) => value.to_ascii_lowercase(),
        _ => String::new(),
    };
    tokens.iter().take(12).map(word).collect()
}

/// As it is told to people.
fn begin(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    let cut: String = words.join(" ").chars().take(60).collect();
    format!("`{cut} …`")
}

/// Whether what cannot be parsed could change tables.
fn matters(words: &[String]) -> bool {
    const WITHOUT: &[&str] = &[
        "owner",
        "enable",
        "disable",
        "force",
        "cluster",
        "replica",
        "validate",
        "set",
        "reset",
        "generated",
        "statistics",
        "storage",
        "default",
        "attach",
        "detach",
        "no",
        "schema",
    ];
    let mut words = words.iter().skip(2);
    let is_type = words.clone().any(|word| word == "type");
    is_type || !words.any(|word| WITHOUT.contains(&word.as_str()))
}

fn word(token: &TokenWithSpan) -> Option<String> {
    match &token.token {
        Token::Word(Word {
            value,
            quote_style: None,
            ..
        }) => Some(value.to_ascii_lowercase()),
        Token::Word(Word { value, .. }) | Token::SingleQuotedString(value) => Some(value.clone()),
        _ => None,
    }
}

/// `SET search_path = shop, public`
fn schema(tokens: &[TokenWithSpan]) -> Wanted {
    let first = tokens.get(3).and_then(word).filter(|name| !name.is_empty());
    first.map_or(Wanted::Nothing, Wanted::Schema)
}

/// `CREATE OR REPLACE FUNCTION public.name (…)`
fn function(tokens: &[TokenWithSpan]) -> Wanted {
    let before = tokens
        .iter()
        .take_while(|token| token.token != Token::LParen);
    before
        .last()
        .and_then(word)
        .map_or(Wanted::Nothing, Wanted::Function)
}

/// The table behind `ATTACH PARTITION`.
fn partition(tokens: &[TokenWithSpan]) -> Option<Name> {
    let is = |token: &TokenWithSpan, keyword| matches!(&token.token, Token::Word(word) if word.keyword == keyword);
    let at = tokens.windows(2).position(|two| match two {
        [attach, partition] => is(attach, Keyword::ATTACH) && is(partition, Keyword::PARTITION),
        _ => false,
    })?;
    let mut name = tokens.get(at + 2..)?.iter();
    let first = word(name.next()?)?;
    match (
        name.next().map(|token| &token.token),
        name.next().and_then(word),
    ) {
        (Some(Token::Period), Some(second)) => Some((first, second)),
        _ => Some((Dialect::Postgres.main_schema().to_owned(), first)),
    }
}

fn parsed(mut tokens: Vec<TokenWithSpan>, begin: &str) -> Result<Wanted, Left> {
    // The parser's places are those in the statement.
    let said = |message: &str| {
        let message = message.split(" at Line: ").next().unwrap_or_default();
        format!("{begin}: {message}")
    };
    if measure::measure(&tokens, MOST.0, MOST.1).too_deep.is_some() {
        return Err(said("it nests too deep"));
    }
    let is_foreign = tokens
        .get(1)
        .and_then(word)
        .is_some_and(|word| word == "foreign");
    if is_foreign {
        // What is read of it is read as of any other table; the server stands behind.
        tokens.remove(1);
        let server = |token: &TokenWithSpan| matches!(&token.token, Token::Word(word) if word.keyword == Keyword::SERVER);
        tokens.truncate(tokens.iter().position(server).unwrap_or(tokens.len()));
    }
    let is_domain = tokens
        .get(1)
        .is_some_and(|token| is_any(token, &[Keyword::DOMAIN]));
    let never_null = is_domain && constrained(&mut tokens);
    without_data(&mut tokens);
    let mut parser = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(MOST.0)
        .with_tokens_with_locations(tokens);
    let mut statement = parser.parse_statement().map_err(|error| match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => said(&message),
        ParserError::RecursionLimitExceeded => said("it nests too deep"),
    })?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(said(&format!("`{}` is not understood there", rest.token)));
    }
    if let Statement::CreateTable(table) = &mut statement {
        table.external |= is_foreign;
    }
    let statement = Box::new(statement);
    Ok(if never_null {
        Wanted::NeverNull(statement)
    } else {
        Wanted::Statement(statement)
    })
}

fn is_any(token: &TokenWithSpan, keywords: &[Keyword]) -> bool {
    matches!(&token.token, Token::Word(word) if word.quote_style.is_none() && keywords.contains(&word.keyword))
}

/// Cuts off what a domain's values must be, and says whether they are never null.
fn constrained(tokens: &mut Vec<TokenWithSpan>) -> bool {
    const BEGIN: &[Keyword] = &[
        Keyword::CONSTRAINT,
        Keyword::CHECK,
        Keyword::NOT,
        Keyword::NULL,
        Keyword::DEFAULT,
        Keyword::COLLATE,
    ];
    let (mut depth, mut begin, mut never_null) = (0_usize, None, false);
    for (at, token) in tokens.iter().enumerate().skip(3) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ if depth == 0 && is_any(token, BEGIN) => {
                begin.get_or_insert(at);
                never_null |= is_any(token, &[Keyword::NOT]);
            }
            _ => {}
        }
    }
    tokens.truncate(begin.unwrap_or(tokens.len()));
    never_null
}

/// Cuts off whether rows are there from the beginning.
fn without_data(tokens: &mut Vec<TokenWithSpan>) {
    let with = tokens
        .iter()
        .rposition(|token| is_any(token, &[Keyword::WITH]));
    let data = tokens
        .last()
        .is_some_and(|token| is_any(token, &[Keyword::DATA]));
    if let Some(with) = with.filter(|with| data && tokens.len() - with <= 3) {
        tokens.truncate(with);
    }
}
