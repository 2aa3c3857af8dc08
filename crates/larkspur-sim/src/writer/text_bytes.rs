//! Text under a Lark grammar or a regex, byte by byte under the mask.
//!
//! Nothing is known about the language but what the mask says, so the choice goes by kinds of bytes: a kind first, then
//! a byte of it. Every kind keeps a real chance, because the byte that leads out of a loop may be the rarest (the `@` of
//! an e-mail address). Past the length that is enough, closers come first.

use crate::engine::{ByteSet, Mask};
use crate::rng::Rng;

use super::Chooser;
use super::words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Closer,
    Opener,
    Letter,
    Digit,
    Space,
    Symbol,
    /// Control characters and the bytes of characters beyond ASCII.
    Rare,
}

const KINDS: [Kind; 7] = [
    Kind::Closer,
    Kind::Opener,
    Kind::Letter,
    Kind::Digit,
    Kind::Space,
    Kind::Symbol,
    Kind::Rare,
];

impl Kind {
    const fn bytes(self) -> ByteSet {
        match self {
            Self::Closer => ByteSet::of(b")]};\"'"),
            Self::Opener => ByteSet::of(b"([{"),
            Self::Letter => ByteSet::range(b'a', b'z')
                .or(ByteSet::range(b'A', b'Z'))
                .or(ByteSet::of(b"_")),
            Self::Digit => ByteSet::range(b'0', b'9'),
            Self::Space => ByteSet::of(b" \n\t\r"),
            Self::Symbol => ByteSet::of(b"!#$%&*+,-./:<=>?@\\^`|~"),
            Self::Rare => ByteSet::range(0, 8)
                .or(ByteSet::of(&[0x0b, 0x0c]))
                .or(ByteSet::range(0x0e, 0x1f))
                .or(ByteSet::range(0x7f, 0xff)),
        }
    }
}

/// How likely a kind is, out of the weights of the kinds that the mask has.
type Weights = fn(Kind) -> u64;

fn random_weights(kind: Kind) -> u64 {
    match kind {
        Kind::Letter => 30,
        Kind::Digit | Kind::Symbol => 15,
        Kind::Closer | Kind::Opener | Kind::Space => 10,
        Kind::Rare => 3,
    }
}

fn readable_weights(kind: Kind) -> u64 {
    match kind {
        Kind::Letter => 60,
        Kind::Digit => 30,
        Kind::Closer => 10,
        Kind::Space => 8,
        Kind::Opener | Kind::Symbol => 4,
        Kind::Rare => 0,
    }
}

fn closing_weights(kind: Kind) -> u64 {
    match kind {
        Kind::Closer => 60,
        Kind::Letter | Kind::Digit | Kind::Space | Kind::Symbol => 10,
        Kind::Opener => 1,
        Kind::Rare => 0,
    }
}

/// A byte of a kind that the weights choose; any byte of the mask where all weights are 0.
fn weighted(rng: &mut Rng, mask: &Mask, weights: Weights) -> Option<u8> {
    let present = KINDS.map(|kind| (weights(kind), mask.bytes.and(kind.bytes())));
    let present = present.iter().filter(|(_, bytes)| bytes.count() > 0);
    let mut ticket = rng.below(present.clone().map(|(weight, _)| weight).sum());
    for (weight, bytes) in present {
        match ticket.checked_sub(*weight) {
            Some(rest) => ticket = rest,
            None => return rng.byte(*bytes),
        }
    }
    rng.byte(mask.bytes)
}

/// Random text.
pub(crate) struct TextBytes {
    rng: Rng,
}

impl TextBytes {
    pub(crate) fn new(rng: Rng) -> Self {
        Self { rng }
    }
}

impl Chooser for TextBytes {
    fn choose(&mut self, mask: &Mask, closing: bool) -> Option<u8> {
        if mask.end && (closing || mask.bytes.count() == 0 || self.rng.chance(15)) {
            return None;
        }
        weighted(
            &mut self.rng,
            mask,
            if closing {
                closing_weights
            } else {
                random_weights
            },
        )
    }

    fn wrote(&mut self, _byte: u8) {}
}

/// Text in words: where many letters may come, a word of a list is tried, letter by letter.
pub(crate) struct Readable {
    rng: Rng,
    plan: std::iter::Peekable<std::str::Bytes<'static>>,
    /// A planned word was written to its end, and nothing after it.
    word_done: bool,
    /// Free words and digits written since the last byte of another kind.
    run: u32,
}

/// Letters and digits in a row after which another kind of byte comes first.
const LONG_RUN: u32 = 24;

impl Readable {
    pub(crate) fn new(rng: Rng) -> Self {
        Self {
            rng,
            plan: "".bytes().peekable(),
            word_done: false,
            run: 0,
        }
    }

    /// The next byte of the planned word, while the mask admits it.
    fn planned(&mut self, mask: &Mask) -> Option<u8> {
        let next = self
            .plan
            .peek()
            .copied()
            .filter(|byte| mask.bytes.has(*byte));
        if next.is_none() {
            self.plan = "".bytes().peekable();
        }
        next
    }

    fn start_word(&mut self, mask: &Mask) -> Option<u8> {
        let letters = mask.bytes.and(ByteSet::range(b'a', b'z'));
        if letters.count() < 20 || self.run > 0 {
            return None;
        }
        let word = self.rng.pick(words::COMMON)?;
        self.plan = word.bytes().peekable();
        self.planned(mask)
    }
}

impl Chooser for Readable {
    fn choose(&mut self, mask: &Mask, closing: bool) -> Option<u8> {
        if let Some(byte) = self.planned(mask) {
            return Some(byte);
        }
        if mask.end && (closing || mask.bytes.count() == 0 || self.run > 0 || self.rng.chance(30)) {
            return None;
        }
        if !closing && let Some(byte) = self.start_word(mask) {
            return Some(byte);
        }
        if self.run > 0 && (self.run > LONG_RUN || self.word_done || self.rng.chance(70)) {
            // A word or a number has been written: let something else follow.
            let ends = Kind::Space.bytes().or(Kind::Closer.bytes());
            let other = Kind::Symbol.bytes().or(Kind::Opener.bytes());
            if let Some(byte) = self
                .rng
                .byte(mask.bytes.and(ends))
                .or_else(|| self.rng.byte(mask.bytes.and(other)))
            {
                return Some(byte);
            }
        }
        weighted(
            &mut self.rng,
            mask,
            if closing {
                closing_weights
            } else {
                readable_weights
            },
        )
    }

    fn wrote(&mut self, byte: u8) {
        self.word_done = self.plan.next_if_eq(&byte).is_some() && self.plan.peek().is_none();
        self.run = if byte.is_ascii_alphanumeric() || byte == b'_' {
            self.run + 1
        } else {
            0
        };
    }
}
