//! The types under test, each with a strategy of its values.

use larkspur::Syntax;
use proptest::prelude::*;

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z_]{1,30}")]
pub(crate) struct Word(pub(crate) String);

pub(crate) fn word() -> impl Strategy<Value = Word> {
    "[a-z_]{1,30}".prop_map(Word)
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Filter {
    #[syntax("{field} {op} {value}")]
    Compare {
        field: Word,
        op: Compare,
        value: Value,
    },
    #[syntax(prefix = "NOT", precedence = 3)]
    Not(Box<Filter>),
    #[syntax(infix = "AND", precedence = 2)]
    And(Box<Filter>, Box<Filter>),
    #[syntax(infix = "OR", precedence = 1)]
    Or(Box<Filter>, Box<Filter>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Compare {
    #[syntax("=")]
    Equal,
    #[syntax("<")]
    Below,
    #[syntax("<=")]
    AtMost,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Value {
    Number(i32),
    Text(String),
    Flag(bool),
}

pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    let op = prop_oneof![
        Just(Compare::Equal),
        Just(Compare::Below),
        Just(Compare::AtMost)
    ];
    let value = prop_oneof![
        any::<i32>().prop_map(Value::Number),
        any::<String>().prop_map(Value::Text),
        any::<bool>().prop_map(Value::Flag),
    ];
    let leaf =
        (word(), op, value).prop_map(|(field, op, value)| Filter::Compare { field, op, value });
    leaf.prop_recursive(5, 20, 2, |inner| {
        let inner = inner.prop_map(Box::new);
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(Filter::Not),
            two().prop_map(|(left, right)| Filter::And(left, right)),
            two().prop_map(|(left, right)| Filter::Or(left, right)),
        ]
    })
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Arithmetic {
    Number(u32),
    #[syntax(infix = "=", precedence = 1, associativity = "none")]
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
    #[syntax("|{0}|")]
    Absolute(Box<Self>),
}

pub(crate) fn arithmetic() -> impl Strategy<Value = Arithmetic> {
    let leaf = any::<u32>().prop_map(Arithmetic::Number);
    leaf.prop_recursive(5, 20, 2, |inner| {
        let inner = inner.prop_map(Box::new);
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            two().prop_map(|(left, right)| Arithmetic::Equal(left, right)),
            two().prop_map(|(left, right)| Arithmetic::Plus(left, right)),
            two().prop_map(|(left, right)| Arithmetic::Minus(left, right)),
            two().prop_map(|(left, right)| Arithmetic::Times(left, right)),
            two().prop_map(|(left, right)| Arithmetic::Over(left, right)),
            two().prop_map(|(left, right)| Arithmetic::Power(left, right)),
            inner.clone().prop_map(Arithmetic::Negative),
            inner.clone().prop_map(Arithmetic::Factorial),
            inner.prop_map(Arithmetic::Absolute),
        ]
    })
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{function}({arguments})")]
pub(crate) struct Call {
    function: Word,
    #[syntax(trailing)]
    arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(blank = 0..=1)]
pub(crate) enum Argument {
    #[syntax(" {0}")]
    Number(u16),
    #[syntax("{name}:{value}")]
    Named {
        name: Word,
        value: Option<u16>,
    },
    Call(Box<Call>),
}

pub(crate) fn call() -> impl Strategy<Value = Call> {
    let number = any::<u16>().prop_map(Argument::Number);
    let named = (word(), any::<Option<u16>>());
    let leaf = prop_oneof![
        number,
        named.prop_map(|(name, value)| Argument::Named { name, value })
    ];
    let argument = leaf.prop_recursive(3, 10, 3, |inner| {
        let call = (word(), prop::collection::vec(inner, 0..3));
        call.prop_map(|(function, arguments)| Call {
            function,
            arguments,
        })
        .prop_map(|call| Argument::Call(Box::new(call)))
    });
    (word(), prop::collection::vec(argument, 0..4)).prop_map(|(function, arguments)| Call {
        function,
        arguments,
    })
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("select {columns} from {table}{filter}{limit}", blank = 1..=2)]
pub(crate) struct Select {
    #[syntax(min = 1, max = 4)]
    columns: Vec<Word>,
    // Fields may stand in another order than they are written.
    #[syntax(some = " limit {};")]
    limit: Option<u32>,
    #[syntax(some = " where {}")]
    filter: Option<Filter>,
    table: Word,
}

pub(crate) fn select() -> impl Strategy<Value = Select> {
    let columns = prop::collection::vec(word(), 1..=4);
    let limit = any::<Option<u32>>();
    (columns, limit, prop::option::of(filter()), word()).prop_map(
        |(columns, limit, filter, table)| Select {
            columns,
            limit,
            filter,
            table,
        },
    )
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase")]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    #[syntax("[{0}]")]
    List(#[syntax(separator = ",")] Vec<Json>),
    #[syntax("{{{members}}}")]
    Object {
        #[syntax(separator = ",")]
        members: Vec<Member>,
    },
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{key}:{value}")]
pub(crate) struct Member {
    key: String,
    value: Json,
}

pub(crate) fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<f64>().prop_map(Json::Number),
        any::<String>().prop_map(Json::Text),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        let member = (any::<String>(), inner.clone());
        let member = member.prop_map(|(key, value)| Member { key, value });
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Json::List),
            prop::collection::vec(member, 0..4).prop_map(|members| Json::Object { members }),
        ]
    })
}

/// Operators without a group: some values have no text.
#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Lambda {
    Name(Word),
    #[syntax("(\\{parameter}. {body})")]
    Function {
        parameter: Word,
        body: Box<Lambda>,
    },
    #[syntax(infix = " ", precedence = 1)]
    Apply(Box<Lambda>, Box<Lambda>),
}

pub(crate) fn lambda() -> impl Strategy<Value = Lambda> {
    let leaf = word().prop_map(Lambda::Name);
    leaf.prop_recursive(5, 20, 2, |inner| {
        let function = || {
            (word(), inner.clone()).prop_map(|(parameter, body)| Lambda::Function {
                parameter,
                body: Box::new(body),
            })
        };
        (function(), function())
            .prop_map(|(left, right)| Lambda::Apply(Box::new(left), Box::new(right)))
    })
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(ignore_case)]
pub(crate) enum Shell {
    #[syntax("echo {0}")]
    Echo(Word),
    #[syntax(infix = "and", precedence = 1, associativity = "right")]
    And(Box<Shell>, Box<Shell>),
}

pub(crate) fn shell() -> impl Strategy<Value = Shell> {
    prop::collection::vec(word(), 1..5).prop_map(|words| {
        let mut words = words.into_iter().map(Shell::Echo).rev();
        let last = words.next().unwrap_or(Shell::Echo(Word("x".to_owned())));
        words.fold(last, |right, left| {
            Shell::And(Box::new(left), Box::new(right))
        })
    })
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("<{left} {right}>")]
pub(crate) struct Pair<L, R> {
    pub(crate) left: L,
    pub(crate) right: R,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Listing {
    #[syntax(separator = "; ", min = 2, max = 3, trailing)]
    pub(crate) items: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("/{parts}")]
pub(crate) struct Path {
    #[syntax(separator = "/", min = 1)]
    pub(crate) parts: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "kebab-case")]
pub(crate) enum Level {
    VeryLow,
    High,
    #[syntax("none")]
    Off,
}
