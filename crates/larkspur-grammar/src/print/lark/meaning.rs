//! The same text under another lexer: what changes.

use super::{is_greedy, takes};
use crate::dialect::{Dialect, Feature};
use crate::grammar::{Grammar, Semantics};
use crate::lexing::Lexing;
use crate::loss::{self, Effect, Loss};

pub(super) fn compare(
    grammar: &Grammar,
    dialect: &'static Dialect,
    lexing: Option<&mut Lexing>,
    losses: &mut Vec<Loss>,
) {
    match (grammar.semantics(), dialect.semantics()) {
        (from, to) if from == to => {}
        (Semantics::Llguidance, _) => {
            let why = format!("{} may stop there", dialect.title());
            losses.extend(greedy(grammar, lexing, Effect::Wider, &why));
            losses.extend(ends(grammar, dialect, Effect::Wider));
        }
        (_, Semantics::Llguidance) => {
            let why = format!(
                "{} never gives back what a lexeme has taken",
                dialect.title()
            );
            losses.extend(greedy(grammar, lexing, Effect::Narrower, &why));
            losses.extend(ends(grammar, dialect, Effect::Narrower));
        }
        _ => {}
    }
    if !takes(dialect, Feature::TerminalPriority) {
        losses.extend(priorities(grammar, dialect));
    }
    losses.extend(options(grammar, dialect));
}

/// Lexemes that end as soon as they can are said with `&` and `~` or as a regex; the others around them do not know.
pub(super) fn lazy(
    grammar: &Grammar,
    dialect: &'static Dialect,
    lexing: Option<&mut Lexing>,
    losses: &mut Vec<Loss>,
) {
    if grammar.semantics() != Semantics::Llguidance || takes(dialect, Feature::StopAttributes) {
        return;
    }
    let effect = if is_greedy(dialect) {
        Effect::Other
    } else {
        Effect::Wider
    };
    if let Some(lexing) = lexing {
        losses.extend(loss::lazy(grammar, lexing, effect, dialect.title()));
    }
}

fn greedy(grammar: &Grammar, lexing: Option<&mut Lexing>, effect: Effect, why: &str) -> Vec<Loss> {
    match lexing {
        Some(lexing) => loss::greedy(grammar, lexing, effect, why),
        None => vec![loss::unknown_lexing(effect)],
    }
}

fn ends(grammar: &Grammar, dialect: &'static Dialect, effect: Effect) -> Option<Loss> {
    let first = grammar.ignore().first()?;
    let what = match effect {
        Effect::Wider => "ignored text is taken before the first and after the last lexeme too",
        _ => "ignored text is refused before the first and after the last lexeme",
    };
    let why = format!("that is the rule of {}", dialect.title());
    Some(Loss::new("ignore-at-ends", effect, what, why).at(grammar.terminal(*first).span))
}

fn priorities(grammar: &Grammar, dialect: &'static Dialect) -> Vec<Loss> {
    let terminals = grammar
        .terminals()
        .iter()
        .map(|one| (&one.name, one.span, one.priority));
    let rules = grammar
        .rules()
        .iter()
        .map(|one| (&one.name, one.span, one.priority));
    let given = rules
        .chain(terminals)
        .filter(|(_, _, priority)| *priority != 0);
    given
        .map(|(name, span, priority)| {
            let what = format!("priority {priority} is dropped");
            let why = format!("{} has no priorities", dialect.title());
            Loss::new("priority", Effect::Wider, what, why).of(name, span)
        })
        .collect()
}

/// `%llguidance { … }` is an extension that only llguidance itself is known to read.
fn options(grammar: &Grammar, dialect: &'static Dialect) -> Vec<Loss> {
    let options = grammar.options();
    if takes(dialect, Feature::Options) {
        return Vec::new();
    }
    let given = [
        (
            "allow_initial_skip",
            options.allow_initial_skip,
            Effect::Narrower,
        ),
        ("ignore_once", options.ignore_once, Effect::Wider),
        (
            "allow_invalid_utf8",
            options.allow_invalid_utf8,
            Effect::Narrower,
        ),
    ];
    let lost = given.into_iter().filter(|(name, is_set, _)| {
        // Outside llguidance the ends are open anyway.
        *is_set && (is_greedy(dialect) || *name != "allow_initial_skip")
    });
    lost.map(|(name, _, effect)| {
        let why = format!("{} is not known to read `%llguidance`", dialect.title());
        Loss::new("option", effect, format!("`{name}` is dropped"), why)
    })
    .collect()
}
