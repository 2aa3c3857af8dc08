//! Questions about regular sets, answered by walking their automata in step.

use std::cell::Cell;

use regex_syntax::hir::ClassUnicode;
use rustc_hash::FxHashSet;

use crate::automaton::Exprs;
use crate::grammar::Pattern;
use crate::import::pest::pattern::{Bytes, Question, anything, class};

/// States that one question may look at.
const MAX_STATES: usize = 4_000;

/// Whether a pattern matches the empty text; taken for true where that cannot be found out.
pub(super) fn matches_empty(pattern: &Pattern) -> bool {
    Question::new(&[pattern])
        .is_none_or(|question| question.automata.exprs.is_nullable(question.expr(0)))
}

/// The bytes with which texts begin; all where that cannot be found out.
pub(super) fn firsts(pattern: &Pattern) -> Bytes {
    if let Some(mut question) = Question::new(&[pattern]) {
        question.firsts(0)
    } else {
        let mut all = Bytes::default();
        (0..=u8::MAX).for_each(|byte| all.insert(byte));
        all
    }
}

/// Whether one alternative hides another.
pub(super) enum Hides {
    No,
    /// A text of the later alternative that is never reached, and perhaps what follows it.
    Yes(Vec<u8>),
    Unknown,
}

/// Whether a text of `earlier` is the beginning of one of `later`, or the other way round with something that may follow;
/// `nodes` may be built to find out.
pub(super) fn hides(
    earlier: &Pattern,
    later: &Pattern,
    follow: Bytes,
    nodes: &Cell<usize>,
) -> Hides {
    match Question::new(&[earlier, later]) {
        Some(mut question) if nodes.get() > 0 => {
            let found = hides_in(&mut question, follow, nodes.get());
            nodes.set(nodes.get().saturating_sub(question.nodes()));
            found
        }
        _ => Hides::Unknown,
    }
}

fn hides_in(question: &mut Question, follow: Bytes, nodes: usize) -> Hides {
    let mut pairs = vec![(question.expr(0), question.expr(1), Vec::new())];
    let mut seen = FxHashSet::default();
    let mut at = 0;
    // A text on which the earlier one could still go on shows less well what happens.
    let mut unclear = None;
    while let Some((a, b, text)) = pairs.get(at).cloned() {
        at += 1;
        if at > MAX_STATES || question.is_spent() || question.nodes() > nodes {
            return unclear.map_or(Hides::Unknown, Hides::Yes);
        }
        let (ends_a, ends_b) = (
            question.automata.exprs.is_nullable(a),
            question.automata.exprs.is_nullable(b),
        );
        for byte in question.automata.classes.representatives().to_vec() {
            let next_a = question.automata.exprs.derivative(a, byte);
            let next_b = question.automata.exprs.derivative(b, byte);
            let (dead_a, dead_b) = (question.is_never(next_a), question.is_never(next_b));
            let mut longer = text.clone();
            longer.push(byte);
            if (ends_a && !dead_b) || (ends_b && !dead_a && follow.contains(byte)) {
                if dead_a || dead_b {
                    return Hides::Yes(longer);
                }
                unclear.get_or_insert_with(|| longer.clone());
            }
            if !dead_a && !dead_b && seen.insert((next_a, next_b)) {
                pairs.push((next_a, next_b, longer));
            }
        }
    }
    unclear.map_or(Hides::No, Hides::Yes)
}

/// All that may follow: the regular part of it, then anything.
fn following(next: Option<&Pattern>) -> Pattern {
    match next {
        Some(next) => Pattern::Concat(vec![next.clone(), anything()]),
        None => anything(),
    }
}

/// For `!p`: whether what follows a text can make `p` hold where it did not (the grammar is wider), and the other way round.
pub(super) fn decided(
    texts: &Pattern,
    ahead: &Pattern,
    next: Option<&Pattern>,
    follow: Bytes,
) -> Option<(bool, bool)> {
    let mut question = Question::new(&[texts, ahead, &following(next)])?;
    let after = question.beginning(2, follow);
    let mut pairs = vec![(question.expr(0), question.expr(1))];
    let mut seen = FxHashSet::default();
    let (mut wider, mut narrower) = (false, false);
    let mut at = 0;
    while let Some(&(text, ahead)) = pairs.get(at) {
        at += 1;
        if at > MAX_STATES || question.is_spent() {
            return None;
        }
        if question.automata.exprs.is_nullable(text) {
            if question.automata.exprs.is_nullable(ahead) {
                let fails = question.automata.exprs.not(ahead);
                let fails = question.automata.exprs.and([fails, after]);
                narrower |= !question.is_never(fails);
            } else {
                let holds = question.automata.exprs.and([ahead, after]);
                wider |= !question.is_never(holds);
            }
        }
        for byte in question.automata.classes.representatives().to_vec() {
            let next = question.automata.exprs.derivative(text, byte);
            if next != Exprs::NEVER {
                let pair = (next, question.automata.exprs.derivative(ahead, byte));
                if seen.insert(pair) {
                    pairs.push(pair);
                }
            }
        }
    }
    Some((wider, narrower))
}

/// Whether a stop can begin among the characters of `set` and be completed by what follows them.
pub(super) fn crosses(
    set: &ClassUnicode,
    stop: &Pattern,
    next: Option<&Pattern>,
    follow: Bytes,
) -> Option<bool> {
    let one = class(set.clone());
    let mut question = Question::new(&[&one, stop, &following(next)])?;
    let after = question.beginning(2, follow);
    let (one, stop) = (question.expr(0), question.expr(1));
    // The place in the character, the stop that would begin with it, and all stops that have begun and are not complete.
    let mut places = vec![(one, stop, Exprs::NEVER)];
    let mut seen = FxHashSet::default();
    let mut at = 0;
    while let Some(&(place, fresh, begun)) = places.get(at) {
        at += 1;
        if at > MAX_STATES || question.is_spent() {
            return None;
        }
        if place == one {
            let completed = question.automata.exprs.and([begun, after]);
            if !question.is_never(completed) {
                return Some(true);
            }
        }
        for byte in question.automata.classes.representatives().to_vec() {
            let next = question.automata.exprs.derivative(place, byte);
            if next == Exprs::NEVER {
                continue;
            }
            let fresh = question.automata.exprs.derivative(fresh, byte);
            let begun = question.automata.exprs.derivative(begun, byte);
            let both = question.automata.exprs.or([fresh, begun]);
            let next = if !question.automata.exprs.is_nullable(next) {
                (next, fresh, begun)
            } else if question.automata.exprs.is_nullable(both) {
                // Complete inside: such a text was left out.
                continue;
            } else {
                (one, stop, both)
            };
            if seen.insert(next) {
                places.push(next);
            }
        }
    }
    Some(false)
}

/// Whether the repetition has to stop where what follows begins: it is a stop, or no character of the set.
pub(super) fn stops(
    set: &ClassUnicode,
    stop: &Pattern,
    next: Option<&Pattern>,
    follow: Bytes,
) -> Option<bool> {
    if !Bytes::of_class(set).meets(follow) {
        return Some(true);
    }
    let next = Pattern::Concat(vec![next?.clone(), anything()]);
    let goes_on = Pattern::Concat(vec![class(set.clone()), anything()]);
    let mut question = Question::new(&[&next, &goes_on, stop])?;
    let (next, goes_on, stop) = (question.expr(0), question.expr(1), question.expr(2));
    let not = question.automata.exprs.not(stop);
    let both = question.automata.exprs.and([next, goes_on, not]);
    Some(question.is_never(both))
}
