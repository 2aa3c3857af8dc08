//! One reading of one text, byte by byte.
//!
//! While the automaton knows what to do there is one stack and the loop of [`Run::reduce_and_shift`] is the classical LR one. When it
//! does not, [`gss`](super::gss) takes over until the stacks are one again.
//!
//! Where the reading dies, it is left as it was before the byte that no sentence has there: what was expected can still be
//! asked, and other bytes can be tried.

use smallvec::SmallVec;

use super::bnf::{ProdId, TermId};
use super::gss::Level;
use super::lexer::{AcceptId, END_OF_TEXT, LexState, NO_ACCEPT};
use super::lr::{Action, StateId};
use super::sets::SetId;
use super::stack::{Lengths, Lexeme, LogEntry, NodeId, Stacks, Value};
use super::{Cache, Spec};
use crate::error::Exceeded;
use crate::table::{Id as _, narrow};

/// The tables of one grammar: what is fixed, and what has been built so far.
pub(crate) struct Tables<'t> {
    pub(crate) spec: &'t Spec,
    pub(crate) cache: &'t mut Cache,
}

/// The tops of the stacks.
#[derive(Clone, Debug)]
pub(crate) enum Tops {
    /// One stack, whose derivation is in the log.
    One(NodeId),
    /// Several, or one whose derivation is not all in the log.
    Many {
        tops: SmallVec<[NodeId; 4]>,
        fork: Fork,
    },
}

/// Where one stack became several.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fork {
    /// The top then.
    pub(crate) top: NodeId,
    /// The first node made since.
    pub(crate) first: NodeId,
}

/// What can be gone back to.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    lengths: Lengths,
    tops: Tops,
    lex: LexState,
    lexeme_start: u32,
    pos: u32,
    fresh: bool,
}

/// A reading.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) stacks: Stacks,
    pub(crate) tops: Tops,
    lex: LexState,
    lexeme_start: u32,
    pub(crate) pos: u32,
    /// No lexeme has ended yet.
    fresh: bool,
    /// Whether the derivation is recorded.
    pub(crate) record: bool,
    /// Steps through the graph-structured stack.
    pub(crate) steps: usize,
    /// Memory of the generalised parser.
    pub(crate) level: Level,
}

impl Run {
    pub(crate) fn new(record: bool) -> Self {
        Self {
            stacks: Stacks::default(),
            tops: Tops::One(NodeId(0)),
            lex: LexState::DEAD,
            lexeme_start: 0,
            pos: 0,
            fresh: true,
            record,
            steps: 0,
            level: Level::default(),
        }
    }

