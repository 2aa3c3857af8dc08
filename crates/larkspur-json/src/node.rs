//! The tree.

use std::borrow::Cow;

use crate::{Member, Number, Object, Pointer, Span, pointer::index_of};

/// A JSON value with its place in the text.
///
/// Strings and numbers are borrowed from the text where they can be, so a node usually lives as long as the text;
/// [`Node::into_owned`] cuts the tie. Equality looks at values *and* places.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// Where the value stands, quotes and brackets included.
    pub span: Span,
    /// The value.
    pub kind: Kind<'t>,
}

/// What kind of JSON value a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(Number<'t>),
    /// A string with its escapes resolved; borrowed where there were none.
    String(Cow<'t, str>),
    /// An array.
    Array(Vec<Node<'t>>),
    /// An object.
    Object(Object<'t>),
}

impl<'t> Node<'t> {
    /// A value at a place.
    pub const fn new(span: Span, kind: Kind<'t>) -> Self {
        Self { span, kind }
    }

    /// What JSON calls this kind of value: `null`, `boolean`, `number`, `string`, `array` or `object`.
    pub const fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "boolean",
            Kind::Number(_) => "number",
            Kind::String(_) => "string",
            Kind::Array(_) => "array",
            Kind::Object(_) => "object",
        }
    }

    /// Whether this is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The truth value, where this is one.
    pub const fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, where this is one.
    pub const fn as_number(&self) -> Option<&Number<'t>> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The string, where this is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, where this is an array.
    pub fn as_array(&self) -> Option<&[Node<'t>]> {
        match &self.kind {
            Kind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members, where this is an object.
    pub const fn as_object(&self) -> Option<&Object<'t>> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value that a pointer leads to from here.
    pub fn at(&self, pointer: &Pointer) -> Option<&Node<'t>> {
        pointer
            .tokens()
            .try_fold(self, |node, token| node.child(&token))
    }

    /// The member that a pointer leads to from here; nothing where it leads to the root or to an array's element.
    pub fn member_at(&self, pointer: &Pointer) -> Option<&Member<'t>> {
        let parent = self.at(&pointer.parent()?)?;
        parent.as_object()?.member(&pointer.last()?)
    }

    /// Where the value that a pointer leads to stands.
    pub fn span_at(&self, pointer: &Pointer) -> Option<Span> {
        self.at(pointer).map(|node| node.span)
    }

    fn child(&self, token: &str) -> Option<&Node<'t>> {
        match &self.kind {
            Kind::Object(object) => object.get(token),
            Kind::Array(elements) => elements.get(index_of(token)?),
            _ => None,
        }
    }

    /// Changes the place of every value and key, for a text that was read out of another one.
    pub fn map_spans(&mut self, change: &mut impl FnMut(Span) -> Span) {
        self.span = change(self.span);
        match &mut self.kind {
            Kind::Array(elements) => elements
                .iter_mut()
                .for_each(|element| element.map_spans(change)),
            Kind::Object(object) => {
                object.for_each_key_span(|span| *span = change(*span));
                object.for_each_value_mut(|value| value.map_spans(change));
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    /// The same tree, owning all its text.
    pub fn into_owned(self) -> Node<'static> {
        let kind = match self.kind {
            Kind::Null => Kind::Null,
            Kind::Bool(value) => Kind::Bool(value),
            Kind::Number(number) => Kind::Number(number.into_owned()),
            Kind::String(text) => Kind::String(Cow::Owned(text.into_owned())),
            Kind::Array(elements) => {
                Kind::Array(elements.into_iter().map(Node::into_owned).collect())
            }
            Kind::Object(object) => {
                Kind::Object(object.into_iter().map(Member::into_owned).collect())
            }
        };
        Node {
            span: self.span,
            kind,
        }
    }
}

impl<'t> From<Kind<'t>> for Node<'t> {
    /// A value that was built rather than read: its span is empty.
    fn from(kind: Kind<'t>) -> Self {
        Self {
            span: Span::default(),
            kind,
        }
    }
}
