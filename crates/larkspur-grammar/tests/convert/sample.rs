//! Sentences: they are sentences, they go everywhere, and their near misses are none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use larkspur_grammar::grammar::{Expr, GrammarBuilder, Pattern, Semantics};
use larkspur_grammar::sample::{Edit, Sampler};
use larkspur_grammar::{Dialect, lark};

use crate::Engine;
use crate::cases::shipped;
use crate::llg::Judge;

fn sampler(text: &str) -> Sampler {
    Sampler::new(&lark::compile(text, Dialect::llguidance()).expect("compiles"))
        .expect("has sentences")
}

#[test]
fn sentences_of_the_shipped_grammars_are_sentences() {
    let mut judged = 0;
    for shipped in shipped() {
        let grammar = lark::compile(&shipped.lark, Dialect::openai()).expect("compiles");
        let (ours, theirs) = (
            Engine::new(&grammar),
            Judge::lark(&shipped.lark).expect("compiles"),
        );
        let sampler = Sampler::new(&grammar).expect("has sentences");
        for sentence in sampler.sentences(1, 40).take(100) {
            assert!(
                theirs.accepts(&sentence.text),
                "{}: {:?}",
                shipped.name,
                sentence.text
            );
            assert!(
                ours.accepts(&sentence.text),
                "{}: {:?}",
                shipped.name,
                sentence.text
            );
            judged += 1;
        }
    }
    assert_eq!(judged, 1200);
}

#[test]
fn every_alternative_and_repetition_is_reached() {
    for shipped in shipped() {
        let sampler = sampler(&shipped.lark);
        let mut sentences = sampler.sentences(3, 20);
        let total = sentences.coverage().total;
        for _ in 0..total {
            sentences.next();
        }
        assert!(
            sentences.coverage().is_complete(),
            "{}: {:?}",
            shipped.name,
            sentences.coverage()
        );
    }
}

#[test]
fn every_terminal_is_drawn() {
    let grammar = lark::compile(
        "start: a*\na: \"x\" | b \",\"\nb: A | B? C\nA: \"1\"\nB: \"2\"\nC: \"3\"\n",
        Dialect::llguidance(),
    )
    .expect("compiles");
    let drawn: BTreeSet<String> = Sampler::new(&grammar)
        .expect("has sentences")
        .sentences(5, 10)
        .take(20)
        .flat_map(|sentence| sentence.lexemes)
        .map(|lexeme| grammar.terminal(lexeme.terminal).name.clone())
        .collect();
    assert_eq!(
        drawn.into_iter().collect::<Vec<_>>(),
        ["A", "B", "C", "COMMA", "X"]
    );
}

#[test]
fn near_misses_are_refused_and_come_from_every_edit() {
    let mut edits: BTreeMap<Edit, usize> = BTreeMap::new();
    for shipped in shipped() {
        let sampler = sampler(&shipped.lark);
        let judge = Judge::lark(&shipped.lark).expect("compiles");
        for (seed, sentence) in (0..).zip(sampler.sentences(11, 20).take(40)) {
            let near = sampler.near_miss(&sentence, seed, 64, |text| judge.accepts(text));
            let Some(near) = near else { continue };
            assert!(
                !judge.accepts(&near.text),
                "{}: {:?}",
                shipped.name,
                near.text
            );
            *edits.entry(near.edit).or_default() += 1;
        }
    }
    assert_eq!(edits.len(), 6, "{edits:?}");
    assert!(edits.values().sum::<usize>() > 400, "{edits:?}");
}