    /// Begins a new text.
    pub(crate) fn restart(&mut self, tables: &mut Tables<'_>) -> Result<(), Exceeded> {
        let initial = tables.initial()?;
        let bottom = self.stacks.restart(initial);
        self.tops = Tops::One(bottom);
        self.lexeme_start = 0;
        self.pos = 0;
        self.fresh = true;
        self.steps = 0;
        self.lex = tables.start_of_text(initial)?;
        Ok(())
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            lengths: self.stacks.lengths(),
            tops: self.tops.clone(),
            lex: self.lex,
            lexeme_start: self.lexeme_start,
            pos: self.pos,
            fresh: self.fresh,
        }
    }

    /// Goes back to a mark of the same reading; later marks lose their meaning.
    pub(crate) fn back_to(&mut self, mark: &Mark) {
        self.stacks.cut(&mark.lengths);
        self.tops.clone_from(&mark.tops);
        self.lex = mark.lex;
        self.lexeme_start = mark.lexeme_start;
        self.pos = mark.pos;
        self.fresh = mark.fresh;
    }

    /// Bytes of the lexeme that is being read.
    pub(crate) fn pending(&self) -> u32 {
        self.pos - self.lexeme_start
    }

    pub(crate) fn lex(&self) -> LexState {
        self.lex
    }

    /// Reads bytes until one of them cannot follow; how many were read.
    pub(crate) fn feed(
        &mut self,
        tables: &mut Tables<'_>,
        bytes: &[u8],
    ) -> Result<usize, Exceeded> {
        let max = tables.spec.config.max_input_bytes.min(1 << 30);
        if bytes.len() > max - (self.pos as usize).min(max) {
            return Err(Exceeded::InputBytes(tables.spec.config.max_input_bytes));
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let (read, next) = scan(tables, self.lex, rest);
            self.lex = next;
            self.pos += narrow(read);
            let Some((&byte, after)) = rest.get(read..).and_then(<[u8]>::split_first) else {
                break;
            };
            if !self.boundary(tables, byte)? {
                return Ok(bytes.len() - after.len() - 1);
            }
            rest = after;
        }
        Ok(bytes.len())
    }

    /// Reads a byte for which the table has no plain next state. Whether it can follow.
    #[inline]
    fn boundary(&mut self, tables: &mut Tables<'_>, byte: u8) -> Result<bool, Exceeded> {
        let mut next = tables
            .cache
            .lexer
            .next(&tables.spec.lexer, self.lex, byte)?;
        if next == LexState::DEAD {
            next = match self.tops {
                Tops::One(top) => self.next_lexeme_on_one(tables, top, byte)?,
                Tops::Many { .. } => self.next_lexeme_on_many(tables, byte)?,
            };
            if next == LexState::DEAD {
                return Ok(false);
            }
        }
        self.pos += 1;
        if next.stops() {
            let accept = tables.cache.lexer.accept_in(next);
            return self.end_lexeme(tables, accept);
        }
        self.lex = next;
        Ok(true)
    }

    /// Ends the lexeme before `byte`, if anything matched, and begins the next one with it: the state behind it. If that
    /// cannot be, nothing has changed.
    ///
    /// This is the way of nearly every lexeme, so what has to be kept for going back is kept in a few registers.
    #[inline]
    fn next_lexeme_on_one(
        &mut self,
        tables: &mut Tables<'_>,
        top: NodeId,
        byte: u8,
    ) -> Result<LexState, Exceeded> {
        let accept = tables.cache.lexer.accept_in(self.lex);
        if accept == NO_ACCEPT || !self.may_end_lexeme() {
            return Ok(LexState::DEAD);
        }
        let lengths = self.stacks.lengths();
        let (lex, lexeme_start, fresh) = (self.lex, self.lexeme_start, self.fresh);
        if self.end_lexeme(tables, accept)? {
            let next = tables
                .cache
                .lexer
                .next(&tables.spec.lexer, self.lex, byte)?;
            if next != LexState::DEAD {
                return Ok(next);
            }
        }
        self.stacks.cut(&lengths);
        self.tops = Tops::One(top);
        (self.lex, self.lexeme_start, self.fresh) = (lex, lexeme_start, fresh);
        Ok(LexState::DEAD)
    }

    /// The same with several stacks.
    fn next_lexeme_on_many(
        &mut self,
        tables: &mut Tables<'_>,
        byte: u8,
    ) -> Result<LexState, Exceeded> {
        let accept = tables.cache.lexer.accept_in(self.lex);
        if accept == NO_ACCEPT || !self.may_end_lexeme() {
            return Ok(LexState::DEAD);
        }
        let mark = self.mark();
        if self.end_lexeme(tables, accept)? {
            let next = tables
                .cache
                .lexer
                .next(&tables.spec.lexer, self.lex, byte)?;
            if next != LexState::DEAD {
                return Ok(next);
            }
        }
        self.back_to(&mark);
        Ok(LexState::DEAD)
    }

    /// An empty lexeme changes nothing but, before the first one, that ignored text may follow it.
    #[inline]
    fn may_end_lexeme(&self) -> bool {
        self.pending() > 0 || self.fresh
    }

    /// Whether the text may end here.
    pub(crate) fn is_complete(&mut self, tables: &mut Tables<'_>) -> Result<bool, Exceeded> {
        let mark = self.mark();
        let complete = self.flush(tables)? && self.may_end(tables);
        self.back_to(&mark);
        Ok(complete)
    }

    /// Ends the lexeme that is being read, if there is one. Whether it can end here.
    pub(crate) fn flush(&mut self, tables: &mut Tables<'_>) -> Result<bool, Exceeded> {
        if self.pending() == 0 {
            return Ok(true);
        }
        let accept = tables.cache.lexer.accept_in(self.lex);
        if accept == NO_ACCEPT {
            return Ok(false);
        }
        self.end_lexeme(tables, accept)
    }

    /// Whether the end of the text can follow the last lexeme.
    fn may_end(&self, tables: &Tables<'_>) -> bool {
        let end = tables.spec.lr.end;
        self.tops().iter().any(|top| {
            let state = self.stacks.nodes[*top].state;
            let viable = tables.cache.lr.viable(state);
            tables.cache.lr.sets.contains(viable, end)
        }) || self.is_empty_sentence(tables)
    }

    /// Nothing but ignored text so far, and the start rule derives the empty text.
    fn is_empty_sentence(&self, tables: &Tables<'_>) -> bool {
        let bnf = &tables.spec.lr.bnf;
        bnf.nts[bnf.start].null.is_some() && matches!(self.tops, Tops::One(NodeId(0)))
    }

    pub(crate) fn tops(&self) -> &[NodeId] {
        match &self.tops {
            Tops::One(top) => std::slice::from_ref(top),
            Tops::Many { tops, .. } => tops,
        }
    }

    /// Ends the text: whether it is a sentence. Afterwards the log holds its derivation (nothing, for the empty sentence
    /// that has none).
    pub(crate) fn finish(&mut self, tables: &mut Tables<'_>) -> Result<bool, Exceeded> {
        if !self.flush(tables)? {
            return Ok(false);
        }
        if self.is_empty_sentence(tables) {
            return Ok(true);
        }
        self.parse(tables, END_OF_TEXT)
    }

    /// Takes the text from the start of the lexeme to here as one lexeme.
    #[inline]
    fn end_lexeme(&mut self, tables: &mut Tables<'_>, accept: AcceptId) -> Result<bool, Exceeded> {
        if tables.cache.lexer.accept(accept).skip {
            let once = tables.spec.ignore_once;
            self.lex = self.lexer_start(tables, !once)?;
        } else {
            if self.stacks.nodes.len() > tables.spec.config.max_items {
                return Err(Exceeded::Items(tables.spec.config.max_items));
            }
            if !self.parse(tables, accept)? {
                return Ok(false);
            }
            if self.record {
                self.stacks.lexemes.push(Lexeme {
                    start: self.lexeme_start,
                    end: self.pos,
                });
            }
            self.lex = self.lexer_start(tables, true)?;
        }
        self.lexeme_start = self.pos;
        self.fresh = false;
        Ok(true)
    }

    /// Where the lexer starts behind the last lexeme.
    #[inline]
    fn lexer_start(&self, tables: &mut Tables<'_>, skip: bool) -> Result<LexState, Exceeded> {
        match &self.tops {
            Tops::One(top) => tables.start_in(self.stacks.nodes[*top].state, skip),
            Tops::Many { tops, .. } => {
                let mut viable = super::sets::SetPool::EMPTY;
                for top in tops {
                    let more = tables.cache.lr.viable(self.stacks.nodes[*top].state);
                    viable = tables.cache.lr.sets.union(viable, more);
                }
                tables.start_of(viable, skip)
            }
        }
    }

    /// Moves the parser over a lexeme.
    fn parse(&mut self, tables: &mut Tables<'_>, accept: AcceptId) -> Result<bool, Exceeded> {
        match self.tops {
            Tops::One(top) => self.reduce_and_shift(tables, top, accept),
            Tops::Many { .. } => self.parse_many(tables, accept),
        }
    }

    /// The classical loop on one stack.
    #[inline]
    fn reduce_and_shift(
        &mut self,
        tables: &mut Tables<'_>,
        before: NodeId,
        accept: AcceptId,
    ) -> Result<bool, Exceeded> {
        let Tables { spec, cache } = tables;
        let (lr, lexer) = (&mut cache.lr, &cache.lexer);
        let (nodes, log) = (self.stacks.nodes.len(), self.stacks.log.len());
        let mut top = before;
        loop {
            let state = self.stacks.nodes[top].state;
            match lr.action(&spec.lr, state, accept, lexer)? {
                Action::Shift(next) => {
                    let value = self.log_shift();
                    self.tops = Tops::One(self.stacks.push(next, top, value));
                    return Ok(true);
                }
                Action::Reduce(prod) => {
                    let production = &spec.lr.bnf.prods[prod];
                    let mut base = top;
                    for _ in 0..production.len {
                        base = self.stacks.below(base);
                    }
                    let below = self.stacks.nodes[base].state;
                    let next = lr.goto(&spec.lr, below, production.lhs)?;
                    let next = lr.settle(&spec.lr, (below, next), accept, lexer, self.record)?;
                    let value = if production.passes {
                        self.stacks.nodes[top].value
                    } else {
                        self.log_reduce(prod)
                    };
                    top = self.stacks.push(next, base, value);
                }
                Action::Accept => {
                    self.tops = Tops::One(top);
                    return Ok(true);
                }
                Action::Error => return Ok(false),
                Action::Conflict(_) => {
                    // The reductions so far belong to the same lexeme: the graph has to see them all.
                    self.stacks.nodes.truncate(nodes);
                    self.stacks.log.truncate(log);
                    self.tops = Tops::Many {
                        tops: SmallVec::from_slice(&[before]),
                        fork: Fork {
                            top: before,
                            first: self.stacks.nodes.next_id(),
                        },
                    };
                    return self.parse_many(tables, accept);
                }
            }
        }
    }

    #[inline]
    fn log_reduce(&mut self, prod: ProdId) -> Value {
        let value = Value::log(narrow(self.stacks.log.len()));
        if self.record {
            self.stacks.log.push(LogEntry::reduce(prod));
        }
        value
    }

    #[inline]
    fn log_shift(&mut self) -> Value {
        let value = Value::log(narrow(self.stacks.log.len()));
        if self.record {
            let lexeme = narrow(self.stacks.lexemes.len());
            self.stacks.log.push(LogEntry::shift(lexeme));
        }
        value
    }

    /// When one stack is left and nothing below is shared: its derivation moves to the log.
    pub(crate) fn join(&mut self) {
        let Tops::Many { tops, fork } = &self.tops else {
            return;
        };
        let &[top] = tops.as_slice() else {
            return;
        };
        if !self.stacks.is_single(top) {
            return;
        }
        if !self.record {
            self.tops = Tops::One(top);
            return;
        }
        let fork = *fork;
        let mut chain: Vec<NodeId> = Vec::new();
        let mut shared = top;
        while shared >= fork.first {
            chain.push(shared);
            shared = self.stacks.below(shared);
        }
        if chain.is_empty() {
            self.tops = Tops::One(top);
            return;
        }
        let mut dropped = 0;
        let mut at = fork.top;
        while at != shared {
            dropped += 1;
            at = self.stacks.below(at);
        }
        if dropped > 0 {
            self.stacks.log.push(LogEntry::drop_last(dropped));
        }
        let mut below = shared;
        for node in chain.into_iter().rev() {
            let node = self.stacks.nodes[node];
            let value = Value::log(narrow(self.stacks.log.len()));
            self.stacks.log.push(as_entry(node.value));
            below = self.stacks.push(node.state, below, value);
        }
        self.tops = Tops::One(below);
    }

    /// A reading at the same place of the text, with the stacks only.
    pub(crate) fn fork(&self) -> Self {
        let (stacks, tops) = self.stacks.reachable(self.tops());
        let tops = match &self.tops {
            Tops::One(_) => Tops::One(tops.first().copied().unwrap_or(NodeId(0))),
            Tops::Many { fork, .. } => Tops::Many { tops, fork: *fork },
        };
        Self {
            stacks,
            tops,
            record: false,
            level: Level::default(),
            ..*self
        }
    }
}

