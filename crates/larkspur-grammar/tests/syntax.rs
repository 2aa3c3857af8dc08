//! The syntax of the standard library's types: exactly their values, there and back.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

#[path = "support/llg.rs"]
mod llg;

use std::fmt::Debug;

use larkspur_grammar::sample::Sampler;
use larkspur_grammar::{Dialect, Syntax, lark, print};
use llg::Judge;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

#[track_caller]
fn check<T: Syntax + PartialEq + Debug>(value: &T, text: &str) {
    assert_eq!(value.print().unwrap(), text);
    assert_eq!(&T::parse(text).unwrap(), value);
}

#[track_caller]
fn refuse<T: Syntax + Debug>(text: &str, message: &str) {
    assert_eq!(T::parse(text).unwrap_err().to_string(), message);
}

/// llguidance with the grammar of a type as it is printed for OpenAI.
fn server<T: Syntax>() -> Judge {
    let printed = print::lark(&T::grammar().unwrap(), Dialect::openai());
    assert_eq!(printed.losses, []);
    Judge::lark(&printed.text).unwrap()
}

/// The printed grammar is clean for OpenAI, and what it samples is read and printed again.
#[track_caller]
fn samples_parse<T: Syntax + PartialEq + Debug>() {
    let grammar = T::grammar().unwrap();
    let printed = print::lark(&grammar, Dialect::openai());
    assert_eq!(printed.losses, []);
    assert_eq!(
        lark::check(&printed.text, Dialect::openai()),
        [],
        "{}",
        printed.text
    );
    let sampler = Sampler::new(&lark::compile(&printed.text, Dialect::openai()).unwrap()).unwrap();
    for seed in 0..200 {
        let text = sampler.sentence(seed, 12).text;
        let value = T::parse(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(
            T::parse(&value.print().unwrap()).unwrap(),
            value,
            "{text:?}"
        );
    }
}

#[test]
fn leaves_have_one_canonical_text() {
    check(&true, "true");
    check(&0_u8, "0");
    check(&-128_i8, "-128");
    check(&u128::MAX, "340282366920938463463374607431768211455");
    check(&i128::MIN, "-170141183460469231731687303715884105728");
    check(&1.0_f64, "1.0");
    check(&f64::MAX, "1.7976931348623157e308");
    check(&f64::from_bits(1), "5e-324");
    check(&-0.000_012_345_678_901_234_5_f64, "-1.23456789012345e-5");
    check(&f32::MAX, "3.4028235e38");
    check(&'"', r#""\"""#);
    check(
        &"a\n\u{1}\u{7f}é😀\\".to_owned(),
        r#""a\n\u0001\u007fé😀\\""#,
    );
}

#[test]
fn holders_write_what_they_hold() {
    check(&Box::new(7_u8), "7");
    check(&Some(7_u8), "7");
    check(&None::<u8>, "");
    check(&Vec::<u8>::new(), "");
    check(&vec![1_u8, 2, 3], "1, 2, 3");
    check(
        &(1_u8, 'x', Some(true), vec![2.5_f32]),
        r#"(1, "x", true, 2.5)"#,
    );
    check(&(vec![1_u8], vec![2_u8]), "(1, 2)");
}

#[test]
fn every_small_integer_and_no_other_number_is_read() {
    for number in -1000..1000_i32 {
        let text = number.to_string();
        assert_eq!(u8::parse(&text).ok(), u8::try_from(number).ok(), "{text}");
        assert_eq!(i8::parse(&text).ok(), i8::try_from(number).ok(), "{text}");
    }
    for text in ["", "00", "01", "-0", "+1", "1.0", " 1", "1 "] {
        assert!(i64::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_number_beyond_the_range_is_refused_at_the_digit_that_leaves_it() {
    refuse::<u8>(
        "256",
        "unexpected `6` at byte 2, expected U8 or the end of the text",
    );
    for (last, first_out) in [
        ("18446744073709551615", "18446744073709551616"),
        ("9223372036854775807", "-9223372036854775808"),
    ] {
        assert!(u64::parse(last).is_ok());
        assert!(u64::parse(first_out).is_err());
    }
    assert!(i64::parse("-9223372036854775809").is_err());
}

#[test]
fn floats_are_finite() {
    for text in [
        "1e309",
        "1.8e308",
        "1.79769313486231571e308",
        "NaN",
        "inf",
        "1.",
        ".5",
        "1e",
        "1E5",
        "01.5",
    ] {
        assert!(f64::parse(text).is_err(), "{text}");
    }
    assert!(f32::parse("3.5e38").is_err());
    let error = f64::NAN.print().unwrap_err();
    assert!(error.is_unsayable());
    assert_eq!(error.to_string(), "NaN is no decimal number");
}

#[test]
fn json_escapes_are_read() {
    assert_eq!(
        String::parse(r#""\u0041\/\ud83d\uDE00\b\f""#).unwrap(),
        "A/😀\u{8}\u{c}"
    );
    for text in [r#""\ud83d""#, r#""\x""#, "\"", "a", "\"\n\"", r#""\u12""#] {
        assert!(String::parse(text).is_err(), "{text}");
    }
    for text in [r#""""#, r#""ab""#] {
        assert!(char::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_error_says_where() {
    let error = <(u8, bool)>::parse("(1, maybe)").unwrap_err();
    assert_eq!(
        error.span().map(|span| (span.start, span.end)),
        Some((4, 5))
    );
    assert!(error.rejection().is_some() && !error.is_ambiguous() && !error.is_limit());
    refuse::<(u8, bool)>("(1", "the text ends at byte 2, expected U8 or \", \"");
}

#[test]
fn two_readings_are_an_error_of_the_type() {
    let error = Option::<Option<u8>>::parse("").unwrap_err();
    assert!(error.is_ambiguous(), "{error}");
}

#[test]
fn samples_of_the_printed_grammar_are_values() {
    samples_parse::<(u8, i8, u16, i16, u32, i32)>();
    samples_parse::<(u64, i64, u128, i128, usize, isize)>();
    samples_parse::<(f32, f64, bool, char, String)>();
    samples_parse::<(Option<u8>, Vec<bool>, Vec<String>)>();
}

/// The comma behind an item either separates it from the next one or ends the list: which of the two only the token after it says.
#[test]
fn a_long_list_before_what_begins_like_its_separator_is_read_in_linear_time() {
    let value = (vec![(1_u8, 2_u8); 5_000], 3_u8);
    let text = value.print().unwrap();
    assert_eq!(<(Vec<(u8, u8)>, u8)>::parse(&text).unwrap(), value);
}

type Mixed = (Vec<(u8, String)>, Option<char>, f64, (i64, f32));

#[test]
fn printed_values_parse_and_are_sentences_for_the_server() {
    let server = server::<Mixed>();
    let law = |value: Mixed| {
        let text = value.print().unwrap();
        prop_assert!(server.accepts(&text), "{}", text);
        prop_assert_eq!(Mixed::parse(&text).unwrap(), value);
        Ok(())
    };
    TestRunner::new(ProptestConfig::with_cases(100))
        .run(&any::<Mixed>(), law)
        .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn floats_of_every_magnitude_come_back(bits: u64, small: u32) {
        let (double, single) = (f64::from_bits(bits), f32::from_bits(small));
        prop_assume!(double.is_finite() && single.is_finite());
        prop_assert_eq!(f64::parse(&double.print().unwrap()).unwrap().to_bits(), bits);
        prop_assert_eq!(f32::parse(&single.print().unwrap()).unwrap().to_bits(), small);
    }
}
