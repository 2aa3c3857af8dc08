//! The root schema and its definitions while the passes work on them.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::identities::Identities;
use super::walk;

/// Where definitions live; every reference that `schemars` writes starts so.
const DEFINITIONS: &str = "#/$defs/";

pub(super) struct Document {
    /// A lone `$ref` for a named type, else the schema itself.
    pub(super) root: Value,
    pub(super) definitions: Map<String, Value>,
    pub(super) identities: Identities,
    title: String,
}

impl Document {
    /// Asks `schemars` for `T` as a *sub*schema, so that a type that contains itself gets an entry
    /// in the definitions as any other type does, where `schemars` would write `"$ref": "#"` and tie it to the root.
    pub(super) fn generate<T: JsonSchema + ?Sized>() -> Self {
        let mut generator = SchemaSettings::draft2020_12()
            .for_deserialize()
            .into_generator();
        let root = generator.subschema_for::<T>().to_value();
        let definitions = generator.take_definitions(false);
        let identities = Identities::of(&generator);
        Self {
            root,
            definitions,
            identities,
            title: T::schema_name().into_owned(),
        }
    }

    pub(super) fn for_each_schema(&mut self, visit: &mut impl FnMut(&mut Value)) {
        walk::for_each(&mut self.root, visit);
        for schema in self.definitions.values_mut() {
            walk::for_each(schema, visit);
        }
    }

    /// The finished document: the root's own keywords at the top level, `$defs` last and only what is used.
    pub(super) fn into_schema(mut self) -> Value {
        let named = lone_reference(&self.root).map(str::to_owned);
        let title = named
            .clone()
            .unwrap_or_else(|| std::mem::take(&mut self.title));
        let root = named
            .and_then(|name| self.definitions.get(&name))
            .unwrap_or(&self.root)
            .clone();
        let used = self.used_by(&root);

        let mut schema = Map::new();
        schema.insert(
            "$schema".to_owned(),
            "https://json-schema.org/draft/2020-12/schema".into(),
        );
        schema.insert("title".to_owned(), title.into());
        match root {
            Value::Object(keywords) => schema.extend(keywords),
            Value::Bool(false) => {
                schema.insert("not".to_owned(), Value::Object(Map::new()));
            }
            _ => {}
        }
        self.definitions.retain(|name, _| used.contains(name));
        if !self.definitions.is_empty() {
            schema.insert("$defs".to_owned(), Value::Object(self.definitions));
        }
        Value::Object(schema)
    }

    /// Names of the definitions that `root` reaches.
    fn used_by(&self, root: &Value) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let mut open = vec![root.clone()];
        while let Some(mut schema) = open.pop() {
            walk::for_each(&mut schema, &mut |schema| {
                if let Some(name) = referenced(schema)
                    && !used.contains(&name)
                    && let Some(definition) = self.definitions.get(&name)
                {
                    open.push(definition.clone());
                    used.insert(name);
                }
            });
        }
        used
    }
}

/// The definition that `schema` refers to, whatever stands beside the `$ref`.
pub(super) fn referenced(schema: &Value) -> Option<String> {
    let name = schema.get("$ref")?.as_str()?.strip_prefix(DEFINITIONS)?;
    Some(decode(name.split('/').next()?))
}

/// Points the `$ref` of `schema` to the definition `name`, which needs no escaping.
pub(super) fn set_referenced(schema: &mut Value, name: &str) {
    if let Some(reference) = schema.get_mut("$ref") {
        let tail = reference
            .as_str()
            .and_then(|text| text.strip_prefix(DEFINITIONS)?.split_once('/'));
        let tail = tail.map_or(String::new(), |(_, tail)| format!("/{tail}"));
        *reference = format!("{DEFINITIONS}{name}{tail}").into();
    }
}

fn lone_reference(schema: &Value) -> Option<&str> {
    let object = schema.as_object().filter(|object| object.len() == 1)?;
    object.get("$ref")?.as_str()?.strip_prefix(DEFINITIONS)
}

/// One token of a JSON Pointer inside a URI fragment (RFC 6901, section 6) as text.
fn decode(token: &str) -> String {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = tail
            .get(..2)
            .filter(|_| byte == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(value) = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(value);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes)
        .replace("~1", "/")
        .replace("~0", "~")
}
