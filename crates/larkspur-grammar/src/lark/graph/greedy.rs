//! Terminals that take the text of their right neighbour.
//!
//! Under llguidance's lexer a lexeme goes on as long as its terminal can match, and is never given back. So `/[a-z]+/ "x"`
//! has no sentence at all: the regex takes the `x`. For every terminal `A` that a terminal `B` must follow, this looks for the
//! shortest text `a·b`, with `a` of `A` and `b` of `B`, on which `A` does not end behind `a`: it takes all of `b`, or it
//! starts on it and is left without a match. It is a warning, since other parts of the grammar may accept the text.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Feature, Support};
use crate::grammar::analysis::Analysis;
use crate::grammar::{Expr, Grammar, Pattern, TerminalId};
use crate::lark::escape::quote;
use crate::span::Span;

mod dfa;
mod neighbours;

use dfa::Dfa;

/// Larger grammars are not looked at: their sets of first and last terminals would be too large.
const MAX_SYMBOLS: usize = 2_000;
/// Pairs of terminals that are looked at.
const MAX_PAIRS: usize = 4_000;
/// States of the search for one pair.
const MAX_NODES: usize = 50_000;

pub(super) fn check(grammar: &Grammar, dialect: &Dialect, source: &str, findings: &mut Vec<Diagnostic>) {
    if dialect.support(Feature::GreedyNeighbour) != Support::Trap {
        return;
    }
    if grammar.rules().len() > MAX_SYMBOLS || grammar.terminals().len() > MAX_SYMBOLS {
        return;
    }
    let analysis = Analysis::new(grammar);
    let mut automata = Automata { grammar, built: FxHashMap::default() };
    let ignored = automata.ignored();
    let mut seen = FxHashSet::default();
    for pair in neighbours::pairs(grammar, &analysis).into_iter().filter(|pair| seen.insert((pair.left, pair.right))).take(MAX_PAIRS) {
        if let Some((taken, text)) = automata.shortest(pair.left, pair.right, ignored.as_ref()) {
            findings.push(finding(grammar, &pair, &taken, &text, source));
        }
    }
}

/// Two terminals of which the second must follow the first somewhere.
#[derive(Debug)]
struct Pair {
    left: TerminalId,
    right: TerminalId,
    /// Where the first is used, if it stands there itself and not inside a rule.
    left_span: Option<Span>,
    right_span: Option<Span>,
}

fn finding(grammar: &Grammar, pair: &Pair, taken: &str, text: &str, source: &str) -> Diagnostic {
    let row = Feature::GreedyNeighbour.capability();
    let name = |id: TerminalId| {
        let terminal = grammar.terminal(id);
        match (&terminal.pattern, terminal.named) {
            (_, true) => format!("`{}`", terminal.name),
            (Pattern::Literal { text, .. }, false) => format!("`{}`", quote(text)),
            (Pattern::Regex(regex), false) => format!("`/{}/{}`", regex.source, regex.flags),
            _ => format!("`{}`", terminal.name),
        }
    };
    let (left, right) = (name(pair.left), name(pair.right));
    let message = if taken == text {
        format!("{left} takes the text of {right} that follows it: {} is one lexeme", quote(text))
    } else {
        format!("{left} takes the beginning of {right} that follows it: it is stuck behind {} of {}", quote(taken), quote(text))
    };
    let place = pair.left_span.or(grammar.terminal(pair.left).span);
    let finding = Diagnostic::warning(row.code, message).at(place).related(pair.right_span, "this may never be matched");
    match joined(grammar, pair, source) {
        Some((span, replacement)) => finding.hint(row.hint).suggest(span, replacement),
        None => finding.hint(row.hint),
    }
}

/// One regex for both, where both are written side by side.
fn joined(grammar: &Grammar, pair: &Pair, source: &str) -> Option<(Span, String)> {
    let (left, right) = (pair.left_span?, pair.right_span?);
    let between = source.get(left.end..right.start)?;
    if grammar.terminal(pair.left).named || grammar.terminal(pair.right).named || !between.chars().all(|c| c == ' ') || between.is_empty() {
        return None;
    }
    let text = |id: TerminalId| match &grammar.terminal(id).pattern {
        Pattern::Literal { text, ignore_case: false } => Some(regex_syntax::escape(text).replace('/', "\\/").replace('\n', "\\n")),
        Pattern::Regex(regex) if regex.flags.is_empty() && regex.source.contains('|') => Some(format!("(?:{})", regex.source)),
        Pattern::Regex(regex) if regex.flags.is_empty() => Some(regex.source.clone()),
        _ => None,
    };
    let joined = format!("{}{}", text(pair.left)?, text(pair.right)?);
    // What follows the second piece must not be a quantifier: it would repeat all of it.
    let after = source.get(right.end..)?.chars().next().unwrap_or('\n');
    let quantified = matches!(after, '?' | '*' | '+' | '{' | '~');
    (!quantified && regex_syntax::parse(&joined).is_ok()).then(|| (left.to(right), format!("/{joined}/")))
}

struct Automata<'g> {
    grammar: &'g Grammar,
    built: FxHashMap<TerminalId, Option<Dfa>>,
}

