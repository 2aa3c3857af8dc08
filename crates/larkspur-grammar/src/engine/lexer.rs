//! The lexer: one automaton for every set of terminals that may stand at a place, built as texts need it.
//!
//! A state is a list of terminals with what each still has to match; its row in the table of transitions is filled as bytes
//! arrive. The meaning is llguidance's: at a place only the terminals that the grammar allows there compete, the automaton
//! runs until it is stuck, and if it is stuck in a state where something matched, all terminals that match there are the
//! lexeme's. There is no way back to an earlier match. A terminal with the shortest extent ends the lexeme as soon as it
//! matches.

use rustc_hash::FxHashMap;

use super::bnf::TermId;
use crate::automaton::{ByteClasses, ExprRef, Exprs};
use crate::error::Exceeded;
use crate::table::{Table, id_type, narrow};

id_type! {
    /// A state of the lexer, as the offset of its row in the table: what the inner loop adds a byte's class to.
    LexState
}
id_type! {
    /// A set of terminals that match the same lexeme.
    AcceptId
}

impl LexState {
    /// Nothing can match.
    pub(crate) const DEAD: Self = Self(SPECIAL);
    /// Not built yet.
    const UNKNOWN: Self = Self(SPECIAL | 1);

    /// A state that ends its lexeme at once.
    #[inline]
    pub(crate) fn stops(self) -> bool {
        self.0 & STOP == STOP
    }

    /// Whether the inner loop has to look twice.
    #[inline]
    pub(crate) fn is_special(self) -> bool {
        self.0 & SPECIAL != 0
    }

    #[inline]
    fn row(self) -> usize {
        (self.0 & !STOP) as usize
    }
}

const SPECIAL: u32 = 1 << 31;
const STOP: u32 = 3 << 30;

/// What the lexer of one grammar is built from.
#[derive(Clone, Debug)]
pub(crate) struct LexerSpec {
    /// For each terminal, what it matches; ignored text is the last one.
    pub(crate) terms: Table<TermId, ExprRef>,
    /// Terminals that end with the first match.
    pub(crate) shortest: Vec<TermId>,
    /// The terminal of ignored text.
    pub(crate) skip: Option<TermId>,
    pub(crate) classes: ByteClasses,
}

/// Terminals that match the same lexeme.
#[derive(Clone, Debug)]
pub(crate) struct Accept {
    pub(crate) terms: Box<[TermId]>,
    /// It is ignored text: then it is nothing else.
    pub(crate) skip: bool,
}

#[derive(Clone, Debug)]
struct State {
    /// Terminals that may still match, with what they need.
    entries: Box<[(TermId, ExprRef)]>,
}

/// The part of the automaton that has been built.
#[derive(Clone, Debug)]
pub(crate) struct Lexer {
    exprs: Exprs,
    /// Row by row: first the [`AcceptId`] of the state, then the next state for each class of bytes.
    table: Vec<u32>,
    row: usize,
    states: Vec<State>,
    ids: FxHashMap<Box<[(TermId, ExprRef)]>, LexState>,
    accepts: Table<AcceptId, Accept>,
    accept_ids: FxHashMap<Box<[TermId]>, AcceptId>,
    max_states: usize,
}

/// Nothing matches in this state.
pub(crate) const NO_ACCEPT: AcceptId = AcceptId(0);
/// The end of the text, as a lexeme. It is an `AcceptId` so that the tables of the parser need one index only.
pub(crate) const END_OF_TEXT: AcceptId = AcceptId(1);

impl Lexer {
    pub(crate) fn new(spec: &LexerSpec, exprs: Exprs, end: TermId, max_states: usize) -> Self {
        let mut accepts = Table::new();
        for terms in [Vec::new(), vec![end]] {
            accepts.push(Accept {
                terms: terms.into_boxed_slice(),
                skip: false,
            });
        }
        Self {
            exprs,
            table: Vec::new(),
            row: spec.classes.len() + 1,
            states: Vec::new(),
            ids: FxHashMap::default(),
            accepts,
            accept_ids: FxHashMap::default(),
            max_states,
        }
    }

    pub(crate) fn states(&self) -> usize {
        self.states.len()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.table.capacity() * 4 + self.states.len() * 64 + self.exprs.weight() * 48
    }

    #[inline]
    pub(crate) fn accept(&self, id: AcceptId) -> &Accept {
        &self.accepts[id]
    }

    /// The terminals that match what has been read in `state`.
    #[inline]
    pub(crate) fn accept_in(&self, state: LexState) -> AcceptId {
        self.table
            .get(state.row())
            .map_or(NO_ACCEPT, |id| AcceptId(*id))
    }

