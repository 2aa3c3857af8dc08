//! Rules over characters.

use regex_syntax::hir::ClassUnicode;
use rustc_hash::FxHashSet;

use crate::regular::chars;

/// What a rule over characters derives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Exactly this text, which is not empty.
    Text(String),
    /// One character of a set, which is not empty.
    Set(ClassUnicode),
    /// What a rule derives.
    Rule(usize),
    /// One lexeme, by the index of its terminal.
    Lexeme(usize),
    /// Something that the target alone understands, in its own words. It has no text.
    Verbatim(String),
    /// One after the other; of none, the empty text.
    Seq(Vec<Self>),
    /// One of several; of none, nothing at all.
    Alt(Vec<Self>),
    /// From a least to a greatest number of times.
    Repeat(Box<Self>, u32, Option<u32>),
}

/// A rule over characters.
#[derive(Clone, Debug)]
pub(super) struct BnfRule {
    pub(super) name: String,
    pub(super) body: Piece,
    /// Made here, not by the author.
    pub(super) made: bool,
}

/// A grammar over characters.
#[derive(Clone, Debug, Default)]
pub(super) struct Bnf {
    pub(super) rules: Vec<BnfRule>,
    pub(super) start: usize,
    /// By terminal: its characters.
    pub(super) lexemes: Vec<Piece>,
}

/// The body of a rule that does not exist.
const NOTHING: &Piece = &Piece::NEVER;

impl Piece {
    pub(super) const EMPTY: Self = Self::Seq(Vec::new());
    pub(super) const NEVER: Self = Self::Alt(Vec::new());

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Seq(parts) if parts.is_empty())
    }

    pub(super) fn is_never(&self) -> bool {
        matches!(self, Self::Alt(parts) if parts.is_empty())
    }

    pub(super) fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::EMPTY
        } else {
            Self::Text(text.to_owned())
        }
    }

    pub(super) fn set(class: ClassUnicode) -> Self {
        match chars::single(&class) {
            Some(c) => Self::Text(c.to_string()),
            None if class.ranges().is_empty() => Self::NEVER,
            None => Self::Set(class),
        }
    }

    /// One after the other: flat, neighbouring texts joined, nothing at all where a part is.
    pub(super) fn seq(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        let mut stack: Vec<std::vec::IntoIter<Self>> =
            vec![parts.into_iter().collect::<Vec<_>>().into_iter()];
        while let Some(top) = stack.last_mut() {
            match top.next() {
                None => {
                    stack.pop();
                }
                Some(Self::Seq(inner)) => stack.push(inner.into_iter()),
                Some(Self::Alt(inner)) if inner.is_empty() => return Self::NEVER,
                Some(Self::Text(text)) => match flat.last_mut() {
                    Some(Self::Text(before)) => before.push_str(&text),
                    _ => flat.push(Self::Text(text)),
                },
                Some(other) => flat.push(other),
            }
        }
        match flat.len() {
            1 => flat.pop().unwrap_or(Self::EMPTY),
            _ => Self::Seq(flat),
        }
    }

    /// One of several: flat, without repeats, sets of characters joined where they are neighbours.
    pub(super) fn alt(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        let mut texts: FxHashSet<String> = FxHashSet::default();
        let mut rules: FxHashSet<usize> = FxHashSet::default();
        let mut empty = false;
        for part in parts {
            let inner = match part {
                Self::Alt(inner) => inner,
                other => vec![other],
            };
            for part in inner {
                let fresh = match &part {
                    Self::Text(text) => texts.insert(text.clone()),
                    Self::Rule(at) => rules.insert(*at),
                    Self::Seq(parts) if parts.is_empty() => !std::mem::replace(&mut empty, true),
                    _ => true,
                };
                match (flat.last_mut(), part) {
                    (Some(Self::Set(before)), Self::Set(class)) => before.union(&class),
                    (_, part) if fresh => flat.push(part),
                    _ => {}
                }
            }
        }
        match flat.len() {
            1 => flat.pop().unwrap_or(Self::NEVER),
            _ => Self::Alt(flat),
        }
    }

    /// `self` from `min` to `max` times.
    pub(super) fn repeat(self, min: u32, max: Option<u32>) -> Self {
        match (min, max) {
            (_, Some(0)) => return Self::EMPTY,
            (1, Some(1)) => return self,
            _ => {}
        }
        if self.is_empty() || self.is_never() && min == 0 {
            return Self::EMPTY;
        }
        if self.is_never() {
            return Self::NEVER;
        }
        match self {
            // (x*)*, (x+)? and their like: the rounds cannot be told apart.
            Self::Repeat(inner, least @ (0 | 1), None) if min <= 1 => {
                Self::Repeat(inner, least * min, None)
            }
            other => Self::Repeat(Box::new(other), min, max),
        }
    }

    pub(super) fn optional(self) -> Self {
        self.repeat(0, Some(1))
    }

    /// The pieces directly inside.
    pub(super) fn children(&self) -> &[Self] {
        match self {
            Self::Seq(parts) | Self::Alt(parts) => parts,
            Self::Repeat(inner, ..) => std::slice::from_ref(inner),
            _ => &[],
        }
    }

    pub(super) fn children_mut(&mut self) -> &mut [Self] {
        match self {
            Self::Seq(parts) | Self::Alt(parts) => parts,
            Self::Repeat(inner, ..) => std::slice::from_mut(inner),
            _ => &mut [],
        }
    }

    /// Puts another piece in the place of each one for which there is one.
    pub(super) fn replace(&mut self, other: &dyn Fn(&Self) -> Option<Self>) {
        if let Some(other) = other(self) {
            *self = other;
            return;
        }
        for child in self.children_mut() {
            child.replace(other);
        }
        let whole = std::mem::replace(self, Self::EMPTY);
        *self = match whole {
            Self::Seq(parts) => Self::seq(parts),
            Self::Alt(parts) => Self::alt(parts),
            Self::Repeat(inner, min, max) => inner.repeat(min, max),
            other => other,
        };
    }

    /// The rules used inside, in order.
    pub(super) fn rules(&self) -> Vec<usize> {
        let mut found = Vec::new();
        let mut stack = vec![self];
        while let Some(piece) = stack.pop() {
            if let Self::Rule(at) = piece {
                found.push(*at);
            }
            stack.extend(piece.children().iter().rev());
        }
        found
    }
}

