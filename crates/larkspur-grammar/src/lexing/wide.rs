//! Terminals with large counts taken for no bounds: automata of few states, for a first look.

use regex_syntax::hir::{Hir, HirKind, Repetition};

use crate::grammar::{Expr, Extent, Grammar, GrammarBuilder, Pattern, RegexPattern, TerminalId};

/// Counts above this are taken for no bound at all in a first look.
const SMALL: u32 = 4;

/// The terminals of `grammar` in the same order, with large counts taken for no bounds. What stands under `&` or `~` keeps
/// its counts: there, less could become more.
pub(super) fn widened(grammar: &Grammar) -> Option<Grammar> {
    let mut builder = GrammarBuilder::new(grammar.semantics());
    let start = builder.rule("start");
    builder.define_rule(start, Expr::Empty);
    let ids: Vec<TerminalId> = (0..grammar.terminals().len())
        .map(|at| builder.terminal(&format!("T{at}")))
        .collect();
    for (id, terminal) in ids.iter().zip(grammar.terminals()) {
        let exact = terminal.extent == Extent::Shortest;
        let pattern = if exact {
            terminal.pattern.clone()
        } else {
            wide(&terminal.pattern)
        };
        builder.define_terminal_with(*id, pattern, None, terminal.extent, 0);
    }
    builder.build(start).ok()
}

/// Recursion is bounded by the depth of the pattern (`Limits::max_depth`).
fn wide(pattern: &Pattern) -> Pattern {
    match pattern {
        Pattern::Regex(regex) => Pattern::Regex(RegexPattern::new(
            regex.source.clone(),
            "",
            wide_hir(&regex.hir),
        )),
        Pattern::Concat(parts) => Pattern::Concat(parts.iter().map(wide).collect()),
        Pattern::Alt(parts) => Pattern::Alt(parts.iter().map(wide).collect()),
        Pattern::Repeat { pattern, min, max } => Pattern::Repeat {
            pattern: Box::new(wide(pattern)),
            min: (*min).min(SMALL),
            max: max.filter(|max| *max <= SMALL),
        },
        other => other.clone(),
    }
}

/// Recursion is bounded by the nesting of the regex.
fn wide_hir(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            min: repetition.min.min(SMALL),
            max: repetition.max.filter(|max| *max <= SMALL),
            greedy: true,
            sub: Box::new(wide_hir(&repetition.sub)),
        }),
        HirKind::Capture(capture) => wide_hir(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(wide_hir).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(wide_hir).collect()),
        _ => hir.clone(),
    }
}
