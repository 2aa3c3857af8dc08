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

use rustc_hash::FxHashSet;

use super::bnf::{Bnf, Fill, Kind, Nt, NtId, NullTree, Part, Shape, Sym};
use super::lower::{Lowered, Occurrence, RawProd};
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
    for (raw, null) in lowered.raw.iter().zip(nulls) {
        let lhs = bnf.nts.next_id();
        let first = narrow(bnf.prods.len());
        push_all(&mut bnf, lhs, raw);
        let prods = first..narrow(bnf.prods.len());
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

/// Adds the productions of one nonterminal: every choice of absent symbols, the one where all stand first.
fn push_all(bnf: &mut Bnf, lhs: NtId, raw: &[RawProd]) {
    let mut seen: FxHashSet<(Vec<Sym>, Shape)> = FxHashSet::default();
    for prod in raw {
        let optional: Vec<usize> = prod
            .rhs
            .iter()
            .enumerate()
            .filter_map(|(index, part)| part.optional.then_some(index))
            .collect();
        for absent in 0u32..1 << optional.len() {
            let is_absent = |index: usize| {
                optional
                    .iter()
                    .position(|at| *at == index)
                    .is_some_and(|bit| absent >> bit & 1 == 1)
            };
            let (syms, parts) = choose(prod, is_absent);
            let cycle = syms == [Sym::nt(lhs)];
            if syms.is_empty() || cycle || !seen.insert((syms.clone(), prod.shape)) {
                continue;
            }
            bnf.push(lhs, &syms, prod.shape, &parts);
        }
    }
}

fn choose(prod: &RawProd, is_absent: impl Fn(usize) -> bool) -> (Vec<Sym>, Vec<Part>) {
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
