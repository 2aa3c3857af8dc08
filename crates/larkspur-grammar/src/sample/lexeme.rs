//! Texts of terminals.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};

use super::{MAX_SHORTEST, Rng, simple};
use crate::grammar::{Extent, Grammar, Pattern, Terminal, TerminalId};
use crate::regular::chars;
use crate::regular::dfa::{Automata, CharDfa};

/// States of the automaton of a terminal with `&` or `~`; one with more is not drawn from.
const MAX_STATES: usize = 20_000;
/// Nodes that the expressions of all terminals may take together.
const MAX_WEIGHT: usize = 2_000_000;
/// Characters that a lexeme may take beyond its shortest.
const SPARE: u64 = 24;

/// How to draw from each terminal of a grammar.
#[derive(Clone, Debug)]
pub(super) struct Lexemes(Vec<(TerminalId, Source)>);

#[derive(Clone, Debug)]
enum Source {
    Nothing,
    Tree(Node),
    Automaton(Automaton),
}

/// A regular expression over characters.
#[derive(Clone, Debug)]
enum Node {
    Text(String),
    Set(Set),
    Seq(Vec<Self>),
    Alt(Vec<Self>),
    Repeat {
        inner: Box<Self>,
        min: u32,
        max: Option<u32>,
    },
    Never,
}

impl Lexemes {
    pub(super) fn new(grammar: &Grammar) -> Self {
        let needs = |terminal: &Terminal| {
            terminal.extent == Extent::Shortest || needs_automaton(grammar, &terminal.pattern)
        };
        let mut automata = if grammar.terminals().iter().any(needs) {
            Automata::new(grammar, MAX_WEIGHT).ok()
        } else {
            None
        };
        let sources = grammar.terminal_ids().map(|id| {
            let terminal = grammar.terminal(id);
            let source = if needs(terminal) {
                let dfa = automata
                    .as_mut()
                    .and_then(|automata| automata.dfa(id, MAX_STATES));
                dfa.map_or(Source::Nothing, |dfa| {
                    Source::Automaton(Automaton::new(&dfa))
                })
            } else {
                Source::Tree(pattern(grammar, &terminal.pattern))
            };
            let source = match source {
                Source::Tree(node)
                    if node.shortest().is_none_or(|length| length > MAX_SHORTEST) =>
                {
                    Source::Nothing
                }
                Source::Automaton(automaton) if automaton.is_never() => Source::Nothing,
                source => source,
            };
            (id, source)
        });
        Self(sources.collect())
    }

    pub(super) fn can_draw(&self, terminal: usize) -> bool {
        !matches!(self.0.get(terminal), None | Some((_, Source::Nothing)))
    }

    pub(super) fn id(&self, terminal: usize) -> Option<TerminalId> {
        self.0.get(terminal).map(|(id, _)| *id)
    }

    /// The simplest of the shortest texts of a terminal.
    pub(super) fn simplest(&self, terminal: usize) -> Option<String> {
        let mut out = String::new();
        match &self.0.get(terminal)?.1 {
            Source::Nothing => return None,
            Source::Automaton(automaton) => automaton.simplest(&mut out),
            Source::Tree(node) => node.simplest(&mut out),
        }
        Some(out)
    }

    pub(super) fn draw(&self, terminal: usize, rng: &mut Rng) -> Option<String> {
        let mut out = String::new();
        match &self.0.get(terminal)?.1 {
            Source::Nothing => return None,
            Source::Automaton(automaton) => automaton.draw(rng, &mut out),
            Source::Tree(node) => {
                let mut spare = SPARE;
                node.draw(rng, &mut spare, &mut out);
            }
        }
        Some(out)
    }
}

fn needs_automaton(grammar: &Grammar, pattern: &Pattern) -> bool {
    match pattern {
        Pattern::And(_) | Pattern::Not(_) => true,
        Pattern::Terminal(id) => needs_automaton(grammar, &grammar.terminal(*id).pattern),
        other => other
            .children()
            .iter()
            .any(|child| needs_automaton(grammar, child)),
    }
}

