//! Which lexemes may stand next to each other, over all sentences at once.
//!
//! These are the FIRST, LAST and FOLLOW sets of the textbooks (Aho, Lam, Sethi, Ullman, *Compilers*, section 4.4), kept by
//! terminal: [`Adjacency::next`] says what may follow a terminal anywhere, whatever came before it. That is wider than the
//! truth, so what is proved from it holds, and what is found with it must be looked at.

use fixedbitset::FixedBitSet;

use crate::grammar::analysis::rules_in;
use crate::grammar::{Expr, Grammar};

/// The bits that all tables of one grammar may take together, 64 MiB; larger grammars are not analysed.
const MAX_BITS: usize = 1 << 29;

/// See the [module](self). Sets are sets of terminal indices.
#[derive(Clone, Debug)]
pub(crate) struct Adjacency {
    /// What may come first in a sentence.
    pub(crate) start: FixedBitSet,
    /// By terminal: what may come right after it, ignored text apart.
    pub(crate) next: Vec<FixedBitSet>,
    /// What may come right after a whole sentence, so that the longer text is a sentence too. Empty: no sentence is the
    /// beginning of another. Only known for grammars with ignored text.
    pub(crate) extension: FixedBitSet,
}

/// What is known of one expression.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edges {
    nullable: bool,
    first: FixedBitSet,
    last: FixedBitSet,
    /// The first lexemes by which a sentence of the expression becomes a longer one.
    more: FixedBitSet,
}

impl Adjacency {
    /// Analyses `grammar`. `nullable` holds the terminals that match the empty text; `same(a, b)` says whether two terminals
    /// may match the same text; of two of the `literals` it is not asked, they never do. `None` if the grammar is too large.
    pub(crate) fn new(
        grammar: &Grammar,
        nullable: &FixedBitSet,
        literals: &FixedBitSet,
        same: &dyn Fn(usize, usize) -> bool,
    ) -> Option<Self> {
        let (rules, terminals) = (grammar.rules().len(), grammar.terminals().len());
        if (3 * rules + 2 * terminals).checked_mul(terminals + 1)? > MAX_BITS {
            return None;
        }
        let mut solver = Solver {
            terminals,
            nullable,
            literals,
            needs_extension: !grammar.ignore().is_empty(),
            same,
            overlap: vec![None; terminals],
            rules: Vec::new(),
            next: Vec::new(),
        };
        solver.rules = vec![solver.empty(false); rules];
        solver.solve(grammar);
        solver.next = vec![FixedBitSet::with_capacity(terminals); terminals];
        for rule in grammar.rules() {
            solver.edges(&rule.body);
        }
        let start = solver.rules.get(grammar.start().index())?.clone();
        Some(Self {
            start: start.first,
            next: solver.next,
            extension: start.more,
        })
    }
}

struct Solver<'a> {
    terminals: usize,
    nullable: &'a FixedBitSet,
    literals: &'a FixedBitSet,
    /// Without ignored text nobody asks what may follow a whole sentence.
    needs_extension: bool,
    same: &'a dyn Fn(usize, usize) -> bool,
    /// By terminal: those that may match the same text, once asked for.
    overlap: Vec<Option<FixedBitSet>>,
    rules: Vec<Edges>,
    /// Empty while the rules are being solved; then what is walked over is noted.
    next: Vec<FixedBitSet>,
}

