//! What else must not stand on a tape.

use std::sync::Arc;

use serde_json::Value;

use crate::secret::Credentials;

/// What takes the place of a text.
const MASKED: &str = "[masked]";

type Change = dyn Fn(&str) -> String + Send + Sync;

/// What is taken out of all texts, beside keys.
#[derive(Clone, Default)]
pub(super) struct Mask {
    pub(super) fields: Vec<String>,
    pub(super) change: Option<Arc<Change>>,
}

impl Mask {
    /// A text without secrets, masked fields and what else is to be changed.
    pub(super) fn clean(&self, text: &str, credentials: &Credentials) -> String {
        let mut text = credentials.redact(text);
        if !self.fields.is_empty() {
            text = self.without_fields(&text);
        }
        match &self.change {
            Some(change) => change(&text),
            None => text,
        }
    }

    /// The fields are looked for in a text that is JSON, and in lines that are: of files of requests, and events of streams.
    fn without_fields(&self, text: &str) -> String {
        if let Some(masked) = self.in_json(text) {
            return masked;
        }
        let lines = text.split_inclusive('\n').map(|line| {
            let data = line.strip_prefix("data:").unwrap_or(line);
            let masked = self.in_json(data.trim());
            masked.map_or_else(|| line.to_owned(), |json| line.replace(data.trim(), &json))
        });
        lines.collect()
    }

    /// JSON with something masked in it.
    fn in_json(&self, text: &str) -> Option<String> {
        let begins = text.starts_with(['{', '[']);
        let mut json: Value = serde_json::from_str(text).ok().filter(|_| begins)?;
        self.mask(&mut json).then(|| json.to_string())
    }

    /// Masks what is below the fields, and says whether there are any. What a reader of JSON gave is nested no deeper than that reader
    /// allows (128).
    fn mask(&self, json: &mut Value) -> bool {
        let mut any = false;
        match json {
            Value::Object(members) => {
                for (name, value) in members {
                    let is_masked = self.fields.contains(name);
                    if is_masked {
                        blank(value);
                    }
                    any |= is_masked || self.mask(value);
                }
            }
            Value::Array(items) => {
                for item in items {
                    any |= self.mask(item);
                }
            }
            _ => {}
        }
        any
    }
}

/// A value of the same kind that says nothing.
fn blank(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Bool(value) => *value = false,
        Value::Number(value) => *value = 0.into(),
        Value::String(value) => MASKED.clone_into(value),
        Value::Array(items) => items.iter_mut().for_each(blank),
        Value::Object(members) => members.values_mut().for_each(blank),
    }
}
