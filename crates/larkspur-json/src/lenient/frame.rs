//! What is open.

use std::borrow::Cow;

use crate::{Kind, Member, Node, Object, Span};

/// What a bracket has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Array,
    Object,
    /// Round brackets.
    Tuple,
    /// Round brackets after a name.
    Call,
}

impl Shape {
    pub(super) const fn closer(self) -> u8 {
        match self {
            Self::Array => b']',
            Self::Object => b'}',
            Self::Tuple | Self::Call => b')',
        }
    }
}

/// A key whose value is awaited.
#[derive(Debug)]
pub(super) struct Key<'t> {
    pub(super) name: Cow<'t, str>,
    pub(super) span: Span,
}

/// An array or object that is open.
#[derive(Debug)]
pub(super) struct Frame<'t> {
    pub(super) shape: Shape,
    /// Where it begins.
    pub(super) open: usize,
    pub(super) elements: Vec<Node<'t>>,
    pub(super) members: Vec<Member<'t>>,
    pub(super) key: Option<Key<'t>>,
    /// The comma that came last, where nothing has come after it.
    pub(super) comma: Option<usize>,
    /// Whether any comma has come.
    pub(super) has_comma: bool,
}

impl<'t> Frame<'t> {
    pub(super) const fn new(shape: Shape, open: usize) -> Self {
        Self {
            shape,
            open,
            elements: Vec::new(),
            members: Vec::new(),
            key: None,
            comma: None,
            has_comma: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.elements.is_empty() && self.members.is_empty()
    }

    /// The value that came last.
    pub(super) fn last(&self) -> Option<&Node<'t>> {
        let member = self.members.last().map(|member| &member.value);
        member.or_else(|| self.elements.last())
    }

    /// Takes the next element, or the value of the key that waits for one.
    pub(super) fn take(&mut self, value: Node<'t>) {
        self.comma = None;
        match self.key.take() {
            Some(key) => self.members.push(Member {
                key: key.name,
                key_span: key.span,
                value,
            }),
            None => self.elements.push(value),
        }
    }

    /// The value that ends at `end`; nothing for a call that has not exactly one argument.
    pub(super) fn finish(mut self, end: usize) -> Option<Node<'t>> {
        let span = Span::new(self.open, end);
        let kind = match self.shape {
            Shape::Object => Kind::Object(self.members.into_iter().collect::<Object<'t>>()),
            Shape::Call => return self.elements.pop().filter(|_| self.elements.is_empty()),
            Shape::Tuple if self.elements.len() == 1 && !self.has_comma => {
                return self.elements.pop();
            }
            Shape::Array | Shape::Tuple => Kind::Array(self.elements),
        };
        Some(Node { span, kind })
    }
}
