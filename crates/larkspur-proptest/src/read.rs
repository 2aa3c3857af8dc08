//! Values that are read from sentences, and shrink as these do.

use std::fmt::{self, Debug};
use std::sync::Arc;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Reason, TestRunner};

use crate::texts::Sentences;
use crate::tree::TextTree;

/// Sentences that are drawn for one value before the strategy gives up.
const TRIES: usize = 100;

/// What makes a value of a text, or says why it is none.
pub(crate) type Read<T> = Arc<dyn Fn(&str) -> Result<T, String> + Send + Sync>;

/// A value with the text that it was read from.
#[derive(Clone)]
pub struct ReadTree<T> {
    text: TextTree,
    value: T,
    /// The value before the one that no test has judged yet.
    before: Option<T>,
    read: Read<T>,
}

impl<T: Debug> Debug for ReadTree<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadTree")
            .field("text", &self.text)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

impl<T: Clone + Debug> ReadTree<T> {
    /// The value of the first sentence drawn that has one.
    pub(crate) fn new(
        texts: &Sentences,
        read: Read<T>,
        runner: &mut TestRunner,
    ) -> Result<Self, Reason> {
        let mut last = None;
        for _ in 0..TRIES {
            let text = texts.new_tree(runner)?;
            match read(&text.current()) {
                Ok(value) => {
                    return Ok(Self {
                        text,
                        value,
                        before: None,
                        read,
                    });
                }
                Err(error) => last = Some((text.current(), error)),
            }
        }
        let why = last.map(|(text, error)| format!("no value is read from {text:?}: {error}"));
        Err(Reason::from(why.unwrap_or_default()))
    }

    /// Takes the text as it is, or goes on until there is one that says a value.
    fn settle(&mut self, mut proposed: bool) -> bool {
        while proposed {
            if let Ok(value) = (self.read)(&self.text.current()) {
                let before = std::mem::replace(&mut self.value, value);
                self.before.get_or_insert(before);
                return true;
            }
            proposed = self.text.complicate() && self.text.is_proposed();
        }
        if let Some(before) = self.before.take() {
            self.value = before;
        }
        false
    }
}

impl<T: Clone + Debug> ValueTree for ReadTree<T> {
    type Value = T;

    fn current(&self) -> T {
        self.value.clone()
    }

    fn simplify(&mut self) -> bool {
        self.before = None;
        let proposed = self.text.simplify();
        self.settle(proposed)
    }

    fn complicate(&mut self) -> bool {
        if self.before.is_none() {
            return false;
        }
        let proposed = self.text.complicate() && self.text.is_proposed();
        self.settle(proposed);
        true
    }
}
