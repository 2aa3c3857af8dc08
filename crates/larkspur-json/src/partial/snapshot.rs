//! What is there, shown without copying it.

use std::{borrow::Cow, num::NonZeroUsize};

use serde_json::Value;

use super::{Characters, Entry, EntryKind, Partial};
use crate::{Kind, Member, Node, Number, Object, Pointer, Span};

/// What a [`Partial`] has come to.
///
/// Making one costs nothing. [`Snapshot::to_value`] and [`Snapshot::to_node`] copy what is there; looking at
/// [parts](Snapshot::at) and at what was [finished](Snapshot::finished) copies nothing.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'p> {
    partial: &'p Partial,
}

/// A value in a [`Snapshot`], whole or in flight.
#[derive(Clone, Copy, Debug)]
pub struct Part<'p> {
    partial: &'p Partial,
    entry: &'p Entry,
}

/// What a [`Part`] is, as far as it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind<'p> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written. Only whole ones are there.
    Number(&'p str),
    /// A string with its escapes resolved, as far as it has come.
    String(&'p str),
    /// An array: see [`Part::children`].
    Array,
    /// An object: see [`Part::children`].
    Object,
}

/// A time while a text comes: what [`Snapshot::mark`] gives, for [`Part::children_since`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(usize);

impl Mark {
    /// Before anything has come.
    pub const ZERO: Self = Self(0);
}

impl<'p> Snapshot<'p> {
    pub(super) const fn new(partial: &'p Partial) -> Self {
        Self { partial }
    }

    /// The value, as far as it has come; nothing before it begins.
    pub fn root(&self) -> Option<Part<'p>> {
        self.partial.part(0)
    }

    /// The value that a pointer leads to.
    pub fn at(&self, pointer: &Pointer) -> Option<Part<'p>> {
        let mut tokens = pointer.tokens();
        tokens.try_fold(self.root()?, |part, token| part.child(&token))
    }

    /// Whether the value is whole.
    pub fn is_complete(&self) -> bool {
        self.root().is_some_and(|root| root.is_complete())
    }

    /// The innermost value that is being written: it and everything around it may still grow, all else is whole.
    ///
    /// Nothing before the value begins, and when it is whole. A number or literal that is not whole is not there yet, so that then
    /// it is the array or object around it.
    pub fn in_flight(&self) -> Option<Pointer> {
        let innermost = self
            .partial
            .entries
            .last()
            .filter(|last| last.end.is_none());
        let open = self
            .partial
            .open
            .last()
            .and_then(|open| self.partial.entries.get(*open));
        let entry = innermost.or(open)?;
        Some(
            Part {
                partial: self.partial,
                entry,
            }
            .pointer(),
        )
    }

    /// The values that the last piece has finished, in the order in which they ended: elements of an array as they come.
    pub fn finished(&self) -> impl Iterator<Item = Part<'p>> + use<'p> {
        let partial = self.partial;
        partial
            .finished
            .iter()
            .filter_map(|entry| partial.part(*entry))
    }

    /// This time, to ask later what has changed since: [`Part::children_since`].
    pub fn mark(&self) -> Mark {
        Mark(self.partial.entries.len())
    }

    /// The value as far as it has come, with the places in the text. What is open ends where the text does.
    pub fn to_node(&self) -> Option<Node<'static>> {
        self.root().map(|root| root.to_node())
    }

    /// The value as far as it has come.
    pub fn to_value(&self) -> Option<Value> {
        self.to_node().map(|node| node.to_value())
    }
}

impl Partial {
    fn part(&self, entry: usize) -> Option<Part<'_>> {
        let entry = self.entries.get(entry)?;
        Some(Part {
            partial: self,
            entry,
        })
    }

    /// The array or object that a value is in.
    fn parent(&self, entry: &Entry) -> Option<&Entry> {
        self.entries
            .get(entry.parent)
            .filter(|parent| parent.start < entry.start)
    }

    fn key_of(&self, entry: &Entry) -> Option<&str> {
        let Span { start, end } = entry.key.span;
        let plain = Span::new(start + 1, end.checked_sub(1)?);
        Some(self.characters_of(entry.key.characters, plain))
    }

    /// The characters of a string that has these in the text between its quotes.
    fn characters_of(&self, characters: Characters, plain: Span) -> &str {
        let text = match characters {
            Characters::Plain => plain.of(&self.text),
            Characters::Resolved(place) => self.resolved.get(place).map(String::as_str),
        };
        text.unwrap_or_default()
    }
}

impl<'p> Part<'p> {
    /// Whether nothing more will come.
    pub fn is_complete(&self) -> bool {
        self.entry.end.is_some()
    }

