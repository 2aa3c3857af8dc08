//! Productions without empty ones.
//!
//! Every subset of the symbols that may be absent becomes a production of its own. So that this stays linear, a production
//! with many such symbols is first cut: its tail becomes a helper, and no piece has more than three. Cutting from the right
//! keeps an LR grammar LR: the helper is decided where the production itself would be, at its end.
//!
//! Why bother: without empty productions a generalised parser needs no special cases for hidden left recursion and for
//! nullable right ends (Scott and Johnstone, "Right Nulled GLR Parsers", TOPLAS 28(4), 2006, is the alternative), an edge of
//! the graph-structured stack always leads to an earlier place of the text, and fewer conflicts arise, since nothing has to be
//! decided about a text that is not there.
//!
//! What is ambiguous without a symbol would be lost that way: two absences that leave different trees, `A → A` with absent
//! ones around it, one more empty item of a list. Such readings are kept beside the productions ([`Variants`](super::bnf::Variants)),
//! where the parser finds them when it is asked whether a tree is the only one.

use rustc_hash::FxHashMap;

use super::bnf::{
    Bnf, Fill, Kind, MAX_VARIANTS, Nt, NtId, NullTree, Part, ProdId, Shape, Sym, Variant,
};
use super::lower::{EmptyRound, Lowered, Occurrence, RawProd};
use crate::grammar::Grammar;
use crate::table::{Id as _, Table, narrow};

/// Symbols of one production that may be absent without a cut.
const MAX_OPTIONAL: usize = 3;

/// Makes productions of what [`lower`](super::lower) has made.
pub(super) fn expand(grammar: &Grammar, mut lowered: Lowered) -> Bnf {
    cut(&mut lowered);
    let mut bnf = Bnf::new(grammar);
    let nulls = null_trees(&lowered.raw);
    bnf.start = lowered.start;
    for (raw, null) in lowered.raw.iter().zip(nulls.iter().cloned()) {
        let lhs = bnf.nts.next_id();
        let first = narrow(bnf.prods.len());
        push_all(&mut bnf, lhs, raw);
        let prods = first..narrow(bnf.prods.len());
        if let Some(null) = &null {
            let others = other_null_trees(raw, null, &nulls);
            if !others.is_empty() {
                bnf.variants.nulls.insert(lhs, others);
            }
        }
        if let Some(round) = lowered.empty_rounds.get(&lhs) {
            again(&mut bnf, prods.clone(), &empty_round(round));
        }
        bnf.nts.push(Nt { null, prods });
    }
    let lhs = bnf.nts.next_id();
    let start = Sym::nt(bnf.start);
    bnf.accept = bnf.push(lhs, &[start], Shape::Inline, &[Part::Nt]);
    bnf.nts.push(Nt {
        null: None,
        prods: bnf.accept.0..bnf.accept.0 + 1,
    });
    bnf.kinds = lowered.kinds;
    bnf.kinds.push(Kind::Placeholder);
    bnf
}

/// Cuts productions with too many symbols that may be absent.
fn cut(lowered: &mut Lowered) {
    let mut next = 0;
    while next < lowered.raw.len() {
        let nt = NtId::from_index(next);
        next += 1;
        for index in 0..lowered.raw[nt].len() {
            let helper = lowered.raw.next_id();
            let Some(prod) = lowered.raw[nt].get_mut(index) else {
                continue;
            };
            let Some(tail) = split_tail(prod, helper) else {
                continue;
            };
            lowered.raw.push(vec![tail]);
        }
    }
}

fn split_tail(prod: &mut RawProd, helper: NtId) -> Option<RawProd> {
    let optional: Vec<usize> = prod
        .rhs
        .iter()
        .enumerate()
        .filter_map(|(index, part)| part.optional.then_some(index))
        .collect();
    if optional.len() <= MAX_OPTIONAL {
        return None;
    }
    let at = *optional.get(MAX_OPTIONAL - 1)?;
    let tail = prod.rhs.split_off(at);
    let optional = tail.iter().all(|part| part.optional);
    prod.rhs.push(Occurrence {
        sym: Sym::nt(helper),
        part: Part::Nt,
        optional,
        fill: if optional {
            vec![Fill::Null(helper)]
        } else {
            Vec::new()
        },
        other: None,
    });
    Some(RawProd {
        rhs: tail,
        shape: Shape::Inline,
    })
}

/// For each nonterminal that derives the empty text, its tree there: the first production that does, in the author's order,
/// among those that do not need the tree of the nonterminal itself.
fn null_trees(raw: &Table<NtId, Vec<RawProd>>) -> Vec<Option<NullTree>> {
    let mut users: Vec<Vec<NtId>> = vec![Vec::new(); raw.len()];
    for nt in raw.ids() {
        for fill in raw[nt]
            .iter()
            .flat_map(|prod| &prod.rhs)
            .flat_map(|part| &part.fill)
        {
            if let Fill::Null(used) = fill
                && let Some(users) = users.get_mut(used.index())
            {
                users.push(nt);
            }
        }
    }
    let mut found: Vec<Option<NullTree>> = vec![None; raw.len()];
    let mut work: Vec<NtId> = raw.ids().collect();
    work.reverse();
    while let Some(nt) = work.pop() {
        if found.get(nt.index()).is_none_or(Option::is_some) {
            continue;
        }
        if let Some(tree) = raw[nt].iter().find_map(|prod| null_tree(prod, &found)) {
            if let Some(slot) = found.get_mut(nt.index()) {
                *slot = Some(tree);
            }
            work.extend(users.get(nt.index()).into_iter().flatten());
        }
    }
    found
}

