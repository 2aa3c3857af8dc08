//! Arithmetic with names, calls, and operators of six precedences.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{name, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Expression {
    Number(u32),
    Variable(Name),
    #[syntax("{function}({arguments})")]
    Call {
        function: Name,
        #[syntax(min = 1, max = 8)]
        arguments: Vec<Expression>,
    },
    #[syntax(infix = "==", precedence = 1, associativity = "none")]
    Equal(Box<Self>, Box<Self>),
    #[syntax(infix = "+", precedence = 2)]
    Plus(Box<Self>, Box<Self>),
    #[syntax(infix = "-", precedence = 2)]
    Minus(Box<Self>, Box<Self>),
    #[syntax(infix = "*", precedence = 3)]
    Times(Box<Self>, Box<Self>),
    #[syntax(infix = "/", precedence = 3)]
    Over(Box<Self>, Box<Self>),
    #[syntax(prefix = "-", precedence = 4)]
    Negative(Box<Self>),
    #[syntax(infix = "^", precedence = 5, associativity = "right")]
    Power(Box<Self>, Box<Self>),
    #[syntax(postfix = "!", precedence = 6)]
    Factorial(Box<Self>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z][a-z0-9_]{0,15}")]
pub(crate) struct Name(String);

pub(crate) type Root = Expression;

pub(crate) const ACCEPTED: &[&str] = &[
    "1 + 2 * 3 - x",
    "-(a + b) ^ 2 ^ c!",
    "max(x, 1 / y) == min(-x, 3)",
];

pub(crate) const REFUSED: &[&str] = &["1 +", "1 == 2 == 3", "f()", "(1", "01", "1+2", "X"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let leaf = prop_oneof![
        any::<u32>().prop_map(Expression::Number),
        name("[a-z][a-z0-9_]{0,15}", Name).prop_map(Expression::Variable),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let arguments = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            (name("[a-z][a-z0-9_]{0,15}", Name), arguments)
                .prop_map(|(function, arguments)| Expression::Call { function, arguments }),
            two(&inner).prop_map(|(a, b)| Expression::Equal(a, b)),
            two(&inner).prop_map(|(a, b)| Expression::Plus(a, b)),
            two(&inner).prop_map(|(a, b)| Expression::Minus(a, b)),
            two(&inner).prop_map(|(a, b)| Expression::Times(a, b)),
            two(&inner).prop_map(|(a, b)| Expression::Over(a, b)),
            two(&inner).prop_map(|(a, b)| Expression::Power(a, b)),
            one().prop_map(Expression::Negative),
            one().prop_map(Expression::Factorial),
        ]
    })
}
