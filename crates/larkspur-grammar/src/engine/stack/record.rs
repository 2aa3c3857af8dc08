//! What is recorded of a derivation, each piece in as few bytes as it takes.

use super::{ChoiceId, ForestId};
use crate::engine::bnf::ProdId;

/// What an edge derives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Value(u32);

/// A value, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derived {
    /// The log up to this entry, from behind what the node below has.
    Log(u32),
    /// The lexeme with this number.
    Lexeme(u32),
    /// A packed node.
    Forest(ForestId),
}

const TAG: u32 = 3 << 30;

impl Value {
    #[inline]
    pub(crate) fn log(entry: u32) -> Self {
        Self(entry)
    }

    pub(crate) fn lexeme(number: u32) -> Self {
        Self(number | 1 << 30)
    }

    pub(crate) fn forest(id: ForestId) -> Self {
        Self(id.0 | 2 << 30)
    }

    pub(crate) fn get(self) -> Derived {
        let value = self.0 & !TAG;
        match self.0 >> 30 {
            0 => Derived::Log(value),
            1 => Derived::Lexeme(value),
            _ => Derived::Forest(ForestId(value)),
        }
    }
}

/// An entry of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LogEntry(u32);

/// An entry, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The lexeme with this number stands for itself.
    Shift(u32),
    /// The last values are the children of this production.
    Reduce(ProdId),
    /// The last so many values were taken back: they are inside the values that follow.
    Drop(u32),
    /// A value from the forest.
    Forest(ForestId),
}

impl LogEntry {
    #[inline]
    pub(crate) fn shift(lexeme: u32) -> Self {
        Self(lexeme)
    }

    #[inline]
    pub(crate) fn reduce(prod: ProdId) -> Self {
        Self(prod.0 | 1 << 30)
    }

    pub(crate) fn drop_last(count: u32) -> Self {
        Self(count | 2 << 30)
    }

    pub(crate) fn forest(id: ForestId) -> Self {
        Self(id.0 | 3 << 30)
    }

    #[inline]
    pub(crate) fn get(self) -> Entry {
        let value = self.0 & !TAG;
        match self.0 >> 30 {
            0 => Entry::Shift(value),
            1 => Entry::Reduce(ProdId(value)),
            2 => Entry::Drop(value),
            _ => Entry::Forest(ForestId(value)),
        }
    }
}

/// A lexeme that is not ignored: its place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// One derivation of a packed node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    pub(crate) prod: ProdId,
    /// Where the children start; there are as many as the production has symbols.
    pub(crate) children: u32,
    pub(crate) next: Option<ChoiceId>,
}

/// A child of a packed node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Child {
    Lexeme(u32),
    /// Entries of the log, from the first to before the second.
    Log(u32, u32),
    Forest(ForestId),
}
