//! What may stand between the parts of a value: blanks of any kind, and comments.

use std::cell::Cell;

use super::{Lenient, Repair, RepairKind};

/// Where comments end. The same ends are asked for again and again; each part of the text is searched once.
#[derive(Debug, Default)]
pub(super) struct Comments {
    blocks: Search,
    lines: Search,
    brackets: Search,
    quotes: Search,
}

/// The last search: from where, and what it found.
#[derive(Debug, Default)]
struct Search(Cell<Option<(usize, Option<usize>)>>);

impl Search {
    /// The first place from `from` on; `find` searches the rest of the text from there.
    fn next(&self, from: usize, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let is_known = |(searched, found): &(usize, Option<usize>)| {
            *searched <= from && found.is_none_or(|found| found >= from)
        };
        let found = match self.0.get().filter(is_known) {
            Some((_, found)) => found,
            None => find().map(|place| from + place),
        };
        self.0.set(Some((from, found)));
        found
    }
}

impl Lenient<'_> {
    /// Skips blanks and comments from `at` on, and notes what is not JSON.
    ///
    /// `inside` says that a bracket is open: then a comment of the last line ends before the first closing bracket.
    pub(super) fn blanks(
        &self,
        text: &str,
        mut at: usize,
        inside: bool,
        repairs: &mut Vec<Repair>,
    ) -> usize {
        while let Some((end, kind)) = self.blank(text, at, inside) {
            if let Some(kind) = kind {
                repairs.push(Repair::new(kind, at, end));
            }
            at = end;
        }
        at
    }

    /// The end of the blanks and comments from `at` on.
    pub(super) fn skip(&self, text: &str, mut at: usize, inside: bool) -> usize {
        while let Some((end, _)) = self.blank(text, at, inside) {
            at = end;
        }
        at
    }

    /// The end of the run of blanks, or the comment, that begins at `at`.
    fn blank(&self, text: &str, at: usize, inside: bool) -> Option<(usize, Option<RepairKind>)> {
        let rest = text.get(at..)?;
        match rest.as_bytes().first()? {
            b' ' | b'\n' | b'\r' | b'\t' => {
                let run = rest
                    .bytes()
                    .take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
                Some((at + run.count(), None))
            }
            b'/' if rest.starts_with("/*") => {
                let inside = self.text.get(at + 2..).unwrap_or_default();
                let end = self.comments.blocks.next(at + 2, || inside.find("*/"));
                let end = end.map_or(text.len(), |end| (end + 2).min(text.len()));
                Some((end, Some(RepairKind::Comment)))
            }
            b'/' if rest.starts_with("//") => {
                let end = self.line_end(text, at, inside)?;
                Some((end, Some(RepairKind::Comment)))
            }
            b'#' => {
                let end = self.line_end(text, at, inside)?;
                Some((end, Some(RepairKind::Comment)))
            }
            0xEF if rest.starts_with('\u{FEFF}') => Some((at + 3, Some(RepairKind::ByteOrderMark))),
            0x0B | 0x0C | 0x80.. => {
                let character = rest
                    .chars()
                    .next()
                    .filter(|character| is_other_blank(*character))?;
                Some((at + character.len_utf8(), Some(RepairKind::WhiteSpace)))
            }
            _ => None,
        }
    }

    /// Where the comment ends that runs to the end of its line. One that no line break ends and that has quotes in it may be the
    /// rest of a string, and is none.
    fn line_end(&self, text: &str, at: usize, inside: bool) -> Option<usize> {
        let rest = self.text.get(at..).unwrap_or_default().as_bytes();
        let line = self.comments.lines.next(at, || memchr::memchr(b'\n', rest));
        if let Some(line) = line.filter(|end| *end < text.len()) {
            return Some(line);
        }
        let bracket = || memchr::memchr2(b'}', b']', rest);
        let bracket = self.comments.brackets.next(at, bracket).filter(|_| inside);
        let end = bracket.map_or(text.len(), |end| end.min(text.len()));
        let quote = || memchr::memchr(b'"', rest);
        let quote = self.comments.quotes.next(at, quote).filter(|_| inside);
        quote.is_none_or(|quote| quote > end).then_some(end)
    }
}

fn is_other_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}')
}
