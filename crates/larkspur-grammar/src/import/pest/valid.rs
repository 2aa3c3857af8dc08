//! What pest itself asks of a file: names that exist, repetitions that end, choices that can be reached, and no rule that
//! begins with itself (`pest_meta::validator`, version 2.9).
//!
//! pest's own passes follow every path from rule to rule by recursion: a long chain of rules overflows the stack, and rules
//! that each name two others take time exponential in their number. Here every question is answered once for each part of
//! each rule: "cannot fail" and "may take no text" are least fixpoints, solved as Horn clauses in linear time (Dowling and
//! Gallier, "Linear-time algorithms for testing the satisfiability of propositional Horn formulae", 1984), and left
//! recursion is a cycle among the rules that a rule may begin with.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::builtin;
use super::form::is_skip;
use super::read::{Node, Peg, PegRule};
use crate::components::components;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::suggest::closest;

/// Names that no rule may have.
const KEYWORDS: [&str; 10] = [
    "_", "ANY", "DROP", "EOI", "PEEK", "PEEK_ALL", "POP", "POP_ALL", "PUSH", "SOI",
];
/// Rules of a chain that a message names.
const MAX_CHAIN: usize = 6;
/// Unknown names for which the nearest known one is looked for.
const MAX_SUGGESTIONS: usize = 50;

pub(super) fn check(rules: &[PegRule]) -> Result<(), Vec<Diagnostic>> {
    let mut found = names(rules);
    if found.is_empty() {
        let parts = Parts::new(rules);
        let facts = Facts {
            sure: parts.holds(sure),
            blank: parts.holds(blank),
        };
        parts.endless(&facts, &mut found);
        parts.unreachable(&facts, &mut found);
        parts.left_recursion(&facts, &mut found);
    }
    found.sort_by_key(|finding| finding.span);
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Names that are pest's, given twice, or unknown.
fn names(rules: &[PegRule]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut known: FxHashMap<&str, Span> = FxHashMap::default();
    for rule in rules {
        let name = rule.name.as_str();
        if KEYWORDS.contains(&name) {
            let message = format!("`{name}` is a name of pest's own");
            let hint = "choose another name for the rule";
            found.push(Diagnostic::error("name", message).at(rule.span).hint(hint));
        } else if let Some(first) = known.get(name) {
            let message = format!("the rule `{name}` is defined twice");
            let finding = Diagnostic::error("duplicate-rule", message).at(rule.span);
            found.push(finding.related(*first, "first defined here"));
        } else {
            known.insert(name, rule.span);
        }
    }
    let names: FxHashSet<&str> = known.keys().copied().chain(builtin::names()).collect();
    let mut unknown = 0;
    for node in rules.iter().flat_map(|rule| rule.body.all()) {
        let Peg::Name(name) = &node.peg else { continue };
        if names.contains(name.as_str()) {
            continue;
        }
        unknown += 1;
        let near = (unknown <= MAX_SUGGESTIONS).then(|| nearest(name, rules));
        let message = format!("there is no rule `{name}`");
        let finding = Diagnostic::error("unknown-name", message).at(node.span);
        found.push(match near.flatten() {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding,
        });
    }
    found
}

fn nearest<'r>(name: &str, rules: &'r [PegRule]) -> Option<&'r str> {
    let own = rules.iter().map(|rule| rule.name.as_str());
    closest(name, own.chain(builtin::names()))
}

/// How many facts about the parts directly inside make a fact about the whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    One,
    All,
    Never,
}

/// Matches at every place of every text.
fn sure(peg: &Peg) -> Needs {
    match peg {
        Peg::Text(text) | Peg::Insensitive(text) if text.is_empty() => Needs::Nothing,
        Peg::Repeat(_, 0, _) => Needs::Nothing,
        Peg::Seq(_) => Needs::All,
        Peg::Name(_) | Peg::Choice(_) | Peg::Repeat(..) | Peg::Ahead(true, _) => Needs::One,
        _ => Needs::Never,
    }
}

/// May match without taking text.
fn blank(peg: &Peg) -> Needs {
    match peg {
        Peg::Text(text) | Peg::Insensitive(text) if text.is_empty() => Needs::Nothing,
        Peg::Name(name) if matches!(name.as_str(), "SOI" | "EOI") => Needs::Nothing,
        Peg::Repeat(_, 0, _) | Peg::Ahead(..) => Needs::Nothing,
        Peg::Seq(_) => Needs::All,
        Peg::Name(_) | Peg::Choice(_) | Peg::Repeat(..) => Needs::One,
        _ => Needs::Never,
    }
}

