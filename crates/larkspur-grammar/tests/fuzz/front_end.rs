//! Any bytes as the text of a grammar: no panic, places inside the text, and an answer in bounded time.

use larkspur_grammar::{Compiled, Config, Diagnostic, Dialect, Limits, Matcher, lark};

/// Bytes of a grammar that are looked at.
const MAX_TEXT: usize = 4096;
/// Steps of the walk through a grammar that compiles.
const MAX_STEPS: usize = 12;

pub(crate) fn run(bytes: &[u8]) {
    let bytes = bytes.get(..MAX_TEXT).unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    for dialect in Dialect::all() {
        check(&text, dialect);
    }
}

fn check(text: &str, dialect: &'static Dialect) {
    let limits = Limits {
        max_nodes: 100_000,
        max_symbols: 2_000,
        max_instances: 200,
        max_repeat: 100_000,
        max_terminal_bytes: 1 << 18,
        ..Limits::default()
    };
    let findings = lark::check_with(text, dialect, &limits);
    for finding in &findings {
        let places = finding
            .span
            .into_iter()
            .chain(finding.related.iter().map(|(span, _)| *span));
        for span in places.chain(finding.suggestion.iter().map(|offer| offer.span)) {
            assert!(
                text.get(span.start..span.end).is_some(),
                "{finding} {span:?}"
            );
        }
        assert!(!finding.render(text).is_empty());
    }
    let refused = findings.iter().any(Diagnostic::is_error);
    let grammar = match lark::compile_with(text, dialect, &limits) {
        Ok(grammar) => grammar,
        Err(error) => {
            // What hinders reading texts was told by the check: as a warning at least, where the dialect itself takes it.
            let told = |hinders: &Diagnostic| {
                let same = |it: &Diagnostic| it.code == hinders.code && it.span == hinders.span;
                refused || findings.iter().any(same)
            };
            let mut errors = error.diagnostics().iter().filter(|it| it.is_error());
            assert!(errors.all(told), "{}: {error}: {text}", dialect.name());
            return;
        }
    };
    let config = Config {
        max_steps: 1 << 16,
        max_items: 1 << 16,
        max_automaton_states: 2_000,
        max_terminal_nodes: 1 << 16,
        max_symbols: 1 << 16,
        ..Config::default()
    };
    if let Ok(compiled) = Compiled::with_config(&grammar, config) {
        walk(&compiled);
    }
}

/// Follows what is expected: the engine takes every example it gives.
fn walk(compiled: &Compiled) {
    let mut cache = compiled.cache();
    let Ok(mut matcher) = Matcher::new(compiled, &mut cache) else {
        return;
    };
    for step in 0..MAX_STEPS {
        let Ok(expected) = matcher.expected(&mut cache) else {
            return;
        };
        let count = expected.terminals.len().max(1);
        let Some(example) = expected
            .terminals
            .get(step % count)
            .and_then(|terminal| terminal.example.as_deref())
        else {
            return;
        };
        // The engine may hit its limits, but must know what to do with its own example.
        match matcher.advance(&mut cache, example) {
            Ok(read) => assert_eq!(read, example.len(), "{example:?} is expected and refused"),
            Err(_) => return,
        }
    }
}
