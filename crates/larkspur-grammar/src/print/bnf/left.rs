//! Rewriting what llama.cpp refuses: rules that begin with themselves, and repetitions of what may be empty.
//!
//! Rules that lead to each other at their left ends are taken together and solved like a system of linear equations: with
//! `Aᵢ → Aⱼ α` and `Aᵢ → β`, a text of `Aᵢ` is a `β` of some `Aⱼ` and then `α`s that lead from `j` back to `i` (the left-corner
//! form of Rosenkrantz and Lewis, "Deterministic left corner parsing", 1970). The texts stay the same, exactly; the size
//! grows with the square of the number of rules taken together, and with nothing else.

use std::collections::BTreeMap;

use super::piece::{Bnf, Piece, is_nullable};
use super::skip::First;
use crate::components::components;
use crate::loss::{Effect, Loss};

/// Rules that lead to each other at their left ends; more are not taken together.
const MAX_GROUP: usize = 40;
/// Rewriting a group may leave left recursion through parts that may be empty, which the next round takes up.
const MAX_ROUNDS: usize = 8;
/// Rules that a loss names.
const MAX_NAMES: usize = 6;

pub(super) fn rewrite(bnf: &mut Bnf, losses: &mut Vec<Loss>) {
    repetitions(bnf);
    for _ in 0..MAX_ROUNDS {
        let groups = groups(bnf);
        if groups.is_empty() {
            return;
        }
        if groups.iter().all(|group| group.len() > MAX_GROUP) {
            break;
        }
        for group in groups.into_iter().filter(|group| group.len() <= MAX_GROUP) {
            Group::new(bnf, group).solve(bnf);
        }
        bnf.prune();
    }
    losses.extend(groups(bnf).into_iter().map(|group| {
        let names = group.iter().take(MAX_NAMES);
        let names: Vec<String> = names.map(|at| format!("`{}`", bnf.name(*at))).collect();
        let more = match group.len().saturating_sub(MAX_NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let what = format!("left recursion is left in {}{more}", names.join(", "));
        let why = "llama.cpp refuses left recursion, and so this grammar";
        Loss::new("left-recursion", Effect::Narrower, what, why)
    }));
}

/// `(x?)*` becomes `x*`: in each repetition the inside loses its empty text.
fn repetitions(bnf: &mut Bnf) {
    let nullable = bnf.nullable(&|_| false);
    let mut first = First::new(None, nullable.clone());
    for at in 0..bnf.rules.len() {
        let mut body = bnf.body(at).clone();
        inside(bnf, &mut body, &nullable, &mut first);
        if let Some(rule) = bnf.rules.get_mut(at) {
            rule.body = body;
        }
    }
    first.bodies(bnf, None);
}

fn inside(bnf: &mut Bnf, piece: &mut Piece, nullable: &[bool], first: &mut First<'_>) {
    for child in piece.children_mut() {
        inside(bnf, child, nullable, first);
    }
    if let Piece::Repeat(inner, _, max) = piece
        && *max != Some(1)
        && is_nullable(inner, nullable, &|_| false)
    {
        let (inner, max) = (first.of(bnf, inner, None), *max);
        *piece = inner.repeat(0, max);
    }
}

/// The groups of rules that lead to each other at their left ends, smallest index first.
fn groups(bnf: &Bnf) -> Vec<Vec<usize>> {
    let nullable = bnf.nullable(&|_| false);
    let edges: Vec<Vec<usize>> = bnf
        .rules
        .iter()
        .map(|rule| {
            let mut found = Vec::new();
            corners(&rule.body, &nullable, &mut found);
            found.sort_unstable();
            found.dedup();
            found
        })
        .collect();
    let mut groups: Vec<Vec<usize>> = components(&edges)
        .into_iter()
        .filter(|group| match group.as_slice() {
            [one] => edges.get(*one).is_some_and(|edges| edges.contains(one)),
            _ => true,
        })
        .collect();
    groups.sort();
    groups
}

/// The rules with which `piece` may begin.
fn corners(piece: &Piece, nullable: &[bool], found: &mut Vec<usize>) {
    match piece {
        Piece::Rule(at) => found.push(*at),
        Piece::Seq(parts) => {
            for part in parts {
                corners(part, nullable, found);
                if !is_nullable(part, nullable, &|_| false) {
                    break;
                }
            }
        }
        other => {
            for child in other.children() {
                corners(child, nullable, found);
            }
        }
    }
}

/// Rules that are solved together.
struct Group {
    members: Vec<usize>,
    /// By member: what it begins with (a member, or nothing of the group) and what follows.
    ways: BTreeMap<usize, Vec<(Option<usize>, Piece)>>,
    /// `(from, to)`: the rule for the tails that lead from one member to another.
    tails: BTreeMap<(usize, usize), usize>,
}

impl Group {
    fn new(bnf: &mut Bnf, members: Vec<usize>) -> Self {
        let nullable = bnf.nullable(&|_| false);
        let mut split = Split {
            members: &members,
            first: First::new(None, nullable.clone()),
            nullable,
        };
        let mut ways = BTreeMap::new();
        for &member in &members {
            let body = bnf.body(member).clone();
            ways.insert(member, split.split(bnf, &body));
        }
        split.first.bodies(bnf, None);
        let mut group = Self {
            members,
            ways,
            tails: BTreeMap::new(),
        };
        group.close_units();
        group
    }

    /// `A → B` alone is replaced by what `B` may be.
    fn close_units(&mut self) {
        let unit = |way: &(Option<usize>, Piece)| match way {
            (Some(to), tail) if tail.is_empty() => Some(*to),
            _ => None,
        };
        let mut closed = BTreeMap::new();
        for &member in &self.members {
            let mut reached = vec![member];
            let mut at = 0;
            while let Some(one) = reached.get(at) {
                let units: Vec<usize> = self
                    .ways
                    .get(one)
                    .into_iter()
                    .flatten()
                    .filter_map(unit)
                    .collect();
                for to in units {
                    if !reached.contains(&to) {
                        reached.push(to);
                    }
                }
                at += 1;
            }
            let ways = reached
                .iter()
                .filter_map(|one| self.ways.get(one))
                .flatten();
            let mut kept: Vec<(Option<usize>, Piece)> = Vec::new();
            for way in ways.filter(|way| unit(way).is_none()) {
                if !kept.contains(way) {
                    kept.push(way.clone());
                }
            }
            closed.insert(member, kept);
        }
        self.ways = closed;
    }

    fn solve(mut self, bnf: &mut Bnf) {
        if let [only] = self.members.as_slice() {
            let only = *only;
            let tails = self.steps(only).into_iter().map(|(_, tail)| tail);
            let tails = Piece::alt(tails).repeat(0, None);
            let body = Piece::seq([Piece::alt(self.heads(only)), tails]);
            return set_body(bnf, only, body);
        }
        let members = self.members.clone();
        for &member in &members {
            let mut ways = Vec::new();
            for &from in &members {
                let heads = Piece::alt(self.heads(from));
                if !heads.is_never() {
                    ways.push(Piece::seq([heads, self.tail(bnf, from, member)]));
                }
            }
            set_body(bnf, member, Piece::alt(ways));
        }
    }

    /// What a member may be without beginning with a member.
    fn heads(&self, member: usize) -> Vec<Piece> {
        let ways = self.ways.get(&member).into_iter().flatten();
        ways.filter(|(head, _)| head.is_none())
            .map(|(_, piece)| piece.clone())
            .collect()
    }

    /// The members that begin with `from`, each with what follows it there.
    fn steps(&self, from: usize) -> Vec<(usize, Piece)> {
        let mut steps = Vec::new();
        for (member, ways) in &self.ways {
            for (head, tail) in ways {
                if *head == Some(from) {
                    steps.push((*member, tail.clone()));
                }
            }
        }
        steps
    }

    /// The rule for what makes a `to` of a `from`.
    fn tail(&mut self, bnf: &mut Bnf, from: usize, to: usize) -> Piece {
        if let Some(known) = self.tails.get(&(from, to)) {
            return Piece::Rule(*known);
        }
        let mut open = vec![(from, to, self.reserve(bnf, from, to))];
        while let Some((from, to, rule)) = open.pop() {
            let mut ways = Vec::new();
            for (next, piece) in self.steps(from) {
                let known = self.tails.get(&(next, to)).copied();
                let rest = known.unwrap_or_else(|| {
                    let made = self.reserve(bnf, next, to);
                    open.push((next, to, made));
                    made
                });
                ways.push(Piece::seq([piece, Piece::Rule(rest)]));
            }
            let body = Piece::alt(ways);
            set_body(bnf, rule, if from == to { body.optional() } else { body });
        }
        self.tails
            .get(&(from, to))
            .map_or(Piece::NEVER, |rule| Piece::Rule(*rule))
    }

    fn reserve(&mut self, bnf: &mut Bnf, from: usize, to: usize) -> usize {
        let name = format!("{}-of-{}", bnf.name(to), bnf.name(from));
        let rule = bnf.push(name, Piece::NEVER, true);
        self.tails.insert((from, to), rule);
        rule
    }
}

fn set_body(bnf: &mut Bnf, at: usize, body: Piece) {
    if let Some(rule) = bnf.rules.get_mut(at) {
        rule.body = body;
    }
}

struct Split<'a> {
    members: &'a [usize],
    nullable: Vec<bool>,
    first: First<'a>,
}

