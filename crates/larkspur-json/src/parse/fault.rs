//! What can be wrong with a text, and how it is said.

use crate::{Limits, Span};

/// The first thing that is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) span: Span,
    pub(crate) kind: FaultKind,
}

impl Fault {
    /// A fault at the character that begins at `at`, or at the end.
    #[cold]
    pub(crate) fn at(text: &str, at: usize, kind: FaultKind) -> Self {
        let next = text.get(at..).and_then(|rest| rest.chars().next());
        Self {
            span: Span::new(at, at + next.map_or(0, char::len_utf8)),
            kind,
        }
    }

    /// The text is longer than the limit.
    pub(crate) fn too_long(text: &str, limits: &Limits) -> Option<Self> {
        let limit = limits.bytes;
        let kind = FaultKind::TooLong { limit };
        (text.len() > limit).then(|| Self::at(text, text.len(), kind))
    }

    /// Something follows the value.
    pub(crate) fn trailing(text: &str, at: usize) -> Self {
        Self::at(text, at, FaultKind::Trailing)
    }

    /// The same fault in a text that has `bytes` more in front.
    pub(crate) fn moved_by(self, bytes: usize) -> Self {
        Self {
            span: Span::new(self.span.start + bytes, self.span.end + bytes),
            kind: self.kind,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Unexpected {
        place: Place,
    },
    Trailing,
    ByteOrderMark,
    MissingDigit,
    LeadingZero,
    ControlCharacter {
        byte: u8,
    },
    InvalidEscape,
    LoneSurrogate,
    Truncated {
        place: Place,
    },
    TruncatedWord {
        word: &'static str,
    },
    TruncatedNumber,
    TruncatedString {
        open: usize,
    },
    TruncatedEscape,
    /// Only pieces of bytes can be so.
    NotUtf8,
    /// Only the tolerant reader finds these two.
    Ambiguous {
        what: &'static str,
    },
    Call,
    TooLong {
        limit: usize,
    },
    TooDeep {
        limit: usize,
    },
    TooManyValues {
        limit: usize,
    },
}

/// Where in the syntax the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Text,
    FirstElement,
    Element,
    AfterElement,
    FirstKey,
    Key,
    AfterKey,
    MemberValue,
    AfterMember,
}

impl Place {
    const fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Element | Self::MemberValue => "a value",
            Self::FirstElement => "a value or `]`",
            Self::AfterElement => "`,` or `]`",
            Self::FirstKey => "a key in double quotes or `}`",
            Self::Key => "a key in double quotes",
            Self::AfterKey => "`:`",
            Self::AfterMember => "`,` or `}`",
        }
    }

    const fn is_value(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Element | Self::MemberValue | Self::FirstElement
        )
    }
}

impl FaultKind {
    pub(crate) const fn is_truncated(self) -> bool {
        matches!(
            self,
            Self::Truncated { .. }
                | Self::TruncatedWord { .. }
                | Self::TruncatedNumber
                | Self::TruncatedString { .. }
                | Self::TruncatedEscape
        )
    }

    pub(crate) const fn is_limit(self) -> bool {
        matches!(
            self,
            Self::TooLong { .. } | Self::TooDeep { .. } | Self::TooManyValues { .. }
        )
    }

    pub(crate) const fn is_trailing(self) -> bool {
        matches!(self, Self::Trailing)
    }

    pub(crate) const fn is_ambiguous(self) -> bool {
        matches!(self, Self::Ambiguous { .. })
    }

    pub(crate) fn message(self, text: &str, span: Span) -> String {
        let found = || found(text, span);
        match self {
            Self::Unexpected { place } => {
                format!("expected {}, found {}", place.expected(), found())
            }
            Self::Trailing => format!("expected nothing after the value, found {}", found()),
            Self::ByteOrderMark => "the text begins with a byte order mark".to_owned(),
            Self::MissingDigit => format!("expected a digit, found {}", found()),
            Self::LeadingZero => "a number may not begin with `0` and another digit".to_owned(),
            Self::ControlCharacter { byte } => {
                format!("control character U+{byte:04X} in a string")
            }
            Self::InvalidEscape => format!(
                "there is no escape `{}`",
                shown(span.of(text).unwrap_or_default())
            ),
            Self::LoneSurrogate => {
                format!(
                    "`{}` is half of a surrogate pair",
                    shown(span.of(text).unwrap_or_default())
                )
            }
            Self::Truncated { place: Place::Text } if text.trim_ascii().is_empty() => {
                "expected a value, found an empty text".to_owned()
            }
            Self::Truncated { place } => {
                format!("the text ends where {} is expected", place.expected())
            }
            Self::TruncatedWord { word } => format!("the text ends inside `{word}`"),
            Self::TruncatedNumber => "the text ends inside a number".to_owned(),
            Self::TruncatedString { open } => {
                format!("the text ends inside the string that begins at byte {open}")
            }
            Self::TruncatedEscape => "the text ends inside an escape".to_owned(),
            Self::NotUtf8 => "the bytes are not UTF-8".to_owned(),
            Self::Ambiguous { what } => format!("the text has two readings: {what}"),
            Self::Call => {
                "a call is read as its only argument; this one has none or several".to_owned()
            }
            Self::TooLong { limit } => {
                format!("the text has {} bytes; the limit is {limit}", text.len())
            }
            Self::TooDeep { limit } => {
                format!("arrays and objects are nested deeper than the limit of {limit}")
            }
            Self::TooManyValues { limit } => {
                format!("the text has more values than the limit of {limit}")
            }
        }
    }

