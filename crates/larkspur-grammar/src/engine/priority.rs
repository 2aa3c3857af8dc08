//! Which of several derivations Lark prefers: the one whose rules have the highest priorities in sum.
//!
//! As in Lark's own `ForestSumVisitor`; what was derived while there was one stack has no choice in it and counts nothing.

use rustc_hash::FxHashMap;

use super::Spec;
use super::stack::{Child, Choice, ChoiceId, ForestId, Stacks};
use crate::grammar::{Grammar, Semantics};
use crate::table::Id as _;

/// Whether some derivations are better than others.
pub(super) fn has_priorities(grammar: &Grammar) -> bool {
    let any = grammar.rules().iter().any(|rule| rule.priority != 0);
    grammar.semantics() == Semantics::Lark && any
}

/// The preferred derivations of the packed nodes that have been asked for.
pub(super) struct Preference<'r> {
    spec: &'r Spec,
    stacks: &'r Stacks,
    best: FxHashMap<ForestId, (i64, ChoiceId)>,
}

impl<'r> Preference<'r> {
    /// `None` where all are equal: then the first one found is taken.
    pub(super) fn new(spec: &'r Spec, stacks: &'r Stacks) -> Option<Self> {
        spec.has_priorities.then(|| Self {
            spec,
            stacks,
            best: FxHashMap::default(),
        })
    }

    /// The derivation to take.
    pub(super) fn choose(&mut self, id: ForestId) -> ChoiceId {
        let mut work = vec![id];
        while let Some(&top) = work.last() {
            if self.best.get(&top).is_some_and(|(sum, _)| *sum != OPEN) {
                work.pop();
                continue;
            }
            let first = self.stacks.forest[top];
            if self.best.insert(top, (OPEN, first)).is_none() {
                // The first visit: what is below comes first. What is open already is a cycle and counts nothing.
                let below = self.choices(top).flat_map(|(_, choice)| self.below(choice));
                let below: Vec<ForestId> = below.filter(|id| !self.best.contains_key(id)).collect();
                work.extend(below);
                continue;
            }
            let mut best = (i64::MIN, first);
            for (at, choice) in self.choices(top) {
                let sum = self.sum(choice);
                if sum > best.0 {
                    best = (sum, at);
                }
            }
            self.best.insert(top, best);
            work.pop();
        }
        self.best
            .get(&id)
            .map_or(self.stacks.forest[id], |(_, choice)| *choice)
    }

    fn choices(&self, id: ForestId) -> impl Iterator<Item = (ChoiceId, Choice)> + use<'r> {
        let stacks = self.stacks;
        let mut next = Some(stacks.forest[id]);
        std::iter::from_fn(move || {
            let at = next?;
            let choice = stacks.choices[at];
            next = choice.next;
            Some((at, choice))
        })
    }

    fn below(&self, choice: Choice) -> impl Iterator<Item = ForestId> + use<'r> {
        let len = self.spec.lr.bnf.prods[choice.prod].len as usize;
        let children = self.stacks.children_of(choice, len);
        children.iter().filter_map(|child| match child {
            Child::Forest(id) => Some(*id),
            Child::Lexeme(_) | Child::Log(..) => None,
        })
    }

    fn sum(&self, choice: Choice) -> i64 {
        let lhs = self.spec.lr.bnf.prods[choice.prod].lhs;
        let own = self.spec.grammar.rules().get(lhs.index());
        let below: i64 = self
            .below(choice)
            .filter_map(|id| self.best.get(&id))
            .map(|(sum, _)| if *sum == OPEN { 0 } else { *sum })
            .fold(0, i64::saturating_add);
        below.saturating_add(own.map_or(0, |rule| i64::from(rule.priority)))
    }
}

/// The sum of a node that is being worked on.
const OPEN: i64 = i64::MIN;
