//! The LR(1) automaton, built as texts need it.
//!
//! # The choice
//!
//! A state is a set of *canonical* LR(1) items (Knuth, "On the translation of languages from left to right", Information and
//! Control 8(6), 1965), made when a parse first gets there and kept in the cache. Why canonical, where everybody else merges
//! states (LALR, Pager, IELR): the lexer may only look for terminals that can really stand at a place, and only the
//! canonical automaton knows them exactly. Merged states reduce on lookaheads that the rest of the stack will refuse; that
//! delays an error, which is harmless for a parser with a lexer of its own, but here a terminal too many changes where a
//! lexeme ends. Why lazy: the full canonical automaton of a SQL grammar has tens of thousands of states, a text visits some
//! hundreds, and compiling stays a matter of milliseconds (Heering, Klint and Rekers, "Incremental generation of parsers",
//! IEEE TSE 16(12), 1990, for LR(0)).
//!
//! Two things are not in the textbooks:
//! - A lexeme may be several terminals at once (a word that is also a keyword). The automaton shifts the *set*: the next state
//!   has the items of all of them, and what the word was is decided by what follows. This is the subset construction applied
//!   to one more symbol, and it keeps most such grammars deterministic.
//! - Where one lookahead still allows several actions, the cell of the table says so ([`Action::Conflict`]), and the caller
//!   goes on with a graph-structured stack (see [`gss`](super::gss)).
//!
//! # Invariants
//! - [`State::viable`] is exactly the set of terminals that can follow the text read so far on a stack with this state on
//!   top, if every rule derives something.
//! - The grammar has no empty productions, so only kernel items can be complete.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::bnf::{At, Bnf, NtId, ProdId, SlotId, Sym, Symbol, TermId};
use super::lexer::{Accept, AcceptId, Lexer};
use super::sets::{SetId, SetPool, insert, unite};
use super::units::Ways;
use crate::error::Exceeded;
use crate::table::{Id as _, Table, id_type};

id_type! {
    /// A state of the LR automaton.
    StateId
}
id_type! {
    /// A cell with several actions.
    ConflictId
}

/// What to do in a state before a lexeme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Error,
    Accept,
    Shift(StateId),
    Reduce(ProdId),
    Conflict(ConflictId),
}

/// Several actions for one state and lexeme.
#[derive(Clone, Debug)]
pub(crate) struct Conflict {
    /// In the order of the grammar.
    pub(crate) reduces: Box<[ProdId]>,
    pub(crate) shift: Option<StateId>,
    pub(crate) accept: bool,
}

/// A set of items: places in productions, each with the terminals that may follow the production.
#[derive(Clone, Debug)]
pub(crate) struct State {
    kernel: Box<[(SlotId, SetId)]>,
    /// The terminals that can come next, and the end of the text if it can.
    pub(crate) viable: SetId,
    /// The nonterminals that may start here, with what may follow them; made when first asked for.
    closure: Option<Box<[(NtId, SetId)]>>,
}

/// A nonterminal that another one may start with.
#[derive(Clone, Debug)]
struct LeftCorner {
    nt: NtId,
    /// What may follow it, whatever follows the other one.
    fixed: SetId,
    /// What follows the other one may follow it too.
    passes: bool,
}

/// What the automaton is built from, fixed for a grammar.
#[derive(Clone, Debug)]
pub(crate) struct LrSpec {
    pub(crate) bnf: Bnf,
    /// For each nonterminal, the terminals that can stand first.
    pub(crate) first: Vec<Box<[u64]>>,
    /// For each production in the order of nonterminals: its first symbol; sorted within a nonterminal.
    by_first: Vec<(Sym, ProdId)>,
    /// The end of the text.
    pub(crate) end: TermId,
}

impl LrSpec {
    pub(crate) fn new(bnf: Bnf, first: Vec<Box<[u64]>>, end: TermId) -> Self {
        let mut by_first = Vec::with_capacity(bnf.prods.len());
        for nt in bnf.nts.ids() {
            let start = by_first.len();
            for prod in bnf.prods_of(nt) {
                if let Some(sym) = bnf.symbol(bnf.prods[prod].first) {
                    by_first.push((sym, prod));
                }
            }
            if let Some(own) = by_first.get_mut(start..) {
                own.sort_unstable();
            }
        }
        Self {
            bnf,
            first,
            by_first,
            end,
        }
    }

