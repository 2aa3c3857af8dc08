//! S-expressions, laid out over several lines on request.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, name};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(blank = 1..=60, lines)]
pub(crate) enum Sexpr {
    Number(i64),
    Symbol(#[syntax(pattern = "[a-z+*/<=>!?][a-z0-9<=>!?-]{0,15}")] String),
    Text(String),
    #[syntax("'{0}")]
    Quoted(Box<Sexpr>),
    #[syntax("({items})")]
    List {
        #[syntax(separator = "\n  ")]
        items: Vec<Sexpr>,
    },
}

pub(crate) type Root = Sexpr;

pub(crate) const ACCEPTED: &[&str] = &[
    "(define (square x) (* x x))",
    "(list 'a \"b\\n\" -12 () ''c)",
];

pub(crate) const REFUSED: &[&str] = &["", "(", "a b", "(a))", "'", "( a)", "1a"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Sexpr::Number),
        name("[a-z+*/<=>!?][a-z0-9<=>!?-]{0,15}", Sexpr::Symbol),
        name(".{0,12}", Sexpr::Text),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Sexpr::Quoted(Box::new(inner))),
            any_of(inner, 4).prop_map(|items| Sexpr::List { items }),
        ]
    })
}
