//! Ignored text between lexemes.
//!
//! llguidance takes ignored text between lexemes, not before the first, and after the last only where another lexeme could
//! still follow. So each lexeme is preceded by ignored text, but the first: for the rules that can stand at the beginning
//! there is a second version whose first lexeme is bare.

use super::piece::{Bnf, Piece, is_nullable};
use crate::grammar::{Grammar, Semantics};
use crate::lexing::Lexing;
use crate::loss::{Effect, Loss};

/// Puts the ignored text of `grammar` between the lexemes of `bnf`.
pub(super) fn weave(
    bnf: &mut Bnf,
    grammar: &Grammar,
    lexing: Option<&Lexing>,
    losses: &mut Vec<Loss>,
) {
    if grammar.ignore().is_empty() {
        return;
    }
    let once = grammar.options().ignore_once;
    let skipped = Piece::alt(grammar.ignore().iter().map(|id| Piece::Lexeme(id.index())));
    let skipped = skipped.repeat(0, if once { Some(1) } else { None });
    let ignored = Piece::Rule(bnf.push("ignored".to_owned(), skipped, true));
    let empty_lexeme = |at: usize| lexing.is_some_and(|lexing| lexing.nullable.contains(at));
    let nullable = bnf.nullable(&empty_lexeme);
    let authors = bnf.rules.len() - 1;
    if grammar.semantics() == Semantics::Llguidance && !grammar.options().allow_initial_skip {
        let mut first = First::new(Some(&empty_lexeme), nullable);
        let start = first.whole(bnf, bnf.start);
        first.finish(bnf, Some(&ignored), start);
    }
    for rule in bnf.rules.iter_mut().take(authors) {
        precede(&mut rule.body, &ignored);
    }
    if grammar.semantics() == Semantics::Lark {
        let body = Piece::seq([Piece::Rule(bnf.start), ignored]);
        bnf.start = bnf.push("root".to_owned(), body, true);
    }
    losses.extend(ends(grammar, lexing));
}

/// Writes the ignored text before every lexeme.
pub(super) fn precede(piece: &mut Piece, ignored: &Piece) {
    if matches!(piece, Piece::Lexeme(_) | Piece::Verbatim(_)) {
        let lexeme = std::mem::replace(piece, Piece::EMPTY);
        *piece = Piece::Seq(vec![ignored.clone(), lexeme]);
        return;
    }
    for child in piece.children_mut() {
        precede(child, ignored);
    }
}

/// What cannot be said of the ends of the text.
fn ends(grammar: &Grammar, lexing: Option<&Lexing>) -> Vec<Loss> {
    let mut losses = Vec::new();
    let span = grammar
        .ignore()
        .first()
        .and_then(|id| grammar.terminal(*id).span);
    if grammar.semantics() != Semantics::Llguidance {
        return losses;
    }
    if lexing.is_none_or(|lexing| !lexing.adjacency.extension.is_clear()) {
        let what = "ignored text after a whole sentence is refused, even where the sentence could have gone on";
        let why = "llguidance takes it there and only there, which rules cannot follow";
        losses.push(Loss::new("trailing-ignore", Effect::Narrower, what, why).at(span));
    }
    if lexing.is_some_and(|lexing| !lexing.nullable.is_clear()) {
        let what = "ignored text around an empty lexeme may be read otherwise";
        let why = "llguidance counts an empty lexeme as a lexeme, rules do not";
        losses.push(Loss::new("empty-lexeme", Effect::Other, what, why).at(span));
    }
    losses
}

/// Versions of rules that derive the same texts, but not the empty one, and of which the first lexeme is left as it is.
pub(super) struct First<'a> {
    lexeme: Option<&'a dyn Fn(usize) -> bool>,
    nullable: Vec<bool>,
    /// By rule: its version.
    versions: Vec<Option<usize>>,
    /// Versions whose bodies are still to be made: rule and version.
    open: Vec<(usize, usize)>,
}

impl<'a> First<'a> {
    pub(super) fn new(lexeme: Option<&'a dyn Fn(usize) -> bool>, nullable: Vec<bool>) -> Self {
        Self {
            lexeme,
            versions: vec![None; nullable.len()],
            nullable,
            open: Vec::new(),
        }
    }

    fn is_nullable(&self, piece: &Piece) -> bool {
        is_nullable(piece, &self.nullable, &|at| {
            self.lexeme.is_some_and(|is| is(at))
        })
    }