/// Recursion is bounded by the depth of patterns and by terminals not containing themselves.
fn pattern(grammar: &Grammar, of: &Pattern) -> Node {
    let all = |parts: &[Pattern]| parts.iter().map(|part| pattern(grammar, part)).collect();
    match of {
        Pattern::Literal {
            text,
            ignore_case: false,
        } => Node::Text(text.clone()),
        Pattern::Literal { text, .. } => Node::Seq(
            text.chars()
                .map(|c| Node::Set(Set::new(&chars::caseless(c))))
                .collect(),
        ),
        Pattern::Range { first, last } => Node::Set(Set::new(&chars::range(*first, *last))),
        Pattern::Regex(regex) => hir(&regex.hir),
        Pattern::Terminal(id) => pattern(grammar, &grammar.terminal(*id).pattern),
        Pattern::Concat(parts) => Node::Seq(all(parts)),
        Pattern::Alt(parts) => Node::Alt(all(parts)),
        Pattern::Repeat {
            pattern: inner,
            min,
            max,
        } => Node::Repeat {
            inner: Box::new(pattern(grammar, inner)),
            min: *min,
            max: *max,
        },
        Pattern::Substring(pieces) => runs(pieces),
        Pattern::And(_) | Pattern::Not(_) => Node::Never,
    }
}

/// A few of the runs of neighbours: from each piece on one, two, three, and to the end.
fn runs(pieces: &[String]) -> Node {
    let mut ways = vec![Node::Text(String::new())];
    for start in 0..pieces.len() {
        for length in [1, 2, 3] {
            let run = pieces.get(start..start + length);
            ways.extend(run.map(|run| Node::Text(run.concat())));
        }
    }
    ways.push(Node::Text(pieces.concat()));
    Node::Alt(ways)
}

/// Recursion is bounded by the nesting of the regex.
fn hir(of: &Hir) -> Node {
    match of.kind() {
        HirKind::Empty | HirKind::Look(Look::Start | Look::End) => Node::Text(String::new()),
        HirKind::Look(_) => Node::Never,
        HirKind::Literal(bytes) => {
            std::str::from_utf8(&bytes.0).map_or(Node::Never, |text| Node::Text(text.to_owned()))
        }
        HirKind::Class(Class::Unicode(class)) => Node::set(class),
        HirKind::Class(Class::Bytes(class)) => class
            .to_unicode_class()
            .map_or(Node::Never, |class| Node::set(&class)),
        HirKind::Repetition(repetition) => Node::Repeat {
            inner: Box::new(hir(&repetition.sub)),
            min: repetition.min,
            max: repetition.max,
        },
        HirKind::Capture(capture) => hir(&capture.sub),
        HirKind::Concat(parts) => Node::Seq(parts.iter().map(hir).collect()),
        HirKind::Alternation(parts) => Node::Alt(parts.iter().map(hir).collect()),
    }
}

impl Node {
    fn set(class: &ClassUnicode) -> Self {
        if class.ranges().is_empty() {
            Self::Never
        } else {
            Self::Set(Set::new(class))
        }
    }

    /// Characters of the shortest text, or `None` if there is none.
    fn shortest(&self) -> Option<u64> {
        match self {
            Self::Never => None,
            Self::Text(text) => Some(u64::try_from(text.len()).unwrap_or(u64::MAX)),
            Self::Set(_) => Some(1),
            Self::Seq(parts) => parts.iter().try_fold(0_u64, |sum, part| {
                Some(sum.saturating_add(part.shortest()?))
            }),
            Self::Alt(parts) => parts.iter().filter_map(Self::shortest).min(),
            Self::Repeat { min: 0, .. } => Some(0),
            Self::Repeat { inner, min, .. } => {
                Some(inner.shortest()?.saturating_mul(u64::from(*min)))
            }
        }
    }

