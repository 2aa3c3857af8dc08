//! The strategies keep proptest's contract, and what they give and shrink to is what they say.

#![expect(clippy::expect_used, reason = "tests")]

use std::cell::{Cell, RefCell};

use larkspur_grammar::{Compiled, Dialect, Grammar, lark};
use larkspur_proptest::{near_misses, sentences, texts};
use proptest::strategy::{Strategy, ValueTree, check_strategy_sanity};
use proptest::test_runner::{
    Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestRng, TestRunner,
};

/// Shipped grammars with their smallest sentences.
const GRAMMARS: [(&str, &str); 5] = [
    (include_str!("../../../grammars/arithmetic.lark"), "a"),
    (include_str!("../../../grammars/json.lark"), "0"),
    (
        include_str!("../../../grammars/sql-select.lark"),
        "SELECT * FROM a",
    ),
    (include_str!("../../../grammars/lucene-query.lark"), "a"),
    (include_str!("../../../grammars/semver.lark"), "0.0.0"),
];

const LISTS: &str = "start: item (\", \" item)*\nitem: INT | \"[\" start \"]\" | NAME\n\
                     INT: /[0-9]{1,3}/\nNAME: /[a-z]{2,4}/\n";

fn grammar(text: &str) -> Grammar {
    lark::compile(text, Dialect::llguidance()).expect("compiles")
}

fn runner() -> TestRunner {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config::default(), rng)
}

/// Texts of a strategy, always the same ones.
fn drawn(strategy: &impl Strategy<Value = String>, count: usize) -> Vec<String> {
    let mut runner = runner();
    let tree = |_| strategy.new_tree(&mut runner).expect("draws").current();
    (0..count).map(tree).collect()
}

/// Shrinks as a test would that fails wherever `fails` holds; gives the text and how many texts were tried.
fn shrink(
    strategy: &impl Strategy<Value = String>,
    fails: impl Fn(&str) -> bool,
) -> (String, usize) {
    shrink_from(strategy, |_| true, fails)
}

