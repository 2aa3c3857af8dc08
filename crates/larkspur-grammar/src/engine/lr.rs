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
//! - What [`Lr::viable`] gives is exactly the set of terminals that can follow the text read so far on a stack with this state on
//!   top, if every rule derives something.
//! - The grammar has no empty productions, so only kernel items can be complete.

mod built;
mod items;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::bnf::{At, Bnf, NtId, ProdId, SlotId, Sym, TermId};
use super::lexer::{Accept, AcceptId, Lexer};
use super::sets::{SetId, SetPool, insert};
use super::units::Ways;
use crate::error::Exceeded;
use crate::table::{Id as _, Table, id_type};
pub(crate) use built::{ActionCell, Built, Reduction};
use items::{LeftCorner, State};

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

/// What the automaton is built from, fixed for a grammar.
#[derive(Clone, Debug)]
pub(crate) struct LrSpec {
    pub(crate) bnf: Bnf,
    /// For each nonterminal, the terminals that can stand first.
    pub(crate) first: Vec<Box<[u64]>>,
    /// For each production in the order of nonterminals: its first symbol; sorted within a nonterminal.
    by_first: Vec<(Sym, ProdId)>,
    /// For each production, what it makes.
    lhs: Vec<NtId>,
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
            lhs: bnf.prods.iter().map(|prod| prod.lhs).collect(),
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
    /// Cells by state and lexeme, `stride` to a state: a power of two.
    actions: Vec<u32>,
    stride: usize,
    /// Cells by state and nonterminal, where that is small enough; a power of two to a state.
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
/// A goto that has not been built.
const NOWHERE: u32 = u32::MAX;

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
            goto_stride: if nts <= MAX_GOTO_STRIDE {
                nts.next_power_of_two()
            } else {
                0
            },
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
            *cell = encode(spec, action);
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
            && cell != NOWHERE
        {
            return Ok(StateId(cell));
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
                *cell = next.0;
            }
        } else {
            self.far_gotos.insert((state, nt), next);
        }
        Ok(next)
    }
}

fn encode(spec: &LrSpec, action: Action) -> u32 {
    match action {
        Action::Error => ERROR,
        Action::Accept => ACCEPT,
        Action::Shift(state) => SHIFT | state.0,
        // Built again each time; so many productions do not fit the default limits.
        Action::Reduce(prod) if prod.0 > built::PROD => UNKNOWN,
        Action::Reduce(prod) => REDUCE | built::seen(&spec.bnf.prods[prod]) | prod.0,
        Action::Conflict(conflict) => CONFLICT | conflict.0,
    }
}

#[inline]
fn decode(cell: u32) -> Action {
    let value = cell & !CONFLICT;
    match cell & CONFLICT {
        SHIFT => Action::Shift(StateId(value)),
        REDUCE => Action::Reduce(ProdId(value & built::PROD)),
        CONFLICT => Action::Conflict(ConflictId(value)),
        _ if cell == ACCEPT => Action::Accept,
        _ => Action::Error,
    }
}
