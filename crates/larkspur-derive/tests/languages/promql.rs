//! A subset of `PromQL`: selectors, ranges, functions, aggregations, arithmetic.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, maybe, some, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Expression {
    Number(u32),
    Vector(Selector),
    #[syntax("{function}({selector}[{range}])")]
    Over {
        function: Function,
        selector: Selector,
        range: Duration,
    },
    #[syntax("{aggregation}{by} ({of})")]
    Aggregate {
        aggregation: Aggregation,
        #[syntax(some = " by ({})", pattern = "[a-z_]{1,12}")]
        by: Vec<String>,
        of: Box<Expression>,
    },
    #[syntax(infix = "+", precedence = 2)]
    Plus(Box<Self>, Box<Self>),
    #[syntax(infix = "/", precedence = 3)]
    Ratio(Box<Self>, Box<Self>),
    #[syntax(infix = ">", precedence = 1)]
    Above(Box<Self>, Box<Self>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{metric}{matchers}")]
pub(crate) struct Selector {
    #[syntax(pattern = "[a-z]+_[a-z_]{1,20}")]
    metric: String,
    #[syntax(some = "{{{}}}")]
    matchers: Vec<Matcher>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{label}{op}{value}")]
pub(crate) struct Matcher {
    #[syntax(pattern = "[a-z_]{1,12}")]
    label: String,
    op: Op,
    value: String,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Op {
    #[syntax("=")]
    Equal,
    #[syntax("!=")]
    Unequal,
    #[syntax("=~")]
    Match,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "snake_case")]
pub(crate) enum Function {
    Rate,
    Increase,
    AvgOverTime,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase")]
pub(crate) enum Aggregation {
    Sum,
    Max,
    Count,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{count}{unit}")]
pub(crate) struct Duration {
    #[syntax(range = 1..=999)]
    count: u16,
    unit: Unit,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Unit {
    #[syntax("s")]
    Seconds,
    #[syntax("m")]
    Minutes,
    #[syntax("h")]
    Hours,
}

pub(crate) type Root = Expression;

pub(crate) const ACCEPTED: &[&str] = &[
    "sum by (job, code) (rate(http_requests_total{job=\"api\", code=~\"5..\"}[5m])) / 2",
    "node_load > 1 + max (up_time)",
];

pub(crate) const REFUSED: &[&str] = &["rate(http_x)", "sum(a_b)", "a_b{}", "a_b[5m]", "rate(a_b[0m])"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let op = prop_oneof![Just(Op::Equal), Just(Op::Unequal), Just(Op::Match)];
    let matcher = ("[a-z_]{1,12}", op, ".{0,10}").prop_map(|(label, op, value)| Matcher { label, op, value });
    let selector = ("[a-z]+_[a-z_]{1,20}", any_of(matcher, 2))
        .prop_map(|(metric, matchers)| Selector { metric, matchers });
    let function = prop_oneof![Just(Function::Rate), Just(Function::Increase), Just(Function::AvgOverTime)];
    let unit = prop_oneof![Just(Unit::Seconds), Just(Unit::Minutes), Just(Unit::Hours)];
    let range = (1..=999_u16, unit).prop_map(|(count, unit)| Duration { count, unit });
    let leaf = prop_oneof![
        any::<u32>().prop_map(Expression::Number),
        selector.clone().prop_map(Expression::Vector),
        (function, selector, range)
            .prop_map(|(function, selector, range)| Expression::Over { function, selector, range }),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let aggregation = prop_oneof![Just(Aggregation::Sum), Just(Aggregation::Max), Just(Aggregation::Count)];
        let by = maybe(some("[a-z_]{1,12}", 3)).prop_map(Option::unwrap_or_default);
        let of = inner.clone().prop_map(Box::new);
        prop_oneof![
            (aggregation, by, of).prop_map(|(aggregation, by, of)| Expression::Aggregate { aggregation, by, of }),
            two(&inner).prop_map(|(a, b)| Expression::Plus(a, b)),
            two(&inner).prop_map(|(a, b)| Expression::Ratio(a, b)),
            two(&inner).prop_map(|(a, b)| Expression::Above(a, b)),
        ]
    })
}
