//! The schemas of a document and of those that came with it, each with an id, its place and its base.

use std::collections::HashMap;

use larkspur_json::{Pointer, Token};
use serde_json::{Map, Value};

use super::uri;
use crate::vocabulary::{NAMED_SCHEMAS, ONE_SCHEMA, SCHEMA_LISTS};

/// A schema of one [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SchemaId(u32);

impl SchemaId {
    /// The whole schema.
    pub(super) const ROOT: Self = Self(0);
}

/// A schema and what is known of its place.
#[derive(Clone, Debug)]
pub(super) struct Entry<'s> {
    pub(super) value: &'s Value,
    /// Where it stands in its file.
    pub(super) pointer: Pointer,
    /// The URI that references in it are seen from.
    base: usize,
    /// The draft it is written for.
    pub(super) draft: Draft,
    /// The file's metaschema says that keywords that validate mean nothing.
    pub(super) validates: bool,
}

/// A version of JSON Schema, by what a keyword needs at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Draft {
    Four,
    Six,
    Seven,
    Nineteen,
    Twenty,
}

/// All schemas that a grammar may be made of.
#[derive(Debug)]
pub(super) struct Document<'s> {
    entries: Vec<Entry<'s>>,
    by_address: HashMap<usize, SchemaId>,
    bases: Vec<String>,
    /// Resources by their URI.
    resources: HashMap<String, &'s Value>,
    /// Anchors by the URI of their resource.
    anchors: HashMap<(usize, &'s str), &'s Value>,
    /// How often a name is a `$dynamicAnchor`, and where first.
    dynamic: HashMap<&'s str, Vec<&'s Value>>,
    base_ids: HashMap<String, usize>,
}

/// Why a reference leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dangling {
    /// It leads to a document that is not here.
    Remote,
    /// There is nothing there.
    Missing,
}

impl<'s> Document<'s> {
    /// The schemas of `root`, and of documents it may refer to, each with the URI it goes by.
    pub(super) fn new(root: &'s Value, others: &'s [(String, Value)]) -> Self {
        let mut document = Self {
            entries: Vec::new(),
            by_address: HashMap::new(),
            bases: Vec::new(),
            resources: HashMap::new(),
            anchors: HashMap::new(),
            dynamic: HashMap::new(),
            base_ids: HashMap::new(),
        };
        document.index(root, "", others);
        for (uri, other) in others {
            document.index(other, uri.trim_end_matches('#'), others);
        }
        document
    }

    /// The id of a schema's value; a place that no keyword leads to is registered when it is asked for.
    fn id(&mut self, value: &'s Value, make: impl FnOnce() -> Entry<'s>) -> SchemaId {
        let address = std::ptr::from_ref(value).addr();
        let next = SchemaId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        match self.by_address.entry(address) {
            std::collections::hash_map::Entry::Occupied(known) => *known.get(),
            std::collections::hash_map::Entry::Vacant(free) => {
                self.entries.push(make());
                *free.insert(next)
            }
        }
    }

