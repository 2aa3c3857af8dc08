//! Forms as regular sets, where they are regular, and automata for questions about them.

use regex_syntax::hir::{Class, ClassUnicode, Hir};

use super::form::{Form, Forms};
use crate::automaton::{ExprRef, Exprs};
use crate::grammar::{Expr, Grammar, GrammarBuilder, Pattern, RegexPattern, Semantics};
use crate::regular::dfa::Automata;
use crate::regular::{chars, regex};

/// Pieces that one pattern may have; larger ones are taken for not regular.
const MAX_PIECES: usize = 4_000;
/// Rules within rules that are followed.
const MAX_CHAIN: usize = 64;
/// Nodes of the automata for one question.
const MAX_WEIGHT: usize = 200_000;
/// Nodes built to find out whether a set is empty.
pub(super) const SETTLE: usize = 4_000;
/// What one question may build, as [`Question::nodes`] counts.
const MAX_NODES: usize = 40_000;

/// Turns forms into patterns, as far as they are regular and not too large.
pub(super) struct Patterns<'f> {
    forms: &'f Forms,
    pieces: usize,
    chain: usize,
}

impl<'f> Patterns<'f> {
    /// The texts of `form`, as if every choice were free.
    pub(super) fn of(forms: &'f Forms, form: &Form) -> Option<Pattern> {
        Self {
            forms,
            pieces: 0,
            chain: 0,
        }
        .form(form)
    }

    /// All that may follow where `form` holds: its texts and anything behind, lookahead at its end included.
    pub(super) fn ahead(forms: &'f Forms, form: &Form) -> Option<Pattern> {
        Self {
            forms,
            pieces: 0,
            chain: 0,
        }
        .with_rest(form, anything())
    }

    /// Counts pieces; `None` where there are too many.
    fn count(&mut self, pieces: usize) -> Option<()> {
        self.pieces += pieces;
        (self.pieces <= MAX_PIECES).then_some(())
    }

    /// A copy of a pattern that was made before.
    fn copy(&mut self, pattern: &Pattern) -> Option<Pattern> {
        self.count(pattern.pieces())?;
        Some(pattern.clone())
    }

    fn form(&mut self, form: &Form) -> Option<Pattern> {
        self.count(1)?;
        Some(match form {
            Form::Empty | Form::Start | Form::End => Pattern::empty(),
            Form::Text(text) => Pattern::literal(text.clone()),
            Form::Set(set) => class(set.clone()),
            Form::Regular(regular) => self.copy(&regular.pattern)?,
            Form::Skip => match &self.forms.skip {
                Some((_, skip)) => self.form(skip)?,
                None => Pattern::empty(),
            },
            Form::Rule(at) => {
                let form = &self.forms.versions.get(*at)?.form;
                self.inside(form, Self::form)?
            }
            Form::Seq(parts) => Pattern::Concat(self.all(parts)?),
            Form::Choice(parts, _) => Pattern::Alt(self.all(parts)?),
            Form::Repeat(inner, min, max, _) => Pattern::Repeat {
                pattern: Box::new(self.form(inner)?),
                min: *min,
                max: *max,
            },
            Form::Ahead(..) => return None,
        })
    }

    fn all(&mut self, parts: &[Form]) -> Option<Vec<Pattern>> {
        parts.iter().map(|part| self.form(part)).collect()
    }

    fn inside(
        &mut self,
        form: &Form,
        look: impl FnOnce(&mut Self, &Form) -> Option<Pattern>,
    ) -> Option<Pattern> {
        self.chain += 1;
        if self.chain > MAX_CHAIN {
            return None;
        }
        let found = look(self, form);
        self.chain -= 1;
        found
    }

    /// `form` and then `rest`.
    fn with_rest(&mut self, form: &Form, rest: Pattern) -> Option<Pattern> {
        if !self.forms.looks_ahead(form) {
            return Some(Pattern::Concat(vec![self.form(form)?, rest]));
        }
        match form {
            Form::Seq(parts) => {
                let mut rest = rest;
                for part in parts.iter().rev() {
                    rest = self.with_rest(part, rest)?;
                }
                Some(rest)
            }
            Form::Choice(parts, _) => {
                let mut ways = Vec::with_capacity(parts.len());
                for part in parts {
                    let rest = self.copy(&rest)?;
                    ways.push(self.with_rest(part, rest)?);
                }
                Some(Pattern::Alt(ways))
            }
            Form::Rule(at) => {
                let form = self.forms.written.get(*at)?;
                self.inside(form, |this, form| this.with_rest(form, rest))
            }
            Form::Ahead(positive, inner, _) => {
                let holds = self.with_rest(inner, anything())?;
                let holds = if *positive {
                    holds
                } else {
                    Pattern::Not(Box::new(holds))
                };
                Some(Pattern::And(vec![holds, rest]))
            }
            Form::End => Some(Pattern::And(vec![Pattern::empty(), rest])),
            _ => None,
        }
    }
}

