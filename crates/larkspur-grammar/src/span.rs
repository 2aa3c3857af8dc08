//! Places in a grammar's text.

use serde::Serialize;

/// A half-open range of bytes, `start..end`, of the text of a grammar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an `end` before `start` is taken as `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end }
    }

    /// The empty range at `at`.
    pub const fn at(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// How many bytes the range holds.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The text of the range, or `""` where it does not lie in `source` on character boundaries.
    pub fn text(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// A place as people say it. Both count from one; columns count characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LineColumn {
    /// The line, from one.
    pub line: usize,
    /// The character in the line, from one.
    pub column: usize,
}

/// The line starts of a text: turns byte offsets into lines and columns without reading the text again.
///
/// ```
/// let lines = larkspur_grammar::LineIndex::new("start: a\na: \"x\"\n");
/// let place = lines.place("start: a\na: \"x\"\n", 12);
/// assert_eq!((place.line, place.column), (2, 4));
/// ```
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Reads the line starts of `source`.
    pub fn new(source: &str) -> Self {
        let after_newlines = memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1);
        Self {
            starts: std::iter::once(0).chain(after_newlines).collect(),
        }
    }

    /// The line and column of the byte `at`; past the end is taken as the end.
    pub fn place(&self, source: &str, at: usize) -> LineColumn {
        let at = at.min(source.len());
        let line = self.starts.partition_point(|&start| start <= at);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        let column = source
            .get(start..at)
            .map_or(at - start, |text| text.chars().count());
        LineColumn {
            line: line.max(1),
            column: column + 1,
        }
    }

    /// The bytes of line `line` (from one), without its line end.
    pub fn line(&self, source: &str, line: usize) -> Span {
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(source.len());
        let end = self.starts.get(line).map_or(source.len(), |next| next - 1);
        let text = source.get(start..end).unwrap_or_default();
        Span::new(start, start + text.trim_end_matches('\r').len())
    }
}
