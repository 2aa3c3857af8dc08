//! What follows from a grammar's shape alone: which rules can be reached, derive something, derive the empty text.

use fixedbitset::FixedBitSet;

use super::{Expr, Grammar, Pattern, RuleId, TerminalId};

/// Facts about every rule of a grammar, as sets of rule indices. Computed in time linear in the grammar.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Analysis {
    /// Rules that occur in some derivation from the start.
    pub reachable: FixedBitSet,
    /// Rules that derive at least one text.
    pub productive: FixedBitSet,
    /// Rules that derive the empty text, taking a terminal as never empty.
    pub nullable: FixedBitSet,
}

impl Analysis {
    /// Analyses `grammar`.
    pub fn new(grammar: &Grammar) -> Self {
        Self {
            reachable: reachable(grammar),
            productive: closure(grammar, productive),
            nullable: closure(grammar, nullable),
        }
    }
}

/// Rules that are used somewhere inside `expr`, in order, each as often as it is used.
pub fn rules_in(expr: &Expr) -> Vec<RuleId> {
    let mut found = Vec::new();
    let mut stack = vec![expr];
    while let Some(expr) = stack.pop() {
        if let Expr::Rule { id, .. } = expr {
            found.push(*id);
        }
        let children: Vec<&Expr> = expr.children().collect();
        stack.extend(children.into_iter().rev());
    }
    found
}

fn reachable(grammar: &Grammar) -> FixedBitSet {
    let mut seen = FixedBitSet::with_capacity(grammar.rules().len());
    let mut stack = vec![grammar.start()];
    while let Some(id) = stack.pop() {
        if !seen.put(id.index()) {
            stack.extend(rules_in(&grammar.rule(id).body));
        }
    }
    seen
}

/// The least set of rules with `holds(body, set)`: when a rule enters the set, only the rules that use it are looked at again.
fn closure(grammar: &Grammar, holds: fn(&Expr, &FixedBitSet) -> bool) -> FixedBitSet {
    let mut users = vec![Vec::new(); grammar.rules().len()];
    for id in grammar.rule_ids() {
        for used in rules_in(&grammar.rule(id).body) {
            if let Some(users) = users.get_mut(used.index()) {
                users.push(id);
            }
        }
    }
    let mut set = FixedBitSet::with_capacity(grammar.rules().len());
    let mut work: Vec<RuleId> = grammar.rule_ids().collect();
    while let Some(id) = work.pop() {
        if !set.contains(id.index()) && holds(&grammar.rule(id).body, &set) {
            set.insert(id.index());
            work.extend(users.get(id.index()).into_iter().flatten());
        }
    }
    set
}

/// Recursion is bounded by the depth of the expression (`Limits::max_depth`).
fn productive(expr: &Expr, set: &FixedBitSet) -> bool {
    match expr {
        Expr::Empty | Expr::Terminal { .. } | Expr::Opaque { .. } => true,
        Expr::Rule { id, .. } => set.contains(id.index()),
        Expr::Seq(parts) => parts.iter().all(|part| productive(part, set)),
        Expr::Alt(parts) => parts.iter().any(|part| productive(&part.expr, set)),
        Expr::Repeat { expr, min, .. } => *min == 0 || productive(expr, set),
    }
}

/// Whether `expr` derives the empty text, given the rules that do.
pub(crate) fn nullable(expr: &Expr, set: &FixedBitSet) -> bool {
    match expr {
        Expr::Empty => true,
        Expr::Terminal { .. } | Expr::Opaque { .. } => false,
        Expr::Rule { id, .. } => set.contains(id.index()),
        Expr::Seq(parts) => parts.iter().all(|part| nullable(part, set)),
        Expr::Alt(parts) => parts.iter().any(|part| nullable(&part.expr, set)),
        Expr::Repeat { expr, min, .. } => *min == 0 || nullable(expr, set),
    }
}

/// All terminals, each after those it is made of.
pub fn terminal_order(grammar: &Grammar) -> Vec<TerminalId> {
    let mut order = Vec::with_capacity(grammar.terminals().len());
    let mut seen = FixedBitSet::with_capacity(grammar.terminals().len());
    for root in grammar.terminal_ids() {
        let mut path: Vec<(TerminalId, Vec<TerminalId>)> = Vec::new();
        if !seen.put(root.index()) {
            path.push((root, grammar.terminal(root).pattern.terminals()));
        }
        while let Some((id, rest)) = path.last_mut() {
            match rest.pop() {
                Some(next) if seen.put(next.index()) => {}
                Some(next) => path.push((next, grammar.terminal(next).pattern.terminals())),
                None => {
                    order.push(*id);
                    path.pop();
                }
            }
        }
    }
    order
}

/// The terminals that match the empty text.
pub fn empty_terminals(grammar: &Grammar) -> FixedBitSet {
    let mut empty = FixedBitSet::with_capacity(grammar.terminals().len());
    for id in terminal_order(grammar) {
        if matches_empty(&grammar.terminal(id).pattern, &empty) {
            empty.insert(id.index());
        }
    }
    empty
}

/// Recursion is bounded by the depth of the pattern (`Limits::max_depth`).
fn matches_empty(pattern: &Pattern, empty: &FixedBitSet) -> bool {
    match pattern {
        Pattern::Literal { text, .. } => text.is_empty(),
        Pattern::Range { .. } => false,
        Pattern::Regex(regex) => regex.hir.properties().minimum_len() == Some(0),
        Pattern::Terminal(id) => empty.contains(id.index()),
        Pattern::Concat(parts) | Pattern::And(parts) => parts.iter().all(|part| matches_empty(part, empty)),
        Pattern::Alt(parts) => parts.iter().any(|part| matches_empty(part, empty)),
        Pattern::Repeat { pattern, min, .. } => *min == 0 || matches_empty(pattern, empty),
        Pattern::Not(pattern) => !matches_empty(pattern, empty),
        Pattern::Substring(_) => true,
    }
}
