//! Sentences of a grammar, and texts that are almost sentences.
//!
//! [`Sampler`] is the grammar made ready; it is immutable. [`Sampler::sentence`] gives one sentence for a seed and a size.
//! [`Sampler::sentences`] gives many, and sees to it that every rule, alternative and repetition is reached, those first
//! that were reached least; [`Coverage`] tells how far it has come. [`Sampler::near_miss`] spoils a sentence by one edit and
//! keeps what the caller's recogniser refuses.
//!
//! [`Choices`] weigh the alternatives. [`Shrinker`] makes a sentence or a near miss smaller, one step at a time, in its derivation.
//!
//! Every run with the same seed gives the same texts, on every machine.
//!
//! # What is a sentence
//! Lexemes are drawn from their terminals and written one after the other, ignored text between them where two words would
//! run into each other and now and then elsewhere. A greedy lexer may cut that text differently than it was made
//! (`start: A A`, `A: "a"+` has no sentence at all), so for grammars with such places the texts are *candidates*:
//! [`Sampler::sentence_where`] asks a recogniser and draws again.
//!
//! # Termination
//! For each piece the least number of lexemes it derives is known beforehand (the fixed point of Knuth, "A generalization of
//! Dijkstra's algorithm", 1977). As long as the size allows, choices are free; then the cheapest one is taken, which leads to
//! an end, because each choice costs more than what it leads to.

mod choices;
mod derivation;
mod lexeme;
mod near;
mod plan;
mod rng;
mod sentences;
mod shrink;
mod simple;
mod walk;

use std::fmt;
use std::sync::Arc;

use crate::grammar::{Grammar, TerminalId};
use crate::span::Span;

pub use choices::{ChoiceError, Choices};
pub use near::{Edit, NearMiss};
pub use rng::Rng;
pub use sentences::{Coverage, Sentences};
pub use shrink::{Place, Shrinker};

use lexeme::Lexemes;
use plan::Plan;

/// The most lexemes that the shortest sentence of a grammar may have, and the most characters of its shortest lexeme.
const MAX_SHORTEST: u64 = 1_000_000;

/// A grammar made ready for sampling; cheap to clone. See the [module](self).
///
/// ```
/// use larkspur_grammar::grammar::{Expr, GrammarBuilder, Pattern, Semantics};
/// use larkspur_grammar::sample::Sampler;
///
/// let mut builder = GrammarBuilder::new(Semantics::Llguidance);
/// let start = builder.rule("start");
/// let (open, close) = (builder.literal("("), builder.literal(")"));
/// let x = builder.literal("x");
/// builder.define_rule(start, Expr::alt([x, Expr::seq([open, Expr::rule(start), close])]));
/// let sampler = Sampler::new(&builder.build(start)?)?;
///
/// assert_eq!(sampler.sentence(1, 1).text, "x");
/// for seed in 0..100 {
///     let sentence = sampler.sentence(seed, 9);
///     assert!(sentence.lexemes.len() <= 9 && sentence.text.contains('x'));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sampler {
    grammar: Grammar,
    plan: Arc<Plan>,
    lexemes: Arc<Lexemes>,
}

/// A text with the lexemes it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sentence {
    /// The text.
    pub text: String,
    /// Its lexemes in order, ignored text left out; they do not overlap.
    pub lexemes: Vec<SampledLexeme>,
}

/// One lexeme of a [`Sentence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SampledLexeme {
    /// What it was drawn from.
    pub terminal: TerminalId,
    /// Its bytes in the text.
    pub span: Span,
}

impl Sampler {
    /// Makes `grammar` ready.
    ///
    /// # Errors
    /// If it has no sentence, or none that can be written: the shortest one has more than a million lexemes, holds bytes that
    /// are not UTF-8, or a piece that this crate cannot look into (`%json`, LLM tokens).
    pub fn new(grammar: &Grammar) -> Result<Self, SampleError> {
        let lexemes = Lexemes::new(grammar);
        let plan = Plan::new(grammar, &lexemes);
        match plan.shortest() {
            None => Err(SampleError::new(Kind::Nothing)),
            Some(length) if length > MAX_SHORTEST => Err(SampleError::new(Kind::TooLong(length))),
            Some(_) => Ok(Self {
                grammar: grammar.clone(),
                plan: Arc::new(plan),
                lexemes: Arc::new(lexemes),
            }),
        }
    }

    /// One sentence of at most `size` lexemes: more only where the grammar has none so short, and then the fewest there are.
    pub fn sentence(&self, seed: u64, size: usize) -> Sentence {
        let mut rng = Rng::new(seed);
        walk::walk(self, &mut rng, size, &[], &mut |_, ways| ways)
    }

    /// The first sentence that `accepts` takes, of at most `tries`; draws again where it does not.
    ///
    /// For grammars whose greedy lexing cuts a text otherwise than it was made; see the [module](self).
    pub fn sentence_where(
        &self,
        seed: u64,
        size: usize,
        tries: usize,
        mut accepts: impl FnMut(&str) -> bool,
    ) -> Option<Sentence> {
        let mut seeds = Rng::new(seed);
        (0..tries)
            .map(|_| self.sentence(seeds.next(), size))
            .find(|sentence| accepts(&sentence.text))
    }

    /// Sentences without end. The first ones reach every alternative and every repetition, if need be by sentences longer
    /// than `size`; the later ones go where the earlier ones went least.
    pub fn sentences(&self, seed: u64, size: usize) -> Sentences<'_> {
        Sentences::new(self, seed, size)
    }

    /// Spoils `sentence` by one edit so that `accepts` refuses it, or `None` if `tries` edits did not.
    ///
    /// Lexemes and characters are deleted, inserted, replaced, swapped, doubled, and the text is cut short.
    pub fn near_miss(
        &self,
        sentence: &Sentence,
        seed: u64,
        tries: usize,
        accepts: impl FnMut(&str) -> bool,
    ) -> Option<NearMiss> {
        near::near_miss(self, sentence, seed, tries, accepts)
    }

    /// The sentence that [`sentence_by`](Self::sentence_by) gives, ready to be made smaller.
    pub fn shrinker(&self, choices: &Choices, seed: u64, size: usize) -> Shrinker {
        Shrinker::new(self, self.derivation_by(choices, seed, size))
    }

    /// The simplest text to ignore, where there is one.
    fn simplest_gap(&self) -> Option<String> {
        let texts = self.grammar.ignore().iter();
        texts
            .filter_map(|id| self.lexemes.simplest(id.index()))
            .find(|text| !text.is_empty())
    }

    /// One lexeme of a terminal; `None` if it matches no text, or none that is UTF-8.
    pub fn lexeme(&self, terminal: TerminalId, seed: u64) -> Option<String> {
        self.lexemes.draw(terminal.index(), &mut Rng::new(seed))
    }
}

/// Why a grammar cannot be sampled.
#[derive(Clone, Debug)]
pub struct SampleError(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Nothing,
    TooLong(u64),
}

impl SampleError {
    const fn new(kind: Kind) -> Self {
        Self(kind)
    }

    /// Whether the grammar has no sentence that can be written at all.
    pub const fn is_unproductive(&self) -> bool {
        matches!(self.0, Kind::Nothing)
    }
}

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Nothing => f.write_str(
                "the grammar has no sentence: the start derives nothing, or only pieces whose texts are not known here",
            ),
            Kind::TooLong(length) => write!(
                f,
                "the shortest sentence has {length} lexemes or more, the limit is {MAX_SHORTEST}"
            ),
        }
    }
}

impl std::error::Error for SampleError {}