    pub(super) fn entry(&self, id: SchemaId) -> Option<&Entry<'s>> {
        self.entries.get(id.0 as usize)
    }

    /// The keywords of a schema that is an object.
    pub(super) fn keywords(&self, id: SchemaId) -> Option<&'s Map<String, Value>> {
        self.entry(id)?.value.as_object()
    }

    /// The id of a schema directly inside another one.
    pub(super) fn below(&mut self, parent: SchemaId, value: &'s Value, path: &[&str]) -> SchemaId {
        if let Some(known) = self.known(value) {
            return known;
        }
        let entry = self.entry(parent).cloned();
        self.id(value, || {
            let (mut pointer, base, draft, validates) = match entry {
                Some(entry) => (entry.pointer, entry.base, entry.draft, entry.validates),
                None => (Pointer::root(), 0, Draft::Twenty, true),
            };
            for key in path {
                pointer.push_key(key);
            }
            Entry {
                value,
                pointer,
                base,
                draft,
                validates,
            }
        })
    }

    fn base(&mut self, uri: String) -> usize {
        if let Some(known) = self.base_ids.get(&uri) {
            return *known;
        }
        let id = self.bases.len();
        self.bases.push(uri.clone());
        self.base_ids.insert(uri, id);
        id
    }

    fn index(&mut self, root: &'s Value, uri: &str, others: &[(String, Value)]) {
        let base = self.base(uri.to_owned());
        self.resources.entry(uri.to_owned()).or_insert(root);
        let (draft, validates) = dialect(root, Draft::Twenty, others);
        let mut open = vec![(Pointer::root(), root, base, draft, validates)];
        while let Some((pointer, value, mut base, mut draft, mut validates)) = open.pop() {
            if let Value::Object(keywords) = value {
                if keywords.contains_key("$schema") {
                    (draft, validates) = dialect(value, draft, others);
                }
                base = self.name(value, keywords, base, draft);
                for (path, child) in children(keywords) {
                    let mut pointer = pointer.clone();
                    for token in path {
                        pointer.push(token);
                    }
                    open.push((pointer, child, base, draft, validates));
                }
            }
            self.id(value, || Entry {
                value,
                pointer,
                base,
                draft,
                validates,
            });
        }
    }

    /// Notes the names a schema gives itself; the base of what is in it.
    fn name(
        &mut self,
        value: &'s Value,
        keywords: &'s Map<String, Value>,
        base: usize,
        draft: Draft,
    ) -> usize {
        let mut base = base;
        let keyword = if draft == Draft::Four { "id" } else { "$id" };
        let ignored = draft < Draft::Nineteen && keywords.contains_key("$ref");
        if let Some(id) = keywords.get(keyword).and_then(Value::as_str)
            && !ignored
        {
            let from = self.bases.get(base).cloned().unwrap_or_default();
            let (absolute, fragment) = uri::resolve(&from, id);
            if fragment.is_empty() {
                self.resources.entry(absolute.clone()).or_insert(value);
                base = self.base(absolute);
            } else {
                self.anchors.entry((base, fragment)).or_insert(value);
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = keywords.get(keyword).and_then(Value::as_str) {
                self.anchors.entry((base, name)).or_insert(value);
                if keyword == "$dynamicAnchor" {
                    self.dynamic.entry(name).or_default().push(value);
                }
            }
        }
        base
    }

    /// The schema that a reference leads to.
    pub(super) fn resolve(
        &mut self,
        from: SchemaId,
        reference: &str,
    ) -> Result<SchemaId, Dangling> {
        let base = self.entry(from).map_or(0, |entry| entry.base);
        let base_uri = self.bases.get(base).cloned().unwrap_or_default();
        let (target, fragment) = uri::resolve(&base_uri, reference);
        let Some(&resource) = self.resources.get(&target) else {
            return Err(Dangling::Remote);
        };
        let fragment = uri::decode_percent(fragment).ok_or(Dangling::Missing)?;
        if fragment.is_empty() || fragment.starts_with('/') {
            return self.walk(resource, &fragment);
        }
        let target_base = self.base_ids.get(&target).copied().unwrap_or_default();
        let anchor = self.anchors.get(&(target_base, fragment.as_str()));
        let value = *anchor.ok_or(Dangling::Missing)?;
        self.known(value).ok_or(Dangling::Missing)
    }

    fn known(&self, value: &Value) -> Option<SchemaId> {
        let address = std::ptr::from_ref(value).addr();
        self.by_address.get(&address).copied()
    }

    /// Follows a pointer from a resource. Places that no keyword leads to take over what is known of the last one that is known.
    fn walk(&mut self, resource: &'s Value, pointer: &str) -> Result<SchemaId, Dangling> {
        let pointer: Pointer = pointer.parse().map_err(|_| Dangling::Missing)?;
        let mut known = self.known(resource).ok_or(Dangling::Missing)?;
        let mut value = resource;
        let mut path: Vec<String> = Vec::new();
        for token in pointer.tokens() {
            value = match value {
                Value::Object(members) => members.get(token.as_ref()),
                Value::Array(elements) => token
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| elements.get(index)),
                _ => None,
            }
            .ok_or(Dangling::Missing)?;
            path.push(token.into_owned());
            if let Some(id) = self.known(value) {
                known = id;
                path.clear();
            }
        }
        if path.is_empty() {
            return Ok(known);
        }
        if !value.is_object() && !value.is_boolean() {
            return Err(Dangling::Missing);
        }
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        Ok(self.below(known, value, &path))
    }

    /// The schema that a `$dynamicRef` always leads to: `None` where that depends on how the schema was come to.
    pub(super) fn resolve_dynamic(
        &mut self,
        from: SchemaId,
        reference: &str,
    ) -> Result<Option<SchemaId>, Dangling> {
        let target = self.resolve(from, reference)?;
        let name = reference.rsplit('#').next().unwrap_or_default();
        let is_dynamic = self.keywords(target).is_some_and(|keywords| {
            keywords.get("$dynamicAnchor").and_then(Value::as_str) == Some(name)
        });
        let places = self.dynamic.get(name).map_or(0, Vec::len);
        Ok((!is_dynamic || places < 2).then_some(target))
    }

    /// Whether some schema lets `$recursiveRef` lead elsewhere than to the root of its own resource.
    pub(super) fn has_recursive_anchor(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.value.get("$recursiveAnchor") == Some(&Value::Bool(true)))
    }
}

