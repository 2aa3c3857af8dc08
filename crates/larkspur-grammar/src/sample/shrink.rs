//! From a sentence to the smallest one that still shows a fault.
//!
//! A [`Shrinker`] changes the derivation, not the text: repetitions are dropped, shorter alternatives taken with the parts of
//! the longer one, a rule is replaced by the same rule further down, lexemes are brought towards their simplest text. The
//! largest nodes come first, and each change must leave fewer lexemes, or as many and less text, or as much and simpler text;
//! so it ends.
//!
//! The order and the choice of the changes follow Perses (Sun, Li, Zhang, Gu and Su, "Perses: Syntax-guided program
//! reduction", ICSE 2018) and hierarchical delta debugging (Misherghi and Su, "HDD", ICSE 2006); halving what is dropped is
//! from Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", TSE 28(2), 2002.

mod moves;

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashSet, FxHasher};

use super::derivation::{Derivation, Made, Measure, NO_NODE, Part, Patch, ROOT};
use super::plan::Node;
use super::{NearMiss, Sampler, Sentence};
use crate::span::Span;
use moves::Move;

/// Nodes visited and bytes written for all candidates of one shrinker; then it is content with what it has. A sentence of a
/// hundred lexemes takes a tenth of it; one of ten thousand is not shrunk to its end.
const MAX_WORK: usize = 1 << 25;

/// A text of a grammar on its way to a smaller one. Made by [`Sampler::shrinker`]; [`spoiled`](Self::spoiled) for near misses.
///
/// [`propose`](Self::propose) puts a smaller text in the place of the last one that was kept; [`keep`](Self::keep) keeps it,
/// [`refuse`](Self::refuse) goes back. Texts that were proposed once are not proposed again.
///
/// ```
/// use larkspur_grammar::sample::Sampler;
/// use larkspur_grammar::{Dialect, lark};
///
/// let grammar = lark::compile("start: item (\", \" item)*\nitem: INT | \"[\" start \"]\"\nINT: /[0-9]{1,9}/\n", Dialect::openai())?;
/// let sampler = Sampler::new(&grammar)?;
/// let choices = sampler.choices();
/// let fails = |text: &str| text.contains("]");
///
/// let seed = (0..).find(|seed| fails(&sampler.sentence_by(&choices, *seed, 60).text)).unwrap();
/// let mut shrinker = sampler.shrinker(&choices, seed, 60);
/// while shrinker.propose(|_| true) {
///     if fails(&shrinker.sentence().text) { shrinker.keep() } else { shrinker.refuse() }
/// }
/// assert_eq!(shrinker.sentence().text, "[0]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Shrinker {
    sampler: Sampler,
    tree: Derivation,
    patch: Option<Patch>,
    sentence: Sentence,
    /// What was there before the candidate.
    before: Option<(Sentence, Undo)>,
    /// The nodes of this round, the largest first; [`NO_NODE`] for the patch.
    order: Vec<usize>,
    next: usize,
    alive: FixedBitSet,
    /// The node at hand, and what is still to be tried at it.
    node: usize,
    here: Measure,
    moves: VecDeque<Move>,
    /// Whether this round has brought anything.
    changed: bool,
    /// Hashes of the texts that were proposed or not taken.
    tried: FxHashSet<u64>,
    work: usize,
}

/// How to take a change back.
#[derive(Clone, Debug)]
enum Undo {
    Node {
        node: usize,
        made: Made,
        /// Nodes before the change.
        length: usize,
    },
    Patch(String),
}

/// A stretch of a text that is not as simple as the grammar allows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The innermost rule that it is a part of.
    pub rule: String,
    /// Its bytes.
    pub span: Span,
}

impl Shrinker {
    pub(super) fn new(sampler: &Sampler, tree: Derivation) -> Self {
        let mut shrinker = Self {
            sampler: sampler.clone(),
            tree,
            patch: None,
            sentence: Sentence::default(),
            before: None,
            order: Vec::new(),
            next: 0,
            alive: FixedBitSet::new(),
            node: NO_NODE,
            here: Measure::default(),
            moves: VecDeque::new(),
            changed: true,
            tried: FxHashSet::default(),
            work: 0,
        };
        shrinker.begin();
        shrinker
    }