impl Solver<'_> {
    fn empty(&self, nullable: bool) -> Edges {
        let none = FixedBitSet::with_capacity(self.terminals);
        Edges {
            nullable,
            first: none.clone(),
            last: none.clone(),
            more: none,
        }
    }

    /// The least solution: when a rule changes, the rules that use it are looked at again.
    fn solve(&mut self, grammar: &Grammar) {
        let mut users = vec![Vec::new(); grammar.rules().len()];
        for id in grammar.rule_ids() {
            for used in rules_in(&grammar.rule(id).body) {
                if let Some(users) = users.get_mut(used.index()) {
                    users.push(id);
                }
            }
        }
        let mut queued = FixedBitSet::with_capacity(grammar.rules().len());
        queued.insert_range(..);
        let mut work: Vec<_> = grammar.rule_ids().collect();
        while let Some(id) = work.pop() {
            queued.set(id.index(), false);
            let edges = self.edges(&grammar.rule(id).body);
            let Some(known) = self.rules.get_mut(id.index()) else {
                continue;
            };
            if *known != edges {
                *known = edges;
                for user in users.get(id.index()).into_iter().flatten() {
                    if !queued.put(user.index()) {
                        work.push(*user);
                    }
                }
            }
        }
    }

    /// Recursion is bounded by the depth of the expression (`Limits::max_depth`).
    fn edges(&mut self, expr: &Expr) -> Edges {
        match expr {
            Expr::Empty => self.empty(true),
            Expr::Opaque { .. } => self.empty(false),
            Expr::Rule { id, .. } => self
                .rules
                .get(id.index())
                .cloned()
                .unwrap_or_else(|| self.empty(false)),
            Expr::Terminal { id, .. } => {
                let nullable = self.nullable.contains(id.index());
                let mut edges = self.empty(nullable);
                edges.first.insert(id.index());
                edges.last.insert(id.index());
                if nullable {
                    edges.more.insert(id.index());
                }
                edges
            }
            Expr::Seq(parts) => {
                let mut all = self.empty(true);
                for part in parts {
                    let part = self.edges(part);
                    all = self.then(&all, &part);
                }
                all
            }
            Expr::Alt(parts) => {
                let mut all: Option<Edges> = None;
                for part in parts {
                    let part = self.edges(&part.expr);
                    all = Some(match all {
                        None => part,
                        Some(all) => self.or(all, &part),
                    });
                }
                all.unwrap_or_else(|| self.empty(false))
            }
            Expr::Repeat { expr, min, max, .. } => {
                let inner = self.edges(expr);
                self.repeat(&inner, *min, *max)
            }
        }
    }

    fn then(&mut self, a: &Edges, b: &Edges) -> Edges {
        self.note(&a.last, &b.first);
        let mut both = Edges {
            nullable: a.nullable && b.nullable,
            first: a.first.clone(),
            last: b.last.clone(),
            more: b.more.clone(),
        };
        if a.nullable {
            both.first.union_with(&b.first);
        }
        if b.nullable {
            both.last.union_with(&a.last);
            both.more.union_with(&b.first);
            both.more.union_with(&a.more);
        }
        // Where the front part may go on with what the back part begins with, all bets are off.
        if self.meet(&a.more, &b.first) {
            both.more.insert_range(..);
        }
        both
    }

    fn or(&mut self, mut a: Edges, b: &Edges) -> Edges {
        let meet = self.meet(&a.first, &b.first);
        if a.nullable {
            a.more.union_with(&b.first);
        }
        if b.nullable {
            let first = a.first.clone();
            a.more.union_with(&first);
        }
        a.nullable |= b.nullable;
        a.first.union_with(&b.first);
        a.last.union_with(&b.last);
        a.more.union_with(&b.more);
        if meet {
            a.more.insert_range(..);
        }
        a
    }

    fn repeat(&mut self, inner: &Edges, min: u32, max: Option<u32>) -> Edges {
        let mut all = inner.clone();
        all.nullable |= min == 0;
        if max != Some(1) {
            self.note(&inner.last, &inner.first);
            if self.meet(&inner.more, &inner.first) {
                all.more.insert_range(..);
            }
        }
        if max != Some(min) || inner.nullable || min == 0 {
            all.more.union_with(&inner.first);
        }
        all
    }

    fn note(&mut self, last: &FixedBitSet, first: &FixedBitSet) {
        if self.next.is_empty() {
            return;
        }
        for terminal in last.ones() {
            if let Some(next) = self.next.get_mut(terminal) {
                next.union_with(first);
            }
        }
    }

    /// Whether some text is matched by a terminal of `a` and by one of `b`.
    fn meet(&mut self, a: &FixedBitSet, b: &FixedBitSet) -> bool {
        if !self.needs_extension {
            return false;
        }
        if !a.is_disjoint(b) {
            return true;
        }
        let (few, many) = if a.count_ones(..) < b.count_ones(..) {
            (a, b)
        } else {
            (b, a)
        };
        few.ones().any(|terminal| {
            let (same, literals, terminals) = (self.same, self.literals, self.terminals);
            let is_literal = literals.contains(terminal);
            self.overlap.get_mut(terminal).is_some_and(|slot| {
                let overlap = slot.get_or_insert_with(|| {
                    (0..terminals)
                        .filter(|other| {
                            !(is_literal && literals.contains(*other)) && same(terminal, *other)
                        })
                        .collect()
                });
                !overlap.is_disjoint(many)
            })
        })
    }
}
