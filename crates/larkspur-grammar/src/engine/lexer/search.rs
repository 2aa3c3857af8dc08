//! Searches in the automaton: for examples, and for all that a lexeme can be.

use super::{AcceptId, Behind, IGNORED, LexState, Lexer, LexerSpec, NO_ACCEPT};
use crate::automaton::{ByteClasses, ExprRef, Exprs};
use crate::engine::bnf::TermId;
use crate::error::Exceeded;

/// Expressions that a search for an example looks at.
const MAX_EXAMPLE_STEPS: usize = 4096;
/// Parts of derivatives that are put together in the time of one step.
const PARTS_PER_STEP: usize = 8;

impl Lexer {
    /// The shortest text, at least one byte, that completes `term` from `state`; letters, digits and blanks are preferred.
    pub(crate) fn example(
        &mut self,
        spec: &LexerSpec,
        state: LexState,
        term: TermId,
    ) -> Option<Vec<u8>> {
        let state = self.states.get(state.row() / self.row)?;
        let (_, start) = *state.entries.iter().find(|(other, _)| *other == term)?;
        let bytes = pleasant(&spec.classes);
        // Each expression seen, with where it was reached from and by which byte.
        let mut seen: indexmap::IndexMap<ExprRef, (usize, u8)> = indexmap::IndexMap::new();
        let mut queue = vec![start];
        let before = self.exprs.derived();
        let mut next = 0;
        while let Some(&current) = queue.get(next) {
            for &byte in &bytes {
                let derived = self.exprs.derivative(current, byte);
                if derived == Exprs::NEVER || seen.contains_key(&derived) {
                    continue;
                }
                seen.insert(derived, (next, byte));
                if self.exprs.is_nullable(derived) {
                    return Some(way_to(&seen, &queue, derived));
                }
                queue.push(derived);
            }
            next += 1;
            let work = (self.exprs.derived() - before) / PARTS_PER_STEP;
            if seen.len() + work / bytes.len().max(1) > MAX_EXAMPLE_STEPS {
                return None;
            }
        }
        None
    }

    /// The shortest lexeme that is all of `terms` at once, in friendly letters. `None` if there is none, or none was found
    /// within the steps that may be spent, of which it takes what it needs.
    pub(crate) fn common(
        &mut self,
        spec: &LexerSpec,
        terms: &[TermId],
        steps: &mut usize,
    ) -> Result<Option<Vec<u8>>, Exceeded> {
        let start = self.start(spec, terms.iter().copied(), Behind::Unknown)?;
        let bytes = pleasant(&spec.classes);
        let mut seen: indexmap::IndexMap<LexState, (usize, u8)> = indexmap::IndexMap::new();
        seen.insert(start, (0, 0));
        let mut next = 0;
        while let Some((&state, _)) = seen.get_index(next) {
            for &byte in &bytes {
                let Some(to) = self.step(spec, state, byte, steps)? else {
                    return Ok(None);
                };
                if !self.all_alive(to, terms.len()) || seen.contains_key(&to) {
                    continue;
                }
                seen.insert(to, (next, byte));
                let accept = self.accept(self.accept_in(to));
                if terms.iter().all(|term| accept.terms.contains(term)) {
                    let mut text = Vec::new();
                    let mut at = seen.len() - 1;
                    while let Some((_, &(from, byte))) = seen.get_index(at).filter(|_| at > 0) {
                        text.push(byte);
                        at = from;
                    }
                    text.reverse();
                    return Ok(Some(text));
                }
            }
            next += 1;
        }
        Ok(None)
    }

    /// The state after `byte`, for which it takes steps as there is work. `None` if they do not suffice.
    pub(crate) fn step(
        &mut self,
        spec: &LexerSpec,
        state: LexState,
        byte: u8,
        steps: &mut usize,
    ) -> Result<Option<LexState>, Exceeded> {
        let before = self.exprs.derived();
        let next = self.next(spec, state, byte)?;
        let work = 1 + (self.exprs.derived() - before) / PARTS_PER_STEP;
        *steps = steps.saturating_sub(work);
        Ok((*steps > 0).then_some(next))
    }

    /// A lexeme that is this terminal only.
    pub(crate) fn alone(&mut self, spec: &LexerSpec, term: TermId) -> AcceptId {
        self.accept_id(spec, vec![term].into_boxed_slice())
    }

    /// Whether so many terminals can still match in a state.
    fn all_alive(&self, state: LexState, count: usize) -> bool {
        let found = self.states.get(state.row() / self.row);
        state != LexState::DEAD && found.is_some_and(|state| state.entries.len() == count)
    }

    /// All that a lexeme can be which starts in `start`, each once. `None` if the steps do not suffice.
    pub(crate) fn lexemes(
        &mut self,
        spec: &LexerSpec,
        start: LexState,
        steps: &mut usize,
    ) -> Result<Option<Vec<AcceptId>>, Exceeded> {
        let mut seen: indexmap::IndexSet<LexState> = indexmap::IndexSet::from([start]);
        let mut found: indexmap::IndexSet<AcceptId> = indexmap::IndexSet::new();
        let mut next = 0;
        while let Some(&state) = seen.get_index(next) {
            next += 1;
            if state == LexState::DEAD || state.stops() {
                continue;
            }
            for &byte in spec.classes.representatives() {
                let Some(to) = self.step(spec, state, byte, steps)? else {
                    return Ok(None);
                };
                if to != LexState::DEAD && seen.insert(to) {
                    let accept = self.accept_in(to);
                    if accept != NO_ACCEPT && accept != IGNORED {
                        found.insert(accept);
                    }
                }
            }
        }
        Ok(Some(found.into_iter().collect()))
    }
}

fn way_to(
    seen: &indexmap::IndexMap<ExprRef, (usize, u8)>,
    queue: &[ExprRef],
    to: ExprRef,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut at = to;
    while let Some(&(from, byte)) = seen.get(&at) {
        bytes.push(byte);
        // The first of the queue is where the search began, even if a way leads back to it.
        if from == 0 {
            break;
        }
        match queue.get(from) {
            Some(previous) => at = *previous,
            None => break,
        }
    }
    bytes.reverse();
    bytes
}

/// One byte of each class, the one a person would rather read.
fn pleasant(classes: &ByteClasses) -> Vec<u8> {
    let mut best: Vec<u8> = classes.representatives().to_vec();
    let rank = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b' ' => 3,
        0x21..=0x7e => 4,
        _ => 5,
    };
    for byte in 0..=u8::MAX {
        if let Some(slot) = best.get_mut(classes.of(byte))
            && rank(byte) < rank(*slot)
        {
            *slot = byte;
        }
    }
    best.sort_by_key(|byte| (rank(*byte), *byte));
    best
}
