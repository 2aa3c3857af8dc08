//! The engine against an oracle, at every byte of a text: llguidance where there is a lexer, a naive recogniser where there is
//! none.

use larkspur_grammar::{Cache, Compiled, Config, Dialect, ParseError, Parser, lark};

use crate::case::Case;
use crate::naive;
use crate::oracle::{Oracle, Verdict, judge};

pub(crate) fn run(bytes: &[u8]) {
    let case = Case::read(bytes);
    let dialect = if case.scannerless {
        Dialect::xgrammar()
    } else {
        Dialect::llguidance()
    };
    let text = case.lark();
    let grammar = lark::compile(&text, dialect);
    if case.scannerless {
        let grammar = grammar.unwrap_or_else(|error| panic!("{text}: {error}"));
        let compiled = Compiled::with_config(&grammar, config()).unwrap();
        scannerless(&case, &compiled);
    } else if let Ok(oracle) = Oracle::try_new(&text) {
        let grammar = grammar.unwrap_or_else(|error| panic!("{text}: {error}"));
        let compiled = Compiled::with_config(&grammar, config()).unwrap();
        with_lexer(&case, &compiled, &oracle);
    }
}

fn config() -> Config {
    Config {
        max_steps: 1 << 18,
        max_items: 1 << 18,
        max_tree_nodes: 1 << 16,
        ..Config::default()
    }
}

fn with_lexer(case: &Case, compiled: &Compiled, oracle: &Oracle) {
    let mut cache = compiled.cache();
    let Ok(ours) = judge(compiled, &mut cache, &case.text) else {
        return;
    };
    let theirs = oracle.judge(&case.text);
    assert_eq!(
        ours,
        theirs,
        "{}\n{:?} (left: ours)",
        case.lark(),
        case.text.escape_ascii().to_string()
    );
    trees(case, compiled, &mut cache, &ours);
}

fn scannerless(case: &Case, compiled: &Compiled) {
    let mut cache = compiled.cache();
    let Ok(ours) = judge(compiled, &mut cache, &case.text) else {
        return;
    };
    let theirs = naive::sentences(&case.rules, &case.text);
    for end in 0..=case.text.len() {
        assert_eq!(
            ours.complete.get(end).copied().unwrap_or(false),
            theirs >> end & 1 == 1,
            "{}\n{:?} (left: ours)",
            case.lark(),
            case.text[..end].escape_ascii().to_string()
        );
    }
    trees(case, compiled, &mut cache, &ours);
}

/// The parser says of the whole text what the matcher says, and its tree covers no more than the text.
fn trees(case: &Case, compiled: &Compiled, cache: &mut Cache, verdict: &Verdict) {
    let sentence = verdict.dead_at.is_none() && verdict.complete.last() == Some(&true);
    let mut parser = Parser::new(compiled);
    match parser.parse_first(cache, &case.text) {
        Ok(tree) => {
            assert!(sentence, "{}\n{:?}", case.lark(), case.text);
            let covered = tree
                .walk()
                .all(|(_, node)| node.span().end <= case.text.len());
            assert!(covered);
        }
        Err(ParseError::Rejected(rejection)) => {
            assert!(!sentence, "{}\n{:?}", case.lark(), case.text);
            let died = verdict.dead_at.unwrap_or(case.text.len());
            assert_eq!(rejection.offset, died, "{}\n{:?}", case.lark(), case.text);
        }
        Err(_) => {}
    }
    // Whether it is ambiguous is not the oracle's business; that it ends is.
    let _ = parser.parse(cache, &case.text);
}
