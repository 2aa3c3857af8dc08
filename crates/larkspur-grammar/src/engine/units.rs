//! Unit productions: `sum → product → power → atom` for a lone number.
//!
//! In a grammar with a ladder of precedence most reductions are such steps, and most of them change nothing in the tree: a `?rule`
//! with one child is that child. They are taken in one go. What a stack comes to is a function of the state below, the
//! state reached, and the lexeme that follows, so it is remembered; a step that is passed over leaves no node on the stack
//! and no entry in the log. (Removing unit productions from LR tables goes back to Pager, "Eliminating unit
//! productions from LR parsers", Acta Informatica 9, 1977; doing it while parsing keeps the tables as they are.)
//!
//! # Invariants
//! - [`Prod::passes`](super::bnf::Prod::passes): in every tree, the production gives exactly what its one symbol gave.
//! - The last state of a way is one that does anything else than reduce by such a production, conflicts included.

use super::bnf::{Bnf, NtId, Part, ProdId, Shape, Symbol};
use super::lexer::{AcceptId, Lexer};
use super::lr::{Action, Lr, LrSpec, StateId};
use crate::error::Exceeded;
use crate::table::Id as _;

impl Bnf {
    /// Finds the productions that change nothing in any tree.
    pub(crate) fn mark_passing(&mut self) {
        let single = self.single();
        let passes = |prod: ProdId| {
            let production = &self.prods[prod];
            production.unit
                && match production.shape {
                    Shape::Inline => true,
                    Shape::NodeUnlessSingle(_) => self
                        .symbol(production.first)
                        .is_some_and(|sym| matches!(sym.get(), Symbol::Nt(nt) if is(&single, nt))),
                    Shape::Node(_) => false,
                }
        };
        let found: Vec<bool> = self.prods.ids().map(passes).collect();
        for (prod, passes) in self.prods.ids().zip(found) {
            self.prods[prod].passes = passes;
        }
    }

    /// For each nonterminal, whether it always gives exactly one node: assumed of all, and taken back where it fails.
    fn single(&self) -> Vec<bool> {
        let mut single = vec![true; self.nts.len()];
        // users[b]: the nonterminals that give what b gives.
        let mut users: Vec<Vec<NtId>> = vec![Vec::new(); self.nts.len()];
        let mut failed: Vec<NtId> = Vec::new();
        for prod in self.prods.ids() {
            let lhs = self.prods[prod].lhs;
            match self.gives(prod) {
                Gives::One => {}
                Gives::Same(nt) => {
                    if let Some(users) = users.get_mut(nt.index()) {
                        users.push(lhs);
                    }
                }
                Gives::Unknown => failed.push(lhs),
            }
        }
        while let Some(nt) = failed.pop() {
            if let Some(flag) = single.get_mut(nt.index())
                && std::mem::replace(flag, false)
            {
                failed.extend(users.get(nt.index()).into_iter().flatten());
            }
        }
        single
    }

    fn gives(&self, prod: ProdId) -> Gives {
        let production = &self.prods[prod];
        if self.variants.prods.contains_key(&prod) {
            return Gives::Unknown;
        }
        if production.shape != Shape::Inline {
            return Gives::One;
        }
        let mut shown = None;
        let mut slot = production.first;
        for part in self.parts_of(prod) {
            let gives = match (part, self.symbol(slot).map(super::bnf::Sym::get)) {
                (Part::Drop, _) => None,
                (Part::Keep(_), _) => Some(Gives::One),
                (Part::Nt, Some(Symbol::Nt(nt))) => Some(Gives::Same(nt)),
                (Part::Nt | Part::Fill(_), _) => return Gives::Unknown,
            };
            if gives.is_some() && shown.is_some() {
                return Gives::Unknown;
            }
            shown = shown.or(gives);
            slot = Self::after(slot);
        }
        shown.unwrap_or(Gives::Unknown)
    }
}

/// How many nodes a production gives.
#[derive(Clone, Copy)]
enum Gives {
    One,
    /// As many as this nonterminal.
    Same(NtId),
    Unknown,
}

fn is(flags: &[bool], nt: NtId) -> bool {
    flags.get(nt.index()).copied().unwrap_or_default()
}

/// Ways through unit productions that have been taken, by a hash of where they begin; a later one takes the place.
#[derive(Clone, Debug)]
pub(crate) struct Ways {
    known: Vec<Way>,
}

#[derive(Clone, Copy, Debug)]
struct Way {
    below: StateId,
    from: StateId,
    /// Before which lexeme; twice that, and one more where trees do not matter.
    before: u32,
    to: StateId,
}

/// The number of ways that are remembered, as a power of two.
const WAYS: u32 = 11;

impl Ways {
    pub(crate) fn new() -> Self {
        // The first state is never reached from below, so this is no way.
        let none = Way {
            below: StateId(u32::MAX),
            from: StateId(u32::MAX),
            before: 0,
            to: StateId(0),
        };
        Self {
            known: vec![none; 1 << WAYS],
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.known.capacity() * size_of::<Way>()
    }

    /// Where a way leads, if it has been taken.
    #[inline]
    pub(crate) fn find(
        &self,
        below: StateId,
        from: StateId,
        accept: AcceptId,
        record: bool,
    ) -> Option<StateId> {
        let before = accept.0 << 1 | u32::from(!record);
        let way = self.known.get(Self::slot(below, from, before))?;
        ((way.below, way.from, way.before) == (below, from, before)).then_some(way.to)
    }

    #[inline]
    fn slot(below: StateId, from: StateId, before: u32) -> usize {
        let hash = (below.0.wrapping_mul(0x9e37_79b1))
            .wrapping_add(from.0.wrapping_mul(0x85eb_ca77))
            .wrapping_add(before.wrapping_mul(0xc2b2_ae3d));
        (hash.wrapping_mul(0x27d4_eb2f) >> (u32::BITS - WAYS)) as usize
    }
}

impl Lr {
    /// Where the stack comes to from `from`, on a stack with `below` below it, by unit productions before `accept`: those that
    /// pass or, where trees do not matter, all of them. And what is done there.
    #[inline]
    pub(crate) fn settle(
        &mut self,
        spec: &LrSpec,
        (below, from): (StateId, StateId),
        accept: AcceptId,
        lexer: &Lexer,
        record: bool,
    ) -> Result<(StateId, Action), Exceeded> {
        match self.action(spec, from, accept, lexer)? {
            Action::Reduce(prod) if spec.bnf.prods[prod].is_passed_over(record) => {}
            other => return Ok((from, other)),
        }
        if let Some(to) = self.ways.find(below, from, accept, record) {
            return Ok((to, self.action(spec, to, accept, lexer)?));
        }
        let to = self.walk(spec, (below, from), accept, lexer, record)?;
        let before = accept.0 << 1 | u32::from(!record);
        if let Some(way) = self.ways.known.get_mut(Ways::slot(below, from, before)) {
            *way = Way {
                below,
                from,
                before,
                to,
            };
        }
        Ok((to, self.action(spec, to, accept, lexer)?))
    }

    #[cold]
    fn walk(
        &mut self,
        spec: &LrSpec,
        (below, from): (StateId, StateId),
        accept: AcceptId,
        lexer: &Lexer,
        record: bool,
    ) -> Result<StateId, Exceeded> {
        let mut at = from;
        while let Action::Reduce(prod) = self.action(spec, at, accept, lexer)?
            && spec.bnf.prods[prod].is_passed_over(record)
        {
            at = self.goto(spec, below, spec.bnf.prods[prod].lhs)?;
        }
        Ok(at)
    }
}
