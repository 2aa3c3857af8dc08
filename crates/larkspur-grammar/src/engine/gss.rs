//! Several stacks at once: the generalised parser for what is not LR(1).
//!
//! This is Tomita's algorithm with Rekers' packed forest, on the lazy canonical automaton. Because no production is empty
//! (see [`epsilon`](super::epsilon)), an edge always leads to a node made before the current lexeme, so that
//! - a reduction has at most its first edge among those of the current lexeme, and a new edge of a node that has been worked
//!   on already needs only the reductions that begin with that edge;
//! - a cycle `A → B → A` finds its edge in place and ends;
//! - what is packed into one edge are exactly the derivations of one symbol between two places in one context.
//!
//! The time is polynomial in the text for a fixed grammar (its degree is the longest production), linear where the
//! stacks stay few, and bounded by `Config::max_steps` in any case.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::bnf::ProdId;
use super::lexer::AcceptId;
use super::lr::{Action, StateId};
use super::run::{Run, Tables, Tops};
use super::stack::{Child, Derived, Edge, ForestId, NodeId, Value};
use crate::error::Exceeded;
use crate::table::narrow;

/// The nodes that have been reached before one lexeme is shifted. Kept from lexeme to lexeme for its memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Level {
    nodes: Vec<(StateId, NodeId)>,
    /// The same by state, once there are many.
    by_state: FxHashMap<StateId, NodeId>,
    /// Edges made by reductions, to find them again.
    edges: Vec<(NodeId, NodeId, Value)>,
    /// The same by their ends, once there are many.
    by_ends: FxHashMap<(NodeId, NodeId), Value>,
    /// Edges whose reductions are still to be done.
    work: VecDeque<(NodeId, Edge)>,
    /// Ways down that are still to be followed.
    paths: Vec<Path>,
}

/// Up to so many entries are looked through one by one.
const FEW: usize = 16;

impl Level {
    fn clear(&mut self) {
        self.nodes.clear();
        self.by_state.clear();
        self.edges.clear();
        self.by_ends.clear();
        self.work.clear();
        self.paths.clear();
    }

    fn find(&self, state: StateId) -> Option<NodeId> {
        if self.nodes.len() <= FEW {
            let found = self.nodes.iter().find(|(known, _)| *known == state);
            return found.map(|(_, node)| *node);
        }
        self.by_state.get(&state).copied()
    }

    fn add(&mut self, state: StateId, node: NodeId) {
        self.nodes.push((state, node));
        if self.nodes.len() == FEW + 1 {
            self.by_state.extend(self.nodes.iter().copied());
        } else if self.nodes.len() > FEW {
            self.by_state.insert(state, node);
        }
    }

    fn find_edge(&self, from: NodeId, to: NodeId) -> Option<Value> {
        if self.edges.len() <= FEW {
            let found = self
                .edges
                .iter()
                .find(|edge| (edge.0, edge.1) == (from, to));
            return found.map(|(_, _, value)| *value);
        }
        self.by_ends.get(&(from, to)).copied()
    }

    fn add_edge(&mut self, from: NodeId, edge: Edge) {
        self.edges.push((from, edge.to, edge.value));
        if self.edges.len() == FEW + 1 {
            let all = self
                .edges
                .iter()
                .map(|(from, to, value)| ((*from, *to), *value));
            self.by_ends.extend(all);
        } else if self.edges.len() > FEW {
            self.by_ends.insert((from, edge.to), edge.value);
        }
        self.work.push_back((from, edge));
    }
}

/// A way down a stack, while it is being followed.
#[derive(Clone, Debug)]
struct Path {
    node: NodeId,
    left: u32,
    children: SmallVec<[Child; 8]>,
}

impl Run {
    /// Moves all stacks over a lexeme. Whether one survives.
    pub(crate) fn parse_many(
        &mut self,
        tables: &mut Tables<'_>,
        accept: AcceptId,
    ) -> Result<bool, Exceeded> {
        let Tops::Many { tops, fork } = &self.tops else {
            return Ok(false);
        };
        let (tops, fork) = (tops.clone(), *fork);
        let survivors = self.move_over(tables, &tops, accept)?;
        if survivors.is_empty() {
            return Ok(false);
        }
        self.tops = Tops::Many {
            tops: survivors,
            fork,
        };
        self.join();
        Ok(true)
    }

    /// Moves stacks over a lexeme: the tops of those that survive.
    pub(crate) fn move_over(
        &mut self,
        tables: &mut Tables<'_>,
        tops: &[NodeId],
        accept: AcceptId,
    ) -> Result<SmallVec<[NodeId; 4]>, Exceeded> {
        let mut level = std::mem::take(&mut self.level);
        level.clear();
        for &top in tops {
            level.add(self.stacks.nodes[top].state, top);
            // The bottom of all stacks has an edge to itself, but nothing to reduce.
            let edges = self.stacks.edges(top).map(|edge| (top, edge));
            level.work.extend(edges);
        }
        while let Some((node, edge)) = level.work.pop_front() {
            self.reduce_edge(tables, accept, &mut level, node, edge)?;
        }
        let survivors = self.shift_all(tables, accept, &level)?;
        self.level = level;
        Ok(survivors)
    }

