//! `JSONPath` (RFC 9535) without function calls.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, maybe, name, some, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("${segments}")]
pub(crate) struct Query {
    #[syntax(separator = "")]
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Segment {
    #[syntax(".{0}")]
    Child(Step),
    #[syntax("..{0}")]
    Descendant(Step),
    #[syntax("[{0}]")]
    Selected(#[syntax(min = 1, max = 8)] Vec<Selector>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Step {
    #[syntax("*")]
    All,
    Member(#[syntax(pattern = "[A-Za-z_][A-Za-z0-9_]{0,19}")] String),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Selector {
    #[syntax("*")]
    All,
    Name(#[syntax(quote = "'", escape = "backslash")] String),
    Index(i32),
    #[syntax("{start}:{end}{step}")]
    Slice {
        start: Option<i32>,
        end: Option<i32>,
        #[syntax(some = ":{}")]
        step: Option<i32>,
    },
    #[syntax("?{0}")]
    Filter(Test),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Test {
    #[syntax("@{0}")]
    Exists(#[syntax(separator = "", min = 1)] Vec<Key>),
    #[syntax("@{path} {op} {value}")]
    Compare {
        #[syntax(separator = "")]
        path: Vec<Key>,
        op: Op,
        value: Literal,
    },
    #[syntax(prefix = "!", precedence = 3)]
    Not(Box<Test>),
    #[syntax(infix = "&&", precedence = 2)]
    And(Box<Test>, Box<Test>),
    #[syntax(infix = "||", precedence = 1)]
    Or(Box<Test>, Box<Test>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(".{0}")]
pub(crate) struct Key(#[syntax(pattern = "[A-Za-z_][A-Za-z0-9_]{0,19}")] String);

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Op {
    #[syntax("==")]
    Equal,
    #[syntax("!=")]
    Unequal,
    #[syntax("<")]
    Below,
    #[syntax(">=")]
    AtLeast,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase")]
pub(crate) enum Literal {
    Null,
    Flag(bool),
    Number(f64),
    Text(#[syntax(quote = "'", escape = "backslash")] String),
}

pub(crate) type Root = Query;

pub(crate) const ACCEPTED: &[&str] = &[
    "$.store.book[0, -1]..author",
    "$..*['it\\'s', 1:5:2, ::-1]",
    "$[?@.price < 10.0 && !(@.isbn || @.kind == 'x')].title",
    "$",
];

pub(crate) const REFUSED: &[&str] = &["", "$.", "$[]", "$[01]", "$.a[?@]", "$['a]", "$...a", "$[1 :2]"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    const MEMBER: &str = "[A-Za-z_][A-Za-z0-9_]{0,19}";
    let step = || prop_oneof![1 => Just(Step::All), 4 => name(MEMBER, Step::Member)];
    let op = prop_oneof![Just(Op::Equal), Just(Op::Unequal), Just(Op::Below), Just(Op::AtLeast)];
    let literal = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Flag),
        any::<f64>().prop_map(Literal::Number),
        name(".{0,10}", Literal::Text)
    ];
    let leaf = prop_oneof![
        some(name(MEMBER, Key), 3).prop_map(Test::Exists),
        (any_of(name(MEMBER, Key), 3), op, literal)
            .prop_map(|(path, op, value)| Test::Compare { path, op, value }),
    ];
    let test = leaf.prop_recursive(4, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Test::Not(Box::new(inner))),
            two(&inner).prop_map(|(a, b)| Test::And(a, b)),
            two(&inner).prop_map(|(a, b)| Test::Or(a, b)),
        ]
    });
    let number = || maybe(any::<i32>());
    let selector = prop_oneof![
        Just(Selector::All),
        name(".{0,10}", Selector::Name),
        any::<i32>().prop_map(Selector::Index),
        (number(), number(), number())
            .prop_map(|(start, end, step)| Selector::Slice { start, end, step }),
        test.prop_map(Selector::Filter),
    ];
    let segment = prop_oneof![
        step().prop_map(Segment::Child),
        step().prop_map(Segment::Descendant),
        some(selector, 3).prop_map(Segment::Selected),
    ];
    any_of(segment, 5).prop_map(|segments| Query { segments })
}
