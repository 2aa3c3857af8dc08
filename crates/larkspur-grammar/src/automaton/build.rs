//! Patterns of the grammar as expressions over bytes.

use fixedbitset::FixedBitSet;
use regex_syntax::hir::{
    Class, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look,
};
use regex_syntax::utf8::Utf8Sequences;
use rustc_hash::FxHashMap;

use super::bytes::ByteSet;
use super::expr::{ExprRef, Exprs, UNBOUNDED};
use crate::grammar::{Grammar, Pattern, TerminalId};

/// Why a pattern has no automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// Look-around in the middle of a regex.
    LookAround,
    /// More nodes than the limit.
    TooBig,
}

/// The expressions of all terminals of a grammar, in order, or the terminal that has none.
pub(crate) fn terminals(
    grammar: &Grammar,
    exprs: &mut Exprs,
    max_weight: usize,
) -> Result<Vec<ExprRef>, (TerminalId, PatternError)> {
    let mut builder = PatternBuilder {
        max_weight,
        done: FxHashMap::default(),
    };
    for id in inner_first(grammar) {
        let built = builder
            .pattern(exprs, &grammar.terminal(id).pattern)
            .map_err(|error| (id, error))?;
        builder.done.insert(id, built);
    }
    Ok(grammar
        .terminal_ids()
        .map(|id| builder.done.get(&id).copied().unwrap_or(Exprs::NEVER))
        .collect())
}

/// All terminals, each after those it refers to. A loop: terminals may refer to each other in a chain as long as the grammar.
fn inner_first(grammar: &Grammar) -> Vec<TerminalId> {
    let mut order = Vec::new();
    let mut entered = FixedBitSet::with_capacity(grammar.terminals().len());
    let mut left = FixedBitSet::with_capacity(grammar.terminals().len());
    let mut stack: Vec<TerminalId> = grammar.terminal_ids().collect();
    stack.reverse();
    while let Some(&id) = stack.last() {
        if entered.put(id.index()) {
            stack.pop();
            if !left.put(id.index()) {
                order.push(id);
            }
            continue;
        }
        let mut patterns = vec![&grammar.terminal(id).pattern];
        while let Some(pattern) = patterns.pop() {
            if let Pattern::Terminal(inner) = pattern
                && !entered.contains(inner.index())
            {
                stack.push(*inner);
            }
            patterns.extend(pattern.children());
        }
    }
    order
}

/// Turns patterns into expressions. Patterns nest no deeper than the grammar's limit, so the recursion is bounded.
struct PatternBuilder {
    max_weight: usize,
    done: FxHashMap<TerminalId, ExprRef>,
}

impl PatternBuilder {
    fn pattern(&self, exprs: &mut Exprs, pattern: &Pattern) -> Result<ExprRef, PatternError> {
        self.charge(exprs)?;
        Ok(match pattern {
            Pattern::Literal {
                text,
                ignore_case: false,
            } => literal(exprs, text.as_bytes()),
            Pattern::Literal { text, .. } => caseless(exprs, text),
            Pattern::Range { first, last } => {
                unicode_class(exprs, &[ClassUnicodeRange::new(*first, *last)])
            }
            Pattern::Regex(regex) => self.hir(exprs, &regex.hir)?,
            Pattern::Terminal(id) => self.done.get(id).copied().unwrap_or(Exprs::NEVER),
            Pattern::Concat(parts) => {
                let parts = self.patterns(exprs, parts)?;
                exprs.sequence(&parts)
            }
            Pattern::Alt(parts) => {
                let parts = self.patterns(exprs, parts)?;
                exprs.or(parts)
            }
            Pattern::Repeat { pattern, min, max } => {
                let inner = self.pattern(exprs, pattern)?;
                exprs.repeat(inner, *min, max.unwrap_or(UNBOUNDED))
            }
            Pattern::And(parts) => {
                let parts = self.patterns(exprs, parts)?;
                exprs.and(parts)
            }
            Pattern::Not(inner) => {
                let inner = self.pattern(exprs, inner)?;
                exprs.not(inner)
            }
            Pattern::Substring(pieces) => substring(exprs, pieces),
        })
    }

    fn charge(&self, exprs: &Exprs) -> Result<(), PatternError> {
        if exprs.weight() > self.max_weight {
            return Err(PatternError::TooBig);
        }
        Ok(())
    }

    fn patterns(&self, exprs: &mut Exprs, parts: &[Pattern]) -> Result<Vec<ExprRef>, PatternError> {
        parts.iter().map(|part| self.pattern(exprs, part)).collect()
    }

