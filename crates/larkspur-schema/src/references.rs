//! Where a `$ref` leads.

use std::{cell::OnceCell, collections::HashMap};

use larkspur_json::{Pointer, Token};
use serde_json::Value;

/// Resolves the references of one schema. Nothing is ever fetched.
#[derive(Debug)]
pub(crate) struct References<'s> {
    root: &'s Value,
    /// `$id` of the whole schema, without a fragment.
    base: Option<&'s str>,
    /// Anchors (with `#`) and embedded `$id`s, found when the first is asked for.
    names: OnceCell<HashMap<String, Pointer>>,
}

/// Why a reference leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dangling {
    /// It leads out of the schema.
    Remote,
    /// There is nothing there.
    Missing,
}

impl<'s> References<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        let id = root
            .get("$id")
            .or_else(|| root.get("id"))
            .and_then(Value::as_str);
        let base = id
            .map(|id| id.split('#').next().unwrap_or_default())
            .filter(|base| !base.is_empty());
        Self {
            root,
            base,
            names: OnceCell::new(),
        }
    }

    /// The place that a reference leads to and the schema there.
    pub(crate) fn resolve(&self, reference: &str) -> Result<(Pointer, &'s Value), Dangling> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let document = if Some(document) == self.base {
            ""
        } else {
            document
        };
        let start = match document {
            "" => Pointer::root(),
            other => self.name(other).ok_or(if is_remote(other) {
                Dangling::Remote
            } else {
                Dangling::Missing
            })?,
        };
        let fragment = decode_percent(fragment).ok_or(Dangling::Missing)?;
        let pointer = if fragment.is_empty() || fragment.starts_with('/') {
            start.join(&fragment.parse().map_err(|_| Dangling::Missing)?)
        } else {
            self.name(&format!("#{fragment}"))
                .ok_or(Dangling::Missing)?
        };
        let target = self
            .root
            .pointer(pointer.as_str())
            .ok_or(Dangling::Missing)?;
        if target.is_object() || target.is_boolean() {
            Ok((pointer, target))
        } else {
            Err(Dangling::Missing)
        }
    }

    fn name(&self, name: &str) -> Option<Pointer> {
        self.names
            .get_or_init(|| collect_names(self.root))
            .get(name)
            .cloned()
    }
}

/// Whether a document's name can only be that of another document.
fn is_remote(document: &str) -> bool {
    document.contains("://")
        || document.starts_with("urn:")
        || document.contains(".json")
        || document.starts_with('/')
}

/// Every `$anchor`, `$dynamicAnchor` and embedded `$id`; the first of each name counts.
fn collect_names(root: &Value) -> HashMap<String, Pointer> {
    let mut names = HashMap::new();
    let mut open = vec![(Pointer::root(), root)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                for (keyword, prefix) in [
                    ("$anchor", "#"),
                    ("$dynamicAnchor", "#"),
                    ("$id", ""),
                    ("id", ""),
                ] {
                    if let Some(name) = members.get(keyword).and_then(Value::as_str) {
                        names
                            .entry(format!("{prefix}{name}"))
                            .or_insert_with(|| at.clone());
                    }
                }
                open.extend(
                    members
                        .iter()
                        .map(|(key, value)| (at.child(Token::Key(key)), value)),
                );
            }
            Value::Array(elements) => {
                open.extend(
                    elements
                        .iter()
                        .enumerate()
                        .map(|(index, value)| (at.child(index), value)),
                );
            }
            _ => {}
        }
    }
    names
}

/// Undoes percent-encoding; nothing where that is not UTF-8.
fn decode_percent(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok());
        if let Some(byte) = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
