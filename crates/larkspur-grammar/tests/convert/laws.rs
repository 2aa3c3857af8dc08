//! Laws over random grammars: printing and reading is the identity, and a conversion without losses keeps every verdict.

use std::fmt::Write;

use larkspur_grammar::print;
use larkspur_grammar::sample::{Rng, Sampler};
use larkspur_grammar::{Dialect, Effect, Grammar, Limits, import, lark};
use llguidance::api::ParserLimits;
use proptest::prelude::*;

use crate::Engine;
use crate::llg::Judge;
use crate::shape::shape;

/// Writes a small grammar: few letters, so that terminals run into each other, with recursion on both sides.
struct Writer {
    rng: Rng,
    rules: usize,
}

impl Writer {
    fn grammar(seed: u64) -> String {
        let mut rng = Rng::new(seed);
        let rules = 1 + rng.index(4);
        let mut writer = Self { rng, rules };
        let mut text = String::new();
        for at in 0..rules {
            let name = if at == 0 {
                "start".to_owned()
            } else {
                format!("r{at}")
            };
            let body = writer.alternatives(2);
            let _ = writeln!(text, "{name}: {body}");
        }
        text += "A: /[ab]+/\nB: \"a\" | \"bc\"\nC: /c?b/ \"c\"\nD: (\"a\" \"c\"?){1,2}\nE: /[a-c]{1,2}/ & ~(\"a\" | \"bb\")\n";
        if writer.rng.one_in(4) {
            text += "%ignore \" \"\n";
        }
        text
    }

    fn alternatives(&mut self, depth: usize) -> String {
        let count = 1 + self.rng.index(3);
        let parts: Vec<String> = (0..count).map(|_| self.sequence(depth)).collect();
        parts.join(" | ")
    }

    fn sequence(&mut self, depth: usize) -> String {
        let count = 1 + self.rng.index(3);
        let parts: Vec<String> = (0..count).map(|_| self.piece(depth)).collect();
        parts.join(" ")
    }

    fn piece(&mut self, depth: usize) -> String {
        let atom = match self.rng.below(12) {
            0..=1 => "A".to_owned(),
            2 => "B".to_owned(),
            3 => self.pick(&["C", "D", "E"]).to_owned(),
            4..=6 => self
                .pick(&["\"a\"", "\"b\"", "\"ab\"", "\"c\"", "\"\\n\"", "\"b\"i"])
                .to_owned(),
            7 => "/[b-d]/".to_owned(),
            8..=9 => match self.rng.index(self.rules) {
                0 => "start".to_owned(),
                at => format!("r{at}"),
            },
            _ if depth > 0 => format!("({})", self.alternatives(depth - 1)),
            _ => "\"d\"".to_owned(),
        };
        let count = ["", "", "", "", "?", "*", "+", "{2}", "{1,3}", "{2,}"];
        atom + self.pick(&count)
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let at = self.rng.index(of.len());
        *of.get(at).expect("an index below the length")
    }

    /// A text over the same letters.
    fn text(&mut self) -> String {
        let letters = ['a', 'b', 'c', 'd', ' ', '\n', 'B'];
        let length = self.rng.index(7);
        (0..length).map(|_| self.pick(&letters)).collect()
    }
}

/// The grammar, if it is one with a sentence.
fn random(seed: u64) -> Option<(String, Grammar, Sampler)> {
    let text = Writer::grammar(seed);
    let grammar = lark::compile(&text, Dialect::llguidance()).ok()?;
    let sampler = Sampler::new(&grammar).ok()?;
    Some((text, grammar, sampler))
}

/// Sampled sentences, their near misses, random texts.
fn texts(sampler: &Sampler, seed: u64) -> Vec<String> {
    let mut all = Vec::new();
    for (at, sentence) in (0..).zip(sampler.sentences(seed, 5).take(12)) {
        all.extend(
            sampler
                .near_miss(&sentence, seed ^ at, 1, |_| false)
                .map(|near| near.text),
        );
        all.push(sentence.text);
    }
    let mut writer = Writer {
        rng: Rng::new(!seed),
        rules: 1,
    };
    all.extend((0..20).map(|_| writer.text()));
    // The grammars are as ambiguous as can be, and long texts have readings without number.
    all.retain(|text| text.len() <= 10);
    all
}

fn check(
    name: &str,
    original: &Engine,
    result: &Engine,
    losses: &[larkspur_grammar::Loss],
    texts: &[String],
) -> Result<(), TestCaseError> {
    let may = |effect| {
        losses
            .iter()
            .any(|loss| loss.effect == effect || loss.effect == Effect::Other)
    };
    for text in texts {
        let (before, after) = (original.accepts(text), result.accepts(text));
        prop_assert!(
            before == after || after && may(Effect::Wider) || before && may(Effect::Narrower),
            "{name}: {text:?}: {before} before, {after} after, {losses:?}"
        );
    }
    Ok(())
}

