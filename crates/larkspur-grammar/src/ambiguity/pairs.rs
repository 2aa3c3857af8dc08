//! Two readings of the same symbols, side by side, shortest first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Effort;
use super::sentences::{Piece, Sentences, Texts};
use crate::engine::bnf::{NtId, Sym, Symbol, TermId};
use crate::engine::lr::StateId;
use crate::engine::{Cache, Compiled};
use crate::error::Exceeded;
use crate::table::{Id as _, narrow};

/// A place in a stack: its state, and the place below.
type Stack = u32;

/// What lies below the bottom.
const NOTHING: Stack = u32::MAX;

/// Two readings that have taken the same symbols.
#[derive(Clone, Copy, Debug)]
struct Pair {
    stacks: [Stack; 2],
    /// They differ somewhere.
    parted: bool,
    /// What both are readings of.
    nt: NtId,
    cost: usize,
    /// The pair before the last piece.
    from: u32,
    piece: Option<Piece>,
}

/// A stack that reductions lead to without a further symbol.
#[derive(Clone, Debug)]
struct Reduced {
    stack: Stack,
    /// The terminals before which they may be done; `None` for all.
    before: Option<Box<[u64]>>,
    /// More than one way leads here.
    several: bool,
}

/// All that reductions make of a stack.
#[derive(Debug, Default)]
struct Closure {
    reduced: Vec<Reduced>,
    /// In how many ways the reading can end here.
    ends: usize,
    /// For each symbol that can follow, in which of the stacks.
    by_sym: IndexMap<Sym, Vec<usize>>,
}

pub(super) struct Pairs<'c> {
    compiled: &'c Compiled,
    cache: Cache,
    sentences: &'c Sentences,
    stacks: IndexSet<(StateId, Stack)>,
    closures: FxHashMap<(Stack, NtId), Rc<Closure>>,
    all: Vec<Pair>,
    known: FxHashSet<([Stack; 2], bool, NtId)>,
    queue: BinaryHeap<Reverse<(usize, u32)>>,
    steps: usize,
    reached: usize,
    max_states: usize,
}

impl<'c> Pairs<'c> {
    /// One start for each rule that the start rule reaches.
    pub(super) fn new(
        compiled: &'c Compiled,
        effort: &Effort,
        sentences: &'c Sentences,
    ) -> Result<Self, Exceeded> {
        let mut pairs = Self {
            compiled,
            cache: compiled.cache(),
            sentences,
            stacks: IndexSet::new(),
            closures: FxHashMap::default(),
            all: Vec::new(),
            known: FxHashSet::default(),
            queue: BinaryHeap::new(),
            steps: effort.max_steps,
            reached: 0,
            max_states: effort.max_states,
        };
        let spec = &compiled.0.lr;
        for nt in spec.bnf.nts.ids() {
            let (Some(cost), Some(_)) = (sentences.cost_around(nt), sentences.cost(Sym::nt(nt)))
            else {
                continue;
            };
            let state = pairs.cache.lr.initial_of(spec, nt)?;
            let stack = pairs.stack(state, NOTHING);
            pairs.push(Pair {
                stacks: [stack; 2],
                parted: false,
                nt,
                cost,
                from: 0,
                piece: None,
            });
        }
        Ok(pairs)
    }

    /// Whether everything has been looked at.
    pub(super) fn exhausted(&self) -> bool {
        self.queue.is_empty() && self.steps > 0
    }

    /// All texts of fewer lexemes have been looked at.
    pub(super) fn reached(&self) -> usize {
        self.reached
    }

    fn stack(&mut self, state: StateId, below: Stack) -> Stack {
        narrow(self.stacks.insert_full((state, below)).0)
    }

    fn push(&mut self, pair: Pair) {
        let mut stacks = pair.stacks;
        stacks.sort_unstable();
        if self.known.insert((stacks, pair.parted, pair.nt)) {
            let number = narrow(self.all.len());
            self.queue.push(Reverse((pair.cost, number)));
            self.all.push(pair);
        }
    }

