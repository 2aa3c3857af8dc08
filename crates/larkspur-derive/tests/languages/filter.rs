//! A filter of records: comparisons under NOT, AND and OR.

use chrono::NaiveDate;
use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{name, some, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Filter {
    #[syntax("{field} {op} {value}")]
    Compare { field: Field, op: Op, value: Value },
    #[syntax("{field} in [{values}]")]
    In {
        field: Field,
        #[syntax(min = 1, max = 20)]
        values: Vec<Value>,
    },
    #[syntax(prefix = "NOT", precedence = 3)]
    Not(Box<Filter>),
    #[syntax(infix = "AND", precedence = 2)]
    And(Box<Filter>, Box<Filter>),
    #[syntax(infix = "OR", precedence = 1)]
    Or(Box<Filter>, Box<Filter>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Field {
    #[syntax(separator = ".", min = 1, max = 4, pattern = "[a-z_]{1,20}")]
    path: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Op {
    #[syntax("=")]
    Equal,
    #[syntax("!=")]
    Unequal,
    #[syntax("<")]
    Below,
    #[syntax("<=")]
    AtMost,
    #[syntax("contains")]
    Contains,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Value {
    Number(f64),
    Text(String),
    Date(NaiveDate),
    Flag(bool),
}

pub(crate) type Root = Filter;

pub(crate) const ACCEPTED: &[&str] = &[
    r#"state = "open" AND (owner.name contains "me" OR NOT age <= 7.5)"#,
    "due < 2026-02-28 OR done = true",
    r#"state in ["open", "new", 3.0]"#,
];

pub(crate) const REFUSED: &[&str] = &[
    "due < 2026-02-29",
    "a = 1.0 AND",
    "a = 'x'",
    "a. = 1.0",
    "a in []",
    "a  = 1.0",
];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let field = || some("[a-z_]{1,20}", 4).prop_map(|path| Field { path });
    let op = prop_oneof![
        Just(Op::Equal),
        Just(Op::Unequal),
        Just(Op::Below),
        Just(Op::AtMost),
        Just(Op::Contains)
    ];
    let date = (0..=9999_i32, 1..=366_u32).prop_filter_map("a day of the year", |(year, day)| {
        NaiveDate::from_yo_opt(year, day)
    });
    let value = prop_oneof![
        any::<f64>().prop_map(Value::Number),
        name(".{0,20}", Value::Text),
        date.prop_map(Value::Date),
        any::<bool>().prop_map(Value::Flag),
    ];
    let leaf = prop_oneof![
        (field(), op, value.clone())
            .prop_map(|(field, op, value)| Filter::Compare { field, op, value }),
        (field(), some(value, 4)).prop_map(|(field, values)| Filter::In { field, values }),
    ];
    leaf.prop_recursive(5, 20, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Filter::Not(Box::new(inner))),
            two(&inner).prop_map(|(a, b)| Filter::And(a, b)),
            two(&inner).prop_map(|(a, b)| Filter::Or(a, b)),
        ]
    })
}