    /// All reductions of `node` that begin with `edge`.
    fn reduce_edge(
        &mut self,
        tables: &mut Tables<'_>,
        accept: AcceptId,
        level: &mut Level,
        node: NodeId,
        edge: Edge,
    ) -> Result<(), Exceeded> {
        let state = self.stacks.nodes[node].state;
        let spec = tables.spec;
        let cache = &mut *tables.cache;
        let reduces: SmallVec<[ProdId; 4]> =
            match cache.lr.action(&spec.lr, state, accept, &cache.lexer)? {
                Action::Reduce(prod) => SmallVec::from_slice(&[prod]),
                Action::Conflict(id) => cache.lr.conflict(id).reduces.iter().copied().collect(),
                Action::Shift(_) | Action::Accept | Action::Error => return Ok(()),
            };
        for prod in reduces {
            let mut children = SmallVec::new();
            if self.record {
                children.push(self.stacks.child(node, edge.value));
            }
            level.paths.push(Path {
                node: edge.to,
                left: spec.lr.bnf.prods[prod].len - 1,
                children,
            });
            while let Some(path) = level.paths.pop() {
                let path = self.follow(path, level);
                self.steps += 1;
                if self.steps > spec.config.max_steps {
                    return Err(Exceeded::Steps(spec.config.max_steps));
                }
                self.reduce_path(tables, level, (prod, accept), path)?;
            }
            if self.stacks.nodes.len() + self.stacks.links.len() > spec.config.max_items {
                return Err(Exceeded::Items(spec.config.max_items));
            }
        }
        Ok(())
    }

    /// Follows a way down to its end; where it parts, the other ways are noted.
    fn follow(&self, mut path: Path, level: &mut Level) -> Path {
        while path.left > 0 {
            path.left -= 1;
            let mut edges = self.stacks.edges(path.node);
            let Some(first) = edges.next() else {
                break;
            };
            for other in edges {
                let mut children = path.children.clone();
                if self.record {
                    children.push(self.stacks.child(path.node, other.value));
                }
                level.paths.push(Path {
                    node: other.to,
                    left: path.left,
                    children,
                });
            }
            if self.record {
                path.children
                    .push(self.stacks.child(path.node, first.value));
            }
            path.node = first.to;
        }
        path
    }

    /// A reduction down one way: the edge it makes.
    fn reduce_path(
        &mut self,
        tables: &mut Tables<'_>,
        level: &mut Level,
        (prod, accept): (ProdId, AcceptId),
        mut path: Path,
    ) -> Result<(), Exceeded> {
        let Tables { spec, cache } = tables;
        let below = self.stacks.nodes[path.node].state;
        let lhs = spec.lr.bnf.prods[prod].lhs;
        let mut state = cache.lr.goto(&spec.lr, below, lhs)?;
        if !spec.has_priorities {
            // What is passed over does nothing else, so none of the stacks needs a node for it.
            let lexer = &cache.lexer;
            let from = (below, state);
            (state, _) = cache
                .lr
                .settle(&spec.lr, from, accept, lexer, self.record)?;
        }
        path.children.reverse();
        let node = level.find(state);
        if let Some(node) = node
            && let Some(known) = level.find_edge(node, path.node)
        {
            if let (true, Derived::Forest(id)) = (self.record, known.get()) {
                self.stacks.derive(Some(id), prod, &path.children);
            }
            return Ok(());
        }
        let edge = self.derived_edge(path.node, None, prod, &path.children);
        let node = if let Some(node) = node {
            self.stacks.add_edge(node, edge);
            node
        } else {
            let node = self.stacks.push_edge(state, edge);
            level.add(state, node);
            node
        };
        level.add_edge(node, edge);
        Ok(())
    }

    fn derived_edge(
        &mut self,
        to: NodeId,
        known: Option<ForestId>,
        prod: ProdId,
        children: &[Child],
    ) -> Edge {
        let value = if self.record {
            Value::forest(self.stacks.derive(known, prod, children))
        } else {
            Value::forest(ForestId(0))
        };
        Edge { to, value }
    }

    /// Shifts the lexeme wherever it can be shifted. At the end of the text: the nodes that accept.
    fn shift_all(
        &mut self,
        tables: &mut Tables<'_>,
        accept: AcceptId,
        level: &Level,
    ) -> Result<SmallVec<[NodeId; 4]>, Exceeded> {
        let Tables { spec, cache } = tables;
        let mut survivors: SmallVec<[NodeId; 4]> = SmallVec::new();
        let value = Value::lexeme(narrow(self.stacks.lexemes.len()));
        for &(state, node) in &level.nodes {
            let action = cache.lr.action(&spec.lr, state, accept, &cache.lexer)?;
            let next = match action {
                Action::Shift(next) => Some(next),
                Action::Conflict(id) => {
                    let conflict = cache.lr.conflict(id);
                    if conflict.accept {
                        survivors.push(node);
                    }
                    conflict.shift
                }
                Action::Accept => {
                    survivors.push(node);
                    None
                }
                Action::Reduce(_) | Action::Error => None,
            };
            let Some(next) = next else {
                continue;
            };
            let edge = Edge { to: node, value };
            match survivors
                .iter()
                .find(|known| self.stacks.nodes[**known].state == next)
            {
                Some(&known) => self.stacks.add_edge(known, edge),
                None => survivors.push(self.stacks.push_edge(next, edge)),
            }
        }
        Ok(survivors)
    }
}
