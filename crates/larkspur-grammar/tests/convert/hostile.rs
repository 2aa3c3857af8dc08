//! Large and malicious grammars: an answer or a typed error, soon, and no overflow of the stack.

use std::fmt::Write;

use larkspur_grammar::sample::Sampler;
use larkspur_grammar::{Dialect, Grammar, Limits, import, lark, print};

use crate::Engine;
use crate::llg::Judge;

/// Prints in every format.
fn print_all(text: &str) -> Vec<String> {
    let grammar =
        lark::compile(text, Dialect::llguidance()).unwrap_or_else(|error| panic!("{error}"));
    vec![
        print::gbnf(&grammar).text,
        print::ebnf(&grammar).text,
        print::lark(&grammar, Dialect::openai()).text,
    ]
}

#[test]
fn many_alternatives_are_printed_and_sampled() {
    let words: Vec<String> = (0..20_000).map(|at| format!("\"w{at}\"")).collect();
    let text = format!("start: {}\n", words.join(" | "));
    for printed in print_all(&text) {
        assert!(printed.contains("\"w19999\""));
    }
    let grammar = lark::compile(&text, Dialect::llguidance()).expect("compiles");
    let sampler = Sampler::new(&grammar).expect("has sentences");
    assert_eq!(sampler.sentences(1, 5).take(100).count(), 100);
}

#[test]
fn long_chains_of_rules_are_printed_and_sampled() {
    let mut text = String::from("start: r0\n");
    for at in 0..5_000 {
        writeln!(text, "r{at}: \"(\" r{} \")\" | \"x\"", at + 1).expect("writes");
    }
    text += "r5000: \"y\"\n";
    for printed in print_all(&text) {
        assert!(printed.lines().count() > 5_000);
    }
    let grammar = lark::compile(&text, Dialect::llguidance()).expect("compiles");
    assert!(Sampler::new(&grammar).is_ok());
}

#[test]
fn rules_that_all_begin_with_each_other_are_rewritten_or_told() {
    let group = |count: usize| {
        let mut text = String::from("start: r0\n");
        for at in 0..count {
            let ways: Vec<String> = (0..count).map(|to| format!("r{to} \"{at}\"")).collect();
            writeln!(text, "r{at}: {} | \"x{at}\"", ways.join(" | ")).expect("writes");
        }
        lark::compile(&text, Dialect::llguidance()).expect("compiles")
    };
    let small = print::gbnf(&group(12));
    assert!(
        small
            .losses
            .iter()
            .all(|loss| loss.code != "left-recursion")
    );
    let large = print::gbnf(&group(60));
    assert!(
        large
            .losses
            .iter()
            .any(|loss| loss.code == "left-recursion")
    );
}

#[test]
fn many_optional_parts_in_front_stay_small() {
    let parts: Vec<String> = (0..400).map(|at| format!("\"{at},\"?")).collect();
    let text = format!("start: ({})* \"x\"\n%ignore \" \"\n", parts.join(" "));
    for printed in print_all(&text) {
        assert!(printed.len() < 2_000_000, "{}", printed.len());
    }
}

#[test]
fn huge_counts_are_printed() {
    let printed = print_all("start: \"a\"{1,1000000} A\nA: /[b-d]{2,100000}/\n");
    assert!(printed.iter().all(|text| text.len() < 10_000));
}

#[test]
fn what_nests_too_deep_is_refused() {
    let limits = Limits::default();
    let deep = format!(
        "root ::= {}\"a\"{}\n",
        "(".repeat(100_000),
        ")".repeat(100_000)
    );
    assert_eq!(
        import::gbnf(&deep, &limits)
            .expect_err("is refused")
            .diagnostics()[0]
            .code,
        "limit"
    );
    assert_eq!(
        import::ebnf(&deep, &limits)
            .expect_err("is refused")
            .diagnostics()[0]
            .code,
        "limit"
    );
    let stars = format!("root ::= \"a\"{}\n", "*".repeat(100_000));
    assert_eq!(
        import::gbnf(&stars, &limits)
            .expect_err("is refused")
            .diagnostics()[0]
            .code,
        "limit"
    );
    let deepest = format!("root ::= {}\"a\"{}\n", "(".repeat(100), ")+".repeat(100));
    let read = import::gbnf(&deepest, &limits).expect("is read");
    assert_eq!(print::gbnf(&read.grammar).text, "root ::= \"a\"+\n");
}

/// `depth` groups within each other, around `inner`.
fn nested(depth: usize, inner: &str) -> String {
    (0..depth).fold(inner.to_owned(), |inner, at| match at % 4 {
        0 => format!("(\"a\" | \"b\" {inner})"),
        1 => format!("(\"c\" {inner} \"c\")"),
        2 => format!("({inner} \"d\")?"),
        _ => format!("(\"e\" | {inner} \"f\")"),
    })
}

