//! Counts within llama.cpp's bound.
//!
//! llama.cpp copies a counted piece: `x{0,100}` makes 100 rules, and nested counts multiply. It refuses a grammar where the
//! product reaches 2,000 and takes a maximum above 2,000 for no maximum at all (`src/llama-grammar.cpp`,
//! `MAX_REPETITION_THRESHOLD`). So large counts are written as rounds of rounds, and what is counted twice gets a name,
//! because a name counts as one piece.

use rustc_hash::FxHashMap;

use super::piece::{Bnf, Piece};
use crate::loss::{Effect, Loss};

/// The largest count that is written as it is.
const MAX: u32 = 1_000;
/// The largest that two levels can say.
const MOST: u32 = MAX * MAX;

pub(super) fn rewrite(bnf: &mut Bnf, losses: &mut Vec<Loss>) {
    let authors = bnf.rules.len();
    let mut counter = Counter {
        bnf,
        losses,
        name: String::new(),
        parts: FxHashMap::default(),
    };
    for at in 0..authors {
        let mut body = counter.bnf.body(at).clone();
        counter.bnf.name(at).clone_into(&mut counter.name);
        counter.walk(&mut body);
        if let Some(rule) = counter.bnf.rules.get_mut(at) {
            rule.body = body;
        }
    }
}

struct Counter<'a> {
    bnf: &'a mut Bnf,
    losses: &'a mut Vec<Loss>,
    /// The rule that is being walked.
    name: String,
    /// What has a name already, by how it looks: equal parts share one.
    parts: FxHashMap<String, usize>,
}

impl Counter<'_> {
    fn walk(&mut self, piece: &mut Piece) {
        for child in piece.children_mut() {
            self.walk(child);
        }
        let Piece::Repeat(inner, min, max) = piece else {
            return;
        };
        let (min, max) = (*min, *max);
        if max.unwrap_or(min) <= 1 {
            return;
        }
        let one = if makes_rules(inner) {
            self.name(std::mem::replace(&mut **inner, Piece::EMPTY))
        } else {
            std::mem::replace(&mut **inner, Piece::EMPTY)
        };
        *piece = self.count(one, min, max);
    }

    fn name(&mut self, piece: Piece) -> Piece {
        let looks = format!("{piece:?}");
        let known = self.parts.get(&looks).copied();
        Piece::Rule(known.unwrap_or_else(|| {
            let made = self.bnf.push(format!("{}-part", self.name), piece, true);
            self.parts.insert(looks, made);
            made
        }))
    }

    fn count(&mut self, one: Piece, min: u32, max: Option<u32>) -> Piece {
        if max.unwrap_or(min) < MAX {
            return one.repeat(min, max);
        }
        if min >= MOST || max.is_some_and(|max| max - min >= MOST) {
            let what = format!("a count of {} is dropped", max.unwrap_or(min));
            let why = format!("llama.cpp cannot count so far; {MOST} is the most that is written");
            let loss = Loss::new("count", Effect::Wider, what, why);
            self.losses.push(loss.of(&self.name, None));
            return one.repeat(min.min(MAX - 1), None);
        }
        let one = match one {
            Piece::Rule(_) | Piece::Set(_) => one,
            other => self.name(other),
        };
        let least = self.exactly(&one, min);
        let more = match max {
            None => one.repeat(0, None),
            Some(max) => self.at_most(&one, max - min),
        };
        Piece::seq([least, more])
    }

    fn exactly(&mut self, one: &Piece, count: u32) -> Piece {
        let (rounds, rest) = (count / MAX, count % MAX);
        if rounds == 0 {
            return one.clone().repeat(count, Some(count));
        }
        let round = self.round(one);
        Piece::seq([
            round.repeat(rounds, Some(rounds)),
            one.clone().repeat(rest, Some(rest)),
        ])
    }

    /// Fewer than `rounds` whole rounds and less than one more, or all rounds and the rest: no count is said twice.
    fn at_most(&mut self, one: &Piece, count: u32) -> Piece {
        let (rounds, rest) = (count / MAX, count % MAX);
        if rounds == 0 {
            return one.clone().repeat(0, Some(count));
        }
        let round = self.round(one);
        let fewer = Piece::seq([
            round.clone().repeat(0, Some(rounds - 1)),
            one.clone().repeat(0, Some(MAX - 1)),
        ]);
        let all = Piece::seq([
            round.repeat(rounds, Some(rounds)),
            one.clone().repeat(0, Some(rest)),
        ]);
        Piece::alt([fewer, all])
    }

    fn round(&mut self, one: &Piece) -> Piece {
        let round = one.clone().repeat(MAX - 1, Some(MAX - 1));
        self.name(Piece::Seq(vec![round, one.clone()]))
    }
}

/// Whether llama.cpp makes rules of its own for parts of the piece.
fn makes_rules(piece: &Piece) -> bool {
    match piece {
        Piece::Repeat(..) => true,
        other => other.children().iter().any(makes_rules),
    }
}
