//! The cells of the automaton as the inner loop reads them: what has not been built yet is nothing to it.
//!
//! Every load that waits for another one shows there. So the cell of a reduction has with its production what the way down
//! the stack and on needs, and rows are found by shifts.

use super::{Lr, LrSpec, NOWHERE, REDUCE, SHIFT, StateId};
use crate::engine::bnf::{NtId, Prod, ProdId};
use crate::engine::lexer::AcceptId;
use crate::engine::units::Ways;
use crate::table::Id as _;

/// The part of a reduction's cell that is its production: `Config::max_symbols` is far below.
pub(super) const PROD: u32 = (1 << 24) - 1;
/// Its length, or zero where that is too long.
const LEN: u32 = 31 << 24;
/// It [passes](Prod::passes).
const PASSES: u32 = 1 << 29;

/// What a reduction's cell has besides its production.
pub(super) fn seen(prod: &Prod) -> u32 {
    let passes = if prod.passes { PASSES } else { 0 };
    match prod.len << 24 {
        len if prod.len < 32 => len | passes,
        _ => passes,
    }
}

/// A cell of the actions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionCell(u32);

/// A reduction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reduction(u32);

impl ActionCell {
    #[inline]
    pub(crate) fn reduces(self) -> Option<Reduction> {
        (self.0 >> 30 == REDUCE >> 30).then_some(Reduction(self.0))
    }

    #[inline]
    pub(crate) fn shifts(self) -> Option<StateId> {
        (self.0 >> 30 == SHIFT >> 30).then_some(StateId(self.0 & !SHIFT))
    }
}

impl Reduction {
    #[inline]
    pub(crate) fn prod(self) -> ProdId {
        ProdId(self.0 & PROD)
    }

    /// Its length; zero if that is not known here.
    #[inline]
    pub(crate) fn len(self) -> u32 {
        (self.0 & LEN) >> 24
    }

    #[inline]
    pub(crate) fn passes(self) -> bool {
        self.0 & PASSES != 0
    }

    /// As [`Prod::is_passed_over`].
    #[inline]
    pub(crate) fn is_passed_over(self, record: bool) -> bool {
        if record {
            self.passes()
        } else {
            self.len() == 1
        }
    }
}

/// The tables, borrowed while nothing is added to them.
#[derive(Clone, Copy)]
pub(crate) struct Built<'l> {
    actions: &'l [u32],
    stride: usize,
    shift: u32,
    gotos: &'l [u32],
    goto_stride: usize,
    goto_shift: u32,
    lhs: &'l [NtId],
    pub(crate) ways: &'l Ways,
}

impl Lr {
    pub(crate) fn built<'l>(&'l self, spec: &'l LrSpec) -> Built<'l> {
        Built {
            actions: &self.actions,
            stride: self.stride,
            shift: self.stride.trailing_zeros(),
            gotos: &self.gotos,
            goto_stride: self.goto_stride,
            goto_shift: self.goto_stride.trailing_zeros() & 31,
            lhs: &spec.lhs,
            ways: &self.ways,
        }
    }
}

impl Built<'_> {
    /// What to do in a state before a lexeme.
    #[inline]
    pub(crate) fn action(self, state: StateId, accept: AcceptId) -> Option<ActionCell> {
        if accept.index() >= self.stride {
            return None;
        }
        let cell = self
            .actions
            .get((state.index() << self.shift) + accept.index());
        cell.map(|cell| ActionCell(*cell))
    }

    /// The state behind what a production makes.
    #[inline]
    pub(crate) fn goto(self, state: StateId, prod: ProdId) -> Option<StateId> {
        let nt = self.lhs.get(prod.index())?;
        if nt.index() >= self.goto_stride {
            return None;
        }
        let cell = self
            .gotos
            .get((state.index() << self.goto_shift) + nt.index())?;
        (*cell != NOWHERE).then_some(StateId(*cell))
    }
}
