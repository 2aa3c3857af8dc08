//! What a message says, the same in all APIs but for its parts.

use serde::{Deserialize, Serialize};

/// What a message says: a text, or parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content<Part> {
    /// Plain text.
    Text(String),
    /// Texts, images, files.
    Parts(Vec<Part>),
}

impl<Part: From<String>> Content<Part> {
    /// Adds a part; a text that was all so far becomes the first one.
    pub fn push(&mut self, part: Part) {
        match self {
            Self::Parts(parts) => parts.push(part),
            Self::Text(text) => {
                let text = std::mem::take(text);
                let text = (!text.is_empty()).then(|| text.into());
                *self = Self::Parts(text.into_iter().chain([part]).collect());
            }
        }
    }
}

impl<Part> Content<Part> {
    /// The parts; none of a plain text.
    pub fn parts(&self) -> &[Part] {
        match self {
            Self::Text(_) => &[],
            Self::Parts(parts) => parts,
        }
    }
}

impl<Part> Default for Content<Part> {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl<Part> From<&str> for Content<Part> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<Part> From<String> for Content<Part> {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<Part> From<Vec<Part>> for Content<Part> {
    fn from(parts: Vec<Part>) -> Self {
        Self::Parts(parts)
    }
}
