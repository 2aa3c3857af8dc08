//! The same verdict as llguidance, at every byte.

use larkspur_grammar::{Compiled, Semantics};

use crate::grammars;
use crate::notation::grammar;
use crate::oracle::{Oracle, judge};
use crate::walks::{Random, mutate, walk};

#[track_caller]
fn agree(name: &str, lark: &str, sentences: &[&str], rounds: usize) -> usize {
    let oracle = Oracle::try_new(lark).unwrap_or_else(|error| panic!("{lark}: {error}"));
    let compiled = Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap();
    let mut cache = compiled.cache();
    let mut random = Random(name.len() as u64);
    let mut alphabet: Vec<u8> = sentences.iter().flat_map(|text| text.bytes()).collect();
    alphabet.extend(b" a1\xc3");
    alphabet.sort_unstable();
    alphabet.dedup();
    let mut texts: Vec<Vec<u8>> = sentences
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    for _ in 0..rounds {
        texts.push(walk(&compiled, &mut cache, &mut random, &alphabet).unwrap());
        let base = texts[random.below(texts.len())].clone();
        texts.push(mutate(&base, &mut random, &alphabet));
    }
    for text in &texts {
        assert_eq!(
            judge(&compiled, &mut cache, text).unwrap(),
            oracle.judge(text),
            "{name}: {:?} (left: ours)",
            String::from_utf8_lossy(text)
        );
    }
    texts.len()
}

#[test]
fn with_llguidance_on_every_grammar_of_the_tests() {
    let mut judged = 0;
    for (name, lark, sentences) in grammars::ALL {
        judged += agree(name, lark, sentences, 100);
    }
    assert!(judged > 7_000, "{judged}");
}

#[test]
fn where_reserved_words_are_an_intersection() {
    let sql = crate::large::reserved_sql();
    agree(
        "reserved sql",
        &sql,
        &[
            "select a from b where c = 1",
            "select ordera from b order by c",
        ],
        60,
    );
}