    /// The same for a near miss of the sentence: the edit stays while the sentence around it becomes smaller, and becomes
    /// smaller itself. `None` if the text is one that no edit of some lexemes in a row makes.
    pub fn spoiled(mut self, near: &NearMiss) -> Option<Self> {
        self.patch = Some(self.patch_of(&near.text)?);
        self.begin();
        (self.sentence.text == near.text).then_some(self)
    }

    /// Starts anew from the derivation as it is.
    fn begin(&mut self) {
        let sentence = self.tree.sentence(&self.sampler, self.patch.as_ref());
        self.sentence = sentence.unwrap_or_default();
        self.tried.clear();
        self.tried.insert(hash(&self.sentence.text));
        self.start_round();
    }

    /// The text as it is: the candidate, if there is one. Lexemes that an edit has replaced are not listed.
    pub const fn sentence(&self) -> &Sentence {
        &self.sentence
    }

    /// The next smaller text that `accepts` takes; `false` if there is none. One that was neither kept nor refused is refused.
    pub fn propose(&mut self, mut accepts: impl FnMut(&Sentence) -> bool) -> bool {
        self.refuse();
        while self.work <= MAX_WORK {
            let Some(next) = self.next_move() else {
                return false;
            };
            let Some(undo) = self.apply(&next) else {
                continue;
            };
            match self.candidate(&undo) {
                Some(sentence) if accepts(&sentence) => {
                    let before = std::mem::replace(&mut self.sentence, sentence);
                    self.before = Some((before, undo));
                    return true;
                }
                _ => self.take_back(undo),
            }
        }
        false
    }

    /// Goes on from the candidate.
    pub fn keep(&mut self) {
        if self.before.take().is_some() {
            self.changed = true;
            self.mark_alive();
            self.go_to(self.node);
        }
    }

    /// Goes back to what was kept last.
    pub fn refuse(&mut self) {
        if let Some((sentence, undo)) = self.before.take() {
            self.sentence = sentence;
            self.take_back(undo);
        }
    }

    /// The text of a change, if it is new and the change made something smaller.
    fn candidate(&mut self, undo: &Undo) -> Option<Sentence> {
        if let Undo::Node { node, .. } = undo {
            let (now, visited) = self.tree.measure(*node);
            self.work += visited;
            if now >= self.here {
                return None;
            }
        }
        self.work += self.alive.count_ones(..);
        let sentence = self.tree.sentence(&self.sampler, self.patch.as_ref())?;
        self.work += sentence.text.len();
        self.tried.insert(hash(&sentence.text)).then_some(sentence)
    }

    fn take_back(&mut self, undo: Undo) {
        match undo {
            Undo::Node { node, made, length } => {
                if let Some(slot) = self.tree.nodes.get_mut(node) {
                    *slot = made;
                }
                self.tree.nodes.truncate(length);
            }
            Undo::Patch(text) => {
                if let Some(patch) = &mut self.patch {
                    patch.text = text;
                }
            }
        }
    }

    fn next_move(&mut self) -> Option<Move> {
        loop {
            if let Some(next) = self.moves.pop_front() {
                return Some(next);
            }
            match self.order.get(self.next) {
                Some(&node) => {
                    self.next += 1;
                    if node == NO_NODE || self.alive.contains(node) {
                        self.go_to(node);
                    }
                }
                None if self.changed => self.start_round(),
                None => return None,
            }
        }
    }

    fn go_to(&mut self, node: usize) {
        self.node = node;
        let (here, visited) = self.tree.measure(node);
        self.here = here;
        self.work += visited;
        self.moves = self.moves_at(node);
    }

    fn start_round(&mut self) {
        let mut sizes = self.tree.sizes(ROOT);
        sizes.sort_by_key(|(_, _, lexemes)| std::cmp::Reverse(*lexemes));
        self.order = sizes.into_iter().map(|(id, ..)| id).collect();
        self.order.extend(self.patch.iter().map(|_| NO_NODE));
        self.next = 0;
        self.moves.clear();
        self.changed = false;
        self.mark_alive();
    }

    fn mark_alive(&mut self) {
        self.alive.clear();
        self.alive.grow(self.tree.nodes.len());
        for id in self.tree.walk(ROOT) {
            self.alive.insert(id);
        }
    }

