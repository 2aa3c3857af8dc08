//! The shortest sentences of rules, the shortest texts around them, and how they are written.

use rustc_hash::FxHashMap;

use super::two_readings;
use crate::engine::Compiled;
use crate::engine::bnf::{Bnf, Fill, NtId, Part, ProdId, Sym, Symbol, TermId};
use crate::error::Exceeded;
use crate::parser::Ambiguity;
use crate::table::Id as _;

/// A piece of a text that is being looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Sym(Sym),
    /// A lexeme that is one terminal in one reading and the other in the other.
    Both(TermId, TermId),
}

/// Lexemes of a text that is still tried.
const MAX_LEXEMES: usize = 400;
/// Texts that are tried because something in them may be absent.
const MAX_CANDIDATES: usize = 64;

/// By nonterminal: the fewest lexemes of a sentence of it, and of the text around it.
pub(super) struct Sentences {
    shortest: Vec<Option<(usize, ProdId)>>,
    around: Vec<Option<(usize, Option<Use>)>>,
}

/// A place of a production where a nonterminal stands.
type Use = (ProdId, usize);

impl Sentences {
    pub(super) fn new(bnf: &Bnf) -> Self {
        let mut sentences = Self {
            shortest: vec![None; bnf.nts.len()],
            around: vec![None; bnf.nts.len()],
        };
        while sentences.shorten(bnf) {}
        if let Some(start) = sentences.around.get_mut(bnf.start.index()) {
            *start = Some((0, None));
        }
        while sentences.surround(bnf) {}
        sentences
    }

    fn shorten(&mut self, bnf: &Bnf) -> bool {
        let mut changed = false;
        for (id, prod) in bnf.prods.ids().zip(bnf.prods.iter()) {
            let Some(cost) = self.cost_of_all(symbols(bnf, id)) else {
                continue;
            };
            if let Some(known) = self.shortest.get_mut(prod.lhs.index())
                && known.is_none_or(|(best, _)| cost < best)
            {
                *known = Some((cost, id));
                changed = true;
            }
        }
        changed
    }

    fn surround(&mut self, bnf: &Bnf) -> bool {
        let mut changed = false;
        for (id, prod) in bnf.prods.ids().zip(bnf.prods.iter()) {
            let outer = self.around.get(prod.lhs.index()).copied().flatten();
            let (Some((outer, _)), Some(all)) = (outer, self.cost_of_all(symbols(bnf, id))) else {
                continue;
            };
            for (index, sym) in symbols(bnf, id).enumerate() {
                let (Symbol::Nt(nt), Some(own)) = (sym.get(), self.cost(sym)) else {
                    continue;
                };
                let cost = outer + all - own;
                if let Some(known) = self.around.get_mut(nt.index())
                    && known.is_none_or(|(best, _)| cost < best)
                {
                    *known = Some((cost, Some((id, index))));
                    changed = true;
                }
            }
        }
        changed
    }

    /// Lexemes of the shortest sentence.
    pub(super) fn cost(&self, sym: Sym) -> Option<usize> {
        match sym.get() {
            Symbol::Term(_) => Some(1),
            Symbol::Nt(nt) => self.shortest.get(nt.index())?.map(|(cost, _)| cost),
        }
    }

    fn cost_of_all(&self, mut syms: impl Iterator<Item = Sym>) -> Option<usize> {
        syms.try_fold(0usize, |sum, sym| Some(sum.saturating_add(self.cost(sym)?)))
    }

    /// Lexemes of the shortest text around a nonterminal, if the start reaches it.
    pub(super) fn cost_around(&self, nt: NtId) -> Option<usize> {
        self.around.get(nt.index())?.map(|(cost, _)| cost)
    }

    /// `inner` as a sentence of `nt`, with what stands around it in the shortest text, as terminals.
    pub(super) fn whole(&self, bnf: &Bnf, nt: NtId, inner: &[Piece]) -> Option<Vec<Piece>> {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut at = nt;
        while let (_, Some((prod, index))) = (*self.around.get(at.index())?)? {
            let syms: Vec<Sym> = symbols(bnf, prod).collect();
            let before = syms.iter().take(index).rev();
            left.extend(before.map(|sym| Piece::Sym(*sym)));
            right.extend(syms.iter().skip(index + 1).map(|sym| Piece::Sym(*sym)));
            at = bnf.prods[prod].lhs;
        }
        left.reverse();
        let all = left.into_iter().chain(inner.iter().copied()).chain(right);
        self.expanded(bnf, all.collect())
    }

