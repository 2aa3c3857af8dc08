//! Where taking the longest lexeme makes a difference.
//!
//! A lexer that takes as much as it can and never gives back (`Semantics::Llguidance`) reads fewer sentences than the rules
//! alone allow: with `A: "a"+`, `start: A A` has none at all. A scannerless reader has no such trap. [`greedy`] finds the
//! terminals where the two may differ, each with the shortest text that shows it; where it finds none they agree on every
//! text.
//!
//! The test: a terminal, a text `w` that it matches, a character `c` with which something that may stand next to it begins,
//! and a rival that is allowed at the same place and can go on after `w c`. Rivals and neighbours come from
//! [`Adjacency`], which knows only one lexeme of context, so a finding may be of a place that no sentence has. A lexeme that several
//! terminals match is all of them at once: what is allowed behind it is what may follow any of them.
//!
//! Counts make automata long: `/[a-z]{1,2000}/` has 2,001 states. So a first look takes large counts for no bounds, which can
//! only find more; what it finds is confirmed with the true patterns, as far as the budget goes.

mod lazy;
mod wide;

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::adjacency::Adjacency;
use crate::automaton::{ByteSet, ExprRef, Exprs};
use crate::grammar::{Grammar, Pattern, TerminalId};
use crate::regular::dfa::Automata;

pub(crate) use lazy::Cut;
use wide::widened;

/// One terminal whose lexemes may be read differently by a greedy lexer.
#[derive(Clone, Debug)]
pub(crate) struct Greedy {
    /// The terminal that is cut short.
    pub(crate) terminal: TerminalId,
    /// What takes more: perhaps the same one.
    pub(crate) rival: TerminalId,
    /// What follows.
    pub(crate) neighbour: TerminalId,
    /// A text of the terminal.
    pub(crate) lexeme: Vec<u8>,
    /// How its neighbour begins.
    pub(crate) next: u8,
}

/// What is known about the lexing of one grammar.
#[derive(Debug)]
pub(crate) struct Lexing {
    pub(crate) automata: Automata,
    pub(crate) adjacency: Adjacency,
    /// Terminals that match the empty text.
    pub(crate) nullable: FixedBitSet,
    firsts: Vec<ByteSet>,
    /// The same terminals with large counts taken for no bounds.
    wide: Automata,
    /// Which terminals match a text together, once asked for.
    overlaps: FxHashMap<(usize, usize), bool>,
    budget: usize,
}

/// Pairs of states that are looked at for one grammar before giving up.
const MAX_PAIRS: usize = 60_000;
/// Terminals that are looked at to find out what is allowed together.
const MAX_LOOKS: usize = 2_000_000;
/// Pairs of states that are looked at to confirm one finding.
const MAX_CONFIRM: usize = 5_000;
/// Nodes that the expressions of one grammar's terminals may take.
const MAX_WEIGHT: usize = 2_000_000;
/// Nodes that may be built to find out whether an expression with `&` or `~` matches anything.
const SETTLE: usize = 50_000;

impl Lexing {
    /// Prepares the analysis, or `None` if the grammar is too large or has a pattern without an automaton.
    pub(crate) fn new(grammar: &Grammar) -> Option<Self> {
        let mut automata = Automata::new(grammar, MAX_WEIGHT).ok()?;
        let exprs: Vec<ExprRef> = grammar
            .terminal_ids()
            .map(|id| automata.terminal(id))
            .collect();
        let nullable: FixedBitSet = (0..exprs.len())
            .filter(|at| {
                exprs
                    .get(*at)
                    .is_some_and(|expr| automata.exprs.is_nullable(*expr))
            })
            .collect();
        let firsts: Vec<ByteSet> = exprs
            .iter()
            .map(|expr| first_bytes(&mut automata.exprs, *expr))
            .collect();
        let literals = (0..exprs.len()).filter(|at| literal(grammar, *at).is_some());
        let adjacency = Adjacency::new(grammar, &nullable, &literals.collect(), &|a, b| {
            may_equal(grammar, &firsts, a, b)
        })?;
        Some(Self {
            automata,
            adjacency,
            nullable,
            firsts,
            wide: Automata::new(&widened(grammar)?, MAX_WEIGHT).ok()?,
            overlaps: FxHashMap::default(),
            budget: MAX_PAIRS,
        })
    }

