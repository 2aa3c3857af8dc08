//! The lexer: one automaton for every set of terminals that may stand at a place, built as texts need it.
//!
//! A state is a list of terminals with what each still has to match; its row in the table of transitions is filled as bytes
//! arrive. The meaning is llguidance's: at a place only the terminals that the grammar allows there compete, the automaton
//! runs until it is stuck, and if it is stuck in a state where something matched, all terminals that match there are the
//! lexeme's. There is no way back to an earlier match. A terminal with the shortest extent ends the lexeme as soon as it
//! matches.
//!
//! Where ignored text ends and a lexeme begins, nothing happens to the parser. States that only ignored text can be in
//! remember where the lexer goes on behind it ([`Behind`]), so that the inner loop runs over blanks as over letters.

mod search;

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
    pub(crate) const UNKNOWN: Self = Self(SPECIAL | 1);

    /// A state that ends its lexeme at once.
    #[inline]
    pub(crate) fn stops(self) -> bool {
        self.0 & STOP == STOP
    }

    #[inline]
    pub(crate) fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }

    #[inline]
    fn row(self) -> usize {
        (self.0 & !STOP) as usize
    }
}

/// A cell of the table: the next state, or why it is not as simple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell(u32);

impl Cell {
    /// The next state, if nothing else happens.
    #[inline]
    pub(crate) fn plain(self) -> Option<LexState> {
        (self.0 & SPECIAL == 0).then_some(LexState(self.0))
    }

    /// Whether the lexeme cannot go on.
    #[inline]
    pub(crate) fn is_dead(self) -> bool {
        self.0 == LexState::DEAD.0
    }

    /// The next state, if ignored text ends before the byte and the next lexeme begins with it.
    #[inline]
    pub(crate) fn behind_ignored(self) -> Option<LexState> {
        (self.0 & STOP_OR_BEHIND == BEHIND).then_some(LexState(self.0 & !BEHIND))
    }
}

const SPECIAL: u32 = 1 << 31;
const STOP: u32 = 3 << 30;
const BEHIND: u32 = 5 << 29;
const STOP_OR_BEHIND: u32 = 7 << 29;
/// Offsets of rows are below this.
const MAX_TABLE: usize = 1 << 29;

/// Parts of derivatives that may be put together for each state that may be built: a state may be large, not all of them.
const PARTS_PER_STATE: usize = 100;

/// What the lexer of one grammar is built from.
#[derive(Clone, Debug)]
pub(crate) struct LexerSpec {
    /// For each terminal, what it matches; ignored text is the last one.
    pub(crate) terms: Table<TermId, ExprRef>,
    /// Terminals that end with the first match.
    pub(crate) shortest: Vec<TermId>,
    /// The terminal of ignored text.
    pub(crate) skip: Option<TermId>,
    /// The terminals of ignored text, where each is matched by itself: under the lexer of Python's Lark.
    pub(crate) ignored: Vec<TermId>,
    pub(crate) classes: ByteClasses,
}

impl LexerSpec {
    /// A terminal of ignored text, if any text is ignored.
    pub(crate) fn any_ignored(&self) -> Option<TermId> {
        self.skip.or_else(|| self.ignored.first().copied())
    }
}

/// Terminals that match the same lexeme.
#[derive(Clone, Debug)]
pub(crate) struct Accept {
    pub(crate) terms: Box<[TermId]>,
}

/// Where the lexer goes on behind ignored text that begins in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Behind {
    /// That depends on the stack.
    Unknown,
    /// In the state itself, which is where a lexeme starts.
    Here,
    There(LexState),
}

/// What a state is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    /// Terminals that may still match, with what they need.
    entries: Box<[(TermId, ExprRef)]>,
    behind: Behind,
    /// A lexeme starts here.
    starts: bool,
}

