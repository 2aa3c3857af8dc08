//! Sentences become smaller and stay sentences.

use larkspur_grammar::sample::{Sampler, Shrinker};
use larkspur_grammar::{Dialect, lark};

use crate::Engine;
use crate::cases::shipped;

/// Shrinks until nothing smaller `fails`; gives how many texts were proposed.
fn shrink(shrinker: &mut Shrinker, mut fails: impl FnMut(&str) -> bool) -> usize {
    let mut proposed = 0;
    while shrinker.propose(|_| true) {
        proposed += 1;
        if fails(&shrinker.sentence().text) {
            shrinker.keep();
        } else {
            shrinker.refuse();
        }
    }
    proposed
}

#[test]
fn the_shrinker_begins_with_the_sentence_that_was_drawn() {
    for shipped in shipped() {
        let grammar = lark::compile(&shipped.lark, Dialect::openai()).expect("compiles");
        let sampler = Sampler::new(&grammar).expect("has sentences");
        let choices = sampler.choices();
        for seed in 0..50 {
            let sentence = sampler.sentence_by(&choices, seed, 30);
            let shrinker = sampler.shrinker(&choices, seed, 30);
            assert_eq!(shrinker.sentence(), &sentence, "{}", shipped.name);
        }
    }
}

#[test]
fn much_of_what_is_proposed_is_a_sentence_already() {
    let (mut sentences, mut proposed) = (0, 0);
    for shipped in shipped() {
        let grammar = lark::compile(&shipped.lark, Dialect::openai()).expect("compiles");
        let engine = Engine::new(&grammar);
        let sampler = Sampler::new(&grammar).expect("has sentences");
        let choices = sampler.choices();
        for seed in 0..10 {
            let mut shrinker = sampler.shrinker(&choices, seed, 30);
            let mut size = shrinker.sentence().text.len();
            let mut turn = 0;
            proposed += shrink(&mut shrinker, |text| {
                turn += 1;
                let accepted = engine.accepts(text);
                sentences += usize::from(accepted);
                let kept = accepted && turn % 4 == 0 && text.len() <= size;
                if kept {
                    size = text.len();
                }
                kept
            });
        }
    }
    // What is not: edits of lexemes, which only the recogniser judges.
    assert!(proposed > 5_000, "{proposed}");
    assert!(3 * sentences > proposed, "{sentences} of {proposed}");
}

#[test]
fn a_near_miss_keeps_its_edit_while_the_sentence_shrinks() {
    let grammar = lark::compile(
        "start: item (\",\" item)*\nitem: INT | \"[\" start \"]\"\nINT: /[0-9]{1,4}/\n",
        Dialect::llguidance(),
    )
    .expect("compiles");
    let engine = Engine::new(&grammar);
    let sampler = Sampler::new(&grammar).expect("has sentences");
    let choices = sampler.choices();
    let mut shrunk = std::collections::BTreeMap::new();
    for seed in 0..400 {
        let sentence = sampler.sentence_by(&choices, seed, 20);
        let near = sampler.near_miss(&sentence, seed, 32, |text| engine.accepts(text));
        let Some(near) = near else { continue };
        let mut shrinker = sampler
            .shrinker(&choices, seed, 20)
            .spoiled(&near)
            .expect("is one stretch");
        assert_eq!(shrinker.sentence().text, near.text);
        shrink(&mut shrinker, |text| !engine.accepts(text));
        *shrunk.entry(shrinker.sentence().text.clone()).or_insert(0) += 1;
    }
    // The language has these near misses of one lexeme or less, and nothing is left of the rest.
    assert!(shrunk.keys().all(|text| text.len() <= 4), "{shrunk:?}");
    assert!(shrunk.len() > 4, "{shrunk:?}");
}

#[test]
fn long_derivations_and_long_lexemes_stay_within_the_work_that_is_allowed() {
    let check = |text: &str, least: usize| {
        let grammar = lark::compile(text, Dialect::llguidance()).expect("compiles");
        let sampler = Sampler::new(&grammar).expect("has sentences");
        let mut choices = sampler.choices();
        choices.set_rule("start", 1_000).expect("is a rule");
        let long = |seed: &u64| sampler.sentence_by(&choices, *seed, 5_000).text.len() >= least;
        let seed = (0..100).find(long).expect("one is long");
        let mut shrinker = sampler.shrinker(&choices, seed, 5_000);
        let before = shrinker.sentence().text.len();
        shrink(&mut shrinker, |_| false);
        assert_eq!(shrinker.sentence().text.len(), before);
    };
    check("start: \"a\" start \"b\" | \"a\"\n", 2_000);
    check("start: \"a\"{5000} \"b\"*\n", 5_000);
    check("start: A\nA: /[a-z]{5000}/\n", 5_000);
}
