//! Random JSON, byte by byte under the mask.
//!
//! Uniform choice among the bytes of a mask never ends a string (one byte of two hundred does) and grows numbers to
//! hundreds of digits that no reader takes. So the choice knows where in the JSON text it stands, and leans towards the
//! end of what is open: strings and numbers stay short, white space is rare, `null` and closers come often.

use crate::engine::{ByteSet, Mask};
use crate::rng::Rng;

use super::Chooser;

/// Digits of a number after which it ends where it may: all of them survive a double.
const DIGITS: u32 = 15;
/// Digits of an exponent after which it ends: `1e99` is a double, `1e999` is not.
const EXPONENT_DIGITS: u32 = 2;

const ANY: ByteSet = ByteSet::range(0, 255);
const SPACE: ByteSet = ByteSet::of(b" \n\t\r");
/// Visible ASCII that stands for itself in a string.
const PLAIN: ByteSet = ByteSet::range(b' ', b'~').minus(ByteSet::of(b"\"\\"));
const BEYOND_ASCII: ByteSet = ByteSet::range(0x80, 0xff);
const SEPARATORS: ByteSet = ByteSet::of(b"@.:-");
const NUMBER: ByteSet = ByteSet::of(b"0123456789.-");
const EXPONENT: ByteSet = ByteSet::of(b"eE+");
const CLOSERS: ByteSet = ByteSet::of(b"]}");
/// What may follow a value inside an array or object.
const AFTER_VALUE: ByteSet = ByteSet::of(b",]}");
/// First bytes of values that nothing can stand in, beside texts and null.
const SCALARS: ByteSet = ByteSet::of(b"0123456789-tf");

/// Bytes of a string after which separators come more often.
const LONG_TEXT: u32 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Between,
    /// Inside a string, so many bytes after its quote.
    Text {
        length: u32,
    },
    Escape {
        length: u32,
    },
    Number {
        digits: u32,
        exponent: Option<u32>,
    },
}

/// See the module.
pub(crate) struct JsonBytes {
    rng: Rng,
    place: Place,
}

impl JsonBytes {
    pub(crate) fn new(rng: Rng) -> Self {
        Self {
            rng,
            place: Place::Between,
        }
    }

    /// A byte of the mask, out of the first of these sets that has one.
    fn first_of(&mut self, mask: &Mask, sets: &[ByteSet]) -> Option<u8> {
        sets.iter()
            .find_map(|set| self.rng.byte(mask.bytes.and(*set)))
    }

    fn in_text(&mut self, mask: &Mask, length: u32, closing: bool) -> Option<u8> {
        if mask.bytes.has(b'"') && (closing || self.rng.chance(12)) {
            return Some(b'"');
        }
        // In some strings only a separator leads on (the `@` of an e-mail address); among all letters it would be late.
        // Escapes and letters beyond ASCII are rare, but never absent.
        let rare = match self.rng.below(100) {
            0..30 if length > LONG_TEXT => SEPARATORS,
            30..33 => ByteSet::of(b"\\"),
            33..37 => BEYOND_ASCII,
            _ => ByteSet::default(),
        };
        self.first_of(mask, &[rare, PLAIN, ANY])
    }

    fn in_number(
        &mut self,
        mask: &Mask,
        digits: u32,
        exponent: Option<u32>,
        closing: bool,
    ) -> Option<u8> {
        let full = digits >= DIGITS || exponent.is_some_and(|digits| digits >= EXPONENT_DIGITS);
        if full || closing || self.rng.chance(35) {
            if mask.end {
                return None;
            }
            if let Some(byte) = self.first_of(mask, &[AFTER_VALUE]) {
                return Some(byte);
            }
        }
        let part = if self.rng.chance(20) {
            NUMBER.or(EXPONENT)
        } else {
            NUMBER
        };
        self.first_of(mask, &[part, ANY])
    }

    fn between(&mut self, mask: &Mask, closing: bool) -> Option<u8> {
        if mask.end && (closing || self.rng.chance(60)) {
            return None;
        }
        if self.rng.chance(3)
            && let Some(byte) = self.first_of(mask, &[SPACE])
        {
            return Some(byte);
        }
        if closing || self.rng.chance(25) {
            return self.first_of(
                mask,
                &[
                    CLOSERS,
                    ByteSet::of(b"n"),
                    ByteSet::of(b"\""),
                    SCALARS,
                    ANY.minus(SPACE),
                    ANY,
                ],
            );
        }
        self.first_of(mask, &[ANY.minus(SPACE), ANY])
    }
}

impl Chooser for JsonBytes {
    fn choose(&mut self, mask: &Mask, closing: bool) -> Option<u8> {
        match self.place {
            Place::Between => self.between(mask, closing),
            Place::Text { length } => self.in_text(mask, length, closing),
            Place::Escape { .. } => self.first_of(mask, &[ANY]),
            Place::Number { digits, exponent } => self.in_number(mask, digits, exponent, closing),
        }
    }

    fn wrote(&mut self, byte: u8) {
        self.place = self.place.after(byte);
    }
}

impl Place {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Text { length }, b'\\') => Self::Escape { length },
            (Self::Text { .. }, b'"') => Self::Between,
            (Self::Text { length } | Self::Escape { length }, _) => Self::Text {
                length: length.saturating_add(1),
            },
            (Self::Between | Self::Number { .. }, b'"') => Self::Text { length: 0 },
            (Self::Number { digits, exponent }, _) => Self::in_number(digits, exponent, byte),
            (Self::Between, b'-' | b'0'..=b'9') => Self::in_number(0, None, byte),
            (Self::Between, _) => Self::Between,
        }
    }

    fn in_number(digits: u32, exponent: Option<u32>, byte: u8) -> Self {
        let (digits, exponent) = match (byte, exponent) {
            (b'0'..=b'9', None) => (digits.saturating_add(1), None),
            (b'0'..=b'9', Some(places)) => (digits, Some(places.saturating_add(1))),
            (b'e' | b'E', None) => (digits, Some(0)),
            (b'.' | b'+' | b'-', exponent) => (digits, exponent),
            _ => return Self::Between,
        };
        Self::Number { digits, exponent }
    }
}
