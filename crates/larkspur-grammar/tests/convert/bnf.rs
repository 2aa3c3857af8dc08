//! Lark, GBNF and EBNF into each other.

use std::fmt::Write;

use larkspur_grammar::import::{self, ImportError, Imported};
use larkspur_grammar::print::{self, Printed};
use larkspur_grammar::sample::Sampler;
use larkspur_grammar::{Dialect, Effect, Grammar, Limits, lark};

use crate::Engine;
use crate::cases::shipped;
use crate::llg::Judge;

/// What GBNF and EBNF make of a grammar, as grammars again.
fn converted(grammar: &Grammar) -> Vec<(&'static str, Printed, Engine)> {
    let limits = Limits::default();
    let gbnf = print::gbnf(grammar);
    let ebnf = print::ebnf(grammar);
    let llamas =
        import::gbnf(&gbnf.text, &limits).unwrap_or_else(|error| panic!("{error}\n{}", gbnf.text));
    let xgrammars =
        import::ebnf(&ebnf.text, &limits).unwrap_or_else(|error| panic!("{error}\n{}", ebnf.text));
    assert_eq!((llamas.losses.len(), xgrammars.losses.len()), (0, 0));
    vec![
        ("gbnf", gbnf, Engine::new(&llamas.grammar)),
        ("ebnf", ebnf, Engine::new(&xgrammars.grammar)),
    ]
}

/// Two verdicts agree as far as the losses promise.
#[track_caller]
fn agree(name: &str, text: &str, before: bool, after: bool, printed: &Printed) {
    let may = |effect| {
        printed
            .losses
            .iter()
            .any(|loss| loss.effect == effect || loss.effect == Effect::Other)
    };
    let fine =
        before == after || (after && may(Effect::Wider)) || (before && may(Effect::Narrower));
    assert!(
        fine,
        "{name}: {text:?}: {before} before, {after} after\n{}\n{:?}",
        printed.text, printed.losses
    );
}

#[test]
fn shipped_grammars_mean_the_same_without_a_lexer() {
    for shipped in shipped() {
        let grammar = lark::compile(&shipped.lark, Dialect::openai()).expect("compiles");
        for (format, printed, compiled) in converted(&grammar) {
            for case in &shipped.cases {
                agree(
                    &format!("{}.cases:{} as {format}", shipped.name, case.line),
                    &case.text,
                    case.accept,
                    compiled.accepts(&case.text),
                    &printed,
                );
            }
        }
    }
}

#[test]
fn shipped_grammars_agree_on_sampled_texts() {
    for shipped in shipped() {
        let grammar = lark::compile(&shipped.lark, Dialect::openai()).expect("compiles");
        let judge = Judge::lark(&shipped.lark).expect("compiles");
        let sampler = Sampler::new(&grammar).expect("has sentences");
        let converted = converted(&grammar);
        for (seed, sentence) in (0..).zip(sampler.sentences(7, 30).take(25)) {
            let mut texts = vec![sentence.text.clone()];
            texts.extend(
                sampler
                    .near_miss(&sentence, seed, 8, |text| judge.accepts(text))
                    .map(|near| near.text),
            );
            for text in texts {
                let before = judge.accepts(&text);
                for (format, printed, compiled) in &converted {
                    let name = format!("{} as {format}", shipped.name);
                    agree(&name, &text, before, compiled.accepts(&text), printed);
                }
            }
        }
    }
}

/// The GBNF of a Lark grammar, and its losses.
#[track_caller]
fn check(text: &str, expected: &str) {
    let grammar =
        lark::compile(text, Dialect::llguidance()).unwrap_or_else(|error| panic!("{error}"));
    let printed = print::gbnf(&grammar);
    let losses: Vec<String> = printed
        .losses
        .iter()
        .map(|loss| format!("! {loss}\n"))
        .collect();
    assert_eq!(format!("{}{}", printed.text, losses.concat()), expected);
}

#[test]
fn names_are_made_valid_and_stay_apart() {
    check(
        "start: root my_rule my-rule MY_RULE\nroot: \"1\"\nmy_rule: \"2\"\nmy-rule: \"3\"\nMY_RULE: \"4\"\n",
        "root ::= root-2 my-rule my-rule-2 my-rule-3\n\nroot-2 ::= \"1\"\n\nmy-rule ::= \"2\"\n\nmy-rule-2 ::= \"3\"\n\nmy-rule-3 ::= \"4\"\n",
    );
}

#[test]
fn left_recursion_is_rewritten() {
    check(
        "start: e\ne: e \"+\" t | e \"-\" t | t\nt: \"(\" e \")\" | /[0-9]/\n",
        "root ::= e\n\ne ::= t (\"+\" t | \"-\" t)*\n\nt ::= \"(\" e \")\" | [0-9]\n",
    );
    check(
        "start: a\na: b \"x\" | \"1\"\nb: a \"y\" | \"2\"\n",
        "root ::= a\n\na ::= \"1\" a-of-a | \"2\" a-of-b\n\na-of-a ::= (\"y\" a-of-b)?\na-of-b ::= \"x\" a-of-a\n",
    );
}

