//! The same verdict as llguidance, at every byte.

use larkspur_grammar::{Cache, Compiled, Matcher, Semantics};

use crate::grammars;
use crate::notation::grammar;
use crate::oracle::{Oracle, Verdict};

/// A generator of numbers that is the same on every machine (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }
}

pub(crate) fn judge(compiled: &Compiled, cache: &mut Cache, text: &[u8]) -> Verdict {
    let mut matcher = Matcher::new(compiled, cache).unwrap();
    let mut complete = vec![matcher.is_complete(cache).unwrap()];
    for (index, byte) in text.iter().enumerate() {
        if matcher.advance(cache, [*byte]).unwrap() == 0 {
            return Verdict {
                dead_at: Some(index),
                complete,
            };
        }
        complete.push(matcher.is_complete(cache).unwrap());
    }
    Verdict {
        dead_at: None,
        complete,
    }
}

/// A text that a random walk of single bytes finds, mostly inside the language.
fn walk(compiled: &Compiled, cache: &mut Cache, random: &mut Random, alphabet: &[u8]) -> Vec<u8> {
    let mut matcher = Matcher::new(compiled, cache).unwrap();
    let mut text = Vec::new();
    let length = 1 + random.below(40);
    'text: while text.len() < length {
        for _ in 0..20 {
            let byte = alphabet[random.below(alphabet.len())];
            if matcher.advance(cache, [byte]).unwrap() == 1 {
                text.push(byte);
                continue 'text;
            }
        }
        let expected = matcher.expected(cache).unwrap();
        let Some(terminal) = expected
            .terminals
            .get(random.below(expected.terminals.len()))
        else {
            break;
        };
        let Some(example) = &terminal.example else {
            break;
        };
        let before = text.len();
        for byte in example.bytes() {
            if matcher.advance(cache, [byte]).unwrap() == 1 {
                text.push(byte);
            }
        }
        if text.len() == before {
            break;
        }
    }
    text
}

fn mutate(text: &[u8], random: &mut Random, alphabet: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=random.below(2) {
        let at = random.below(text.len() + 1);
        match random.below(4) {
            0 if at < text.len() => {
                text.remove(at);
            }
            1 => text.insert(at, alphabet[random.below(alphabet.len())]),
            2 if at < text.len() => text[at] = alphabet[random.below(alphabet.len())],
            _ => text.truncate(at),
        }
    }
    text
}

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
        texts.push(walk(&compiled, &mut cache, &mut random, &alphabet));
        let base = texts[random.below(texts.len())].clone();
        texts.push(mutate(&base, &mut random, &alphabet));
    }
    for text in &texts {
        assert_eq!(
            judge(&compiled, &mut cache, text),
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
    let sql = grammars::reserved_sql();
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
