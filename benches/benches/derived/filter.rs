//! A filter of records: comparisons under NOT, AND and OR.

use std::sync::LazyLock;

use lalrpop_util::lalrpop_mod;
use larkspur_derive::Syntax;
use pest::Parser as _;
use pest::iterators::{Pair, Pairs};
use pest::pratt_parser::{Assoc, Op as Operator, PrattParser};
use pest_derive::Parser;

use self::lalrpop::OrParser;

lalrpop_mod!(lalrpop, "/derived/filter.rs");

#[derive(Debug, PartialEq, Syntax)]
#[syntax(group = "({})", crate = "larkspur_grammar")]
pub(crate) enum Filter {
    #[syntax("{field} {op} {value}")]
    Compare { field: Field, op: Op, value: Value },
    #[syntax(prefix = "NOT", precedence = 3)]
    Not(Box<Self>),
    #[syntax(infix = "AND", precedence = 2)]
    And(Box<Self>, Box<Self>),
    #[syntax(infix = "OR", precedence = 1)]
    Or(Box<Self>, Box<Self>),
}

#[derive(Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z_]{1,20}", crate = "larkspur_grammar")]
pub(crate) struct Field(pub(crate) String);

#[derive(Debug, PartialEq, Syntax)]
#[syntax(crate = "larkspur_grammar")]
pub(crate) enum Op {
    #[syntax("=")]
    Equal,
    #[syntax("!=")]
    Unequal,
    #[syntax("<")]
    Below,
    #[syntax(">")]
    Above,
}

#[derive(Debug, PartialEq, Syntax)]
#[syntax(crate = "larkspur_grammar")]
pub(crate) enum Value {
    Number(i64),
    Flag(bool),
    Text(#[syntax(quote = "'", pattern = "[^'\n]{0,40}")] String),
}

impl Value {
    /// The text with its quotes.
    pub(crate) fn text(quoted: &str) -> Self {
        Self::Text(quoted.trim_matches('\'').to_owned())
    }
}

static LALRPOP: LazyLock<OrParser> = LazyLock::new(OrParser::new);

pub(crate) fn by_lalrpop(text: &str) -> Filter {
    LALRPOP.parse(text).expect("a sentence")
}

#[derive(Parser)]
#[grammar = "benches/derived/filter.pest"]
struct Pest;

static PRATT: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Operator::infix(Rule::or, Assoc::Left))
        .op(Operator::infix(Rule::and, Assoc::Left))
        .op(Operator::prefix(Rule::not))
});

pub(crate) fn by_pest(text: &str) -> Filter {
    let mut whole = Pest::parse(Rule::whole, text).expect("a sentence");
    filter(whole.next().expect("a filter").into_inner())
}

fn filter(pairs: Pairs<'_, Rule>) -> Filter {
    PRATT
        .map_primary(|pair| match pair.as_rule() {
            Rule::comparison => comparison(pair),
            _ => filter(pair.into_inner()),
        })
        .map_prefix(|_, operand| Filter::Not(Box::new(operand)))
        .map_infix(|left, operator, right| {
            let (left, right) = (Box::new(left), Box::new(right));
            match operator.as_rule() {
                Rule::and => Filter::And(left, right),
                _ => Filter::Or(left, right),
            }
        })
        .parse(pairs)
}

fn comparison(pair: Pair<'_, Rule>) -> Filter {
    let mut parts = pair.into_inner();
    let mut next = || parts.next().expect("three parts");
    let (field, op, value) = (next(), next(), next());
    Filter::Compare {
        field: Field(field.as_str().to_owned()),
        op: match op.as_str() {
            "=" => Op::Equal,
            "!=" => Op::Unequal,
            "<" => Op::Below,
            _ => Op::Above,
        },
        value: match value.as_rule() {
            Rule::number => Value::Number(value.as_str().parse().expect("a number")),
            Rule::flag => Value::Flag(value.as_str() == "true"),
            _ => Value::text(value.as_str()),
        },
    }
}