    pub(crate) fn first_of(&self, nt: NtId) -> &[u64] {
        self.first.get(nt.index()).map_or(&[], |set| set)
    }

    /// The productions of `nt` that start with `sym`.
    fn starting_with(&self, nt: NtId, sym: Sym) -> impl Iterator<Item = ProdId> + '_ {
        let range = &self.bnf.nts[nt].prods;
        let own = self
            .by_first
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default();
        let from = own.partition_point(|(first, _)| *first < sym);
        own.get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(first, _)| *first == sym)
            .map(|(_, prod)| *prod)
    }
}

/// The part of the automaton that has been built.
#[derive(Clone, Debug)]
pub(crate) struct Lr {
    pub(crate) sets: SetPool,
    states: Table<StateId, State>,
    ids: FxHashMap<Box<[(SlotId, SetId)]>, StateId>,
    corners: FxHashMap<NtId, Box<[LeftCorner]>>,
    conflicts: Table<ConflictId, Conflict>,
    /// Cells by state and lexeme, `stride` to a state.
    actions: Vec<u32>,
    stride: usize,
    /// Cells by state and nonterminal, where that is small enough.
    gotos: Vec<u32>,
    goto_stride: usize,
    far_gotos: FxHashMap<(StateId, NtId), StateId>,
    max_states: usize,
    pub(super) ways: Ways,
}

const UNKNOWN: u32 = 0;
const ERROR: u32 = 1;
const ACCEPT: u32 = 2;
const SHIFT: u32 = 1 << 30;
const REDUCE: u32 = 2 << 30;
const CONFLICT: u32 = 3 << 30;

/// Nonterminals beyond which the table of gotos is a hash table.
const MAX_GOTO_STRIDE: usize = 1024;

impl Lr {
    /// The automaton with its first state.
    pub(crate) fn new(spec: &LrSpec, max_states: usize) -> Self {
        let nts = spec.bnf.nts.len();
        Self {
            sets: SetPool::new(spec.end.index() + 1),
            states: Table::new(),
            ids: FxHashMap::default(),
            corners: FxHashMap::default(),
            conflicts: Table::new(),
            actions: Vec::new(),
            stride: 16,
            gotos: Vec::new(),
            goto_stride: if nts <= MAX_GOTO_STRIDE { nts } else { 0 },
            far_gotos: FxHashMap::default(),
            max_states,
            ways: Ways::new(),
        }
    }

    pub(crate) fn states(&self) -> usize {
        self.states.len()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        (self.actions.capacity() + self.gotos.capacity()) * 4
            + self.states.len() * 256
            + self.ways.heap_bytes()
    }

    /// The state before the first lexeme.
    pub(crate) fn initial(&mut self, spec: &LrSpec) -> Result<StateId, Exceeded> {
        let mut end = self.sets.scratch();
        insert(&mut end, spec.end);
        let end = self.sets.intern(end);
        self.intern(spec, vec![(spec.bnf.prods[spec.bnf.accept].first, end)])
    }

    pub(crate) fn viable(&self, state: StateId) -> SetId {
        self.states[state].viable
    }

    pub(crate) fn conflict(&self, id: ConflictId) -> &Conflict {
        &self.conflicts[id]
    }

    /// What to do in `state` before the lexeme `accept`.
    #[inline]
    pub(crate) fn action(
        &mut self,
        spec: &LrSpec,
        state: StateId,
        accept: AcceptId,
        lexer: &Lexer,
    ) -> Result<Action, Exceeded> {
        let cell = if accept.index() < self.stride {
            self.actions
                .get(state.index() * self.stride + accept.index())
                .copied()
                .unwrap_or(UNKNOWN)
        } else {
            UNKNOWN
        };
        match cell {
            UNKNOWN => self.build_action(spec, state, accept, lexer.accept(accept)),
            cell => Ok(decode(cell)),
        }
    }

