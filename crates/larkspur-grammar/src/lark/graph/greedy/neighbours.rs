//! Which terminal must follow which.

use fixedbitset::FixedBitSet;

use super::{Pair, direct_span, empty_set};
use crate::grammar::analysis::{Analysis, nullable};
use crate::grammar::{Expr, Grammar, TerminalId};
use crate::span::Span;

/// Rounds of the search for the ends of rules; a longer chain of rules is not followed.
const MAX_ROUNDS: usize = 100;
/// Optional parts between two neighbours.
const MAX_OPTIONAL: usize = 64;
/// Pairs that are collected.
const MAX_FOUND: usize = 20_000;

/// Pairs of neighbours in the sequences of all rules that are used, in the order of the text. An optional neighbour does not
/// count: if its text is taken, the sentence goes on without it.
pub(super) fn pairs(grammar: &Grammar, analysis: &Analysis) -> Vec<Pair> {
    let empty = &analysis.nullable;
    let edges = Edges {
        first: closure(grammar, empty, first),
        last: closure(grammar, empty, last),
        empty,
    };
    let mut found = Vec::new();
    for id in grammar
        .rule_ids()
        .filter(|id| analysis.reachable.contains(id.index()))
    {
        let mut stack = vec![&grammar.rule(id).body];
        while let Some(expr) = stack.pop() {
            if found.len() > MAX_FOUND {
                return found;
            }
            if let Expr::Seq(parts) = expr {
                edges.sequence(grammar, parts, &mut found);
            }
            if let Expr::Repeat {
                expr: inner,
                min: 2..,
                ..
            } = expr
            {
                edges.pair(grammar, inner, inner, &[], &mut found);
            }
            let children: Vec<&Expr> = expr.children().collect();
            stack.extend(children.into_iter().rev());
        }
    }
    found
}

struct Edges<'a> {
    first: Vec<FixedBitSet>,
    last: Vec<FixedBitSet>,
    empty: &'a FixedBitSet,
}

impl Edges<'_> {
    fn sequence(&self, grammar: &Grammar, parts: &[Expr], found: &mut Vec<Pair>) {
        for (index, left) in parts.iter().enumerate() {
            let behind = parts.get(index + 1..).unwrap_or_default();
            if let Some(right) = behind
                .iter()
                .take(MAX_OPTIONAL)
                .find(|part| !nullable(part, self.empty))
            {
                self.pair(grammar, left, right, behind, found);
            }
        }
    }

    fn pair(
        &self,
        grammar: &Grammar,
        left: &Expr,
        right: &Expr,
        behind: &[Expr],
        found: &mut Vec<Pair>,
    ) {
        let count = grammar.terminals().len();
        let (mut lasts, mut firsts) = (empty_set(count), empty_set(count));
        last(left, self.empty, &self.last, &mut lasts);
        first(right, self.empty, &self.first, &mut firsts);
        let ids: Vec<TerminalId> = grammar.terminal_ids().collect();
        let id = |at: usize| ids.get(at).copied();
        let following = written(behind);
        for left_id in lasts.ones().filter_map(id) {
            for right_id in firsts.ones().filter_map(id) {
                found.push(Pair {
                    left: left_id,
                    right: right_id,
                    left_span: direct_span(left),
                    right_span: direct_span(right),
                    following: following.clone(),
                });
            }
        }
    }
}

/// The terminals at the beginning of `parts`, up to the first part that is none.
fn written(parts: &[Expr]) -> Vec<(TerminalId, Span)> {
    let terminal = |part: &Expr| {
        if let Expr::Terminal {
            id,
            span: Some(span),
            ..
        } = part
        {
            Some((*id, *span))
        } else {
            None
        }
    };
    parts.iter().map_while(terminal).take(6).collect()
}

type Ends = fn(&Expr, &FixedBitSet, &[FixedBitSet], &mut FixedBitSet);

/// The least sets, rule by rule, until nothing is added: in practice a few rounds.
fn closure(grammar: &Grammar, empty: &FixedBitSet, ends: Ends) -> Vec<FixedBitSet> {
    let mut sets = vec![empty_set(grammar.terminals().len()); grammar.rules().len()];
    for _ in 0..MAX_ROUNDS {
        let mut changed = false;
        for (at, rule) in grammar.rules().iter().enumerate() {
            let mut found = empty_set(grammar.terminals().len());
            ends(&rule.body, empty, &sets, &mut found);
            if let Some(set) = sets.get_mut(at)
                && !found.is_subset(set)
            {
                set.union_with(&found);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    sets
}

/// The terminals that `expr` can begin with. Recursion is bounded by the depth of the expression.
fn first(expr: &Expr, empty: &FixedBitSet, sets: &[FixedBitSet], found: &mut FixedBitSet) {
    ends(expr, empty, sets, found, false);
}

/// The terminals that `expr` can end with.
fn last(expr: &Expr, empty: &FixedBitSet, sets: &[FixedBitSet], found: &mut FixedBitSet) {
    ends(expr, empty, sets, found, true);
}

fn ends(
    expr: &Expr,
    empty: &FixedBitSet,
    sets: &[FixedBitSet],
    found: &mut FixedBitSet,
    backwards: bool,
) {
    match expr {
        Expr::Terminal { id, .. } => found.insert(id.index()),
        Expr::Rule { id, .. } => {
            if let Some(set) = sets.get(id.index()) {
                found.union_with(set);
            }
        }
        Expr::Seq(parts) => {
            let mut ordered: Vec<&Expr> = parts.iter().collect();
            if backwards {
                ordered.reverse();
            }
            for part in ordered {
                ends(part, empty, sets, found, backwards);
                if !nullable(part, empty) {
                    break;
                }
            }
        }
        Expr::Alt(parts) => parts
            .iter()
            .for_each(|part| ends(&part.expr, empty, sets, found, backwards)),
        Expr::Repeat { expr, .. } => ends(expr, empty, sets, found, backwards),
        Expr::Empty | Expr::Opaque { .. } => {}
    }
}