/// Sentences of a grammar printed for llguidance, and their near misses, judged by it and by the grammar as it was.
#[track_caller]
fn agrees_with_llguidance(grammar: &Grammar) {
    let printed = print::lark(grammar, Dialect::openai());
    assert_eq!(printed.losses, [], "{}", printed.text);
    let judge =
        Judge::lark(&printed.text).unwrap_or_else(|error| panic!("{error}\n{}", printed.text));
    let original = Engine::new(grammar);
    let sampler = Sampler::new(grammar).expect("has sentences");
    let (mut accepted, mut rejected) = (0, 0);
    for (seed, sentence) in (0..).zip(sampler.sentences(1, 12).take(60)) {
        let near = sampler.near_miss(&sentence, seed, 8, |text| original.accepts(text));
        for text in std::iter::once(sentence.text).chain(near.map(|near| near.text)) {
            let verdict = judge.accepts(&text);
            assert_eq!(
                verdict,
                original.accepts(&text),
                "{text:?}\n{}",
                printed.text
            );
            *if verdict {
                &mut accepted
            } else {
                &mut rejected
            } += 1;
        }
    }
    assert!(accepted >= 30 && rejected >= 10, "{accepted} {rejected}");
}

#[test]
fn groups_are_held_within_what_llguidance_takes() {
    for depth in [25, 28, 29, 60, 120] {
        // What is regular becomes terminals; what leads back to its rule stays rules.
        for inner in ["\"x\"", "(\"x\" | \"(\" root \")\")"] {
            let text = format!("root ::= {}\n", nested(depth, inner));
            let read = import::gbnf(&text, &Limits::default()).expect("is read");
            agrees_with_llguidance(&read.grammar);
        }
        // Python's Lark has no such bound.
        for text in [
            format!("start: {}\n", nested(depth, "\"x\"")),
            format!("start: \"<\" A \">\"\nA: {}\n", nested(depth, "/x/")),
            format!(
                "start: \"s\" {}\"x\"{}\n",
                "[\"a\" ".repeat(depth),
                "]".repeat(depth)
            ),
        ] {
            let grammar = lark::compile(&text, Dialect::lark()).expect("compiles");
            agrees_with_llguidance(&grammar);
        }
    }
}

#[test]
fn nonsense_is_refused_without_harm() {
    let limits = Limits::default();
    for text in [
        "\0",
        "root ::= \u{0}",
        "root ::= \"\u{10FFFF}",
        "::=",
        "root ::=",
        "root ::= [\\",
        "<",
        "root ::= a{",
        "\r\r\r",
    ] {
        let _ = import::gbnf(text, &limits).map(|read| print::gbnf(&read.grammar));
        let _ = import::ebnf(text, &limits).map(|read| print::ebnf(&read.grammar));
    }
    let large = Limits {
        max_bytes: 10,
        ..Limits::default()
    };
    assert!(import::gbnf("root ::= \"abc\"\n", &large).is_err());
}

/// Reads a file of one form, refused or not, and says what was found.
#[cfg(feature = "pest")]
fn codes_of_pest(text: &str) -> Vec<&'static str> {
    let read = import::pest(text, None, &Limits::default());
    let findings = read
        .as_ref()
        .err()
        .map_or(&[][..], |error| error.diagnostics());
    findings.iter().map(|finding| finding.code).collect()
}

#[cfg(feature = "pest")]
#[test]
fn rules_of_pest_are_followed_once() {
    let rules = |count: usize, body: &dyn Fn(usize) -> String, last: &str| {
        let mut text = String::new();
        for at in 0..count {
            writeln!(text, "r{at} = {{ {} }}", body(at + 1)).expect("writes");
        }
        text + &format!("r{count} = {{ {last} }}\n")
    };
    // One chain, which pest's validator follows on the stack.
    let chain = |last: &str| rules(20_000, &|next| format!("\"x\"? ~ r{next}"), last);
    assert_eq!(codes_of_pest(&chain("\"y\"")), [""; 0]);
    assert_eq!(codes_of_pest(&chain("r0")), ["left-recursion"]);
    assert_eq!(
        codes_of_pest(&chain("r5*")),
        ["left-recursion", "endless-repetition"]
    );
    // Two ways at each rule, of which pest's validator tries every combination.
    let fork = |last: &str| {
        rules(
            1_000,
            &|next| format!("r{next} ~ \"x\" | r{next} ~ \"y\""),
            last,
        )
    };
    assert_eq!(codes_of_pest(&fork("\"z\"")), [""; 0]);
    assert_eq!(codes_of_pest(&fork("r7")), ["left-recursion"]);
}

#[cfg(feature = "pest")]
#[test]
fn repetitions_within_each_other_stay_small() {
    for postfix in ["+", "{2}", "{1,3}", "{,2}", "?"] {
        let nested = format!(
            "a = {{ {}\"x\"{} }}\nWHITESPACE = {{ \" \" }}\n",
            "(".repeat(100),
            format!("){postfix}").repeat(100)
        );
        assert_eq!(codes_of_pest(&nested), [""; 0], "{postfix}");
    }
}

#[cfg(feature = "pest")]
#[test]
fn what_is_looked_for_stays_small() {
    // Each sequence with lookahead is folded into a pattern that holds those of the next rule twice.
    let mut text = String::new();
    for at in 0..200 {
        writeln!(text, "r{at} = {{ !\"b\" ~ r{} ~ r{} }}", at + 1, at + 1).expect("writes");
    }
    text += "r200 = { \"a\" }\n";
    assert_eq!(codes_of_pest(&text), [""; 0]);
    // Each choice with lookahead doubles what is behind it.
    let choices = vec!["(!\"a\" | \"b\")"; 200].join(" ~ ");
    assert_eq!(
        codes_of_pest(&format!("a = {{ !({choices}) ~ ANY }}")),
        [""; 0]
    );
}
