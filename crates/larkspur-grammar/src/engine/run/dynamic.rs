//! Readings under the lexer of Python's Lark (its Earley parser with the *dynamic* lexer).
//!
//! At a place of the text every terminal that may stand there is matched by itself, and the longest match *of each* goes on:
//! several lexemes may begin at one place and end at different ones. Ignored text is matched in the same way and leaves the
//! parser where it is. (Lark 1.3, `lark/parsers/xearley.py`: `scan`.)
//!
//! So the parser stands at several places of the text at once. A place where lexemes end is a *column*; it is begun when all
//! matches that may end there are known, which is when the terminals that began before it can either match no longer text or
//! have matched longer text. Until then the bytes behind it wait in the buffer. What began at a place and may go on is a
//! [`Scan`].
//!
//! Invariants:
//! - columns are begun in the order of the text, and nothing ends in a column that has been begun;
//! - nodes are only added, so that a mark is a length and a copy of what is begun;
//! - a scan that can match nothing more stands at the end of the text that has been read (a sentence may end there), or not
//!   at all.
//!
//! The time is that of all scans, at worst a scan to the end of the text from every place: `Config::max_steps` bounds it.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::{Fork, Run, Tables, Tops};
use crate::engine::bnf::TermId;
use crate::engine::gss::Level;
use crate::engine::lexer::{END_OF_TEXT, LexState};
use crate::engine::stack::{Lexeme, NodeId};
use crate::error::Exceeded;

/// Tops of stacks.
type Stacked = SmallVec<[NodeId; 4]>;

/// Where a reading stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Dynamic {
    /// What has begun, in the order of the text.
    scans: Vec<Scan>,
    /// Where lexemes end and nothing has begun.
    columns: BTreeMap<u32, Stacked>,
}

/// The terminals that begin at one place and may match more text.
#[derive(Clone, Debug)]
struct Scan {
    start: u32,
    tops: Stacked,
    lex: LexState,
    /// Where those that have matched did so last.
    ends: SmallVec<[(TermId, u32); 4]>,
}

impl Dynamic {
    /// The first end of a match that may yet become longer.
    fn first_open_end(&self) -> Option<u32> {
        let ends = self.scans.iter().flat_map(|scan| scan.ends.iter());
        ends.map(|(_, end)| *end).min()
    }

    fn arrive(&mut self, end: u32, tops: Stacked) {
        let column = self.columns.entry(end).or_default();
        for top in tops {
            if !column.contains(&top) {
                column.push(top);
            }
        }
    }

    fn is_dead(&self) -> bool {
        self.scans.is_empty() && self.columns.is_empty()
    }

    /// All tops, scan by scan and column by column.
    fn tops(&self) -> impl Iterator<Item = NodeId> + '_ {
        let scans = self.scans.iter().map(|scan| &scan.tops);
        scans.chain(self.columns.values()).flatten().copied()
    }

    /// The same with other names for the tops, in the order of [`tops`](Self::tops).
    fn renamed(&self, names: &[NodeId]) -> Self {
        let mut renamed = self.clone();
        let scans = renamed.scans.iter_mut().map(|scan| &mut scan.tops);
        let tops = scans.chain(renamed.columns.values_mut()).flatten();
        for (top, name) in tops.zip(names) {
            *top = *name;
        }
        renamed
    }
}

impl Run {
    /// Begins a new text at the bottom of the stack.
    pub(super) fn restart_dynamic(&mut self, tables: &mut Tables<'_>) -> Result<(), Exceeded> {
        self.text.clear();
        let mut dynamic = Dynamic::default();
        dynamic.arrive(0, Stacked::from_slice(self.tops()));
        self.begin_columns(tables, &mut dynamic)?;
        self.dynamic = Some(Box::new(dynamic));
        Ok(())
    }

    /// As [`Run::feed`].
    pub(super) fn feed_dynamic(
        &mut self,
        tables: &mut Tables<'_>,
        bytes: &[u8],
    ) -> Result<usize, Exceeded> {
        for (read, &byte) in bytes.iter().enumerate() {
            let mark = self.mark();
            let mut dynamic = self.dynamic.take().unwrap_or_default();
            self.read_byte(tables, &mut dynamic, byte)?;
            let dead = dynamic.is_dead();
            self.dynamic = Some(dynamic);
            if dead {
                self.back_to(&mark);
            }
            self.leave(&mark);
            if dead {
                return Ok(read);
            }
        }
        Ok(bytes.len())
    }

    fn read_byte(
        &mut self,
        tables: &mut Tables<'_>,
        dynamic: &mut Dynamic,
        byte: u8,
    ) -> Result<(), Exceeded> {
        self.text.push(byte);
        self.pos += 1;
        for scan in std::mem::take(&mut dynamic.scans) {
            if let Some(scan) = self.scan_byte(tables, dynamic, scan, self.pos, byte)? {
                dynamic.scans.push(scan);
            }
        }
        self.begin_columns(tables, dynamic)
    }

    /// Moves a scan over the byte before `end`; what is left of it.
    fn scan_byte(
        &mut self,
        tables: &mut Tables<'_>,
        dynamic: &mut Dynamic,
        mut scan: Scan,
        end: u32,
        byte: u8,
    ) -> Result<Option<Scan>, Exceeded> {
        self.steps += 1;
        if self.steps > tables.spec.config.max_steps {
            return Err(Exceeded::Steps(tables.spec.config.max_steps));
        }
        let lexer = &mut tables.cache.lexer;
        scan.lex = lexer.next(&tables.spec.lexer, scan.lex, byte)?;
        for term in lexer.matching(scan.lex) {
            scan.ends.retain(|(known, _)| *known != term);
            scan.ends.push((term, end));
        }
        let open: SmallVec<[TermId; 8]> = lexer.possible(scan.lex).collect();
        let (stay, over) = std::mem::take(&mut scan.ends)
            .into_iter()
            .partition(|(term, _)| open.contains(term));
        scan.ends = stay;
        self.end_matches(tables, dynamic, &scan, over)?;
        Ok((!open.is_empty()).then_some(scan))
    }

