//! Where the texts of a law come from.

use std::cell::{Cell, RefCell};

use larkspur_grammar::Span;
use larkspur_grammar::sample::Place;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use crate::disagreement::{Disagreement, Parts, short};
use crate::language::Language;
use crate::texts::{NearMisses, Sentences, Texts};
use crate::tree::TextTree;

/// Texts that a law can be tried on: [`Sentences`], [`NearMisses`], [`Texts`] and [`Recorded`](crate::Recorded).
pub trait TextSource: sealed::Sealed {
    /// Runs `check`, which says what is wrong with a text, and gives the smallest text that it finds fault with.
    #[doc(hidden)]
    fn try_on(self, config: &Config, check: &Check<'_>) -> Result<(), Disagreement>;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// What a law says of one text. See [`TextSource`].
#[derive(Clone, Copy)]
pub struct Check<'a> {
    pub(crate) what: &'static str,
    pub(crate) holds: &'a dyn Fn(&str) -> Result<(), String>,
}

impl std::fmt::Debug for Check<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Check").field(&self.what).finish()
    }
}

/// A text with the places where it could be simpler.
#[derive(Clone, Debug)]
struct Specimen {
    text: String,
    places: Vec<Place>,
}

/// The same texts as the strategy, with their places.
#[derive(Debug)]
struct Specimens<'a, S>(&'a S);

#[derive(Debug)]
struct SpecimenTree(TextTree);

impl<S: Strategy<Tree = TextTree>> Strategy for Specimens<'_, S> {
    type Tree = SpecimenTree;
    type Value = Specimen;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        self.0.new_tree(runner).map(SpecimenTree)
    }
}

impl ValueTree for SpecimenTree {
    type Value = Specimen;

    fn current(&self) -> Specimen {
        Specimen {
            text: self.0.current(),
            places: self.0.places(),
        }
    }

    fn simplify(&mut self) -> bool {
        self.0.simplify()
    }

    fn complicate(&mut self) -> bool {
        self.0.complicate()
    }
}

macro_rules! source {
    ($($name:ident),*) => {$(
        impl sealed::Sealed for $name {}

        impl TextSource for $name {
            fn try_on(self, config: &Config, check: &Check<'_>) -> Result<(), Disagreement> {
                try_drawn(&self, self.language(), config, check)
            }
        }
    )*};
}

source!(Sentences, NearMisses, Texts);

fn try_drawn<S: Strategy<Tree = TextTree>>(
    strategy: &S,
    language: Option<&Language>,
    config: &Config,
    check: &Check<'_>,
) -> Result<(), Disagreement> {
    let (before, after) = (Cell::new(0_u32), Cell::new(0_u32));
    let first: RefCell<Option<String>> = RefCell::new(None);
    let outcome = TestRunner::new(config.clone()).run(&Specimens(strategy), |specimen| {
        let counter = if first.borrow().is_some() {
            &after
        } else {
            &before
        };
        counter.set(counter.get() + 1);
        // A parser that panics has failed on the text that it was given.
        let known = first.borrow().is_some();
        if !known {
            first.replace(Some(specimen.text.clone()));
        }
        (check.holds)(&specimen.text).map_err(TestCaseError::fail)?;
        if !known {
            first.replace(None);
        }
        Ok(())
    });
    match outcome {
        Ok(()) => Ok(()),
        Err(TestError::Abort(reason)) => Err(Disagreement::untried(reason.message())),
        Err(TestError::Fail(reason, specimen)) => {
            let found = found(
                before.get(),
                after.get(),
                first.take().as_deref(),
                &specimen.text,
            );
            let (span, place, hint) = located(language, &specimen);
            Err(Disagreement::new(Parts {
                what: check.what,
                text: specimen.text,
                span,
                place,
                told: short(reason.message()),
                hint,
                found,
            }))
        }
    }
}

fn found(before: u32, after: u32, first: Option<&str>, text: &str) -> String {
    match first {
        Some(first) if first != text => {
            let first = short(first);
            format!("text {before}, {first:?}, made smaller in {after} tries")
        }
        _ => format!("text {before}"),
    }
}

/// The place in a text, more about it, and a hint.
fn located(language: Option<&Language>, specimen: &Specimen) -> (Option<Span>, String, String) {
    if let Some(rejection) = language.and_then(|language| language.rejection(&specimen.text)) {
        return refused(&specimen.text, &rejection);
    }
    let Some(place) = specimen.places.first() else {
        let hint = "this is as simple as a sentence can be";
        return (None, String::new(), hint.to_owned());
    };
    let rule = &place.rule;
    (
        Some(place.span),
        format!(", in the rule `{rule}`"),
        format!("compare the parser with what the rule `{rule}` allows here"),
    )
}

/// Where a text leaves the grammar.
pub(crate) fn refused(
    text: &str,
    rejection: &larkspur_grammar::Rejection,
) -> (Option<Span>, String, String) {
    let at = rejection.offset;
    let found = text.get(at..).and_then(|rest| rest.chars().next());
    let span = Span::new(at, at + found.map_or(0, char::len_utf8));
    let place = if found.is_none() { ", the end" } else { "" };
    let hint = format!("the grammar expects {} there", rejection.expected);
    (Some(span), place.to_owned(), hint)
}