    /// Where it is.
    pub fn pointer(&self) -> Pointer {
        let mut path = vec![self.entry];
        while let Some(parent) = path.last().and_then(|entry| self.partial.parent(entry)) {
            path.push(parent);
        }
        let mut pointer = Pointer::root();
        // The last one is the root, to which no step leads.
        for entry in path.iter().rev().skip(1) {
            match self.partial.key_of(entry) {
                Some(key) => pointer.push_key(key),
                None => pointer.push_index(entry.index),
            }
        }
        pointer
    }

    /// Where it stands in the text; what is open ends where the text does.
    pub fn span(&self) -> Span {
        Span::new(
            self.entry.start,
            self.entry
                .end
                .map_or(self.partial.text.len(), NonZeroUsize::get),
        )
    }

    /// What it is.
    pub fn kind(&self) -> PartKind<'p> {
        match &self.entry.kind {
            EntryKind::Null => PartKind::Null,
            EntryKind::Bool(value) => PartKind::Bool(*value),
            EntryKind::Number => {
                PartKind::Number(self.span().of(&self.partial.text).unwrap_or_default())
            }
            EntryKind::String(_) => PartKind::String(self.as_str().unwrap_or_default()),
            EntryKind::Array(_) => PartKind::Array,
            EntryKind::Object(_) => PartKind::Object,
        }
    }

    /// Its place among its siblings, from 0.
    pub const fn index(&self) -> usize {
        self.entry.index
    }

    /// The string as far as it has come, where it is one.
    pub fn as_str(&self) -> Option<&'p str> {
        let EntryKind::String(characters) = self.entry.kind else {
            return None;
        };
        // An open string has come as far as the text has been read.
        let end = self.entry.end.map_or(self.partial.at, |end| end.get() - 1);
        let plain = Span::new(self.entry.start + 1, end);
        Some(self.partial.characters_of(characters, plain))
    }

    /// The elements or the values of the members that have begun.
    pub fn children(&self) -> impl DoubleEndedIterator<Item = Part<'p>> + use<'p> {
        let partial = self.partial;
        let children = self.list().iter();
        children.filter_map(|child| partial.part(*child))
    }

    /// Those children that may have changed since then: the ones that have begun, and the last one before them.
    ///
    /// All others were whole. Finding them takes time logarithmic in the number of children, so that whoever follows a text from
    /// snapshot to snapshot looks at each of its values once and at those in flight.
    pub fn children_since(
        &self,
        mark: Mark,
    ) -> impl DoubleEndedIterator<Item = Part<'p>> + use<'p> {
        let partial = self.partial;
        let list = self.list();
        let begun = list.partition_point(|child| *child < mark.0);
        let from = list.get(begun.saturating_sub(1)..);
        let children = from.unwrap_or_default().iter();
        children.filter_map(|child| partial.part(*child))
    }

    /// The key, where it is the value of a member.
    pub fn key(&self) -> Option<&'p str> {
        self.partial.key_of(self.entry)
    }

    /// The places of its children.
    fn list(&self) -> &'p [usize] {
        let list = match self.entry.kind {
            EntryKind::Array(list) | EntryKind::Object(list) => self.partial.lists.get(list),
            _ => None,
        };
        list.map_or(&[], Vec::as_slice)
    }

    fn child(&self, token: &str) -> Option<Self> {
        match self.entry.kind {
            EntryKind::Array(_) => {
                let place = crate::pointer::index_of(token)?;
                self.partial.part(*self.list().get(place)?)
            }
            _ => self.children().rfind(|child| child.key() == Some(token)),
        }
    }

    /// The value as far as it has come, with the places in the text.
    pub fn to_node(&self) -> Node<'static> {
        let kind = match &self.entry.kind {
            EntryKind::Null => Kind::Null,
            EntryKind::Bool(value) => Kind::Bool(*value),
            EntryKind::Number => {
                let text = self.span().of(&self.partial.text).unwrap_or_default();
                Number::from_text(text.to_owned()).map_or(Kind::Null, Kind::Number)
            }
            EntryKind::String(_) => {
                Kind::String(Cow::Owned(self.as_str().unwrap_or_default().to_owned()))
            }
            EntryKind::Array(_) => {
                Kind::Array(self.children().map(|child| child.to_node()).collect())
            }
            EntryKind::Object(_) => Kind::Object(self.members()),
        };
        Node::new(self.span(), kind)
    }

    fn members(&self) -> Object<'static> {
        let member = |child: Part<'_>| {
            let mut member = Member::new(child.key()?.to_owned(), child.to_node());
            member.key_span = child.entry.key.span;
            Some(member)
        };
        self.children().filter_map(member).collect()
    }
}
