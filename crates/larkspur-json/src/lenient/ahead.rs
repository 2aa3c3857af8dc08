//! What can follow: the looks ahead that decide whether a quote ends a string and whether a comma is missing.
//!
//! Each looks at blanks, comments, closing brackets, and then at most one key or word. What lies between two quotes is looked
//! at a bounded number of times, so that all looks together are linear in the text.

use super::{
    frame::Shape,
    parser::Parser,
    quote::Quote,
    string::{Context, Inner},
};

/// Longest key or word that is looked at, in bytes.
const LONGEST: usize = 256;

const LITERALS: &[&str] = &["true", "false", "null", "True", "False", "None"];

impl Parser<'_, '_> {
    pub(super) fn skip(&self, at: usize) -> usize {
        self.lenient.skip(self.text, at, !self.frames.is_empty())
    }

    /// Whether a quote that ends before `after` closes the string.
    pub(super) fn closes(&self, after: usize, context: Context, inner: Inner) -> bool {
        let next = self.skip(after);
        if self.is_end(next) {
            return true;
        }
        let apart = next > after;
        match (context, self.byte(next)) {
            (_, Some(b'+')) if self.concatenates(next) => true,
            // A member where none can be; it is told when the string has ended.
            (Context::Element, Some(b':')) => {
                self.is_value_start(self.skip(next + 1)) && !inner.has_quotes()
            }
            (Context::Root, _) => false,
            (Context::Key, Some(b':' | b'=' | b',' | b'}')) => true,
            (Context::Key, _) => self.is_value_start(next),
            (_, Some(b',')) => {
                self.goes_on_after_comma(next + 1, context)
                    || context == Context::Member
                        && !inner.has_quotes()
                        && self.is_member_without_colon(self.skip(next + 1))
            }
            (_, Some(b'}' | b']' | b')')) => self.goes_on_after_closers(next, inner),
            (Context::Member, _) => {
                apart
                    && self.is_member_start(next)
                    && (self.is_quote(next) || self.breaks_line(after, next))
            }
            (Context::Element, _) => apart && self.is_value_start(next),
        }
    }

    /// Whether another item, or the end, follows a comma.
    fn goes_on_after_comma(&self, after: usize, context: Context) -> bool {
        let next = self.skip(after);
        if self.is_end(next) || self.starts_with(next, "...") || self.starts_with(next, "…") {
            return true;
        }
        match self.byte(next) {
            // In an object an opening bracket cannot follow, but it would follow text no better.
            Some(b'}' | b']' | b')' | b',' | b'{' | b'[') => true,
            _ if context == Context::Member => self.is_member_start(next),
            Some(b'(') => true,
            _ => {
                self.is_quote(next)
                    || self.is_value_start(next)
                    || self.is_lone_word(next)
                    || self.is_call(next)
            }
        }
    }

    /// Whether what follows closing brackets can follow them.
    fn goes_on_after_closers(&self, first: usize, inner: Inner) -> bool {
        let suspicious = self.byte(first).is_some_and(|byte| inner.is_open(byte));
        let mut left = self.frames.len();
        let mut fits = true;
        let mut at = first;
        let mut after = first;
        loop {
            match self.byte(at) {
                Some(byte @ (b'}' | b']' | b')')) => {
                    let frame = left.checked_sub(1).and_then(|place| self.frames.get(place));
                    fits &= frame.is_some_and(|frame| frame.shape.closer() == byte);
                    left = left.saturating_sub(1);
                }
                Some(b',') if left > 0 => {
                    let shape = left.checked_sub(1).and_then(|place| self.frames.get(place));
                    let is_object = shape.is_some_and(|frame| frame.shape == Shape::Object);
                    let context = if is_object {
                        Context::Member
                    } else {
                        Context::Element
                    };
                    return self.goes_on_after_comma(at + 1, context);
                }
                Some(b',') => {
                    let next = self.skip(at + 1);
                    return !suspicious && (self.is_end(next) || self.is_value_start(next));
                }
                _ if self.is_end(at) => return fits || !suspicious,
                _ if left > 0 => return self.is_value_start(at),
                _ => return !suspicious && self.is_prose(after, at),
            }
            after = at + 1;
            at = self.skip(after);
        }
    }

    /// Whether what follows the whole value from `at` on can be prose or another value, rather than more of the string.
    fn is_prose(&self, after: usize, at: usize) -> bool {
        matches!(self.byte(at), Some(b'{' | b'[' | b'`'))
            || self.breaks_line(after, at)
            || !self.ends_quoted
    }

    /// Whether a `+` stands here, and a string after it.
    pub(super) fn concatenates(&self, at: usize) -> bool {
        self.byte(at) == Some(b'+') && self.is_quote(self.skip(at + 1))
    }

    pub(super) fn is_quote(&self, at: usize) -> bool {
        Quote::opening(self.rest(at)).is_some()
    }

    fn breaks_line(&self, from: usize, to: usize) -> bool {
        self.slice(from, to).contains('\n')
    }

    /// Whether only blanks stand between the last line break and here.
    pub(super) fn follows_line_break(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        before.trim_end_matches([' ', '\t', '\r']).ends_with('\n')
    }

