//! Whether a grammar has a text with two trees, and the shortest one.
//!
//! No algorithm answers this for every grammar. What is done here, and why each answer can be relied on:
//! - *Unambiguous*: the automaton was built to its end, with every set of terminals that a lexeme can be, and no cell of it has
//!   two actions (`ambiguity/deterministic.rs`). The grammar is LR(1) then, and such grammars are unambiguous (Knuth 1965).
//!   Under the lexer of Python's Lark the text must also be cut into lexemes in one way (`ambiguity/cuts.rs`).
//! - *Ambiguous*: the parser itself has read the text that is shown in two ways.
//! - *Unknown*: the search has looked at all shorter texts and then run out of steps.
//!
//! The search (`ambiguity/pairs.rs`) runs two readings side by side over the same symbols. Rules are symbols too, as long as both readings
//! agree on them, so that `e + e + e` is found in five steps however long the shortest `e` is (the idea of unifying
//! counterexamples: Isradisaikul and Myers, "Finding Counterexamples from Parsing Conflicts", PLDI 2015; here the search is by
//! length, so the first text found is a shortest one). The two part at a conflict of the automaton only, so that everything
//! before it is a shortest way to one.
//!
//! Nothing depends on time or chance: the same grammar has the same answer everywhere.

mod cuts;
mod deterministic;
mod pairs;
mod sentences;

use crate::engine::Compiled;
use crate::error::Exceeded;
use crate::parser::{Ambiguity, ParseError, Parser};

use pairs::Pairs;
use sentences::Sentences;

/// What a search for an ambiguous text may cost.
///
/// ```
/// let effort = larkspur_grammar::ambiguity::Effort { max_steps: 1_000, ..Default::default() };
/// assert!(effort.max_states > effort.max_steps);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
pub struct Effort {
    /// Steps of the search: pairs of readings that are looked at. Default 20,000.
    pub max_steps: usize,
    /// Steps through the lexer's automata. Default 200,000.
    pub max_lexer_steps: usize,
    /// States of the parser's automaton. Default 2,000.
    pub max_states: usize,
    /// Symbols of all productions; larger grammars are not looked at. Default 5,000.
    pub max_symbols: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            max_steps: 20_000,
            max_lexer_steps: 200_000,
            max_states: 2_000,
            max_symbols: 5_000,
        }
    }
}

/// What a search has found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Answer {
    /// No text has two trees.
    Unambiguous,
    /// This text has two trees, and none with fewer lexemes was found to have.
    Ambiguous(Box<Ambiguity>),
    /// Nobody knows: the search ran out of steps.
    Unknown {
        /// No text of fewer lexemes than this is ambiguous; 0 if not even that is known.
        lexemes: usize,
    },
}

/// Looks for the shortest text with two trees.
///
/// ```
/// use larkspur_grammar::ambiguity::{self, Answer, Effort};
/// use larkspur_grammar::{Compiled, Dialect, lark};
///
/// let grammar = lark::compile("start: start \"+\" start | /[0-9]/\n", Dialect::lark())?;
/// let Answer::Ambiguous(found) = ambiguity::search(&Compiled::new(&grammar)?, &Effort::default()) else {
///     panic!("it is ambiguous")
/// };
/// assert_eq!(found.first.text(), b"0+0+0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn search(compiled: &Compiled, effort: &Effort) -> Answer {
    let bnf = &compiled.0.lr.bnf;
    if bnf.slots.len() > effort.max_symbols {
        return Answer::Unknown { lexemes: 0 };
    }
    // A limit that is hit on the way says nothing about the grammar.
    try_search(compiled, effort).unwrap_or(Answer::Unknown { lexemes: 0 })
}

fn try_search(compiled: &Compiled, effort: &Effort) -> Result<Answer, Exceeded> {
    let mut cache = compiled.cache();
    let mut tables = compiled.tables(&mut cache);
    let sentences = Sentences::new(&compiled.0.lr.bnf);
    let varies = sentences.varies(&compiled.0.lr.bnf);
    if !varies && deterministic::is_deterministic(&mut tables, effort)? == Some(true) {
        return Ok(Answer::Unambiguous);
    }
    let mut texts = sentences::Texts::new(effort.max_lexer_steps);
    let mut best: Option<(usize, Box<Ambiguity>)> = None;
    for (cost, pieces) in sentences.with_empty_pieces(&compiled.0.lr.bnf) {
        if let Some(text) = texts.verified(compiled, &pieces)? {
            best = Some((cost, text));
            break;
        }
    }
    let mut pairs = Pairs::new(compiled, effort, &sentences)?;
    let bound = best.as_ref().map_or(usize::MAX, |(cost, _)| *cost);
    // Two derivations that the parser does not confirm: they show the same tree, or lexemes cannot stand like that. A text
    // like them may still be ambiguous.
    let mut doubts = 0;
    while doubts < MAX_DOUBTS
        && let Some(pieces) = pairs.next(&mut texts, bound)?
    {
        match texts.verified(compiled, &pieces)? {
            Some(found) => return Ok(Answer::Ambiguous(found)),
            None => doubts += 1,
        }
    }
    // Where a text may be cut in several ways, the readings of one way are not all.
    let cut_once = !compiled.0.is_dynamic();
    let complete = cut_once && doubts == 0 && pairs.exhausted() && texts.complete() && !varies;
    Ok(match best {
        Some((_, found)) => Answer::Ambiguous(found),
        None if complete => Answer::Unambiguous,
        None => Answer::Unknown {
            lexemes: pairs.reached(),
        },
    })
}

/// Candidates that are given up before the search is.
const MAX_DOUBTS: usize = 100;

/// The two readings of a text, if it has two.
fn two_readings(compiled: &Compiled, text: &[u8]) -> Result<Option<Box<Ambiguity>>, Exceeded> {
    let mut cache = compiled.cache();
    match Parser::new(compiled).parse(&mut cache, text) {
        Err(ParseError::Ambiguous(found)) => Ok(Some(found)),
        Err(ParseError::Exceeded(exceeded)) => Err(exceeded),
        Ok(_) | Err(ParseError::Rejected(_)) => Ok(None),
    }
}
