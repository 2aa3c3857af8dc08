//! Values of derived types: they keep proptest's contract, are read and printed, and become small.

#![expect(clippy::expect_used, reason = "tests")]

use std::cell::Cell;

use larkspur::Syntax;
use larkspur_proptest::{Laws, near_misses, outputs, sentences};
use proptest::strategy::check_strategy_sanity;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
enum Filter {
    #[syntax("{field} {op} {value}")]
    Compare { field: Field, op: Op, value: Value },
    #[syntax("{field} in [{values}]")]
    In { field: Field, values: Vec<Value> },
    #[syntax(prefix = "not", precedence = 3)]
    Not(Box<Filter>),
    #[syntax(infix = "and", precedence = 2)]
    And(Box<Filter>, Box<Filter>),
    #[syntax(infix = "or", precedence = 1)]
    Or(Box<Filter>, Box<Filter>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z]{1,6}_id")]
struct Field(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
enum Op {
    #[syntax("=")]
    Equal,
    #[syntax("<")]
    Below,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
enum Value {
    Number(i16),
    Text(String),
    Flag(bool),
}

fn config() -> Config {
    Config {
        rng_seed: RngSeed::Fixed(5),
        failure_persistence: None,
        ..Config::default()
    }
}

/// The smallest value that `fails`, and how many values were tried.
fn smallest(fails: impl Fn(&Filter) -> bool) -> (String, usize) {
    let tried = Cell::new(0);
    let outcome = TestRunner::new(config()).run(&outputs::<Filter>(), |filter| {
        tried.set(tried.get() + 1);
        if fails(&filter) {
            return Err(TestCaseError::fail("it fails"));
        }
        Ok(())
    });
    match outcome {
        Err(TestError::Fail(_, filter)) => (filter.print().expect("has a text"), tried.get()),
        other => (format!("{other:?}"), tried.get()),
    }
}

fn any(filter: &Filter, holds: &dyn Fn(&Filter) -> bool) -> bool {
    let mut stack = vec![filter];
    while let Some(filter) = stack.pop() {
        if holds(filter) {
            return true;
        }
        match filter {
            Filter::Not(inner) => stack.push(inner),
            Filter::And(left, right) | Filter::Or(left, right) => stack.extend([&**left, right]),
            Filter::Compare { .. } | Filter::In { .. } => {}
        }
    }
    false
}

#[test]
fn the_contract_of_proptest_is_kept() {
    check_strategy_sanity(outputs::<Filter>().max_lexemes(12), None);
    check_strategy_sanity(outputs::<(u8, Vec<bool>)>(), None);
}

#[test]
fn a_type_keeps_every_law() {
    let laws = Laws::with(config());
    let grammar = Filter::grammar().expect("has one");
    let print = |filter: &Filter| filter.print().expect("has a text");
    laws.lower_lift_identity(outputs::<Filter>(), Syntax::print, |text| {
        Filter::parse(&text)
    })
    .expect("holds");
    laws.reader_accepts_sentences(sentences(&grammar), Filter::parse)
        .expect("holds");
    laws.rejects_near_misses(near_misses(&grammar), Filter::parse)
        .expect("holds");
    laws.print_parse_identity(sentences(&grammar), Filter::parse, print)
        .expect("holds");
}

#[test]
fn values_become_small() {
    let check = |expected: &str, fails: &dyn Fn(&Filter) -> bool| {
        let (text, tried) = smallest(|filter| any(filter, fails));
        assert_eq!(text, expected);
        assert!(tried < 400, "{expected}: {tried}");
    };
    check("a_id in []", &|_| true);
    check(
        "not (a_id in [] or a_id in [])",
        &|filter| matches!(filter, Filter::Not(inner) if matches!(**inner, Filter::Or(..))),
    );
    check("a_id in [true, 0]", &|filter| match filter {
        Filter::In { values, .. } => values.len() > 1 && values.contains(&Value::Flag(true)),
        _ => false,
    });
    check("a_id < 1000", &|filter| match filter {
        Filter::Compare { value, .. } => matches!(value, Value::Number(1000..)),
        _ => false,
    });
}
