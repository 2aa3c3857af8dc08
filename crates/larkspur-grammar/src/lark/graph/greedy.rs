//! Terminals that take the text of their right neighbour.
//!
//! Under llguidance's lexer a lexeme goes on as long as its terminal can match, and is never given back. So `/[a-z]+/ "x"`
//! has no sentence at all: the regex takes the `x`. For every terminal `A` that a terminal `B` must follow, this looks for the
//! shortest text `a·b`, with `a` of `A` and `b` of `B`, on which `A` does not end behind `a`: it takes all of `b`, or it
//! starts on it and is left without a match. It is a warning, since other parts of the grammar may accept the text.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Verify;
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
const MAX_NODES: usize = 10_000;
/// States of all automata and searches of one grammar.
const MAX_STATES: usize = 200_000;

/// Rewrites that are tried out, over all findings of one grammar.
const MAX_TRIALS: usize = 12;

pub(super) fn check(
    grammar: &Grammar,
    dialect: &Dialect,
    source: &str,
    verify: Verify<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    let found = find(grammar, dialect);
    let mut trials = MAX_TRIALS;
    for (pair, outcome, text) in &found {
        let finding = finding(grammar, pair, outcome, text);
        let mut works = |(span, replacement): &(Span, String)| {
            trials > 0 && {
                trials -= 1;
                verify(*span, replacement, found.len())
            }
        };
        let rewrite = joined(grammar, pair, source)
            .into_iter()
            .find(|one| works(one));
        findings.push(match rewrite {
            Some((span, replacement)) => finding.suggest(span, replacement),
            None => finding,
        });
    }
}

/// All pairs, each once, with what the first takes and the shortest text.
pub(super) fn find(grammar: &Grammar, dialect: &Dialect) -> Vec<(Pair, Outcome, String)> {
    let large = grammar.rules().len() > MAX_SYMBOLS || grammar.terminals().len() > MAX_SYMBOLS;
    if dialect.support(Feature::GreedyNeighbour) != Support::Trap || large {
        return Vec::new();
    }
    let analysis = Analysis::new(grammar);
    let mut automata = Automata {
        grammar,
        budget: MAX_STATES,
        built: FxHashMap::default(),
    };
    let ignored = automata.ignored();
    let mut seen = FxHashSet::default();
    let pairs = neighbours::pairs(grammar, &analysis).into_iter();
    pairs
        .filter(|pair| seen.insert((pair.left, pair.right)))
        .take(MAX_PAIRS)
        .filter_map(|pair| {
            let (outcome, text) = automata.shortest(pair.left, pair.right, ignored.as_ref())?;
            Some((pair, outcome, text))
        })
        .collect()
}

/// What becomes of the text `a·b`.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The first terminal takes all of it.
    Taken,
    /// The first terminal has begun what it cannot end with what follows.
    Stuck { taken: String },
    /// The first terminal takes all of it and still waits for more.
    Waits,
}

/// Two terminals of which the second must follow the first somewhere.
#[derive(Debug)]
pub(super) struct Pair {
    left: TerminalId,
    right: TerminalId,
    /// Where the first is used, if it stands there itself and not inside a rule.
    left_span: Option<Span>,
    right_span: Option<Span>,
    /// The second and those behind it, as long as each is a terminal that is written there.
    following: Vec<(TerminalId, Span)>,
}

fn finding(grammar: &Grammar, pair: &Pair, outcome: &Outcome, text: &str) -> Diagnostic {
    let row = Feature::GreedyNeighbour.capability();
    let name = |id: TerminalId| {
        let terminal = grammar.terminal(id);
        match (&terminal.pattern, terminal.named) {
            (Pattern::Literal { text, .. }, false) => format!("`{}`", quote(text)),
            (Pattern::Regex(regex), false) => format!("`/{}/{}`", regex.source, regex.flags),
            _ => format!("`{}`", terminal.name),
        }
    };
    let (left, right) = (name(pair.left), name(pair.right));
    let text = quote(text);
    let message = match outcome {
        Outcome::Taken => {
            format!("{left} takes the text of {right} that follows it: {text} is one lexeme")
        }
        Outcome::Waits => format!(
            "{left} takes the text of {right} that follows it: behind {text} it waits for more"
        ),
        Outcome::Stuck { taken } => {
            format!(
                "{left} takes the beginning of {right} that follows it: it is stuck behind {} of {text}",
                quote(taken)
            )
        }
    };
    let place = pair.left_span.or(grammar.terminal(pair.left).span);
    let finding = Diagnostic::warning(row.code, message)
        .at(place)
        .related(pair.right_span, "this may never be matched");
    finding.hint(row.hint)
}