    #[cold]
    fn build_action(
        &mut self,
        spec: &LrSpec,
        state: StateId,
        accept: AcceptId,
        lexeme: &Accept,
    ) -> Result<Action, Exceeded> {
        let action = self.find_action(spec, state, lexeme)?;
        if accept.index() >= self.stride {
            self.widen(accept.index() + 1);
        }
        let at = state.index() * self.stride + accept.index();
        if let Some(cell) = self.actions.get_mut(at) {
            *cell = encode(action);
        }
        Ok(action)
    }

    /// Makes room for more lexemes.
    fn widen(&mut self, needed: usize) {
        let stride = needed.next_power_of_two();
        let mut actions = vec![UNKNOWN; self.states.len() * stride];
        for (new, old) in actions
            .chunks_exact_mut(stride)
            .zip(self.actions.chunks_exact(self.stride))
        {
            for (new, old) in new.iter_mut().zip(old) {
                *new = *old;
            }
        }
        self.actions = actions;
        self.stride = stride;
    }

    fn find_action(
        &mut self,
        spec: &LrSpec,
        state: StateId,
        lexeme: &Accept,
    ) -> Result<Action, Exceeded> {
        let mut reduces: SmallVec<[ProdId; 4]> = SmallVec::new();
        let mut accept = false;
        for &(slot, follow) in &self.states[state].kernel {
            let At::End(prod) = spec.bnf.slots[slot].get() else {
                continue;
            };
            if lexeme
                .terms
                .iter()
                .any(|term| self.sets.contains(follow, *term))
            {
                if prod == spec.bnf.accept {
                    accept = true;
                } else {
                    reduces.push(prod);
                }
            }
        }
        let shift = self.shift(spec, state, lexeme)?;
        Ok(match (reduces.as_slice(), shift, accept) {
            ([], None, false) => Action::Error,
            ([], None, true) => Action::Accept,
            ([], Some(next), false) => Action::Shift(next),
            ([one], None, false) => Action::Reduce(*one),
            _ => {
                reduces.sort_unstable();
                Action::Conflict(self.conflicts.push(Conflict {
                    reduces: reduces.into_boxed_slice(),
                    shift,
                    accept,
                }))
            }
        })
    }

    /// The state behind a lexeme: the items of all its terminals.
    fn shift(
        &mut self,
        spec: &LrSpec,
        state: StateId,
        lexeme: &Accept,
    ) -> Result<Option<StateId>, Exceeded> {
        let mut kernel = Vec::new();
        for &term in &lexeme.terms {
            if term != spec.end && self.sets.contains(self.states[state].viable, term) {
                self.advance(spec, state, Sym::term(term), &mut kernel);
            }
        }
        if kernel.is_empty() {
            return Ok(None);
        }
        self.intern(spec, kernel).map(Some)
    }

    /// The state behind a nonterminal. There is one: the nonterminal was reduced on a stack that has `state` below it.
    #[inline]
    pub(crate) fn goto(
        &mut self,
        spec: &LrSpec,
        state: StateId,
        nt: NtId,
    ) -> Result<StateId, Exceeded> {
        if nt.index() < self.goto_stride
            && let Some(&cell) = self
                .gotos
                .get(state.index() * self.goto_stride + nt.index())
            && cell != UNKNOWN
        {
            return Ok(StateId(cell - 1));
        }
        self.build_goto(spec, state, nt)
    }

    #[cold]
    fn build_goto(&mut self, spec: &LrSpec, state: StateId, nt: NtId) -> Result<StateId, Exceeded> {
        if let Some(&known) = self.far_gotos.get(&(state, nt)) {
            return Ok(known);
        }
        let mut kernel = Vec::new();
        self.advance(spec, state, Sym::nt(nt), &mut kernel);
        let next = self.intern(spec, kernel)?;
        if nt.index() < self.goto_stride {
            if let Some(cell) = self
                .gotos
                .get_mut(state.index() * self.goto_stride + nt.index())
            {
                *cell = next.0 + 1;
            }
        } else {
            self.far_gotos.insert((state, nt), next);
        }
        Ok(next)
    }

