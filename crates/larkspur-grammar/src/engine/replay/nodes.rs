//! The nodes of a tree while they are made.

use crate::engine::Config;
use crate::engine::bnf::KindId;
use crate::error::Exceeded;
use crate::table::Table;
use crate::tree::{NONE, NodeIndex, RawNode};

/// Some neighbours in a tree, and the text they cover.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) first: NodeIndex,
    pub(super) last: NodeIndex,
    pub(super) count: u32,
    pub(super) depth: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Value {
    /// No node over a stretch of the text.
    #[inline]
    pub(super) fn at(start: u32, end: u32) -> Self {
        Self {
            first: NONE,
            last: NONE,
            count: 0,
            depth: 0,
            start,
            end,
        }
    }
}

/// What has been made of a tree.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    pub(super) made: Table<NodeIndex, RawNode>,
    most: usize,
    deepest: usize,
    /// A limit that was reached: from then on nothing is made, and there is no tree.
    pub(super) exceeded: Option<Exceeded>,
}

impl Nodes {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            made: Table::new(),
            most: config.max_tree_nodes,
            deepest: config.max_tree_depth,
            exceeded: None,
        }
    }

    /// A node over a list of children.
    #[inline]
    pub(super) fn node(&mut self, kind: KindId, list: &Value) -> Value {
        if self.made.len() >= self.most || list.depth as usize >= self.deepest {
            return self.exceed(list);
        }
        let id = self.made.push(RawNode {
            kind,
            start: list.start,
            end: list.end,
            first: list.first,
            next: NONE,
        });
        Value {
            first: id,
            last: id,
            count: 1,
            depth: list.depth + 1,
            ..*list
        }
    }

    #[cold]
    fn exceed(&mut self, list: &Value) -> Value {
        self.exceeded
            .get_or_insert(if self.made.len() >= self.most {
                Exceeded::TreeNodes(self.most)
            } else {
                Exceeded::TreeDepth(self.deepest)
            });
        *list
    }

    /// Adds neighbours to the right of a list.
    #[inline]
    pub(super) fn append(&mut self, list: &mut Value, more: &Value) {
        if more.count == 0 {
            return;
        }
        if list.count == 0 {
            list.first = more.first;
        } else {
            self.made[list.last].next = more.first;
        }
        list.last = more.last;
        list.count += more.count;
        list.depth = list.depth.max(more.depth);
    }
}
