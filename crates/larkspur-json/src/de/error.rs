//! Errors with a place.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::{Pointer, Span};

/// A JSON value does not fit the Rust type.
///
/// Errors of values inside `flatten`ed, internally tagged and untagged types have the place of the value around them:
/// serde itself sets such values aside and looks at them later, when their places are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeserializeError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    fault: Fault,
    span: Option<Span>,
    /// Steps from the root, innermost first: they are added while the error travels up.
    path: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    InvalidType {
        expected: String,
        found: String,
    },
    InvalidValue {
        expected: String,
        found: String,
    },
    InvalidLength {
        expected: String,
        found: usize,
    },
    UnknownVariant {
        variant: String,
        known: &'static [&'static str],
    },
    UnknownField {
        field: String,
        known: &'static [&'static str],
    },
    MissingField(&'static str),
    DuplicateField(&'static str),
    NumberOutOfRange,
    Leftover {
        expected: usize,
    },
    VariantObject,
    Custom(String),
}

impl DeserializeError {
    pub(super) fn new(fault: Fault) -> Self {
        Self(Box::new(Inner {
            fault,
            span: None,
            path: Vec::new(),
        }))
    }

    /// Gives the error its place, unless something further in has done so.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.0.span.get_or_insert(span);
        self
    }

    /// Notes that the error is inside this member or element.
    pub(super) fn below(mut self, step: Step) -> Self {
        self.0.path.push(step);
        self
    }

    /// Whether the error was raised by the object around a field, which knows the field's name but not its place.
    pub(super) fn wants_last_key(&self) -> bool {
        self.0.span.is_none() && matches!(self.0.fault, Fault::DuplicateField(_))
    }

    /// The innermost value that failed; for an unknown or repeated field, the path of that field.
    pub fn pointer(&self) -> Pointer {
        let mut pointer = Pointer::root();
        for step in self.0.path.iter().rev() {
            match step {
                Step::Key(key) => pointer.push_key(key),
                Step::Index(index) => pointer.push_index(*index),
            }
        }
        pointer
    }

    /// Where that value stands; for an unknown or repeated field, where its key stands.
    pub fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// What is wrong, without the place, in serde's words.
    pub fn message(&self) -> String {
        self.0.fault.to_string()
    }

    /// What the type wanted, where serde said so.
    pub fn expected(&self) -> Option<&str> {
        match &self.0.fault {
            Fault::InvalidType { expected, .. }
            | Fault::InvalidValue { expected, .. }
            | Fault::InvalidLength { expected, .. } => Some(expected),
            _ => None,
        }
    }

    /// The name of the field that is missing, where that is what is wrong.
    pub fn missing_field(&self) -> Option<&str> {
        match self.0.fault {
            Fault::MissingField(field) => Some(field),
            _ => None,
        }
    }

    /// The field or variant that the type does not know, and those it does, where that is what is wrong.
    pub fn unknown_name(&self) -> Option<(&str, &'static [&'static str])> {
        match &self.0.fault {
            Fault::UnknownField { field: name, known }
            | Fault::UnknownVariant {
                variant: name,
                known,
            } => Some((name, known)),
            _ => None,
        }
    }

    /// Whether the message was written by the type's own code and may say anything.
    pub fn is_custom(&self) -> bool {
        matches!(self.0.fault, Fault::Custom(_))
    }
}

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer();
        if pointer.is_root() {
            write!(f, "{}", self.0.fault)
        } else {
            write!(f, "{} at {pointer}", self.0.fault)
        }
    }
}

impl std::error::Error for DeserializeError {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidType { expected, found } => {
                write!(f, "invalid type: {found}, expected {expected}")
            }
            Self::InvalidValue { expected, found } => {
                write!(f, "invalid value: {found}, expected {expected}")
            }
            Self::InvalidLength { expected, found } => {
                write!(f, "invalid length {found}, expected {expected}")
            }
            Self::UnknownVariant { variant, known } => {
                write!(f, "unknown variant `{variant}`, ")?;
                write_known(f, known, "variants")
            }
            Self::UnknownField { field, known } => {
                write!(f, "unknown field `{field}`, ")?;
                write_known(f, known, "fields")
            }
            Self::MissingField(field) => write!(f, "missing field `{field}`"),
            Self::DuplicateField(field) => write!(f, "duplicate field `{field}`"),
            Self::NumberOutOfRange => f.write_str("number out of range"),
            Self::Leftover { expected: 1 } => {
                f.write_str("expected no more than 1 element or member here")
            }
            Self::Leftover { expected } => write!(
                f,
                "expected no more than {expected} elements or members here"
            ),
            Self::VariantObject => {
                f.write_str("expected an object with exactly one member, named after the variant")
            }
            Self::Custom(message) => f.write_str(message),
        }
    }
}

fn write_known(f: &mut fmt::Formatter<'_>, known: &[&str], what: &str) -> fmt::Result {
    let Some((first, others)) = known.split_first() else {
        return write!(f, "there are no {what}");
    };
    write!(
        f,
        "expected {}`{first}`",
        if others.is_empty() { "" } else { "one of " }
    )?;
    others.iter().try_for_each(|name| write!(f, ", `{name}`"))
}

/// Values in the words of JSON: `null` where serde says `unit value`.
fn found(unexpected: &Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Unit => "null".to_owned(),
        other => other.to_string(),
    }
}

impl de::Error for DeserializeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Fault::Custom(message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Fault::InvalidType {
            expected: expected.to_string(),
            found: found(&unexpected),
        })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Fault::InvalidValue {
            expected: expected.to_string(),
            found: found(&unexpected),
        })
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::new(Fault::InvalidLength {
            expected: expected.to_string(),
            found: length,
        })
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        Self::new(Fault::UnknownVariant {
            variant: variant.to_owned(),
            known,
        })
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::new(Fault::UnknownField {
            field: field.to_owned(),
            known,
        })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Fault::MissingField(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(Fault::DuplicateField(field))
    }
}
