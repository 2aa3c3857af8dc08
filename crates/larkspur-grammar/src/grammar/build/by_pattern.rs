//! Terminals by what they match, so that a string written twice is one terminal.

use rustc_hash::FxHashMap;

use super::{TerminalId, check};
use crate::grammar::{Extent, Pattern};

#[derive(Debug, Default)]
pub(super) struct ByPattern {
    /// Plain texts, which most terminals are, as they are: making keys of them is what would take longest.
    texts: FxHashMap<String, TerminalId>,
    others: FxHashMap<String, TerminalId>,
}

impl ByPattern {
    /// The terminal of a plain text that takes the longest match.
    pub(super) fn text(&self, text: &str) -> Option<TerminalId> {
        self.texts.get(text).copied()
    }

    pub(super) fn get(&self, pattern: &Pattern, extent: Extent) -> Option<TerminalId> {
        match plain(pattern, extent) {
            Some(text) => self.text(text),
            None => self.others.get(&key(pattern, extent)).copied(),
        }
    }

    /// The first terminal of a pattern stays its terminal.
    pub(super) fn add(&mut self, pattern: &Pattern, extent: Extent, id: TerminalId) {
        match plain(pattern, extent) {
            Some(text) => self.texts.entry(text.to_owned()).or_insert(id),
            None => self.others.entry(key(pattern, extent)).or_insert(id),
        };
    }
}

fn plain(pattern: &Pattern, extent: Extent) -> Option<&str> {
    match pattern {
        Pattern::Literal {
            text,
            ignore_case: false,
        } if extent == Extent::Longest => Some(text),
        _ => None,
    }
}

/// Two patterns with the same key match the same texts.
fn key(pattern: &Pattern, extent: Extent) -> String {
    let mut key = format!("{extent:?} ");
    check::write_key(pattern, &mut key);
    key
}
