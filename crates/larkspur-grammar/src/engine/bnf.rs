//! The grammar as plain productions without empty ones: what the parser's tables are built from.
//!
//! Invariants, established by [`lower`](super::lower) and [`epsilon`](super::epsilon):
//! - No production is empty and none is `A → A`. That a symbol may be absent is spelled out in the productions that use it;
//!   what absence means for trees is kept as [`Part::Fill`], and what else it can mean as [`Variants`].
//! - The productions of one nonterminal are neighbours.
//! - The slots of a production are neighbours: one for each symbol, then one that says which production ends.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::grammar::Grammar;
use crate::table::{Id as _, Table, id_type, narrow};

id_type! {
    /// A nonterminal: a rule of the grammar, or a helper for a group or a repetition.
    NtId
}
id_type! {
    /// A terminal as the lexer numbers it: those of the grammar, in their order, then one for all ignored text.
    TermId
}
id_type! {
    /// A production.
    ProdId
}
id_type! {
    /// A place before a symbol of a production, or at its end: the core of an LR item.
    SlotId
}
id_type! {
    /// What a node of a tree is called.
    KindId
}

/// A symbol: a terminal or a nonterminal, in 32 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Sym(u32);

/// A symbol, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Symbol {
    Term(TermId),
    Nt(NtId),
}

const TERMINAL: u32 = 1 << 31;
const END: u32 = 1 << 30;

impl Sym {
    pub(crate) fn term(id: TermId) -> Self {
        Self(id.0 | TERMINAL)
    }

    pub(crate) fn nt(id: NtId) -> Self {
        Self(id.0)
    }

    pub(crate) fn get(self) -> Symbol {
        if self.0 & TERMINAL == 0 {
            Symbol::Nt(NtId(self.0))
        } else {
            Symbol::Term(TermId(self.0 & !TERMINAL))
        }
    }
}

/// What stands at a place of a production.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Slot(u32);

/// A place, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum At {
    Sym(Sym),
    End(ProdId),
}

impl Slot {
    fn end(id: ProdId) -> Self {
        Self(id.0 | END)
    }

    pub(crate) fn get(self) -> At {
        if self.0 & TERMINAL == 0 && self.0 & END != 0 {
            At::End(ProdId(self.0 & !END))
        } else {
            At::Sym(Sym(self.0))
        }
    }
}

/// A production.
#[derive(Clone, Debug)]
pub(crate) struct Prod {
    pub(crate) lhs: NtId,
    /// Its first place.
    pub(crate) first: SlotId,
    /// How many symbols; at least one.
    pub(crate) len: u32,
    pub(crate) shape: Shape,
    /// What its node is made of, from left to right: each symbol, and what stands for absent ones.
    pub(crate) parts: Range<u32>,
    /// It is one rule or helper and nothing else: where it makes no node, nothing happens.
    pub(crate) unit: bool,
    /// In every tree it gives just what its one rule or helper gave. See [`units`](super::units).
    pub(crate) passes: bool,
}

impl Prod {
    /// Whether a single stack can pass over it: where trees are made, if it changes none.
    #[inline]
    pub(crate) fn is_passed_over(&self, record: bool) -> bool {
        if record { self.passes } else { self.len == 1 }
    }
}

/// What becomes of a production, or of an absent symbol, in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// The children take the place.
    Inline,
    /// A node.
    Node(KindId),
    /// A node, unless there is exactly one child.
    NodeUnlessSingle(KindId),
}

/// One piece of a production, as trees see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// The next symbol is a terminal that does not show (also one that was taken apart into characters).
    Drop,
    /// The next symbol is a terminal that shows, as a leaf over all of its text.
    Keep(KindId),
    /// The next symbol is a rule or a helper.
    Nt,
    /// No symbol: what an absent one leaves.
    Fill(Fill),
}

/// What an absent symbol leaves in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fill {
    /// The tree of a nonterminal that derives the empty text.
    Null(NtId),
    /// `None`, as Lark puts for an absent `[x]`.
    Placeholder,
}

/// Another reading of the symbols of a production, which differs only in what is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// Other pieces around the same symbols.
    Parts(Vec<Part>),
    /// What the production derives is the only symbol of a further one with the same left side: `A → A` with absent ones.
    Again {
        shape: Shape,
        parts: Vec<Part>,
        /// Only if the production has fewer nodes than this.
        below: Option<u32>,
    },
}

/// Other readings that are kept of one production or one empty text.
pub(crate) const MAX_VARIANTS: usize = 4;

/// What is ambiguous without a single symbol. The productions and [`Nt::null`] have the first reading of each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variants {
    pub(crate) prods: FxHashMap<ProdId, Vec<Variant>>,
    pub(crate) nulls: FxHashMap<NtId, Vec<NullTree>>,
}

impl Variants {
    pub(crate) fn is_empty(&self) -> bool {
        self.prods.is_empty() && self.nulls.is_empty()
    }
}

/// A nonterminal.
#[derive(Clone, Debug)]
pub(crate) struct Nt {
    /// Its tree where it derives the empty text; `None` if it does not.
    pub(crate) null: Option<NullTree>,
    /// Its productions.
    pub(crate) prods: Range<u32>,
}

/// The tree of a nonterminal that derives the empty text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NullTree {
    pub(crate) shape: Shape,
    pub(crate) fills: Box<[Fill]>,
}

