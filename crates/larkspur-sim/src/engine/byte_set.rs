//! Sets of bytes, as small as a mask over a vocabulary of bytes.

/// A set of bytes: bit `n` of `low` stands for byte `n`, of `high` for byte `128 + n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ByteSet {
    low: u128,
    high: u128,
}

impl ByteSet {
    /// The bytes of a list.
    pub(crate) const fn of(mut list: &[u8]) -> Self {
        let mut set = Self { low: 0, high: 0 };
        while let [first, rest @ ..] = list {
            set = set.or(Self::only(*first));
            list = rest;
        }
        set
    }

    /// The bytes from `first` to `last`, both included.
    pub(crate) const fn range(first: u8, last: u8) -> Self {
        let mut set = Self::only(last);
        let mut byte = first;
        while byte < last {
            set = set.or(Self::only(byte));
            byte += 1;
        }
        set
    }

    const fn only(byte: u8) -> Self {
        let bit = 1 << (byte % 128);
        if byte < 128 {
            Self { low: bit, high: 0 }
        } else {
            Self { low: 0, high: bit }
        }
    }

    /// The set of a mask: bit `n` of its words, counted through, stands for byte `n`.
    pub(crate) fn from_words(words: &[u32]) -> Self {
        let join = |words: &[u32]| {
            words
                .iter()
                .rev()
                .fold(0, |joined, word| joined << 32 | u128::from(*word))
        };
        let (low, high) = words.split_at_checked(4).unwrap_or((words, &[]));
        Self {
            low: join(low),
            high: join(high.get(..4).unwrap_or(high)),
        }
    }

    /// Bytes of either set.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self {
            low: self.low | other.low,
            high: self.high | other.high,
        }
    }

    /// Bytes of both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            low: self.low & other.low,
            high: self.high & other.high,
        }
    }

    /// Bytes of this set that the other lacks.
    pub(crate) const fn minus(self, other: Self) -> Self {
        Self {
            low: self.low & !other.low,
            high: self.high & !other.high,
        }
    }

    /// Whether the byte is in the set.
    pub(crate) fn has(self, byte: u8) -> bool {
        self.and(Self::only(byte)) != Self::default()
    }

    /// How many bytes the set has.
    pub(crate) fn count(self) -> u32 {
        self.low.count_ones() + self.high.count_ones()
    }

    /// The byte before which `skip` smaller ones are in the set.
    pub(crate) fn nth(self, skip: u32) -> Option<u8> {
        let (mut word, skip, base) = match skip.checked_sub(self.low.count_ones()) {
            Some(rest) => (self.high, rest, 128),
            None => (self.low, skip, 0),
        };
        if skip >= word.count_ones() {
            return None;
        }
        for _ in 0..skip {
            word &= word - 1;
        }
        u8::try_from(word.trailing_zeros())
            .ok()
            .map(|bit| base + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::ByteSet;

    #[test]
    fn a_mask_of_words_is_a_set_of_bytes() {
        let set = ByteSet::from_words(&[1 << 9, 0, 1 << 31, 0, 1, 0, 0, 1 << 31, 7]);
        assert_eq!(
            (0..=6).map(|skip| set.nth(skip)).collect::<Vec<_>>(),
            [Some(9), Some(95), Some(128), Some(255), None, None, None]
        );
        assert_eq!(set.count(), 4);
        assert!(set.has(95) && !set.has(96));
    }

    #[test]
    fn ranges_and_lists_agree() {
        assert_eq!(ByteSet::range(b'a', b'd'), ByteSet::of(b"dcba"));
        assert_eq!(
            ByteSet::range(126, 129).minus(ByteSet::of(&[127, 128])),
            ByteSet::of(&[126, 129])
        );
    }
}