#[test]
fn the_same_seed_gives_the_same_texts() {
    let sampler = sampler("start: (A | \"(\" start \")\")+\nA: /[a-z0-9]{1,8}/\n");
    let texts = |seed| {
        sampler
            .sentences(seed, 30)
            .take(50)
            .map(|one| one.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(4), texts(4));
    assert_ne!(texts(4), texts(5));
    assert_eq!(sampler.sentence(9, 20), sampler.sentence(9, 20));
}

/// All characters that lexemes of a terminal were made of.
fn alphabet(pattern: &str, draws: u64) -> BTreeSet<char> {
    let grammar = lark::compile(&format!("start: A\nA: {pattern}\n"), Dialect::llguidance())
        .expect("compiles");
    let sampler = Sampler::new(&grammar).expect("has sentences");
    let id = grammar.terminal_named("A").expect("is defined");
    (0..draws)
        .filter_map(|seed| sampler.lexeme(id, seed))
        .collect::<String>()
        .chars()
        .collect()
}

#[test]
fn every_range_of_a_class_is_drawn() {
    assert_eq!(
        alphabet("/[a-cx]/", 200).into_iter().collect::<String>(),
        "abcx"
    );
    let wide = alphabet("/[a-z\\u0400-\\u04FF\\U0001F600-\\U0001F64F]/", 2000);
    assert!(wide.iter().any(|c| ('\u{400}'..='\u{4FF}').contains(c)));
    assert!(wide.iter().any(|c| ('\u{1F600}'..='\u{1F64F}').contains(c)));
    assert!(alphabet("\"k\"i", 300).contains(&'\u{212A}'));
}

#[test]
fn operators_and_lazy_ends_are_drawn_exactly() {
    let text = "start: A\nA: /[a-d]{1,3}/ & ~(\"ab\" | /c.*/)\n";
    let grammar = lark::compile(text, Dialect::llguidance()).expect("compiles");
    let sampler = Sampler::new(&grammar).expect("has sentences");
    let drawn: BTreeSet<String> = (0..2000)
        .map(|seed| sampler.sentence(seed, 1).text)
        .collect();
    assert!(!drawn.contains("ab") && !drawn.iter().any(|text| text.starts_with('c')));
    assert!(drawn.contains("a") && drawn.contains("aba") && drawn.contains("dd"));
    let lazy = sampler_texts("start: r\nr[lazy]: /[a-c]*c/\n");
    assert!(
        lazy.iter().all(|text| text.matches('c').count() == 1),
        "{lazy:?}"
    );
}

fn sampler_texts(text: &str) -> Vec<String> {
    sampler(text)
        .sentences(2, 10)
        .take(200)
        .map(|one| one.text)
        .collect()
}

#[test]
fn sizes_are_kept_and_every_productive_grammar_ends() {
    for text in [
        "start: \"a\" start start | \"b\"\n",
        "start: start start | \"x\" | start \"y\"\n",
        "start: (start \",\")* \"x\"\n",
        "start: a\na: b | a a a\nb: \"x\" | b\n",
    ] {
        let sampler = sampler(text);
        for seed in 0..200 {
            assert!(sampler.sentence(seed, 25).lexemes.len() <= 25, "{text}");
        }
    }
}

#[test]
fn grammars_without_sentences_are_refused() {
    let build = |body: fn(&mut GrammarBuilder) -> Expr| {
        let mut builder = GrammarBuilder::new(Semantics::Llguidance);
        let start = builder.rule("start");
        let body = body(&mut builder);
        builder.define_rule(start, body);
        Sampler::new(&builder.build(start).expect("builds"))
    };
    let endless =
        build(|builder| Expr::seq([builder.literal("a"), Expr::rule(builder.rule("start"))]));
    assert!(endless.expect_err("is refused").is_unproductive());
    let never = build(|builder| {
        let id = builder.terminal("N");
        builder.define_terminal(id, Pattern::Alt(Vec::new()));
        Expr::terminal(id)
    });
    assert!(never.expect_err("is refused").is_unproductive());
    // Forty rules, each twice the one before: no sentence has fewer than 2^40 lexemes.
    let mut text = String::from("start: r0\n");
    for at in 0..40 {
        let next = at + 1;
        writeln!(text, "r{at}: r{next} r{next}").expect("writes");
    }
    text += "r40: \"x\"\n";
    let grammar = lark::compile(&text, Dialect::llguidance()).expect("compiles");
    let error = Sampler::new(&grammar).expect_err("is refused");
    assert!(
        !error.is_unproductive() && error.to_string().contains("the limit is 1000000"),
        "{error}"
    );
}

#[test]
fn a_recogniser_may_choose() {
    let text = "start: A A\nA: /[ab]+/\n";
    let judge = Judge::lark(text).expect("compiles");
    assert!(
        sampler(text)
            .sentence_where(1, 5, 50, |text| judge.accepts(text))
            .is_none()
    );
    let text = "start: A \"b\"\nA: /[ab]{1,2}/\n";
    let judge = Judge::lark(text).expect("compiles");
    let found = sampler(text)
        .sentence_where(1, 5, 50, |text| judge.accepts(text))
        .expect("there are some");
    assert_eq!(found.text.len(), 3);
}
