//! What follows from a grammar's shape alone: which rules can be reached, derive something, derive the empty text.

use fixedbitset::FixedBitSet;

use super::{Expr, Grammar, Pattern, RuleId, TerminalId};
use crate::automaton::Exprs;
use crate::regular::dfa::Automata;

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
            productive: closure(grammar, true),
            nullable: closure(grammar, false),
        }
    }
}

/// Terminals that match no text at all, as an intersection or a complement may; as a set of terminal indices.
///
/// Whether an intersection is empty is searched for, and `budget` bounds the nodes that are built for one terminal (100,000 is
/// plenty). A terminal of which it was not found out is not in the set, and none is if a terminal cannot be read at all.
pub fn barren_terminals(grammar: &Grammar, budget: usize) -> FixedBitSet {
    let count = grammar.terminals().len();
    let mut empty = FixedBitSet::with_capacity(count);
    let Ok(mut automata) = Automata::new(grammar, budget.saturating_mul(count.max(1))) else {
        return empty;
    };
    for (index, terminal) in automata.terminals.iter().enumerate() {
        let settled = automata.exprs.settle(*terminal, &automata.classes, budget);
        empty.set(index, settled == Some(Exprs::NEVER));
    }
    empty
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

/// The rules that derive something, or, with `lexemes` false, something without a lexeme. Every part of an expression waits
/// for its parts, all of them or one, and tells the part it belongs to when they have come: each does so once, which makes
/// the whole linear (Dowling and Gallier, "Linear-time algorithms for testing the satisfiability of propositional Horn
/// formulae", 1984).
fn closure(grammar: &Grammar, lexemes: bool) -> FixedBitSet {
    let rules = grammar.rules().len();
    // A rule waits for its body; nodes of bodies follow.
    let mut horn = Horn {
        waits: vec![1; rules],
        parents: vec![Vec::new(); rules],
        holds: Vec::new(),
    };
    for (rule, definition) in grammar.rules().iter().enumerate() {
        let mut stack = vec![(&definition.body, rule)];
        while let Some((expr, parent)) = stack.pop() {
            let node = horn.node(parent);
            match expr {
                Expr::Empty | Expr::Repeat { min: 0, .. } => horn.holds.push(node),
                Expr::Seq(parts) if parts.is_empty() => horn.holds.push(node),
                Expr::Terminal { .. } | Expr::Opaque { .. } => {
                    horn.holds.extend(lexemes.then_some(node));
                }
                Expr::Rule { id, .. } => horn.tell(id.index(), node),
                Expr::Seq(parts) => {
                    horn.wait_for(node, parts.len());
                    stack.extend(parts.iter().map(|part| (part, node)));
                }
                Expr::Alt(parts) => stack.extend(parts.iter().map(|part| (&part.expr, node))),
                Expr::Repeat { expr, .. } => stack.push((expr, node)),
            }
        }
    }
    horn.run(rules)
}

struct Horn {
    /// For each node, how many of those it waits for have not come yet.
    waits: Vec<usize>,
    /// For each node, those that wait for it.
    parents: Vec<Vec<usize>>,
    holds: Vec<usize>,
}

impl Horn {
    /// A new node that waits for one other, and that `parent` waits for.
    fn node(&mut self, parent: usize) -> usize {
        self.waits.push(1);
        self.parents.push(vec![parent]);
        self.waits.len() - 1
    }

    fn wait_for(&mut self, node: usize, count: usize) {
        if let Some(waits) = self.waits.get_mut(node) {
            *waits = count;
        }
    }

    fn tell(&mut self, from: usize, to: usize) {
        if let Some(parents) = self.parents.get_mut(from) {
            parents.push(to);
        }
    }

    fn run(mut self, rules: usize) -> FixedBitSet {
        let mut set = FixedBitSet::with_capacity(rules);
        while let Some(node) = self.holds.pop() {
            // A node holds once: what comes after that finds nothing to tell.
            let parents = self
                .parents
                .get_mut(node)
                .map(std::mem::take)
                .unwrap_or_default();
            if node < rules {
                set.insert(node);
            }
            for parent in parents {
                if let Some(waits) = self.waits.get_mut(parent)
                    && *waits > 0
                {
                    *waits -= 1;
                    if *waits == 0 {
                        self.holds.push(parent);
                    }
                }
            }
        }
        set
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
        Pattern::Concat(parts) | Pattern::And(parts) => {
            parts.iter().all(|part| matches_empty(part, empty))
        }
        Pattern::Alt(parts) => parts.iter().any(|part| matches_empty(part, empty)),
        Pattern::Repeat { pattern, min, .. } => *min == 0 || matches_empty(pattern, empty),
        Pattern::Not(pattern) => !matches_empty(pattern, empty),
        Pattern::Substring(_) => true,
    }
}