    /// The state in which a text of `nt` alone begins.
    pub(crate) fn initial_of(&mut self, spec: &LrSpec, nt: NtId) -> Result<StateId, Exceeded> {
        let mut end = self.sets.scratch();
        insert(&mut end, spec.end);
        let end = self.sets.intern(end);
        let firsts = spec.bnf.prods_of(nt).map(|prod| spec.bnf.prods[prod].first);
        self.intern(spec, firsts.map(|first| (first, end)).collect())
    }

    /// The state behind a symbol that can stand in `state`.
    pub(crate) fn behind(
        &mut self,
        spec: &LrSpec,
        state: StateId,
        sym: Sym,
    ) -> Result<Option<StateId>, Exceeded> {
        let mut kernel = Vec::new();
        self.advance(spec, state, sym, &mut kernel);
        if kernel.is_empty() {
            return Ok(None);
        }
        self.intern(spec, kernel).map(Some)
    }

    /// The symbols that can stand in `state`, sorted.
    pub(crate) fn symbols(&mut self, spec: &LrSpec, state: StateId) -> Vec<Sym> {
        self.close(spec, state);
        let state = &self.states[state];
        let own = state.kernel.iter().map(|(slot, _)| *slot);
        let below = state.closure.iter().flatten();
        let below = below.flat_map(|(nt, _)| spec.bnf.prods_of(*nt));
        let firsts = below.map(|prod| spec.bnf.prods[prod].first);
        let mut all: Vec<Sym> = own
            .chain(firsts)
            .filter_map(|slot| spec.bnf.symbol(slot))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The productions that end in `state`, and before what.
    pub(crate) fn ends<'l>(
        &'l self,
        spec: &'l LrSpec,
        state: StateId,
    ) -> impl Iterator<Item = (ProdId, SetId)> + 'l {
        let kernel = self.states[state].kernel.iter();
        kernel.filter_map(|&(slot, follow)| match spec.bnf.slots[slot].get() {
            At::End(prod) => Some((prod, follow)),
            At::Sym(_) => None,
        })
    }

    /// The items of `state` that have `sym` behind their place, moved over it.
    fn advance(
        &mut self,
        spec: &LrSpec,
        state: StateId,
        sym: Sym,
        kernel: &mut Vec<(SlotId, SetId)>,
    ) {
        self.close(spec, state);
        let state = &self.states[state];
        for &(slot, follow) in &state.kernel {
            if spec.bnf.symbol(slot) == Some(sym) {
                kernel.push((Bnf::after(slot), follow));
            }
        }
        for &(nt, follow) in state.closure.iter().flatten() {
            for prod in spec.starting_with(nt, sym) {
                kernel.push((Bnf::after(spec.bnf.prods[prod].first), follow));
            }
        }
    }

    /// Finds the nonterminals that may start in a state.
    fn close(&mut self, spec: &LrSpec, state: StateId) {
        if self.states[state].closure.is_some() {
            return;
        }
        let mut follows: FxHashMap<NtId, Box<[u64]>> = FxHashMap::default();
        let kernel = self.states[state].kernel.clone();
        for (slot, follow) in kernel {
            let Some(Symbol::Nt(nt)) = spec.bnf.symbol(slot).map(Sym::get) else {
                continue;
            };
            let own = self.follow_after(spec, Bnf::after(slot), Some(follow));
            self.find_corners(spec, nt);
            for corner in self.corners.get(&nt).into_iter().flatten() {
                let set = follows
                    .entry(corner.nt)
                    .or_insert_with(|| self.sets.scratch());
                unite(set, self.sets.get(corner.fixed));
                if corner.passes {
                    unite(set, &own);
                }
            }
        }
        let mut closure: Vec<(NtId, Box<[u64]>)> = follows.into_iter().collect();
        closure.sort_unstable_by_key(|(nt, _)| *nt);
        let closure = closure
            .into_iter()
            .map(|(nt, set)| (nt, self.sets.intern(set)))
            .collect();
        self.states[state].closure = Some(closure);
    }

    /// What may follow a symbol whose production goes on at `rest`; `None` for `follow` where that is not known yet.
    fn follow_after(&self, spec: &LrSpec, rest: SlotId, follow: Option<SetId>) -> Box<[u64]> {
        let mut set = self.sets.scratch();
        match spec.bnf.symbol(rest).map(Sym::get) {
            Some(Symbol::Term(term)) => insert(&mut set, term),
            Some(Symbol::Nt(nt)) => {
                unite(&mut set, spec.first_of(nt));
            }
            None => {
                if let Some(follow) = follow {
                    unite(&mut set, self.sets.get(follow));
                }
            }
        }
        set
    }

    /// Finds the nonterminals that `nt` may start with, itself included.
    fn find_corners(&mut self, spec: &LrSpec, nt: NtId) {
        if self.corners.contains_key(&nt) {
            return;
        }
        let mut found: indexmap::IndexMap<NtId, (Box<[u64]>, bool)> = indexmap::IndexMap::new();
        found.insert(nt, (self.sets.scratch(), true));
        let mut work = vec![nt];
        while let Some(current) = work.pop() {
            let Some((fixed, passes)) = found.get(&current).cloned() else {
                continue;
            };
            for prod in spec.bnf.prods_of(current) {
                let first = spec.bnf.prods[prod].first;
                let Some(Symbol::Nt(next)) = spec.bnf.symbol(first).map(Sym::get) else {
                    continue;
                };
                let rest = Bnf::after(first);
                let inherits = spec.bnf.symbol(rest).is_none();
                let follow = self.follow_after(spec, rest, None);
                let is_new = !found.contains_key(&next);
                let entry = found
                    .entry(next)
                    .or_insert_with(|| (self.sets.scratch(), false));
                let mut changed = is_new | unite(&mut entry.0, &follow);
                if inherits {
                    changed |= unite(&mut entry.0, &fixed);
                    changed |= passes && !entry.1;
                    entry.1 |= passes;
                }
                if changed {
                    work.push(next);
                }
            }
        }
        let corners = found
            .into_iter()
            .map(|(nt, (fixed, passes))| LeftCorner {
                nt,
                fixed: self.sets.intern(fixed),
                passes,
            })
            .collect();
        self.corners.insert(nt, corners);
    }

    fn intern(
        &mut self,
        spec: &LrSpec,
        mut kernel: Vec<(SlotId, SetId)>,
    ) -> Result<StateId, Exceeded> {
        kernel.sort_unstable();
        let mut merged: Vec<(SlotId, SetId)> = Vec::with_capacity(kernel.len());
        for (slot, follow) in kernel {
            match merged.last_mut() {
                Some((last, set)) if *last == slot => *set = self.sets.union(*set, follow),
                _ => merged.push((slot, follow)),
            }
        }
        let kernel = merged.into_boxed_slice();
        if let Some(&id) = self.ids.get(&kernel) {
            return Ok(id);
        }
        if self.states.len() >= self.max_states {
            return Err(Exceeded::AutomatonStates(self.max_states));
        }
        let mut viable = self.sets.scratch();
        for &(slot, follow) in &kernel {
            unite(&mut viable, &self.follow_after(spec, slot, Some(follow)));
        }
        let viable = self.sets.intern(viable);
        self.ids.insert(kernel.clone(), self.states.next_id());
        self.actions
            .resize(self.actions.len() + self.stride, UNKNOWN);
        self.gotos
            .resize(self.gotos.len() + self.goto_stride, UNKNOWN);
        Ok(self.states.push(State {
            kernel,
            viable,
            closure: None,
        }))
    }
}

fn encode(action: Action) -> u32 {
    match action {
        Action::Error => ERROR,
        Action::Accept => ACCEPT,
        Action::Shift(state) => SHIFT | state.0,
        Action::Reduce(prod) => REDUCE | prod.0,
        Action::Conflict(conflict) => CONFLICT | conflict.0,
    }
}

#[inline]
fn decode(cell: u32) -> Action {
    let value = cell & !CONFLICT;
    match cell & CONFLICT {
        SHIFT => Action::Shift(StateId(value)),
        REDUCE => Action::Reduce(ProdId(value)),
        CONFLICT => Action::Conflict(ConflictId(value)),
        _ if cell == ACCEPT => Action::Accept,
        _ => Action::Error,
    }
}
