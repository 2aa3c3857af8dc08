//! Deterministic automata over characters.

use fixedbitset::FixedBitSet;
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};
use rustc_hash::FxHashMap;

use super::chars;
use crate::automaton::{ByteClasses, ExprRef, Exprs, PatternError, terminals};
use crate::grammar::{Extent, Grammar, TerminalId};

/// The texts of one terminal. State 0 is the start; every state but perhaps that one lies on a way to an accepting one.
#[derive(Clone, Debug)]
pub(crate) struct CharDfa {
    pub(crate) states: Vec<State>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) accepting: bool,
    /// Disjoint sets, each with the state it leads to; no two lead to the same state.
    pub(crate) edges: Vec<(ClassUnicode, usize)>,
}

/// Expressions of all terminals of a grammar, from which automata are built one at a time.
#[derive(Debug)]
pub(crate) struct Automata {
    pub(crate) exprs: Exprs,
    pub(crate) terminals: Vec<ExprRef>,
    pub(crate) classes: ByteClasses,
}

impl Automata {
    /// Prepares the terminals of `grammar`; refuses what has no automaton or takes more than `max_weight` nodes.
    pub(crate) fn new(
        grammar: &Grammar,
        max_weight: usize,
    ) -> Result<Self, (TerminalId, PatternError)> {
        let mut exprs = Exprs::new();
        let mut terminals = terminals(grammar, &mut exprs, max_weight)?;
        for (expr, terminal) in terminals.iter_mut().zip(grammar.terminals()) {
            if terminal.extent == Extent::Shortest {
                *expr = without_longer(&mut exprs, *expr);
            }
        }
        let classes = exprs.byte_classes();
        Ok(Self {
            exprs,
            terminals,
            classes,
        })
    }

    /// The expression of a terminal.
    pub(crate) fn terminal(&self, id: TerminalId) -> ExprRef {
        self.terminals
            .get(id.index())
            .copied()
            .unwrap_or(Exprs::NEVER)
    }

    /// The automaton of a terminal over the texts that are UTF-8, or `None` if it has more than `max_states` states.
    pub(crate) fn dfa(&mut self, id: TerminalId, max_states: usize) -> Option<CharDfa> {
        let start = self.terminal(id);
        Builder {
            automata: self,
            ids: FxHashMap::default(),
            states: Vec::new(),
            memo: FxHashMap::default(),
        }
        .build(start, max_states)
    }
}

/// The texts of `expr` that do not begin with a shorter one that is not empty: what a lexeme that ends as soon as it can may
/// be. llguidance asks whether it can end behind each byte, and so not before the first.
fn without_longer(exprs: &mut Exprs, expr: ExprRef) -> ExprRef {
    let more = exprs.not(Exprs::EMPTY);
    let solid = if exprs.is_nullable(expr) {
        exprs.and([expr, more])
    } else {
        expr
    };
    let longer = exprs.concat(solid, more);
    let not_longer = exprs.not(longer);
    exprs.and([expr, not_longer])
}

/// Offsets within the continuation bytes, and where they lead.
type Spread = std::rc::Rc<Vec<(u32, u32, ExprRef)>>;

struct Builder<'a> {
    automata: &'a mut Automata,
    ids: FxHashMap<ExprRef, usize>,
    states: Vec<State>,
    memo: FxHashMap<(ExprRef, u32), Spread>,
}