/// The part of the automaton that has been built.
#[derive(Clone, Debug)]
pub(crate) struct Lexer {
    exprs: Exprs,
    /// Row by row: the next state for each class of bytes, then the [`AcceptId`] of the state.
    table: Vec<u32>,
    row: usize,
    states: Vec<State>,
    ids: FxHashMap<State, LexState>,
    accepts: Table<AcceptId, Accept>,
    accept_ids: FxHashMap<Box<[TermId]>, AcceptId>,
    max_states: usize,
}

/// Nothing matches in this state.
pub(crate) const NO_ACCEPT: AcceptId = AcceptId(0);
/// The end of the text, as a lexeme. It is an `AcceptId` so that the tables of the parser need one index only.
pub(crate) const END_OF_TEXT: AcceptId = AcceptId(1);
/// Ignored text: what matches it is nothing else.
pub(crate) const IGNORED: AcceptId = AcceptId(2);

impl Lexer {
    pub(crate) fn new(spec: &LexerSpec, exprs: Exprs, end: TermId, max_states: usize) -> Self {
        let mut accepts = Table::new();
        for terms in [Vec::new(), vec![end], Vec::from_iter(spec.skip)] {
            accepts.push(Accept {
                terms: terms.into_boxed_slice(),
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
        self.rows().accept(state)
    }

    /// The terminals that more bytes may still match in `state`.
    pub(crate) fn possible(&self, state: LexState) -> impl Iterator<Item = TermId> + '_ {
        self.entries(state)
            .filter(|(_, expr)| *expr != Exprs::EMPTY)
            .map(|(term, _)| term)
    }

    /// The terminals that match what has been read in `state`, ignored ones among them.
    pub(crate) fn matching(&self, state: LexState) -> impl Iterator<Item = TermId> + '_ {
        self.entries(state)
            .filter(|(_, expr)| self.exprs.is_nullable(*expr))
            .map(|(term, _)| term)
    }

    fn entries(&self, state: LexState) -> impl Iterator<Item = (TermId, ExprRef)> + '_ {
        let state = if state == LexState::DEAD {
            None
        } else {
            self.states.get(state.row() / self.row)
        };
        state
            .into_iter()
            .flat_map(|state| state.entries.iter().copied())
    }

    /// The state at the start of a lexeme that may be any of `terms`, which are sorted.
    pub(crate) fn start(
        &mut self,
        spec: &LexerSpec,
        terms: impl Iterator<Item = TermId>,
        behind: Behind,
    ) -> Result<LexState, Exceeded> {
        let state = self.intern(
            spec,
            State {
                entries: terms
                    .map(|term| (term, spec.terms[term]))
                    .filter(|(_, expr)| *expr != Exprs::NEVER)
                    .collect(),
                behind,
                starts: true,
            },
        )?;
        // Nothing has been read: a terminal that allows the empty text does not stop here.
        Ok(if state == LexState::DEAD {
            state
        } else {
            LexState(state.0 & !STOP)
        })
    }

    /// The state after `byte`, within the same lexeme.
    #[inline]
    pub(crate) fn next(
        &mut self,
        spec: &LexerSpec,
        state: LexState,
        byte: u8,
    ) -> Result<LexState, Exceeded> {
        let cell = match self.table.get(state.0 as usize + spec.classes.of(byte)) {
            Some(&cell) if cell != LexState::UNKNOWN.0 => Cell(cell),
            Some(_) => self.build(spec, state, byte)?,
            None => return Ok(LexState::DEAD),
        };
        Ok(match cell.behind_ignored() {
            Some(_) => LexState::DEAD,
            None => LexState(cell.0),
        })
    }

