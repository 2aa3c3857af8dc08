//! A hand-written parser tested against the grammar of its language, with a regression file.
//!
//! `cargo run --example hand_written_parser` shows the smallest texts on which the first version and the grammar differ: one that it
//! should read and does not, one that it reads and should not, and one that it reads as something else. `cargo test --example
//! hand_written_parser` is the test as you would have it beside your parser.

use larkspur::grammar::{Dialect, Grammar, lark};
use larkspur_proptest::{laws, near_misses, sentences};

/// The language: ranges of pages, such as `1-3, 8, 10-`. This is what the model is given.
const PAGES: &str = r#"
start: range (", " range)*
range: PAGE | PAGE "-" PAGE?
PAGE: /[1-9][0-9]{0,3}/
"#;

/// Pages from the first on; to the last one, or to the end.
type Range = (u16, Option<u16>);

/// Written in a hurry.
fn first(text: &str) -> Result<Vec<Range>, String> {
    let range = |text: &str| match text.split_once('-') {
        Some((from, to)) => Ok((page(from)?, Some(page(to)?))),
        None => page(text).map(|page| (page, Some(page))),
    };
    text.split(',').map(|part| range(part.trim())).collect()
}

/// As the grammar says it.
fn second(text: &str) -> Result<Vec<Range>, String> {
    let range = |text: &str| match text.split_once('-') {
        Some((from, "")) => Ok((exact_page(from)?, None)),
        Some((from, to)) => Ok((exact_page(from)?, Some(exact_page(to)?))),
        None => exact_page(text).map(|page| (page, Some(page))),
    };
    text.split(", ").map(range).collect()
}

fn page(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{text:?} is no page"))
}

fn exact_page(text: &str) -> Result<u16, String> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || text.starts_with('0') {
        return Err(format!("{text:?} is no page"));
    }
    page(text)
}

fn print(ranges: &[Range]) -> String {
    let range = |range: &Range| match range {
        (from, Some(to)) if from == to => from.to_string(),
        (from, Some(to)) => format!("{from}-{to}"),
        (from, None) => format!("{from}-"),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}

fn grammar() -> Result<Grammar, String> {
    lark::compile(PAGES, Dialect::openai()).map_err(|_| "the grammar has faults".to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grammar = grammar()?;
    let outcomes = [
        laws::reader_accepts_sentences(sentences(&grammar), first),
        laws::rejects_near_misses(near_misses(&grammar), first),
        laws::parsers_agree(sentences(&grammar), second, first),
    ];
    for outcome in outcomes {
        match outcome {
            Ok(()) => println!("holds"),
            Err(wrong) => println!("{wrong}\n"),
        }
    }
    laws::reader_accepts_sentences(sentences(&grammar), second)?;
    laws::rejects_near_misses(near_misses(&grammar), second)?;
    laws::print_parse_identity(sentences(&grammar), second, |ranges| print(ranges))?;
    println!("the second version holds");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use larkspur_proptest::Laws;
    use proptest::prelude::*;

    #[test]
    fn the_second_version_keeps_every_law() {
        let grammar = grammar().unwrap();
        // With `with_source_file`, failures are kept beside the source and tried first the next time.
        let laws = Laws::with(ProptestConfig {
            cases: 500,
            ..ProptestConfig::with_source_file(file!())
        });
        laws.reader_accepts_sentences(sentences(&grammar), second)
            .unwrap();
        laws.rejects_near_misses(near_misses(&grammar), second)
            .unwrap();
        laws.print_parse_identity(sentences(&grammar), second, |ranges| print(ranges))
            .unwrap();
    }

    /// The same as strategies, for whatever else you want to say of a text.
    #[test]
    fn as_many_ranges_as_commas() {
        let grammar = grammar().unwrap();
        proptest!(|(text in sentences(&grammar).weigh_alternative("range", 1, 5))| {
            prop_assert_eq!(second(&text).unwrap().len(), 1 + text.matches(',').count());
        });
    }

    #[test]
    fn the_first_version_is_found_out() {
        let grammar = grammar().unwrap();
        let strict = laws::reader_accepts_sentences(sentences(&grammar), first).unwrap_err();
        assert_eq!(strict.text(), "1-");
        let lax = laws::rejects_near_misses(near_misses(&grammar), first).unwrap_err();
        assert!(lax.text().len() <= 3, "{lax}");
    }
}
