//! JSON while it is being written: a snapshot after every piece, at a cost that is linear in the text as a whole.
//!
//! The values are in one flat list, in the order in which they begin; what is open is a stack of places in it. A piece of text only
//! ever adds to the end of the list and to the innermost value that is open, so that nothing is read or copied twice. Strings and
//! keys are places in the text; only from the first escape on they are put together beside it.

mod machine;
mod snapshot;

use std::num::NonZeroUsize;

use self::machine::State;
pub use self::snapshot::{Mark, Part, PartKind, Snapshot};
use crate::{
    Error, Limits, Span,
    parse::{Fault, FaultKind},
};

/// Reads JSON that comes in pieces, and shows after each piece what is there.
///
/// Pieces may end anywhere: inside an escape, a surrogate pair, the bytes of a character. However a text is cut, the end is the same.
///
/// What a snapshot shows never changes later, it only grows: strings get longer, arrays and objects get more members. Numbers and
/// literals are shown when they are whole (`12` may become `120`), members when their value begins. Only where a key is there
/// twice, which strict reading refuses in the end, does the second value stand beside the first.
///
/// ```
/// use larkspur_json::Partial;
/// use serde_json::json;
///
/// let mut partial = Partial::new();
/// let snapshot = partial.push(r#"{"title": "Lam"#)?;
/// assert_eq!(snapshot.to_value(), Some(json!({"title": "Lam"})));
/// assert_eq!(snapshot.in_flight().unwrap().to_string(), "/title");
///
/// let snapshot = partial.push(r#"p", "sizes": [12, 3"#)?;
/// assert_eq!(snapshot.to_value(), Some(json!({"title": "Lamp", "sizes": [12]})));
/// let finished: Vec<_> = snapshot.finished().map(|part| part.pointer().to_string()).collect();
/// assert_eq!(finished, ["/title", "/sizes/0"]);
///
/// partial.push("5]}")?;
/// assert_eq!(partial.finish()?.to_value(), Some(json!({"title": "Lamp", "sizes": [12, 35]})));
/// # Ok::<(), larkspur_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Partial {
    limits: Limits,
    text: String,
    /// The bytes of a character that has not come whole.
    rest: Vec<u8>,
    /// What has been looked at.
    at: usize,
    state: State,
    entries: Vec<Entry>,
    /// The arrays and objects that are open, outermost first.
    open: Vec<usize>,
    /// The key whose value is awaited.
    key: Key,
    /// The children of each array and object, in the order in which they began.
    lists: Vec<Vec<usize>>,
    /// The strings with escapes, as far as they have come, without their escapes.
    resolved: Vec<String>,
    /// The values that the last piece has finished.
    finished: Vec<usize>,
    /// Whether text before and after the value is passed over.
    in_prose: bool,
    /// The first fault; there is no reading on after it.
    fault: Option<Fault>,
}

/// A value, as far as it has come.
#[derive(Clone, Debug)]
struct Entry {
    kind: EntryKind,
    /// The array or object that it is in; the first value is in none.
    parent: usize,
    key: Key,
    /// Its place among its siblings.
    index: usize,
    start: usize,
    /// Nothing while it is open. No value ends where the text begins.
    end: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug)]
enum EntryKind {
    Null,
    Bool(bool),
    Number,
    String(Characters),
    /// Its children: their place among the lists.
    Array(usize),
    Object(usize),
}

/// The characters of a string.
#[derive(Clone, Copy, Debug, Default)]
enum Characters {
    /// As they stand in the text.
    #[default]
    Plain,
    /// At this place among the resolved ones.
    Resolved(usize),
}

/// The key of a member.
#[derive(Clone, Copy, Debug, Default)]
struct Key {
    /// With its quotes; empty where there is no key.
    span: Span,
    characters: Characters,
}

impl Partial {
    /// A reader of one JSON value, within the default [`Limits`].
    pub fn new() -> Self {
        Self::with_limits(Limits::new())
    }

    /// A reader within limits of your own.
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            text: String::new(),
            rest: Vec::new(),
            at: 0,
            state: State::Start,
            entries: Vec::new(),
            open: Vec::new(),
            key: Key::default(),
            lists: Vec::new(),
            resolved: Vec::new(),
            finished: Vec::new(),
            in_prose: false,
            fault: None,
        }
    }

    /// Passes over text before the first `{` or `[`, unless the text begins with a string or a number, and over text after the
    /// value: for answers in a code block or in prose.
    pub fn in_prose(mut self) -> Self {
        self.in_prose = true;
        self
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// At the first character that cannot be JSON, or where a limit is passed; then again for every later piece.
    pub fn push(&mut self, piece: &str) -> Result<Snapshot<'_>, Error> {
        if self.rest.is_empty() && self.fault.is_none() {
            self.text.push_str(piece);
            self.pushed(Ok(()))
        } else {
            self.push_bytes(piece.as_bytes())
        }
    }

    /// Takes the next piece as bytes, which may end inside a character.
    ///
    /// # Errors
    /// As [`Partial::push`]; also where the bytes are not UTF-8.
    pub fn push_bytes(&mut self, piece: &[u8]) -> Result<Snapshot<'_>, Error> {
        let taken = self.take(piece);
        self.pushed(taken)
    }

    /// Reads what was added to the text, if it could be.
    fn pushed(&mut self, taken: Result<(), Fault>) -> Result<Snapshot<'_>, Error> {
        self.finished.clear();
        let within = taken.and_then(|()| match Fault::too_long(&self.text, &self.limits) {
            Some(fault) => Err(fault),
            None => self.run(),
        });
        if let Err(fault) = within {
            let fault = *self.fault.get_or_insert(fault);
            return Err(Error::new(&self.text, fault));
        }
        Ok(self.snapshot())
    }

    /// What is there.
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(self)
    }

    /// Says that nothing more comes: the value must be whole.
    ///
    /// # Errors
    /// As [`Partial::push`]; also where the text ends inside the value, which is [truncated](Error::is_truncated).
    pub fn finish(&mut self) -> Result<Snapshot<'_>, Error> {
        self.finished.clear();
        if let Err(fault) = self.end() {
            let fault = *self.fault.get_or_insert(fault);
            return Err(Error::new(&self.text, fault));
        }
        Ok(self.snapshot())
    }

    /// All text that has come, but for the bytes of a character that is not whole.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds the characters of a piece to the text.
    fn take(&mut self, piece: &[u8]) -> Result<(), Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let mut piece = piece;
        while let Some((first, others)) = piece.split_first()
            && !self.rest.is_empty()
        {
            self.rest.push(*first);
            piece = others;
            let whole = std::mem::take(&mut self.rest);
            self.take_characters(&whole)?;
        }
        self.take_characters(piece)
    }

    fn take_characters(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(error) => {
                let (whole, rest) = bytes.split_at(error.valid_up_to());
                self.text
                    .push_str(std::str::from_utf8(whole).unwrap_or_default());
                if error.error_len().is_some() {
                    return Err(Fault::at(&self.text, self.text.len(), FaultKind::NotUtf8));
                }
                self.rest = rest.to_vec();
            }
        }
        Ok(())
    }
}

impl Default for Partial {
    fn default() -> Self {
        Self::new()
    }
}
