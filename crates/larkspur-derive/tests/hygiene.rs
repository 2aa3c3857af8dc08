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