    /// Moves the parser over matches that will not become longer.
    fn end_matches(
        &mut self,
        tables: &mut Tables<'_>,
        dynamic: &mut Dynamic,
        scan: &Scan,
        mut matches: SmallVec<[(TermId, u32); 4]>,
    ) -> Result<(), Exceeded> {
        matches.sort_unstable_by_key(|(term, end)| (*end, *term));
        for group in matches.chunk_by(|one, other| one.1 == other.1) {
            let Some(&(_, end)) = group.first() else {
                continue;
            };
            let spec = &tables.spec.lexer;
            let (ignored, terms): (Vec<TermId>, Vec<TermId>) = group
                .iter()
                .map(|(term, _)| *term)
                .partition(|term| spec.ignored.contains(term));
            if !ignored.is_empty() {
                dynamic.arrive(end, scan.tops.clone());
            }
            if terms.is_empty() {
                continue;
            }
            let accept = tables.cache.lexer.accept_id(spec, terms.into());
            let moved = self.move_over(tables, &scan.tops, accept)?;
            if !moved.is_empty() {
                self.stacks.lexemes.push(Lexeme {
                    start: scan.start,
                    end,
                });
                dynamic.arrive(end, moved);
            }
        }
        Ok(())
    }

    /// Begins all columns that nothing more can end in.
    fn begin_columns(
        &mut self,
        tables: &mut Tables<'_>,
        dynamic: &mut Dynamic,
    ) -> Result<(), Exceeded> {
        while let Some(column) = dynamic.columns.first_entry() {
            let start = *column.key();
            if dynamic.first_open_end().is_some_and(|end| end <= start) {
                break;
            }
            let tops = dynamic.columns.remove(&start).unwrap_or_default();
            self.begin_column(tables, dynamic, start, tops)?;
        }
        Ok(())
    }

    /// Begins a column, and reads what has waited behind it.
    fn begin_column(
        &mut self,
        tables: &mut Tables<'_>,
        dynamic: &mut Dynamic,
        start: u32,
        tops: Stacked,
    ) -> Result<(), Exceeded> {
        let lex = self.lexer_start(tables, &tops, true)?;
        let mut scan = Scan {
            start,
            tops,
            lex,
            ends: SmallVec::new(),
        };
        for end in start..self.pos {
            let Some(&byte) = self.text.get(end as usize) else {
                break;
            };
            match self.scan_byte(tables, dynamic, scan, end + 1, byte)? {
                Some(left) => scan = left,
                None => return Ok(()),
            }
        }
        dynamic.scans.push(scan);
        Ok(())
    }

    /// Ends the text here: all matches are over. Whether something ends here, whose tops are the tops then.
    pub(super) fn flush_dynamic(&mut self, tables: &mut Tables<'_>) -> Result<bool, Exceeded> {
        let mut dynamic = self.dynamic.take().unwrap_or_default();
        let mut here = Stacked::new();
        loop {
            for mut scan in std::mem::take(&mut dynamic.scans) {
                let over = std::mem::take(&mut scan.ends);
                self.end_matches(tables, &mut dynamic, &scan, over)?;
                if scan.start == self.pos {
                    here.extend(scan.tops);
                }
            }
            let Some((start, tops)) = dynamic.columns.pop_first() else {
                break;
            };
            self.begin_column(tables, &mut dynamic, start, tops)?;
        }
        self.dynamic = Some(dynamic);
        self.lex = self.lexer_start(tables, &here, true)?;
        let reached = !here.is_empty();
        self.tops = Tops::Many {
            tops: here,
            // Nothing of the derivation is in the log.
            fork: Fork {
                top: NodeId(0),
                first: NodeId(1),
            },
        };
        Ok(reached)
    }

    /// As [`Run::finish`].
    pub(super) fn finish_dynamic(&mut self, tables: &mut Tables<'_>) -> Result<bool, Exceeded> {
        if !self.flush_dynamic(tables)? {
            return Ok(false);
        }
        Ok(self.parse_many(tables, END_OF_TEXT)? || self.is_empty_sentence(tables))
    }

    /// What has begun: where the lexer stands in it, and whether some text of it has been read.
    pub(super) fn scans(&self) -> impl Iterator<Item = (LexState, bool)> + '_ {
        let dynamic = self.dynamic.as_deref();
        let scans = dynamic.into_iter().flat_map(|dynamic| &dynamic.scans);
        scans.map(|scan| (scan.lex, scan.start < self.pos))
    }

    /// As [`Run::fork`].
    pub(super) fn fork_dynamic(&self, dynamic: &Dynamic) -> Self {
        let tops: Vec<NodeId> = dynamic.tops().collect();
        let (stacks, names, _) = self.stacks.reachable(&tops, NodeId(1));
        Self {
            stacks,
            tops: Tops::One(NodeId(0)),
            record: false,
            tree: None,
            level: Level::default(),
            dynamic: Some(Box::new(dynamic.renamed(&names))),
            text: self.text.clone(),
            ..*self
        }
    }
}