    /// The terminals whose lexemes may be read differently, at most one finding for each. `None` if there is too much to
    /// look at.
    pub(crate) fn greedy(&mut self, grammar: &Grammar) -> Option<Vec<Greedy>> {
        let ignore: FixedBitSet = grammar.ignore().iter().map(|id| id.index()).collect();
        let mut found: FxHashMap<usize, Greedy> = FxHashMap::default();
        let mut follows: FxHashMap<FixedBitSet, ByteSet> = FxHashMap::default();
        for allowed in self.contexts(grammar, &ignore)? {
            let context = self.context(allowed);
            for terminal in context.allowed.ones() {
                if found.contains_key(&terminal) {
                    continue;
                }
                let neighbours = self.neighbours(terminal, &context.allowed, &ignore);
                if neighbours.is_clear() {
                    continue;
                }
                let follow = follows.get(&neighbours).copied();
                let follow = follow.unwrap_or_else(|| self.union_of_firsts(&neighbours));
                let walked = self.rivals(terminal, &context, &follow).ok()?;
                let greedy = walked.and_then(|(lexeme, next)| {
                    self.explain(
                        grammar,
                        terminal,
                        &context.allowed,
                        &neighbours,
                        lexeme,
                        next,
                    )
                });
                found.extend(greedy.map(|greedy| (terminal, greedy)));
                follows.insert(neighbours, follow);
            }
        }
        let mut all: Vec<Greedy> = found.into_values().collect();
        all.sort_by_key(|greedy| greedy.terminal);
        Some(all)
    }

    /// The sets of terminals that are allowed together somewhere: at the start, and behind each lexeme that is allowed in such
    /// a set. Terminals of one set that match the same text are read as one lexeme, so that what follows any of them is
    /// allowed behind it. `None` if there are too many.
    fn contexts(
        &mut self,
        grammar: &Grammar,
        ignore: &FixedBitSet,
    ) -> Option<indexmap::IndexSet<FixedBitSet>> {
        let mut start = self.adjacency.start.clone();
        if grammar.options().allow_initial_skip {
            start.union_with(ignore);
        }
        let literals: FixedBitSet = (0..self.firsts.len())
            .filter(|at| literal(grammar, *at).is_some())
            .collect();
        let mut contexts = indexmap::IndexSet::from([start]);
        let mut at = 0;
        let mut looks = MAX_LOOKS;
        while let Some(context) = contexts.get_index(at).cloned() {
            at += 1;
            let patterns: FixedBitSet = context.difference(&literals).collect();
            for terminal in context.difference(ignore) {
                // Two different strings are no common text.
                let others = if literals.contains(terminal) {
                    &patterns
                } else {
                    &context
                };
                looks = looks.checked_sub(1 + others.count_ones(..))?;
                let mut next = self.behind(grammar, terminal, others);
                if !next.is_clear() {
                    next.union_with(ignore);
                    contexts.insert(next);
                }
            }
        }
        Some(contexts)
    }

    /// What may stand behind a text of `terminal`, as far as it or one of `others` matches that text.
    fn behind(&mut self, grammar: &Grammar, terminal: usize, others: &FixedBitSet) -> FixedBitSet {
        let mut behind = FixedBitSet::with_capacity(self.firsts.len());
        for other in others.ones().chain([terminal]) {
            if self.overlap(grammar, terminal, other)
                && let Some(next) = self.adjacency.next.get(other)
            {
                behind.union_with(next);
            }
        }
        behind
    }

    /// Whether two terminals match a text together, or it would take too long to find out.
    fn overlap(&mut self, grammar: &Grammar, a: usize, b: usize) -> bool {
        if a == b {
            return true;
        }
        if !may_equal(grammar, &self.firsts, a, b) {
            return false;
        }
        let Automata {
            exprs,
            terminals,
            classes,
        } = &mut self.automata;
        let (Some(&one), Some(&other)) = (terminals.get(a), terminals.get(b)) else {
            return true;
        };
        let overlaps = &mut self.overlaps;
        *overlaps.entry((a.min(b), a.max(b))).or_insert_with(|| {
            let both = exprs.and([one, other]);
            exprs.settle(both, classes, SETTLE) != Some(Exprs::NEVER)
        })
    }

