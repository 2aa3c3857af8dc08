//! Objects: members in text order.

use std::{borrow::Cow, collections::HashMap};

use crate::{Node, Span};

/// The members of a JSON object in text order, duplicates kept.
///
/// Looking a key up is a scan in small objects and one hash in large ones.
#[derive(Clone, Debug, Default)]
pub struct Object<'t> {
    members: Vec<Member<'t>>,
    /// Key → place of its last member; only for objects with more than [`Object::SCANNED`] members.
    ///
    /// Boxed so that the many small objects do not carry it.
    index: Option<Box<Index<'t>>>,
}

/// The places of an object's last members by key.
#[derive(Clone, Debug)]
struct Index<'t>(HashMap<Cow<'t, str>, usize>);

/// One `"key": value` pair of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'t> {
    /// The key with its escapes resolved.
    pub key: Cow<'t, str>,
    /// The key in the text, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node<'t>,
}

impl<'t> Member<'t> {
    /// A member that was built rather than read: its key has the empty span.
    pub fn new(key: impl Into<Cow<'t, str>>, value: Node<'t>) -> Self {
        Self {
            key: key.into(),
            key_span: Span::default(),
            value,
        }
    }

    /// The same member, owning all its text.
    pub fn into_owned(self) -> Member<'static> {
        Member {
            key: Cow::Owned(self.key.into_owned()),
            key_span: self.key_span,
            value: self.value.into_owned(),
        }
    }
}

impl<'t> Object<'t> {
    /// Up to this many members a scan is as good as a hash table.
    const SCANNED: usize = 48;

    /// An object without members.
    pub const fn new() -> Self {
        Self {
            members: Vec::new(),
            index: None,
        }
    }

    pub(crate) fn from_members(members: Vec<Member<'t>>) -> Self {
        let mut object = Self {
            members,
            index: None,
        };
        object.index_if_large();
        object
    }

    /// The number of members, duplicates counted.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members in text order.
    pub fn iter(&self) -> std::slice::Iter<'_, Member<'t>> {
        self.members.iter()
    }

    /// The value under `key`: the last one where the key is there more than once, as in `serde_json`.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        self.member(key).map(|member| &member.value)
    }

    /// The member under `key`: the last one where the key is there more than once.
    pub fn member(&self, key: &str) -> Option<&Member<'t>> {
        match &self.index {
            Some(index) => index.0.get(key).and_then(|place| self.members.get(*place)),
            None => self.members.iter().rfind(|member| member.key == key),
        }
    }

    /// Whether a member has this key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.member(key).is_some()
    }

    /// Adds a member at the end.
    pub fn push(&mut self, member: Member<'t>) {
        if let Some(index) = &mut self.index {
            index.0.insert(member.key.clone(), self.members.len());
        }
        self.members.push(member);
        if self.index.is_none() {
            self.index_if_large();
        }
    }

    /// Calls `change` on every value, in order.
    pub fn for_each_value_mut(&mut self, mut change: impl FnMut(&mut Node<'t>)) {
        for member in &mut self.members {
            change(&mut member.value);
        }
    }

    /// Calls `keep` on every key and value, in order, and drops the members for which it says no.
    pub fn retain_mut(&mut self, mut keep: impl FnMut(&str, &mut Node<'t>) -> bool) {
        let before = self.members.len();
        self.members
            .retain_mut(|member| keep(&member.key, &mut member.value));
        if self.members.len() < before && self.index.take().is_some() {
            self.index_if_large();
        }
    }

    /// Calls `change` on the span of every key, in order.
    pub(crate) fn for_each_key_span(&mut self, mut change: impl FnMut(&mut Span)) {
        for member in &mut self.members {
            change(&mut member.key_span);
        }
    }

    fn index_if_large(&mut self) {
        if self.members.len() <= Self::SCANNED {
            return;
        }
        let places = self.members.iter().enumerate();
        let entries = places.map(|(place, member)| (member.key.clone(), place));
        self.index = Some(Box::new(Index(entries.collect())));
    }

    /// Whether some key is there more than once.
    pub(crate) fn has_duplicates(&self) -> bool {
        if let Some(index) = &self.index {
            return index.0.len() < self.members.len();
        }
        let mut rest = self.members.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if others.iter().any(|other| other.key == first.key) {
                return true;
            }
            rest = others;
        }
        false
    }
}

impl PartialEq for Object<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl<'t> FromIterator<Member<'t>> for Object<'t> {
    fn from_iter<I: IntoIterator<Item = Member<'t>>>(members: I) -> Self {
        Self::from_members(members.into_iter().collect())
    }
}

impl<'t> IntoIterator for Object<'t> {
    type Item = Member<'t>;
    type IntoIter = std::vec::IntoIter<Member<'t>>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'a, 't> IntoIterator for &'a Object<'t> {
    type Item = &'a Member<'t>;
    type IntoIter = std::slice::Iter<'a, Member<'t>>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.iter()
    }
}