/// One regex for both, and for what follows them, where all are written side by side: with one piece more each time.
fn joined(grammar: &Grammar, pair: &Pair, source: &str) -> Vec<(Span, String)> {
    let mut rewrites = Vec::new();
    let Some(first) = pair.left_span else {
        return rewrites;
    };
    let Some(mut regex) = as_regex(grammar, pair.left) else {
        return rewrites;
    };
    let mut span = first;
    for (id, next) in &pair.following {
        let between = source.get(span.end..next.start).unwrap_or("|");
        let Some(text) = as_regex(grammar, *id).filter(|_| between.chars().all(|c| c == ' '))
        else {
            break;
        };
        // A quantifier behind the piece would repeat all that is joined.
        let after = source
            .get(next.end..)
            .and_then(|rest| rest.chars().next())
            .unwrap_or('\n');
        if matches!(after, '?' | '*' | '+' | '{' | '~') {
            break;
        }
        regex.push_str(&text);
        span = span.to(*next);
        if regex_syntax::parse(&regex).is_ok() {
            rewrites.push((span, format!("/{regex}/")));
        }
    }
    rewrites
}

/// A terminal that is written where it is used, as a piece of a regex.
fn as_regex(grammar: &Grammar, id: TerminalId) -> Option<String> {
    let terminal = grammar.terminal(id);
    match &terminal.pattern {
        _ if terminal.named => None,
        Pattern::Literal {
            text,
            ignore_case: false,
        } => Some(
            regex_syntax::escape(text)
                .replace('/', "\\/")
                .replace('\n', "\\n"),
        ),
        Pattern::Regex(regex) if regex.flags.is_empty() && regex.source.contains('|') => {
            Some(format!("(?:{})", regex.source))
        }
        Pattern::Regex(regex) if regex.flags.is_empty() => Some(regex.source.clone()),
        _ => None,
    }
}

struct Automata<'g> {
    grammar: &'g Grammar,
    /// States that may still be made.
    budget: usize,
    built: FxHashMap<TerminalId, Option<Dfa>>,
}

impl Automata<'_> {
    /// What may stand between two lexemes, at least one of it.
    fn ignored(&self) -> Option<Dfa> {
        let ids = self.grammar.ignore();
        let parts: Option<Vec<_>> = ids
            .iter()
            .map(|id| dfa::hir(self.grammar, &self.grammar.terminal(*id).pattern))
            .collect();
        parts
            .filter(|parts| !parts.is_empty())
            .and_then(|parts| Dfa::new(&regex_syntax::hir::Hir::alternation(parts)))
    }

    fn build(&mut self, id: TerminalId) {
        let (grammar, budget) = (self.grammar, &mut self.budget);
        self.built.entry(id).or_insert_with(|| {
            let hir = dfa::hir(grammar, &grammar.terminal(id).pattern).filter(|_| *budget > 0)?;
            let dfa = Dfa::new(&hir)?;
            *budget = budget.saturating_sub(dfa.len());
            Some(dfa)
        });
    }

    /// The shortest `a·b` on which `left` does not end behind `a`, and how much of it `left` takes. With ignored text, some of
    /// it stands between `a` and `b`: lexemes that only touch when nothing separates them are no surprise.
    fn shortest(
        &mut self,
        left: TerminalId,
        right: TerminalId,
        ignored: Option<&Dfa>,
    ) -> Option<(Outcome, String)> {
        self.build(left);
        self.build(right);
        let left = self.built.get(&left)?.as_ref()?;
        let right = self.built.get(&right)?.as_ref()?;
        Search {
            left,
            right,
            ignored,
            bytes: bytes(left, right, ignored),
        }
        .run(&mut self.budget)
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
    /// One byte for each class.
    bytes: Vec<u8>,
}