    /// The difference between the sentence and `text`, as a stretch in place of the lexemes that it touches.
    fn patch_of(&self, text: &str) -> Option<Patch> {
        let base = &self.sentence.text;
        let start = common_prefix(base, text);
        let (base_rest, text_rest) = (base.get(start..)?, text.get(start..)?);
        let tail = common_suffix(base_rest, text_rest);
        let end = base.len() - tail;
        let new = text.get(start..text.len() - tail)?;
        let pieces = self.tree.pieces(&self.sampler);
        let holds = |at: usize| pieces.iter().position(|(_, span)| at < span.end);
        let last_piece = pieces.len().checked_sub(1);
        let Some((first, last)) = holds(start).or(last_piece).zip(last_piece) else {
            return Some(Patch {
                first: NO_NODE,
                last: NO_NODE,
                text: text.to_owned(),
                cut: false,
            });
        };
        let cut = end == base.len() && new.is_empty();
        let last = match end.checked_sub(1).and_then(holds) {
            _ if cut => first,
            Some(last) => last.max(first),
            None => last,
        };
        let ((first, begin), (last, behind)) = (pieces.get(first)?, pieces.get(last)?);
        let after = if cut {
            ""
        } else {
            base.get(end.max(start)..behind.end)?
        };
        Some(Patch {
            first: *first,
            last: *last,
            text: format!("{}{new}{after}", base.get(begin.start..start)?),
            cut,
        })
    }

    /// Where the text is less simple than the grammar allows: choices that are not the cheapest, then those that are not the first
    /// of the cheapest, then lexemes that are not the simplest; of each the smallest stretches first, and of those the later ones.
    /// Where a text has been shrunk as far as it goes, what is left there is what it takes.
    pub fn places(&self) -> Vec<Place> {
        let spans: Vec<(usize, Span)> = self.tree.pieces(&self.sampler);
        let mut places: Vec<(Excess, Place)> = Vec::new();
        let mut rules: Vec<(usize, usize)> = Vec::new();
        let mut lexemes = 0;
        for (at, (id, nodes, inside)) in self.tree.sizes(ROOT).into_iter().enumerate() {
            rules.retain(|(_, end)| at < *end);
            let stretch = spans.get(lexemes..lexemes + inside).unwrap_or_default();
            let ends = stretch.first().zip(stretch.last());
            let place = ends.map(|((_, first), (_, last))| Place {
                rule: self.rule_name(rules.last().map(|(rule, _)| *rule)),
                span: first.to(*last),
            });
            let plan = self.sampler.plan.node(self.tree.plan(id));
            places.extend(self.excess(id, plan).zip(place));
            match plan {
                Node::Rule(rule) => rules.push((*rule, at + nodes)),
                Node::Lexeme(_) => lexemes += 1,
                _ => {}
            }
        }
        places.reverse();
        places.sort_by_key(|(excess, place)| (*excess, place.span.len()));
        places.into_iter().map(|(_, place)| place).collect()
    }

    fn rule_name(&self, rule: Option<usize>) -> String {
        let grammar = &self.sampler.grammar;
        let rule = rule.unwrap_or_else(|| grammar.start().index());
        let found = grammar.rules().get(rule);
        found.map(|rule| rule.name.clone()).unwrap_or_default()
    }

    /// What is not as simple as it could be at this node alone.
    fn excess(&self, id: usize, of: &Node) -> Option<Excess> {
        let plan = &self.sampler.plan;
        let children = self.tree.children(id);
        match of {
            Node::Alt { parts, .. } => {
                let least = *parts.iter().min_by_key(|part| plan.cost(**part))?;
                let taken = self.tree.plan(*children.first()?);
                if plan.cost(taken) > plan.cost(least) {
                    Some(Excess::Costs)
                } else {
                    (plan.class(taken) != plan.class(least)).then_some(Excess::Later)
                }
            }
            Node::Repeat { min, .. } => {
                let min = usize::try_from(*min).unwrap_or(usize::MAX);
                (children.len() > min).then_some(Excess::Costs)
            }
            Node::Lexeme(terminal) => {
                let simplest = self.sampler.lexemes.simplest(*terminal);
                (simplest.as_deref() != self.tree.text(id)).then_some(Excess::Text)
            }
            _ => None,
        }
    }
}

/// See [`Shrinker::excess`]; the first is told first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Excess {
    /// Another choice has fewer lexemes.
    Costs,
    /// An earlier choice has as few.
    Later,
    /// The terminal has a simpler text.
    Text,
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

fn common_prefix(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    let same = a
        .chars()
        .rev()
        .zip(b.chars().rev())
        .take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}
