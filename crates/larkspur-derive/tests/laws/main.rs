//! The laws of every type: what is printed is read back and is a sentence for the server, what the server's grammar says is read,
//! and near misses are refused by both.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

#[path = "../../../larkspur-grammar/tests/support/llg.rs"]
mod llg;
mod types;

use std::fmt::Debug;

use larkspur::Syntax;
use larkspur::grammar::sample::Sampler;
use larkspur::grammar::{Dialect, lark, print};
use llg::Judge;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use types::{
    Arithmetic, Call, Compare, Filter, Json, Lambda, Level, Listing, Pair, Path, Select, Shell,
    Word,
};

const VALUES: u32 = 200;
const SENTENCES: u64 = 200;

#[track_caller]
fn laws<T: Syntax + Debug + PartialEq>(values: impl Strategy<Value = T>) {
    let printed = print::lark(&T::grammar().unwrap(), Dialect::openai());
    assert_eq!(printed.losses, [], "{}", printed.text);
    let findings = lark::check(&printed.text, Dialect::openai());
    assert_eq!(findings, [], "{}", printed.text);
    let server = Judge::lark(&printed.text).unwrap();

    let print_parse = |value: T| {
        let text = value.print().unwrap();
        prop_assert!(server.accepts(&text), "{}\n{}", text, printed.text);
        prop_assert_eq!(T::parse(&text).unwrap(), value);
        Ok(())
    };
    let config = ProptestConfig::with_cases(VALUES);
    TestRunner::new(config).run(&values, print_parse).unwrap();

    let read_again = lark::compile(&printed.text, Dialect::openai()).unwrap();
    let sampler = Sampler::new(&read_again).unwrap();
    for seed in 0..SENTENCES {
        let sentence = sampler.sentence(seed, 20);
        let text = &sentence.text;
        let value =
            T::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}\n{}", printed.text));
        assert_eq!(
            T::parse(&value.print().unwrap()).unwrap(),
            value,
            "{text:?}"
        );
        let miss = sampler.near_miss(&sentence, seed, 20, |text| server.accepts(text));
        if let Some(miss) = miss {
            assert!(T::parse(&miss.text).is_err(), "{:?}", miss.text);
        }
    }
}

#[track_caller]
fn reads<T: Syntax + Debug + PartialEq>(text: &str, value: &T) {
    assert_eq!(&T::parse(text).unwrap(), value);
}

#[track_caller]
fn refuses<T: Syntax + Debug>(text: &str, message: &str) {
    assert_eq!(T::parse(text).unwrap_err().to_string(), message);
}

#[test]
fn filters() {
    laws(types::filter());
}

#[test]
fn arithmetic() {
    laws(types::arithmetic());
}

#[test]
fn calls_with_lists() {
    laws(types::call());
}

#[test]
fn statements_with_options() {
    laws(types::select());
}

#[test]
fn json() {
    laws(types::json());
}

#[test]
fn functions() {
    laws(types::lambda());
}

#[test]
fn words_without_case() {
    laws(types::shell());
}

#[test]
fn generics_are_rules_of_their_own() {
    let words = || types::word();
    laws(
        (any::<u8>(), words(), any::<bool>()).prop_map(|(a, b, c)| Pair {
            left: Pair { left: a, right: b },
            right: Pair { left: c, right: a },
        }),
    );
}

#[test]
fn lists_within_bounds() {
    laws(prop::collection::vec(any::<u8>(), 2..=3).prop_map(|items| Listing { items }));
    laws(prop::collection::vec(types::word(), 1..5).prop_map(|parts| Path { parts }));
}

#[test]
fn keywords() {
    laws(prop_oneof![
        Just(Level::VeryLow),
        Just(Level::High),
        Just(Level::Off)
    ]);
    reads("very-low", &Level::VeryLow);
    reads("none", &Level::Off);
    refuses::<Level>(
        "VeryLow",
        "unexpected `V` at byte 0, expected \"very-low\", \"high\" or \"none\"",
    );
}

