//! A small seeded generator of random numbers.
//!
//! `SplitMix64` (Steele, Lea, Flood: *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014): 64 bits of state,
//! the same numbers on every platform and in every version, which is all that a reproducible answer asks for.

use crate::engine::ByteSet;

/// A stream of random numbers that depends on its seed only.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own, which depends on this one.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.bits())
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `bound`; 0 for a bound of 0. The bias of the remainder is below 2⁻³² for the bounds used here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.bits().checked_rem(bound).unwrap_or(0)
    }

    /// An index into a list of `len` entries.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = i128::from(high) - i128::from(low) + 1;
        let span = u64::try_from(span).unwrap_or(u64::MAX);
        let step = if span == 0 { 0 } else { self.below(span) };
        i64::try_from(i128::from(low) + i128::from(step)).unwrap_or(low)
    }

    /// A number from 0 to 1, which is not 1.
    #[cfg(feature = "gguf")]
    pub(crate) fn share(&mut self) -> f64 {
        let bits = u32::try_from(self.bits() >> 32).unwrap_or(0);
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    /// One entry of a list.
    pub(crate) fn pick<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        list.get(self.index(list.len()))
    }
}

impl Rng {
    /// One byte of a set.
    pub(crate) fn byte(&mut self, set: ByteSet) -> Option<u8> {
        let skip = self.below(u64::from(set.count()));
        set.nth(u32::try_from(skip).unwrap_or(0))
    }
}

/// The finaliser of `SplitMix64`: every input bit reaches every output bit.
pub(crate) fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A hash of bytes that is the same everywhere (FNV-1a).
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