impl Split<'_> {
    /// The alternatives of `piece`, each as the member it begins with and the rest. Recursion is bounded by the depth of the
    /// expression (`Limits::max_depth`).
    fn split(&mut self, bnf: &mut Bnf, piece: &Piece) -> Vec<(Option<usize>, Piece)> {
        let mut found = Vec::new();
        corners(piece, &self.nullable, &mut found);
        if !found.iter().any(|at| self.members.contains(at)) {
            return vec![(None, piece.clone())];
        }
        match piece {
            Piece::Rule(at) => vec![(Some(*at), Piece::EMPTY)],
            Piece::Alt(parts) => parts
                .iter()
                .flat_map(|part| self.split(bnf, part))
                .collect(),
            Piece::Repeat(inner, min, max) => {
                let least = min.saturating_sub(1);
                let rest = (**inner)
                    .clone()
                    .repeat(least, max.map(|max| max.saturating_sub(1)));
                let mut ways = self.before(bnf, inner, &rest);
                if *min == 0 {
                    ways.push((None, Piece::EMPTY));
                }
                ways
            }
            Piece::Seq(parts) => match parts.split_first() {
                None => vec![(None, Piece::EMPTY)],
                Some((head, rest)) => {
                    let rest = Piece::seq(rest.iter().cloned());
                    if !is_nullable(head, &self.nullable, &|_| false) {
                        return self.before(bnf, head, &rest);
                    }
                    let solid = self.first.of(bnf, head, None);
                    let mut ways = self.before(bnf, &solid, &rest);
                    ways.extend(self.split(bnf, &rest));
                    ways
                }
            },
            other => vec![(None, other.clone())],
        }
    }

    /// The alternatives of `head`, each followed by `rest`. What follows a member is made not empty, so that no tail is:
    /// an empty one stands as an alternative of its own.
    fn before(&mut self, bnf: &mut Bnf, head: &Piece, rest: &Piece) -> Vec<(Option<usize>, Piece)> {
        let mut ways = Vec::new();
        for (head, tail) in self.split(bnf, head) {
            let whole = Piece::seq([tail, rest.clone()]);
            if head.is_some()
                && !whole.is_empty()
                && is_nullable(&whole, &self.nullable, &|_| false)
            {
                ways.push((head, self.first.of(bnf, &whole, None)));
                ways.push((head, Piece::EMPTY));
            } else {
                ways.push((head, whole));
            }
        }
        ways
    }
}
