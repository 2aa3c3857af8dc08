//! One stack: the classical loop, and the way back to it from several.
//!
//! Between two lexemes there may be many reductions, but only the last of them leaves something on the stack. So reductions
//! write nothing: the loop keeps the node that lies on top of what is left of the stack ([`Reach`]), and when the lexeme is shifted
//! *and the byte behind it can begin another one*, the two nodes are written, over what was popped. The stack stays as small
//! as it is high, and going back costs nothing.

use smallvec::SmallVec;

use super::super::bnf::ProdId;
use super::super::lexer::AcceptId;
use super::super::lr::{Action, StateId};
use super::super::stack::{Derived, LogEntry, Node, NodeId, Value};
use super::{Fork, Run, Tables, Tops};
use crate::engine::Spec;
use crate::error::Exceeded;
use crate::table::narrow;

/// Where a stack comes to: what is left of it, and the nodes on that, not written yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    base: NodeId,
    reduced: Option<(StateId, Value)>,
}

/// What one stack does before a lexeme.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Shift(Reach, StateId, Value),
    Accept(Reach),
    Error,
    /// There are several ways; nothing has been recorded.
    Conflict,
}

impl Run {
    /// The classical loop on one stack. What it records has to be taken back if the lexeme is not taken.
    #[inline]
    pub(super) fn step(
        &mut self,
        tables: &mut Tables<'_>,
        top: NodeId,
        accept: AcceptId,
    ) -> Result<Step, Exceeded> {
        let Tables { spec, cache } = tables;
        let (lr, lexer) = (&mut cache.lr, &cache.lexer);
        let log = self.stacks.log.len();
        let mut reach = Reach {
            base: top,
            reduced: None,
        };
        let mut action = lr.action(&spec.lr, self.stacks.nodes[top].state, accept, lexer)?;
        loop {
            match action {
                Action::Reduce(prod) => {
                    let production = &spec.lr.bnf.prods[prod];
                    let on_stack = production.len - u32::from(reach.reduced.is_some());
                    let base = self.stacks.down(reach.base, on_stack);
                    let below = self.stacks.nodes[base].state;
                    let next = lr.goto(&spec.lr, below, production.lhs)?;
                    let (next, then) =
                        lr.settle(&spec.lr, (below, next), accept, lexer, self.record)?;
                    let value = if production.passes {
                        self.value_of(reach)
                    } else {
                        self.log_reduce(prod)
                    };
                    reach = Reach {
                        base,
                        reduced: Some((next, value)),
                    };
                    action = then;
                }
                Action::Shift(next) => return Ok(Step::Shift(reach, next, self.log_shift())),
                Action::Accept => return Ok(Step::Accept(reach)),
                Action::Error => return Ok(Step::Error),
                Action::Conflict(_) => {
                    // The reductions so far belong to the same lexeme: the graph has to see them all.
                    self.stacks.log.truncate(log);
                    return Ok(Step::Conflict);
                }
            }
        }
    }

    #[inline]
    fn value_of(&self, reach: Reach) -> Value {
        match reach.reduced {
            Some((_, value)) => value,
            None => self.stacks.nodes[reach.base].value,
        }
    }

    /// Writes a stack down, and makes what is recorded of it part of the tree.
    pub(super) fn write(&mut self, spec: &Spec, reach: Reach, shifted: Option<(StateId, Value)>) {
        self.stacks.cut_above(reach.base);
        let mut top = reach.base;
        for (state, value) in reach.reduced.into_iter().chain(shifted) {
            top = self.stacks.push(state, top, value);
        }
        self.tops = Tops::One(top);
        if let Some(tree) = &mut self.tree {
            tree.reduce_all(spec, self.stacks.recorded());
            self.stacks.forget();
            self.lost |= tree.exceeded().is_some();
        }
    }

    /// Moves one stack over a lexeme, whatever follows.
    pub(super) fn parse_one(
        &mut self,
        tables: &mut Tables<'_>,
        top: NodeId,
        accept: AcceptId,
    ) -> Result<bool, Exceeded> {
        let log = self.stacks.log.len();
        match self.step(tables, top, accept)? {
            Step::Shift(reach, state, value) => {
                self.write(tables.spec, reach, Some((state, value)));
            }
            Step::Accept(reach) => self.write(tables.spec, reach, None),
            Step::Error => {
                self.stacks.log.truncate(log);
                return Ok(false);
            }
            Step::Conflict if self.tree.is_some() => {
                self.lost = true;
                return Ok(false);
            }
            Step::Conflict => {
                self.tops = Tops::Many {
                    tops: SmallVec::from_slice(&[top]),
                    fork: Fork {
                        top,
                        first: self.stacks.nodes.next_id(),
                    },
                };
                return self.parse_many(tables, accept);
            }
        }
        Ok(true)
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
        if self.record && self.tree.is_none() {
            let lexeme = narrow(self.stacks.lexemes.len());
            self.stacks.log.push(LogEntry::shift(lexeme));
        }
        value
    }

    /// When one stack is left and nothing below is shared: it is written as one, and its derivation moves to the log.
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
        let fork = *fork;
        let mut chain: SmallVec<[Node; 16]> = SmallVec::new();
        let mut shared = top;
        while shared >= fork.first {
            chain.push(self.stacks.nodes[shared]);
            shared = self.stacks.below(shared);
        }
        if chain.is_empty() {
            self.tops = Tops::One(top);
            return;
        }
        if self.record {
            let dropped = self.stacks.height(fork.top, shared);
            if dropped > 0 {
                self.stacks.log.push(LogEntry::drop_last(dropped));
            }
        }
        self.stacks.cut_above(shared);
        let mut below = shared;
        for node in chain.into_iter().rev() {
            let value = Value::log(narrow(self.stacks.log.len()));
            if self.record {
                self.stacks.log.push(as_entry(node.value));
            }
            below = self.stacks.push(node.state, below, value);
        }
        self.tops = Tops::One(below);
    }
}

/// A value of the forest as an entry of the log.
fn as_entry(value: Value) -> LogEntry {
    match value.get() {
        Derived::Lexeme(number) => LogEntry::shift(number),
        Derived::Forest(id) => LogEntry::forest(id),
        // Nodes made since the fork have no log values.
        Derived::Log(_) => LogEntry::drop_last(0),
    }
}