/// What is known of each part.
struct Facts {
    sure: Vec<bool>,
    blank: Vec<bool>,
}

/// A part of a rule.
struct Part<'r> {
    node: &'r Node,
    parent: Option<usize>,
    /// The parts directly inside.
    inner: Vec<usize>,
}

/// All parts of all rules; a rule's body comes before what is inside it.
struct Parts<'r> {
    rules: &'r [PegRule],
    all: Vec<Part<'r>>,
    /// By rule: its body.
    bodies: Vec<usize>,
    /// By part that is the name of a rule: the rule.
    named: FxHashMap<usize, usize>,
    /// By rule: where it is named.
    uses: Vec<Vec<usize>>,
    /// By part that is a body: the rule.
    rule_of: FxHashMap<usize, usize>,
}

impl<'r> Parts<'r> {
    fn new(rules: &'r [PegRule]) -> Self {
        let by_name: FxHashMap<&str, usize> = rules
            .iter()
            .enumerate()
            .map(|(at, rule)| (rule.name.as_str(), at))
            .collect();
        let mut parts = Self {
            rules,
            all: Vec::new(),
            bodies: Vec::new(),
            named: FxHashMap::default(),
            uses: vec![Vec::new(); rules.len()],
            rule_of: FxHashMap::default(),
        };
        for (at, rule) in rules.iter().enumerate() {
            parts.rule_of.insert(parts.all.len(), at);
            parts.bodies.push(parts.all.len());
            parts.add(&rule.body, &by_name);
        }
        parts
    }

    fn add(&mut self, body: &'r Node, by_name: &FxHashMap<&str, usize>) {
        let mut open = vec![(body, None)];
        while let Some((node, parent)) = open.pop() {
            let at = self.all.len();
            self.all.push(Part {
                node,
                parent,
                inner: Vec::new(),
            });
            if let Some(parent) = parent.and_then(|parent| self.all.get_mut(parent)) {
                parent.inner.push(at);
            }
            if let Peg::Name(name) = &node.peg
                && let Some(rule) = by_name.get(name.as_str())
            {
                self.named.insert(at, *rule);
                if let Some(uses) = self.uses.get_mut(*rule) {
                    uses.push(at);
                }
            }
            open.extend(node.children().iter().rev().map(|child| (child, Some(at))));
        }
    }

    /// By part: whether the least solution holds for it.
    fn holds(&self, needs: impl Fn(&Peg) -> Needs) -> Vec<bool> {
        let mut missing: Vec<Option<usize>> = Vec::with_capacity(self.all.len());
        let mut ready = Vec::new();
        for (at, part) in self.all.iter().enumerate() {
            missing.push(match needs(&part.node.peg) {
                Needs::Nothing => Some(0),
                Needs::One => Some(1),
                Needs::All => Some(part.inner.len()),
                Needs::Never => None,
            });
            ready.extend((missing.last() == Some(&Some(0))).then_some(at));
        }
        let mut holds = vec![false; self.all.len()];
        while let Some(at) = ready.pop() {
            match holds.get_mut(at) {
                Some(slot) if !*slot => *slot = true,
                _ => continue,
            }
            let parent = self.all.get(at).and_then(|part| part.parent);
            let uses = self.rule_of.get(&at).and_then(|rule| self.uses.get(*rule));
            for user in parent
                .into_iter()
                .chain(uses.into_iter().flatten().copied())
            {
                let Some(Some(count @ 1..)) = missing.get_mut(user) else {
                    continue;
                };
                *count -= 1;
                ready.extend((*count == 0).then_some(user));
            }
        }
        holds
    }

    /// Repetitions, and pest's implicit ones of blanks and comments, that go on for ever.
    fn endless(&self, facts: &Facts, found: &mut Vec<Diagnostic>) {
        let fault = |at: usize| {
            let held = |facts: &[bool]| facts.get(at) == Some(&true);
            match (held(&facts.sure), held(&facts.blank)) {
                (true, _) => Some("cannot fail"),
                (_, true) => Some("may take no text"),
                _ => None,
            }
        };
        for part in &self.all {
            if let (Peg::Repeat(_, _, None), [inner]) = (&part.node.peg, part.inner.as_slice())
                && let Some(why) = fault(*inner)
            {
                let message = format!("what is repeated {why}, so the repetition never ends");
                found.push(
                    Diagnostic::error("endless-repetition", message)
                        .at(part.node.span)
                        .hint("let every round take at least one character"),
                );
            }
        }
        for (rule, body) in self.rules.iter().zip(&self.bodies) {
            if is_skip(&rule.name)
                && let Some(why) = fault(*body)
            {
                let name = &rule.name;
                let message = format!("`{name}` {why}, and pest repeats it between all parts");
                found.push(
                    Diagnostic::error("endless-repetition", message)
                        .at(rule.span)
                        .hint("let it take at least one character"),
                );
            }
        }
    }

