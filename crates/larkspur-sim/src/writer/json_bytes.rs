//! Random JSON, byte by byte under the mask.
//!
//! Uniform choice among the bytes of a mask never ends a string (one byte of two hundred does) and grows numbers to
//! hundreds of digits that no reader takes. So the choice knows where in the JSON text it stands, and leans towards the
//! end of what is open: strings and numbers stay short, white space is rare, `null` and closers come often.

use crate::engine::Mask;
use crate::rng::Rng;

use super::Chooser;

/// Digits of a number after which it ends where it may: all of them survive a double.
const DIGITS: u32 = 15;
/// Digits of an exponent after which it ends: `1e99` is a double, `1e999` is not.
const EXPONENT_DIGITS: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Between,
    Text,
    Escape,
    Number { digits: u32, exponent: Option<u32> },
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

    fn one_of(&mut self, mask: &Mask, keep: impl Fn(u8) -> bool) -> Option<u8> {
        let found = mask.bytes().filter(|byte| keep(*byte)).count();
        let index = self.rng.index(found);
        mask.bytes().filter(|byte| keep(*byte)).nth(index)
    }

    fn any(&mut self, mask: &Mask) -> Option<u8> {
        self.one_of(mask, |_| true)
    }

    fn in_text(&mut self, mask: &Mask, closing: bool) -> Option<u8> {
        if mask.has(b'"') && (closing || self.rng.chance(12)) {
            return Some(b'"');
        }
        if self.rng.chance(4) {
            // Escapes, letters beyond ASCII: rare, but never absent.
            if let Some(byte) = self.one_of(mask, |byte| byte == b'\\' || byte >= 0x80) {
                return Some(byte);
            }
        }
        self.one_of(mask, |byte| {
            (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\'
        })
        .or_else(|| self.any(mask))
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
            if let Some(byte) = self.one_of(mask, |byte| matches!(byte, b',' | b'}' | b']')) {
                return Some(byte);
            }
        }
        let with_exponent = self.rng.chance(8);
        self.one_of(mask, |byte| {
            byte.is_ascii_digit()
                || matches!(byte, b'.' | b'-')
                || with_exponent && is_exponent(byte)
        })
        .or_else(|| self.any(mask))
    }

    fn between(&mut self, mask: &Mask, closing: bool) -> Option<u8> {
        if mask.end && (closing || self.rng.chance(60)) {
            return None;
        }
        if self.rng.chance(3)
            && let Some(byte) = self.one_of(mask, is_space)
        {
            return Some(byte);
        }
        if closing || self.rng.chance(25) {
            for wanted in [b"]}".as_slice(), b"n", b"\"", b"0123456789tf-", b","] {
                if let Some(byte) = self.one_of(mask, |byte| wanted.contains(&byte)) {
                    return Some(byte);
                }
            }
        }
        self.one_of(mask, |byte| !is_space(byte))
            .or_else(|| self.any(mask))
    }
}

impl Chooser for JsonBytes {
    fn choose(&mut self, mask: &Mask, closing: bool) -> Option<u8> {
        match self.place {
            Place::Between => self.between(mask, closing),
            Place::Text => self.in_text(mask, closing),
            Place::Escape => self.any(mask),
            Place::Number { digits, exponent } => self.in_number(mask, digits, exponent, closing),
        }
    }

    fn wrote(&mut self, byte: u8) {
        self.place = match (self.place, byte) {
            (Place::Text, b'\\') => Place::Escape,
            (Place::Text, b'"') => Place::Between,
            (Place::Text | Place::Escape, _) | (Place::Between | Place::Number { .. }, b'"') => {
                Place::Text
            }
            (
                Place::Number {
                    digits,
                    exponent: None,
                },
                b'e' | b'E',
            ) => Place::Number {
                digits,
                exponent: Some(0),
            },
            (
                Place::Number {
                    digits,
                    exponent: Some(places),
                },
                b'0'..=b'9',
            ) => Place::Number {
                digits,
                exponent: Some(places + 1),
            },
            (
                Place::Number {
                    digits,
                    exponent: None,
                },
                b'0'..=b'9',
            ) => Place::Number {
                digits: digits + 1,
                exponent: None,
            },
            (number @ Place::Number { .. }, b'.' | b'+' | b'-') => number,
            (Place::Between, b'0'..=b'9') => Place::Number {
                digits: 1,
                exponent: None,
            },
            (Place::Between, b'-') => Place::Number {
                digits: 0,
                exponent: None,
            },
            (Place::Between | Place::Number { .. }, _) => Place::Between,
        };
    }
}

fn is_exponent(byte: u8) -> bool {
    matches!(byte, b'e' | b'E' | b'+')
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}
