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

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::bnf::ProdId;
use super::lexer::AcceptId;
use super::lr::{Action, StateId};
use super::run::{Run, Tables, Tops};
use super::stack::{Child, Derived, Edge, ForestId, NodeId, Stacks, Value};
use crate::error::Exceeded;
use crate::table::narrow;

/// The nodes that have been reached before one lexeme is shifted.
struct Level {
    nodes: SmallVec<[(StateId, NodeId); 8]>,
    /// The same by state, once there are many.
    by_state: FxHashMap<StateId, NodeId>,
    /// Edges made by reductions, to find them again.
    edges: FxHashMap<(NodeId, NodeId), Value>,
    /// Edges whose reductions are still to be done.
    work: std::collections::VecDeque<(NodeId, Edge)>,
}

impl Level {
    fn find(&self, state: StateId) -> Option<NodeId> {
        if self.nodes.len() <= 16 {
            return self
                .nodes
                .iter()
                .find(|(known, _)| *known == state)
                .map(|(_, node)| *node);
        }
        self.by_state.get(&state).copied()
    }

    fn add(&mut self, state: StateId, node: NodeId) {
        self.nodes.push((state, node));
        if self.nodes.len() == 17 {
            self.by_state = self.nodes.iter().copied().collect();
        } else if self.nodes.len() > 17 {
            self.by_state.insert(state, node);
        }
    }
}

/// A way down a stack, while it is being followed.
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
        let fork = *fork;
        let mut level = Level {
            nodes: SmallVec::new(),
            by_state: FxHashMap::default(),
            edges: FxHashMap::default(),
            work: std::collections::VecDeque::new(),
        };
        for &top in tops {
            level.add(self.stacks.nodes[top].state, top);
            level
                .work
                .extend(self.stacks.edges(top).map(|edge| (top, edge)));
            // The bottom of all stacks has no edge, and nothing to reduce.
        }
        while let Some((node, edge)) = level.work.pop_front() {
            self.reduce_edge(tables, accept, &mut level, node, edge)?;
        }
        let survivors = self.shift_all(tables, accept, &level)?;
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
            let len = spec.lr.bnf.prods[prod].len;
            let mut first = SmallVec::new();
            if self.record {
                first.push(Stacks::child(node, edge.value));
            }
            let mut paths = vec![Path {
                node: edge.to,
                left: len - 1,
                children: first,
            }];
            while let Some(path) = paths.pop() {
                self.steps += 1;
                if self.steps > spec.config.max_steps {
                    return Err(Exceeded::Steps(spec.config.max_steps));
                }
                if path.left == 0 {
                    self.reduce_path(tables, level, prod, path)?;
                    continue;
                }
                for below in self.stacks.edges(path.node) {
                    let mut children = path.children.clone();
                    if self.record {
                        children.push(Stacks::child(path.node, below.value));
                    }
                    paths.push(Path {
                        node: below.to,
                        left: path.left - 1,
                        children,
                    });
                }
            }
            if self.stacks.nodes.len() + self.stacks.links.len() > spec.config.max_items {
                return Err(Exceeded::Items(spec.config.max_items));
            }
        }
        Ok(())
    }

    /// A reduction down one way: the edge it makes.
    fn reduce_path(
        &mut self,
        tables: &mut Tables<'_>,
        level: &mut Level,
        prod: ProdId,
        mut path: Path,
    ) -> Result<(), Exceeded> {
        let Tables { spec, cache } = tables;
        let below = self.stacks.nodes[path.node].state;
        let lhs = spec.lr.bnf.prods[prod].lhs;
        let state = cache.lr.goto(&spec.lr, below, lhs)?;
        path.children.reverse();
        let Some(node) = level.find(state) else {
            let edge = self.derived_edge(path.node, None, prod, &path.children);
            let node = self.stacks.push_edge(state, edge);
            level.add(state, node);
            level.edges.insert((node, path.node), edge.value);
            level.work.push_back((node, edge));
            return Ok(());
        };
        if let Some(known) = level.edges.get(&(node, path.node)) {
            if let (true, Derived::Forest(id)) = (self.record, known.get()) {
                self.stacks.derive(Some(id), prod, &path.children);
            }
            return Ok(());
        }
        let edge = self.derived_edge(path.node, None, prod, &path.children);
        self.stacks.add_edge(node, edge);
        level.edges.insert((node, path.node), edge.value);
        level.work.push_back((node, edge));
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
