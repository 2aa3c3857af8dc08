//! Sets of items: how states are made from states.

use rustc_hash::FxHashMap;

use super::{Lr, LrSpec, NOWHERE, StateId, UNKNOWN};
use crate::engine::bnf::{At, Bnf, NtId, ProdId, SlotId, Sym, Symbol};
use crate::engine::sets::{SetId, insert, unite};
use crate::error::Exceeded;

/// A set of items: places in productions, each with the terminals that may follow the production.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) kernel: Box<[(SlotId, SetId)]>,
    /// The terminals that can come next, and the end of the text if it can.
    pub(super) viable: SetId,
    /// The nonterminals that may start here, with what may follow them; made when first asked for.
    closure: Option<Box<[(NtId, SetId)]>>,
}

/// A nonterminal that another one may start with.
#[derive(Clone, Debug)]
pub(super) struct LeftCorner {
    nt: NtId,
    /// What may follow it, whatever follows the other one.
    fixed: SetId,
    /// What follows the other one may follow it too.
    passes: bool,
}

impl Lr {
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
    pub(super) fn advance(
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

    pub(super) fn intern(
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
            .resize(self.gotos.len() + self.goto_stride, NOWHERE);
        Ok(self.states.push(State {
            kernel,
            viable,
            closure: None,
        }))
    }
}