    /// The next text of fewer than `bound` lexemes that may have two readings; without a piece if it is too long to be written.
    pub(super) fn next(
        &mut self,
        texts: &mut Texts,
        bound: usize,
    ) -> Result<Option<Vec<Piece>>, Exceeded> {
        while let Some(Reverse((cost, number))) = self.queue.pop() {
            let Some(&pair) = self.all.get(number as usize) else {
                continue;
            };
            self.reached = cost;
            if cost >= bound || self.steps == 0 || self.cache.lr.states() > self.max_states {
                // What is left is put back: it has not been looked at.
                self.queue.push(Reverse((cost, number)));
                self.steps = 0;
                return Ok(None);
            }
            let [first, second] = [
                self.closure(pair.stacks[0], pair.nt)?,
                self.closure(pair.stacks[1], pair.nt)?,
            ];
            self.go_on(texts, number, &first, &second)?;
            let found = if pair.parted {
                first.ends > 0 && second.ends > 0
            } else {
                first.ends > 1
            };
            if found {
                let bnf = &self.compiled.0.lr.bnf;
                let inner = self.pieces(number);
                return Ok(Some(
                    self.sentences
                        .whole(bnf, pair.nt, &inner)
                        .unwrap_or_default(),
                ));
            }
        }
        Ok(None)
    }

