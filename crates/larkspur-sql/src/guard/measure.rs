//! How deep a text is, before anything recurses over it.
//!
//! The parser recurses for parentheses, for prefixes (`NOT`, signs), for `CASE` and for what stands right of an operator; its
//! trees recurse to the left for each operator of a chain, also when they are dropped. Its own bound sees the first kind
//! only, so both are counted here, over the lexemes.

use larkspur_json::Span;
use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{dialect::is_isnull, lex::span_of};

/// How deep a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(super) nesting: usize,
    pub(super) operators: usize,
    /// The first lexeme that goes over a bound. Nothing behind it is measured.
    pub(crate) too_deep: Option<TooDeep>,
}

impl Measured {
    /// Bytes of stack that surely suffice to parse and walk the text. Without optimisation the parser was seen to take
    /// 100 KiB for a query within a query, and what makes the tree 20 KiB for an operator.
    pub(super) const fn stack(self) -> usize {
        (256 << 10) + self.nesting * (160 << 10) + self.operators * (32 << 10)
    }
}

/// What went over which bound, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooDeep {
    Nesting(Span),
    Operators(Span),
}

/// What one level of parentheses holds so far.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Prefixes since the last comma or clause, each of which may hold all that follows.
    prefixes: usize,
    /// Operators since then.
    operators: usize,
    /// Set operations of this query.
    sets: usize,
    /// Whether it was opened by `CASE`.
    case: bool,
    /// Whether there was a `BETWEEN` since the last comma or clause.
    between: bool,
}

#[derive(PartialEq)]
enum Role {
    Open,
    Close,
    Case,
    End,
    Prefix,
    Not,
    Operator,
    Is,
    AndOr,
    Between,
    Set,
    Boundary,
    Distinct,
    Other,
}

/// Measures a text up to these bounds.
pub(crate) fn measure(
    lexemes: &[TokenWithSpan],
    max_nesting: usize,
    max_operators: usize,
) -> Measured {
    let mut depth = Depth::default();
    let mut measured = Measured::default();
    let mut before = Role::Boundary;
    for lexeme in lexemes {
        let role = in_context(role_of(&lexeme.token), &lexeme.token, &before);
        depth.step(&role);
        measured.nesting = measured.nesting.max(depth.nesting());
        measured.operators = measured.operators.max(depth.operators());
        let span = || span_of(lexeme.span).unwrap_or_default();
        if measured.nesting > max_nesting {
            measured.too_deep = Some(TooDeep::Nesting(span()));
        } else if measured.operators > max_operators {
            measured.too_deep = Some(TooDeep::Operators(span()));
        }
        if measured.too_deep.is_some() {
            break;
        }
        before = role;
    }
    measured
}

/// Signs and `NOT` are prefixes or not, by what is before them.
fn in_context(role: Role, token: &Token, before: &Role) -> Role {
    let behind_value = matches!(before, Role::Other | Role::Close | Role::End);
    match role {
        Role::Operator if is_sign(token) && !behind_value => Role::Prefix,
        // `x NOT LIKE y`, `x IS NOT y`.
        Role::Not if behind_value || *before == Role::Is => Role::Operator,
        Role::Not => Role::Prefix,
        // `x IS DISTINCT FROM y`, behind which the chain goes on.
        Role::Boundary if *before == Role::Distinct => Role::Other,
        role => role,
    }
}

/// The levels that are open, and the innermost one; with the sums over those around it.
#[derive(Default)]
struct Depth {
    around: Vec<Level>,
    here: Level,
    prefixes_around: usize,
    operators_around: usize,
}

impl Depth {
    fn nesting(&self) -> usize {
        self.around.len() + self.prefixes_around + self.here.prefixes
    }

    fn operators(&self) -> usize {
        self.operators_around + self.here.operators + self.here.sets
    }

    fn step(&mut self, role: &Role) {
        match role {
            Role::Open => self.open(false),
            Role::Case => self.open(true),
            Role::Close => self.close(),
            Role::End if self.here.case => self.close(),
            Role::Prefix => self.here.prefixes += 1,
            Role::Operator | Role::Is => self.here.operators += 1,
            Role::Between => {
                self.here.operators += 1;
                self.here.between = true;
            }
            // `NOT` binds tighter than these, but not than the `AND` of a `BETWEEN`, behind which a `NOT` nests.
            Role::AndOr => {
                self.here.operators += 1;
                if !self.here.between {
                    self.here.prefixes = 0;
                }
            }
            Role::Set => {
                self.here = Level {
                    sets: self.here.sets + 1,
                    case: self.here.case,
                    ..Level::default()
                };
            }
            Role::Boundary => {
                self.here = Level {
                    sets: self.here.sets,
                    case: self.here.case,
                    ..Level::default()
                };
            }
            Role::End | Role::Not | Role::Distinct | Role::Other => {}
        }
    }

    fn open(&mut self, case: bool) {
        let outer = std::mem::replace(
            &mut self.here,
            Level {
                case,
                ..Level::default()
            },
        );
        self.prefixes_around += outer.prefixes;
        self.operators_around += outer.operators + outer.sets;
        self.around.push(outer);
    }

    /// What closes nothing is left to the parser to tell.
    fn close(&mut self) {
        if let Some(outer) = self.around.pop() {
            self.prefixes_around = self.prefixes_around.saturating_sub(outer.prefixes);
            self.operators_around = self
                .operators_around
                .saturating_sub(outer.operators + outer.sets);
            self.here = outer;
        }
    }
}

fn is_sign(token: &Token) -> bool {
    matches!(token, Token::Plus | Token::Minus | Token::Tilde)
}

fn role_of(token: &Token) -> Role {
    match token {
        Token::LParen => Role::Open,
        Token::RParen => Role::Close,
        Token::Comma | Token::SemiColon => Role::Boundary,
        Token::Tilde => Role::Prefix,
        Token::Word(_) if is_isnull(token) => Role::Operator,
        Token::Word(word) if word.quote_style.is_none() => of_keyword(word.keyword),
        Token::Word(_)
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::HexStringLiteral(_)
        | Token::Placeholder(_)
        | Token::Period => Role::Other,
        _ => Role::Operator,
    }
}

fn of_keyword(keyword: Keyword) -> Role {
    match keyword {
        Keyword::CASE => Role::Case,
        Keyword::END => Role::End,
        Keyword::NOT => Role::Not,
        // Of PostgreSQL: behind it the parser reads an expression.
        Keyword::INTERVAL => Role::Prefix,
        Keyword::AND | Keyword::OR => Role::AndOr,
        Keyword::IS => Role::Is,
        Keyword::DISTINCT => Role::Distinct,
        Keyword::BETWEEN => Role::Between,
        Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT => Role::Set,
        Keyword::SELECT
        | Keyword::FROM
        | Keyword::WHERE
        | Keyword::GROUP
        | Keyword::HAVING
        | Keyword::ORDER
        | Keyword::LIMIT
        | Keyword::ON
        | Keyword::JOIN
        | Keyword::WHEN
        | Keyword::THEN
        | Keyword::ELSE
        | Keyword::VALUES => Role::Boundary,
        Keyword::IN
        | Keyword::LIKE
        | Keyword::ILIKE
        | Keyword::GLOB
        | Keyword::REGEXP
        | Keyword::MATCH
        | Keyword::ESCAPE
        | Keyword::COLLATE
        | Keyword::NOTNULL => Role::Operator,
        _ => Role::Other,
    }
}
