//! The derived code needs no prelude, no name of the library's own, and gives rise to no warning.

#![no_implicit_prelude]
#![deny(warnings)]

extern crate larkspur_grammar as renamed;

use ::larkspur::Syntax;

/// A name of the prelude, with another meaning.
#[derive(Debug, PartialEq, Syntax)]
#[syntax("{some}:{none}", crate = "renamed")]
struct Option<T> {
    some: T,
    #[syntax(separator = ",", trailing, min = 1, max = 2)]
    none: ::std::vec::Vec<T>,
}

#[derive(Debug, PartialEq, Syntax)]
#[syntax(crate = "::larkspur_grammar", ignore_case, group = "[{}]", blank = 0..=0)]
enum Result {
    Ok,
    #[syntax("Err {type}")]
    Err {
        r#type: String,
    },
    #[syntax(prefix = "not", precedence = 1)]
    Vec(::std::boxed::Box<Result>),
    #[syntax("some({0})")]
    Some(#[syntax(some = "={}")] ::std::option::Option<u8>),
}

#[derive(Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z]+")]
struct String(::std::string::String);

#[derive(Debug, PartialEq, Syntax)]
#[syntax("unit")]
struct Unit;

/// Names that derived code has a use for itself.
mod shadowed {
    use ::larkspur::Syntax;

    #[derive(Debug, PartialEq, Syntax)]
    #[syntax("<{0}>")]
    pub(super) struct Vec<T>(pub(super) T);

    #[derive(Debug, PartialEq, Syntax)]
    #[syntax("box {0}")]
    pub(super) struct Box(pub(super) Vec<u8>);

    #[derive(Debug, PartialEq, Syntax)]
    pub(super) enum Error {
        Expr,
        Self_,
        #[syntax("node {_node} {_fields} {_field_0} {_out} {_definitions} {_some} {_item}")]
        Node {
            _node: u8,
            _fields: u8,
            _field_0: u8,
            _out: u8,
            _definitions: u8,
            #[syntax(some = "some {}")]
            _some: ::core::option::Option<u8>,
            #[syntax(separator = ";")]
            _item: ::std::vec::Vec<u8>,
        },
    }

    /// Modules with the names of crates.
    mod core {}
    mod larkspur {}
    mod std {}
}

/// Where clauses, bounds, defaults and constants stay as they are.
#[derive(Debug, PartialEq, Syntax)]
#[syntax("{0}")]
struct Bounded<T: ::core::marker::Copy = u8, const N: usize = 3>(T)
where
    T: ::core::fmt::Debug;

/// What a macro of the user's writes is derived like what is written by hand.
macro_rules! newtype {
    ($name:ident, $pattern:literal) => {
        #[derive(Debug, PartialEq, Syntax)]
        #[syntax(pattern = $pattern)]
        struct $name(::std::string::String);
    };
}

newtype!(Word, "[a-z]+");

/// The same of `derive(Partial)`.
#[expect(dead_code, reason = "types that are only derived for")]
mod partial {
    use ::larkspur as facade;
    use ::larkspur::Partial;
    use ::serde::Deserialize;

    #[derive(Clone, Debug, Deserialize, Partial)]
    #[partial(
        crate = "facade::partial",
        name = "Vec",
        derive(::core::cmp::PartialEq)
    )]
    pub(super) struct Option {
        pub(super) r#type: ::std::string::String,
        pub(super) _field_0: ::core::option::Option<u8>,
        #[serde(flatten)]
        pub(super) _partial: Some,
        pub(super) _view: Result,
        pub(super) _key: (u8, u8),
    }

    #[derive(Clone, Debug, Deserialize, Partial)]
    #[partial(derive(::core::cmp::PartialEq))]
    pub(super) struct Some {
        #[partial(whole)]
        pub(super) _value: u8,
    }

    #[derive(Clone, Debug, Deserialize, Partial)]
    #[partial(derive(::core::cmp::PartialEq))]
    pub(super) enum Result {
        Ok,
        None {
            _value: u8,
            _index: u8,
            _tag: u8,
            _hidden: u8,
        },
        Progress(::std::boxed::Box<Option>, u8),
    }

    /// A struct without fields, and an enum without variants.
    #[derive(Clone, Debug, Deserialize, Partial)]
    struct Nothing {}

    #[derive(Clone, Debug, Deserialize, Partial)]
    enum Never {}

    #[derive(Clone, Debug, Deserialize, Partial)]
    pub(super) struct Unit;

    mod core {}
    mod larkspur {}
    mod std {}
}

#[test]
fn companions_are_hygienic() {
    let empty = <partial::Vec as ::core::default::Default>::default();
    ::std::assert!(empty.r#type.is_absent() && empty._view.is_absent() && empty._key.is_absent());
    ::std::assert!(empty._field_0.is_absent() && empty._partial.is_absent());
    let value = ::larkspur::partial::Draft::<partial::Result>::new();
    ::std::assert!(value.progress().is_absent());
}

#[test]
fn hostile_names_do_no_harm() {
    let value = Option::<u8>::parse("1:2,3,");
    ::std::assert_eq!(
        value.map(|value| value.none).ok(),
        ::std::option::Option::Some(::std::vec![2, 3])
    );
    ::std::assert!(::std::matches!(
        Result::parse("NOTERRx"),
        ::std::result::Result::Ok(Result::Vec(_))
    ));
    ::std::assert!(::std::matches!(
        Result::parse("ok"),
        ::std::result::Result::Ok(Result::Ok)
    ));
    ::std::assert!(::std::matches!(
        Result::parse("some(=7)"),
        ::std::result::Result::Ok(Result::Some(_))
    ));
    ::std::assert!(::std::matches!(
        Unit::parse("unit"),
        ::std::result::Result::Ok(Unit)
    ));
}

#[test]
fn names_in_the_way_do_no_harm() {
    use shadowed::{Box, Error, Vec};

    ::std::assert_eq!(
        Box::parse("box <7>").ok(),
        ::core::option::Option::Some(Box(Vec(7)))
    );
    let text = "node 1 2 3 4 5 some 6 7;8";
    let value = Error::parse(text);
    ::std::assert!(::std::matches!(
        value,
        ::core::result::Result::Ok(Error::Node { _field_0: 3, .. })
    ));
    ::std::assert_eq!(
        value.ok().and_then(|value| value.print().ok()).as_deref(),
        ::core::option::Option::Some(text)
    );
    ::std::assert_eq!(
        Error::parse("Expr").ok(),
        ::core::option::Option::Some(Error::Expr)
    );
    ::std::assert_eq!(
        Error::parse("Self_").ok(),
        ::core::option::Option::Some(Error::Self_)
    );
}

#[test]
fn generics_and_macros_do_no_harm() {
    let bounded = Bounded::<u8, 3>::parse("7");
    ::std::assert_eq!(bounded.ok(), ::core::option::Option::Some(Bounded(7)));
    ::std::assert!(Word::parse("seven").is_ok());
}