    /// The texts of a rule, the empty one included.
    fn whole(&mut self, bnf: &mut Bnf, rule: usize) -> Piece {
        let own = self.rule(bnf, rule);
        if self.nullable.get(rule) == Some(&true) {
            own.optional()
        } else {
            own
        }
    }

    fn rule(&mut self, bnf: &mut Bnf, rule: usize) -> Piece {
        if let Some(Some(version)) = self.versions.get(rule) {
            return Piece::Rule(*version);
        }
        let name = format!("{}-first", bnf.name(rule));
        let version = bnf.push(name, Piece::NEVER, true);
        if let Some(slot) = self.versions.get_mut(rule) {
            *slot = Some(version);
        }
        self.open.push((rule, version));
        Piece::Rule(version)
    }

    /// `piece` without its empty text, its first lexeme bare; what follows is preceded by `ignored`.
    ///
    /// Recursion is bounded by the depth of the expression (`Limits::max_depth`).
    pub(super) fn of(&mut self, bnf: &mut Bnf, piece: &Piece, ignored: Option<&Piece>) -> Piece {
        match piece {
            Piece::Text(_) | Piece::Set(_) | Piece::Verbatim(_) | Piece::Lexeme(_) => piece.clone(),
            // Without ignored text a rule that is never empty is its own version.
            Piece::Rule(at) if ignored.is_none() && self.nullable.get(*at) != Some(&true) => {
                piece.clone()
            }
            Piece::Rule(at) => self.rule(bnf, *at),
            Piece::Alt(parts) => {
                let parts: Vec<Piece> = parts
                    .iter()
                    .map(|part| self.of(bnf, part, ignored))
                    .collect();
                Piece::alt(parts)
            }
            Piece::Repeat(inner, min, max) if ignored.is_none() && !self.is_nullable(inner) => {
                (**inner).clone().repeat((*min).max(1), *max)
            }
            Piece::Repeat(inner, min, max) => {
                let first = self.of(bnf, inner, ignored);
                let more = max.map(|max| max.saturating_sub(1));
                let least = if self.is_nullable(inner) {
                    0
                } else {
                    min.saturating_sub(1)
                };
                let mut rest = (**inner).clone().repeat(least, more);
                if let Some(ignored) = ignored {
                    precede(&mut rest, ignored);
                }
                Piece::seq([first, rest])
            }
            Piece::Seq(parts) => self.sequence(bnf, parts, ignored),
        }
    }

    /// One way for each part that may come first. What follows is shared by name where there are many, so that the size stays
    /// linear.
    fn sequence(&mut self, bnf: &mut Bnf, parts: &[Piece], ignored: Option<&Piece>) -> Piece {
        const FEW: usize = 4;
        let empty = parts
            .iter()
            .take_while(|part| self.is_nullable(part))
            .count();
        let mut ways = Vec::new();
        let mut rest = Piece::EMPTY;
        for (at, part) in parts.iter().enumerate().rev() {
            if at <= empty {
                let first = self.of(bnf, part, ignored);
                ways.push(Piece::seq([first, rest.clone()]));
            }
            let mut part = part.clone();
            if let Some(ignored) = ignored {
                precede(&mut part, ignored);
            }
            rest = Piece::seq([part, rest]);
            if empty > FEW && at > 0 && at <= empty {
                rest = Piece::Rule(bnf.push("rest".to_owned(), rest, true));
            }
        }
        ways.reverse();
        Piece::alt(ways)
    }

    /// Makes the bodies of all versions and takes `start` as the new start.
    fn finish(mut self, bnf: &mut Bnf, ignored: Option<&Piece>, start: Piece) {
        self.bodies(bnf, ignored);
        bnf.start = match start {
            Piece::Rule(at) => at,
            body => bnf.push("root".to_owned(), body, true),
        };
    }

    /// Makes the bodies of the versions that were asked for.
    pub(super) fn bodies(&mut self, bnf: &mut Bnf, ignored: Option<&Piece>) {
        while let Some((rule, version)) = self.open.pop() {
            let body = bnf.body(rule).clone();
            let body = self.of(bnf, &body, ignored);
            if let Some(rule) = bnf.rules.get_mut(version) {
                rule.body = body;
            }
        }
    }
}
