//! Regular expressions over bytes, shared.

use rustc_hash::FxHashMap;

use super::bytes::{ByteClasses, ByteSet};
use crate::table::{Table, id_type};

id_type! {
    /// An expression of one [`Exprs`].
    ExprRef
}

/// One node. Children are older than their parents.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Expr {
    /// No text.
    Never,
    /// The empty text.
    Empty,
    /// One byte of a set, which is not empty.
    Byte(ByteSet),
    /// One after the other. The tail may be a sequence again, so a literal is a chain.
    Concat(ExprRef, ExprRef),
    /// Any of them: sorted, distinct, at least two, none of them an `Or`, at most one of them a `Byte`.
    Or(Box<[ExprRef]>),
    /// All of them: sorted, distinct, at least two, none of them an `And`.
    And(Box<[ExprRef]>),
    /// Every other byte string.
    Not(ExprRef),
    /// From `min` to `max` times (`u32::MAX` is without end), at least two at most. If `min` is not 0 the inside is not
    /// nullable.
    Repeat(ExprRef, u32, u32),
}

/// What is known of a node when it is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// It matches the empty text.
    pub(super) nullable: bool,
    /// No `And` and no `Not` below: it matches something unless it is `Never`.
    pub(super) plain: bool,
    /// What [`Exprs::settle`] has found out.
    pub(super) alive: Option<bool>,
}

/// Without end, as the `max` of a repetition.
pub(super) const UNBOUNDED: u32 = u32::MAX;

/// All expressions of one set of terminals.
#[derive(Clone, Debug)]
pub(crate) struct Exprs {
    nodes: Table<ExprRef, Expr>,
    facts: Table<ExprRef, Facts>,
    ids: FxHashMap<Expr, ExprRef>,
    pub(super) derivatives: FxHashMap<(ExprRef, u8), ExprRef>,
    /// Derivatives that were looked at to settle something, also those that were known.
    pub(super) looked_at: usize,
    /// Parts that derivatives were put together from.
    pub(super) derived: usize,
    /// Children of all nodes made so far: what the limits count.
    weight: usize,
}

impl Exprs {
    /// Matches nothing.
    pub(crate) const NEVER: ExprRef = ExprRef(0);
    /// Matches the empty text only.
    pub(crate) const EMPTY: ExprRef = ExprRef(1);

    pub(crate) fn new() -> Self {
        let mut exprs = Self {
            nodes: Table::new(),
            facts: Table::new(),
            ids: FxHashMap::default(),
            derivatives: FxHashMap::default(),
            looked_at: 0,
            derived: 0,
            weight: 0,
        };
        exprs.intern(Expr::Never);
        exprs.intern(Expr::Empty);
        exprs
    }

    /// How much has been built: nodes and their children.
    pub(crate) fn weight(&self) -> usize {
        self.weight
    }

    #[inline]
    pub(crate) fn is_nullable(&self, id: ExprRef) -> bool {
        self.facts[id].nullable
    }

    pub(super) fn node(&self, id: ExprRef) -> &Expr {
        &self.nodes[id]
    }

    pub(super) fn facts(&self, id: ExprRef) -> Facts {
        self.facts[id]
    }

    pub(super) fn set_alive(&mut self, id: ExprRef, alive: bool) {
        self.facts[id].alive = Some(alive);
    }

    /// The classes of bytes that no expression made so far tells apart. Derivatives add no new ones.
    pub(crate) fn byte_classes(&self) -> ByteClasses {
        ByteClasses::new(self.nodes.iter().filter_map(|node| match node {
            Expr::Byte(set) => Some(set),
            _ => None,
        }))
    }

    fn intern(&mut self, node: Expr) -> ExprRef {
        if let Some(&id) = self.ids.get(&node) {
            return id;
        }
        let facts = self.facts_of(&node);
        self.weight += match &node {
            Expr::Or(parts) | Expr::And(parts) => 1 + parts.len(),
            _ => 1,
        };
        let id = self.nodes.push(node.clone());
        self.facts.push(facts);
        self.ids.insert(node, id);
        id
    }

    fn facts_of(&self, node: &Expr) -> Facts {
        let (nullable, plain) = match node {
            Expr::Never | Expr::Byte(_) => (false, true),
            Expr::Empty => (true, true),
            Expr::Concat(a, b) => {
                let (a, b) = (self.facts[*a], self.facts[*b]);
                (a.nullable && b.nullable, a.plain && b.plain)
            }
            Expr::Or(parts) => (
                parts.iter().any(|part| self.facts[*part].nullable),
                parts.iter().all(|part| self.facts[*part].plain),
            ),
            Expr::And(parts) => (parts.iter().all(|part| self.facts[*part].nullable), false),
            Expr::Not(inner) => (!self.facts[*inner].nullable, false),
            Expr::Repeat(inner, min, _) => (*min == 0, self.facts[*inner].plain),
        };
        let alive = (nullable || plain).then_some(!matches!(node, Expr::Never));
        Facts {
            nullable,
            plain,
            alive,
        }
    }

    /// One byte.
    #[cfg(feature = "pest")]
    pub(crate) fn single(&mut self, byte: u8) -> ExprRef {
        self.byte(ByteSet::single(byte))
    }

    pub(super) fn byte(&mut self, set: ByteSet) -> ExprRef {
        if set.is_empty() {
            Self::NEVER
        } else {
            self.intern(Expr::Byte(set))
        }
    }

    pub(crate) fn concat(&mut self, head: ExprRef, tail: ExprRef) -> ExprRef {
        match (head, tail) {
            (Self::NEVER, _) | (_, Self::NEVER) => Self::NEVER,
            (Self::EMPTY, other) | (other, Self::EMPTY) => other,
            _ => self.intern(Expr::Concat(head, tail)),
        }
    }

