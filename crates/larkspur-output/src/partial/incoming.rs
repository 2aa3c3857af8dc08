//! The text of an answer, as far as it has come.

use std::{fmt, sync::Arc};

use larkspur_json::{Error, Mark, Snapshot};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::View;
use crate::JsonReader;

/// A JSON answer that is still coming: what [`Output::incoming`](crate::Output::incoming) gives.
///
/// Pieces may end anywhere. All work together is linear in the text; [`to_value`](Self::to_value) and [`to`](Self::to) copy what is there.
/// Text before the value (prose, a fence) is passed over, unless it begins with a string or a number.
pub struct Incoming {
    partial: larkspur_json::Partial,
    reader: Option<Arc<JsonReader>>,
}

impl Incoming {
    pub(crate) fn new(reader: Option<Arc<JsonReader>>) -> Self {
        let limits = reader.as_ref().map(|reader| reader.limits.clone());
        let partial = larkspur_json::Partial::with_limits(limits.unwrap_or_default());
        Self {
            partial: partial.in_prose(),
            reader,
        }
    }

    /// Takes the next piece of the answer.
    ///
    /// # Errors
    /// At the first character that cannot be JSON, or where a limit is passed; then again for every later piece. What had come before
    /// is still there.
    pub fn push(&mut self, piece: &str) -> Result<(), Error> {
        self.partial.push(piece).map(drop)
    }

    /// What has come, in the shape in which it is sent.
    pub fn snapshot(&self) -> Snapshot<'_> {
        self.partial.snapshot()
    }

    /// Shows `with` what has come, in the shape of the type; nothing before the value has a meaning.
    pub fn view<R>(&self, since: Mark, with: impl FnOnce(&View<'_>) -> R) -> Option<R> {
        match self.reader.as_ref().and_then(|reader| reader.lift.as_ref()) {
            Some(lift) => lift.view(self.snapshot(), since, with),
            None => View::of(self.snapshot(), since).as_ref().map(with),
        }
    }

    /// What has come, in the shape of the type.
    pub fn to_value(&self) -> Option<Value> {
        self.view(Mark::ZERO, |view| view.to_node().to_value())
    }

    /// What has come, as a type in which everything may be absent that has not come: its fields are `Option`s or have a default.
    /// Strings are as long as they have come, numbers and literals are there when they are whole.
    ///
    /// ```
    /// # use larkspur_output::{OutputType, Target, json_schema};
    /// #[derive(Debug, Default, serde::Deserialize)]
    /// #[serde(default)]
    /// struct SoFar {
    ///     title: String,
    ///     pages: Option<u32>,
    /// }
    ///
    /// # let schema = serde_json::json!({"type": "object"});
    /// # let output = json_schema("book", schema).prepare(Target::plain())?;
    /// let mut incoming = output.incoming();
    /// incoming.push(r#"{"title": "Mob"#)?;
    /// let book: SoFar = incoming.to().ok_or("it does not fit")?;
    /// assert_eq!((book.title.as_str(), book.pages), ("Mob", None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to<T: DeserializeOwned>(&self) -> Option<T> {
        self.view(Mark::ZERO, |view| view.to_node().deserialize().ok())
            .flatten()
    }

    /// Whether the value is whole.
    pub fn is_complete(&self) -> bool {
        self.snapshot().is_complete()
    }

    /// All text that has come.
    pub fn text(&self) -> &str {
        self.partial.text()
    }
}

/// Without the text.
impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("text_bytes", &self.text().len())
            .field("is_complete", &self.is_complete())
            .finish_non_exhaustive()
    }
}
