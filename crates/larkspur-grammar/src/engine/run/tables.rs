//! Where the lexer starts on a stack.

use super::super::bnf::TermId;
use super::super::lexer::{Behind, LexState};
use super::super::lr::StateId;
use super::super::sets::SetId;
use super::Tables;
use crate::error::Exceeded;
use crate::table::Id as _;

impl Tables<'_> {
    pub(crate) fn initial(&mut self) -> Result<StateId, Exceeded> {
        self.cache.lr.initial(&self.spec.lr)
    }

    /// Where the lexer starts before the first byte.
    pub(super) fn start_of_text(&mut self, initial: StateId) -> Result<LexState, Exceeded> {
        let skip = self.spec.allow_initial_skip;
        self.start_of(self.cache.lr.viable(initial), skip)
    }

    /// Where the lexer starts on a stack with `state` on top, ignored text included.
    #[inline]
    pub(super) fn start_in(&mut self, state: StateId) -> Result<LexState, Exceeded> {
        match self.cache.starts.get(state.index()) {
            Some(start) if !start.is_unknown() => Ok(*start),
            _ => self.find_start_in(state),
        }
    }

    #[cold]
    fn find_start_in(&mut self, state: StateId) -> Result<LexState, Exceeded> {
        let start = self.start_of(self.cache.lr.viable(state), true)?;
        let starts = &mut self.cache.starts;
        if starts.len() <= state.index() {
            starts.resize(state.index() + 1, LexState::UNKNOWN);
        }
        if let Some(slot) = starts.get_mut(state.index()) {
            *slot = start;
        }
        Ok(start)
    }

    /// Where the lexer starts if these terminals can follow. Ignored text may come first if anything else can.
    pub(crate) fn start_of(&mut self, viable: SetId, skip: bool) -> Result<LexState, Exceeded> {
        if let Some(&start) = self.cache.starts_of.get(&(viable, skip)) {
            return Ok(start);
        }
        let end = self.spec.lr.end;
        let follow = self.cache.lr.sets.iter(viable);
        let mut terms: Vec<TermId> = follow.filter(|term| *term != end).collect();
        let mut behind = Behind::Unknown;
        // Under the lexer of Python's Lark, ignored text may also follow where no terminal can.
        terms.extend(&self.spec.lexer.ignored);
        if let Some(ignored) = self.spec.lexer.skip
            && skip
            && !terms.is_empty()
        {
            terms.push(ignored);
            terms.sort_unstable();
            behind = if self.spec.ignore_once {
                Behind::There(self.start_of(viable, false)?)
            } else {
                Behind::Here
            };
        }
        let lexer = &mut self.cache.lexer;
        let start = lexer.start(&self.spec.lexer, terms.into_iter(), behind)?;
        self.cache.starts_of.insert((viable, skip), start);
        Ok(start)
    }
}
