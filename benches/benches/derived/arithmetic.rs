//! Arithmetic: operators of four precedences, both associativities, groups.

use std::sync::LazyLock;

use lalrpop_util::lalrpop_mod;
use larkspur_derive::Syntax;
use pest::Parser as _;
use pest::iterators::Pairs;
use pest::pratt_parser::{Assoc, Op, PrattParser};
use pest_derive::Parser;

use self::lalrpop::SumParser;

lalrpop_mod!(lalrpop, "/derived/arithmetic.rs");

#[derive(Debug, PartialEq, Syntax)]
#[syntax(group = "({})", crate = "larkspur_grammar")]
pub(crate) enum Expression {
    Number(u32),
    Variable(Name),
    #[syntax(infix = "+", precedence = 1)]
    Plus(Box<Self>, Box<Self>),
    #[syntax(infix = "-", precedence = 1)]
    Minus(Box<Self>, Box<Self>),
    #[syntax(infix = "*", precedence = 2)]
    Times(Box<Self>, Box<Self>),
    #[syntax(infix = "/", precedence = 2)]
    Over(Box<Self>, Box<Self>),
    #[syntax(prefix = "-", precedence = 3)]
    Negative(Box<Self>),
    #[syntax(infix = "^", precedence = 4, associativity = "right")]
    Power(Box<Self>, Box<Self>),
}

#[derive(Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z][a-z0-9_]{0,15}", crate = "larkspur_grammar")]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

static LALRPOP: LazyLock<SumParser> = LazyLock::new(SumParser::new);

pub(crate) fn by_lalrpop(text: &str) -> Expression {
    LALRPOP.parse(text).expect("a sentence")
}

#[derive(Parser)]
#[grammar = "benches/derived/arithmetic.pest"]
struct Pest;

static PRATT: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Op::infix(Rule::plus, Assoc::Left) | Op::infix(Rule::minus, Assoc::Left))
        .op(Op::infix(Rule::times, Assoc::Left) | Op::infix(Rule::over, Assoc::Left))
        .op(Op::prefix(Rule::negative))
        .op(Op::infix(Rule::power, Assoc::Right))
});

pub(crate) fn by_pest(text: &str) -> Expression {
    let mut whole = Pest::parse(Rule::whole, text).expect("a sentence");
    expression(whole.next().expect("an expression").into_inner())
}

fn expression(pairs: Pairs<'_, Rule>) -> Expression {
    PRATT
        .map_primary(|pair| match pair.as_rule() {
            Rule::number => Expression::Number(pair.as_str().parse().expect("a number")),
            Rule::name => Expression::Variable(Name::new(pair.as_str())),
            _ => expression(pair.into_inner()),
        })
        .map_prefix(|_, operand| Expression::Negative(Box::new(operand)))
        .map_infix(|left, operator, right| {
            let (left, right) = (Box::new(left), Box::new(right));
            match operator.as_rule() {
                Rule::plus => Expression::Plus(left, right),
                Rule::minus => Expression::Minus(left, right),
                Rule::times => Expression::Times(left, right),
                Rule::over => Expression::Over(left, right),
                _ => Expression::Power(left, right),
            }
        })
        .parse(pairs)
}