fn null_tree(prod: &RawProd, found: &[Option<NullTree>]) -> Option<NullTree> {
    let mut fills = Vec::new();
    for part in &prod.rhs {
        if !part.optional {
            return None;
        }
        for fill in &part.fill {
            if let Fill::Null(nt) = fill {
                found.get(nt.index())?.as_ref()?;
            }
            fills.push(*fill);
        }
    }
    Some(NullTree {
        shape: prod.shape,
        fills: fills.into_boxed_slice(),
    })
}

/// Other trees of a nonterminal that derives the empty text.
fn other_null_trees(
    raw: &[RawProd],
    known: &NullTree,
    found: &[Option<NullTree>],
) -> Vec<NullTree> {
    let mut others: Vec<NullTree> = Vec::new();
    for prod in raw {
        let varied = (0..prod.rhs.len()).filter_map(|index| with_other(prod, index));
        for prod in std::iter::once(prod.clone()).chain(varied) {
            if let Some(tree) = null_tree(&prod, found)
                && tree != *known
                && !others.contains(&tree)
                && others.len() < MAX_VARIANTS
            {
                others.push(tree);
            }
        }
    }
    others
}

/// The production with the other thing that one of its symbols can leave where it is absent.
fn with_other(prod: &RawProd, index: usize) -> Option<RawProd> {
    let other = prod.rhs.get(index)?.other.clone()?;
    let mut prod = prod.clone();
    prod.rhs.get_mut(index)?.fill = other;
    Some(prod)
}

/// Adds the productions of one nonterminal: every choice of absent symbols, the one where all stand first.
fn push_all(bnf: &mut Bnf, lhs: NtId, raw: &[RawProd]) {
    let first = narrow(bnf.prods.len());
    let mut choices = Choices {
        lhs,
        known: FxHashMap::default(),
        cycles: Vec::new(),
    };
    for prod in raw {
        let optional: Vec<usize> = prod
            .rhs
            .iter()
            .enumerate()
            .filter_map(|(index, part)| part.optional.then_some(index))
            .collect();
        for absent in 0u32..1 << optional.len() {
            choices.push(bnf, prod, |index| {
                optional
                    .iter()
                    .position(|at| *at == index)
                    .is_some_and(|bit| absent >> bit & 1 == 1)
            });
        }
    }
    let own = first..narrow(bnf.prods.len());
    for cycle in choices.cycles.iter().filter(|cycle| shows(cycle)) {
        again(bnf, own.clone(), cycle);
    }
}

/// The productions of one nonterminal so far.
struct Choices {
    lhs: NtId,
    known: FxHashMap<(Vec<Sym>, Shape), (ProdId, Vec<Part>)>,
    cycles: Vec<Variant>,
}

impl Choices {
    /// Adds one choice of absent symbols, if its symbols are new, or else notes what it leaves in trees.
    fn push(&mut self, bnf: &mut Bnf, prod: &RawProd, is_absent: impl Fn(usize) -> bool) {
        let (syms, parts) = choose(prod, &is_absent);
        if syms.is_empty() {
            return;
        }
        let varied = (0..prod.rhs.len())
            .filter(|index| is_absent(*index))
            .filter_map(|index| with_other(prod, index))
            .map(|prod| choose(&prod, &is_absent).1);
        let ways: Vec<Vec<Part>> = std::iter::once(parts.clone()).chain(varied).collect();
        let shape = prod.shape;
        if syms == [Sym::nt(self.lhs)] {
            let outer = |parts| Variant::Again {
                shape,
                parts,
                below: None,
            };
            self.cycles.extend(ways.into_iter().map(outer));
            return;
        }
        let lhs = self.lhs;
        let (id, known) = self
            .known
            .entry((syms, shape))
            .or_insert_with_key(|(syms, _)| (bnf.push(lhs, syms, shape, &parts), parts));
        for parts in ways.into_iter().filter(|parts| parts != known) {
            bnf.vary(*id, Variant::Parts(parts));
        }
    }
}

/// Whether one more of such a production can show in a tree.
fn shows(cycle: &Variant) -> bool {
    match cycle {
        Variant::Again { shape, parts, .. } => {
            parts.as_slice() != [Part::Nt] || matches!(shape, Shape::Node(_))
        }
        Variant::Parts(_) => true,
    }
}

fn empty_round(round: &EmptyRound) -> Variant {
    let fill = round.fill.iter().copied().map(Part::Fill);
    Variant::Again {
        shape: Shape::Inline,
        parts: std::iter::once(Part::Nt).chain(fill).collect(),
        below: round.max,
    }
}

/// Every one of the productions may also stand inside this one.
fn again(bnf: &mut Bnf, prods: std::ops::Range<u32>, outer: &Variant) {
    for prod in prods {
        bnf.vary(ProdId(prod), outer.clone());
    }
}

fn choose(prod: &RawProd, is_absent: &impl Fn(usize) -> bool) -> (Vec<Sym>, Vec<Part>) {
    let mut syms = Vec::new();
    let mut parts = Vec::new();
    for (index, part) in prod.rhs.iter().enumerate() {
        if is_absent(index) {
            parts.extend(part.fill.iter().copied().map(Part::Fill));
            continue;
        }
        syms.push(part.sym);
        parts.push(part.part);
    }
    (syms, parts)
}
