//! Text under a Lark grammar or a regex, byte by byte under the mask.
//!
//! Nothing is known about the language but what the mask says, so the choice goes by kinds of bytes: a kind first, then
//! a byte of it. Every kind keeps a real chance, because the byte that leads out of a loop may be the rarest (the `@` of
//! an e-mail address). Past the length that is enough, closers come first.

use crate::engine::Mask;
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

fn kind(byte: u8) -> Kind {
    match byte {
        b')' | b']' | b'}' | b';' | b'"' | b'\'' => Kind::Closer,
        b'(' | b'[' | b'{' => Kind::Opener,
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => Kind::Letter,
        b'0'..=b'9' => Kind::Digit,
        b' ' | b'\n' | b'\t' | b'\r' => Kind::Space,
        b'!'..=b'~' => Kind::Symbol,
        _ => Kind::Rare,
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
    const KINDS: [Kind; 7] = [
        Kind::Closer,
        Kind::Opener,
        Kind::Letter,
        Kind::Digit,
        Kind::Space,
        Kind::Symbol,
        Kind::Rare,
    ];
    let present = |wanted: Kind| mask.bytes().any(|byte| kind(byte) == wanted);
    let total: u64 = KINDS
        .iter()
        .filter(|kind| present(**kind))
        .map(|kind| weights(*kind))
        .sum();
    let mut ticket = rng.below(total);
    for wanted in KINDS.into_iter().filter(|kind| total > 0 && present(*kind)) {
        match ticket.checked_sub(weights(wanted)) {
            Some(rest) => ticket = rest,
            None => return one_of(rng, mask, |byte| kind(byte) == wanted),
        }
    }
    one_of(rng, mask, |_| true)
}

fn one_of(rng: &mut Rng, mask: &Mask, keep: impl Fn(u8) -> bool) -> Option<u8> {
    let found = mask.bytes().filter(|byte| keep(*byte)).count();
    let index = rng.index(found);
    mask.bytes().filter(|byte| keep(*byte)).nth(index)
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
        if mask.end && (closing || mask.count() == 0 || self.rng.chance(15)) {
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
            run: 0,
        }
    }

    /// The next byte of the planned word, while the mask admits it.
    fn planned(&mut self, mask: &Mask) -> Option<u8> {
        let next = self.plan.peek().copied().filter(|byte| mask.has(*byte));
        if next.is_none() {
            self.plan = "".bytes().peekable();
        }
        next
    }

    fn start_word(&mut self, mask: &Mask) -> Option<u8> {
        let letters = mask.bytes().filter(u8::is_ascii_lowercase).count();
        if letters < 20 || self.run > 0 {
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
        if mask.end && (closing || mask.count() == 0 || self.run > 0 || self.rng.chance(30)) {
            return None;
        }
        if !closing && let Some(byte) = self.start_word(mask) {
            return Some(byte);
        }
        if self.run > 0 && (self.run > LONG_RUN || self.rng.chance(70)) {
            // A word or a number has been written: let something else follow.
            let other = |byte: u8| !matches!(kind(byte), Kind::Letter | Kind::Digit | Kind::Rare);
            if let Some(byte) = one_of(&mut self.rng, mask, |byte| {
                kind(byte) == Kind::Space || kind(byte) == Kind::Closer
            })
            .or_else(|| one_of(&mut self.rng, mask, other))
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
        if self.plan.peek() == Some(&byte) {
            self.plan.next();
        }
        self.run = if byte.is_ascii_alphanumeric() || byte == b'_' {
            self.run + 1
        } else {
            0
        };
    }
}