    pub(crate) fn hint(self, text: &str, span: Span) -> Option<&'static str> {
        match self {
            Self::ByteOrderMark => Some("send UTF-8 without a byte order mark"),
            Self::ControlCharacter { byte: b'\n' } => {
                Some("write a line break in a string as `\\n`")
            }
            Self::ControlCharacter { byte: b'\t' } => Some("write a tab in a string as `\\t`"),
            Self::ControlCharacter { .. } => {
                Some("write control characters in a string as `\\u00XX`")
            }
            Self::LoneSurrogate => Some(
                "write a character beyond U+FFFF as two escapes, `\\uD83D\\uDE00`, or as itself; half a pair is no character",
            ),
            Self::InvalidEscape => Some("write a backslash as `\\\\`"),
            Self::LeadingZero => Some("leave the zeros out, or write a string"),
            Self::MissingDigit => {
                Some("a number has digits before and after its point and in its exponent")
            }
            Self::Unexpected { place } => unexpected_hint(place, text, span),
            Self::Trailing => trailing_hint(rest(text, span)),
            _ if self.is_truncated() => {
                Some("the text is cut off, or a quote or bracket was never closed")
            }
            _ => None,
        }
    }
}

fn unexpected_hint(place: Place, text: &str, span: Span) -> Option<&'static str> {
    let rest = rest(text, span);
    let word = leading_word(rest);
    match rest.chars().next()? {
        '`' if rest.starts_with("```") => {
            Some("answer with the JSON alone, without a Markdown fence")
        }
        '/' if rest.starts_with("//") || rest.starts_with("/*") => Some("JSON has no comments"),
        '#' => Some("JSON has no comments"),
        ']' if place == Place::Element => Some("JSON has no trailing commas"),
        '}' if place == Place::Key => Some("JSON has no trailing commas"),
        '\'' | '\u{2018}' | '\u{2019}' | '\u{201C}' | '\u{201D}' => {
            Some("JSON strings are written in double quotes")
        }
        '+' if place.is_value() => Some("a number has no plus sign"),
        '.' if place.is_value() => Some("a number has a digit before its point"),
        _ if place == Place::Text => Some("answer with the JSON alone, without text around it"),
        _ if place.is_value() => word_hint(word),
        _ if matches!(place, Place::Key | Place::FirstKey) => {
            Some("keys are written in double quotes")
        }
        '=' if place == Place::AfterKey => Some("key and value are separated by a colon"),
        '"' | '{' | '[' => match place {
            Place::AfterElement | Place::AfterMember => {
                Some("a comma is missing, or a quote in a string is not escaped")
            }
            _ => None,
        },
        _ if matches!(place, Place::AfterElement | Place::AfterMember) && !word.is_empty() => {
            Some("a comma is missing, or a quote in a string is not escaped")
        }
        _ => None,
    }
}

fn word_hint(word: &str) -> Option<&'static str> {
    match word {
        "" => None,
        "True" | "TRUE" => Some("write `true`"),
        "False" | "FALSE" => Some("write `false`"),
        "None" | "NULL" | "Null" | "nil" | "undefined" => Some("write `null`"),
        "NaN" | "Infinity" | "inf" => Some("JSON has no NaN and no infinity"),
        _ => Some("strings are written in double quotes"),
    }
}

fn trailing_hint(rest: &str) -> Option<&'static str> {
    match rest.chars().next()? {
        ']' | '}' => Some("there is one closing bracket too many"),
        '{' | '[' => Some("answer with one JSON value"),
        _ => Some("answer with the JSON alone, without text around it"),
    }
}

fn rest(text: &str, span: Span) -> &str {
    text.get(span.start..).unwrap_or_default()
}

/// The letters that `rest` begins with, no more than a person wants to see.
fn leading_word(rest: &str) -> &str {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let end = rest
        .char_indices()
        .take(24)
        .find(|(_, character)| !is_word(*character));
    let bound = rest.char_indices().nth(24).map_or(rest.len(), |(at, _)| at);
    rest.get(..end.map_or(bound, |(at, _)| at))
        .unwrap_or_default()
}

/// How the thing at `span` is named: a word where one starts there, else its character.
fn found(text: &str, span: Span) -> String {
    let word = leading_word(rest(text, span));
    if word.is_empty() {
        format!("`{}`", shown(span.of(text).unwrap_or_default()))
    } else {
        format!("`{word}`")
    }
}

/// Control and other invisible characters as escapes.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if matches!(character, '\'' | '"' | '\\') {
            shown.push(character);
        } else {
            shown.extend(character.escape_debug());
        }
    }
    shown
}