    fn simplest(&self, out: &mut String) {
        match self {
            Self::Never => {}
            Self::Text(text) => out.push_str(text),
            Self::Set(set) => out.push(set.simplest()),
            Self::Seq(parts) => parts.iter().for_each(|part| part.simplest(out)),
            Self::Alt(parts) => {
                let shortest = parts
                    .iter()
                    .filter(|part| part.shortest().is_some())
                    .min_by_key(|part| part.shortest());
                if let Some(part) = shortest {
                    part.simplest(out);
                }
            }
            Self::Repeat { inner, .. } if inner.shortest() == Some(0) => {}
            Self::Repeat { inner, min, .. } => (0..*min).for_each(|_| inner.simplest(out)),
        }
    }

    fn draw(&self, rng: &mut Rng, spare: &mut u64, out: &mut String) {
        match self {
            Self::Never => {}
            Self::Text(text) => out.push_str(text),
            Self::Set(set) => out.push(set.draw(rng)),
            Self::Seq(parts) => parts.iter().for_each(|part| part.draw(rng, spare, out)),
            Self::Alt(parts) => {
                let ways: Vec<&Self> = parts
                    .iter()
                    .filter(|part| part.shortest().is_some())
                    .collect();
                let least = ways
                    .iter()
                    .filter_map(|way| way.shortest())
                    .min()
                    .unwrap_or_default();
                let cheap = |way: &&&Self| {
                    way.shortest()
                        .is_some_and(|length| length <= least.saturating_add(*spare))
                };
                let ways: Vec<&Self> = ways.iter().filter(cheap).copied().collect();
                if let Some(way) = ways.get(rng.index(ways.len())) {
                    *spare = spare.saturating_sub(way.shortest().unwrap_or_default() - least);
                    way.draw(rng, spare, out);
                }
            }
            Self::Repeat { inner, min, max } => {
                let Some(cost) = inner.shortest() else {
                    return;
                };
                let most = *spare / cost.max(1);
                let room = max.map_or(u64::MAX, |max| u64::from(max - min));
                let more = extra(rng, room.min(most), room <= most);
                *spare = spare.saturating_sub(more * cost.max(1));
                for _ in 0..u64::from(*min) + more {
                    inner.draw(rng, spare, out);
                }
            }
        }
    }
}

/// Lexemes are longer than rules repeat: a few rounds are the rule, none and all of them (where there is an end to it) are
/// not rare.
fn extra(rng: &mut Rng, most: u64, bounded: bool) -> u64 {
    match rng.below(8) {
        0 => 0,
        1 if bounded => most,
        _ => rng.below(most.min(9) + 1),
    }
}

/// The characters of a class: those a person reads easily come first.
#[derive(Clone, Debug)]
struct Set {
    words: Vec<(u32, u32)>,
    ascii: Vec<(u32, u32)>,
    all: Vec<(u32, u32)>,
}

impl Set {
    fn new(class: &ClassUnicode) -> Self {
        let within = |mut allowed: ClassUnicode| {
            allowed.intersect(class);
            ranges(&allowed)
        };
        let mut words = chars::range('a', 'z');
        words.union(&chars::range('A', 'Z'));
        words.union(&chars::range('0', '9'));
        Self {
            words: within(words),
            ascii: within(chars::range(' ', '~')),
            all: ranges(class),
        }
    }

    fn simplest(&self) -> char {
        let pool = [&self.words, &self.ascii, &self.all]
            .into_iter()
            .find(|pool| !pool.is_empty());
        let firsts = pool.into_iter().flatten();
        firsts
            .filter_map(|(first, _)| char::from_u32(*first))
            .min_by_key(|first| simple::rank(*first))
            .unwrap_or('\u{FFFD}')
    }