impl Search<'_> {
    fn run(&self, budget: &mut usize) -> Option<(Outcome, String)> {
        let start: Node = (Dfa::START, Phase::Left);
        let mut from: FxHashMap<Node, (Node, u8)> = FxHashMap::default();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for byte in self.bytes.iter().copied() {
                for next in self.steps(node, byte) {
                    if next == start || from.contains_key(&next) {
                        continue;
                    }
                    from.insert(next, (node, byte));
                    if self.is_goal(next) {
                        let (taken, text) = texts(next, start, &from);
                        let outcome = match next.1 {
                            Phase::Stuck(_) => Outcome::Stuck { taken },
                            _ if self.left.is_match(next.0) => Outcome::Taken,
                            _ => Outcome::Waits,
                        };
                        return Some((outcome, text));
                    }
                    *budget = budget.saturating_sub(1);
                    if from.len() > MAX_NODES || *budget == 0 {
                        return None;
                    }
                    queue.push_back(next);
                }
            }
        }
        None
    }

    fn steps(&self, (left, phase): Node, byte: u8) -> impl Iterator<Item = Node> {
        let goes = self.left.live_step(left, byte);
        let behind = self.left.is_match(left);
        let enter = |dfa: &Dfa, wrap: fn(u32) -> Phase| {
            goes.zip(dfa.live_step(Dfa::START, byte))
                .map(|(state, entered)| (state, wrap(entered)))
        };
        let [first, second] = match phase {
            Phase::Left => {
                let entered = match self.ignored {
                    Some(ignored) => enter(ignored, Phase::Between),
                    None => enter(self.right, Phase::Right),
                };
                [
                    goes.map(|state| (state, Phase::Left)),
                    entered.filter(|_| behind),
                ]
            }
            Phase::Between(between) => {
                let ends = self
                    .ignored
                    .is_some_and(|ignored| ignored.is_match(between));
                let more = self
                    .ignored
                    .and_then(|ignored| ignored.live_step(between, byte));
                [
                    goes.zip(more)
                        .map(|(state, more)| (state, Phase::Between(more))),
                    enter(self.right, Phase::Right).filter(|_| ends),
                ]
            }
            Phase::Right(right) => {
                let more = self.right.live_step(right, byte);
                // Where `left` dies behind a match it ends there, and the rest is read as something else.
                let stuck = more
                    .filter(|_| goes.is_none() && !behind)
                    .map(|more| (left, Phase::Stuck(more)));
                [
                    goes.zip(more)
                        .map(|(state, more)| (state, Phase::Right(more))),
                    stuck,
                ]
            }
            Phase::Stuck(right) => [
                self.right
                    .live_step(right, byte)
                    .map(|more| (left, Phase::Stuck(more))),
                None,
            ],
        };
        first.into_iter().chain(second)
    }

    fn is_goal(&self, (_, phase): Node) -> bool {
        match phase {
            Phase::Left | Phase::Between(_) => false,
            Phase::Right(right) | Phase::Stuck(right) => self.right.is_match(right),
        }
    }
}

/// The friendliest byte of each class of bytes that no automaton tells apart.
fn bytes(left: &Dfa, right: &Dfa, ignored: Option<&Dfa>) -> Vec<u8> {
    let mut seen = FxHashSet::default();
    let class = |byte: u8| {
        (
            left.class(byte),
            right.class(byte),
            ignored.map(|ignored| ignored.class(byte)),
        )
    };
    dfa::bytes()
        .filter(|byte| seen.insert(class(*byte)))
        .collect()
}

/// How much `left` takes, and the whole text.
fn texts(goal: Node, start: Node, from: &FxHashMap<Node, (Node, u8)>) -> (String, String) {
    let mut bytes = Vec::new();
    let mut stuck = 0;
    let mut node = goal;
    while node != start {
        let Some((before, byte)) = from.get(&node) else {
            break;
        };
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
    if let Expr::Terminal { span, .. } = expr {
        *span
    } else {
        None
    }
}
