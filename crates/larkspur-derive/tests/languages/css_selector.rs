//! CSS selectors: compounds, combinators, attributes, pseudo-classes.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, maybe, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Selectors {
    #[syntax(min = 1, max = 8)]
    list: Vec<Selector>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{subject}{steps}")]
pub(crate) struct Selector {
    subject: Compound,
    #[syntax(separator = "")]
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Step {
    #[syntax(" {0}")]
    Descendant(Compound),
    #[syntax(" > {0}")]
    Child(Compound),
    #[syntax(" + {0}")]
    Next(Compound),
    #[syntax(" ~ {0}")]
    Sibling(Compound),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Compound {
    #[syntax("{element}{conditions}")]
    Element {
        element: Element,
        #[syntax(separator = "")]
        conditions: Vec<Condition>,
    },
    Any(#[syntax(separator = "", min = 1)] Vec<Condition>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Element {
    #[syntax("*")]
    Universal,
    Named(Name),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "-?[a-zA-Z_][a-zA-Z0-9_-]{0,19}")]
pub(crate) struct Name(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Condition {
    #[syntax("#{0}")]
    Id(Name),
    #[syntax(".{0}")]
    Class(Name),
    #[syntax("[{name}{test}]")]
    Attribute { name: Name, test: Option<Test> },
    #[syntax(":not({0})")]
    Not(Box<Selectors>),
    #[syntax(":nth-child({0})")]
    Nth(Nth),
    #[syntax(":{0}")]
    Pseudo(Pseudo),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{op}{value}")]
pub(crate) struct Test {
    op: Match,
    #[syntax(quote = "\"", escape = "backslash")]
    value: String,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Match {
    #[syntax("=")]
    Whole,
    #[syntax("~=")]
    Word,
    #[syntax("^=")]
    Start,
    #[syntax("$=")]
    End,
    #[syntax("*=")]
    Part,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase")]
pub(crate) enum Nth {
    Odd,
    Even,
    #[syntax("{0}n")]
    Every(u8),
    Exactly(u8),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "kebab-case")]
pub(crate) enum Pseudo {
    Hover,
    FirstChild,
    LastChild,
}

pub(crate) type Root = Selectors;

pub(crate) const ACCEPTED: &[&str] = &[
    "ul.menu > li:first-child a[href^=\"http\"], #top",
    "*:not(.a, b + c) ~ p:nth-child(2n):hover",
    "[disabled]",
];

pub(crate) const REFUSED: &[&str] = &["", "a >", ".", "a b,", "[x=y]", "a:focus", "1a", "a>b"];

fn word() -> impl Strategy<Value = Name> + Clone {
    "-?[a-zA-Z_][a-zA-Z0-9_-]{0,19}".prop_map(Name)
}

fn selectors(condition: &BoxedStrategy<Condition>) -> impl Strategy<Value = Selectors> + use<> {
    let element = prop_oneof![Just(Element::Universal), word().prop_map(Element::Named)];
    let compound = prop_oneof![
        (element, any_of(condition.clone(), 2))
            .prop_map(|(element, conditions)| Compound::Element { element, conditions }),
        some(condition.clone(), 2).prop_map(Compound::Any),
    ]
    .boxed();
    let step = prop_oneof![
        compound.clone().prop_map(Step::Descendant),
        compound.clone().prop_map(Step::Child),
        compound.clone().prop_map(Step::Next),
        compound.clone().prop_map(Step::Sibling),
    ];
    let selector = (compound, any_of(step, 2)).prop_map(|(subject, steps)| Selector { subject, steps });
    some(selector, 2).prop_map(|list| Selectors { list })
}

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let op = prop_oneof![
        Just(Match::Whole),
        Just(Match::Word),
        Just(Match::Start),
        Just(Match::End),
        Just(Match::Part)
    ];
    let test = (op, ".{0,10}").prop_map(|(op, value)| Test { op, value });
    let nth = prop_oneof![
        Just(Nth::Odd),
        Just(Nth::Even),
        any::<u8>().prop_map(Nth::Every),
        any::<u8>().prop_map(Nth::Exactly)
    ];
    let pseudo = prop_oneof![Just(Pseudo::Hover), Just(Pseudo::FirstChild), Just(Pseudo::LastChild)];
    let leaf = prop_oneof![
        word().prop_map(Condition::Id),
        word().prop_map(Condition::Class),
        (word(), maybe(test)).prop_map(|(name, test)| Condition::Attribute { name, test }),
        nth.prop_map(Condition::Nth),
        pseudo.prop_map(Condition::Pseudo),
    ];
    let condition = leaf.prop_recursive(2, 8, 2, |inner| {
        let not = selectors(&inner).prop_map(|not| Condition::Not(Box::new(not)));
        prop_oneof![3 => inner, 1 => not]
    });
    selectors(&condition.boxed())
}
