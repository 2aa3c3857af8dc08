//! Parse trees.
//!
//! A tree is a list of nodes of 20 bytes each, children linked in order; nothing in it points back or is shared. What shows
//! and what does not is Lark's: a rule is a node under its name or the alias of the alternative taken, `_rules` and groups
//! leave only their children, `?rules` do so if they have exactly one, strings and `_TERMINALS` are left out unless the rule is
//! written `!rule`, and an absent `[x]` leaves a placeholder for each thing it would have shown.
//!
//! All functions walk with a stack of their own: a tree may be as deep as its text is long.

mod print;

use std::borrow::Cow;
use std::sync::Arc;

use crate::engine::Spec;
use crate::engine::bnf::{Kind, KindId};
use crate::span::Span;
use crate::table::{Table, id_type};

id_type! {
    /// A node of one tree.
    NodeIndex
}

/// Nothing, where an index of a node could be.
pub(crate) const NONE: NodeIndex = NodeIndex(u32::MAX);

/// A node as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawNode {
    pub(crate) kind: KindId,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) first: NodeIndex,
    pub(crate) next: NodeIndex,
}

/// A parse tree of a text.
#[derive(Clone, Debug)]
pub struct Tree<'t> {
    pub(crate) spec: Arc<Spec>,
    pub(crate) nodes: Table<NodeIndex, RawNode>,
    pub(crate) root: NodeIndex,
    pub(crate) text: Cow<'t, [u8]>,
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NodeKind {
    /// A rule, or an alias of one of its alternatives.
    Rule,
    /// A lexeme.
    Terminal,
    /// An optional piece in square brackets that is not there.
    Absent,
}

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    tree: &'a Tree<'a>,
    id: NodeIndex,
}

impl Tree<'_> {
    /// The node of the whole text.
    pub fn root(&self) -> Node<'_> {
        Node {
            tree: self,
            id: self.root,
        }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// All nodes, parents before their children, children in the order of the text; with each, how deep it lies.
    pub fn walk(&self) -> Walk<'_> {
        self.root().walk()
    }

    /// A tree with a text of its own.
    pub fn into_owned(self) -> Tree<'static> {
        Tree {
            spec: self.spec,
            nodes: self.nodes,
            root: self.root,
            text: Cow::Owned(self.text.into_owned()),
        }
    }

    /// Bytes on the heap, without the text.
    pub fn heap_bytes(&self) -> usize {
        self.nodes.heap_bytes()
    }
}

impl<'a> Node<'a> {
    fn raw(&self) -> RawNode {
        self.tree.nodes[self.id]
    }

    /// Depth, kind and place of this node and all below it, for comparing.
    pub(crate) fn raw_walk(&self) -> impl Iterator<Item = (usize, u32, u32, u32)> + use<'a> {
        self.walk().map(|(depth, node)| {
            let raw = node.raw();
            (depth, raw.kind.0, raw.start, raw.end)
        })
    }

    /// What it stands for.
    pub fn kind(&self) -> NodeKind {
        match self.tree.spec.lr.bnf.kinds[self.raw().kind] {
            Kind::Rule(_) => NodeKind::Rule,
            Kind::Terminal(_) => NodeKind::Terminal,
            Kind::Placeholder => NodeKind::Absent,
        }
    }

    /// The name of the rule, alias or terminal; empty for what is absent.
    pub fn name(&self) -> &'a str {
        match &self.tree.spec.lr.bnf.kinds[self.raw().kind] {
            Kind::Rule(name) | Kind::Terminal(name) => name,
            Kind::Placeholder => "",
        }
    }

    /// The bytes of the text that it covers, from its first lexeme to its last, shown or not. Empty for what matched nothing.
    pub fn span(&self) -> Span {
        let raw = self.raw();
        Span::new(raw.start as usize, raw.end as usize)
    }

    /// The text that it covers, as it is.
    pub fn bytes(&self) -> &'a [u8] {
        let raw = self.raw();
        self.tree
            .text
            .get(raw.start as usize..raw.end as usize)
            .unwrap_or_default()
    }

    /// The text that it covers; bytes that are no UTF-8 become the replacement character.
    pub fn text(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// Its children, in the order of the text.
    pub fn children(&self) -> Children<'a> {
        Children {
            tree: self.tree,
            next: self.raw().first,
        }
    }

    /// This node and all below it, parents before their children; with each, how deep it lies below this one.
    pub fn walk(&self) -> Walk<'a> {
        Walk {
            tree: self.tree,
            root: self.id,
            stack: vec![(self.id, 0)],
        }
    }

    /// The child at `index`, counted from 0.
    pub fn child(&self, index: usize) -> Option<Node<'a>> {
        self.children().nth(index)
    }

    /// The first child with this name.
    pub fn child_named(&self, name: &str) -> Option<Node<'a>> {
        self.children().find(|child| child.name() == name)
    }
}

/// The children of a node.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    tree: &'a Tree<'a>,
    next: NodeIndex,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.next == NONE {
            return None;
        }
        let node = Node {
            tree: self.tree,
            id: self.next,
        };
        self.next = node.raw().next;
        Some(node)
    }
}

/// All nodes of a tree. See [`Tree::walk`].
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    tree: &'a Tree<'a>,
    root: NodeIndex,
    stack: Vec<(NodeIndex, usize)>,
}

impl<'a> Iterator for Walk<'a> {
    type Item = (usize, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, depth) = self.stack.pop()?;
        let raw = self.tree.nodes[id];
        if raw.next != NONE && id != self.root {
            self.stack.push((raw.next, depth));
        }
        if raw.first != NONE {
            self.stack.push((raw.first, depth + 1));
        }
        Some((
            depth,
            Node {
                tree: self.tree,
                id,
            },
        ))
    }
}