    fn hir(&self, exprs: &mut Exprs, hir: &Hir) -> Result<ExprRef, PatternError> {
        self.charge(exprs)?;
        Ok(match hir.kind() {
            // What holds of a `RegexPattern`: `^` and `$` only at the two ends, where a whole match makes them true.
            HirKind::Empty | HirKind::Look(Look::Start | Look::End) => Exprs::EMPTY,
            HirKind::Literal(text) => literal(exprs, &text.0),
            HirKind::Class(Class::Unicode(class)) => unicode_class(exprs, class.ranges()),
            HirKind::Class(Class::Bytes(class)) => {
                exprs.character(CharClass::Bytes(class.ranges()))
            }
            HirKind::Look(_) => return Err(PatternError::LookAround),
            HirKind::Repetition(repetition) => {
                let inner = self.hir(exprs, &repetition.sub)?;
                exprs.repeat(inner, repetition.min, repetition.max.unwrap_or(UNBOUNDED))
            }
            HirKind::Capture(capture) => self.hir(exprs, &capture.sub)?,
            HirKind::Concat(parts) => {
                let parts = self.hirs(exprs, parts)?;
                exprs.sequence(&parts)
            }
            HirKind::Alternation(parts) => {
                let parts = self.hirs(exprs, parts)?;
                exprs.or(parts)
            }
        })
    }

    fn hirs(&self, exprs: &mut Exprs, parts: &[Hir]) -> Result<Vec<ExprRef>, PatternError> {
        parts.iter().map(|part| self.hir(exprs, part)).collect()
    }
}

fn literal(exprs: &mut Exprs, text: &[u8]) -> ExprRef {
    let mut chain = Exprs::EMPTY;
    for &byte in text.iter().rev() {
        let byte = exprs.byte(ByteSet::single(byte));
        chain = exprs.concat(byte, chain);
    }
    chain
}

fn caseless(exprs: &mut Exprs, text: &str) -> ExprRef {
    let mut chain = Exprs::EMPTY;
    for c in text.chars().rev() {
        let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
        // Without the case tables only ASCII is folded; they are compiled in, so this does not fail.
        if class.try_case_fold_simple().is_err() {
            class.push(ClassUnicodeRange::new(
                c.to_ascii_lowercase(),
                c.to_ascii_lowercase(),
            ));
            class.push(ClassUnicodeRange::new(
                c.to_ascii_uppercase(),
                c.to_ascii_uppercase(),
            ));
        }
        let one = unicode_class(exprs, class.ranges());
        chain = exprs.concat(one, chain);
    }
    chain
}

/// A class of characters as the byte sequences of UTF-8.
fn unicode_class(exprs: &mut Exprs, ranges: &[ClassUnicodeRange]) -> ExprRef {
    let mut ways = Vec::new();
    for range in ranges {
        for sequence in Utf8Sequences::new(range.start(), range.end()) {
            let mut chain = Exprs::EMPTY;
            for part in sequence.as_slice().iter().rev() {
                let byte = exprs.byte(ByteSet::range(part.start, part.end));
                chain = exprs.concat(byte, chain);
            }
            ways.push(chain);
        }
    }
    exprs.or(ways)
}

/// Any run of neighbours among the pieces, also none.
fn substring(exprs: &mut Exprs, pieces: &[String]) -> ExprRef {
    let mut starts = vec![Exprs::EMPTY];
    let mut from_here = Exprs::EMPTY;
    for piece in pieces.iter().rev() {
        let rest = exprs.or([Exprs::EMPTY, from_here]);
        let text = literal(exprs, piece.as_bytes());
        from_here = exprs.concat(text, rest);
        starts.push(from_here);
    }
    exprs.or(starts)
}

/// A class of characters.
#[derive(Clone, Copy)]
pub(crate) enum CharClass<'c> {
    Unicode(&'c [ClassUnicodeRange]),
    Bytes(&'c [ClassBytesRange]),
}

impl Exprs {
    /// One character of a class.
    pub(crate) fn character(&mut self, class: CharClass<'_>) -> ExprRef {
        match class {
            CharClass::Unicode(ranges) => unicode_class(self, ranges),
            CharClass::Bytes(ranges) => {
                let mut set = ByteSet::EMPTY;
                for range in ranges {
                    set = set.union(&ByteSet::range(range.start(), range.end()));
                }
                self.byte(set)
            }
        }
    }

    /// Any of several expressions.
    pub(crate) fn any_of(&mut self, parts: Vec<ExprRef>) -> ExprRef {
        self.or(parts)
    }
}