/// `b` is `[b-d]` and `[bB]` at once, so behind it a `b` may begin the last rule and be one more `[b-d]`: no terminal may
/// hold that rule.
#[test]
fn a_lexeme_of_several_terminals_is_followed_by_what_follows_any_of_them() {
    let text = "root ::= a root? | pair [b-d]* [bB] last\npair ::= [a-c] [a-c]\na ::= \"a\" a?\nlast ::= \"c\"? \"bc\"\n";
    let read = import::gbnf(text, &Limits::default()).expect("a grammar");
    let printed = print::lark(&read.grammar, Dialect::openai());
    let again = lark::compile(&printed.text, Dialect::openai()).expect("what was printed");
    let result = Engine::new(&again);
    let judge = Judge::lark(&printed.text).expect("compiles");
    for (text, accepted) in [
        ("ccbcbc", true),
        ("ccbbcbc", true),
        ("ccbbbc", true),
        ("ccbbcb", false),
    ] {
        assert_eq!(Engine::new(&read.grammar).accepts(text), accepted, "{text}");
        assert!(
            result.accepts(text) == accepted || !printed.losses.is_empty(),
            "{text}\n{}",
            printed.text
        );
        assert_eq!(judge.accepts(text), result.accepts(text), "{text}");
    }
    assert!(printed.losses.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn printing_and_reading_is_the_identity(seed: u64) {
        let Some((text, grammar, _)) = random(seed) else { return Ok(()) };
        let printed = print::lark(&grammar, Dialect::llguidance());
        let again = lark::compile(&printed.text, Dialect::llguidance());
        let again = again.map_err(|error| TestCaseError::fail(format!("{error}\n{}", printed.text)))?;
        prop_assert_eq!(shape(&again), shape(&grammar), "{}\n{}", text, printed.text);
        prop_assert!(printed.losses.is_empty());
    }

    #[test]
    fn the_sampler_ends_reaches_everything_and_misses_nearly(seed: u64) {
        let Some((text, grammar, sampler)) = random(seed) else { return Ok(()) };
        let engine = Engine::new(&grammar);
        let shortest = sampler.sentence(seed, 0).lexemes.len();
        for size in [1, 4, 9] {
            let sentence = sampler.sentence(seed, size);
            prop_assert!(sentence.lexemes.len() <= size.max(shortest), "{}", text);
        }
        let mut sentences = sampler.sentences(seed, 6);
        let total = sentences.coverage().total;
        for sentence in sentences.by_ref().take(total) {
            if sentence.text.len() > 10 {
                continue;
            }
            let near = sampler.near_miss(&sentence, seed, 8, |text| text.len() > 12 || engine.accepts(text));
            let rejected = near.is_none_or(|near| near.text != sentence.text && !engine.accepts(&near.text));
            prop_assert!(rejected, "{}", text);
        }
        prop_assert!(sentences.coverage().is_complete(), "{}\n{:?}", text, sentences.coverage());
    }

    #[test]
    fn lark_to_gbnf_and_ebnf_keeps_verdicts(seed: u64) {
        let Some((text, grammar, sampler)) = random(seed) else { return Ok(()) };
        let original = Engine::new(&grammar);
        let texts = texts(&sampler, seed);
        for (printed, read) in [
            (print::gbnf(&grammar), import::gbnf as fn(&str, &Limits) -> _),
            (print::ebnf(&grammar), import::ebnf),
        ] {
            let again = read(&printed.text, &Limits::default());
            let again = again.map_err(|error| TestCaseError::fail(format!("{error}\n{}", printed.text)))?;
            let result = Engine::new(&again.grammar);
            check(&format!("{text}\n{}", printed.text), &original, &result, &printed.losses, &texts)?;
        }
    }

    #[test]
    fn gbnf_to_lark_keeps_verdicts(seed: u64) {
        let Some((_, grammar, sampler)) = random(seed) else { return Ok(()) };
        let gbnf = print::gbnf(&grammar);
        let scannerless = import::gbnf(&gbnf.text, &Limits::default());
        let scannerless = scannerless.map_err(|error| TestCaseError::fail(error.to_string()))?.grammar;
        let printed = print::lark(&scannerless, Dialect::openai());
        let again = lark::compile(&printed.text, Dialect::openai());
        let again = again.map_err(|error| TestCaseError::fail(format!("{error}\n{}", printed.text)))?;
        let texts = texts(&sampler, seed);
        let (original, result) = (Engine::new(&scannerless), Engine::new(&again));
        let name = format!("{}\n{}", gbnf.text, printed.text);
        check(&name, &original, &result, &printed.losses, &texts)?;
        // And what OpenAI runs says the same of the Lark.
        let judge = Judge::lark(&printed.text).map_err(|error| TestCaseError::fail(format!("{error}\n{name}")))?;
        for text in &texts {
            let theirs = judge.verdict(text).map_err(TestCaseError::fail)?;
            prop_assert_eq!(theirs, result.accepts(text), "{:?}\n{}", text, printed.text);
        }
    }
}

/// A grammar so ambiguous that llguidance gives up within its own bounds: its verdict of old, "no", was none.
#[test]
fn where_llguidance_gives_up_it_says_so_and_agrees_without_its_bounds() {
    let (_, grammar, _) = random(9_264_564_089_611_921_098).expect("has sentences");
    let gbnf = print::gbnf(&grammar).text;
    let scannerless = import::gbnf(&gbnf, &Limits::default())
        .expect("is read")
        .grammar;
    let printed = print::lark(&scannerless, Dialect::openai());
    assert!(printed.losses.is_empty());
    let text = "a a  aa a a a";

    let bounded = Judge::with_limits(&printed.text, &ParserLimits::default()).expect("compiles");
    let message = bounded.verdict(text).expect_err("gives up");
    assert!(message.contains("items; max is 2000"), "{message}");

    let judge = Judge::lark(&printed.text).expect("compiles");
    let again = lark::compile(&printed.text, Dialect::openai()).expect("compiles");
    assert!(
        judge.accepts(text)
            && Engine::new(&again).accepts(text)
            && Engine::new(&scannerless).accepts(text)
    );
}
