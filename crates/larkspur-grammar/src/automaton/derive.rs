//! Derivatives, and finding out whether an expression matches anything.

use smallvec::SmallVec;

use super::bytes::ByteClasses;
use super::expr::{Expr, ExprRef, Exprs, UNBOUNDED};

/// Derivatives that settling may look at, for each node that it may build.
const LOOKS: usize = 64;

impl Exprs {
    /// What must follow after `byte`. Memoised for the expressions that take more than a look to derive.
    pub(crate) fn derivative(&mut self, id: ExprRef, byte: u8) -> ExprRef {
        match self.node(id) {
            Expr::Never | Expr::Empty => return Self::NEVER,
            Expr::Byte(set) => {
                return if set.contains(byte) {
                    Self::EMPTY
                } else {
                    Self::NEVER
                };
            }
            // The chain of a literal: nothing to remember.
            Expr::Concat(head, tail) => {
                if let Expr::Byte(set) = self.node(*head) {
                    return if set.contains(byte) {
                        *tail
                    } else {
                        Self::NEVER
                    };
                }
            }
            _ => {}
        }
        if let Some(&known) = self.derivatives.get(&(id, byte)) {
            return known;
        }
        let derived = self.derive(id, byte);
        self.derivatives.insert((id, byte), derived);
        derived
    }

    fn derive(&mut self, id: ExprRef, byte: u8) -> ExprRef {
        match self.node(id).clone() {
            Expr::Never | Expr::Empty | Expr::Byte(_) => Self::NEVER,
            Expr::Concat(head, tail) => self.derive_chain(head, tail, byte),
            Expr::Or(parts) => {
                let derived = self.derive_each(&parts, byte);
                self.or(derived)
            }
            Expr::And(parts) => {
                let derived = self.derive_each(&parts, byte);
                self.and(derived)
            }
            Expr::Not(inner) => {
                let derived = self.derivative(inner, byte);
                self.not(derived)
            }
            Expr::Repeat(inner, min, max) => {
                let derived = self.derivative(inner, byte);
                if derived == Self::NEVER {
                    return Self::NEVER;
                }
                let max = if max == UNBOUNDED { max } else { max - 1 };
                let rest = self.repeat(inner, min.saturating_sub(1), max);
                self.concat(derived, rest)
            }
        }
    }

    fn derive_each(&mut self, parts: &[ExprRef], byte: u8) -> SmallVec<[ExprRef; 8]> {
        self.derived += parts.len();
        parts
            .iter()
            .map(|part| self.derivative(*part, byte))
            .collect()
    }

    /// A chain `a b c …`: as long as the heads allow the empty text, the next one may be where the byte falls. A loop, since
    /// chains are as long as the author's text.
    fn derive_chain(&mut self, mut head: ExprRef, mut tail: ExprRef, byte: u8) -> ExprRef {
        let mut ways: SmallVec<[ExprRef; 4]> = SmallVec::new();
        loop {
            self.derived += 1;
            let derived = self.derivative(head, byte);
            ways.push(self.concat(derived, tail));
            if !self.is_nullable(head) {
                break;
            }
            if let Expr::Concat(next, rest) = *self.node(tail) {
                (head, tail) = (next, rest);
            } else {
                ways.push(self.derivative(tail, byte));
                break;
            }
        }
        match ways.as_slice() {
            [one] => *one,
            _ => self.or(ways),
        }
    }

    /// `id`, or [`NEVER`](Self::NEVER) if it matches nothing. Without `&` and `~` inside this is a look; with them it is a
    /// search through the derivatives, which gives up (`None`) when more than `budget` nodes have been built,
    /// or [`LOOKS`] times as many derivatives looked at.
    pub(crate) fn settle(
        &mut self,
        id: ExprRef,
        classes: &ByteClasses,
        budget: usize,
    ) -> Option<ExprRef> {
        let facts = self.facts(id);
        if let Some(alive) = facts.alive {
            return Some(if alive { id } else { Self::NEVER });
        }
        let limit = self.heap_nodes().saturating_add(budget);
        let looks = self.looked_at.saturating_add(budget.saturating_mul(LOOKS));
        let mut queue = vec![id];
        let mut seen: rustc_hash::FxHashSet<ExprRef> = rustc_hash::FxHashSet::default();
        seen.insert(id);
        let mut next = 0;
        while let Some(&current) = queue.get(next) {
            next += 1;
            for &byte in classes.representatives() {
                self.looked_at += 1;
                let derived = self.derivative(current, byte);
                if self.facts(derived).alive == Some(true) {
                    self.set_alive(current, true);
                    self.set_alive(id, true);
                    return Some(id);
                }
                if self.facts(derived).alive.is_none() && seen.insert(derived) {
                    queue.push(derived);
                }
            }
            if self.heap_nodes() > limit || self.looked_at > looks {
                return None;
            }
        }
        // Everything reachable was seen and nothing of it matches the empty text.
        for dead in queue {
            self.set_alive(dead, false);
        }
        Some(Self::NEVER)
    }
}