    /// The pieces that led to a pair.
    fn pieces(&self, mut number: u32) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Some(pair) = self.all.get(number as usize)
            && let Some(piece) = pair.piece
        {
            pieces.push(piece);
            number = pair.from;
        }
        pieces.reverse();
        pieces
    }

    /// Both readings take one more symbol.
    fn go_on(
        &mut self,
        texts: &mut Texts,
        number: u32,
        first: &Closure,
        second: &Closure,
    ) -> Result<(), Exceeded> {
        for (sym, here) in &first.by_sym {
            if let Some(there) = second.by_sym.get(sym) {
                self.join(number, (first, here), (second, there), Piece::Sym(*sym))?;
            }
            let Symbol::Term(a) = sym.get() else {
                continue;
            };
            for (other, there) in &second.by_sym {
                let Symbol::Term(b) = other.get() else {
                    continue;
                };
                if a != b && self.overlap(texts, a, b)? {
                    let piece = Piece::Both(a, b);
                    self.join(number, (first, here), (second, there), piece)?;
                }
            }
        }
        Ok(())
    }

    fn overlap(&mut self, texts: &mut Texts, a: TermId, b: TermId) -> Result<bool, Exceeded> {
        let mut tables = self.compiled.tables(&mut self.cache);
        Ok(texts.common(&mut tables, a, b)?.is_some())
    }

    /// All pairs of what the two readings can have done before the piece.
    fn join(
        &mut self,
        number: u32,
        (first, here): (&Closure, &[usize]),
        (second, there): (&Closure, &[usize]),
        piece: Piece,
    ) -> Result<(), Exceeded> {
        let Some(&pair) = self.all.get(number as usize) else {
            return Ok(());
        };
        let (syms, cost) = match piece {
            Piece::Sym(sym) => ([sym; 2], self.sentences.cost(sym)),
            Piece::Both(a, b) => ([Sym::term(a), Sym::term(b)], Some(1)),
        };
        let Some(cost) = cost else {
            return Ok(());
        };
        for &i in here {
            for &j in there {
                let (Some(a), Some(b)) = (first.reduced.get(i), second.reduced.get(j)) else {
                    continue;
                };
                let differ = i != j || syms[0] != syms[1] || a.several;
                // What both reduce alike could have been taken as one symbol.
                if !pair.parted && !differ && i > 0 {
                    continue;
                }
                self.steps = self.steps.saturating_sub(1);
                let stacks = [
                    self.shifted(a.stack, syms[0])?,
                    self.shifted(b.stack, syms[1])?,
                ];
                if let [Some(a), Some(b)] = stacks {
                    self.push(Pair {
                        stacks: [a, b],
                        parted: pair.parted || differ,
                        nt: pair.nt,
                        cost: pair.cost + cost,
                        from: number,
                        piece: Some(piece),
                    });
                }
            }
        }
        Ok(())
    }

    fn shifted(&mut self, stack: Stack, sym: Sym) -> Result<Option<Stack>, Exceeded> {
        let Some(&(state, _)) = self.stacks.get_index(stack as usize) else {
            return Ok(None);
        };
        let next = self.cache.lr.behind(&self.compiled.0.lr, state, sym)?;
        Ok(next.map(|next| self.stack(next, stack)))
    }

    fn closure(&mut self, stack: Stack, nt: NtId) -> Result<Rc<Closure>, Exceeded> {
        if let Some(known) = self.closures.get(&(stack, nt)) {
            return Ok(Rc::clone(known));
        }
        let mut closure = Closure::default();
        let mut numbers: FxHashMap<Stack, usize> = FxHashMap::default();
        numbers.insert(stack, 0);
        closure.reduced.push(Reduced {
            stack,
            before: None,
            several: false,
        });
        let mut next = 0;
        while let Some(from) = closure.reduced.get(next).cloned() {
            next += 1;
            for (reduced, ends) in self.reductions(&from, nt)? {
                closure.ends += usize::from(ends) * (1 + usize::from(from.several));
                let Some(reduced) = reduced else { continue };
                let number = *numbers
                    .entry(reduced.stack)
                    .or_insert(closure.reduced.len());
                match closure.reduced.get_mut(number) {
                    Some(known) => known.several = true,
                    None => closure.reduced.push(reduced),
                }
            }
        }
        self.index(&mut closure);
        let closure = Rc::new(closure);
        self.closures.insert((stack, nt), Rc::clone(&closure));
        Ok(closure)
    }

    /// Notes which symbols can follow.
    fn index(&mut self, closure: &mut Closure) {
        let spec = &self.compiled.0.lr;
        for (index, reduced) in closure.reduced.iter().enumerate() {
            let Some(&(state, _)) = self.stacks.get_index(reduced.stack as usize) else {
                continue;
            };
            for sym in self.cache.lr.symbols(spec, state) {
                let fits = reduced
                    .before
                    .as_ref()
                    .is_none_or(|before| match sym.get() {
                        Symbol::Term(term) => before
                            .get(term.index() / 64)
                            .is_some_and(|word| word >> (term.index() % 64) & 1 == 1),
                        Symbol::Nt(nt) => meet(before, spec.first_of(nt)),
                    });
                if fits && self.sentences.cost(sym).is_some() {
                    closure.by_sym.entry(sym).or_default().push(index);
                }
            }
        }
    }

    /// The stacks one reduction away, and whether the reading ends with it.
    fn reductions(
        &mut self,
        from: &Reduced,
        nt: NtId,
    ) -> Result<Vec<(Option<Reduced>, bool)>, Exceeded> {
        let spec = &self.compiled.0.lr;
        let Some(&(state, _)) = self.stacks.get_index(from.stack as usize) else {
            return Ok(Vec::new());
        };
        let ends: Vec<_> = self.cache.lr.ends(spec, state).collect();
        let mut found = Vec::new();
        for (prod, follow) in ends {
            let mut before: Box<[u64]> = self.cache.lr.sets.get(follow).into();
            if let Some(outer) = &from.before {
                for (word, outer) in before.iter_mut().zip(outer) {
                    *word &= outer;
                }
            }
            let Some((base, base_state)) = self.below(from.stack, spec.bnf.prods[prod].len) else {
                continue;
            };
            if before.iter().all(|word| *word == 0) {
                continue;
            }
            let lhs = spec.bnf.prods[prod].lhs;
            let bottom = self
                .stacks
                .get_index(base as usize)
                .is_some_and(|(_, below)| *below == NOTHING);
            let end = spec.end.index();
            let may_end = before
                .get(end / 64)
                .is_some_and(|word| word >> (end % 64) & 1 == 1);
            let next = self.cache.lr.behind(spec, base_state, Sym::nt(lhs))?;
            let reduced = next.map(|next| Reduced {
                stack: self.stack(next, base),
                before: Some(before),
                several: from.several,
            });
            found.push((reduced, bottom && lhs == nt && may_end));
        }
        Ok(found)
    }

    /// The stack so many places down.
    fn below(&self, mut stack: Stack, count: u32) -> Option<(Stack, StateId)> {
        for _ in 0..count {
            stack = self.stacks.get_index(stack as usize)?.1;
        }
        let (state, _) = self.stacks.get_index(stack as usize)?;
        Some((stack, *state))
    }
}

fn meet(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}
