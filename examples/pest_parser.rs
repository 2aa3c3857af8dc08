//! A pest parser tested against the grammar of its language.
//!
//! `cargo run --example pest_parser` shows what proptest finds in the first version of the parser; `cargo test --example
//! pest_parser` is the test as you would have it beside your parser.
//!
//! pest tries alternatives in order and never goes back, so the order of two of them decides what is read at all: an easy thing
//! to get wrong, and nothing tells you so until somebody writes that text.

use larkspur::grammar::{Dialect, Grammar, lark};
use larkspur_proptest::{Disagreement, laws, near_misses, sentences};
use pest::Parser as _;

/// The language: amounts of money in a list, such as `EUR 12.50, USD 3`. This is what the model is given.
const AMOUNTS: &str = r#"
start: amount (", " amount)*
amount: CURRENCY " " (INT | CENTS)
CURRENCY: "EUR" | "EURX" | "USD"
INT: /0|[1-9][0-9]{0,8}/
CENTS: /(0|[1-9][0-9]{0,8})\.[0-9]{2}/
"#;

mod first {
    /// `int` comes before `cents`, and `EUR` before `EURX`: the second ones are never tried where they are needed.
    #[derive(pest_derive::Parser)]
    #[grammar_inline = r#"
        amounts  = { SOI ~ amount ~ (", " ~ amount)* ~ EOI }
        amount   = { currency ~ " " ~ (int | cents) }
        currency = { "EUR" | "EURX" | "USD" }
        int      = @{ "0" | ASCII_NONZERO_DIGIT ~ ASCII_DIGIT* }
        cents    = @{ int ~ "." ~ ASCII_DIGIT ~ ASCII_DIGIT }
    "#]
    pub(super) struct Amounts;
}

mod second {
    /// The longer one first, and no more digits than the language has.
    #[derive(pest_derive::Parser)]
    #[grammar_inline = r#"
        amounts  = { SOI ~ amount ~ (", " ~ amount)* ~ EOI }
        amount   = { currency ~ " " ~ (cents | int) }
        currency = { "EURX" | "EUR" | "USD" }
        int      = @{ "0" | ASCII_NONZERO_DIGIT ~ ASCII_DIGIT{0, 8} }
        cents    = @{ int ~ "." ~ ASCII_DIGIT ~ ASCII_DIGIT }
    "#]
    pub(super) struct Amounts;
}

fn first(text: &str) -> Result<(), String> {
    let pairs = first::Amounts::parse(first::Rule::amounts, text);
    pairs.map(drop).map_err(|error| error.variant.to_string())
}

fn second(text: &str) -> Result<(), String> {
    let pairs = second::Amounts::parse(second::Rule::amounts, text);
    pairs.map(drop).map_err(|error| error.variant.to_string())
}

fn grammar() -> Result<Grammar, String> {
    lark::compile(AMOUNTS, Dialect::openai()).map_err(|_| "the grammar has faults".to_owned())
}

/// Two lines of a test.
fn both_laws(
    grammar: &Grammar,
    parse: impl Fn(&str) -> Result<(), String>,
) -> Result<(), Disagreement> {
    laws::reader_accepts_sentences(sentences(grammar), &parse)?;
    laws::rejects_near_misses(near_misses(grammar), &parse)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grammar = grammar()?;
    match both_laws(&grammar, first) {
        Ok(()) => println!("the first version holds"),
        Err(wrong) => println!("{wrong}\n"),
    }
    both_laws(&grammar, second)?;
    println!("the second version holds");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As a law.
    #[test]
    fn the_second_version_keeps_both_laws() {
        both_laws(&grammar().unwrap(), second).unwrap();
    }

    /// The same as strategies, for whatever else you want to say of a text.
    #[test]
    fn amounts_are_read() {
        let grammar = grammar().unwrap();
        proptest!(|(text in sentences(&grammar).max_lexemes(30))| {
            prop_assert!(second(&text).is_ok());
            prop_assert_eq!(first(&text).is_ok(), !text.contains('.') && !text.contains("EURX"));
        });
    }

    #[test]
    fn the_first_version_is_found_out() {
        let wrong = both_laws(&grammar().unwrap(), first).unwrap_err();
        let smallest = ["EUR 0.00", "USD 0.00", "EURX 0"];
        assert!(smallest.contains(&wrong.text()), "{wrong}");
    }
}