    /// The terminals that more bytes may still match in `state`.
    pub(crate) fn possible(&self, state: LexState) -> impl Iterator<Item = TermId> + '_ {
        let entries = if state == LexState::DEAD {
            None
        } else {
            self.states.get(state.row() / self.row)
        };
        entries
            .into_iter()
            .flat_map(|state| state.entries.iter())
            .filter(|(_, expr)| *expr != Exprs::EMPTY)
            .map(|(term, _)| *term)
    }

    /// The state at the start of a lexeme that may be any of `terms`, which are sorted.
    pub(crate) fn start(
        &mut self,
        spec: &LexerSpec,
        terms: impl Iterator<Item = TermId>,
    ) -> Result<LexState, Exceeded> {
        let entries: Vec<(TermId, ExprRef)> = terms
            .map(|term| (term, spec.terms[term]))
            .filter(|(_, expr)| *expr != Exprs::NEVER)
            .collect();
        let state = self.intern(spec, entries)?;
        // Nothing has been read: a terminal that allows the empty text does not stop here.
        Ok(if state == LexState::DEAD {
            state
        } else {
            LexState(state.0 & !STOP)
        })
    }

    /// The state after `byte`.
    #[inline]
    pub(crate) fn next(
        &mut self,
        spec: &LexerSpec,
        state: LexState,
        byte: u8,
    ) -> Result<LexState, Exceeded> {
        let class = spec.classes.of(byte);
        match self.table.get(state.0 as usize + 1 + class) {
            Some(&next) if next != LexState::UNKNOWN.0 => Ok(LexState(next)),
            Some(_) => self.build(spec, state, byte),
            None => Ok(LexState::DEAD),
        }
    }

    /// The rows, for the inner loop.
    #[inline]
    pub(crate) fn table(&self) -> &[u32] {
        &self.table
    }

    #[cold]
    fn build(&mut self, spec: &LexerSpec, state: LexState, byte: u8) -> Result<LexState, Exceeded> {
        let class = spec.classes.of(byte);
        // One byte stands for its class, so that derivatives are shared.
        let byte = spec
            .classes
            .representatives()
            .get(class)
            .copied()
            .unwrap_or(byte);
        let entries = self
            .states
            .get(state.row() / self.row)
            .map(|state| state.entries.clone())
            .unwrap_or_default();
        let mut next = Vec::new();
        for (term, expr) in entries {
            let derived = self.exprs.derivative(expr, byte);
            let derived = self
                .exprs
                .settle(derived, &spec.classes, self.max_states.saturating_mul(4))
                .ok_or(Exceeded::AutomatonStates(self.max_states))?;
            if derived != Exprs::NEVER {
                next.push((term, derived));
            }
        }
        let next = self.intern(spec, next)?;
        if let Some(cell) = self.table.get_mut(state.row() + 1 + class) {
            *cell = next.0;
        }
        Ok(next)
    }

    fn intern(
        &mut self,
        spec: &LexerSpec,
        entries: Vec<(TermId, ExprRef)>,
    ) -> Result<LexState, Exceeded> {
        if entries.is_empty() {
            return Ok(LexState::DEAD);
        }
        let entries = entries.into_boxed_slice();
        if let Some(&id) = self.ids.get(&entries) {
            return Ok(id);
        }
        if self.states.len() >= self.max_states || self.table.len() + self.row >= STOP as usize >> 2
        {
            return Err(Exceeded::AutomatonStates(self.max_states));
        }
        let (accept, stops) = self.accept_of(spec, &entries);
        let offset = narrow(self.table.len());
        self.table.push(accept.0);
        self.table
            .resize(self.table.len() + self.row - 1, LexState::UNKNOWN.0);
        let id = LexState(if stops { offset | STOP } else { offset });
        self.ids.insert(entries.clone(), id);
        self.states.push(State { entries });
        Ok(id)
    }

    /// The terminals that match in a state, and whether that ends the lexeme.
    fn accept_of(&mut self, spec: &LexerSpec, entries: &[(TermId, ExprRef)]) -> (AcceptId, bool) {
        let matching = || {
            entries
                .iter()
                .filter(|(_, expr)| self.exprs.is_nullable(*expr))
                .map(|(term, _)| *term)
        };
        let stopping: Vec<TermId> = matching()
            .filter(|term| spec.shortest.contains(term))
            .collect();
        let stops = !stopping.is_empty();
        let terms: Box<[TermId]> = if stops {
            stopping.into_boxed_slice()
        } else {
            matching().collect()
        };
        if terms.is_empty() {
            return (NO_ACCEPT, false);
        }
        (self.accept_id(spec, terms), stops)
    }

    fn accept_id(&mut self, spec: &LexerSpec, terms: Box<[TermId]>) -> AcceptId {
        if let Some(&id) = self.accept_ids.get(&terms) {
            return id;
        }
        let skip = spec.skip.is_some_and(|skip| terms.contains(&skip));
        let id = self.accepts.push(Accept {
            terms: terms.clone(),
            skip,
        });
        self.accept_ids.insert(terms, id);
        id
    }
}

/// Expressions that a search for an example looks at.
const MAX_EXAMPLE_STEPS: usize = 4096;

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
            if seen.len() > MAX_EXAMPLE_STEPS {
                return None;
            }
        }
        None
    }
}

impl Lexer {
    /// The shortest lexeme that is all of `terms` at once, in friendly letters. `None` if there is none, or none was found
    /// within the steps that may be spent, of which it takes what it needs.
    pub(crate) fn common(
        &mut self,
        spec: &LexerSpec,
        terms: &[TermId],
        steps: &mut usize,
    ) -> Result<Option<Vec<u8>>, Exceeded> {
        let start = self.start(spec, terms.iter().copied())?;
        let bytes = pleasant(&spec.classes);
        let mut seen: indexmap::IndexMap<LexState, (usize, u8)> = indexmap::IndexMap::new();
        seen.insert(start, (0, 0));
        let mut next = 0;
        while let Some((&state, _)) = seen.get_index(next) {
            for &byte in &bytes {
                *steps = steps.saturating_sub(1);
                if *steps == 0 {
                    return Ok(None);
                }
                let to = self.next(spec, state, byte)?;
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
            for index in 0..spec.classes.len() {
                *steps = steps.saturating_sub(1);
                let (Some(&byte), true) = (spec.classes.representatives().get(index), *steps > 0)
                else {
                    return Ok(None);
                };
                let to = self.next(spec, state, byte)?;
                if to != LexState::DEAD && seen.insert(to) {
                    let accept = self.accept_in(to);
                    if accept != NO_ACCEPT && !self.accept(accept).skip {
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
