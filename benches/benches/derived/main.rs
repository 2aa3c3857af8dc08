//! The parser of `derive(Syntax)` beside those that pest and LALRPOP generate for the same language, from the same texts to values
//! of the same type, in the same run.
//!
//! `cargo bench --bench derived` prints the tables of `docs/speed.md`. The texts are sentences of the derived grammar, of the size
//! of a model's answers; all three are warm, and agree on every text before they are measured.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program that measures, for people"
)]

mod arithmetic;
mod filter;
#[path = "../grammar/measure.rs"]
mod measure;

use std::fmt::Debug;
use std::hint::black_box;

use larkspur_grammar::sample::Sampler;
use larkspur_grammar::{Compiled, Parser, Syntax};

use measure::{Contender, race, timed};

/// How many texts are read in one round.
const TEXTS: u64 = 1_000;

/// The most lexemes of a text.
const LEXEMES: usize = 60;

fn texts<T: Syntax>() -> Vec<String> {
    let sampler = Sampler::new(&T::grammar().expect("a grammar")).expect("sentences");
    (0..TEXTS)
        .map(|seed| sampler.sentence(seed, LEXEMES).text)
        .collect()
}

/// Every text read by a parser, whose values are dropped outside of the time that counts.
fn all<'c, V: 'c>(name: &'c str, texts: &'c [String], read: fn(&str) -> V) -> Contender<'c> {
    let work = move || {
        texts
            .iter()
            .map(|text| read(black_box(text)))
            .collect::<Vec<V>>()
    };
    Contender::new(name, move || timed(work))
}

/// The engine alone: trees, from which values would still have to be made.
fn trees<'c, T: Syntax>(texts: &'c [String]) -> Contender<'c> {
    let compiled = Compiled::new(&T::grammar().expect("a grammar")).expect("compiles");
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    Contender::new("larkspur, trees alone", move || {
        timed(|| {
            let nodes = |text: &String| {
                let tree = parser.parse_first(&mut cache, black_box(text));
                tree.expect("a sentence").heap_bytes()
            };
            texts.iter().map(nodes).sum::<usize>()
        })
    })
}

fn compare<T: Syntax + Debug + PartialEq>(
    title: &str,
    pest: fn(&str) -> T,
    lalrpop: fn(&str) -> T,
) {
    let texts = texts::<T>();
    let derived = |text: &str| T::parse(text).expect("a sentence");
    for text in &texts {
        let value = derived(text);
        assert_eq!(pest(text), value, "{text}");
        assert_eq!(lalrpop(text), value, "{text}");
    }
    let bytes = texts.iter().map(String::len).sum();
    let contenders = vec![
        all("larkspur, derived", &texts, derived),
        trees::<T>(&texts),
        all("pest and its Pratt parser", &texts, pest),
        all("LALRPOP and its lexer", &texts, lalrpop),
    ];
    race(&format!("{title}, {TEXTS} texts"), bytes, contenders);
}

fn main() {
    compare("Arithmetic", arithmetic::by_pest, arithmetic::by_lalrpop);
    compare("Filters", filter::by_pest, filter::by_lalrpop);
}
