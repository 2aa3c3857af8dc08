//! The grammars that ship: each is clean for OpenAI, and accepts and refuses what its cases say.

#![expect(clippy::expect_used, reason = "helpers of tests")]

#[path = "../support/cases.rs"]
mod cases;
#[path = "../support/llg.rs"]
mod llg;

use cases::shipped;
use larkspur_grammar::{Compiled, Dialect, diagnostic, lark};
use llg::Judge;

#[test]
fn every_grammar_is_clean_for_openai() {
    for grammar in shipped() {
        let findings = lark::check(&grammar.lark, Dialect::openai());
        let shown = diagnostic::render_all(&findings, &grammar.lark);
        assert!(findings.is_empty(), "{}\n{shown}", grammar.name);
    }
}

#[test]
fn our_engine_and_llguidance_agree_with_every_case() {
    let mut judged = 0;
    let mut wrong = Vec::new();
    for grammar in shipped() {
        let judge = Judge::lark(&grammar.lark).expect("llguidance compiles it");
        let compiled = lark::compile(&grammar.lark, Dialect::openai()).expect("compiles");
        let compiled = Compiled::new(&compiled).expect("compiles");
        let mut cache = compiled.cache();
        for case in &grammar.cases {
            let ours = compiled.accepts(&mut cache, &case.text);
            let ours = ours.expect("within the limits");
            let theirs = judge.accepts(&case.text);
            judged += 1;
            if (ours, theirs) != (case.accept, case.accept) {
                wrong.push(format!(
                    "{}.cases:{}: {:?}: {ours} here, {theirs} in llguidance",
                    grammar.name, case.line, case.text
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(judged >= 360, "{judged}");
}

#[test]
fn every_grammar_has_enough_cases_and_a_header() {
    let all = shipped();
    assert_eq!(all.len(), 12);
    for grammar in all {
        let accepts = grammar.cases.iter().filter(|case| case.accept).count();
        let rejects = grammar.cases.len() - accepts;
        assert!(
            accepts >= 15 && rejects >= 15,
            "{}: {accepts} + {rejects}",
            grammar.name
        );
        assert!(grammar.lark.starts_with("// "), "{}", grammar.name);
        for wanted in ["// Standard:", "Limits:"] {
            assert!(grammar.lark.contains(wanted), "{}: {wanted}", grammar.name);
        }
        assert!(!grammar.lark.contains("%ignore"), "{}", grammar.name);
    }
}
