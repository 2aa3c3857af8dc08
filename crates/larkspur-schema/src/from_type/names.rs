//! Names of definitions: readable, distinct, and safe in a reference.
//!
//! `schemars` calls every instance of a generic type by the bare name of the type and adds a number to the second one,
//! in the order of discovery: `Page`, `Page2`. A model reads these names, and adding a field must not swap them, so an
//! instance is named after its arguments: `Page_of_Item`. A name given with `#[schemars(rename = …)]` is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::document::{Document, referenced, set_referenced};
use super::identities::Identities;

/// Ids of types that `schemars` writes in place, and how Rust calls them.
const PRIMITIVES: [(&str, &str); 19] = [
    ("AnyValue", "Value"),
    ("boolean", "bool"),
    ("char", "char"),
    ("double", "f64"),
    ("float", "f32"),
    ("int128", "i128"),
    ("int16", "i16"),
    ("int32", "i32"),
    ("int64", "i64"),
    ("int8", "i8"),
    ("int", "isize"),
    ("null", "unit"),
    ("string", "String"),
    ("uint128", "u128"),
    ("uint16", "u16"),
    ("uint32", "u32"),
    ("uint64", "u64"),
    ("uint8", "u8"),
    ("uint", "usize"),
];

/// Deeper nesting of type arguments than this keeps the name that `schemars` gave.
const MAX_NESTING: usize = 16;

pub(super) fn rename(document: &mut Document) {
    let mut renamed = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for name in document.definitions.keys() {
        let wanted = instance_name(name, &document.identities).unwrap_or_else(|| name.clone());
        renamed.insert(name.clone(), free_name(&safe(&wanted), &mut taken));
    }
    document.for_each_schema(&mut |schema| {
        if let Some(name) = referenced(schema).and_then(|old| renamed.get(&old)) {
            set_referenced(schema, name);
        }
    });
    let definitions: Map<String, Value> = std::mem::take(&mut document.definitions)
        .into_iter()
        .map(|(old, schema)| (renamed.get(&old).cloned().unwrap_or(old), schema))
        .collect();
    document.definitions = definitions;
}

/// `Page_of_Item` for a definition that `schemars` calls `Page` or `Page2` and whose id is `…::Page<…::Item>`.
fn instance_name(name: &str, identities: &Identities) -> Option<String> {
    let id = identities.id_of(name)?;
    let path = id.split('<').next()?;
    let base = path.rsplit("::").next()?;
    let number = name.strip_prefix(base)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) || !path.contains("::") {
        return None;
    }
    Instances { identities }.derived(id, 0)
}

struct Instances<'a> {
    identities: &'a Identities,
}

impl Instances<'_> {
    /// The name of a derived type: its last path segment and its arguments.
    fn derived(&self, id: &str, nesting: usize) -> Option<String> {
        let (path, arguments) = match id.split_once('<') {
            Some((path, arguments)) => (path, arguments.strip_suffix('>')?),
            None => (id, ""),
        };
        let base = path.rsplit("::").next()?;
        let mut name = base.to_owned();
        let mut rest = arguments;
        while !rest.is_empty() {
            name.push_str(if name.len() == base.len() {
                "_of_"
            } else {
                "_and_"
            });
            let (argument, tail) = self.argument(rest, nesting + 1)?;
            name.push_str(&argument);
            rest = tail;
        }
        Some(name)
    }

    /// One type argument at the start of `text`, and what follows. The derive writes them with nothing in between,
    /// so the types that are known to exist decide where one ends.
    fn argument<'t>(&self, text: &'t str, nesting: usize) -> Option<(String, &'t str)> {
        if nesting > MAX_NESTING {
            return None;
        }
        let known = self
            .identities
            .ids()
            .filter(|id| text.starts_with(id))
            .max_by_key(|id| id.len());
        if let Some(id) = known {
            return Some((self.derived(id, nesting)?, text.get(id.len()..)?));
        }
        if let Some(tail) = text.strip_prefix('[') {
            return self.wrapped("Array_of_", tail, ']', nesting);
        }
        if let Some(tail) = text.strip_prefix('(') {
            return self.wrapped("Tuple_of_", tail, ')', nesting);
        }
        for constructor in ["Map", "Option", "Set"] {
            if let Some(tail) = text
                .strip_prefix(constructor)
                .and_then(|tail| tail.strip_prefix('<'))
            {
                return self.wrapped(&format!("{constructor}_of_"), tail, '>', nesting);
            }
        }
        let primitive = PRIMITIVES
            .iter()
            .filter(|(id, _)| text.starts_with(id))
            .max_by_key(|(id, _)| id.len());
        if let Some((id, name)) = primitive {
            return Some(((*name).to_owned(), text.get(id.len()..)?));
        }
        plain(text)
    }

    /// The arguments of a built-in constructor up to `close`.
    fn wrapped<'t>(
        &self,
        prefix: &str,
        text: &'t str,
        close: char,
        nesting: usize,
    ) -> Option<(String, &'t str)> {
        let mut name = prefix.to_owned();
        let mut rest = text;
        loop {
            let (argument, tail) = self.argument(rest, nesting + 1)?;
            name.push_str(&argument);
            if let Some(tail) = tail.strip_prefix(close) {
                return Some((name, tail));
            }
            rest = tail.trim_start_matches([',', ';', ' ']);
            name.push_str("_and_");
        }
    }
}

/// A path to a type that is written in place (`uuid::Uuid`) or a constant (`3`).
fn plain(text: &str) -> Option<(String, &str)> {
    let is_constant = text.starts_with(|first: char| first.is_ascii_digit());
    let belongs = |next: char| {
        if is_constant {
            next.is_ascii_digit()
        } else {
            next.is_alphanumeric() || next == '_' || next == ':'
        }
    };
    let end = text.find(|next| !belongs(next)).unwrap_or(text.len());
    let (word, tail) = text.split_at_checked(end)?;
    let last = word.rsplit("::").next().filter(|last| !last.is_empty())?;
    Some((last.to_owned(), tail))
}

/// Only characters that need no escape in a JSON Pointer, in a URI fragment, or with a server.
fn safe(name: &str) -> String {
    let keep = |next: char| {
        if next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '.') {
            next
        } else {
            '_'
        }
    };
    name.chars().map(keep).collect()
}

fn free_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 1_u32;
    while !taken.insert(name.clone()) {
        number += 1;
        name = format!("{wanted}{number}");
    }
    name
}
