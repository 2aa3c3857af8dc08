//! From nodes of a tree to the fields of a value.

use std::fmt::Display;
use std::str::FromStr;

use super::{Error, Leaf, Syntax};
use crate::tree::{Children, Node};

/// The fields of a node, one child after the other.
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
    /// Where there is none, or it says no value of the type.
    pub fn value<T: Syntax>(&mut self) -> Result<T, Error> {
        T::from_node(self.child()?)
    }

    /// The next field, which is a [list](super::Definitions::list).
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn list<T: Syntax>(&mut self) -> Result<Vec<T>, Error> {
        self.child()?.children().map(T::from_node).collect()
    }

    /// The next field, which may be [absent](super::Definitions::optional).
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn optional<T: Syntax>(&mut self) -> Result<Option<T>, Error> {
        self.child()?
            .children()
            .next()
            .map(T::from_node)
            .transpose()
    }

    /// The next field, which is a [leaf](super::Definitions::leaf).
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn leaf<T: FromStr<Err: Display>>(&mut self, leaf: Leaf<'_>) -> Result<T, Error> {
        leaf.read(self.child()?)
    }

    /// The next field, which is a list of leaves.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn leaves<T: FromStr<Err: Display>>(&mut self, leaf: Leaf<'_>) -> Result<Vec<T>, Error> {
        let items = self.child()?.children();
        items.map(|node| leaf.read(node)).collect()
    }

    /// The next field, which is a leaf that may be absent.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn optional_leaf<T: FromStr<Err: Display>>(
        &mut self,
        leaf: Leaf<'_>,
    ) -> Result<Option<T>, Error> {
        let some = self.child()?.children().next();
        some.map(|node| leaf.read(node)).transpose()
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
