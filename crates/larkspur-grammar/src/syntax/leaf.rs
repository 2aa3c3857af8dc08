//! How text and numbers are written where their type does not say it.

use std::fmt::Display;
use std::str::FromStr;

use super::{Error, Writer, cached, numbers, texts};
use crate::tree::Node;

/// How one field, or a newtype of text or a number, is written.
///
/// What is read goes through [`FromStr`] and what is printed through [`Display`], so that a leaf may be a [`String`], a number, or
/// whatever else has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "derived code names the variants; a new one is of no concern to it"
)]
pub enum Leaf<'s> {
    /// As it is: the whole text matches the regular expression, in the syntax of the `regex` crate.
    Pattern(&'s str),
    /// Between two characters, any text.
    Quoted {
        /// What stands before it.
        open: char,
        /// What stands behind it.
        close: char,
        /// How the text says what would end it.
        escape: Escape,
    },
    /// Between two characters, text that matches the regular expression and is written as it is.
    QuotedPattern {
        /// What stands before it.
        open: char,
        /// What stands behind it.
        close: char,
        /// What the text matches as a whole.
        pattern: &'s str,
    },
    /// A decimal integer within bounds, without leading zeros.
    Integer {
        /// The least, in decimal digits.
        min: &'s str,
        /// The greatest, in decimal digits.
        max: &'s str,
    },
}

/// How quoted text says a character that would end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "derived code names the variants; a new one is of no concern to it"
)]
pub enum Escape {
    /// Not at all: the text does not hold the closing character.
    None,
    /// Twice, as SQL does.
    Doubled,
    /// Behind a backslash, and so is a backslash.
    Backslash,
    /// By the escapes of JSON (RFC 8259, section 7); for double quotes.
    Json,
}

/// What a leaf can hold: whatever can be read from a text and shown, and nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written by a `pattern`, `quote` or `range`",
    label = "lacks `FromStr` or `Display`",
    note = "it is read by `FromStr`, whose error is shown by `Display`, and printed by `Display`: implement both"
)]
pub trait LeafValue: Sized {
    /// The value that the text of a node says.
    ///
    /// # Errors
    /// Where it says none.
    fn read(node: Node<'_>, leaf: Leaf<'_>) -> Result<Self, Error>;

    /// Writes the value.
    ///
    /// # Errors
    /// Where the leaf cannot say it.
    fn write(&self, out: &mut Writer, leaf: Leaf<'_>) -> Result<(), Error>;
}

#[diagnostic::do_not_recommend]
impl<T: FromStr<Err: Display> + Display> LeafValue for T {
    fn read(node: Node<'_>, leaf: Leaf<'_>) -> Result<Self, Error> {
        let text = node.text();
        let unquoted = leaf.unquoted(&text).ok_or_else(|| Error::mismatch(node))?;
        unquoted
            .parse()
            .map_err(|error| Error::unreadable(node, format!("`{text}`: {error}")))
    }

    fn write(&self, out: &mut Writer, leaf: Leaf<'_>) -> Result<(), Error> {
        let text = leaf.text(self)?;
        out.lexeme(&text);
        Ok(())
    }
}

impl Leaf<'_> {
    /// The regular expression of the leaf's whole text.
    pub(super) fn regex(&self) -> String {
        match *self {
            Leaf::Pattern(pattern) => pattern.to_owned(),
            Leaf::Integer { min, max } => numbers::between(min, max),
            Leaf::QuotedPattern {
                open,
                close,
                pattern,
            } => format!("{}({pattern}){}", literal(open), literal(close)),
            Leaf::Quoted {
                open,
                close,
                escape,
            } => {
                let character = character(close, escape);
                format!("{}({character})*{}", literal(open), literal(close))
            }
        }
    }

    /// What the leaf's text says; `None` if it is not of the leaf.
    fn unquoted(&self, text: &str) -> Option<String> {
        let (open, close, escape) = match *self {
            Leaf::Pattern(_) | Leaf::Integer { .. } => return Some(text.to_owned()),
            Leaf::QuotedPattern { open, close, .. } => (open, close, Escape::None),
            Leaf::Quoted {
                open,
                close,
                escape,
            } => (open, close, escape),
        };
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        if escape == Escape::Json {
            return texts::unescaped(inner);
        }
        let mark = match escape {
            Escape::Doubled => Some(close),
            Escape::Backslash => Some('\\'),
            Escape::None | Escape::Json => None,
        };
        let mut value = String::with_capacity(inner.len());
        let mut rest = inner.chars();
        while let Some(letter) = rest.next() {
            value.push(if Some(letter) == mark {
                rest.next()?
            } else {
                letter
            });
        }
        Some(value)
    }

    /// The text that says `value`.
    ///
    /// # Errors
    /// Where the leaf cannot say it.
    fn text(&self, value: &impl Display) -> Result<String, Error> {
        let value = value.to_string();
        let text = self.quoted(&value);
        let said = match *self {
            Leaf::Quoted { close, escape, .. } => escape != Escape::None || !value.contains(close),
            _ => cached::matches(&self.regex(), &text)?,
        };
        if said {
            return Ok(text);
        }
        Err(Error::unsayable(match *self {
            Leaf::Pattern(pattern) | Leaf::QuotedPattern { pattern, .. } => {
                format!("{value:?} does not match `{pattern}`")
            }
            Leaf::Integer { min, max } => format!("{value} is not from {min} to {max}"),
            Leaf::Quoted { close, .. } => {
                format!("{value:?} holds `{close}`, which has no escape here")
            }
        }))
    }

    fn quoted(&self, value: &str) -> String {
        let (open, close, escape) = match *self {
            Leaf::Pattern(_) | Leaf::Integer { .. } => return value.to_owned(),
            Leaf::QuotedPattern { open, close, .. } => (open, close, Escape::None),
            Leaf::Quoted {
                open,
                close,
                escape,
            } => (open, close, escape),
        };
        let mut text = String::with_capacity(value.len() + 2);
        text.push(open);
        for letter in value.chars() {
            match escape {
                Escape::Json => texts::escape(letter, &mut text),
                Escape::Doubled if letter == close => text.extend([close, close]),
                Escape::Backslash if letter == close || letter == '\\' => {
                    text.extend(['\\', letter]);
                }
                Escape::None | Escape::Doubled | Escape::Backslash => text.push(letter),
            }
        }
        text.push(close);
        text
    }
}

/// One character between quotes, as a regular expression.
fn character(close: char, escape: Escape) -> String {
    let inside = in_class(close);
    match escape {
        Escape::None => format!("[^{inside}]"),
        Escape::Doubled => format!("[^{inside}]|{0}{0}", literal(close)),
        Escape::Backslash => format!(r"[^{inside}\\]|\\[{inside}\\]"),
        Escape::Json => texts::CHARACTER.to_owned(),
    }
}

fn literal(letter: char) -> String {
    regex_syntax::escape(letter.encode_utf8(&mut [0; 4]))
}

fn in_class(letter: char) -> String {
    match letter {
        '\\' | ']' | '[' | '^' | '-' | '&' | '~' => format!("\\{letter}"),
        other => other.to_string(),
    }
}
