//! One reading of one text, byte by byte.
//!
//! While the automaton knows what to do there is one stack and the loop in [`single`] is the classical LR one. When it
//! does not, [`gss`](super::gss) takes over until the stacks are one again.
//!
//! Where the reading dies, it is left as it was before the byte that no sentence has there: what was expected can still be
//! asked, and other bytes can be tried.

mod dynamic;
mod known;
mod single;
mod tables;

use smallvec::SmallVec;

use super::gss::Level;
use super::lexer::{AcceptId, END_OF_TEXT, IGNORED, LexState, NO_ACCEPT};
use super::replay::Builder;
use super::stack::{Lengths, Lexeme, NodeId, Stacks};
use super::{Cache, Spec};
use crate::error::Exceeded;
use dynamic::Dynamic;
use single::Step;

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
    dynamic: Option<Box<Dynamic>>,
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
    /// The tree, if it is made while the text is read: what is recorded for a lexeme becomes part of it at once. That is
    /// the way as long as there is one stack, see [`Run::is_lost`].
    tree: Option<Builder>,
    lost: bool,
    /// Steps through the graph-structured stack.
    pub(crate) steps: usize,
    /// Memory of the generalised parser.
    pub(crate) level: Level,
    /// Where it stands under the lexer of Python's Lark, which has no use for what is said of one lexeme above.
    dynamic: Option<Box<Dynamic>>,
    /// The text, for that lexer.
    text: Vec<u8>,
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
            tree: None,
            lost: false,
            steps: 0,
            level: Level::default(),
            dynamic: None,
            text: Vec::new(),
        }
    }

    /// Begins a new text, and a tree of it.
    pub(crate) fn restart_with_tree(&mut self, tables: &mut Tables<'_>) -> Result<(), Exceeded> {
        self.restart(tables)?;
        self.tree = Some(Builder::new(tables.spec));
        Ok(())
    }

    /// Whether the tree could not be made while the text was read, because there were several stacks or it came to a limit. Then
    /// the text has to be read again, recording the derivation as a whole.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost
    }

    /// The tree that was made while the text was read; what is recorded from here on is not in it.
    pub(crate) fn take_tree(&mut self) -> Option<Builder> {
        self.tree.take()
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
        self.tree = None;
        self.lost = false;
        self.dynamic = None;
        if tables.spec.is_dynamic() {
            return self.restart_dynamic(tables);
        }
        self.lex = tables.start_of_text(initial)?;
        Ok(())
    }

    /// Notes this place. What was before stays as it is until the mark is [left](Self::leave).
    pub(crate) fn mark(&mut self) -> Mark {
        let mark = Mark {
            lengths: self.stacks.lengths(),
            tops: self.tops.clone(),
            lex: self.lex,
            lexeme_start: self.lexeme_start,
            pos: self.pos,
            fresh: self.fresh,
            dynamic: self.dynamic.clone(),
        };
        self.stacks.pin();
        mark
    }

    /// Goes back to a mark of the same reading; later marks lose their meaning.
    pub(crate) fn back_to(&mut self, mark: &Mark) {
        self.stacks.cut(&mark.lengths);
        self.tops.clone_from(&mark.tops);
        self.lex = mark.lex;
        self.lexeme_start = mark.lexeme_start;
        self.pos = mark.pos;
        self.fresh = mark.fresh;
        self.dynamic.clone_from(&mark.dynamic);
        self.text.truncate(mark.pos as usize);
    }

    /// Forgets the last mark.
    pub(crate) fn leave(&mut self, mark: &Mark) {
        self.stacks.unpin(&mark.lengths);
    }

    /// Bytes of the lexeme that is being read.
    fn pending(&self) -> u32 {
        self.pos - self.lexeme_start
    }

    /// Where the lexer stands behind the last lexeme, or in the one that is being read.
    pub(crate) fn lex(&self) -> LexState {
        self.lex
    }

    /// Where the lexer stands in each lexeme that is being read or may begin here, and whether some of it has been read.
    pub(crate) fn lexemes(&self) -> Vec<(LexState, bool)> {
        if self.dynamic.is_some() {
            return self.scans().collect();
        }
        vec![(self.lex, self.pending() > 0)]
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
        if self.dynamic.is_some() {
            return self.feed_dynamic(tables, bytes);
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let read = self.feed_known(tables, rest);
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

    /// Reads a byte at which something is to be done. Whether it can follow.
    fn boundary(&mut self, tables: &mut Tables<'_>, byte: u8) -> Result<bool, Exceeded> {
        let spec = &tables.spec.lexer;
        let mut next = tables.cache.lexer.next(spec, self.lex, byte)?;
        if next == LexState::DEAD {
            next = self.next_lexeme(tables, byte)?;
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
    fn next_lexeme(&mut self, tables: &mut Tables<'_>, byte: u8) -> Result<LexState, Exceeded> {
        let accept = tables.cache.lexer.accept_in(self.lex);
        // An empty lexeme changes nothing but, before the first one, that ignored text may follow it.
        if accept == NO_ACCEPT || (self.pending() == 0 && !self.fresh) {
            return Ok(LexState::DEAD);
        }
        match self.tops {
            Tops::One(top) if accept != IGNORED => {
                self.next_lexeme_on_one(tables, top, accept, byte)
            }
            _ => self.next_lexeme_tried(tables, accept, byte),
        }
    }

    /// Nothing is changed before it is certain.
    fn next_lexeme_on_one(
        &mut self,
        tables: &mut Tables<'_>,
        top: NodeId,
        accept: AcceptId,
        byte: u8,
    ) -> Result<LexState, Exceeded> {
        self.check_items(tables)?;
        let log = self.stacks.log.len();
        match self.step(tables, top, accept)? {
            Step::Shift(reach, state, value) => {
                let start = tables.start_in(state)?;
                let spec = &tables.spec.lexer;
                let next = tables.cache.lexer.next(spec, start, byte)?;
                if next == LexState::DEAD {
                    self.stacks.log.truncate(log);
                } else {
                    self.write(tables.spec, reach, Some((state, value)));
                    self.lexeme_ends();
                }
                Ok(next)
            }
            Step::Conflict => self.next_lexeme_tried(tables, accept, byte),
            Step::Accept(_) | Step::Error => {
                self.stacks.log.truncate(log);
                Ok(LexState::DEAD)
            }
        }
    }

    /// The same in all other cases.
    fn next_lexeme_tried(
        &mut self,
        tables: &mut Tables<'_>,
        accept: AcceptId,
        byte: u8,
    ) -> Result<LexState, Exceeded> {
        let mark = self.mark();
        let mut next = LexState::DEAD;
        if self.end_lexeme(tables, accept)? {
            let spec = &tables.spec.lexer;
            next = tables.cache.lexer.next(spec, self.lex, byte)?;
        }
        if next == LexState::DEAD {
            self.back_to(&mark);
        }
        self.leave(&mark);
        Ok(next)
    }

    /// Whether the text may end here.
    pub(crate) fn is_complete(&mut self, tables: &mut Tables<'_>) -> Result<bool, Exceeded> {
        let mark = self.mark();
        let complete = self.flush(tables)? && self.may_end(tables);
        self.back_to(&mark);
        self.leave(&mark);
        Ok(complete)
    }

    /// Ends the lexeme that is being read, if there is one. Whether it can end here.
    pub(crate) fn flush(&mut self, tables: &mut Tables<'_>) -> Result<bool, Exceeded> {
        if self.dynamic.is_some() {
            return self.flush_dynamic(tables);
        }
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
        bnf.nts[bnf.start].null.is_some() && self.tops().contains(&NodeId(0))
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
        if self.dynamic.is_some() {
            return self.finish_dynamic(tables);
        }
        if !self.flush(tables)? {
            return Ok(false);
        }
        if self.is_empty_sentence(tables) {
            return Ok(true);
        }
        self.parse(tables, END_OF_TEXT)
    }

    /// Takes the text from the start of the lexeme to here as one lexeme.
    fn end_lexeme(&mut self, tables: &mut Tables<'_>, accept: AcceptId) -> Result<bool, Exceeded> {
        let mut skip = true;
        if accept == IGNORED {
            skip = !tables.spec.ignore_once;
            self.lexeme_start = self.pos;
            self.fresh = false;
        } else {
            self.check_items(tables)?;
            if !self.parse(tables, accept)? {
                return Ok(false);
            }
            self.lexeme_ends();
        }
        self.lex = self.lexer_start(tables, self.tops(), skip)?;
        Ok(true)
    }

    #[inline]
    fn check_items(&self, tables: &Tables<'_>) -> Result<(), Exceeded> {
        let max = tables.spec.config.max_items;
        if self.stacks.nodes.len() + self.stacks.log.len() > max {
            return Err(Exceeded::Items(max));
        }
        Ok(())
    }

    /// The parser has moved over the lexeme that ends here.
    #[inline]
    fn lexeme_ends(&mut self) {
        if let Some(tree) = &mut self.tree {
            tree.lexeme(self.lexeme_start, self.pos);
        } else if self.record {
            self.stacks.lexemes.push(Lexeme {
                start: self.lexeme_start,
                end: self.pos,
            });
        }
        self.lexeme_start = self.pos;
        self.fresh = false;
    }

    /// Where the lexer starts on these stacks.
    fn lexer_start(
        &self,
        tables: &mut Tables<'_>,
        tops: &[NodeId],
        skip: bool,
    ) -> Result<LexState, Exceeded> {
        let mut viable = super::sets::SetPool::EMPTY;
        for top in tops {
            let more = tables.cache.lr.viable(self.stacks.nodes[*top].state);
            viable = tables.cache.lr.sets.union(viable, more);
        }
        tables.start_of(viable, skip)
    }

    /// Moves the parser over a lexeme.
    fn parse(&mut self, tables: &mut Tables<'_>, accept: AcceptId) -> Result<bool, Exceeded> {
        match self.tops {
            Tops::One(top) => self.parse_one(tables, top, accept),
            Tops::Many { .. } => self.parse_many(tables, accept),
        }
    }

    /// A reading at the same place of the text, with the stacks only.
    pub(crate) fn fork(&self) -> Self {
        if let Some(dynamic) = &self.dynamic {
            return self.fork_dynamic(dynamic);
        }
        let first = match &self.tops {
            Tops::One(_) => NodeId(0),
            Tops::Many { fork, .. } => fork.first,
        };
        let (stacks, tops, first) = self.stacks.reachable(self.tops(), first);
        let tops = match &self.tops {
            Tops::One(_) => Tops::One(tops.first().copied().unwrap_or(NodeId(0))),
            Tops::Many { fork, .. } => Tops::Many {
                tops,
                fork: Fork { first, ..*fork },
            },
        };
        Self {
            stacks,
            tops,
            record: false,
            tree: None,
            level: Level::default(),
            dynamic: None,
            text: Vec::new(),
            ..*self
        }
    }
}