/// A name that nodes bear.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A rule, or an alias.
    Rule(String),
    /// A terminal.
    Terminal(String),
    /// Nothing stands there.
    Placeholder,
}

/// The productions of a grammar.
#[derive(Clone, Debug)]
pub(crate) struct Bnf {
    pub(crate) prods: Table<ProdId, Prod>,
    pub(crate) slots: Table<SlotId, Slot>,
    pub(crate) parts: Vec<Part>,
    pub(crate) nts: Table<NtId, Nt>,
    pub(crate) kinds: Table<KindId, Kind>,
    pub(crate) variants: Variants,
    /// The start symbol of the grammar.
    pub(crate) start: NtId,
    /// `start' → start`, which nothing else refers to.
    pub(crate) accept: ProdId,
    /// Terminals without the one for ignored text.
    pub(crate) terminals: usize,
}

impl Bnf {
    pub(crate) fn new(grammar: &Grammar) -> Self {
        Self {
            prods: Table::new(),
            slots: Table::new(),
            parts: Vec::new(),
            nts: Table::new(),
            kinds: Table::new(),
            variants: Variants::default(),
            start: NtId(0),
            accept: ProdId(0),
            terminals: grammar.terminals().len(),
        }
    }

    pub(crate) fn push(&mut self, lhs: NtId, rhs: &[Sym], shape: Shape, parts: &[Part]) -> ProdId {
        let id = self.prods.next_id();
        let first = self.slots.next_id();
        for sym in rhs {
            self.slots.push(Slot(sym.0));
        }
        self.slots.push(Slot::end(id));
        let start = narrow(self.parts.len());
        self.parts.extend_from_slice(parts);
        self.prods.push(Prod {
            lhs,
            first,
            len: narrow(rhs.len()),
            shape,
            parts: start..narrow(self.parts.len()),
            unit: parts == [Part::Nt],
            passes: false,
        });
        id
    }

    /// Notes another reading of a production. The production is then never passed over where trees are made.
    pub(crate) fn vary(&mut self, prod: ProdId, variant: Variant) {
        let known = self.variants.prods.entry(prod).or_default();
        if known.len() < MAX_VARIANTS && !known.contains(&variant) {
            known.push(variant);
        }
        self.prods[prod].unit = false;
    }

    /// The symbol at `slot`, if it is not the end.
    pub(crate) fn symbol(&self, slot: SlotId) -> Option<Sym> {
        match self.slots[slot].get() {
            At::Sym(sym) => Some(sym),
            At::End(_) => None,
        }
    }

    /// The place behind the symbol at `slot`.
    pub(crate) fn after(slot: SlotId) -> SlotId {
        SlotId(slot.0 + 1)
    }

    pub(crate) fn prods_of(&self, nt: NtId) -> impl Iterator<Item = ProdId> + use<> {
        self.nts[nt].prods.clone().map(ProdId)
    }

    pub(crate) fn parts_of(&self, prod: ProdId) -> &[Part] {
        let parts = &self.prods[prod].parts;
        self.parts
            .get(parts.start as usize..parts.end as usize)
            .unwrap_or_default()
    }

    /// For each nonterminal, which terminals can stand first. `None` if that table were larger than `max_bytes`.
    pub(crate) fn first_sets(&self, width: usize, max_bytes: usize) -> Option<Vec<Box<[u64]>>> {
        let words = width.div_ceil(64);
        if self.nts.len().checked_mul(words * 8)? > max_bytes {
            return None;
        }
        let mut sets = vec![vec![0u64; words].into_boxed_slice(); self.nts.len()];
        // users[b]: the nonterminals with a production that starts with b.
        let mut users: Vec<Vec<NtId>> = vec![Vec::new(); self.nts.len()];
        for prod in self.prods.iter() {
            match self.symbol(prod.first).map(Sym::get) {
                Some(Symbol::Term(term)) => {
                    if let Some(word) = sets
                        .get_mut(prod.lhs.index())
                        .and_then(|set| set.get_mut(term.index() / 64))
                    {
                        *word |= 1 << (term.index() % 64);
                    }
                }
                Some(Symbol::Nt(nt)) => {
                    if let Some(users) = users.get_mut(nt.index())
                        && users.last() != Some(&prod.lhs)
                    {
                        users.push(prod.lhs);
                    }
                }
                None => {}
            }
        }
        propagate(&mut sets, &users);
        Some(sets)
    }
}

/// Unions the set of each nonterminal into its users' until nothing changes.
fn propagate(sets: &mut [Box<[u64]>], users: &[Vec<NtId>]) {
    let mut queued = vec![true; sets.len()];
    let mut queue: std::collections::VecDeque<usize> = (0..sets.len()).collect();
    while let Some(from) = queue.pop_front() {
        if let Some(flag) = queued.get_mut(from) {
            *flag = false;
        }
        for user in users.get(from).into_iter().flatten() {
            let to = user.index();
            if to == from {
                continue;
            }
            let Ok([source, target]) = sets.get_disjoint_mut([from, to]) else {
                continue;
            };
            let mut changed = false;
            for (word, more) in target.iter_mut().zip(source.iter()) {
                changed |= *more & !*word != 0;
                *word |= more;
            }
            if changed
                && let Some(flag) = queued.get_mut(to)
                && !std::mem::replace(flag, true)
            {
                queue.push_back(to);
            }
        }
    }
}
