//! Strategies of texts.

use std::sync::Arc;

use larkspur_grammar::Grammar;
use larkspur_grammar::sample::{ChoiceError, Choices, NearMiss, Rng, Sentence};
use proptest::prelude::Rng as _;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::{Reason, TestRunner};

use crate::language::Language;
use crate::tree::{Source, TextTree};

/// Lexemes of a sentence, at most, where nothing else is said.
pub const DEFAULT_MAX_LEXEMES: usize = 64;

/// Sentences that are drawn for one text before the strategy gives up.
const TRIES: usize = 200;
/// Edits that are tried on one sentence.
const EDITS: usize = 32;

/// Texts that `grammar` accepts. See [`Sentences`].
///
/// ```
/// use larkspur_grammar::{Dialect, lark};
/// use larkspur_proptest::sentences;
/// use proptest::prelude::*;
///
/// let grammar = lark::compile("start: INT (\"+\" INT)*\nINT: /[0-9]{1,3}/\n", Dialect::openai()).unwrap();
/// proptest!(|(text in sentences(&grammar))| {
///     let sum: u64 = text.split('+').map(|number| number.parse::<u64>().unwrap()).sum();
///     prop_assert!(sum < 1000 * 64);
/// });
/// ```
pub fn sentences(grammar: &Grammar) -> Sentences {
    Sentences(Settings::new(grammar))
}

/// Texts that are one edit away from a sentence and that `grammar` refuses. See [`NearMisses`].
///
/// ```
/// use larkspur_grammar::{Dialect, lark};
/// use larkspur_proptest::near_misses;
/// use proptest::prelude::*;
///
/// let grammar = lark::compile("start: INT\nINT: /[1-9][0-9]{0,2}/\n", Dialect::openai()).unwrap();
/// proptest!(|(text in near_misses(&grammar))| {
///     // `u16` also reads `007` and `1000`, which the grammar refuses.
///     prop_assert!(text.parse::<u16>().is_err() || text.starts_with(['0', '+']) || text.len() > 3);
/// });
/// ```
pub fn near_misses(grammar: &Grammar) -> NearMisses {
    NearMisses(Settings::new(grammar))
}

/// Sentences and near misses of `grammar`, about as many of the one as of the other. See [`Texts`].
pub fn texts(grammar: &Grammar) -> Texts {
    Texts(Settings::new(grammar))
}

/// The strategy of [`sentences`].
///
/// Each text is judged by the recogniser before it is given out. Half of them are led to an alternative or a repetition
/// chosen among all of the grammar's, so that all are reached; the others follow the [weights](Self::weigh_rule) freely. They
/// shrink in the tree of their derivation: to fewer lexemes, then to shorter ones, then to simpler ones, and never leave the
/// language. The same state of proptest's random numbers gives the same text, so its regression files work.
///
/// A grammar without sentences, or a weight for what it does not have, is told by the first test that draws.
#[derive(Clone, Debug)]
pub struct Sentences(Settings);

/// The strategy of [`near_misses`].
///
/// Lexemes or characters of a sentence are deleted, inserted, replaced, swapped, doubled, or the text is cut short, and the
/// recogniser refuses the result. Shrinking makes the sentence around the edit smaller, and the edit too; what comes is again
/// refused by the recogniser.
#[derive(Clone, Debug)]
pub struct NearMisses(Settings);

/// The strategy of [`texts`].
#[derive(Clone, Debug)]
pub struct Texts(Settings);

#[derive(Clone, Debug)]
struct Settings {
    source: Result<Arc<Source>, String>,
    /// The most lexemes of a sentence.
    most: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Sentence,
    NearMiss,
    Either,
}

impl Settings {
    fn new(grammar: &Grammar) -> Self {
        let source = Language::new(grammar).map(|language| {
            let choices = language.sampler.choices();
            Arc::new(Source {
                language: Arc::new(language),
                choices,
                least: 0,
            })
        });
        Self {
            source,
            most: DEFAULT_MAX_LEXEMES,
        }
    }