    fn draw(&self, rng: &mut Rng) -> char {
        let pool = match rng.below(16) {
            0..=10 if !self.words.is_empty() => &self.words,
            0..=14 if !self.ascii.is_empty() => &self.ascii,
            _ => &self.all,
        };
        let (first, last) = pool.get(rng.index(pool.len())).copied().unwrap_or_default();
        let code = match rng.below(8) {
            0 => first,
            1 => last,
            _ => first + u32::try_from(rng.below(u64::from(last - first) + 1)).unwrap_or_default(),
        };
        // Only the surrogates have no character; both their neighbours are in the range then.
        char::from_u32(code)
            .or_else(|| char::from_u32(first))
            .unwrap_or('\u{FFFD}')
    }
}

fn ranges(class: &ClassUnicode) -> Vec<(u32, u32)> {
    class
        .ranges()
        .iter()
        .map(|range| (u32::from(range.start()), u32::from(range.end())))
        .collect()
}

/// An automaton with the way to the nearest end.
#[derive(Clone, Debug)]
struct Automaton {
    states: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    accepting: bool,
    /// Characters to the nearest accepting state.
    distance: u64,
    edges: Vec<(Set, usize)>,
}

impl Automaton {
    fn new(dfa: &CharDfa) -> Self {
        let mut states: Vec<Step> = dfa
            .states
            .iter()
            .map(|state| Step {
                accepting: state.accepting,
                distance: if state.accepting { 0 } else { u64::MAX },
                edges: state
                    .edges
                    .iter()
                    .map(|(class, to)| (Set::new(class), *to))
                    .collect(),
            })
            .collect();
        let mut sources: Vec<Vec<usize>> = vec![Vec::new(); states.len()];
        for (from, state) in states.iter().enumerate() {
            for (_, to) in &state.edges {
                if let Some(list) = sources.get_mut(*to) {
                    list.push(from);
                }
            }
        }
        let accepting = states
            .iter()
            .enumerate()
            .filter(|(_, state)| state.accepting);
        let mut queue: std::collections::VecDeque<usize> = accepting.map(|(at, _)| at).collect();
        while let Some(at) = queue.pop_front() {
            let next = states
                .get(at)
                .map_or(u64::MAX, |state| state.distance)
                .saturating_add(1);
            for &from in sources.get(at).into_iter().flatten() {
                if let Some(state) = states.get_mut(from)
                    && state.distance == u64::MAX
                {
                    state.distance = next;
                    queue.push_back(from);
                }
            }
        }
        Self { states }
    }

    fn is_never(&self) -> bool {
        self.states
            .first()
            .is_none_or(|state| state.distance == u64::MAX)
    }

    fn simplest(&self, out: &mut String) {
        let mut at = 0;
        while let Some(state) = self.states.get(at).filter(|state| !state.accepting) {
            let nearer = |to: &usize| {
                let next = self.states.get(*to);
                next.is_some_and(|next| next.distance < state.distance)
            };
            let ways = state.edges.iter().filter(|(_, to)| nearer(to));
            let simplest = ways
                .map(|(set, to)| (set.simplest(), *to))
                .min_by_key(|(c, _)| simple::rank(*c));
            let Some((c, to)) = simplest else {
                return;
            };
            out.push(c);
            at = to;
        }
    }

    fn draw(&self, rng: &mut Rng, out: &mut String) {
        let mut spare = SPARE;
        let mut at = 0;
        while let Some(state) = self.states.get(at) {
            if state.accepting && (state.edges.is_empty() || spare == 0 || rng.one_in(6)) {
                return;
            }
            let distance = |to: usize| self.states.get(to).map_or(u64::MAX, |state| state.distance);
            let ways: Vec<&(Set, usize)> = state
                .edges
                .iter()
                .filter(|(_, to)| spare > 0 || distance(*to) < state.distance)
                .collect();
            let Some((set, to)) = ways.get(rng.index(ways.len())) else {
                return;
            };
            if distance(*to) >= state.distance {
                spare = spare.saturating_sub(1);
            }
            out.push(set.draw(rng));
            at = *to;
        }
    }
}
