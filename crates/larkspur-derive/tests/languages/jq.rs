//! Paths and pipes of jq.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, name, some, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Filter {
    #[syntax(".")]
    Identity,
    Path(#[syntax(separator = "", min = 1)] Vec<Step>),
    #[syntax("select({0})")]
    Select(Box<Filter>),
    Number(u32),
    Text(String),
    #[syntax(infix = "|", precedence = 1, associativity = "right")]
    Pipe(Box<Filter>, Box<Filter>),
    #[syntax(infix = ", ", precedence = 2)]
    Both(Box<Filter>, Box<Filter>),
    #[syntax(infix = "//", precedence = 3, associativity = "right")]
    Else(Box<Filter>, Box<Filter>),
    #[syntax(infix = "==", precedence = 4, associativity = "none")]
    Equal(Box<Filter>, Box<Filter>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Step {
    #[syntax(".{name}{quiet}")]
    Field {
        #[syntax(pattern = "[A-Za-z_][A-Za-z0-9_]{0,15}")]
        name: String,
        quiet: Option<Quiet>,
    },
    #[syntax(".[{index}]{quiet}")]
    Index {
        index: Option<i32>,
        quiet: Option<Quiet>,
    },
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("?")]
pub(crate) struct Quiet;

pub(crate) type Root = Filter;

pub(crate) const ACCEPTED: &[&str] = &[
    ".users.[] | select(.age == 30) | .name, .mail? // \"none\"",
    "(. | .a.[-1]) == 2",
];

pub(crate) const REFUSED: &[&str] = &["", "..a", ".a |", ".[a]", "select()", ".a == .b == .c", "select(.a"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let quiet = || maybe(Just(Quiet));
    let step = prop_oneof![
        ("[A-Za-z_][A-Za-z0-9_]{0,15}", quiet()).prop_map(|(name, quiet)| Step::Field { name, quiet }),
        (maybe(any::<i32>()), quiet()).prop_map(|(index, quiet)| Step::Index { index, quiet }),
    ];
    let leaf = prop_oneof![
        Just(Filter::Identity),
        some(step, 3).prop_map(Filter::Path),
        any::<u32>().prop_map(Filter::Number),
        name(".{0,10}", Filter::Text),
    ];
    leaf.prop_recursive(5, 20, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Filter::Select(Box::new(inner))),
            two(&inner).prop_map(|(a, b)| Filter::Pipe(a, b)),
            two(&inner).prop_map(|(a, b)| Filter::Both(a, b)),
            two(&inner).prop_map(|(a, b)| Filter::Else(a, b)),
            two(&inner).prop_map(|(a, b)| Filter::Equal(a, b)),
        ]
    })
}
