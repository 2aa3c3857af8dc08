//! What is asked about a row.

use serde_json::Value;

use crate::exit::Failure;

/// How a row becomes what the model is given.
#[derive(Debug)]
pub(crate) enum Prompt {
    /// The row itself where it is a string, its `input` where it has one, else all of it as JSON.
    Row,
    /// A text with places for members of the row.
    Template(Vec<Part>),
}

#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    Text(String),
    Member(String),
}

impl Prompt {
    /// Reads a template: `{name}` is a member, `{{` and `}}` are braces.
    pub(crate) fn new(template: Option<&str>) -> Result<Self, Failure> {
        let Some(template) = template else {
            return Ok(Self::Row);
        };
        let fault = |message: &str| {
            Failure::new(format_args!("`--prompt`: {message}")).hint(
                "`{name}` stands for the member of that name; a brace is written `{{` or `}}`",
            )
        };
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = template.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '{' | '}' if rest.next_if_eq(&c).is_some() => text.push(c),
                '}' => return Err(fault("a `}` closes nothing")),
                '{' => {
                    let mut name = String::new();
                    loop {
                        match rest.next() {
                            Some('}') => break,
                            Some(c) => name.push(c),
                            None => return Err(fault("a `{` is not closed")),
                        }
                    }
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(Part::Member(name));
                }
                _ => text.push(c),
            }
        }
        parts.push(Part::Text(text));
        Ok(Self::Template(parts))
    }

    /// The text for a row; an error where the row has no such member.
    pub(crate) fn fill(&self, row: &Value) -> Result<String, String> {
        match self {
            Self::Row => Ok(match row.get("input") {
                Some(input) => shown(input),
                None => shown(row),
            }),
            Self::Template(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => Ok(text.clone()),
                    Part::Member(name) => row
                        .get(name)
                        .map(shown)
                        .ok_or_else(|| format!("it has no `{name}`, which the prompt asks for")),
                })
                .collect(),
        }
    }
}

/// A text as it is, anything else as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
