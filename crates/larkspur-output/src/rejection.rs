//! Why a text could not be read.

mod frame;
mod reask;

use std::fmt;

use larkspur_json::Position;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use self::frame::Frame;
use crate::Violation;

/// A model's text that could not be read, and all the reasons that were found.
///
/// - `Display` is for people: each violation with the line of the text it is in. Bounded in lines and columns, whatever
///   the text; characters that a terminal would act upon are replaced.
/// - [`Rejection::reask`] is for the model.
/// - `Serialize` is for programs: `{"message": …, "violations": […]}`.
/// - [`Rejection::masked`] is for logs that must not hold the model's text.
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    /// Nothing where the rejection is masked.
    text: Option<String>,
    violations: Vec<Violation>,
    places: Vec<Option<Position>>,
    omitted: usize,
    truncated: bool,
}

impl Rejection {
    /// Most violations that are kept; the others are counted.
    pub const MOST: usize = 100;

    /// Most violations that `Display` shows.
    const SHOWN: usize = 10;

    /// A rejection of `text` for these reasons, of which there should be at least one.
    ///
    /// They are put in the order of the text, and told only once each.
    pub fn new(text: impl Into<String>, mut violations: Vec<Violation>) -> Self {
        let text = text.into();
        violations.sort_by_key(|violation| violation.span.map_or(0, |span| span.start));
        violations.dedup();
        let omitted = violations.len().saturating_sub(Self::MOST);
        violations.truncate(Self::MOST);
        let places = positions(&text, &violations);
        Self(Box::new(Inner {
            text: Some(text),
            violations,
            places,
            omitted,
            truncated: false,
        }))
    }

    /// Says that the text is good so far and only ends too early.
    pub fn truncated(mut self) -> Self {
        self.0.truncated = true;
        self
    }

    /// Counts violations that were found but never made.
    pub(crate) fn omitting(mut self, more: usize) -> Self {
        self.0.omitted = self.0.omitted.saturating_add(more);
        self
    }

    /// The text as the model wrote it; empty where the rejection is masked.
    pub fn text(&self) -> &str {
        self.0.text.as_deref().unwrap_or_default()
    }

    /// The reasons in the order of the text, at most [`Rejection::MOST`].
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// How many more violations there are than are listed, as far as they were counted.
    pub fn omitted(&self) -> usize {
        self.0.omitted
    }

    /// Whether the text is good so far and only ends too early.
    pub fn is_truncated(&self) -> bool {
        self.0.truncated
    }

    /// The first violation and how many more there are, in one line.
    pub fn message(&self) -> String {
        let first = match self.0.violations.first() {
            Some(Violation {
                pointer: Some(pointer),
                message,
                ..
            }) if !pointer.is_root() => {
                format!("{} at {}", message, frame::printable(pointer.as_str(), 80))
            }
            Some(violation) => violation.message.clone(),
            None => "the text was rejected".to_owned(),
        };
        match self
            .0
            .violations
            .len()
            .saturating_sub(1)
            .saturating_add(self.0.omitted)
        {
            0 => first,
            more => format!("{first} (and {more} more)"),
        }
    }

    /// The message that asks the model to try again: what is wrong and where, in plain words.
    ///
    /// Bounded in length. What it repeats of the model's text is cut and quoted as JSON strings, because that text may
    /// have been written by someone who wants to be mistaken for the user.
    pub fn reask(&self) -> String {
        reask::message(self)
    }

    /// The same rejection without the text and without any value of it: places and rules only.
    pub fn masked(&self) -> Self {
        Self(Box::new(Inner {
            text: None,
            violations: self.0.violations.iter().map(Violation::masked).collect(),
            ..(*self.0).clone()
        }))
    }
}

/// Line and column of each violation, in one pass over the text.
///
/// The violations are in the order of the text.
fn positions(text: &str, violations: &[Violation]) -> Vec<Option<Position>> {
    let mut from = 0;
    let mut line = 1;
    let mut place = |start: usize| {
        let skipped = text.get(from..start)?;
        line += skipped.bytes().filter(|byte| *byte == b'\n').count();
        from = start;
        let line_start = text
            .get(..start)?
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let column = 1 + text.get(line_start..start)?.chars().count();
        Some(Position { line, column })
    };
    violations
        .iter()
        .map(|violation| violation.span.and_then(|span| place(span.start)))
        .collect()
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self
            .0
            .violations
            .iter()
            .zip(&self.0.places)
            .take(Self::SHOWN);
        for (number, (violation, place)) in shown.enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            match violation.code {
                Some(code) => write!(f, "error[{code}]: {}", violation.message)?,
                None => write!(f, "error: {}", violation.message)?,
            }
            self.write_place(f, violation, *place)?;
        }
        match self
            .0
            .violations
            .len()
            .saturating_sub(Self::SHOWN)
            .saturating_add(self.0.omitted)
        {
            0 => Ok(()),
            more => write!(f, "\n… and {more} more"),
        }
    }
}

impl Rejection {
    fn write_place(
        &self,
        f: &mut fmt::Formatter<'_>,
        violation: &Violation,
        place: Option<Position>,
    ) -> fmt::Result {
        let frame = match (&self.0.text, violation.span, place) {
            (Some(text), Some(span), Some(place)) => Some(Frame::of(text, span, place)),
            _ => None,
        };
        let margin = frame.as_ref().map_or(1, Frame::margin);
        let pointer = violation
            .pointer
            .as_ref()
            .filter(|pointer| !pointer.is_root());
        let pointer = pointer.map(|pointer| frame::printable(pointer.as_str(), 80));
        match (place, pointer) {
            (Some(place), Some(pointer)) => {
                write!(
                    f,
                    "\n{:margin$}--> line {}, column {}: {pointer}",
                    "", place.line, place.column
                )?;
            }
            (Some(place), None) => write!(
                f,
                "\n{:margin$}--> line {}, column {}",
                "", place.line, place.column
            )?,
            (None, Some(pointer)) => write!(f, "\n{:margin$}--> {pointer}", "")?,
            (None, None) => {}
        }
        if let Some(frame) = frame {
            write!(f, "\n{frame}")?;
        }
        match &violation.hint {
            Some(hint) => write!(f, "\n{:margin$} = hint: {hint}", ""),
            None => Ok(()),
        }
    }
}

/// Without the text: what ends up in a log by accident should not be as long as a model's answer.
impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("text_bytes", &self.0.text.as_ref().map(String::len))
            .field("violations", &self.0.violations)
            .field("omitted", &self.0.omitted)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Rejection {}

impl Serialize for Rejection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Rejection", 2)?;
        fields.serialize_field("message", &self.message())?;
        fields.serialize_field("violations", &self.0.violations)?;
        fields.end()
    }
}
