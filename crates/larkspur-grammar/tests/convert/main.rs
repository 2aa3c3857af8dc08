//! Grammars from one notation into another: what is printed means what was read, or a loss says that it does not.

#![expect(clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../support/cases.rs"]
mod cases;
#[path = "../support/llg.rs"]
mod llg;
#[path = "../support/shape.rs"]
mod shape;

mod bnf;
mod hostile;
mod lark;
mod laws;
#[cfg(feature = "pest")]
mod pest;
#[cfg(feature = "pest")]
mod pest_refused;
mod sample;
mod shrink;
mod told;

use std::cell::RefCell;

use larkspur_grammar::{Cache, Compiled, Grammar};

/// Our engine as a judge.
pub(crate) struct Engine(Compiled, RefCell<Cache>);

impl Engine {
    pub(crate) fn new(grammar: &Grammar) -> Self {
        let compiled = Compiled::new(grammar).unwrap_or_else(|error| panic!("{error}"));
        let cache = RefCell::new(compiled.cache());
        Self(compiled, cache)
    }

    /// Whether the whole text is a sentence.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        self.0
            .accepts(&mut self.1.borrow_mut(), text)
            .expect("within the limits")
    }
}