#[test]
fn what_derives_nothing_is_left_out() {
    // An endless rule, alone, in a sequence, under a count, and behind another name.
    check(
        "start: \"a\" | b \"c\" | d+ | (\"e\" b)? \"f\"\nb: \"x\" b\nd: b\n",
        "root ::= \"a\" | \"f\"\n",
    );
    check(
        "start: a \"z\"\na: \"(\" a \")\" | a \"+\" n | \"1\"\nn: \"-\" n | n \"!\"\n",
        "root ::= a \"z\"\n\na ::= \"(\" a \")\" | \"1\"\n",
    );
    let limits = Limits::default();
    for text in [
        "start: \"x\" start\n",
        "start: start \"x\"\n",
        "start: start\n",
    ] {
        let grammar = lark::compile(text, Dialect::llguidance()).expect("compiles");
        for (format, _, compiled) in converted(&grammar) {
            for text in ["", "x", "xx"] {
                assert!(!compiled.accepts(text), "{format}: {text:?}");
            }
        }
        let again = import::gbnf(&print::gbnf(&grammar).text, &limits).expect("is read");
        assert!(Sampler::new(&again.grammar).is_err());
    }
}

#[test]
fn left_recursion_through_what_may_be_empty_is_rewritten() {
    for text in [
        "start: e? start \"x\" | \"y\"\ne: \"q\"\n",
        "start: a* b\na: b? \"1\"\nb: a \"2\" | start \"3\" | \"4\"\n",
        "start: start start | \"x\" | \n",
        "start: (start \"a\" | \"b\")* \"c\"\n",
        "start: a \"1\" | \"x\"\na: b \"2\"\nb: (start | a | c)+\nc: start? \"3\"\n",
    ] {
        let grammar = lark::compile(text, Dialect::llguidance()).expect("compiles");
        let original = Engine::new(&grammar);
        let sampler = Sampler::new(&grammar).expect("has sentences");
        for (format, printed, compiled) in converted(&grammar) {
            assert_eq!(printed.losses, [], "{}", printed.text);
            let name = format!("{format} of {text}");
            for (seed, sentence) in (0..).zip(sampler.sentences(5, 8).take(40)) {
                let near = sampler.near_miss(&sentence, seed, 1, |_| false);
                for text in std::iter::once(sentence.text).chain(near.map(|near| near.text)) {
                    agree(
                        &name,
                        &text,
                        original.accepts(&text),
                        compiled.accepts(&text),
                        &printed,
                    );
                }
            }
        }
    }
}

#[test]
fn a_group_too_large_does_not_keep_a_small_one_from_being_rewritten() {
    let mut text = String::from("start: r0 | small\nsmall: small \"+\" | \"1\"\n");
    for at in 0..50 {
        let next = (at + 1) % 50;
        let _ = writeln!(text, "r{at}: r{next} \"{at:02}\" | \"x{at:02}\"");
    }
    let grammar = lark::compile(&text, Dialect::llguidance()).expect("compiles");
    let printed = print::gbnf(&grammar);
    assert!(
        printed.text.contains("\nsmall ::= \"1\" \"+\"*\n"),
        "{}",
        printed.text
    );
    let codes: Vec<&str> = printed.losses.iter().map(|loss| loss.code).collect();
    assert_eq!(codes, ["left-recursion"]);
}

#[test]
fn ignored_text_stands_between_lexemes_only() {
    check(
        "start: \"a\" b \"c\"\nb: \"b\"+\n%ignore / +/\n",
        "root ::= \"a\" b ignored \"c\"\nignored ::= \" \"*\n\nb ::= (ignored \"b\")+\n",
    );
    check(
        "start: a | \"(\" start \")\"\na: \"x\" \"y\"?\n%ignore \" \"\n",
        "root ::= a-first | \"(\" start ignored \")\"\na-first ::= \"x\" (ignored \"y\")?\nignored ::= \" \"*\n\nstart ::= a | ignored \"(\" start ignored \")\"\n\na ::= ignored \"x\" (ignored \"y\")?\n! trailing-ignore: ignored text after a whole sentence is refused, even where the sentence could have gone on: llguidance takes it there and only there, which rules cannot follow (less is accepted)\n",
    );
}

#[test]
fn what_may_be_empty_is_not_repeated() {
    check(
        "start: (\"a\"? \"b\"?)* \"c\"\n",
        "root ::= (\"a\" \"b\"? | \"b\")* \"c\"\n",
    );
}

#[test]
fn counts_stay_below_the_bound() {
    check(
        "start: A\nA: \"x\"{2500}\n",
        "root ::= a\n\na ::= a-part{2} a-part-2{500}\n\na-part ::= a-part-2{999} a-part-2\na-part-2 ::= \"x\"\n",
    );
}

