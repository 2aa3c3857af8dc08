//! Small automata of terminals: whole matches, and whether anything can still follow.

use fixedbitset::FixedBitSet;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, Repetition};
use rustc_hash::FxHashMap;

use crate::grammar::{Grammar, Pattern};

/// Bytes of one automaton; larger terminals are not looked at.
const MAX_BYTES: usize = 1 << 19;
/// States of one automaton.
const MAX_STATES: usize = 2_000;
/// Pieces of one pattern, names replaced by what they stand for.
const MAX_PIECES: usize = 10_000;

/// A deterministic automaton over bytes. State 0 is the start.
#[derive(Debug)]
pub(super) struct Dfa {
    /// 256 successors for each state; `u32::MAX` for none.
    table: Vec<u32>,
    matches: FixedBitSet,
    live: FixedBitSet,
    /// Bytes with the same number lead to the same states everywhere.
    classes: Vec<u16>,
}

impl Dfa {
    /// `None` where it would be too large.
    pub(super) fn new(hir: &Hir) -> Option<Self> {
        let nfa = thompson::Compiler::new()
            .configure(
                thompson::Config::new()
                    .nfa_size_limit(Some(MAX_BYTES))
                    .utf8(false)
                    .which_captures(thompson::WhichCaptures::None),
            )
            .build_from_hir(hir)
            .ok()?;
        let config = dense::Config::new()
            .match_kind(MatchKind::All)
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(MAX_BYTES))
            .determinize_size_limit(Some(4 * MAX_BYTES));
        let dense = dense::Builder::new()
            .configure(config)
            .build_from_nfa(&nfa)
            .ok()?;
        Self::copy(&dense)
    }

    /// Numbers the states that the start reaches. regex-automata reports a match one byte late, so that a state matches here
    /// where the end of the text would be a match there.
    fn copy(dense: &dense::DFA<Vec<u32>>) -> Option<Self> {
        let start = dense
            .start_state(&start::Config::new().anchored(Anchored::Yes))
            .ok()?;
        let mut numbers: FxHashMap<StateID, u32> = FxHashMap::default();
        let mut states = vec![start];
        numbers.insert(start, 0);
        let mut table = Vec::new();
        let mut at = 0;
        while let Some(state) = states.get(at).copied() {
            for byte in 0..=u8::MAX {
                let next = dense.next_state(state, byte);
                if dense.is_dead_state(next) || dense.is_quit_state(next) {
                    table.push(u32::MAX);
                    continue;
                }
                let number = *numbers.entry(next).or_insert_with(|| {
                    states.push(next);
                    u32::try_from(states.len() - 1).unwrap_or(u32::MAX)
                });
                table.push(number);
            }
            at += 1;
            if states.len() > MAX_STATES {
                return None;
            }
        }
        let mut matches = FixedBitSet::with_capacity(states.len());
        for (number, state) in states.iter().enumerate() {
            matches.set(number, dense.is_match_state(dense.next_eoi_state(*state)));
        }
        let live = live(&table, &matches);
        let classes = classes(&table);
        Some(Self {
            table,
            matches,
            live,
            classes,
        })
    }

    pub(super) const START: u32 = 0;

    fn step(&self, state: u32, byte: u8) -> Option<u32> {
        self.table
            .get(state as usize * 256 + usize::from(byte))
            .copied()
            .filter(|next| *next != u32::MAX)
    }

    pub(super) fn is_match(&self, state: u32) -> bool {
        self.matches.contains(state as usize)
    }

    /// How many states it has.
    pub(super) fn len(&self) -> usize {
        self.matches.len()
    }

    /// The class of a byte.
    pub(super) fn class(&self, byte: u8) -> u16 {
        self.classes
            .get(usize::from(byte))
            .copied()
            .unwrap_or_default()
    }

    /// A step after which a match can still be reached.
    pub(super) fn live_step(&self, state: u32, byte: u8) -> Option<u32> {
        self.step(state, byte).filter(|next| self.is_live(*next))
    }

    /// Whether a match can be reached.
    fn is_live(&self, state: u32) -> bool {
        self.live.contains(state as usize)
    }
}

