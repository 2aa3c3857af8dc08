//! Answers while they come: as typed values in which every field is as far as it has come.
//!
//! There are two ways, and the simple one is often enough:
//!
//! - [`Incoming::to`] reads what has come into the type itself, or any other one whose fields are `Option`s or have a default. It
//!   costs nothing to write, reads all that has come anew each time, and says of no field whether it is done.
//! - [`Draft`] keeps the companion that `derive(Partial)` makes of a type, and brings it up to date with each piece. It says of each field
//!   whether it is absent, in flight or done ([`Progress`]), costs time linear in the text however many pieces it comes in, and
//!   needs nothing of the type to be optional.
//!
//! [`Elements`] hands out the elements of an array as they are finished, and with the feature `grammar` `Watch` sees where an answer
//! leaves its constraint, at the first byte.
//!
//! ```
//! use larkspur_output::partial::{Draft, Progress};
//! use larkspur_output::{OutputType, Target, json_schema};
//! use serde_json::json;
//!
//! // What a model is asked for; with `derive(JsonSchema)` it is `json::<Vec<(String, u32)>>()`.
//! let schema = json!({"type": "object", "additionalProperties": {"type": "integer"}});
//! let output = json_schema("stock", schema).prepare(Target::openai())?;
//!
//! let mut incoming = output.incoming();
//! let mut draft = Draft::<std::collections::BTreeMap<String, u32>>::new();
//! incoming.push(r#"{"value": [{"key": "nut", "value": 7}, {"key": "bolt", "value": 1"#)?;
//! let stock = draft.update(&incoming).get().ok_or("nothing yet")?;
//! assert_eq!(stock["nut"], Progress::Done(7));
//! // 1 may become 12.
//! assert!(!stock.contains_key("bolt"));
//!
//! incoming.push("2}]}")?;
//! let stock = draft.update(&incoming).done().ok_or("not whole")?;
//! assert_eq!(stock["bolt"], Progress::Done(12));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod draft;
mod elements;
mod incoming;
mod types;
#[cfg(feature = "grammar")]
pub(crate) mod watch;

pub use larkspur_schema::View;

#[cfg(feature = "grammar")]
pub use self::watch::Watch;
pub use self::{draft::Draft, elements::Elements, incoming::Incoming};

/// A type whose values can be shown while they come.
///
/// `derive(Partial)` implements it for structs and enums that serde reads. Here it is implemented for what they are made of:
///
/// | type | shown as |
/// |---|---|
/// | `String`, `Box<str>`, `Cow<str>` | `String`, growing |
/// | numbers, `bool`, `char`, `()`, `serde_json::Value` | themselves, when whole |
/// | `Option<T>` | `Option` of what `T` is shown as; `None` when `null` has come |
/// | `Vec<T>`, `VecDeque<T>`, sets, arrays | `Vec` of the [`Progress`] of each element that has begun |
/// | `HashMap`, `BTreeMap` | the map of the [`Progress`] of each value whose key has come |
/// | tuples of up to six | the tuple of the [`Progress`] of each element |
/// | `Box<T>`, `Rc<T>`, `Arc<T>` | `Box` of what `T` is shown as |
///
/// What does not fit the type is not shown. Whether an answer is right is said when it is read as a whole.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown before it is whole",
    label = "no part of this type can be shown",
    note = "derive `Partial` for it, or write `#[partial(whole)]` at the field, so that it is shown when it is whole"
)]
pub trait Partial {
    /// As much of a value as has come.
    type Partial: Clone + std::fmt::Debug;

    /// Brings up to date what has come; it is there from the moment on when there is something to show.
    fn advance(partial: &mut Option<Self::Partial>, view: &View<'_>);

    /// Whether a value that is flattened into an object takes the member of this key away from those after it.
    fn takes(_key: &str) -> bool {
        false
    }
}

/// How far a value has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "there is no fourth way, and users match on it"
)]
pub enum Progress<P> {
    /// Nothing has come that could be shown.
    #[default]
    Absent,
    /// It has begun and may grow.
    InFlight(P),
    /// It is whole.
    Done(P),
}

impl<P> Progress<P> {
    /// What has come.
    pub const fn get(&self) -> Option<&P> {
        match self {
            Self::Absent => None,
            Self::InFlight(value) | Self::Done(value) => Some(value),
        }
    }

    /// The value, where it is whole.
    pub const fn done(&self) -> Option<&P> {
        match self {
            Self::Done(value) => Some(value),
            _ => None,
        }
    }

    /// What has come.
    pub fn into_inner(self) -> Option<P> {
        match self {
            Self::Absent => None,
            Self::InFlight(value) | Self::Done(value) => Some(value),
        }
    }

    /// Whether nothing has come that could be shown.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it has begun and may grow.
    pub const fn is_in_flight(&self) -> bool {
        matches!(self, Self::InFlight(_))
    }

    /// Whether it is whole.
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// Brings it up to date. For implementations of [`Partial`].
    pub fn advance<T: Partial<Partial = P> + ?Sized>(&mut self, view: &View<'_>) {
        self.advance_by(view, T::advance);
    }

    /// Shows a value when it is whole, as `read` reads it. For implementations of [`Partial`].
    pub fn when_whole(&mut self, view: &View<'_>, read: impl FnOnce(&View<'_>) -> Option<P>) {
        if self.is_absent()
            && view.is_complete()
            && let Some(value) = read(view)
        {
            *self = Self::Done(value);
        }
    }

    fn advance_by(&mut self, view: &View<'_>, advance: impl FnOnce(&mut Option<P>, &View<'_>)) {
        if self.is_done() {
            return;
        }
        let mut partial = std::mem::take(self).into_inner();
        if partial.is_some() {
            advance(&mut partial, view);
        } else {
            advance(&mut partial, &view.anew());
        }
        *self = match partial {
            None => Self::Absent,
            Some(value) if view.is_complete() => Self::Done(value),
            Some(value) => Self::InFlight(value),
        };
    }
}
