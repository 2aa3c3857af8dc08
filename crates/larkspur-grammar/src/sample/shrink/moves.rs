//! The changes that are tried at one node.

use std::collections::VecDeque;

use super::{Made, NO_NODE, Part, Shrinker, Undo};
use crate::sample::derivation::Pool;
use crate::sample::plan::{Class, Node};
use crate::sample::simple;

/// Bytes of a lexeme that is edited; a longer one is only replaced as a whole.
const MAX_EDITED: usize = 2_048;

/// Parts of an alternative from which another one is made, at most.
const MAX_BEGINNINGS: usize = 8;

/// One change of the node at hand.
#[derive(Clone, Debug)]
pub(super) enum Move {
    /// The cheapest derivation of what it is derived from.
    Least,
    /// What lies further down and is derived from the same.
    Hoist(usize),
    /// Another alternative, with parts of this one from a node on, or without any.
    Way { part: usize, from: Option<usize> },
    /// Some items of a repetition less.
    Drop { start: usize, length: usize },
    /// The first thing of a list taken from a later item, and the items up to it dropped; or the other way round.
    Shift {
        slot: usize,
        repeat: usize,
        item: usize,
    },
    /// Another text of a lexeme.
    Text(String),
    /// Some characters less.
    Cut { start: usize, length: usize },
    /// Another character.
    Character { at: usize, to: char },
    /// Other ignored text.
    Gap(String),
}

impl Shrinker {
    /// What is to be tried at a node, or, for [`NO_NODE`], at the patch.
    pub(super) fn moves_at(&self, id: usize) -> VecDeque<Move> {
        if id == NO_NODE {
            let text = self.patch.as_ref().map(|patch| patch.text.as_str());
            return edits(text.unwrap_or_default());
        }
        let Some(made) = self.tree.nodes.get(id) else {
            return VecDeque::new();
        };
        match (&made.part, self.sampler.plan.node(made.plan)) {
            (Part::Lexeme { gap, text }, Node::Lexeme(terminal)) => {
                self.lexeme_moves(*terminal, gap, text)
            }
            (Part::Inner(children), plan) => self.inner_moves(id, children, plan),
            (Part::Lexeme { .. }, _) => VecDeque::new(),
        }
    }

    fn lexeme_moves(&self, terminal: usize, gap: &str, text: &str) -> VecDeque<Move> {
        let mut moves = VecDeque::new();
        if let Some(simplest) = self.sampler.lexemes.simplest(terminal)
            && simplest != text
        {
            moves.push_back(Move::Text(simplest));
            moves.extend(edits(text));
        }
        if !gap.is_empty() {
            moves.push_back(Move::Gap(String::new()));
            moves.extend(self.sampler.simplest_gap().map(Move::Gap));
        }
        moves
    }

    fn inner_moves(&self, id: usize, children: &[usize], plan: &Node) -> VecDeque<Move> {
        // What holds for the use of a rule is tried at its body.
        if children.is_empty() || matches!(plan, Node::Rule(_)) {
            return VecDeque::new();
        }
        let mut moves = VecDeque::from([Move::Least]);
        moves.extend(self.hoists(id));
        match plan {
            Node::Alt { parts, .. } => {
                let mut others: Vec<usize> = parts.clone();
                others.sort_by_key(|part| self.sampler.plan.cost(*part));
                for part in others {
                    let from = self.beginnings(children).map(Some);
                    moves.extend(from.chain([None]).map(|from| Move::Way { part, from }));
                }
            }
            Node::Repeat { min, .. } => {
                let min = usize::try_from(*min).unwrap_or(usize::MAX);
                let drops = drops(children.len(), children.len().saturating_sub(min));
                moves.extend(drops.map(|(start, length)| Move::Drop { start, length }));
            }
            Node::Seq(_) => moves.extend(self.shifts(children)),
            _ => {}
        }
        moves
    }

    /// Where the parts of an alternative can begin that another one is made of: at each of its own.
    fn beginnings(&self, children: &[usize]) -> impl Iterator<Item = usize> {
        let one = children.iter().copied().take(1);
        let parts = children.first().map(|child| self.tree.children(*child));
        let later = parts.unwrap_or_default().iter().copied().skip(1);
        one.chain(later.take(MAX_BEGINNINGS))
    }

    /// The topmost nodes below that are derived from the same, small ones first.
    fn hoists(&self, id: usize) -> Vec<Move> {
        let plan = &self.sampler.plan;
        let own = plan.class(self.tree.plan(id));
        if !matches!(own, Class::Node(node) if plan.is_body(node)) {
            return Vec::new();
        }
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut skip = 0;
        for (at, (below, nodes, lexemes)) in self.tree.sizes(id).into_iter().enumerate().skip(1) {
            if at >= skip && plan.class(self.tree.plan(below)) == own {
                found.push((lexemes, below));
                skip = at + nodes;
            }
        }
        found.sort_by_key(|(lexemes, _)| *lexemes);
        found
            .into_iter()
            .map(|(_, below)| Move::Hoist(below))
            .collect()
    }

    /// For each pair of a part and a repetition beside it whose items hold such a part.
    fn shifts(&self, children: &[usize]) -> Vec<Move> {
        let mut moves = Vec::new();
        for (repeat, list) in children.iter().enumerate() {
            if !matches!(
                self.sampler.plan.node(self.tree.plan(*list)),
                Node::Repeat { .. }
            ) {
                continue;
            }
            let items = self.tree.children(*list);
            let Some(first) = items.first() else { continue };
            let near = [repeat.checked_sub(1), Some(repeat + 1)];
            for slot in near
                .into_iter()
                .flatten()
                .filter(|slot| *slot < children.len())
            {
                if children
                    .get(slot)
                    .and_then(|own| self.part_like(*first, *own))
                    .is_some()
                {
                    moves.extend((0..items.len()).rev().map(|item| Move::Shift {
                        slot,
                        repeat,
                        item,
                    }));
                }
            }
        }
        moves
    }

