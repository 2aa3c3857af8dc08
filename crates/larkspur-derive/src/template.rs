//! Templates: texts with fields in braces.

use syn::LitStr;

use crate::errors::Errors;

/// A piece of a template. Two texts never stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    /// Spaces and line breaks.
    Blank(String),
    /// What stands between braces.
    Hole(String),
}

/// Reads a template; `{{` and `}}` are braces. `None` if its braces do not match.
pub(crate) fn parse(template: &LitStr, errors: &mut Errors) -> Option<Vec<Part>> {
    let text = template.value();
    let mut parts = Parts::default();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '{' | '}' if rest.next_if_eq(&letter).is_some() => parts.text(letter),
            '{' => {
                let mut name = String::new();
                let closed = rest.by_ref().any(|letter| {
                    name.extend((letter != '}').then_some(letter));
                    letter == '}'
                });
                if !closed {
                    errors.at(template, "a `{` is not closed; write `{{` for a brace");
                    return None;
                }
                parts.0.push(Part::Hole(name.trim().to_owned()));
            }
            '}' => {
                errors.at(template, "a `}` closes nothing; write `}}` for a brace");
                return None;
            }
            other => parts.text(other),
        }
    }
    Some(parts.0)
}

/// A text without fields, cut at its blanks.
pub(crate) fn plain(text: &str) -> Vec<Part> {
    let mut parts = Parts::default();
    text.chars().for_each(|letter| parts.text(letter));
    parts.0
}

#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn text(&mut self, letter: char) {
        match (self.0.last_mut(), letter) {
            (Some(Part::Blank(text)), ' ' | '\n') => text.push(letter),
            (Some(Part::Text(text)), other) if !matches!(other, ' ' | '\n') => text.push(other),
            (_, ' ' | '\n') => self.0.push(Part::Blank(letter.to_string())),
            (_, other) => self.0.push(Part::Text(other.to_string())),
        }
    }
}
