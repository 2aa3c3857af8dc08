//! Names and values.

use std::fmt;

use crate::{quote_name, quote_text};

/// A name, in quotes where it must be or was.
///
/// In SQLite, what stands in double quotes and is no name at its place is a text, so quotes are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    text: String,
    quoted: bool,
}

impl Name {
    /// A name, in quotes where it must be.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let quoted = quote_name(&text) != text;
        Self { text, quoted }
    }

    /// A name as a text has it.
    pub(crate) const fn written(text: String, quoted: bool) -> Self {
        Self { text, quoted }
    }

    /// The name itself, without quotes.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it stands in quotes.
    pub const fn is_quoted(&self) -> bool {
        self.quoted
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted {
            write!(f, "\"{}\"", self.text.replace('"', "\"\""))
        } else {
            f.write_str(&self.text)
        }
    }
}

/// A value that stands in the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `NULL`
    Null,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A text, without its quotes.
    Text(String),
    /// Bytes: `x'…'`.
    Blob(Vec<u8>),
}

/// A number, with the digits that it was written with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(String);

impl Number {
    /// Digits as a text has them.
    pub(crate) const fn written(digits: String) -> Self {
        Self(digits)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole number, if it is one that a text says in decimal and that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.0.starts_with('-')
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

/// What is no number is `NULL`, as SQLite has it; what is infinite is a number beyond all others.
impl From<f64> for Literal {
    fn from(number: f64) -> Self {
        if number.is_nan() {
            return Self::Null;
        }
        let digits = if number.is_infinite() {
            let sign = if number < 0.0 { "-" } else { "" };
            format!("{sign}9.0e999")
        } else {
            format!("{number:?}")
        };
        Self::Number(Number(digits))
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Literal {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl<T: Into<Literal>> From<Option<T>> for Literal {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Boolean(true) => f.write_str("TRUE"),
            Self::Boolean(false) => f.write_str("FALSE"),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(&quote_text(text)),
            Self::Blob(bytes) => {
                f.write_str("x'")?;
                for byte in bytes {
                    write!(f, "{byte:02x}")?;
                }
                f.write_str("'")
            }
        }
    }
}
