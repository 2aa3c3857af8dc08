//! The elements of an array, one by one.

use std::marker::PhantomData;

use larkspur_json::{Mark, Pointer};
use serde::de::DeserializeOwned;

use super::{Incoming, View};

/// Hands out the elements of an array of an answer as they are finished, each once and in order.
///
/// An element has been read by serde and not been held against the rest of the schema: that is done with the whole answer. Behind an
/// element that serde does not read none is handed out any more; what is wrong with it is said when the answer is read.
///
/// ```
/// use larkspur_output::partial::Elements;
/// use larkspur_output::{OutputType, Target, json_schema};
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {"sizes": {"type": "array", "items": {"type": "integer"}}}});
/// let output = json_schema("sizes", schema).prepare(Target::plain())?;
/// let mut incoming = output.incoming();
/// let mut sizes = Elements::<u32>::at("/sizes".parse()?);
///
/// incoming.push(r#"{"sizes": [12, 3"#)?;
/// assert_eq!(sizes.take(&incoming), [12]);
/// incoming.push("5, 7]}")?;
/// assert_eq!(sizes.take(&incoming), [35, 7]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Elements<T> {
    pointer: Pointer,
    since: Mark,
    /// Whether the array has begun.
    is_found: bool,
    /// The index of the next element.
    next: usize,
    is_misfit: bool,
    element: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Elements<T> {
    /// Those of the array that the answer is.
    pub fn new() -> Self {
        Self::at(Pointer::root())
    }

    /// Those of the array that the pointer leads to, in the shape of the type.
    pub const fn at(pointer: Pointer) -> Self {
        Self {
            pointer,
            since: Mark::ZERO,
            is_found: false,
            next: 0,
            is_misfit: false,
            element: PhantomData,
        }
    }

    /// The elements that were finished since the last time: always of the same answer.
    pub fn take(&mut self, incoming: &Incoming) -> Vec<T> {
        let mut taken = Vec::new();
        // What came before its meaning was clear is looked for once more in the end.
        let since = if incoming.is_complete() && !self.is_found {
            Mark::default()
        } else {
            self.since
        };
        let pointer = self.pointer.clone();
        incoming.view(since, |view| {
            view.at(&pointer, &mut |array| self.take_from(array, &mut taken));
        });
        self.since = incoming.snapshot().mark();
        taken
    }

    fn take_from(&mut self, array: &View<'_>, taken: &mut Vec<T>) {
        let array = if self.is_found { *array } else { array.anew() };
        self.is_found = true;
        array.elements(&mut |index, element| {
            if self.is_misfit || index != self.next || !element.is_complete() {
                return;
            }
            match element.whole() {
                Some(element) => taken.push(element),
                None => self.is_misfit = true,
            }
            self.next += 1;
        });
    }
}

impl<T: DeserializeOwned> Default for Elements<T> {
    fn default() -> Self {
        Self::new()
    }
}
