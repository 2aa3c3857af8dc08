//! A small deterministic source of numbers.

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): 64 bits of state, one
/// addition and a mix per number. Good enough to choose among alternatives, the same everywhere, and not for secrets.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The sequence of `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if `bound` is 0. The bias is below `bound` in 2⁶⁴.
    pub const fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // The high half of the product: no division, and the low bits, which are the weaker ones, count least.
        ((self.next() as u128 * bound as u128) >> 64) as u64
    }

    /// An index below `length`; 0 if `length` is 0.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// Whether one of `one_in` equally likely cases has come.
    pub const fn one_in(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }

    /// How often a thing is repeated beyond its least: half of the time not, half of the rest once, and so on; now and then
    /// as often as is allowed.
    pub(crate) fn more(&mut self, most: u64) -> u64 {
        if most > 0 && self.one_in(24) {
            return most;
        }
        u64::from(self.next().trailing_ones()).min(most)
    }
}
