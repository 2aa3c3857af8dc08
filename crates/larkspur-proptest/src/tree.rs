//! Texts that shrink within their grammar.

use std::fmt;
use std::sync::Arc;

use larkspur_grammar::sample::{Choices, NearMiss, Place, Sentence, Shrinker};
use proptest::strategy::ValueTree;

use crate::language::Language;

/// A text of [`sentences`](crate::sentences) or [`near_misses`](crate::near_misses) with what it was made of.
///
/// The derivation is made when shrinking begins: a text that fails no test costs no more than its drawing.
#[derive(Clone)]
pub struct TextTree {
    source: Arc<Source>,
    seed: u64,
    size: usize,
    text: String,
    near: Option<NearMiss>,
    shrinker: State,
    /// Whether the text is one that no test has judged yet.
    proposed: bool,
}

/// What all texts of one strategy share.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) language: Arc<Language>,
    pub(crate) choices: Choices,
    /// The fewest lexemes of a sentence.
    pub(crate) least: usize,
}

#[derive(Clone)]
enum State {
    Whole,
    Shrinking(Box<Shrinker>),
    /// An edit that cannot be carried along.
    Stuck,
}

impl Source {
    /// Whether a sentence is long enough and the recogniser takes it.
    pub(crate) fn is_sentence(&self, sentence: &Sentence) -> bool {
        sentence.lexemes.len() >= self.least && self.language.accepts(&sentence.text) == Some(true)
    }
}

impl TextTree {
    pub(crate) fn new(
        source: &Arc<Source>,
        (seed, size): (u64, usize),
        sentence: Sentence,
        near: Option<NearMiss>,
    ) -> Self {
        let text = near
            .as_ref()
            .map_or(sentence.text, |near| near.text.clone());
        Self {
            source: Arc::clone(source),
            seed,
            size,
            text,
            near,
            shrinker: State::Whole,
            proposed: false,
        }
    }

    /// Where the text is less simple than the grammar allows, the smallest stretches first. Empty until shrinking begins, and
    /// for near misses.
    pub(crate) fn places(&self) -> Vec<Place> {
        match &self.shrinker {
            State::Shrinking(shrinker) if self.near.is_none() => shrinker.places(),
            _ => Vec::new(),
        }
    }

    /// Whether the text is one that no test has judged yet.
    pub(crate) const fn is_proposed(&self) -> bool {
        self.proposed
    }

    fn begin(&mut self) {
        if matches!(self.shrinker, State::Whole) {
            let Source {
                language, choices, ..
            } = &*self.source;
            let whole = language.sampler.shrinker(choices, self.seed, self.size);
            let shrinker = match &self.near {
                None => Some(whole),
                Some(near) => whole.spoiled(near),
            };
            self.shrinker = shrinker.map_or(State::Stuck, |one| State::Shrinking(Box::new(one)));
        }
    }

    fn propose(&mut self) {
        let State::Shrinking(shrinker) = &mut self.shrinker else {
            return;
        };
        let source = &self.source;
        self.proposed = if self.near.is_none() {
            shrinker.propose(|sentence| source.is_sentence(sentence))
        } else {
            shrinker.propose(|sentence| source.language.accepts(&sentence.text) == Some(false))
        };
        self.text.clone_from(&shrinker.sentence().text);
    }
}

impl ValueTree for TextTree {
    type Value = String;

    fn current(&self) -> String {
        self.text.clone()
    }

    fn simplify(&mut self) -> bool {
        self.begin();
        if let State::Shrinking(shrinker) = &mut self.shrinker
            && self.proposed
        {
            shrinker.keep();
        }
        self.proposed = false;
        self.propose();
        self.proposed
    }

    /// Goes back, and at once on to the next candidate: the text before it is known to fail and need not be tried again.
    fn complicate(&mut self) -> bool {
        if !self.proposed {
            return false;
        }
        self.propose();
        true
    }
}

impl fmt::Debug for TextTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextTree")
            .field("text", &self.text)
            .field("near", &self.near)
            .field("proposed", &self.proposed)
            .finish_non_exhaustive()
    }
}
