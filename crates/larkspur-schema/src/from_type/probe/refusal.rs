//! Why serde refused a value, kept as data.

use std::fmt;

use serde::de::{Error, StdError};

/// What a derived `Deserialize` says through the constructors of [`serde::de::Error`].
#[derive(Debug)]
pub(super) enum Refusal {
    Missing(&'static str),
    Duplicate(&'static str),
    UnknownVariant(&'static [&'static str]),
    Other,
}

impl Error for Refusal {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Other
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Duplicate(field)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::UnknownVariant(expected)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl StdError for Refusal {}

/// A scalar is read by `serde_json`; of its refusal only the fact counts.
impl From<serde_json::Error> for Refusal {
    fn from(_: serde_json::Error) -> Self {
        Self::Other
    }
}