/// The same from a text that `begins` holds of too.
fn shrink_from(
    strategy: &impl Strategy<Value = String>,
    begins: impl Fn(&str) -> bool,
    fails: impl Fn(&str) -> bool,
) -> (String, usize) {
    let mut runner = runner();
    let mut tree = loop {
        let tree = strategy.new_tree(&mut runner).expect("draws");
        if begins(&tree.current()) && fails(&tree.current()) {
            break tree;
        }
    };
    let mut tried = 0;
    let mut going = tree.simplify();
    while going {
        tried += 1;
        going = if fails(&tree.current()) {
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    (tree.current(), tried)
}

#[test]
fn the_contract_of_proptest_is_kept() {
    let lists = grammar(LISTS);
    check_strategy_sanity(sentences(&lists).max_lexemes(12), None);
    check_strategy_sanity(near_misses(&lists).max_lexemes(8), None);
    check_strategy_sanity(texts(&lists).max_lexemes(8).min_lexemes(3), None);
}

#[test]
fn what_is_always_wrong_shrinks_to_the_smallest_sentence_at_once() {
    for (lark, smallest) in GRAMMARS {
        let (text, tried) = shrink(&sentences(&grammar(lark)), |_| true);
        assert_eq!(text, smallest);
        assert!(tried <= 3, "{smallest}: {tried}");
    }
}

#[test]
fn every_text_on_the_way_is_of_its_kind() {
    for (lark, smallest) in GRAMMARS {
        let grammar = grammar(lark);
        let compiled = Compiled::new(&grammar).expect("compiles");
        let mut cache = compiled.cache();
        let mut runner = runner();
        let mut judged = 0;
        for at in 0..40 {
            let is_sentence = at % 2 == 0;
            let strategy = if is_sentence {
                sentences(&grammar).boxed()
            } else {
                near_misses(&grammar).boxed()
            };
            let mut tree = strategy.new_tree(&mut runner).expect("draws");
            loop {
                let text = tree.current();
                let accepted = compiled.accepts(&mut cache, &text).expect("within limits");
                assert_eq!(accepted, is_sentence, "{smallest}: {text:?}");
                judged += 1;
                // Every third text fails the test, the others pass.
                let going = if judged % 3 == 0 {
                    tree.simplify()
                } else {
                    tree.complicate() || tree.simplify()
                };
                if !going {
                    break;
                }
            }
        }
        assert!(judged > 300, "{smallest}: {judged}");
    }
}

#[test]
fn shrinking_drops_hoists_and_shifts() {
    let check = |fails: &dyn Fn(&str) -> bool, expected: &str| {
        let (text, tried) = shrink(&sentences(&grammar(LISTS)), fails);
        assert_eq!(text, expected);
        assert!(tried < 120, "{expected}: {tried}");
    };
    // The last of many items is the one that matters, and becomes the first.
    check(&|text| text.ends_with("]]"), "[[0]]");
    check(&|text| text.contains('z'), "za");
    check(&|text| text.contains("[[[[["), "[[[[[0]]]]]");
    check(
        &|text| text.matches(',').count() > 3 && !text.contains('['),
        "0, 0, 0, 0, 0",
    );
    check(&|text| text.contains("9, ["), "9, [0]");
    check(&|text| text.contains('7') && text.contains(']'), "[7]");
}

#[test]
fn what_lies_deep_is_brought_up() {
    let (arithmetic, _) = GRAMMARS[0];
    let deep = |text: &str| {
        text.rfind("((")
            .zip(text.find('^'))
            .is_some_and(|(open, power)| open < power)
    };
    let (text, tried) = shrink_from(&sentences(&grammar(arithmetic)), deep, |text| {
        text.contains('^')
    });
    assert_eq!(text, "a^a");
    assert!(tried < 60, "{tried}");
}

#[test]
fn every_alternative_is_reached_and_weights_and_bounds_are_kept() {
    let lists = grammar(LISTS);
    let all = drawn(&sentences(&lists), 300);
    for part in ["[", ",", "[["] {
        assert!(all.iter().any(|text| text.contains(part)), "{part}");
    }
    let flat = drawn(&sentences(&lists).weigh_alternative("item", 1, 0), 300);
    assert!(flat.iter().all(|text| !text.contains('[')));
    assert!(flat.iter().any(|text| text.contains(',')));
    let names = drawn(&sentences(&lists).weigh_alternative("item", 2, 1_000), 300);
    let is_name = |text: &&String| !text.contains(|c: char| c.is_ascii_digit());
    assert!(names.iter().filter(is_name).count() > 150);
    let long = sentences(&lists).min_lexemes(9).max_lexemes(15);
    for text in drawn(&long, 100) {
        let lexemes = text.matches(['[', ']', ',']).count() + text.split(", ").count();
        assert!((9..=15).contains(&lexemes), "{text}");
    }
    let (smallest, _) = shrink(&long, |_| true);
    assert_eq!(smallest, "[[[0]], 0]");
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let why = |strategy: &dyn Fn(&mut TestRunner) -> Option<String>| {
        strategy(&mut runner()).expect("is told")
    };
    let told = |result: Result<_, proptest::test_runner::Reason>| {
        result
            .map(|_: larkspur_proptest::TextTree| ())
            .err()
            .map(|why| why.to_string())
    };
    let lists = grammar(LISTS);
    let check = |expected: &str, draw: &dyn Fn(&mut TestRunner) -> Option<String>| {
        assert_eq!(why(draw), expected);
    };
    check("the grammar has no rule `itme`", &|runner| {
        told(sentences(&lists).weigh_rule("itme", 3).new_tree(runner))
    });
    check(
        "the rule `item` has the alternatives 0 to 2, there is no 3",
        &|runner| {
            told(
                texts(&lists)
                    .weigh_alternative("item", 3, 2)
                    .new_tree(runner),
            )
        },
    );
    check(
        "the grammar refuses the texts that its own rules derive, or they are shorter than asked for",
        &|runner| told(sentences(&grammar("start: A A\nA: /a+/\n")).new_tree(runner)),
    );
    check(
        "no edit of a sentence leads to a text that the grammar refuses",
        &|runner| told(near_misses(&grammar("start: /(.|\\n)*/\n")).new_tree(runner)),
    );
    check(
        "the grammar has no sentence: the start derives nothing, or only pieces whose texts are not known here",
        &|runner| told(sentences(&grammar("start: \"a\" start\n")).new_tree(runner)),
    );
}

#[test]
fn a_regression_file_of_proptest_brings_the_text_back() {
    let folder = tempfile::tempdir().expect("can be made");
    let file = folder.path().join("seeds.txt");
    let file: &'static str = String::leak(file.display().to_string());
    let lists = grammar(LISTS);
    let run = |cases: u32| {
        let config = Config {
            cases,
            failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))),
            ..Config::default()
        };
        let tried = RefCell::new(Vec::new());
        let failing = Cell::new(None);
        let result = TestRunner::new(config).run(&sentences(&lists), |text| {
            tried.borrow_mut().push(text.clone());
            if text.contains("]]") && text.len() > 12 {
                failing.set(failing.take().or(Some(text)));
                return Err(TestCaseError::fail("two brackets"));
            }
            Ok(())
        });
        assert!(result.is_err());
        (tried.into_inner(), failing.into_inner())
    };
    let (_, first) = run(1_000);
    let (tried, again) = run(1_000);
    assert_eq!(tried.first(), first.as_ref());
    assert_eq!(first, again);
}
