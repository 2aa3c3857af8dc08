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
        let mut words = [0; 4];
        for (word, lowest) in words.iter_mut().zip([0_u32, 64, 128, 192]) {
            let from = u32::from(first).max(lowest);
            let to = u32::from(last).min(lowest + 63);
            if from <= to {
                *word = u64::MAX >> (63 - (to - from)) << (from - lowest);
            }
        }
        Self(words)
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

    fn complement(&self) -> Self {
        Self(self.0.map(|word| !word))
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Its bytes, in order.
    fn bytes(&self) -> impl Iterator<Item = u8> {
        let words = self.0.into_iter().zip([0_u8, 64, 128, 192]);
        words.flat_map(|(mut word, lowest)| {
            std::iter::from_fn(move || {
                let place = u8::try_from(word.trailing_zeros())
                    .ok()
                    .filter(|_| word != 0)?;
                word &= word - 1;
                Some(lowest + place)
            })
        })
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
    /// The coarsest partition that tells apart all that the sets tell apart. Classes are numbered by their first byte.
    pub(crate) fn new<'s>(sets: impl Iterator<Item = &'s ByteSet>) -> Self {
        let mut partition = Partition::new();
        for set in sets {
            if partition.count == 256 {
                break;
            }
            partition.split(set);
        }
        let mut numbers = [None; 256];
        let mut representatives = Vec::with_capacity(partition.count);
        let mut of = [0; 256];
        for ((byte, block), class) in (0u8..=255).zip(partition.of).zip(&mut of) {
            let Some(number) = numbers.get_mut(usize::from(block)) else {
                continue;
            };
            *class = *number.get_or_insert_with(|| {
                representatives.push(byte);
                u8::try_from(representatives.len() - 1).unwrap_or(u8::MAX)
            });
        }
        Self {
            of,
            representatives,
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

/// A partition while it is refined.
struct Partition {
    of: [u8; 256],
    /// The bytes in each block.
    sizes: [u16; 256],
    count: usize,
}

impl Partition {
    fn new() -> Self {
        let mut sizes = [0; 256];
        if let Some(first) = sizes.first_mut() {
            *first = 256;
        }
        Self {
            of: [0; 256],
            sizes,
            count: 1,
        }
    }

    /// Splits each block into what is in `set` and what is not. Takes as long as the set, or what is outside it, is large.
    fn split(&mut self, set: &ByteSet) {
        let set = if set.len() > 128 {
            set.complement()
        } else {
            *set
        };
        let mut inside = [0_u16; 256];
        for byte in set.bytes() {
            if let Some(count) = inside.get_mut(self.block(byte)) {
                *count += 1;
            }
        }
        // Where what is inside goes to, once for each block; no new block is the first one.
        let mut moved = [0_u8; 256];
        for byte in set.bytes() {
            let block = self.block(byte);
            let count = inside.get_mut(block).map_or(0, std::mem::take);
            if let (Some(size), Some(to)) = (self.sizes.get_mut(block), moved.get_mut(block))
                && count > 0
                && *size > count
            {
                *size -= count;
                *to = u8::try_from(self.count).unwrap_or(u8::MAX);
                if let Some(size) = self.sizes.get_mut(self.count) {
                    *size = count;
                }
                self.count += 1;
            }
            let to = moved.get(block).copied().unwrap_or_default();
            if let Some(slot) = self.of.get_mut(usize::from(byte))
                && to > 0
            {
                *slot = to;
            }
        }
    }

    fn block(&self, byte: u8) -> usize {
        self.of
            .get(usize::from(byte))
            .map_or(0, |block| usize::from(*block))
    }
}