#[test]
fn precedence_and_associativity_shape_the_value() {
    let number = |number| Box::new(Arithmetic::Number(number));
    reads(
        "1 - 2 - 3",
        &Arithmetic::Minus(Box::new(Arithmetic::Minus(number(1), number(2))), number(3)),
    );
    reads(
        "1 ^ 2 ^ 3",
        &Arithmetic::Power(number(1), Box::new(Arithmetic::Power(number(2), number(3)))),
    );
    reads(
        "1 + 2 * 3!",
        &Arithmetic::Plus(
            number(1),
            Box::new(Arithmetic::Times(
                number(2),
                Box::new(Arithmetic::Factorial(number(3))),
            )),
        ),
    );
    refuses::<Arithmetic>(
        "1 = 2 = 3",
        "unexpected `=` at byte 6, expected \" + \", \" - \", \" * \", \" / \" or \" ^ \"",
    );
}

#[test]
fn groups_are_printed_where_they_are_needed_and_only_there() {
    let number = |number| Box::new(Arithmetic::Number(number));
    let minus = Arithmetic::Minus(number(1), Box::new(Arithmetic::Minus(number(2), number(3))));
    assert_eq!(minus.print().unwrap(), "1 - (2 - 3)");
    reads("((1)) - (2 - 3)", &minus);
    assert_eq!(
        Arithmetic::parse("(1 - 2) - 3").unwrap().print().unwrap(),
        "1 - 2 - 3"
    );
}

#[test]
fn a_value_without_a_text_is_not_printed() {
    let leaf = || Box::new(Lambda::Name(Word("x".to_owned())));
    let application = || Box::new(Lambda::Apply(leaf(), leaf()));
    let nested = Lambda::Apply(leaf(), application());
    let error = nested.print().unwrap_err();
    assert!(error.is_unsayable());
    assert_eq!(
        error.to_string(),
        "an operand binds too loosely to stand here without a group around it"
    );
    let error = Word("two words".to_owned()).print().unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"two words\" does not match `[a-z_]{1,30}`"
    );
    let error = Listing { items: vec![1] }.print().unwrap_err();
    assert_eq!(
        error.to_string(),
        "a list of 1 items, where the syntax has 2 to 3"
    );
}

#[test]
fn a_trailing_separator_and_blanks_are_read_and_not_printed() {
    let call = Call::parse("f(1,  2,)").unwrap();
    assert_eq!(call.print().unwrap(), "f( 1,  2)");
    let select = Select::parse("select  a, b  from t").unwrap();
    assert_eq!(select.print().unwrap(), "select a, b from t");
    assert!(Select::parse("select   a from t").is_err());
}

#[test]
fn case_is_ignored_where_that_is_asked_for() {
    reads(
        "ECHO x AND Echo y",
        &Shell::parse("echo x and echo y").unwrap(),
    );
    assert!(Filter::parse("a = 1 and b = 2").is_err());
}

#[test]
fn nesting_is_bounded_in_both_directions() {
    let nested = |depth: usize| format!("{}[]{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::parse(&nested(100)).is_ok());
    let error = Json::parse(&nested(300)).unwrap_err();
    assert!(error.is_limit(), "{error}");
    let deep = (0..300).fold(Json::List(Vec::new()), |inner, _| Json::List(vec![inner]));
    assert!(deep.print().unwrap_err().is_limit());
    let chain = vec!["a = 1"; 200].join(" AND ");
    assert_eq!(Filter::parse(&chain).unwrap().print().unwrap(), chain);
}

#[test]
fn the_grammar_is_named_after_the_types() {
    let printed = print::lark(&Filter::grammar().unwrap(), Dialect::openai());
    let (rules, _) = printed.text.split_once("\nWORD: ").unwrap();
    assert_eq!(
        rules,
        r#"?start: start " OR " filter_operand -> or
      | filter_operand

compare: "=" -> equal
       | "<" -> below
       | "<=" -> at_most

value: I32 -> number
     | STRING -> text
     | BOOL -> flag

?filter_operand: filter_operand " AND " filter_operand_2 -> and
               | filter_operand_2

?filter_operand_2: "NOT " filter_operand_2 -> not
                 | filter_atom

?filter_atom: WORD " " compare " " value -> compare
            | "(" start ")"
"#
    );
    assert!(matches!(
        Filter::parse("a < 1").unwrap(),
        Filter::Compare {
            op: Compare::Below,
            ..
        }
    ));
}
