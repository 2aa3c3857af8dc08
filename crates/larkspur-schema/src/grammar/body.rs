//! Bodies of rules, before it is known which of them derive something.

use super::language::TermId;

/// A rule of the grammar that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RuleId(pub(super) usize);

/// What a rule derives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Never,
    Empty,
    Rule(RuleId),
    Term(TermId),
    Seq(Vec<Self>),
    Alt(Vec<Self>),
    Repeat(Box<Self>, u32, Option<u32>),
}

impl Body {
    /// One after the other.
    pub(super) fn seq(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Empty => {}
                Self::Never => return Self::Never,
                Self::Seq(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::Empty,
            1 => flat.pop().unwrap_or(Self::Empty),
            _ => Self::Seq(flat),
        }
    }

    /// One of several; the same one only once.
    pub(super) fn alt(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        let mut add = |part: Self| {
            // Comparing all with all would be quadratic; the few that are written side by side are the ones that repeat.
            if part != Self::Never && !flat.iter().rev().take(16).any(|known| *known == part) {
                flat.push(part);
            }
        };
        for part in parts {
            match part {
                Self::Alt(inner) => inner.into_iter().for_each(&mut add),
                other => add(other),
            }
        }
        match flat.len() {
            0 => Self::Never,
            1 => flat.pop().unwrap_or(Self::Never),
            _ => Self::Alt(flat),
        }
    }

    pub(super) fn repeat(self, min: u32, max: Option<u32>) -> Self {
        match (&self, min, max) {
            (_, _, Some(0)) | (Self::Empty, ..) | (Self::Never, 0, _) => Self::Empty,
            (Self::Never, ..) => Self::Never,
            (_, 1, Some(1)) => self,
            _ => Self::Repeat(Box::new(self), min, max),
        }
    }

    pub(super) fn optional(self) -> Self {
        self.repeat(0, Some(1))
    }

    pub(super) fn star(self) -> Self {
        self.repeat(0, None)
    }

    /// The bodies directly inside.
    pub(super) fn children(&self) -> &[Self] {
        match self {
            Self::Seq(parts) | Self::Alt(parts) => parts,
            Self::Repeat(body, ..) => std::slice::from_ref(body),
            Self::Never | Self::Empty | Self::Rule(_) | Self::Term(_) => &[],
        }
    }

    /// The same with each rule and terminal replaced. Bodies are as shallow as the functions that make them are nested.
    pub(super) fn map(&self, replace: &impl Fn(&Self) -> Self) -> Self {
        match self {
            Self::Seq(parts) => Self::seq(parts.iter().map(|part| part.map(replace))),
            Self::Alt(parts) => Self::alt(parts.iter().map(|part| part.map(replace))),
            Self::Repeat(body, min, max) => body.map(replace).repeat(*min, *max),
            leaf => replace(leaf),
        }
    }
}
