//! A GraphQL selection set, with a layout of its own.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, maybe, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{{\n  {items}\n}}", blank = 1..=80, lines)]
pub(crate) struct Selection {
    #[syntax(separator = "\n", min = 1)]
    items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(blank = 1..=80, lines)]
pub(crate) enum Item {
    #[syntax("{alias}{name}{arguments}{directives}{selection}")]
    Field {
        #[syntax(some = "{}: ")]
        alias: Option<Name>,
        name: Name,
        #[syntax(some = "({})", separator = ", ")]
        arguments: Vec<Argument>,
        #[syntax(some = " {}", separator = " ")]
        directives: Vec<Directive>,
        #[syntax(some = " {}")]
        selection: Option<Box<Selection>>,
    },
    #[syntax("...{0}")]
    Spread(Name),
    #[syntax("... on {0} {1}")]
    Inline(Name, Box<Selection>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{name}: {value}")]
pub(crate) struct Argument {
    name: Name,
    value: Value,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("@{name}({argument})")]
pub(crate) struct Directive {
    name: Name,
    argument: Argument,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Value {
    #[syntax("${0}")]
    Variable(Name),
    Number(i32),
    Text(String),
    Flag(bool),
    #[syntax("[{0}]")]
    List(Vec<Value>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[_A-Za-z][_0-9A-Za-z]{0,19}")]
pub(crate) struct Name(String);

pub(crate) type Root = Selection;

pub(crate) const ACCEPTED: &[&str] = &[
    "{ id me: user(id: $id, tags: [\"a\", 1]) @include(if: true) { name ...Basics } }",
    "{ ... on Droid { height(unit: 1) } }",
];

pub(crate) const REFUSED: &[&str] = &["{ }", "{ id", "{ id,name }", "{ a() }", "{ a(b 1) }", "{id}"];

fn word() -> impl Strategy<Value = Name> + Clone {
    // `on` is no name of a fragment.
    "[_A-Za-z][_0-9A-Za-z]{0,19}".prop_map(Name)
}

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let value = prop_oneof![
        word().prop_map(Value::Variable),
        any::<i32>().prop_map(Value::Number),
        ".{0,10}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Flag),
    ];
    let value = value.prop_recursive(2, 4, 3, |inner| any_of(inner, 3).prop_map(Value::List));
    let argument = (word(), value).prop_map(|(name, value)| Argument { name, value }).boxed();
    let directive = (word(), argument.clone())
        .prop_map(|(name, argument)| Directive { name, argument })
        .boxed();
    let field = move |selection: BoxedStrategy<Option<Box<Selection>>>| {
        let head = (maybe(word()), word(), any_of(argument.clone(), 2));
        (head, any_of(directive.clone(), 1), selection).prop_map(
            |((alias, name, arguments), directives, selection)| Item::Field {
                alias,
                name,
                arguments,
                directives,
                selection,
            },
        )
    };
    let leaf = prop_oneof![4 => field(Just(None).boxed()), 1 => word().prop_map(Item::Spread)];
    let item = leaf.prop_recursive(4, 16, 3, move |inner| {
        let selection = some(inner, 3).prop_map(|items| Box::new(Selection { items }));
        let inline = (word(), selection.clone());
        prop_oneof![
            field(selection.prop_map(Some).boxed()),
            inline.prop_map(|(name, selection)| Item::Inline(name, selection)),
        ]
    });
    some(item, 3).prop_map(|items| Selection { items })
}
