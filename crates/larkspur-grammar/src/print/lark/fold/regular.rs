//! Which rules are regular, and their patterns without the empty text.

use fixedbitset::FixedBitSet;

use crate::grammar::analysis::rules_in;
use crate::grammar::{Expr, Grammar, Pattern, RuleId, TerminalId};

/// Rules that lead to others in a chain longer than this stay rules.
const MAX_CHAIN: usize = 32;

#[derive(Debug)]
pub(super) struct Regular {
    /// Rules that derive a regular set because they lead back to no rule.
    rules: FixedBitSet,
    nullable: FixedBitSet,
}

impl Regular {
    pub(super) fn new(grammar: &Grammar) -> Self {
        let mut found = Self {
            rules: FixedBitSet::with_capacity(grammar.rules().len()),
            nullable: FixedBitSet::with_capacity(grammar.rules().len()),
        };
        let bodies: Vec<(RuleId, Vec<RuleId>)> = grammar
            .rule_ids()
            .map(|id| (id, rules_in(&grammar.rule(id).body)))
            .collect();
        // Each round adds the rules one link further from the end of a chain.
        for _ in 0..MAX_CHAIN {
            let mut changed = false;
            for (id, used) in &bodies {
                let body = &grammar.rule(*id).body;
                if found.rules.contains(id.index())
                    || !used.iter().all(|used| found.rules.contains(used.index()))
                    || has_opaque(body)
                {
                    continue;
                }
                found.rules.insert(id.index());
                let nullable = found.is_nullable_expr(grammar, body);
                found.nullable.set(id.index(), nullable);
                changed = true;
            }
            if !changed {
                break;
            }
        }
        found
    }

    pub(super) fn contains(&self, id: RuleId) -> bool {
        self.rules.contains(id.index())
    }

    pub(super) fn is_nullable(&self, id: RuleId) -> bool {
        self.nullable.contains(id.index())
    }

    fn is_nullable_expr(&self, grammar: &Grammar, expr: &Expr) -> bool {
        match expr {
            Expr::Empty => true,
            Expr::Opaque { .. } => false,
            Expr::Rule { id, .. } => self.is_nullable(*id),
            Expr::Terminal { id, .. } => is_nullable_pattern(&plain(grammar, *id)),
            Expr::Seq(parts) => parts
                .iter()
                .all(|part| self.is_nullable_expr(grammar, part)),
            Expr::Alt(parts) => parts
                .iter()
                .any(|part| self.is_nullable_expr(grammar, &part.expr)),
            Expr::Repeat { expr, min, .. } => *min == 0 || self.is_nullable_expr(grammar, expr),
        }
    }
}

/// Whether an expression uses no rules, so that it is regular and stands where it is written.
pub(super) fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Rule { .. } | Expr::Opaque { .. } => false,
        other => other.children().all(is_plain),
    }
}

/// The pattern of a terminal, with the patterns of those it refers to in their places.
pub(super) fn plain(grammar: &Grammar, id: TerminalId) -> Pattern {
    inlined(grammar, &grammar.terminal(id).pattern)
}

fn inlined(grammar: &Grammar, pattern: &Pattern) -> Pattern {
    let all = |parts: &[Pattern]| parts.iter().map(|part| inlined(grammar, part)).collect();
    match pattern {
        Pattern::Terminal(id) => plain(grammar, *id),
        Pattern::Concat(parts) => Pattern::Concat(all(parts)),
        Pattern::Alt(parts) => Pattern::Alt(all(parts)),
        Pattern::And(parts) => Pattern::And(all(parts)),
        Pattern::Not(inner) => Pattern::Not(Box::new(inlined(grammar, inner))),
        Pattern::Repeat { pattern, min, max } => Pattern::Repeat {
            pattern: Box::new(inlined(grammar, pattern)),
            min: *min,
            max: *max,
        },
        other => other.clone(),
    }
}

/// Whether a pattern matches the empty text; the terminals made here do not.
pub(super) fn is_nullable_pattern(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Literal { text, .. } => text.is_empty(),
        Pattern::Range { .. } | Pattern::Terminal(_) => false,
        Pattern::Regex(regex) => regex.hir.properties().minimum_len() == Some(0),
        Pattern::Concat(parts) | Pattern::And(parts) => parts.iter().all(is_nullable_pattern),
        Pattern::Alt(parts) => parts.iter().any(is_nullable_pattern),
        Pattern::Repeat { pattern, min, .. } => *min == 0 || is_nullable_pattern(pattern),
        Pattern::Not(inner) => !is_nullable_pattern(inner),
        Pattern::Substring(_) => true,
    }
}

/// `pattern` without the empty text, or `None` if it matches nothing else.
pub(super) fn solid(pattern: &Pattern) -> Option<Pattern> {
    if !is_nullable_pattern(pattern) {
        return Some(pattern.clone());
    }
    match pattern {
        Pattern::Literal { .. } | Pattern::Repeat { max: Some(0), .. } => None,
        Pattern::Repeat { pattern, max, .. } => Some(Pattern::Repeat {
            pattern: Box::new(solid(pattern)?),
            min: 1,
            max: *max,
        }),
        Pattern::Alt(parts) => one_or(parts.iter().filter_map(solid).collect(), Pattern::Alt),
        Pattern::Concat(parts) => {
            let ways = parts.iter().enumerate().filter_map(|(at, part)| {
                let first = solid(part)?;
                let rest = parts.iter().skip(at + 1).cloned();
                one_or(
                    std::iter::once(first).chain(rest).collect(),
                    Pattern::Concat,
                )
            });
            one_or(ways.collect(), Pattern::Alt)
        }
        other => Some(Pattern::And(vec![
            other.clone(),
            Pattern::Not(Box::new(Pattern::empty())),
        ])),
    }
}

fn one_or(mut parts: Vec<Pattern>, many: fn(Vec<Pattern>) -> Pattern) -> Option<Pattern> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(many(parts)),
    }
}

fn has_opaque(expr: &Expr) -> bool {
    matches!(expr, Expr::Opaque { .. }) || expr.children().any(has_opaque)
}