/// A made rule that says no more than its body: the body takes its place.
fn is_trivial(rule: &BnfRule) -> bool {
    rule.made && (rule.body.is_empty() || matches!(rule.body, Piece::Rule(_)))
}

impl Bnf {
    /// Takes out what derives nothing at all, and made rules that are empty or another name for a rule.
    pub(super) fn prune(&mut self) {
        let productive = self.closure(&|piece, set| is_productive(piece, set));
        let bodies: Vec<Option<Piece>> = self
            .rules
            .iter()
            .zip(&productive)
            .map(|(rule, productive)| match productive {
                false => Some(Piece::NEVER),
                true => is_trivial(rule).then(|| rule.body.clone()),
            })
            .collect();
        for rule in &mut self.rules {
            rule.body.replace(&|piece| match piece {
                Piece::Rule(at) => bodies.get(*at).cloned().flatten(),
                _ => None,
            });
        }
    }

    /// Adds a rule and gives its index.
    pub(super) fn push(&mut self, name: String, body: Piece, made: bool) -> usize {
        self.rules.push(BnfRule { name, body, made });
        self.rules.len() - 1
    }

    pub(super) fn body(&self, at: usize) -> &Piece {
        self.rules.get(at).map_or(NOTHING, |rule| &rule.body)
    }

    pub(super) fn name(&self, at: usize) -> &str {
        self.rules.get(at).map_or("", |rule| rule.name.as_str())
    }

    /// By rule: whether it derives the empty text; lexemes by `lexeme`.
    pub(super) fn nullable(&self, lexeme: &dyn Fn(usize) -> bool) -> Vec<bool> {
        self.closure(&|piece, set| is_nullable(piece, set, lexeme))
    }

    /// The least set of rules whose bodies hold, given the set.
    fn closure(&self, holds: &dyn Fn(&Piece, &[bool]) -> bool) -> Vec<bool> {
        let mut users = vec![Vec::new(); self.rules.len()];
        for (at, rule) in self.rules.iter().enumerate() {
            for used in rule.body.rules() {
                if let Some(users) = users.get_mut(used) {
                    users.push(at);
                }
            }
        }
        let mut set = vec![false; self.rules.len()];
        let mut work: Vec<usize> = (0..self.rules.len()).collect();
        while let Some(at) = work.pop() {
            if set.get(at) == Some(&false) && holds(self.body(at), &set) {
                if let Some(slot) = set.get_mut(at) {
                    *slot = true;
                }
                work.extend(users.get(at).into_iter().flatten());
            }
        }
        set
    }
}

/// Whether `piece` derives the empty text, given the rules that do. Depth is bounded by the grammar's limits.
pub(super) fn is_nullable(piece: &Piece, rules: &[bool], lexeme: &dyn Fn(usize) -> bool) -> bool {
    match piece {
        Piece::Text(_) | Piece::Set(_) | Piece::Verbatim(_) => false,
        Piece::Rule(at) => rules.get(*at) == Some(&true),
        Piece::Lexeme(at) => lexeme(*at),
        Piece::Seq(parts) => parts.iter().all(|part| is_nullable(part, rules, lexeme)),
        Piece::Alt(parts) => parts.iter().any(|part| is_nullable(part, rules, lexeme)),
        Piece::Repeat(inner, min, _) => *min == 0 || is_nullable(inner, rules, lexeme),
    }
}

/// Whether `piece` derives anything, given the rules that do. Depth is bounded by the grammar's limits.
fn is_productive(piece: &Piece, rules: &[bool]) -> bool {
    match piece {
        Piece::Text(_) | Piece::Set(_) | Piece::Verbatim(_) | Piece::Lexeme(_) => true,
        Piece::Rule(at) => rules.get(*at) == Some(&true),
        Piece::Seq(parts) => parts.iter().all(|part| is_productive(part, rules)),
        Piece::Alt(parts) => parts.iter().any(|part| is_productive(part, rules)),
        Piece::Repeat(inner, min, _) => *min == 0 || is_productive(inner, rules),
    }
}
