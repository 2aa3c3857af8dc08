//! From nodes of a tree to the fields of a value.

use super::Error;
use crate::tree::{Children, Node};

/// The fields of a node, one child after the other. What reads a field's node is [`Syntax::from_node`](super::Syntax::from_node) of
/// its type, or [`LeafValue::read`](super::LeafValue::read).
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    node: Node<'a>,
    rest: Children<'a>,
}

impl<'a> Fields<'a> {
    /// The fields of `node`.
    pub fn new(node: Node<'a>) -> Self {
        Self {
            node,
            rest: node.children(),
        }
    }

    /// The next field.
    ///
    /// # Errors
    /// Where there is none, or `read` says so.
    pub fn value<T>(
        &mut self,
        read: impl FnOnce(Node<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        read(self.child()?)
    }

    /// The next field, which is a [list](super::Definitions::list).
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn list<T>(
        &mut self,
        read: impl FnMut(Node<'a>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.child()?.children().map(read).collect()
    }

    /// The next field, which may be [absent](super::Definitions::optional).
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn optional<T>(
        &mut self,
        read: impl FnOnce(Node<'a>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.child()?.children().next().map(read).transpose()
    }

    fn child(&mut self) -> Result<Node<'a>, Error> {
        self.rest.next().ok_or_else(|| mismatch(self.node))
    }
}

impl Error {
    /// The tree has a node that the type's grammar does not leave.
    pub fn mismatch(node: Node<'_>) -> Self {
        mismatch(node)
    }
}

fn mismatch(node: Node<'_>) -> Error {
    let message = format!("the node `{}` does not fit the type", node.name());
    Error::unreadable(node, message)
}
