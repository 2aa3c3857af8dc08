//! Keys that occur twice.

use std::collections::{HashMap, hash_map::Entry};

use crate::{Kind, Node, Object, Pointer, Span};

/// A key that an object has more than once.
///
/// RFC 8259 leaves the meaning of such an object open, and readers differ: a value that one program checks is not the
/// value that the next program uses. So duplicates are reported and not resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The path of the member.
    pub pointer: Pointer,
    /// The first time that the key is written.
    pub first: Span,
    /// A later time.
    pub second: Span,
}

impl Node<'_> {
    /// The keys that are written again in the same object, in text order, at any depth.
    ///
    /// At most 100 are collected, fewer where their pointers together would pass a mebibyte: a hostile text could
    /// otherwise make the list many times as large as itself.
    ///
    /// ```
    /// let text = r#"{"a": 1, "b": {"c": 2, "c": 3}}"#;
    /// let duplicates = larkspur_json::parse(text)?.duplicate_keys();
    /// assert_eq!(duplicates.len(), 1);
    /// assert_eq!(duplicates[0].pointer.to_string(), "/b/c");
    /// assert_eq!(duplicates[0].second.start, 23);
    /// # Ok::<(), larkspur_json::Error>(())
    /// ```
    pub fn duplicate_keys(&self) -> Vec<Duplicate> {
        // Most texts have none; those pay neither for pointers nor for tables.
        if !self.has_duplicate_keys() {
            return Vec::new();
        }
        let mut search = Search {
            pointer: Pointer::root(),
            found: Vec::new(),
            pointer_bytes: 0,
        };
        search.visit(self);
        search.found
    }

    /// Whether some object, at any depth, has a key twice.
    pub fn has_duplicate_keys(&self) -> bool {
        match &self.kind {
            Kind::Array(elements) => elements.iter().any(Node::has_duplicate_keys),
            Kind::Object(object) => {
                object.has_duplicates()
                    || object
                        .iter()
                        .any(|member| member.value.has_duplicate_keys())
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => false,
        }
    }
}

struct Search {
    pointer: Pointer,
    found: Vec<Duplicate>,
    /// Length of all the pointers in `found` together.
    pointer_bytes: usize,
}

impl Search {
    const MOST: usize = 100;
    const MOST_POINTER_BYTES: usize = 1 << 20;

    fn visit(&mut self, node: &Node<'_>) {
        match &node.kind {
            Kind::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.pointer.push_index(index);
                    self.visit(element);
                    self.pointer.pop();
                }
            }
            Kind::Object(object) => self.visit_object(object),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    fn visit_object(&mut self, object: &Object<'_>) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for member in object {
            if self.is_full() {
                return;
            }
            self.pointer.push_key(&member.key);
            match seen.entry(&member.key) {
                Entry::Occupied(first) => self.report(*first.get(), member.key_span),
                Entry::Vacant(vacant) => {
                    vacant.insert(member.key_span);
                }
            }
            self.visit(&member.value);
            self.pointer.pop();
        }
    }

    fn report(&mut self, first: Span, second: Span) {
        self.pointer_bytes += self.pointer.as_str().len();
        self.found.push(Duplicate {
            pointer: self.pointer.clone(),
            first,
            second,
        });
    }

    fn is_full(&self) -> bool {
        self.found.len() >= Self::MOST || self.pointer_bytes > Self::MOST_POINTER_BYTES
    }
}
