//! Sets of bytes, and the partition of all bytes into classes that no set tells apart.

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ByteSet([u64; 4]);

impl ByteSet {
    pub(crate) const EMPTY: Self = Self([0; 4]);

    pub(crate) fn single(byte: u8) -> Self {
        Self::range(byte, byte)
    }

    /// All bytes from `first` to `last`, both included.
    pub(crate) fn range(first: u8, last: u8) -> Self {
        let mut set = Self::EMPTY;
        for byte in first..=last {
            set.insert(byte);
        }
        set
    }

    pub(crate) fn insert(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    #[inline]
    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0
            .get(usize::from(byte >> 6))
            .is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    fn zip(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let mut words = self.0;
        for (word, more) in words.iter_mut().zip(other.0) {
            *word = combine(*word, more);
        }
        Self(words)
    }
}

/// A partition of the 256 bytes: bytes of one class are in the same sets.
#[derive(Clone, Debug)]
pub(crate) struct ByteClasses {
    of: [u8; 256],
    /// One byte of each class.
    representatives: Vec<u8>,
}

impl ByteClasses {
    /// The coarsest partition that tells apart all that the sets tell apart.
    pub(crate) fn new<'s>(sets: impl Iterator<Item = &'s ByteSet>) -> Self {
        let mut of = [0u8; 256];
        let mut count = 1usize;
        for set in sets {
            if count == 256 {
                break;
            }
            count = split(&mut of, count, set);
        }
        let mut representatives = vec![None; count];
        for (byte, class) in (0u8..=255).zip(of) {
            if let Some(slot) = representatives.get_mut(usize::from(class)) {
                slot.get_or_insert(byte);
            }
        }
        Self {
            of,
            representatives: representatives.into_iter().flatten().collect(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.representatives.len()
    }

    pub(crate) fn representatives(&self) -> &[u8] {
        &self.representatives
    }

    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "an array of 256 has an element for every byte"
    )]
    pub(crate) fn of(&self, byte: u8) -> usize {
        usize::from(self.of[usize::from(byte)])
    }
}

/// Splits each class into what is in `set` and what is not; returns the new number of classes.
fn split(of: &mut [u8; 256], count: usize, set: &ByteSet) -> usize {
    // For each class: the first side seen, and the class that the other side is moved to.
    let mut sides: Vec<(Option<bool>, Option<u8>)> = vec![(None, None); count];
    let mut next = count;
    for (byte, class) in (0u8..=255).zip(of.iter_mut()) {
        let inside = set.contains(byte);
        let Some((side, moved)) = sides.get_mut(usize::from(*class)) else {
            continue;
        };
        if *side.get_or_insert(inside) != inside {
            let target = *moved.get_or_insert_with(|| {
                next += 1;
                u8::try_from(next - 1).unwrap_or(u8::MAX)
            });
            *class = target;
        }
    }
    next
}