fn classes(table: &[u32]) -> Vec<u16> {
    let mut known: FxHashMap<Vec<u32>, u16> = FxHashMap::default();
    let column = |byte: usize| {
        table
            .iter()
            .skip(byte)
            .step_by(256)
            .copied()
            .collect::<Vec<u32>>()
    };
    (0..256)
        .map(|byte| {
            let next = u16::try_from(known.len()).unwrap_or(u16::MAX);
            *known.entry(column(byte)).or_insert(next)
        })
        .collect()
}

fn live(table: &[u32], matches: &FixedBitSet) -> FixedBitSet {
    let mut before = vec![Vec::new(); matches.len()];
    for (state, successors) in table.chunks(256).enumerate() {
        for next in successors.iter().filter(|next| **next != u32::MAX) {
            if let Some(before) = before.get_mut(*next as usize) {
                before.push(state);
            }
        }
    }
    let mut live = FixedBitSet::with_capacity(matches.len());
    let mut work: Vec<usize> = matches.ones().collect();
    while let Some(state) = work.pop() {
        if !live.put(state) {
            work.extend(before.get(state).into_iter().flatten());
        }
    }
    live
}

/// The pattern as one expression; `None` where it is too large, or says what a regex cannot.
pub(super) fn hir(grammar: &Grammar, pattern: &Pattern) -> Option<Hir> {
    let mut budget = MAX_PIECES;
    convert(grammar, pattern, &mut budget)
}

/// Recursion is bounded by the budget and by the depth of patterns; names are followed as long as the budget lasts, and each
/// level of them takes one.
fn convert(grammar: &Grammar, pattern: &Pattern, budget: &mut usize) -> Option<Hir> {
    *budget = budget.checked_sub(1)?;
    let all = |parts: &[Pattern], budget: &mut usize| -> Option<Vec<Hir>> {
        parts
            .iter()
            .map(|part| convert(grammar, part, budget))
            .collect()
    };
    match pattern {
        Pattern::Literal {
            text,
            ignore_case: false,
        } => Some(Hir::literal(text.as_bytes())),
        Pattern::Literal {
            text,
            ignore_case: true,
        } => regex_syntax::ParserBuilder::new()
            .case_insensitive(true)
            .build()
            .parse(&regex_syntax::escape(text))
            .ok(),
        Pattern::Range { first, last } => Some(Hir::class(Class::Unicode(ClassUnicode::new([
            ClassUnicodeRange::new(*first, *last),
        ])))),
        Pattern::Regex(regex) => without_anchors(&regex.hir),
        Pattern::Terminal(id) => {
            // Chains of names are as deep as the budget at most; keep them shallow enough for the stack.
            *budget = budget.checked_sub(MAX_PIECES / 200)?;
            convert(grammar, &grammar.terminal(*id).pattern, budget)
        }
        Pattern::Concat(parts) => all(parts, budget).map(Hir::concat),
        Pattern::Alt(parts) => all(parts, budget).map(Hir::alternation),
        Pattern::Repeat { pattern, min, max } => {
            let sub = Box::new(convert(grammar, pattern, budget)?);
            Some(Hir::repetition(Repetition {
                min: *min,
                max: *max,
                greedy: true,
                sub,
            }))
        }
        Pattern::And(_) | Pattern::Not(_) | Pattern::Substring(_) => None,
    }
}

/// `^` and `$` mean nothing in a terminal; inside a larger expression they would.
fn without_anchors(hir: &Hir) -> Option<Hir> {
    hir.properties().look_set().is_empty().then(|| hir.clone())
}

/// All bytes, those first that make the friendliest examples.
pub(super) fn bytes() -> impl Iterator<Item = u8> {
    let friendly = (b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(b'A'..=b'Z')
        .chain(b' '..=b'/')
        .chain(b':'..=b'@')
        .chain(b'['..=b'`')
        .chain(b'{'..=b'~');
    friendly.chain(0..b' ').chain(0x7F..=u8::MAX)
}