#[test]
fn what_is_no_text_is_told() {
    check(
        "start: \"a\" <|end|> j\nj: %json {}\n",
        "root ::= \"a\" j\n\nj ::= .*\n! opaque: `start`: the token `<|end|>` is dropped: GBNF has nothing like it (something else is accepted)\n! opaque: `j`: `%json` becomes any text: GBNF has nothing like it (more is accepted)\n",
    );
}

/// Reads, prints, reads: the second text is the first.
#[track_caller]
fn comes_back(text: &str) {
    let limits = Limits::default();
    let read = import::gbnf(text, &limits).unwrap_or_else(|error| panic!("{error}"));
    let printed = print::gbnf(&read.grammar);
    assert_eq!((printed.text.as_str(), printed.losses.len()), (text, 0));
}

#[test]
fn gbnf_comes_back() {
    comes_back("root ::= \"a\" | [a-z]+ \"\\n\"\n");
    comes_back("root ::= item (\", \" item)*\n\nitem ::= [^\\n,]{1,40}\n");
    comes_back("root ::= (\"a\" | \"bc\")? [\\x00\\té] .\n");
    comes_back("root ::= <[128010]> \"x\"\n");
}

/// Every fault of a text, as `code line:column`.
#[track_caller]
fn faults(text: &str, expected: &[&str]) {
    let error = import::gbnf(text, &Limits::default()).expect_err("is refused");
    let lines = larkspur_grammar::LineIndex::new(text);
    let found: Vec<String> = error
        .diagnostics()
        .iter()
        .map(|one| match one.span {
            Some(span) => {
                let place = lines.place(text, span.start);
                format!("{} {}:{}", one.code, place.line, place.column)
            }
            None => one.code.to_owned(),
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_fault_of_a_text_is_told() {
    faults("", &["no-start"]);
    faults("root = \"a\"\n", &["no-start", "syntax 1:6"]);
    faults(
        "root ::= a b\na ::= \"x\"\na ::= \"y\"\n",
        &["unknown-name 1:12", "duplicate-rule 3:1"],
    );
    faults("root ::= \"a\n", &["syntax 1:10"]);
    faults("root ::= [a-z\n", &["syntax 1:10"]);
    faults(
        "root ::= [z-a] \nb ::= []\n",
        &["class-range 1:11", "empty-class 2:7"],
    );
    faults("root ::= (\"a\" | \n", &["syntax 2:1"]);
    faults("root ::= \"\\q\" \n", &["escape 1:11"]);
    faults("root ::= \"a\"{3,1}\n", &["repeat-range 1:13"]);
    faults("root ::= \"a\"{x}\n", &["syntax 1:14"]);
    faults("root ::= \"a\"\n  | \"b\"\n", &["syntax 2:3"]);
    faults(
        "root ::= my_rule\nmy_rule ::= \"x\"\n",
        &["name 1:10", "name 2:1"],
    );
    faults("root ::= \"a\" )\n", &["syntax 1:14"]);
    faults(
        &format!("root ::= {}\"a\"\n", "(".repeat(1000)),
        &["limit 1:138"],
    );
}

/// The first fault of a text, and what helps.
#[track_caller]
fn helped(read: Result<Imported, ImportError>, message: &str, hint: Option<&str>) {
    let error = read.expect_err("is refused");
    let first = error.diagnostics().first().expect("a fault");
    assert_eq!(
        (first.message.as_str(), first.hint.as_deref()),
        (message, hint)
    );
}

#[test]
fn slips_are_told_with_what_was_meant() {
    let limits = Limits::default();
    helped(
        import::gbnf("root ::= pair\nkey ::= \"k\"\npair ::= kye key\n", &limits),
        "the rule `kye` is not defined",
        Some("did you mean `key`?"),
    );
    helped(
        import::gbnf("root ::= \"a\"{,3}\n", &limits),
        "expected a number, found `,`",
        Some("the least count must be given: `{0,10}`"),
    );
    let quotes = "strings stand in double quotes";
    helped(
        import::ebnf("root ::= 'a' b\nb ::= \"b\"\n", &limits),
        quotes,
        None,
    );
    helped(import::gbnf("root ::= \"b\" 'a'\n", &limits), quotes, None);
}

#[test]
fn macros_of_xgrammar_are_read_or_refused() {
    let limits = Limits::default();
    let read = |text: &str| import::ebnf(text, &limits);
    let compiled = |text: &str| Engine::new(&read(text).expect("is read").grammar);
    let regex = compiled("root ::= \"x\" Regex(\"\\\\d+\\\\.\\\\d+\")\n");
    assert!(regex.accepts("x3.14") && !regex.accepts("x3.") && !regex.accepts("x٣.1"));
    let substring = compiled("root ::= Substring(\"ab\", \"cd\", \"e\")\n");
    assert!(substring.accepts("abcd") && substring.accepts("") && !substring.accepts("abe"));
    let refused = read("root ::= TagDispatch((\"a\", b))\nb ::= \"x\"\n").expect_err("is refused");
    assert_eq!(refused.diagnostics()[0].code, "unsupported");
}