impl Automata<'_> {
    /// What may stand between two lexemes, at least one of it.
    fn ignored(&self) -> Option<Dfa> {
        let ids = self.grammar.ignore();
        let parts: Option<Vec<_>> = ids.iter().map(|id| dfa::hir(self.grammar, &self.grammar.terminal(*id).pattern)).collect();
        parts.filter(|parts| !parts.is_empty()).and_then(|parts| Dfa::new(&regex_syntax::hir::Hir::alternation(parts)))
    }

    fn build(&mut self, id: TerminalId) {
        let grammar = self.grammar;
        self.built.entry(id).or_insert_with(|| {
            dfa::hir(grammar, &grammar.terminal(id).pattern).and_then(|hir| Dfa::new(&hir))
        });
    }

    /// The shortest `a·b` on which `left` does not end behind `a`, and how much of it `left` takes. With ignored text, some of
    /// it stands between `a` and `b`: lexemes that only touch when nothing separates them are no surprise.
    fn shortest(&mut self, left: TerminalId, right: TerminalId, ignored: Option<&Dfa>) -> Option<(String, String)> {
        self.build(left);
        self.build(right);
        let left = self.built.get(&left)?.as_ref()?;
        let right = self.built.get(&right)?.as_ref()?;
        Search { left, right, ignored: ignored.filter(|_| !self.grammar.ignore().is_empty()) }.run()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Phase {
    /// Inside `a`.
    Left,
    /// Inside the ignored text, at this state of it.
    Between(u32),
    /// Inside `b`, at this state of it.
    Right(u32),
    /// Inside `b`, and `left` has died where it does not match.
    Stuck(u32),
}

/// A state of `left` and where the search is.
type Node = (u32, Phase);

struct Search<'d> {
    left: &'d Dfa,
    right: &'d Dfa,
    ignored: Option<&'d Dfa>,
}

impl Search<'_> {
    fn run(&self) -> Option<(String, String)> {
        let start: Node = (self.left.start(), Phase::Left);
        let mut from: FxHashMap<Node, (Node, u8)> = FxHashMap::default();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for byte in dfa::bytes() {
                for next in self.steps(node, byte) {
                    if next == start || from.contains_key(&next) {
                        continue;
                    }
                    from.insert(next, (node, byte));
                    if self.is_goal(next) {
                        return Some(texts(next, start, &from));
                    }
                    if from.len() > MAX_NODES {
                        return None;
                    }
                    queue.push_back(next);
                }
            }
        }
        None
    }

    fn steps(&self, (left, phase): Node, byte: u8) -> impl Iterator<Item = Node> {
        let mut next: smallvec::SmallVec<[Node; 2]> = smallvec::SmallVec::new();
        let goes = self.left.step(left, byte).filter(|state| self.left.is_live(*state));
        let behind = self.left.is_match(left);
        match phase {
            Phase::Left => {
                next.extend(goes.map(|state| (state, Phase::Left)));
                if behind {
                    let (first, wrap): (&Dfa, fn(u32) -> Phase) = match self.ignored {
                        Some(ignored) => (ignored, Phase::Between),
                        None => (self.right, Phase::Right),
                    };
                    let entered = first.step(first.start(), byte).filter(|state| first.is_live(*state));
                    next.extend(goes.zip(entered).map(|(state, entered)| (state, wrap(entered))));
                }
            }
            Phase::Between(between) => {
                if let Some(ignored) = self.ignored {
                    let more = ignored.step(between, byte).filter(|state| ignored.is_live(*state));
                    next.extend(goes.zip(more).map(|(state, more)| (state, Phase::Between(more))));
                    if ignored.is_match(between) {
                        let entered = self.right.step(self.right.start(), byte).filter(|state| self.right.is_live(*state));
                        next.extend(goes.zip(entered).map(|(state, entered)| (state, Phase::Right(entered))));
                    }
                }
            }
            Phase::Right(right) => {
                let more = self.right.step(right, byte).filter(|state| self.right.is_live(*state));
                match goes {
                    Some(state) => next.extend(more.map(|more| (state, Phase::Right(more)))),
                    // Where `left` dies behind a match it ends there, and the rest is read as something else.
                    None if behind => {}
                    None => next.extend(more.map(|more| (left, Phase::Stuck(more)))),
                }
            }
            Phase::Stuck(right) => {
                let more = self.right.step(right, byte).filter(|state| self.right.is_live(*state));
                next.extend(more.map(|more| (left, Phase::Stuck(more))));
            }
        }
        next.into_iter()
    }

    fn is_goal(&self, (left, phase): Node) -> bool {
        match phase {
            Phase::Left | Phase::Between(_) => false,
            Phase::Right(right) => self.right.is_match(right) && self.left.is_match(left),
            Phase::Stuck(right) => self.right.is_match(right),
        }
    }
}

/// How much `left` takes, and the whole text.
fn texts(goal: Node, start: Node, from: &FxHashMap<Node, (Node, u8)>) -> (String, String) {
    let mut bytes = Vec::new();
    let mut stuck = 0;
    let mut node = goal;
    while node != start {
        let Some((before, byte)) = from.get(&node) else { break };
        bytes.push(*byte);
        stuck += usize::from(matches!(node.1, Phase::Stuck(_)));
        node = *before;
    }
    bytes.reverse();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let taken = bytes.get(..bytes.len() - stuck).unwrap_or_default();
    (text(taken), text(&bytes))
}

/// Shared with [`neighbours`].
fn empty_set(length: usize) -> FixedBitSet {
    FixedBitSet::with_capacity(length)
}

fn direct_span(expr: &Expr) -> Option<Span> {
    if let Expr::Terminal { span, .. } = expr { *span } else { None }
}
