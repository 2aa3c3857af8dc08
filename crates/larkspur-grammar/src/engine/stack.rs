//! The parser's stacks and what they have recorded of the derivation.
//!
//! Stacks are linked nodes in one arena, so that a snapshot is a few lengths, stacks share what they have in common, and
//! nothing is ever copied (the graph-structured stack of Tomita, "Efficient Parsing for Natural Language", 1986). While there
//! is one stack, what is popped is written over, so that the arena is as large as the stack is high; but a node below the
//! *floor*, which a snapshot may go back to, is never changed once the lexeme after it has been read.
//!
//! While there is one stack, the derivation is recorded as a *log*: the lexemes and reductions in the order in which they
//! happen, which is the tree in postorder, four bytes each. Where there is never more than one, the tree is made at once, and
//! the log has the reductions of one lexeme only. While there are several, it is recorded in a *forest* of packed
//! nodes (Rekers, "Parser Generation for Interactive Environments", 1992), and when they have become one again, the log goes
//! on with a reference to it ([`Entry::Forest`]).

mod record;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::engine::bnf::ProdId;
use crate::engine::lr::StateId;
use crate::table::{Id as _, Table, id_type};
pub(crate) use record::{Child, Choice, Derived, Entry, Lexeme, LogEntry, Value};

id_type! {
    /// A node of the stacks.
    NodeId
}
id_type! {
    /// A further edge of a node.
    LinkId
}
id_type! {
    /// A node of the forest.
    ForestId
}
id_type! {
    /// One of the derivations of a node of the forest.
    ChoiceId
}

/// The top of a stack: a state, and an edge to the rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) state: StateId,
    /// The node below, or [`MANY`] and the first of several edges, and [`TAINTED`] where there is such a node further down.
    prev: u32,
    /// What was derived between the node below and this one: a [`Value`].
    pub(crate) value: Value,
}

const MANY: u32 = 1 << 31;
const TAINTED: u32 = 1 << 30;

/// An edge of a node that has several.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) edge: Edge,
    next: Option<LinkId>,
}

/// Where an edge leads, and what it derives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) to: NodeId,
    pub(crate) value: Value,
}

/// The arenas. See the [module](self).
#[derive(Clone, Debug, Default)]
pub(crate) struct Stacks {
    pub(crate) nodes: Table<NodeId, Node>,
    pub(crate) links: Table<LinkId, Link>,
    pub(crate) log: Vec<LogEntry>,
    pub(crate) lexemes: Vec<Lexeme>,
    /// The first choice of each packed node.
    pub(crate) forest: Table<ForestId, ChoiceId>,
    pub(crate) choices: Table<ChoiceId, Choice>,
    pub(crate) children: Vec<Child>,
    /// How many nodes, from the first on, may be gone back to.
    floor: usize,
    /// From this node to the top of a single stack, each lies right behind the one below it.
    segment: usize,
}

/// The lengths of the arenas at some time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lengths {
    nodes: usize,
    links: usize,
    log: usize,
    lexemes: usize,
    forest: usize,
    choices: usize,
    children: usize,
    floor: usize,
    segment: usize,
}

impl Stacks {
    pub(crate) fn lengths(&self) -> Lengths {
        Lengths {
            nodes: self.nodes.len(),
            links: self.links.len(),
            log: self.log.len(),
            lexemes: self.lexemes.len(),
            forest: self.forest.len(),
            choices: self.choices.len(),
            children: self.children.len(),
            floor: self.floor,
            segment: self.segment,
        }
    }

    /// Keeps all nodes as they are, so that they can be gone back to.
    pub(crate) fn pin(&mut self) {
        self.floor = self.nodes.len();
    }

    /// Takes a [`pin`](Self::pin) back that was set at some time.
    pub(crate) fn unpin(&mut self, to: &Lengths) {
        self.floor = to.floor;
    }

    pub(crate) fn cut(&mut self, to: &Lengths) {
        self.nodes.truncate(to.nodes);
        self.links.truncate(to.links);
        self.log.truncate(to.log);
        self.lexemes.truncate(to.lexemes);
        self.forest.truncate(to.forest);
        self.choices.truncate(to.choices);
        self.children.truncate(to.children);
        self.floor = to.nodes;
        self.segment = to.segment;
    }

    /// What has been recorded of the last lexeme, where it is forgotten after each.
    #[inline]
    pub(crate) fn recorded(&self) -> &[LogEntry] {
        self.log.get(1..).unwrap_or_default()
    }