impl Builder<'_> {
    fn build(mut self, start: ExprRef, max_states: usize) -> Option<CharDfa> {
        let mut queue = vec![start];
        self.ids.insert(start, 0);
        let mut next = 0;
        while let Some(&expr) = queue.get(next) {
            next += 1;
            let mut by_target: Vec<(ClassUnicode, usize)> = Vec::new();
            let mut place: FxHashMap<usize, usize> = FxHashMap::default();
            for (first, last, target) in self.characters(expr) {
                let fresh = self.ids.len();
                let id = *self.ids.entry(target).or_insert_with(|| {
                    queue.push(target);
                    fresh
                });
                let at = *place.entry(id).or_insert_with(|| {
                    by_target.push((ClassUnicode::empty(), id));
                    by_target.len() - 1
                });
                if let Some((class, _)) = by_target.get_mut(at) {
                    add(class, first, last);
                }
            }
            if self.ids.len() > max_states {
                return None;
            }
            // Surrogates are no characters.
            by_target.retain(|(class, _)| !class.ranges().is_empty());
            for (class, _) in &mut by_target {
                chars::close_gap(class);
            }
            let accepting = self.automata.exprs.is_nullable(expr);
            self.states.push(State {
                accepting,
                edges: by_target,
            });
        }
        Some(live(self.states))
    }

    /// The characters that may come next, as ranges of code points with the expression after them.
    fn characters(&mut self, expr: ExprRef) -> Vec<(u32, u32, ExprRef)> {
        let mut found = Vec::new();
        for (first, last, target) in self.bytes(expr, 0x00, 0x7F) {
            found.push((u32::from(first), u32::from(last), target));
        }
        for (lead_first, lead_last, continuation, low, high) in [
            (0xC2_u8, 0xDF_u8, 1_u32, 0x80_u32, 0x7FF_u32),
            (0xE0, 0xEF, 2, 0x800, 0xFFFF),
            (0xF0, 0xF4, 3, 0x1_0000, 0x10_FFFF),
        ] {
            for (first, last, target) in self.bytes(expr, lead_first, lead_last) {
                let spread = self.spread(target, continuation);
                for lead in first..=last {
                    let base = (u32::from(lead) & (0x3F >> continuation)) << (6 * continuation);
                    for &(from, to, target) in spread.iter() {
                        let (from, to) = ((base + from).max(low), (base + to).min(high));
                        if from <= to {
                            found.push((from, to, target));
                        }
                    }
                }
            }
        }
        found
    }

    /// What `count` continuation bytes lead to, by their 6 · `count` bits.
    fn spread(&mut self, expr: ExprRef, count: u32) -> Spread {
        if count == 0 {
            return Spread::new(vec![(0, 0, expr)]);
        }
        if let Some(known) = self.memo.get(&(expr, count)) {
            return Spread::clone(known);
        }
        let mut found: Vec<(u32, u32, ExprRef)> = Vec::new();
        let width = 6 * (count - 1);
        for (first, last, target) in self.bytes(expr, 0x80, 0xBF) {
            let inner = self.spread(target, count - 1);
            for byte in first..=last {
                let base = u32::from(byte & 0x3F) << width;
                for &(from, to, target) in inner.iter() {
                    match found.last_mut() {
                        Some((_, end, last)) if *last == target && *end + 1 == base + from => {
                            *end = base + to;
                        }
                        _ => found.push((base + from, base + to, target)),
                    }
                }
            }
        }
        let found = Spread::new(found);
        self.memo.insert((expr, count), Spread::clone(&found));
        found
    }

    /// The derivatives by the bytes `first..=last` that are not [`Exprs::NEVER`], equal neighbours together.
    fn bytes(&mut self, expr: ExprRef, first: u8, last: u8) -> Vec<(u8, u8, ExprRef)> {
        let mut found: Vec<(u8, u8, ExprRef)> = Vec::new();
        for byte in first..=last {
            let target = self.automata.exprs.derivative(expr, byte);
            if target == Exprs::NEVER {
                continue;
            }
            match found.last_mut() {
                Some((_, end, last)) if *last == target && *end + 1 == byte => *end = byte,
                _ => found.push((byte, byte, target)),
            }
        }
        found
    }
}

/// Adds code points, surrogates left out.
fn add(class: &mut ClassUnicode, first: u32, last: u32) {
    let first = char::from_u32(first).unwrap_or('\u{E000}');
    let last = char::from_u32(last).unwrap_or('\u{D7FF}');
    if first <= last {
        class.push(ClassUnicodeRange::new(first, last));
    }
}

/// Drops the states from which nothing is accepted.
fn live(states: Vec<State>) -> CharDfa {
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); states.len()];
    for (from, state) in states.iter().enumerate() {
        for (_, to) in &state.edges {
            if let Some(list) = sources.get_mut(*to) {
                list.push(from);
            }
        }
    }
    let mut alive = FixedBitSet::with_capacity(states.len());
    let accepting = states
        .iter()
        .enumerate()
        .filter(|(_, state)| state.accepting);
    let mut work: Vec<usize> = accepting.map(|(at, _)| at).collect();
    while let Some(at) = work.pop() {
        if !alive.put(at) {
            work.extend(sources.get(at).into_iter().flatten());
        }
    }
    let mut names = vec![usize::MAX; states.len()];
    let mut next = 0;
    for (at, name) in names.iter_mut().enumerate() {
        if alive.contains(at) || at == 0 {
            *name = next;
            next += 1;
        }
    }
    let kept = states
        .into_iter()
        .enumerate()
        .filter(|(at, _)| *at == 0 || alive.contains(*at));
    let renamed = kept.map(|(_, mut state)| {
        state
            .edges
            .retain(|(class, to)| alive.contains(*to) && !class.ranges().is_empty());
        for (_, to) in &mut state.edges {
            *to = names.get(*to).copied().unwrap_or_default();
        }
        state
    });
    CharDfa {
        states: renamed.collect(),
    }
}