    /// Alternatives behind one that cannot fail.
    fn unreachable(&self, facts: &Facts, found: &mut Vec<Diagnostic>) {
        for part in &self.all {
            let (Peg::Choice(_), Some((_, before))) = (&part.node.peg, part.inner.split_last())
            else {
                continue;
            };
            for at in before {
                if facts.sure.get(*at) == Some(&true)
                    && let Some(part) = self.all.get(*at)
                {
                    let message = "this cannot fail: the alternatives behind it are never tried";
                    found.push(
                        Diagnostic::error("unreachable-alternative", message)
                            .at(part.node.span)
                            .hint("put it last"),
                    );
                }
            }
        }
    }

    fn left_recursion(&self, facts: &Facts, found: &mut Vec<Diagnostic>) {
        let starts: Vec<Vec<(usize, usize)>> =
            (self.bodies.iter().map(|body| self.starts(*body, facts))).collect();
        let edges: Vec<Vec<usize>> = starts
            .iter()
            .map(|starts| starts.iter().map(|(rule, _)| *rule).collect())
            .collect();
        for group in components(&edges) {
            let Some(first) = group.first().copied() else {
                continue;
            };
            let Some(chain) = cycle(first, &group, &edges) else {
                continue;
            };
            let second = chain.get(1).copied().unwrap_or(first);
            let place = starts.get(first).into_iter().flatten();
            let place = place
                .filter(|(rule, _)| *rule == second)
                .map(|(_, at)| *at)
                .next();
            found.push(self.recursive(&chain, place));
        }
    }

    fn recursive(&self, chain: &[usize], place: Option<usize>) -> Diagnostic {
        let name = |rule: &usize| self.rules.get(*rule).map_or("", |rule| rule.name.as_str());
        let of = chain.first().map_or("", name);
        let mut names: Vec<&str> = chain.iter().map(name).collect();
        if names.len() > MAX_CHAIN {
            names.splice(MAX_CHAIN - 1..names.len() - 1, ["…"]);
        }
        let way = names.join(" → ");
        let message =
            format!("the rule `{of}` begins with itself ({way}), which pest follows for ever");
        let span = place
            .and_then(|at| self.all.get(at))
            .map(|part| part.node.span);
        Diagnostic::error("left-recursion", message)
            .at(span.unwrap_or_default())
            .hint("write what comes first, and the rest as a repetition: `first ~ (operator ~ first)*`")
    }

    /// The rules that a body may begin with, each with a place where it is named.
    fn starts(&self, body: usize, facts: &Facts) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut open = vec![body];
        while let Some(at) = open.pop() {
            let Some(part) = self.all.get(at) else {
                continue;
            };
            found.extend(self.named.get(&at).map(|rule| (*rule, at)));
            let mut begin = part.inner.len();
            if matches!(part.node.peg, Peg::Seq(_)) {
                let run = |facts: &[bool]| {
                    let passes = |at: &&usize| facts.get(**at) == Some(&true);
                    part.inner.iter().take_while(passes).count()
                };
                begin = run(&facts.sure).max(run(&facts.blank)) + 1;
            }
            open.extend(part.inner.iter().take(begin).rev());
        }
        found
    }
}

/// The shortest way from a rule back to itself within its group, both ends named; `None` if there is none.
fn cycle(first: usize, group: &[usize], edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut from: FxHashMap<usize, usize> = FxHashMap::default();
    let mut open = VecDeque::from([first]);
    while let Some(rule) = open.pop_front() {
        for next in edges.get(rule).into_iter().flatten() {
            if *next == first {
                let mut chain = vec![first, rule];
                while let Some(before) = chain.last().and_then(|last| from.get(last)) {
                    chain.push(*before);
                }
                chain.reverse();
                return Some(chain);
            }
            if group.binary_search(next).is_ok() && !from.contains_key(next) {
                from.insert(*next, rule);
                open.push_back(*next);
            }
        }
    }
    None
}