    /// Forgets what has been recorded.
    #[inline]
    pub(crate) fn forget(&mut self) {
        self.log.truncate(1);
    }

    /// Whether nothing has been recorded: the sentence is the empty one.
    pub(crate) fn is_empty_sentence(&self) -> bool {
        self.log.len() <= 1
    }

    /// Bytes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.nodes.heap_bytes()
            + self.links.heap_bytes()
            + self.log.capacity() * size_of::<LogEntry>()
            + self.lexemes.capacity() * size_of::<Lexeme>()
            + self.forest.heap_bytes()
            + self.choices.heap_bytes()
            + self.children.capacity() * size_of::<Child>()
    }

    /// Forgets everything and puts the bottom of a stack.
    pub(crate) fn restart(&mut self, state: StateId) -> NodeId {
        self.nodes.truncate(0);
        self.links.truncate(0);
        self.log.clear();
        self.lexemes.clear();
        self.forest.truncate(0);
        self.choices.truncate(0);
        self.children.clear();
        self.floor = 0;
        self.segment = 0;
        // What lies below the bottom has entry 0 of the log, so that the first value starts at 1.
        self.log.push(LogEntry::drop_last(0));
        self.nodes.push(Node {
            state,
            prev: 0,
            value: Value::log(0),
        })
    }

    /// Puts a node on a node that is the top of a single stack.
    #[inline]
    pub(crate) fn push(&mut self, state: StateId, below: NodeId, value: Value) -> NodeId {
        self.nodes.push(Node {
            state,
            prev: below.0,
            value,
        })
    }

    /// The node below one of a single stack.
    #[inline]
    pub(crate) fn below(&self, node: NodeId) -> NodeId {
        NodeId(self.nodes[node].prev & !TAINTED)
    }

    /// The node so many below the top of the single stack, if all between lie in one piece.
    #[inline]
    pub(crate) fn down_in_one_piece(&self, top: NodeId, count: u32) -> Option<NodeId> {
        (self.segment + count as usize <= top.index()).then_some(NodeId(top.0.wrapping_sub(count)))
    }

    /// The node so many below the top of the single stack.
    pub(crate) fn down(&self, top: NodeId, count: u32) -> NodeId {
        if let Some(node) = self.down_in_one_piece(top, count) {
            return node;
        }
        let mut node = top;
        for _ in 0..count {
            node = self.below(node);
        }
        node
    }

    /// How many nodes lie above `base`, which is a node of this single stack.
    pub(crate) fn height(&self, top: NodeId, base: NodeId) -> u32 {
        let mut count = 0;
        let mut node = top;
        while node != base {
            count += 1;
            node = self.below(node);
        }
        count
    }

    /// Whether [`cut_above`](Self::cut_above) leaves the stack in one piece.
    #[inline]
    pub(crate) fn may_cut_above(&self, top: NodeId) -> bool {
        top.index() + 1 >= self.floor
    }

    /// Makes room behind a node that is to be the top of the single stack.
    #[inline]
    pub(crate) fn cut_above(&mut self, top: NodeId) {
        if self.may_cut_above(top) {
            self.nodes.truncate(top.index() + 1);
            self.segment = self.segment.min(top.index());
        } else {
            self.segment = self.nodes.len();
        }
    }

    /// Puts a node on one that may have several stacks below it.
    pub(crate) fn push_edge(&mut self, state: StateId, edge: Edge) -> NodeId {
        let tainted = if self.is_single(edge.to) { 0 } else { TAINTED };
        self.nodes.push(Node {
            state,
            prev: edge.to.0 | tainted,
            value: edge.value,
        })
    }

    /// Whether there is exactly one stack with this top.
    pub(crate) fn is_single(&self, node: NodeId) -> bool {
        self.nodes[node].prev & (MANY | TAINTED) == 0
    }

    /// Adds an edge to a node of the lexeme being worked on.
    pub(crate) fn add_edge(&mut self, node: NodeId, edge: Edge) {
        let Node { prev, value, .. } = self.nodes[node];
        let rest = if prev & MANY == 0 {
            Some(self.links.push(Link {
                edge: Edge {
                    to: NodeId(prev & !TAINTED),
                    value,
                },
                next: None,
            }))
        } else {
            Some(LinkId(prev & !MANY))
        };
        let first = self.links.push(Link { edge, next: rest });
        self.nodes[node].prev = first.0 | MANY;
    }

    /// The edges of a node; the ones added later come first.
    pub(crate) fn edges(&self, node: NodeId) -> Edges<'_> {
        let Node { prev, value, .. } = self.nodes[node];
        if prev & MANY == 0 {
            Edges {
                stacks: self,
                one: Some(Edge {
                    to: NodeId(prev & !TAINTED),
                    value,
                }),
                next: None,
            }
        } else {
            Edges {
                stacks: self,
                one: None,
                next: Some(LinkId(prev & !MANY)),
            }
        }
    }

    /// The value of an edge from a node as a child.
    pub(crate) fn child(&self, node: NodeId, value: Value) -> Child {
        match value.get() {
            Derived::Log(last) => {
                let below = self.nodes[self.below(node)].value.get();
                let Derived::Log(before) = below else {
                    return Child::Log(0, 0);
                };
                Child::Log(before + 1, last + 1)
            }
            Derived::Lexeme(number) => Child::Lexeme(number),
            Derived::Forest(id) => Child::Forest(id),
        }
    }

    /// Adds a derivation: to `known`, or as a new packed node.
    pub(crate) fn derive(
        &mut self,
        known: Option<ForestId>,
        prod: ProdId,
        children: &[Child],
    ) -> ForestId {
        let start = crate::table::narrow(self.children.len());
        if let Some(id) = known {
            let mut at = self.forest[id];
            loop {
                let choice = self.choices[at];
                if choice.prod == prod && self.children_of(choice, children.len()) == children {
                    return id;
                }
                match choice.next {
                    Some(next) => at = next,
                    None => break,
                }
            }
            self.children.extend_from_slice(children);
            let new = self.choices.push(Choice {
                prod,
                children: start,
                next: None,
            });
            self.choices[at].next = Some(new);
            return id;
        }
        self.children.extend_from_slice(children);
        let choice = self.choices.push(Choice {
            prod,
            children: start,
            next: None,
        });
        self.forest.push(choice)
    }

    /// A copy of what can be reached from some tops, without what was recorded, and the tops in it; and which is the first
    /// node of the copy that was `first` or a later one.
    pub(crate) fn reachable(
        &self,
        tops: &[NodeId],
        first: NodeId,
    ) -> (Self, SmallVec<[NodeId; 4]>, NodeId) {
        let mut found: BTreeSet<NodeId> = tops.iter().copied().collect();
        let mut work: Vec<NodeId> = tops.to_vec();
        while let Some(node) = work.pop() {
            work.extend(
                self.edges(node)
                    .map(|edge| edge.to)
                    .filter(|to| found.insert(*to)),
            );
        }
        let older = found.range(..first).filter(|node| node.0 > 0).count() + 1;
        let mut copy = Self::default();
        // The bottom is always the first node; its edge leads to itself.
        let bottom = NodeId(0);
        copy.restart(self.nodes[bottom].state);
        let mut renamed: FxHashMap<NodeId, NodeId> = FxHashMap::default();
        renamed.insert(bottom, bottom);
        // All other edges lead to older nodes, so these have been copied.
        for node in found.into_iter().filter(|node| *node != bottom) {
            let state = self.nodes[node].state;
            let mut edges = self.edges(node).map(|edge| Edge {
                to: renamed.get(&edge.to).copied().unwrap_or(bottom),
                ..edge
            });
            let Some(first) = edges.next() else {
                continue;
            };
            let new = copy.push_edge(state, first);
            for edge in edges {
                copy.add_edge(new, edge);
            }
            renamed.insert(node, new);
        }
        let tops = tops
            .iter()
            .filter_map(|top| renamed.get(top).copied())
            .collect();
        (copy, tops, NodeId::from_index(older))
    }

    pub(crate) fn children_of(&self, choice: Choice, count: usize) -> &[Child] {
        let start = choice.children as usize;
        self.children.get(start..start + count).unwrap_or_default()
    }
}

/// The edges of one node.
pub(crate) struct Edges<'s> {
    stacks: &'s Stacks,
    one: Option<Edge>,
    next: Option<LinkId>,
}

impl Iterator for Edges<'_> {
    type Item = Edge;

    fn next(&mut self) -> Option<Edge> {
        if let Some(edge) = self.one.take() {
            return Some(edge);
        }
        let link = self.stacks.links[self.next?];
        self.next = link.next;
        Some(link.edge)
    }
}