    fn neighbours(
        &mut self,
        terminal: usize,
        context: &FixedBitSet,
        ignore: &FixedBitSet,
    ) -> FixedBitSet {
        if !ignore.contains(terminal) {
            let mut next = self
                .adjacency
                .next
                .get(terminal)
                .cloned()
                .unwrap_or_default();
            next.union_with(ignore);
            return next;
        }
        // Ignored text may be followed by ignored text; where two in a row are again one, that makes no difference.
        let mut next = context.clone();
        if self.is_closed(terminal) {
            next.set(terminal, false);
        }
        next
    }

    /// Whether two lexemes in a row are again a lexeme.
    fn is_closed(&mut self, terminal: usize) -> bool {
        let Some(&expr) = self.automata.terminals.get(terminal) else {
            return false;
        };
        let exprs = &mut self.automata.exprs;
        let twice = exprs.concat(expr, expr);
        let other = exprs.not(expr);
        let outside = exprs.and([twice, other]);
        exprs.settle(outside, &self.automata.classes, SETTLE) == Some(Exprs::NEVER)
    }

    /// A text of `terminal` and the byte after it with which something goes on where `context` is allowed.
    fn rivals(
        &mut self,
        terminal: usize,
        context: &Context,
        follow: &ByteSet,
    ) -> Result<Option<(Vec<u8>, u8)>, TooMuch> {
        let budget = &mut self.budget;
        let ends = |automata: &mut Automata, others| goes_on(automata, others, follow);
        let wide = match walk(&mut self.wide, terminal, context.wide, budget, ends) {
            Walked::Nothing => return Ok(None),
            Walked::TooMuch => return Err(TooMuch),
            Walked::Found(lexeme, next) => (lexeme, next),
        };
        let mut budget = MAX_CONFIRM;
        let exact = walk(
            &mut self.automata,
            terminal,
            context.exact,
            &mut budget,
            ends,
        );
        Ok(match exact {
            Walked::Nothing => None,
            Walked::TooMuch => Some(wide),
            Walked::Found(lexeme, next) => Some((lexeme, next)),
        })
    }

    /// All that is allowed together, as one expression.
    fn context(&mut self, allowed: FixedBitSet) -> Context {
        let union = |automata: &mut Automata| {
            let parts: Vec<ExprRef> = allowed
                .ones()
                .filter_map(|at| automata.terminals.get(at).copied())
                .collect();
            automata.exprs.or(parts)
        };
        Context {
            wide: union(&mut self.wide),
            exact: union(&mut self.automata),
            allowed,
        }
    }

    /// Names the rival and the neighbour.
    fn explain(
        &mut self,
        grammar: &Grammar,
        terminal: usize,
        context: &FixedBitSet,
        neighbours: &FixedBitSet,
        lexeme: Vec<u8>,
        next: u8,
    ) -> Option<Greedy> {
        let ids: Vec<TerminalId> = grammar.terminal_ids().collect();
        let mut rivals: Vec<usize> = context.ones().collect();
        rivals.sort_by_key(|at| *at != terminal);
        let text = [lexeme.as_slice(), &[next]].concat();
        let rival = rivals.into_iter().find(|at| self.begins_with(*at, &text));
        let rival = rival.or_else(|| context.ones().next())?;
        let neighbour = neighbours.ones().find(|at| {
            self.firsts
                .get(*at)
                .is_some_and(|first| first.contains(next))
        })?;
        Some(Greedy {
            terminal: *ids.get(terminal)?,
            rival: *ids.get(rival)?,
            neighbour: *ids.get(neighbour)?,
            lexeme,
            next,
        })
    }

    /// Whether a terminal matches something that begins with `text`.
    fn begins_with(&mut self, terminal: usize, text: &[u8]) -> bool {
        let Automata {
            exprs,
            terminals,
            classes,
        } = &mut self.automata;
        let start = terminals.get(terminal).copied().unwrap_or(Exprs::NEVER);
        let end = text
            .iter()
            .fold(start, |expr, byte| exprs.derivative(expr, *byte));
        exprs.settle(end, classes, SETTLE) != Some(Exprs::NEVER)
    }

    fn union_of_firsts(&self, terminals: &FixedBitSet) -> ByteSet {
        let firsts = terminals.ones().filter_map(|at| self.firsts.get(at));
        firsts.fold(ByteSet::EMPTY, |all, first| all.union(first))
    }
}

