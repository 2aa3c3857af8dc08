//! The condition of an SQL query. Keywords are read in either case; white space is one to four spaces.

use chrono::NaiveDate;
use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, name, some, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})", ignore_case, blank = 1..=4)]
pub(crate) enum Condition {
    #[syntax("{column} {op} {value}")]
    Compare { column: Column, op: Op, value: Value },
    #[syntax("{column} LIKE {pattern}")]
    Like { column: Column, pattern: Text },
    #[syntax("{column} BETWEEN {low} AND {high}")]
    Between { column: Column, low: Value, high: Value },
    #[syntax("{column} IN ({values})")]
    In {
        column: Column,
        #[syntax(min = 1, max = 10)]
        values: Vec<Value>,
    },
    #[syntax("{column} IS {not}NULL")]
    Null {
        column: Column,
        #[syntax(some = "{} ")]
        not: Option<Not>,
    },
    #[syntax(prefix = "NOT", precedence = 3)]
    Not(Box<Condition>),
    #[syntax(infix = "AND", precedence = 2)]
    And(Box<Condition>, Box<Condition>),
    #[syntax(infix = "OR", precedence = 1)]
    Or(Box<Condition>, Box<Condition>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("NOT", ignore_case)]
pub(crate) struct Not;

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{table}{name}")]
pub(crate) struct Column {
    #[syntax(some = "{}.", quote = "\"", pattern = "[a-z_]{1,16}")]
    table: Option<String>,
    #[syntax(quote = "\"", pattern = "[a-z_]{1,16}")]
    name: String,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Op {
    #[syntax("=")]
    Equal,
    #[syntax("<>")]
    Unequal,
    #[syntax("<")]
    Below,
    #[syntax(">=")]
    AtLeast,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(ignore_case)]
pub(crate) enum Value {
    Number(i64),
    Text(Text),
    #[syntax("DATE '{0}'")]
    Date(NaiveDate),
    #[syntax("TRUE")]
    True,
    #[syntax("FALSE")]
    False,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "'")]
pub(crate) struct Text(String);

pub(crate) type Root = Condition;

pub(crate) const ACCEPTED: &[&str] = &[
    r#""a" = 1 AND ("t"."b" LIKE 'it''s %' OR NOT "c" IS NOT NULL)"#,
    r#""d" BETWEEN DATE '2026-01-01' AND DATE '2026-12-31' AND "e" IN (1, 'x', TRUE)"#,
];

pub(crate) const REFUSED: &[&str] = &["", "\"a\" = ", "\"a\" == 1", "\"a\" IN ()", "a = 1", "\"a\" = 'x", "\"a\"=1"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let column = || {
        (maybe("[a-z_]{1,16}"), "[a-z_]{1,16}").prop_map(|(table, name)| Column { table, name })
    };
    let date = (0..=9999_i32, 1..=366_u32)
        .prop_filter_map("a day of the year", |(year, day)| NaiveDate::from_yo_opt(year, day));
    let text = || name(".{0,12}", Text);
    let value = prop_oneof![
        any::<i64>().prop_map(Value::Number),
        text().prop_map(Value::Text),
        date.prop_map(Value::Date),
        Just(Value::True),
        Just(Value::False),
    ]
    .boxed();
    let op = prop_oneof![Just(Op::Equal), Just(Op::Unequal), Just(Op::Below), Just(Op::AtLeast)];
    let leaf = prop_oneof![
        (column(), op, value.clone())
            .prop_map(|(column, op, value)| Condition::Compare { column, op, value }),
        (column(), text()).prop_map(|(column, pattern)| Condition::Like { column, pattern }),
        (column(), value.clone(), value.clone())
            .prop_map(|(column, low, high)| Condition::Between { column, low, high }),
        (column(), some(value, 4)).prop_map(|(column, values)| Condition::In { column, values }),
        (column(), maybe(Just(Not))).prop_map(|(column, not)| Condition::Null { column, not }),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
            two(&inner).prop_map(|(a, b)| Condition::And(a, b)),
            two(&inner).prop_map(|(a, b)| Condition::Or(a, b)),
        ]
    })
}
