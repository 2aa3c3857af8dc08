//! Names that Lark readers take: rules in lower case, terminals in upper case, the start called `start`.

use rustc_hash::FxHashSet;

use super::takes;
use crate::dialect::{Dialect, Feature};
use crate::grammar::{Grammar, RuleId, TerminalId};

#[derive(Debug)]
pub(super) struct Names {
    rules: Vec<String>,
    terminals: Vec<String>,
}

impl Names {
    /// The names, and the set of them, in which those of what the text needs besides must be new.
    pub(super) fn new(grammar: &Grammar, dialect: &'static Dialect) -> (Self, FxHashSet<String>) {
        let mut taken: FxHashSet<String> = FxHashSet::default();
        taken.insert("start".to_owned());
        let mut rules = Vec::new();
        for id in grammar.rule_ids() {
            let name = if id == grammar.start() {
                "start".to_owned()
            } else {
                fresh(&rule(&grammar.rule(id).name, dialect), &mut taken)
            };
            rules.push(name);
        }
        let mut terminals = Vec::new();
        for known in grammar.terminals() {
            terminals.push(fresh(&terminal(&known.name, dialect), &mut taken));
        }
        (Self { rules, terminals }, taken)
    }

    pub(super) fn rule(&self, id: RuleId) -> &str {
        self.rules.get(id.index()).map_or("", String::as_str)
    }

    pub(super) fn terminal(&self, id: TerminalId) -> &str {
        self.terminals.get(id.index()).map_or("", String::as_str)
    }
}

pub(super) fn fresh(wanted: &str, taken: &mut FxHashSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut next = 2_u32;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{next}");
        next += 1;
    }
    name
}

fn rule(name: &str, dialect: &'static Dialect) -> String {
    let lower = name.to_lowercase();
    sanitised(&lower, dialect, "r", |c| c.is_ascii_lowercase())
}

fn terminal(name: &str, dialect: &'static Dialect) -> String {
    let upper = name.to_uppercase();
    sanitised(&upper, dialect, "T", |c| c.is_ascii_uppercase())
}

/// At most one leading `_`, then a letter, then letters, digits and `_`; `-` where the reader takes it.
fn sanitised(
    name: &str,
    dialect: &'static Dialect,
    lead: &str,
    is_letter: impl Fn(char) -> bool,
) -> String {
    let dash = takes(dialect, Feature::DashInName);
    let body = name.trim_start_matches('_');
    let mut out = String::new();
    for c in body.chars() {
        if is_letter(c) || c.is_ascii_digit() || c == '_' || (dash && c == '-') {
            out.push(c);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = if out.starts_with(&is_letter) {
        out
    } else {
        format!("{lead}{out}")
    };
    // `__ANON_0` is a made name; a single `_` is the author's.
    let hidden = name.starts_with('_') && !name.starts_with("__");
    if hidden { format!("_{out}") } else { out }
}