    /// One after the other, as a chain from the right.
    pub(super) fn sequence(&mut self, parts: &[ExprRef]) -> ExprRef {
        let mut chain = Self::EMPTY;
        for part in parts.iter().rev() {
            chain = self.concat(*part, chain);
        }
        chain
    }

    pub(crate) fn or(&mut self, parts: impl IntoIterator<Item = ExprRef>) -> ExprRef {
        let mut flat = Vec::new();
        let mut bytes = ByteSet::EMPTY;
        for part in parts {
            match self.node(part) {
                Expr::Never => {}
                Expr::Byte(set) => bytes = bytes.union(set),
                Expr::Or(inner) => {
                    for &inner in inner {
                        match self.node(inner) {
                            Expr::Byte(set) => bytes = bytes.union(set),
                            _ => flat.push(inner),
                        }
                    }
                }
                _ => flat.push(part),
            }
        }
        if !bytes.is_empty() {
            let bytes = self.byte(bytes);
            flat.push(bytes);
        }
        flat.sort_unstable();
        flat.dedup();
        let anything = self.anything();
        if flat.contains(&anything) {
            return anything;
        }
        // An alternative that allows the empty text makes a separate empty one superfluous.
        if flat.len() > 1
            && flat.first() == Some(&Self::EMPTY)
            && flat.iter().skip(1).any(|part| self.is_nullable(*part))
        {
            flat.remove(0);
        }
        match flat.as_slice() {
            [] => Self::NEVER,
            [one] => *one,
            _ => self.intern(Expr::Or(flat.into_boxed_slice())),
        }
    }

    pub(crate) fn and(&mut self, parts: impl IntoIterator<Item = ExprRef>) -> ExprRef {
        let anything = self.anything();
        let mut flat = Vec::new();
        for part in parts {
            match self.node(part) {
                Expr::Never => return Self::NEVER,
                Expr::And(inner) => flat.extend(inner.iter().copied()),
                _ => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        flat.retain(|part| *part != anything);
        if flat.contains(&Self::EMPTY) {
            let all = flat.iter().all(|part| self.is_nullable(*part));
            return if all { Self::EMPTY } else { Self::NEVER };
        }
        let mut bytes: Option<ByteSet> = None;
        for part in &flat {
            if let Expr::Byte(set) = self.node(*part) {
                bytes = Some(bytes.map_or(*set, |bytes| bytes.intersection(set)));
            }
        }
        if let Some(set) = bytes {
            flat.retain(|part| !matches!(self.node(*part), Expr::Byte(_)));
            let one = self.byte(set);
            if one == Self::NEVER {
                return Self::NEVER;
            }
            flat.push(one);
            flat.sort_unstable();
        }
        match flat.as_slice() {
            [] => anything,
            [one] => *one,
            _ => self.intern(Expr::And(flat.into_boxed_slice())),
        }
    }

    pub(crate) fn not(&mut self, inner: ExprRef) -> ExprRef {
        match self.node(inner) {
            Expr::Not(original) => *original,
            _ => self.intern(Expr::Not(inner)),
        }
    }

    /// Every byte string.
    pub(crate) fn anything(&mut self) -> ExprRef {
        self.intern(Expr::Not(Self::NEVER))
    }

    /// `inner` from `min` to `max` times.
    pub(super) fn repeat(&mut self, inner: ExprRef, min: u32, max: u32) -> ExprRef {
        if max == 0 || inner == Self::EMPTY {
            return Self::EMPTY;
        }
        if inner == Self::NEVER {
            return if min == 0 { Self::EMPTY } else { Self::NEVER };
        }
        // Nullable insides need not be counted from below: any of the rounds may be the empty one.
        let min = if self.is_nullable(inner) { 0 } else { min };
        match (min, max) {
            (1, 1) => return inner,
            (0, 1) => return self.or([Self::EMPTY, inner]),
            _ => {}
        }
        // Without these, `(x*)*` and its like would count rounds that make no difference.
        match *self.node(inner) {
            Expr::Repeat(_, 0, UNBOUNDED) => return inner,
            Expr::Repeat(innermost, 1, UNBOUNDED) => {
                return self.intern(Expr::Repeat(innermost, min, UNBOUNDED));
            }
            // `x{2,5}{3,4}` is `x{6,20}`: the counts that fewer and more rounds give leave no gap.
            Expr::Repeat(innermost, low, high)
                if high != UNBOUNDED
                    && max != UNBOUNDED
                    && without_gap((low, high), min)
                    && let (Some(min), Some(max)) =
                        (low.checked_mul(min), high.checked_mul(max))
                    && max != UNBOUNDED =>
            {
                return self.intern(Expr::Repeat(innermost, min, max));
            }
            _ => {}
        }
        self.intern(Expr::Repeat(inner, min, max))
    }

    /// Parts that derivatives were put together from so far: the work they took. Counts within counts make derivatives of as
    /// many parts as there are ways to have counted.
    pub(crate) fn derived(&self) -> usize {
        self.derived
    }

    /// Derivatives that [`settle`](Self::settle) has looked at so far.
    pub(crate) fn looked_at(&self) -> usize {
        self.looked_at
    }

    pub(crate) fn heap_nodes(&self) -> usize {
        self.nodes.len()
    }
}

/// Whether `rounds` rounds of `low..=high` and one round more count on without a gap, and so all that are more.
fn without_gap((low, high): (u32, u32), rounds: u32) -> bool {
    let (low, high, rounds) = (u64::from(low), u64::from(high), u64::from(rounds));
    (rounds + 1) * low <= rounds * high + 1
}
