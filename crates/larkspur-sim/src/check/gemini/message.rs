//! JSON as a protocol buffer's message is read from it: names in either spelling, nothing that is not a field.

use serde_json::{Map, Value};

use crate::api_error::ApiError;

/// A message, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Message<'a> {
    members: &'a Map<String, Value>,
    /// For example `contents[0].parts[1]`; nothing for the request.
    place: String,
}

impl<'a> Message<'a> {
    /// A whole body.
    pub(super) fn of(members: &'a Map<String, Value>) -> Self {
        Self {
            members,
            place: String::new(),
        }
    }

    pub(super) fn members(&self) -> &'a Map<String, Value> {
        self.members
    }

    /// Where a field stands, in the server's spelling.
    pub(super) fn place(&self, name: &str) -> String {
        let name = snake(name);
        match self.place.as_str() {
            "" => name,
            place => format!("{place}.{name}"),
        }
    }

    /// The value of a field, which is named as JSON names it and may be spelt as the message names it; `null` is none.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let found = self.members.get(name);
        let found = found.or_else(|| self.members.get(&snake(name)));
        found.filter(|value| !value.is_null())
    }

    /// Refuses what is none of these fields.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        let is_known = |name: &&String| {
            known
                .iter()
                .any(|known| *known == **name || snake(known) == **name)
        };
        let Some(unknown) = self.members.keys().find(|name| !is_known(name)) else {
            return Ok(());
        };
        let place = match self.place.as_str() {
            "" => String::new(),
            place => format!(" at '{place}'"),
        };
        Err(ApiError::invalid(format!(
            "Invalid JSON payload received. Unknown name \"{unknown}\"{place}: Cannot find field."
        )))
    }

    /// The refusal of a value that is of another type than its field.
    pub(super) fn wrong(&self, name: &str, kind: &str, found: &Value) -> ApiError {
        ApiError::invalid(format!(
            "Invalid value at '{}' ({kind}), {found}",
            self.place(name)
        ))
    }

    /// The refusal of a value that its field may not have.
    pub(super) fn invalid(&self, name: &str, message: impl std::fmt::Display) -> ApiError {
        ApiError::invalid(format!(
            "* GenerateContentRequest.{}: {message}\n",
            self.place(name)
        ))
    }

    pub(super) fn message(&self, name: &str) -> Result<Option<Self>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Self {
                members,
                place: self.place(name),
            })),
            Some(other) => Err(self.wrong(name, "message", other)),
        }
    }

    pub(super) fn messages(&self, name: &str) -> Result<Vec<Self>, ApiError> {
        let items = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items.as_slice(),
            // One is a list of one.
            Some(other) => std::slice::from_ref(other),
        };
        let messages = items.iter().enumerate().map(|(at, item)| match item {
            Value::Object(members) => Ok(Self {
                members,
                place: format!("{}[{at}]", self.place(name)),
            }),
            other => Err(self.wrong(&format!("{name}[{at}]"), "message", other)),
        });
        messages.collect()
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "TYPE_STRING", other)),
        }
    }

    /// A whole number; protocol buffers take it as a text, too.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let read = match value {
            Value::String(text) => text.parse().ok(),
            value => value.as_i64(),
        };
        read.map(Some)
            .ok_or_else(|| self.wrong(name, "TYPE_INT32", value))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_f64()
                .map(Some)
                .ok_or_else(|| self.wrong(name, "TYPE_FLOAT", value)),
        }
    }

    /// One of the words of an enum, in any case.
    pub(super) fn word(
        &self,
        name: &str,
        kind: &str,
        words: &[&'static str],
    ) -> Result<Option<&'static str>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let text = value.as_str().unwrap_or_default();
        let found = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        found.map(|word| Some(*word)).ok_or_else(|| {
            let kind = format!("type.googleapis.com/google.ai.generativelanguage.v1beta.{kind}");
            self.wrong(name, &kind, value)
        })
    }
}

/// `response_schema` as `responseSchema`.
pub(super) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut written, word| {
        let mut letters = word.chars();
        written.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        written.push_str(letters.as_str());
        written
    })
}

/// `responseSchema` as `response_schema`.
fn snake(name: &str) -> String {
    let mut written = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            written.push('_');
        }
        written.push(letter.to_ascii_lowercase());
    }
    written
}
