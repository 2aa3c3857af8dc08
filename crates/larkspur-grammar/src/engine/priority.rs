//! Which of several derivations Lark prefers: the one whose rules have the highest priorities in sum, and of equal ones the one
//! whose alternative comes first in its rule.
//!
//! As in Lark's own `ForestSumVisitor` and `PackedNode.sort_key` (Lark 1.3, `lark/parsers/earley_forest.py`); what was derived while there was one stack has no choice in it and counts nothing.

use std::cmp::Reverse;

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
///
/// A derivation may lead back to its own node (`a: a | "x"`). Only those are taken whose nodes have been decided before, so that
/// what is taken is a tree.
pub(super) struct Preference<'r> {
    spec: &'r Spec,
    stacks: &'r Stacks,
    nodes: FxHashMap<ForestId, Node>,
    /// Nodes that could not be decided because all their derivations lead to nodes that are open.
    undecided: Vec<ForestId>,
}

/// What is known of a packed node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    /// What is below comes first.
    Open,
    Undecided,
    /// The sum of the priorities, and the derivation that has it.
    Best(i64, ChoiceId),
}

impl<'r> Preference<'r> {
    /// `None` under other semantics than Lark's: then the first one found is taken.
    pub(super) fn new(spec: &'r Spec, stacks: &'r Stacks) -> Option<Self> {
        spec.is_dynamic().then(|| Self {
            spec,
            stacks,
            nodes: FxHashMap::default(),
            undecided: Vec::new(),
        })
    }

    /// The derivation to take.
    pub(super) fn choose(&mut self, id: ForestId) -> ChoiceId {
        let mut work = vec![id];
        while let Some(&top) = work.last() {
            match self.nodes.get(&top) {
                None => {
                    self.nodes.insert(top, Node::Open);
                    let below = self.choices(top).flat_map(|(_, choice)| self.below(choice));
                    let below = below.filter(|id| !self.nodes.contains_key(id));
                    work.extend(below.collect::<Vec<_>>());
                }
                Some(Node::Open) => {
                    self.decide(top);
                    work.pop();
                }
                Some(_) => {
                    work.pop();
                }
            }
        }
        match self.nodes.get(&id) {
            Some(Node::Best(_, choice)) => *choice,
            _ => self.stacks.forest[id],
        }
    }

    /// Takes the best derivation of a node below which all is decided that can be.
    fn decide(&mut self, id: ForestId) {
        // Alternatives are numbered as they stand in their rule.
        let choices = self.choices(id);
        let known =
            choices.filter_map(|(at, choice)| Some((Reverse(self.sum(choice)?), choice.prod, at)));
        let Some((sum, _, at)) = known.min_by_key(|(sum, prod, _)| (*sum, *prod)) else {
            self.nodes.insert(id, Node::Undecided);
            self.undecided.push(id);
            return;
        };
        self.nodes.insert(id, Node::Best(sum.0, at));
        // Those that waited for this one can be asked again.
        for waiting in self.undecided.drain(..) {
            self.nodes.remove(&waiting);
        }
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

    /// The sum of the priorities in a derivation; `None` where something below is not decided.
    fn sum(&self, choice: Choice) -> Option<i64> {
        let lhs = self.spec.lr.bnf.prods[choice.prod].lhs;
        let own = self.spec.grammar.rules().get(lhs.index());
        let mut sum = own.map_or(0, |rule| i64::from(rule.priority));
        for id in self.below(choice) {
            let Some(Node::Best(below, _)) = self.nodes.get(&id) else {
                return None;
            };
            sum = sum.saturating_add(*below);
        }
        Some(sum)
    }
}
