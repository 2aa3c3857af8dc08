//! A subset of `XPath`: steps, axes, predicates.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, name, some, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Path {
    #[syntax(separator = "", min = 1)]
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{slash}{node}{predicates}")]
pub(crate) struct Step {
    slash: Slash,
    node: Node,
    #[syntax(separator = "")]
    predicates: Vec<Predicate>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Slash {
    #[syntax("/")]
    Child,
    #[syntax("//")]
    Descendant,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Node {
    #[syntax("*")]
    Any,
    #[syntax("..")]
    Parent,
    #[syntax("text()")]
    Text,
    #[syntax("@{0}")]
    Attribute(Name),
    Element(Name),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[A-Za-z_][A-Za-z0-9_-]{0,15}")]
pub(crate) struct Name(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("[{0}]")]
pub(crate) struct Predicate(Test);

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Test {
    Position(#[syntax(range = 1..=4294967295)] u32),
    #[syntax("last()")]
    Last,
    #[syntax("{0} = {1}")]
    Equal(Name, Literal),
    #[syntax("@{0} = {1}")]
    Attribute(Name, Literal),
    #[syntax("not({0})")]
    Not(Box<Test>),
    #[syntax(infix = "and", precedence = 2)]
    And(Box<Test>, Box<Test>),
    #[syntax(infix = "or", precedence = 1)]
    Or(Box<Test>, Box<Test>),
    #[syntax("({0})")]
    Nested(Box<Test>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "'", pattern = "[^']{1,20}")]
pub(crate) struct Literal(String);

pub(crate) type Root = Path;

pub(crate) const ACCEPTED: &[&str] = &[
    "/bookstore//book[@category = 'web' and (price = '35' or 2)]/title[last()]",
    "//*/../@id",
];

pub(crate) const REFUSED: &[&str] = &["a", "/", "/a[0]", "/a[]", "/a[b = c]", "/a/", "///a"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let word = || name("[A-Za-z_][A-Za-z0-9_-]{0,15}", Name);
    let literal = || name("[^']{1,20}", Literal);
    let leaf = prop_oneof![
        (1..=u32::MAX).prop_map(Test::Position),
        Just(Test::Last),
        (word(), literal()).prop_map(|(name, text)| Test::Equal(name, text)),
        (word(), literal()).prop_map(|(name, text)| Test::Attribute(name, text)),
    ];
    // Without a group, an operand that binds more loosely stands in brackets of its own.
    let nested = |test: Box<Test>| match *test {
        Test::And(..) | Test::Or(..) => Box::new(Test::Nested(test)),
        _ => test,
    };
    let test = leaf.prop_recursive(3, 8, 2, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Test::Not(Box::new(inner))),
            two(&inner).prop_map(move |(a, b)| Test::And(nested(a), nested(b))),
            two(&inner).prop_map(move |(a, b)| Test::Or(nested(a), nested(b))),
        ]
    });
    let slash = prop_oneof![Just(Slash::Child), Just(Slash::Descendant)];
    let node = prop_oneof![
        Just(Node::Any),
        Just(Node::Parent),
        Just(Node::Text),
        word().prop_map(Node::Attribute),
        word().prop_map(Node::Element),
    ];
    let step = (slash, node, any_of(test.prop_map(Predicate), 2))
        .prop_map(|(slash, node, predicates)| Step { slash, node, predicates });
    some(step, 4).prop_map(|steps| Path { steps })
}