/// The schemas directly inside a schema, with their paths.
fn children(keywords: &Map<String, Value>) -> Vec<(Vec<Token<'_>>, &Value)> {
    let mut found: Vec<(Vec<Token<'_>>, &Value)> = Vec::new();
    for (keyword, value) in keywords {
        let keyword = keyword.as_str();
        match value {
            Value::Object(members)
                if NAMED_SCHEMAS.contains(&keyword) || keyword == "dependencies" =>
            {
                let inside = members.iter().filter(|(_, value)| is_schema(value));
                found.extend(
                    inside
                        .map(|(name, value)| (vec![Token::Key(keyword), Token::Key(name)], value)),
                );
            }
            Value::Array(elements) if SCHEMA_LISTS.contains(&keyword) => {
                let inside = elements.iter().enumerate();
                found.extend(
                    inside
                        .filter(|(_, value)| is_schema(value))
                        .map(|(index, value)| {
                            (vec![Token::Key(keyword), Token::Index(index)], value)
                        }),
                );
            }
            value
                if (ONE_SCHEMA.contains(&keyword) || keyword == "extends") && is_schema(value) =>
            {
                found.push((vec![Token::Key(keyword)], value));
            }
            _ => {}
        }
    }
    found
}

pub(super) fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

/// What `$schema` says: the draft, and whether keywords that validate do so.
fn dialect(root: &Value, inherited: Draft, others: &[(String, Value)]) -> (Draft, bool) {
    let Some(uri) = root.get("$schema").and_then(Value::as_str) else {
        return (inherited, true);
    };
    let drafts = [
        ("draft-03", Draft::Four),
        ("draft-04", Draft::Four),
        ("draft-06", Draft::Six),
        ("draft-07", Draft::Seven),
        ("2019-09", Draft::Nineteen),
    ];
    let named = drafts.iter().find(|(name, _)| uri.contains(name));
    let draft = named.map_or(Draft::Twenty, |(_, draft)| *draft);
    let metaschema = others
        .iter()
        .find(|(name, _)| name.trim_end_matches('#') == uri.trim_end_matches('#'));
    let vocabularies = metaschema
        .and_then(|(_, metaschema)| metaschema.get("$vocabulary"))
        .and_then(Value::as_object);
    let validates = vocabularies.is_none_or(|vocabularies| {
        vocabularies
            .keys()
            .any(|name| name.ends_with("/vocab/validation"))
    });
    (draft, validates)
}