/// A value of the forest as an entry of the log.
fn as_entry(value: Value) -> LogEntry {
    use super::stack::Derived;
    match value.get() {
        Derived::Lexeme(number) => LogEntry::shift(number),
        Derived::Forest(id) => LogEntry::forest(id),
        // Nodes made since the fork have no log values.
        Derived::Log(_) => LogEntry::drop_last(0),
    }
}

/// Runs the lexer's table over `bytes` as far as it has plain entries: how far, and the state there.
#[inline]
fn scan(tables: &Tables<'_>, mut state: LexState, bytes: &[u8]) -> (usize, LexState) {
    let table = tables.cache.lexer.table();
    let classes = &tables.spec.lexer.classes;
    for (index, &byte) in bytes.iter().enumerate() {
        match table.get(state.0 as usize + 1 + classes.of(byte)) {
            Some(&next) if !LexState(next).is_special() => state = LexState(next),
            _ => return (index, state),
        }
    }
    (bytes.len(), state)
}

impl Tables<'_> {
    pub(crate) fn initial(&mut self) -> Result<StateId, Exceeded> {
        self.cache.lr.initial(&self.spec.lr)
    }

    fn start_of_text(&mut self, initial: StateId) -> Result<LexState, Exceeded> {
        let skip = self.spec.allow_initial_skip;
        self.start_of(self.cache.lr.viable(initial), skip)
    }

    /// Where the lexer starts on a stack with `state` on top.
    #[inline]
    fn start_in(&mut self, state: StateId, skip: bool) -> Result<LexState, Exceeded> {
        if skip && let Some(Some(start)) = self.cache.starts.get(state.index()) {
            return Ok(*start);
        }
        let start = self.start_of(self.cache.lr.viable(state), skip)?;
        if skip {
            if self.cache.starts.len() <= state.index() {
                self.cache.starts.resize(state.index() + 1, None);
            }
            if let Some(slot) = self.cache.starts.get_mut(state.index()) {
                *slot = Some(start);
            }
        }
        Ok(start)
    }

    /// Where the lexer starts if these terminals can follow. Ignored text may come first if anything else can.
    pub(crate) fn start_of(&mut self, viable: SetId, skip: bool) -> Result<LexState, Exceeded> {
        if let Some(&start) = self.cache.starts_of.get(&(viable, skip)) {
            return Ok(start);
        }
        let end = self.spec.lr.end;
        let mut terms: Vec<TermId> = self
            .cache
            .lr
            .sets
            .iter(viable)
            .filter(|term| *term != end)
            .collect();
        if let Some(ignored) = self.spec.lexer.skip
            && skip
            && (!terms.is_empty() || self.spec.skip_at_end)
        {
            terms.push(ignored);
            terms.sort_unstable();
        }
        let start = self
            .cache
            .lexer
            .start(&self.spec.lexer, terms.into_iter())?;
        self.cache.starts_of.insert((viable, skip), start);
        Ok(start)
    }
}
