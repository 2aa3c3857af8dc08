//! Strings: borrowed where the text is the value, rebuilt where there are escapes.

use std::borrow::Cow;

use super::{Fault, FaultKind, Parser};
use crate::{Limits, Span};

/// The character of the escape that `text` begins with, and the escape's length.
pub(crate) fn escape(text: &str) -> Result<(char, usize), Fault> {
    let mut parser = Parser::new(text, &Limits::new());
    let character = parser.escape()?;
    Ok((character, parser.at))
}

impl<'t> Parser<'t> {
    /// Reads the string whose opening quote comes next.
    pub(super) fn string(&mut self) -> Result<Cow<'t, str>, Fault> {
        let open = self.at;
        let end = end_of_plain(self.bytes, open + 1);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(self.slice(open + 1, end)));
        }
        self.escaped(open, end).map(Cow::Owned)
    }

    /// Goes on with a string that is not plain: `end` is the first byte that is not.
    fn escaped(&mut self, open: usize, end: usize) -> Result<String, Fault> {
        let mut value = String::new();
        let mut plain = open + 1;
        self.at = end;
        loop {
            value.push_str(self.slice(plain, self.at));
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(value);
                }
                Some(b'\\') => value.push(self.escape()?),
                Some(byte) => {
                    return Err(self.fault_here(FaultKind::ControlCharacter { byte: *byte }));
                }
                None => return Err(self.fault_here(FaultKind::TruncatedString { open })),
            }
            plain = self.at;
            self.at = end_of_plain(self.bytes, plain);
        }
    }

    /// Reads one escape: the backslash comes next.
    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let character = match self.bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return Err(self.bad_escape(start)),
            None => return Err(self.truncated_escape()),
        };
        self.at = start + 2;
        Ok(character)
    }

    /// Reads `\uXXXX`, and the second half where it is the first of a pair.
    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let first = self.code_unit()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if first < 0xDC00 && rest.starts_with(b"\\u") {
            let second = self.code_unit()?;
            if (0xDC00..0xE000).contains(&second) {
                let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return char::from_u32(scalar).ok_or(Self::lone_surrogate(start));
            }
        } else if first < 0xDC00 && b"\\u".starts_with(rest) {
            return Err(self.truncated_escape());
        }
        Err(Self::lone_surrogate(start))
    }

    /// Reads `\uXXXX` as the number it says.
    fn code_unit(&mut self) -> Result<u32, Fault> {
        let start = self.at;
        let mut unit = 0;
        for place in start + 2..start + 6 {
            let digit = match self.bytes.get(place) {
                Some(byte) => char::from(*byte).to_digit(16),
                None => return Err(self.truncated_escape()),
            };
            unit = unit * 16 + digit.ok_or_else(|| self.bad_escape(start))?;
        }
        self.at = start + 6;
        Ok(unit)
    }

    #[cold]
    fn truncated_escape(&mut self) -> Fault {
        self.at = self.bytes.len();
        self.fault_here(FaultKind::TruncatedEscape)
    }

    /// The escape that starts at `start`, up to what makes it wrong.
    #[cold]
    fn bad_escape(&self, start: usize) -> Fault {
        let rest = self.text.get(start..).unwrap_or_default();
        let mut length = 0;
        for (place, character) in rest.chars().take(6).enumerate() {
            length += character.len_utf8();
            if place > 0
                && !(character == 'u' && place == 1)
                && !(place > 1 && character.is_ascii_hexdigit())
            {
                break;
            }
        }
        Fault {
            span: Span::new(start, start + length),
            kind: FaultKind::InvalidEscape,
        }
    }

    #[cold]
    fn lone_surrogate(start: usize) -> Fault {
        Fault {
            span: Span::new(start, start + 6),
            kind: FaultKind::LoneSurrogate,
        }
    }
}

/// The first byte from `at` on that is a quote, a backslash or a control character, or the end.
///
/// Looks at eight bytes at a time: <https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord>.
pub(crate) fn end_of_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let special = special_bytes(u64::from_le_bytes(*chunk));
        if special != 0 {
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' || *byte == b'\\' || *byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// Sets the high bit of the bytes that end a plain run.
///
/// The lowest bit set is right; a borrow may set bits above it, which nobody looks at.
const fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let quotes = word ^ (ONES * b'"' as u64);
    let quote = quotes.wrapping_sub(ONES) & !quotes;
    let backslashes = word ^ (ONES * b'\\' as u64);
    let backslash = backslashes.wrapping_sub(ONES) & !backslashes;
    (control | quote | backslash) & HIGH
}
