//! Places in a text.

use serde::Serialize;

/// A half-open range of bytes in the text that was read.
///
/// Both ends lie on character boundaries of that text. A node that was built rather than read has the empty span `0..0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text that the span covers, or nothing where `text` is not the one the span belongs to.
    ///
    /// ```
    /// let text = r#"{"a": [1, 2]}"#;
    /// let node = larkspur_json::parse(text)?;
    /// let a = node.at(&"/a".parse()?).expect("a is there");
    /// assert_eq!(a.span.of(text), Some("[1, 2]"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }

    /// Number of bytes covered.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether no byte is covered.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl From<Span> for std::ops::Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

/// A place as an editor shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Position {
    /// Line, from 1. Lines end with `\n`.
    pub line: usize,
    /// Column, from 1, in characters (Unicode scalar values).
    pub column: usize,
}

impl Position {
    /// The position of byte `offset` in `text`; an offset past the end is the end.
    ///
    /// Takes time linear in `offset`.
    pub fn of(text: &str, offset: usize) -> Self {
        let before = (0..=offset.min(text.len()))
            .rev()
            .find_map(|end| text.get(..end))
            .unwrap_or_default();
        let line_start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |newline| newline + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        Self {
            line: 1 + memchr::memchr_iter(b'\n', before.as_bytes()).count(),
            column: 1 + in_line.chars().count(),
        }
    }
}