    /// The first part of an item that is derived from the same as `like`.
    fn part_like(&self, item: usize, like: usize) -> Option<usize> {
        let class = |id: usize| self.sampler.plan.class(self.tree.plan(id));
        let own = class(like);
        self.tree.walk(item).find(|part| class(*part) == own)
    }

    /// Makes the change, or says that there is none to make.
    pub(super) fn apply(&mut self, change: &Move) -> Option<Undo> {
        if self.node == NO_NODE {
            let patch = self.patch.as_mut()?;
            let text = edited(&patch.text, change)?;
            return Some(Undo::Patch(std::mem::replace(&mut patch.text, text)));
        }
        let length = self.tree.nodes.len();
        let made = self.changed_node(self.node, change);
        if let (Some(made), Some(slot)) = (made, self.tree.nodes.get_mut(self.node)) {
            return Some(Undo::Node {
                node: self.node,
                made: std::mem::replace(slot, made),
                length,
            });
        }
        self.tree.nodes.truncate(length);
        None
    }

    fn changed_node(&mut self, id: usize, change: &Move) -> Option<Made> {
        let own = self.tree.nodes.get(id)?.clone();
        let plan = own.plan;
        let part = match (own.part, change) {
            (Part::Inner(_), Move::Least) => return self.grown(id, plan, Pool::default()),
            (Part::Inner(_), Move::Hoist(below)) => return self.tree.nodes.get(*below).cloned(),
            (Part::Inner(_), Move::Way { part, from }) => {
                let pool = from.map(|from| self.tree.pool(&self.sampler.plan, id, from));
                let pool = pool.unwrap_or_default();
                Part::Inner(vec![self.grown_part(id, *part, pool)?])
            }
            (Part::Inner(mut children), Move::Drop { start, length }) => {
                children.drain(*start..(start + length).min(children.len()));
                Part::Inner(children)
            }
            (Part::Inner(children), Move::Shift { slot, repeat, item }) => {
                Part::Inner(self.shifted(children, *slot, *repeat, *item)?)
            }
            (Part::Lexeme { text, .. }, Move::Gap(gap)) => Part::Lexeme {
                gap: gap.clone(),
                text,
            },
            (Part::Lexeme { gap, text }, change) => Part::Lexeme {
                gap,
                text: edited(&text, change)?,
            },
            _ => return None,
        };
        Some(Made { plan, part })
    }

    /// A fresh derivation of a node of the plan, unless it costs more than what is there.
    fn grown_part(&mut self, id: usize, of: usize, mut pool: Pool) -> Option<usize> {
        let there = self.tree.walk(id).count();
        let cost = usize::try_from(self.sampler.plan.cost(of)).unwrap_or(usize::MAX);
        (cost <= there).then(|| self.tree.grow(&self.sampler, of, &mut pool))
    }

    fn grown(&mut self, id: usize, of: usize, pool: Pool) -> Option<Made> {
        let new = self.grown_part(id, of, pool)?;
        self.tree.nodes.get(new).cloned()
    }

    fn shifted(
        &mut self,
        mut children: Vec<usize>,
        slot: usize,
        repeat: usize,
        item: usize,
    ) -> Option<Vec<usize>> {
        let list = self.tree.nodes.get(*children.get(repeat)?)?.clone();
        let Part::Inner(mut items) = list.part else {
            return None;
        };
        let new = self.part_like(*items.get(item)?, *children.get(slot)?)?;
        if slot < repeat {
            items.drain(..=item);
        } else {
            items.truncate(item);
        }
        let Node::Repeat { min, .. } = self.sampler.plan.node(list.plan) else {
            return None;
        };
        if items.len() < usize::try_from(*min).unwrap_or(usize::MAX) {
            return None;
        }
        self.tree.nodes.push(Made {
            plan: list.plan,
            part: Part::Inner(items),
        });
        let fresh = self.tree.nodes.len() - 1;
        *children.get_mut(slot)? = new;
        *children.get_mut(repeat)? = fresh;
        Some(children)
    }
}

/// Stretches to leave out of `count` things of which `most` may go: all of them, halves, quarters, single ones.
fn drops(count: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let lengths = std::iter::successors(Some(most), |length| Some(length / 2));
    lengths
        .take_while(|length| *length > 0)
        .flat_map(move |length| {
            let starts = (0..count).step_by(length);
            starts.map(move |start| (start.min(count - length), length))
        })
}

/// Edits of a text: characters left out, characters made simpler.
fn edits(text: &str) -> VecDeque<Move> {
    let count = text.chars().count();
    if text.len() > MAX_EDITED || count == 0 {
        return VecDeque::new();
    }
    let mut moves: VecDeque<Move> = drops(count, count)
        .map(|(start, length)| Move::Cut { start, length })
        .collect();
    for (at, c) in text.chars().enumerate() {
        let simpler = simple::simpler(c).into_iter();
        moves.extend(simpler.map(|to| Move::Character { at, to }));
    }
    moves
}

fn edited(text: &str, change: &Move) -> Option<String> {
    let chars = text.chars().enumerate();
    match change {
        Move::Text(text) => Some(text.clone()),
        Move::Cut { start, length } => {
            let kept = chars.filter(|(at, _)| !(*start..start + length).contains(at));
            Some(kept.map(|(_, c)| c).collect())
        }
        Move::Character { at: place, to } => Some(
            chars
                .map(|(at, c)| if at == *place { *to } else { c })
                .collect(),
        ),
        _ => None,
    }
}