    fn expanded(&self, bnf: &Bnf, mut work: Vec<Piece>) -> Option<Vec<Piece>> {
        work.reverse();
        let mut out = Vec::new();
        while let Some(piece) = work.pop() {
            match piece {
                Piece::Sym(sym) => match sym.get() {
                    Symbol::Term(_) => out.push(piece),
                    Symbol::Nt(nt) => {
                        let (_, prod) = (*self.shortest.get(nt.index())?)?;
                        let syms: Vec<Sym> = symbols(bnf, prod).collect();
                        work.extend(syms.into_iter().rev().map(Piece::Sym));
                    }
                },
                Piece::Both(..) => out.push(piece),
            }
            if out.len() + work.len() > MAX_LEXEMES {
                return None;
            }
        }
        Some(out)
    }

    /// Whether something can be read in two ways that differ only in what is absent.
    pub(super) fn varies(&self, bnf: &Bnf) -> bool {
        let mut ids = bnf.prods.ids();
        let used = |id| self.cost_of_all(symbols(bnf, id)).is_some();
        !bnf.variants.nulls.is_empty()
            || ids.any(|id| bnf.variants.prods.contains_key(&id) && used(id))
    }

    /// The shortest texts in which something that is absent may leave two things, fewest lexemes first.
    pub(super) fn with_empty_pieces(&self, bnf: &Bnf) -> Vec<(usize, Vec<Piece>)> {
        let mut found = Vec::new();
        if bnf.variants.is_empty() {
            return found;
        }
        if bnf.nts[bnf.start].null.is_some() {
            found.push((0, Vec::new()));
        }
        for id in bnf.prods.ids() {
            let absent = |part: &Part| matches!(part, Part::Fill(Fill::Null(_)));
            let varies = bnf.variants.prods.contains_key(&id)
                || !bnf.variants.nulls.is_empty() && bnf.parts_of(id).iter().any(absent);
            let inner: Vec<Piece> = symbols(bnf, id).map(Piece::Sym).collect();
            if varies && let Some(pieces) = self.whole(bnf, bnf.prods[id].lhs, &inner) {
                found.push((pieces.len(), pieces));
            }
        }
        found.sort_by_key(|(cost, _)| *cost);
        found.truncate(MAX_CANDIDATES);
        found
    }
}

/// The symbols of a production.
pub(super) fn symbols(bnf: &Bnf, prod: ProdId) -> impl Iterator<Item = Sym> + '_ {
    let mut slot = bnf.prods[prod].first;
    std::iter::from_fn(move || {
        let sym = bnf.symbol(slot)?;
        slot = Bnf::after(slot);
        Some(sym)
    })
}

/// Lexemes for terminals, and for pairs of them.
pub(super) struct Texts {
    steps: usize,
    known: FxHashMap<(TermId, TermId), Option<Vec<u8>>>,
}

impl Texts {
    pub(super) fn new(steps: usize) -> Self {
        Self {
            steps,
            known: FxHashMap::default(),
        }
    }

    /// Whether all questions could be answered.
    pub(super) fn complete(&self) -> bool {
        self.steps > 0
    }

    /// The shortest lexeme that is both terminals; `a` may be `b`.
    pub(super) fn common(
        &mut self,
        tables: &mut crate::engine::run::Tables<'_>,
        a: TermId,
        b: TermId,
    ) -> Result<Option<&[u8]>, Exceeded> {
        let key = (a.min(b), a.max(b));
        if !self.known.contains_key(&key) {
            let terms = if a == b { vec![a] } else { vec![key.0, key.1] };
            let (lexer, spec) = (&mut tables.cache.lexer, &tables.spec.lexer);
            let text = lexer.common(spec, &terms, &mut self.steps)?;
            self.known.insert(key, text);
        }
        Ok(self.known.get(&key).and_then(|text| text.as_deref()))
    }

    /// The text of these pieces, if the parser does read it in two ways: without anything between the lexemes, or with ignored
    /// text between them.
    pub(super) fn verified(
        &mut self,
        compiled: &Compiled,
        pieces: &[Piece],
    ) -> Result<Option<Box<Ambiguity>>, Exceeded> {
        let mut cache = compiled.cache();
        let mut tables = compiled.tables(&mut cache);
        let mut lexemes = Vec::new();
        for piece in pieces {
            let (a, b) = match *piece {
                Piece::Both(a, b) => (a, b),
                Piece::Sym(sym) => match sym.get() {
                    Symbol::Term(term) => (term, term),
                    Symbol::Nt(_) => return Ok(None),
                },
            };
            match self.common(&mut tables, a, b)? {
                Some(text) => lexemes.push(text.to_vec()),
                None => return Ok(None),
            }
        }
        let between = match tables.spec.lexer.any_ignored() {
            Some(skip) => self.common(&mut tables, skip, skip)?.map(<[u8]>::to_vec),
            None => None,
        };
        if let Some(found) = two_readings(compiled, &lexemes.concat())? {
            return Ok(Some(found));
        }
        match between {
            Some(between) if lexemes.len() > 1 => {
                two_readings(compiled, &lexemes.join(&between[..]))
            }
            _ => Ok(None),
        }
    }
}
