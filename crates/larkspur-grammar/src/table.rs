//! Arenas whose indices have types.
//!
//! Every table of the engine is indexed by an id type of its own, so that a state cannot be taken for a terminal. Ids are
//! 32 bits wide: half the memory traffic of `usize`, and no table of the engine may grow beyond its typed limit, which is
//! far below 2³².

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// An index of one kind of table.
pub(crate) trait Id: Copy {
    /// The id of the element at `index`.
    fn from_index(index: usize) -> Self;
    /// Where the element is.
    fn index(self) -> usize;
}

/// A length or an offset as 32 bits; what does not fit is saturated, and the limits refuse it long before.
pub(crate) fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);

        impl $crate::table::Id for $name {
            #[inline]
            #[expect(
                clippy::cast_possible_truncation,
                reason = "no table grows beyond its typed limit, which is far below 2^32"
            )]
            fn from_index(index: usize) -> Self {
                Self(index as u32)
            }

            #[inline]
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(crate) use id_type;

/// A growing list of `T` with indices of type `I`.
///
/// Ids come from [`push`](Self::push) of the same table only; indexing with another is a bug of this crate.
#[derive(Clone, Debug)]
pub(crate) struct Table<I, T> {
    items: Vec<T>,
    ids: PhantomData<fn(I)>,
}

impl<I: Id, T> Table<I, T> {
    pub(crate) const fn new() -> Self {
        Self {
            items: Vec::new(),
            ids: PhantomData,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The id that the next [`push`](Self::push) will return.
    pub(crate) fn next_id(&self) -> I {
        I::from_index(self.items.len())
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) -> I {
        let id = self.next_id();
        self.items.push(item);
        id
    }

    /// Forgets everything from the element `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::from_index)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Bytes on the heap, without what the elements own.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.items.capacity() * size_of::<T>()
    }
}

impl<I: Id, T> Default for Table<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Id, T> FromIterator<T> for Table<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(items: S) -> Self {
        Self {
            items: items.into_iter().collect(),
            ids: PhantomData,
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "the id type says which table it belongs to, and only `push` makes ids"
)]
impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;

    #[inline]
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "the id type says which table it belongs to, and only `push` makes ids"
)]
impl<I: Id, T> IndexMut<I> for Table<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}