    fn at_least(self, least: usize) -> Self {
        let source = self.source.map(|source| {
            Arc::new(Source {
                least,
                ..Source::clone(&source)
            })
        });
        Self {
            source,
            most: self.most.max(least),
        }
    }

    fn weigh(self, set: impl FnOnce(&mut Choices) -> Result<(), ChoiceError>) -> Self {
        let source = self.source.and_then(|source| {
            let mut source = Source::clone(&source);
            set(&mut source.choices).map_err(|error| error.to_string())?;
            Ok(Arc::new(source))
        });
        Self { source, ..self }
    }

    fn draw(&self, runner: &mut TestRunner, kind: Kind) -> Result<TextTree, Reason> {
        let source = self
            .source
            .as_ref()
            .map_err(|why| Reason::from(why.clone()))?;
        let mut rng = Rng::new(runner.rng().next_u64());
        let near = match kind {
            Kind::Sentence => false,
            Kind::NearMiss => true,
            Kind::Either => rng.one_in(2),
        };
        for _ in 0..TRIES {
            let (seed, size) = (rng.next(), self.size(&mut rng, source.least));
            let sentence = source
                .language
                .sampler
                .sentence_by(&source.choices, seed, size);
            if !source.is_sentence(&sentence) {
                continue;
            }
            let edit = near.then(|| near_miss(source, &sentence, rng.next()));
            if edit.as_ref().is_none_or(Option::is_some) {
                return Ok(TextTree::new(
                    source,
                    (seed, size),
                    sentence,
                    edit.flatten(),
                ));
            }
        }
        Err(Reason::from(if near {
            "no edit of a sentence leads to a text that the grammar refuses"
        } else {
            "the grammar refuses the texts that its own rules derive, or they are shorter than asked for"
        }))
    }

    /// Small sizes as often as large ones.
    fn size(&self, rng: &mut Rng, least: usize) -> usize {
        let most = self.most.max(1) >> rng.below(4);
        rng.index(most.max(1)).saturating_add(1).max(least)
    }
}

fn near_miss(source: &Source, sentence: &Sentence, seed: u64) -> Option<NearMiss> {
    let language = &source.language;
    let accepts = |text: &str| language.accepts(text) != Some(false);
    language.sampler.near_miss(sentence, seed, EDITS, accepts)
}

macro_rules! strategy {
    ($name:ident, $kind:expr) => {
        impl $name {
            /// Draws from sentences of at most `lexemes` lexemes, [`DEFAULT_MAX_LEXEMES`] otherwise; longer ones only where
            /// the grammar has none so short.
            pub fn max_lexemes(mut self, lexemes: usize) -> Self {
                self.0.most = lexemes;
                self
            }

            /// Draws from sentences of at least `lexemes` lexemes, and shrinks to such ones.
            pub fn min_lexemes(self, lexemes: usize) -> Self {
                Self(self.0.at_least(lexemes))
            }

            /// Makes an alternative of a rule `weight` times as likely as the others, which weigh 1; alternatives are
            /// counted from 0. One that weighs 0 is taken only where nothing else can be.
            pub fn weigh_alternative(self, rule: &str, alternative: usize, weight: u32) -> Self {
                let set =
                    |choices: &mut Choices| choices.set_alternative(rule, alternative, weight);
                Self(self.0.weigh(set))
            }

            /// Gives a weight to all alternatives and repetitions, of any rule, that cannot do without `rule`.
            pub fn weigh_rule(self, rule: &str, weight: u32) -> Self {
                Self(self.0.weigh(|choices| choices.set_rule(rule, weight)))
            }

            pub(crate) fn language(&self) -> Option<&Language> {
                let source = self.0.source.as_ref().ok();
                source.map(|source| &*source.language)
            }
        }

        impl Strategy for $name {
            type Tree = TextTree;
            type Value = String;

            fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
                self.0.draw(runner, $kind)
            }
        }
    };
}

strategy!(Sentences, Kind::Sentence);
strategy!(NearMisses, Kind::NearMiss);
strategy!(Texts, Kind::Either);