    /// Whether a key and its colon stand here, or the text ends within them.
    pub(super) fn is_member_start(&self, at: usize) -> bool {
        let end = if self.is_quote(at) {
            self.quoted_end(at)
        } else {
            let end = self.word_end(at).filter(|end| *end > at);
            end.map(|end| end + usize::from(self.lacks_opening_quote(end)))
        };
        let Some(end) = end else { return false };
        let next = self.skip(end);
        matches!(self.byte(next), Some(b':' | b'='))
            || self.is_end(next) && (!self.is_quote(at) || self.is_opening(at))
    }

    /// Whether the word that ends here is a key of which only the closing quote was written.
    pub(super) fn lacks_opening_quote(&self, end: usize) -> bool {
        self.byte(end) == Some(b'"') && self.byte(self.skip(end + 1)) == Some(b':')
    }

    /// Whether a key in quotes, a colon and a value of JSON stand here.
    pub(super) fn is_clear_member(&self, at: usize) -> bool {
        let Some(end) = self.quoted_end(at) else {
            return false;
        };
        let colon = self.skip(end);
        self.byte(colon) == Some(b':') && end > at + 2 && self.is_value_start(self.skip(colon + 1))
    }

    /// Whether a key in quotes and a value of JSON stand here, and only the colon between them is missing.
    pub(super) fn is_member_without_colon(&self, at: usize) -> bool {
        let end = self.quoted_end(at).filter(|end| *end > at + 2);
        end.is_some_and(|end| self.is_value_start(self.skip(end)))
    }

    /// The end of what stands between the quote here and the next one like it; the end of the text where there is none.
    fn quoted_end(&self, at: usize) -> Option<usize> {
        let rest = self.rest(at);
        let quote = Quote::opening(rest)?;
        if self.is_doubled(at) {
            let inside = rest.get(2..)?;
            let bound = inside
                .char_indices()
                .nth(LONGEST)
                .map_or(inside.len(), |(end, _)| end);
            let length = inside.get(..bound)?.find(rest.get(..2)?)?;
            return Some(at + length + 4);
        }
        let mut characters = rest.char_indices().skip(1).take(LONGEST);
        while let Some((place, character)) = characters.next() {
            match character {
                '\\' => {
                    characters.next();
                }
                '\n' => return None,
                _ if quote.is_closed_by(character) => {
                    return Some(at + place + character.len_utf8());
                }
                _ => {}
            }
        }
        (rest.len() <= LONGEST).then_some(self.text.len())
    }

    /// Whether a doubled quote opens a string here.
    pub(super) fn is_doubled(&self, at: usize) -> bool {
        let rest = self.rest(at);
        let after = rest
            .strip_prefix("\"\"")
            .or_else(|| rest.strip_prefix("''"));
        after.is_some_and(|after| after.starts_with(char::is_alphanumeric))
    }

    /// The end of the word here, which may be empty.
    fn word_end(&self, at: usize) -> Option<usize> {
        let part = |character: char| {
            character.is_alphanumeric() || matches!(character, '_' | '-' | '$' | '.')
        };
        let word = self.rest(at).char_indices().take(LONGEST);
        let end = word.into_iter().find(|(_, character)| !part(*character));
        match end {
            Some((length, _)) => Some(at + length),
            None => (self.rest(at).len() <= LONGEST).then_some(self.text.len()),
        }
    }

    /// Whether a value of JSON evidently begins here: a quote before text, a bracket, a number, a literal.
    pub(super) fn is_value_start(&self, at: usize) -> bool {
        match self.byte(at) {
            Some(b'{' | b'[') => true,
            Some(b'0'..=b'9') => self.is_lone_word(at),
            Some(b'-' | b'+' | b'.') => {
                matches!(self.byte(at + 1), Some(b'0'..=b'9' | b'.')) && self.is_lone_word(at + 1)
            }
            Some(_) if self.is_quote(at) => self.is_opening(at),
            Some(_) => {
                let literal = LITERALS
                    .iter()
                    .find(|literal| self.starts_with(at, literal));
                literal.is_some_and(|literal| {
                    self.is_lone_word(at) && self.word_end(at) == Some(at + literal.len())
                })
            }
            None => false,
        }
    }

    /// Whether the quote here has text after it, so that it is none that closes.
    fn is_opening(&self, at: usize) -> bool {
        let next = self.rest(at).chars().nth(1);
        next.is_none_or(|next| {
            !next.is_whitespace() && !matches!(next, ',' | ']' | '}' | ':' | ')')
        })
    }

    /// Whether the word here (which may be empty) is an element by itself: what separates elements follows.
    fn is_lone_word(&self, at: usize) -> bool {
        let Some(end) = self.word_end(at) else {
            return false;
        };
        let next = self.skip(end);
        self.is_end(next)
            || matches!(self.byte(next), Some(b',' | b']' | b'}' | b')'))
            || self.breaks_line(end, next)
    }

    /// Whether a name and a round bracket stand here.
    fn is_call(&self, at: usize) -> bool {
        let end = self.word_end(at).filter(|end| *end > at);
        end.is_some_and(|end| self.byte(end) == Some(b'(')) && self.is_word_start(at)
    }

    pub(super) fn is_word_start(&self, at: usize) -> bool {
        self.rest(at)
            .starts_with(|character: char| character.is_alphanumeric() || character == '_')
    }
}