    /// The rows, for the inner loop.
    #[inline]
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows {
            table: &self.table,
            row: self.row,
        }
    }

    #[cold]
    fn build(&mut self, spec: &LexerSpec, from: LexState, byte: u8) -> Result<Cell, Exceeded> {
        let class = spec.classes.of(byte);
        // One byte stands for its class, so that derivatives are shared.
        let representative = spec.classes.representatives().get(class);
        let byte = representative.copied().unwrap_or(byte);
        let Some(state) = self.states.get(from.row() / self.row).cloned() else {
            return Ok(Cell(LexState::DEAD.0));
        };
        if self.exprs.derived() > self.max_states.saturating_mul(PARTS_PER_STATE) {
            return Err(Exceeded::AutomatonStates(self.max_states));
        }
        let mut entries = Vec::new();
        for &(term, expr) in &state.entries {
            let derived = self.exprs.derivative(expr, byte);
            let derived = self
                .exprs
                .settle(derived, &spec.classes, self.max_states.saturating_mul(4))
                .ok_or(Exceeded::AutomatonStates(self.max_states))?;
            if derived != Exprs::NEVER {
                entries.push((term, derived));
            }
        }
        let cell = if entries.is_empty() {
            self.behind_ignored(spec, from, &state, byte)?
        } else {
            let behind = match (state.behind, spec.skip) {
                (Behind::Unknown, _) | (_, None) => Behind::Unknown,
                (_, Some(skip)) if entries.iter().any(|(term, _)| *term != skip) => Behind::Unknown,
                (Behind::Here, _) => Behind::There(from),
                (there, _) => there,
            };
            let next = State {
                entries: entries.into_boxed_slice(),
                behind,
                starts: false,
            };
            Cell(self.intern(spec, next)?.0)
        };
        if let Some(slot) = self.table.get_mut(from.row() + class) {
            *slot = cell.0;
        }
        Ok(cell)
    }

    /// The cell for a byte with which a lexeme begins that follows ignored text.
    fn behind_ignored(
        &mut self,
        spec: &LexerSpec,
        from: LexState,
        state: &State,
        byte: u8,
    ) -> Result<Cell, Exceeded> {
        if let Behind::There(start) = state.behind
            && !state.starts
            && self.accept_in(from) == IGNORED
        {
            let next = self.next(spec, start, byte)?;
            if let Some(next) = Cell(next.0).plain() {
                return Ok(Cell(next.0 | BEHIND));
            }
        }
        Ok(Cell(LexState::DEAD.0))
    }

    fn intern(&mut self, spec: &LexerSpec, state: State) -> Result<LexState, Exceeded> {
        if state.entries.is_empty() {
            return Ok(LexState::DEAD);
        }
        if let Some(&id) = self.ids.get(&state) {
            return Ok(id);
        }
        if self.states.len() >= self.max_states || self.table.len() + self.row >= MAX_TABLE {
            return Err(Exceeded::AutomatonStates(self.max_states));
        }
        let (accept, stops) = self.accept_of(spec, &state.entries);
        let offset = narrow(self.table.len());
        self.table
            .resize(self.table.len() + self.row - 1, LexState::UNKNOWN.0);
        self.table.push(accept.0);
        let id = LexState(if stops { offset | STOP } else { offset });
        self.ids.insert(state.clone(), id);
        self.states.push(state);
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

    /// What these terminals are together, which are sorted.
    pub(crate) fn accept_id(&mut self, spec: &LexerSpec, terms: Box<[TermId]>) -> AcceptId {
        if spec.skip.is_some_and(|skip| terms.contains(&skip)) {
            return IGNORED;
        }
        if let Some(&id) = self.accept_ids.get(&terms) {
            return id;
        }
        let id = self.accepts.push(Accept {
            terms: terms.clone(),
        });
        self.accept_ids.insert(terms, id);
        id
    }
}

/// The table of a lexer.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'l> {
    table: &'l [u32],
    row: usize,
}

impl Rows<'_> {
    /// What `state` says to a byte of this class.
    #[inline]
    pub(crate) fn cell(self, state: LexState, class: usize) -> Option<Cell> {
        self.table
            .get(state.0 as usize + class)
            .map(|cell| Cell(*cell))
    }

    /// As [`Lexer::accept_in`].
    #[inline]
    pub(crate) fn accept(self, state: LexState) -> AcceptId {
        let cell = self.table.get(state.row() + self.row - 1);
        cell.map_or(NO_ACCEPT, |id| AcceptId(*id))
    }
}
