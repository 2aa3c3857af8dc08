//! What holds of every language.

use std::fmt::Debug;

use larkspur::Syntax;
use larkspur::grammar::sample::Sampler;
use larkspur::grammar::{Dialect, lark, print};
use larkspur::sim::{Constrained, Writer};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::llg::Judge;

/// Texts of each kind unless the environment says otherwise.
const TEXTS: u32 = 64;

#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for by the environment"
)]
pub(crate) fn texts() -> u32 {
    let wanted = std::env::var("LARKSPUR_TEXTS").ok();
    wanted.and_then(|count| count.parse().ok()).unwrap_or(TEXTS)
}

/// The laws: what is printed is read as the same value and is a sentence for the server, both on one line and laid out; what
/// the text of the grammar says is read, drawn by the sampler and by llguidance itself; near misses are refused by both; the grammar is clean for OpenAI. Texts that are
/// `accepted` are printed as they are.
#[track_caller]
pub(crate) fn hold<T: Syntax + Debug + PartialEq>(
    values: impl Strategy<Value = T>,
    accepted: &[&str],
    refused: &[&str],
) {
    let printed = print::lark(&T::grammar().unwrap(), Dialect::openai());
    let grammar = &printed.text;
    assert_eq!(printed.losses, [], "{grammar}");
    assert_eq!(lark::check(grammar, Dialect::openai()), [], "{grammar}");
    let server = Judge::lark(grammar).unwrap();
    for text in accepted {
        let value = T::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}\n{grammar}"));
        assert_eq!(value.print().unwrap(), *text);
        assert!(server.accepts(text), "{text:?}");
    }
    for text in refused {
        assert!(T::parse(text).is_err(), "{text:?}");
        assert!(!server.accepts(text), "{text:?}");
    }
    printing(values, &server, grammar);
    sentences::<T>(&server, grammar);
    drawn::<T>(grammar);
}

/// What llguidance lets a random writer write under the text of the grammar is read, and is the same value when printed.
fn drawn<T: Syntax + Debug + PartialEq>(grammar: &str) {
    let server = Constrained::lark(grammar).unwrap();
    let mut left = texts();
    for seed in 0..u64::from(texts()) * 4 {
        let Some(text) = server.write(Writer::Random, seed).unwrap() else {
            continue;
        };
        let value = T::parse(&text).unwrap_or_else(|error| panic!("{text:?}: {error}\n{grammar}"));
        let again = value.print().unwrap();
        assert_eq!(T::parse(&again).unwrap(), value, "{text:?}");
        left -= 1;
        if left == 0 {
            return;
        }
    }
    panic!("{left} texts came to no end\n{grammar}");
}

fn printing<T: Syntax + Debug + PartialEq>(
    values: impl Strategy<Value = T>,
    server: &Judge,
    grammar: &str,
) {
    let law = |value: T| {
        for text in [value.print().unwrap(), value.pretty().unwrap()] {
            prop_assert!(server.accepts(&text), "{text}\n{grammar}");
            let read = T::parse(&text);
            prop_assert!(read.is_ok(), "{text}: {}\n{grammar}", read.unwrap_err());
            prop_assert!(read.unwrap() == value, "{text} says another value");
        }
        Ok(())
    };
    TestRunner::new(ProptestConfig::with_cases(texts()))
        .run(&values, law)
        .unwrap();
}

fn sentences<T: Syntax + Debug + PartialEq>(server: &Judge, grammar: &str) {
    let sampler = Sampler::new(&lark::compile(grammar, Dialect::openai()).unwrap()).unwrap();
    let mut misses = 0;
    for seed in 0..u64::from(texts()) {
        let sentence = sampler.sentence(seed, 24);
        let text = &sentence.text;
        assert!(server.accepts(text), "{text:?}\n{grammar}");
        let value = T::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}\n{grammar}"));
        let again = value
            .print()
            .unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(T::parse(&again).unwrap(), value, "{text:?}");
        let miss = sampler.near_miss(&sentence, seed, 24, |text| server.accepts(text));
        if let Some(miss) = miss {
            assert!(T::parse(&miss.text).is_err(), "{:?}\n{grammar}", miss.text);
            misses += 1;
        }
    }
    // An edit may find no text that is refused.
    assert!(100 * misses >= 99 * texts(), "{misses} near misses");
}