/// Terminals that are allowed together somewhere, and what any of them matches.
struct Context {
    allowed: FixedBitSet,
    wide: ExprRef,
    exact: ExprRef,
}

/// There is more to look at than the budget allows.
struct TooMuch;

enum Walked {
    Nothing,
    /// A text of the terminal, and the byte after it.
    Found(Vec<u8>, u8),
    TooMuch,
}

/// Walks the terminal and everything allowed beside it in step, shortest texts first, up to a text of the terminal after
/// which `ends` gives a byte for what is left of the others.
fn walk(
    automata: &mut Automata,
    terminal: usize,
    all: ExprRef,
    budget: &mut usize,
    ends: impl Fn(&mut Automata, ExprRef) -> Option<u8>,
) -> Walked {
    let start = automata
        .terminals
        .get(terminal)
        .copied()
        .unwrap_or(Exprs::NEVER);
    let mut pairs = Pairs {
        list: vec![(start, all, usize::MAX, 0)],
        seen: FxHashSet::default(),
    };
    pairs.seen.insert((start, all));
    let mut at = 0;
    while let Some(&(own, others, ..)) = pairs.list.get(at) {
        match budget.checked_sub(1) {
            Some(left) => *budget = left,
            None => return Walked::TooMuch,
        }
        if at > 0
            && automata.exprs.is_nullable(own)
            && let Some(next) = ends(automata, others)
        {
            return Walked::Found(pairs.text(at), next);
        }
        pairs.step(automata, at);
        at += 1;
    }
    Walked::Nothing
}

/// A byte with which what follows begins and with which `others` go on. One byte speaks for its class; a class holds bytes
/// that follow and bytes that do not only where it is wider than a byte set of the terminals, which it never is.
fn goes_on(automata: &mut Automata, others: ExprRef, follow: &ByteSet) -> Option<u8> {
    let classes = automata.classes.representatives().to_vec();
    classes.into_iter().find(|byte| {
        follow.contains(*byte) && {
            let derived = automata.exprs.derivative(others, *byte);
            derived != Exprs::NEVER
                && automata.exprs.settle(derived, &automata.classes, SETTLE) != Some(Exprs::NEVER)
        }
    })
}

/// Pairs of states, each with the pair and the byte it came from.
struct Pairs {
    list: Vec<(ExprRef, ExprRef, usize, u8)>,
    seen: FxHashSet<(ExprRef, ExprRef)>,
}

impl Pairs {
    fn step(&mut self, automata: &mut Automata, at: usize) {
        let Some(&(own, others, ..)) = self.list.get(at) else {
            return;
        };
        let classes = automata.classes.representatives().to_vec();
        for byte in classes {
            let own = automata.exprs.derivative(own, byte);
            if own == Exprs::NEVER {
                continue;
            }
            let others = automata.exprs.derivative(others, byte);
            if self.seen.insert((own, others)) {
                self.list.push((own, others, at, byte));
            }
        }
    }

    fn text(&self, mut at: usize) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some(&(_, _, parent, byte)) = self.list.get(at) {
            if parent == usize::MAX {
                break;
            }
            text.push(byte);
            at = parent;
        }
        text.reverse();
        text
    }
}

fn first_bytes(exprs: &mut Exprs, expr: ExprRef) -> ByteSet {
    let mut first = ByteSet::EMPTY;
    for byte in 0..=u8::MAX {
        if exprs.derivative(expr, byte) != Exprs::NEVER {
            first.insert(byte);
        }
    }
    first
}

/// The text of a terminal that is one string.
fn literal(grammar: &Grammar, at: usize) -> Option<&str> {
    match &grammar.terminals().get(at)?.pattern {
        Pattern::Literal {
            text,
            ignore_case: false,
        } => Some(text),
        _ => None,
    }
}

/// Whether two terminals may match the same text: two different strings do not, nor do terminals that begin differently.
fn may_equal(grammar: &Grammar, firsts: &[ByteSet], a: usize, b: usize) -> bool {
    match (literal(grammar, a), literal(grammar, b)) {
        (Some(a), Some(b)) => a == b,
        _ => match (firsts.get(a), firsts.get(b)) {
            (Some(a), Some(b)) => !a.intersection(b).is_empty(),
            _ => true,
        },
    }
}
