//! The inner loop: one stack, and tables that have all it asks for.
//!
//! It does what [`Run::boundary`] and [`Run::step`] do, with everything borrowed once and nothing but loads in between. Where
//! a cell is missing, or anything unusual is to be done, it leaves the byte to them as if it had not looked at it.

use super::super::Spec;
use super::super::lexer::{AcceptId, Cell, IGNORED, LexState, Rows};
use super::super::lr::{ActionCell, Built, Reduction, StateId};
use super::super::replay::Builder;
use super::super::stack::{Lexeme, LogEntry, NodeId, Stacks, Value};
use super::{Run, Tables, Tops};
use crate::automaton::ByteClasses;
use crate::table::{Id as _, narrow};

/// What the loop reads.
#[derive(Clone, Copy)]
struct Known<'t> {
    rows: Rows<'t>,
    classes: &'t ByteClasses,
    lr: Built<'t>,
    starts: &'t [LexState],
    max_items: usize,
    spec: &'t Spec,
}

/// What is kept of the derivation: nothing,
const NOTHING: u8 = 0;
/// the whole of it,
const LOG: u8 = 1;
/// or what it means for the tree.
const TREE: u8 = 2;

/// A stack before a lexeme is shifted: what is left of it, and the node on that, not written yet.
#[derive(Clone, Copy)]
struct Top {
    base: NodeId,
    state: StateId,
    /// The value of the node; `None` if that is `base` itself.
    reduced: Option<Value>,
}

impl Run {
    /// Reads bytes as long as all is known; how many.
    pub(super) fn feed_known(&mut self, tables: &Tables<'_>, bytes: &[u8]) -> usize {
        let known = Known {
            rows: tables.cache.lexer.rows(),
            classes: &tables.spec.lexer.classes,
            lr: tables.cache.lr.built(&tables.spec.lr),
            starts: &tables.cache.starts,
            max_items: tables.spec.config.max_items,
            spec: tables.spec,
        };
        match (self.tree.take(), self.record) {
            (Some(mut tree), _) => {
                let read = self.run_known::<TREE>(known, bytes, Some(&mut tree));
                self.lost |= tree.exceeded().is_some();
                self.tree = Some(tree);
                read
            }
            (None, true) => self.run_known::<LOG>(known, bytes, None),
            (None, false) => self.run_known::<NOTHING>(known, bytes, None),
        }
    }

    #[inline]
    fn run_known<const KEEP: u8>(
        &mut self,
        known: Known<'_>,
        bytes: &[u8],
        mut tree: Option<&mut Builder>,
    ) -> usize {
        let origin = self.pos;
        let mut lex = self.lex;
        let mut read = bytes.len();
        for (index, &byte) in bytes.iter().enumerate() {
            let class = known.classes.of(byte);
            let Some(cell) = known.rows.cell(lex, class) else {
                read = index;
                break;
            };
            if let Some(next) = cell.plain() {
                lex = next;
                continue;
            }
            let at = origin + narrow(index);
            if let Some(next) = cell.behind_ignored() {
                self.lexeme_start = at;
                self.fresh = false;
                lex = next;
                continue;
            }
            let (Tops::One(top), true) = (&mut self.tops, cell.is_dead()) else {
                read = index;
                break;
            };
            let accept = known.rows.accept(lex);
            if accept <= IGNORED || at == self.lexeme_start {
                read = index;
                break;
            }
            let moved = known.next_lexeme::<KEEP>(&mut self.stacks, *top, accept, class);
            let Some((new, next)) = moved else {
                read = index;
                break;
            };
            *top = new;
            lex = next;
            if KEEP == LOG {
                self.stacks.lexemes.push(Lexeme {
                    start: self.lexeme_start,
                    end: at,
                });
            }
            if let (TREE, Some(tree)) = (KEEP, tree.as_deref_mut()) {
                tree.reduce_all(known.spec, self.stacks.recorded());
                self.stacks.forget();
                tree.lexeme(self.lexeme_start, at);
            }
            self.lexeme_start = at;
            self.fresh = false;
        }
        self.lex = lex;
        self.pos += narrow(read);
        read
    }
}

impl Known<'_> {
    /// Moves the stack over a lexeme, if a byte of this class can follow: its top then, and the state of the lexer behind
    /// the byte. Otherwise nothing has changed.
    #[inline]
    fn next_lexeme<const KEEP: u8>(
        self,
        stacks: &mut Stacks,
        top: NodeId,
        accept: AcceptId,
        class: usize,
    ) -> Option<(NodeId, LexState)> {
        let log = stacks.log.len();
        if stacks.nodes.len() + log > self.max_items {
            return None;
        }
        let found = self.shift::<KEEP>(stacks, top, accept);
        if let Some((reached, state)) = found
            && let Some(start) = self.starts.get(state.index())
            && let Some(next) = self.rows.cell(*start, class).and_then(Cell::plain)
            && stacks.may_cut_above(reached.base)
        {
            stacks.cut_above(reached.base);
            let mut top = reached.base;
            if let Some(value) = reached.reduced {
                top = stacks.push(reached.state, top, value);
            }
            let value = Value::log(narrow(stacks.log.len()));
            if KEEP == LOG {
                let lexeme = narrow(stacks.lexemes.len());
                stacks.log.push(LogEntry::shift(lexeme));
            }
            return Some((stacks.push(state, top, value), next));
        }
        stacks.log.truncate(log);
        None
    }

    /// The reductions before a lexeme, and the state behind it.
    #[inline]
    fn shift<const KEEP: u8>(
        self,
        stacks: &mut Stacks,
        top: NodeId,
        accept: AcceptId,
    ) -> Option<(Top, StateId)> {
        let mut top = Top {
            base: top,
            state: stacks.nodes[top].state,
            reduced: None,
        };
        let mut action = self.lr.action(top.state, accept)?;
        while let Some(reduction) = action.reduces() {
            (top, action) = self.reduce::<KEEP>(stacks, top, reduction, accept)?;
        }
        Some((top, action.shifts()?))
    }

    #[inline]
    fn reduce<const KEEP: u8>(
        self,
        stacks: &mut Stacks,
        top: Top,
        reduction: Reduction,
        accept: AcceptId,
    ) -> Option<(Top, ActionCell)> {
        let (prod, len) = (reduction.prod(), reduction.len());
        if len == 0 {
            return None;
        }
        let count = len - u32::from(top.reduced.is_some());
        let base = stacks.down_in_one_piece(top.base, count)?;
        let below = stacks.nodes[base].state;
        let mut state = self.lr.goto(below, prod)?;
        let mut action = self.lr.action(state, accept)?;
        if let Some(next) = action.reduces()
            && next.is_passed_over(KEEP != NOTHING)
        {
            state = self.lr.ways.find(below, state, accept, KEEP != NOTHING)?;
            action = self.lr.action(state, accept)?;
        }
        let value = if KEEP == NOTHING {
            Value::log(0)
        } else if reduction.passes() {
            top.reduced.unwrap_or(stacks.nodes[top.base].value)
        } else {
            let value = Value::log(narrow(stacks.log.len()));
            stacks.log.push(LogEntry::reduce(prod));
            value
        };
        let reduced = Some(value);
        Some((
            Top {
                base,
                state,
                reduced,
            },
            action,
        ))
    }
}
