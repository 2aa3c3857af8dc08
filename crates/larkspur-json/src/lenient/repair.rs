//! What can be repaired.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::Span;

/// One thing that was not JSON, and how it was read.
///
/// Serialises as `{"kind", "span", "message"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// What was repaired.
    pub kind: RepairKind,
    /// The bytes that were not JSON; empty where something is missing.
    pub span: Span,
    detail: Option<String>,
}

impl Repair {
    /// A repair of these bytes.
    pub fn new(kind: RepairKind, start: usize, end: usize) -> Self {
        Self {
            kind,
            span: Span::new(start, end),
            detail: None,
        }
    }

    /// Says what was done in words of its own, instead of those of the kind.
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.detail = Some(message.into());
        self
    }

    /// What was done, in a sentence.
    pub fn message(&self) -> &str {
        self.detail.as_deref().unwrap_or(self.kind.message())
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { start, end } = self.span;
        write!(f, "{} (bytes {start}..{end})", self.message())
    }
}

impl Serialize for Repair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Repair", 3)?;
        fields.serialize_field("kind", self.kind.name())?;
        fields.serialize_field("span", &self.span)?;
        fields.serialize_field("message", self.message())?;
        fields.end()
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $message:literal;)*) => {
        /// What kind of thing was repaired, and by which rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum RepairKind {
            $($(#[$doc])* $kind,)*
        }

        impl RepairKind {
            /// All kinds, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// A stable name, `trailing-comma` for instance.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// What was done, in a sentence.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$kind => $message,)* }
            }
        }
    };
}

kinds! {
    /// A byte order mark before the value.
    ByteOrderMark = "byte-order-mark", "left out a byte order mark";
    /// White space that JSON does not have: no-break spaces and the like.
    WhiteSpace = "white-space", "read other white space as a blank";
    /// `// …`, `/* … */` or `# …` between the parts of a value. Without a line break after it, a comment of a line ends before
    /// the first closing bracket.
    Comment = "comment", "left out a comment";
    /// The marks of a Markdown code block around the value.
    Fence = "fence", "left out the marks of a code block";
    /// Text before or after the value, or between several.
    Prose = "prose", "left out text around the value";
    /// A comma before a closing bracket.
    TrailingComma = "trailing-comma", "left out a trailing comma";
    /// A comma at the beginning of an array or object, a second one in an object, or one after the whole value.
    ExtraComma = "extra-comma", "left out a comma too many";
    /// No comma between two elements or members.
    MissingComma = "missing-comma", "put a comma between two values";
    /// No colon between a key and a value that cannot be anything else.
    MissingColon = "missing-colon", "put a colon between key and value";
    /// `=` or `=>` instead of a colon.
    OtherColon = "other-colon", "read an equals sign as a colon";
    /// Single or curly quotes, backticks, or a doubled pair around a string.
    OtherQuotes = "other-quotes", "read other quotes as double quotes";
    /// A quote inside a string without a backslash before it: what follows it cannot follow a string, and no other reading of
    /// the text needs as few repairs.
    UnescapedQuote = "unescaped-quote", "kept an unescaped quote inside the string";
    /// A line break, tab, carriage return, form feed or backspace inside a string.
    ControlCharacter = "control-character", "kept a raw control character inside the string";
    /// A backslash that begins no escape of JSON. Before a quote it is left out; `\xHH` is the character it says in Python and
    /// JavaScript; before any other character it is kept, as in a path or a regular expression.
    Escape = "escape", "read a backslash that is no escape of JSON";
    /// A string that is not closed where the next member, or the closing brackets of the text, follow.
    MissingQuote = "missing-quote", "closed a string that was left open";
    /// A key without quotes.
    BareKey = "bare-key", "put a key in quotes";
    /// A string without quotes; also `NaN` and `Infinity`, which JSON has no value for, and numbers with leading zeros, which
    /// lose nothing so. In an array, what may be two numbers without a comma is refused.
    BareString = "bare-string", "put a value in quotes";
    /// `True`, `False`, `None`, `TRUE`, `FALSE`, `NULL` and `undefined`.
    Literal = "literal", "read a literal of another language";
    /// `+1`, `.5`, `1.`, `1_000`, `0x1F`, and in an object `1,000`.
    Number = "number", "read a number of another notation";
    /// A closing bracket that is missing though the text goes on.
    MissingCloser = "missing-closer", "closed an array or object that was left open";
    /// A closing bracket of the wrong kind.
    WrongCloser = "wrong-closer", "read a closing bracket as the other kind";
    /// A closing bracket that closes nothing.
    ExtraCloser = "extra-closer", "left out a closing bracket too many";
    /// `...` in place of elements or members that were not written.
    Ellipsis = "ellipsis", "left out an ellipsis";
    /// Strings joined by `+`.
    Concatenation = "concatenation", "joined strings";
    /// A call around a value, as in `ObjectId("…")`.
    Call = "call", "read a call as its only argument";
    /// Round brackets: with a comma an array, as Python's tuples are, else the value in them.
    Tuple = "tuple", "read round brackets";
    /// A key twice with the same value.
    DuplicateKey = "duplicate-key", "left out a member that was there twice";
    /// The whole value is escaped as if it stood in a string.
    EscapedText = "escaped-text", "took a level of escapes away";
    /// The text ends inside the value.
    Truncated = "truncated", "closed what was open where the text ends";
    /// At the end of the text: a key without a value, a number or an escape that had only begun.
    Unfinished = "unfinished", "left out what had only begun where the text ends";
    /// Where the caller takes the first of several readings that fit and differ: another one.
    Choice = "choice", "took the first of several readings";
    /// The value fits the schema in another form, which says the same: see `larkspur-output`.
    Form = "form", "read the value in the form that the schema asks for";
}

impl RepairKind {
    /// Whether it says what is a part of what, so that other readings have to be weighed against it.
    pub(super) const fn is_of_structure(self) -> bool {
        matches!(
            self,
            Self::ExtraComma
                | Self::MissingComma
                | Self::MissingColon
                | Self::OtherColon
                | Self::MissingQuote
                | Self::BareKey
                | Self::BareString
                | Self::MissingCloser
                | Self::WrongCloser
                | Self::ExtraCloser
                | Self::Truncated
        )
    }
}

impl fmt::Display for RepairKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
