//! Sets of terminals, each stored once.

use rustc_hash::FxHashMap;

use super::bnf::TermId;
use crate::table::{Id as _, Table, id_type};

id_type! {
    /// A set of one [`SetPool`].
    SetId
}

/// Interned sets of terminals and of the end of the text, which has the number behind the last terminal.
#[derive(Clone, Debug)]
pub(crate) struct SetPool {
    words: usize,
    sets: Table<SetId, Box<[u64]>>,
    ids: FxHashMap<Box<[u64]>, SetId>,
    unions: FxHashMap<(SetId, SetId), SetId>,
}

impl SetPool {
    pub(crate) const EMPTY: SetId = SetId(0);

    /// A pool for terminals below `width`.
    pub(crate) fn new(width: usize) -> Self {
        let words = width.div_ceil(64);
        let mut pool = Self {
            words,
            sets: Table::new(),
            ids: FxHashMap::default(),
            unions: FxHashMap::default(),
        };
        let empty = pool.scratch();
        pool.intern(empty);
        pool
    }

    /// An empty set to fill and [`intern`](Self::intern).
    pub(crate) fn scratch(&self) -> Box<[u64]> {
        vec![0; self.words].into_boxed_slice()
    }

    pub(crate) fn intern(&mut self, set: Box<[u64]>) -> SetId {
        if let Some(&id) = self.ids.get(&set) {
            return id;
        }
        let id = self.sets.push(set.clone());
        self.ids.insert(set, id);
        id
    }

    pub(crate) fn get(&self, id: SetId) -> &[u64] {
        &self.sets[id]
    }

    pub(crate) fn contains(&self, id: SetId, term: TermId) -> bool {
        self.sets[id]
            .get(term.index() / 64)
            .is_some_and(|word| word >> (term.index() % 64) & 1 == 1)
    }

    pub(crate) fn union(&mut self, a: SetId, b: SetId) -> SetId {
        if a == b || b == Self::EMPTY {
            return a;
        }
        if a == Self::EMPTY {
            return b;
        }
        let key = (a.min(b), a.max(b));
        if let Some(&id) = self.unions.get(&key) {
            return id;
        }
        let mut set = self.sets[a].clone();
        unite(&mut set, self.get(b));
        let id = self.intern(set);
        self.unions.insert(key, id);
        id
    }

    pub(crate) fn iter(&self, id: SetId) -> impl Iterator<Item = TermId> + '_ {
        members(&self.sets[id])
    }
}

/// The members of a set.
pub(crate) fn members(set: &[u64]) -> impl Iterator<Item = TermId> + '_ {
    set.iter().enumerate().flat_map(|(index, &word)| {
        let mut rest = word;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(TermId::from_index(index * 64 + bit))
        })
    })
}

/// Adds `more` to `set`; whether that changed it.
pub(crate) fn unite(set: &mut [u64], more: &[u64]) -> bool {
    let mut changed = false;
    for (word, more) in set.iter_mut().zip(more) {
        changed |= *more & !*word != 0;
        *word |= more;
    }
    changed
}

/// Adds one terminal.
pub(crate) fn insert(set: &mut [u64], term: TermId) {
    if let Some(word) = set.get_mut(term.index() / 64) {
        *word |= 1 << (term.index() % 64);
    }
}
