//! A LALRPOP parser tested against the grammar of its language.
//!
//! `cargo run --example lalrpop_parser` shows what proptest finds in the first version of the parser; `cargo test --example
//! lalrpop_parser` is the test as you would have it beside your parser.
//!
//! LALRPOP's lexer knows nothing of the parser: it skips white space everywhere, and a text that two terminals match is always
//! the same one of them, also where only the other may stand. Both are easily forgotten, and no conflict is reported for them.

use lalrpop_util::lalrpop_mod;
use lalrpop_util::lexer::Token;
use larkspur::grammar::{Dialect, Grammar, lark};
use larkspur_proptest::{Disagreement, laws, near_misses, sentences};

lalrpop_mod!(first);
lalrpop_mod!(second);

/// The language: what is typed into the search field of a shop, such as `kind:lamp -colour:red price<50`. This is what the
/// model is given.
const QUERIES: &str = r#"
start: term (" " term)*
term: "-"? NAME ":" WORD | NAME (">" | "<") INT
NAME: /[a-z]{1,12}/
WORD: /[a-z0-9]{1,12}/
INT: /0|[1-9][0-9]{0,8}/
"#;

/// One condition of a search.
#[derive(Debug, PartialEq)]
pub(crate) enum Term<'t> {
    Is {
        not: bool,
        name: &'t str,
        value: &'t str,
    },
    Compare {
        name: &'t str,
        above: bool,
        bound: u32,
    },
}

type ParseError<'t> = lalrpop_util::ParseError<usize, Token<'t>, &'static str>;

impl<'t> Term<'t> {
    fn compare(name: &'t str, above: bool, bound: &str) -> Result<Self, ParseError<'t>> {
        let wrong = |_| ParseError::User {
            error: "the number is too large",
        };
        let bound = bound.parse().map_err(wrong)?;
        Ok(Self::Compare { name, above, bound })
    }
}

fn first(text: &str) -> Result<Vec<Term<'_>>, ParseError<'_>> {
    first::QueryParser::new().parse(text)
}

fn second(text: &str) -> Result<Vec<Term<'_>>, ParseError<'_>> {
    second::QueryParser::new().parse(text)
}

fn grammar() -> Result<Grammar, String> {
    lark::compile(QUERIES, Dialect::openai()).map_err(|_| "the grammar has faults".to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grammar = grammar()?;
    // What is read borrows from the text, which the laws keep to themselves: `drop` is enough for them.
    let read = |text: &str| first(text).map(drop).map_err(|error| error.to_string());
    let missing = laws::reader_accepts_sentences(sentences(&grammar), read);
    let too_much = laws::rejects_near_misses(near_misses(&grammar), read);
    for law in [missing, too_much] {
        match law {
            Ok(()) => println!("the first version holds\n"),
            Err(wrong) => println!("{wrong}\n"),
        }
    }
    both_laws(&grammar, |text| {
        second(text).map(drop).map_err(|error| error.to_string())
    })?;
    println!("the second version holds");
    Ok(())
}

/// Two lines of a test.
fn both_laws(
    grammar: &Grammar,
    parse: impl Fn(&str) -> Result<(), String>,
) -> Result<(), Disagreement> {
    laws::reader_accepts_sentences(sentences(grammar), &parse)?;
    laws::rejects_near_misses(near_misses(grammar), &parse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told<'t>(read: Result<Vec<Term<'t>>, ParseError<'t>>) -> Result<(), String> {
        read.map(drop).map_err(|error| error.to_string())
    }

    /// As a law.
    #[test]
    fn the_second_version_keeps_both_laws() {
        both_laws(&grammar().unwrap(), |text| told(second(text))).unwrap();
    }

    /// The same as strategies, for whatever else you want to say of a text: here, where the first version reads it at all, it
    /// reads what the second one does.
    #[test]
    fn what_both_versions_read_is_the_same() {
        let grammar = grammar().unwrap();
        proptest!(|(text in sentences(&grammar).max_lexemes(30))| {
            let terms = second(&text).unwrap();
            prop_assert_eq!(terms.len(), text.split(' ').count());
            if let Ok(known) = first(&text) {
                prop_assert_eq!(known, terms);
            }
        });
    }

    #[test]
    fn the_first_version_is_found_out() {
        let grammar = grammar().unwrap();
        let wrong = laws::reader_accepts_sentences(sentences(&grammar), |text| told(first(text)));
        assert_eq!(wrong.unwrap_err().text(), "a:0");
        let wrong = laws::rejects_near_misses(near_misses(&grammar), |text| told(first(text)));
        // Digits or white space where none may be, or a name with one letter more than it may have.
        let wrong = wrong.unwrap_err();
        assert!(wrong.text().len() <= 15, "{wrong}");
    }
}
