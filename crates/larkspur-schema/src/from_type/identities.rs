//! Which Rust type stands behind a definition.
//!
//! `schemars` gives every type a `schema_id` (module path and type arguments) next to its short name, but its
//! generator offers no way to read the pairs. They are in its `Debug` output, which is read here. Should a later
//! version print something else, the table is empty: instances of generic types keep the names `schemars`
//! gave them and the standard library's types stay open; nothing else changes, and the tests of `names` say so.

use schemars::SchemaGenerator;

/// Pairs of definition name and `schema_id`, in the order of the ids.
#[derive(Default)]
pub(super) struct Identities(Vec<(String, String)>);

impl Identities {
    /// Reads the pairs; the definitions should have been taken out before, they would only be printed along.
    pub(super) fn of(generator: &SchemaGenerator) -> Self {
        Self::read(&format!("{generator:?}")).unwrap_or_default()
    }

    fn read(debug: &str) -> Option<Self> {
        let (_, mut rest) = debug.split_once("schema_id_to_name: {")?;
        let mut pairs = Vec::new();
        while let Some(entry) = rest.strip_prefix("SchemaUid(") {
            let (id, tail) = debug_string(entry)?;
            let (name, tail) = debug_string(tail.strip_prefix(", Deserialize): ")?)?;
            pairs.push((name, id));
            rest = tail.strip_prefix(", ").unwrap_or(tail);
        }
        rest.starts_with('}').then_some(Self(pairs))
    }

    pub(super) fn id_of(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, id)| id.as_str())
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, id)| id.as_str())
    }
}

/// Reads a string literal as `Debug` prints it; gives it and what follows.
fn debug_string(text: &str) -> Option<(String, &str)> {
    let mut read = String::new();
    let mut rest = text.strip_prefix('"')?.chars();
    loop {
        match rest.next()? {
            '"' => return Some((read, rest.as_str())),
            // Names and paths hold identifiers; any other escape means that this is not such a pair.
            '\\' => read.push(
                rest.next()
                    .filter(|escaped| matches!(escaped, '"' | '\\' | '\''))?,
            ),
            plain => read.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pairs_out_of_the_debug_text() {
        let debug = r#"G { schema_id_to_name: {SchemaUid("a::B<u8>", Deserialize): "B", SchemaUid("a\\c", Deserialize): "q\"q"}, used: {} }"#;
        let read = Identities::read(debug).unwrap();
        assert_eq!(read.id_of("B"), Some("a::B<u8>"));
        assert_eq!(read.id_of("q\"q"), Some("a\\c"));
        assert_eq!(read.id_of("C"), None);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for debug in [
            "G { }",
            "schema_id_to_name: {SchemaUid(1): \"B\"}",
            "schema_id_to_name: {SchemaUid(\"a",
        ] {
            assert!(Identities::read(debug).is_none(), "{debug}");
        }
    }
}
