//! Groups within groups, no deeper than the reader takes them.
//!
//! llguidance refuses a text whose brackets nest deeper than its parser recurses. What would stand too deep becomes a rule or
//! a terminal of its own, whose name begins with `_`, so that trees stay as they are.

use std::fmt::Write;

use rustc_hash::FxHashSet;

use super::names;
use crate::dialect::Dialect;

pub(super) struct Nesting {
    /// How many groups are open.
    open: usize,
    most: usize,
    /// All names that are in use.
    taken: FxHashSet<String>,
    /// What is being written: a name as in the text.
    owner: String,
    /// Definitions of what stood too deep.
    made: String,
}

/// A group that is being written.
pub(super) enum Group {
    /// In its place, up to this bracket.
    Here(&'static str),
    /// As a definition of its own: how many groups were open, the text before, and what ends the definition.
    Apart(usize, String, &'static str),
}

impl Nesting {
    pub(super) fn new(taken: FxHashSet<String>, dialect: &Dialect) -> Self {
        Self {
            open: 0,
            most: dialect.max_nesting().unwrap_or(usize::MAX),
            taken,
            owner: String::new(),
            made: String::new(),
        }
    }

    /// Says which rule or terminal the groups are of.
    pub(super) fn own(&mut self, name: &str) {
        name.clone_into(&mut self.owner);
    }

    /// Opens a group at the end of `out`.
    pub(super) fn open(
        &mut self,
        brackets: (&'static str, &'static str),
        out: &mut String,
    ) -> Group {
        if self.open < self.most {
            self.open += 1;
            out.push_str(brackets.0);
            return Group::Here(brackets.1);
        }
        // What is optional stays so by its brackets; the others only hold together.
        let optional = brackets.0 == "[";
        let open = std::mem::replace(&mut self.open, usize::from(optional));
        let before = std::mem::take(out);
        if optional {
            out.push_str(brackets.0);
        }
        Group::Apart(open, before, if optional { brackets.1 } else { "" })
    }

    /// Closes it.
    pub(super) fn close(&mut self, group: Group, out: &mut String) {
        match group {
            Group::Here(bracket) => {
                self.open = self.open.saturating_sub(1);
                out.push_str(bracket);
            }
            Group::Apart(open, before, end) => {
                self.open = open;
                out.push_str(end);
                let body = std::mem::replace(out, before);
                let part = if self.owner.starts_with(|c: char| c.is_ascii_uppercase()) {
                    "PART"
                } else {
                    "part"
                };
                let owner = self.owner.trim_start_matches('_');
                let name = names::fresh(&format!("_{owner}_{part}"), &mut self.taken);
                let _ = writeln!(self.made, "{name}: {body}");
                out.push_str(&name);
            }
        }
    }

    /// Takes the definitions that were made.
    pub(super) fn made(&mut self) -> String {
        std::mem::take(&mut self.made)
    }
}