/// Any text, also none.
pub(super) fn anything() -> Pattern {
    Pattern::Repeat {
        pattern: Box::new(class(chars::any())),
        min: 0,
        max: None,
    }
}

/// One character of a set.
pub(super) fn class(set: ClassUnicode) -> Pattern {
    let source = regex::of_class(&set);
    let hir = Hir::class(Class::Unicode(set));
    Pattern::Regex(RegexPattern::new(source, "", hir))
}

/// Automata for some patterns, by their places.
pub(super) struct Question {
    pub(super) grammar: Grammar,
    pub(super) automata: Automata,
    pub(super) exprs: Vec<ExprRef>,
}

impl Question {
    pub(super) fn new(patterns: &[&Pattern]) -> Option<Self> {
        let grammar = grammar_of(patterns)?;
        let automata = Automata::new(&grammar, MAX_WEIGHT).ok()?;
        let exprs = grammar
            .terminal_ids()
            .map(|id| automata.terminal(id))
            .collect();
        Some(Self {
            grammar,
            automata,
            exprs,
        })
    }

    pub(super) fn expr(&self, at: usize) -> ExprRef {
        self.exprs.get(at).copied().unwrap_or(Exprs::NEVER)
    }

    /// How much was built so far; looking is cheaper than building.
    pub(super) fn nodes(&self) -> usize {
        self.automata.exprs.heap_nodes() + self.automata.exprs.looked_at() / 16
    }

    /// Whether too much was built to go on.
    pub(super) fn is_spent(&self) -> bool {
        self.nodes() > MAX_NODES
    }

    /// Whether nothing matches; `false` where that took too long to find out.
    pub(super) fn is_never(&mut self, expr: ExprRef) -> bool {
        if expr != Exprs::NEVER && self.is_spent() {
            return false;
        }
        let settled = self
            .automata
            .exprs
            .settle(expr, &self.automata.classes, SETTLE);
        settled == Some(Exprs::NEVER)
    }

    /// The texts of one pattern that begin with one of the bytes.
    pub(super) fn beginning(&mut self, at: usize, bytes: Bytes) -> ExprRef {
        let expr = self.expr(at);
        let any = self.automata.exprs.anything();
        let mut ways = Vec::new();
        for byte in bytes.iter() {
            let one = self.automata.exprs.single(byte);
            ways.push(self.automata.exprs.concat(one, any));
        }
        let begins = self.automata.exprs.or(ways);
        self.automata.exprs.and([expr, begins])
    }

    /// The bytes with which texts begin.
    pub(super) fn firsts(&mut self, at: usize) -> Bytes {
        let expr = self.expr(at);
        let mut bytes = Bytes::default();
        for byte in 0..=u8::MAX {
            let derived = self.automata.exprs.derivative(expr, byte);
            if derived != Exprs::NEVER && !self.is_never(derived) {
                bytes.insert(byte);
            }
        }
        bytes
    }
}

fn grammar_of(patterns: &[&Pattern]) -> Option<Grammar> {
    let mut builder = GrammarBuilder::new(Semantics::Scannerless);
    let start = builder.rule("start");
    builder.define_rule(start, Expr::Empty);
    for (at, pattern) in patterns.iter().enumerate() {
        let id = builder.terminal(&format!("T{at}"));
        builder.define_terminal(id, (*pattern).clone());
    }
    builder.build(start).ok()
}

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bytes([u64; 4]);

impl Bytes {
    pub(super) fn insert(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    pub(super) fn contains(self, byte: u8) -> bool {
        self.0
            .get(usize::from(byte >> 6))
            .is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    /// Whether something was added.
    pub(super) fn add(&mut self, other: Self) -> bool {
        let before = *self;
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        *self != before
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = u8> {
        (0..=u8::MAX).filter(move |byte| self.contains(*byte))
    }

    /// The bytes with which the characters of a set begin.
    pub(super) fn of_class(set: &ClassUnicode) -> Self {
        let mut bytes = Self::default();
        let lead = |c: char| {
            let mut buffer = [0; 4];
            c.encode_utf8(&mut buffer)
                .as_bytes()
                .first()
                .copied()
                .unwrap_or_default()
        };
        for range in set.ranges() {
            // First bytes grow with the characters.
            for byte in lead(range.start())..=lead(range.end()) {
                bytes.insert(byte);
            }
        }
        bytes
    }
}
