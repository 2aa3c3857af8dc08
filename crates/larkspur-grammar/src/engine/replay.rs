//! From the record of a derivation to a tree.
//!
//! The log is the derivation in postorder, so one pass with a stack of values makes the tree: that is what [`Builder`] does,
//! here after the text has been read, and for one stack while it is read.
//!
//! What the log takes back ([`Entry::Drop`]) is kept until the packed node that holds it asks for it: each value is made once,
//! however often the stacks parted and joined.

mod builder;
mod nodes;
mod recipe;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Spec;
use super::bnf::ProdId;
use super::priority::Preference;
use super::run::Run;
use super::stack::{Child, ChoiceId, Entry, ForestId, Stacks};
use crate::error::Exceeded;
use crate::table::narrow;
use crate::tree::Tree;
use builder::Empties;
pub(crate) use builder::{Builder, Empty};
use nodes::Value;
pub(crate) use recipe::Recipes;

/// What is still to be done.
#[derive(Clone, Copy, Debug)]
enum Task {
    /// Entries of the log, from the first to before the second.
    Log(usize, usize),
    /// The same where they are one value, which may have been made already.
    Logged(usize, usize),
    /// The last value is what this entry of the log has made.
    Made(usize),
    Lexeme(u32),
    Forest(ForestId),
    Reduce(ProdId),
}

/// A derivation to take in place of the first one, once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instead {
    pub(crate) of: ForestId,
    pub(crate) choice: ChoiceId,
}

/// What was met while a tree was made.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) forest: Vec<ForestId>,
    pub(crate) empties: Vec<Empty>,
}

/// Makes trees of one finished run.
pub(crate) struct Replay<'r> {
    spec: &'r Arc<Spec>,
    stacks: &'r Stacks,
    builder: Builder,
    /// For each value, the entry of the log that has made it, where one has.
    entries: Vec<u32>,
    /// Values that the log has taken back, by the entries that have made them.
    dropped: FxHashMap<u32, Value>,
    tasks: Vec<Task>,
    instead: Option<Instead>,
    preference: Option<Preference<'r>>,
    /// Packed nodes that were met.
    met: Option<(FxHashSet<ForestId>, Vec<ForestId>)>,
}

impl<'r> Replay<'r> {
    pub(crate) fn new(spec: &'r Arc<Spec>, run: &'r Run) -> Self {
        Self {
            spec,
            stacks: &run.stacks,
            builder: Builder::new(spec),
            entries: Vec::new(),
            dropped: FxHashMap::default(),
            tasks: Vec::new(),
            instead: None,
            preference: Preference::new(spec, &run.stacks),
            met: None,
        }
    }

    /// Notes the packed nodes that are met.
    pub(crate) fn noting(mut self) -> Self {
        self.met = Some((FxHashSet::default(), Vec::new()));
        if !self.spec.lr.bnf.variants.is_empty() {
            self.builder.empties = Some(Empties::default());
        }
        self
    }

    /// Takes another reading of something empty, the first time it is met.
    pub(crate) fn with_empty(mut self, place: Empty, index: usize) -> Self {
        self.builder.empties = Some(Empties::taking(place, index));
        self
    }

    /// Takes another derivation somewhere.
    pub(crate) fn with(mut self, instead: Instead) -> Self {
        self.instead = Some(instead);
        self
    }

    /// The tree of the whole text, and what was met, in order.
    pub(crate) fn tree(mut self, text: &[u8]) -> Result<(Tree<'_>, Met), Exceeded> {
        if !self.stacks.is_empty_sentence() {
            self.run(Task::Log(1, self.stacks.log.len()))?;
        }
        self.finish(text)
    }

    /// The tree of one packed node, and what was met.
    pub(crate) fn subtree(
        mut self,
        id: ForestId,
        text: &[u8],
    ) -> Result<(Tree<'_>, Met), Exceeded> {
        self.run(Task::Forest(id))?;
        self.finish(text)
    }

    fn finish(self, text: &[u8]) -> Result<(Tree<'_>, Met), Exceeded> {
        let (tree, empties) = self.builder.tree(self.spec, text)?;
        Ok((
            tree,
            Met {
                forest: self.met.map(|(_, met)| met).unwrap_or_default(),
                empties,
            },
        ))
    }

    fn run(&mut self, first: Task) -> Result<(), Exceeded> {
        self.tasks.push(first);
        while let Some(task) = self.tasks.pop() {
            if let Some(exceeded) = self.builder.exceeded() {
                return Err(exceeded);
            }
            match task {
                Task::Log(from, to) => self.log(from, to),
                Task::Logged(from, to) => {
                    match self.dropped.remove(&narrow(to.saturating_sub(1))) {
                        Some(value) => self.builder.value(value),
                        None => self.log(from, to),
                    }
                }
                Task::Made(entry) => self.made(entry),
                Task::Lexeme(number) => self.lexeme(number),
                Task::Forest(id) => self.forest(id),
                Task::Reduce(prod) => self.builder.reduce(self.spec, prod),
            }
        }
        Ok(())
    }

    /// Entries of the log, until one of them is a packed node.
    fn log(&mut self, from: usize, to: usize) {
        let stacks = self.stacks;
        for (index, entry) in stacks
            .log
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            match entry.get() {
                Entry::Shift(number) => self.lexeme(number),
                Entry::Reduce(prod) => self.builder.reduce(self.spec, prod),
                Entry::Drop(count) => {
                    self.take_back(count);
                    continue;
                }
                Entry::Forest(id) => {
                    self.tasks.push(Task::Log(from + index + 1, to));
                    self.tasks.push(Task::Made(from + index));
                    self.tasks.push(Task::Forest(id));
                    return;
                }
            }
            self.made(from + index);
        }
    }

    /// The last value is what this entry of the log has made.
    #[inline]
    fn made(&mut self, entry: usize) {
        self.entries.resize(self.builder.len().saturating_sub(1), 0);
        self.entries.push(narrow(entry));
    }

    fn take_back(&mut self, count: u32) {
        let keep = self.builder.len().saturating_sub(count as usize);
        let entries = self.entries.get(keep..).unwrap_or_default();
        let taken = self.builder.take_back(keep);
        self.dropped.extend(entries.iter().copied().zip(taken));
    }

    #[inline]
    fn lexeme(&mut self, number: u32) {
        if let Some(lexeme) = self.stacks.lexemes.get(number as usize) {
            self.builder.lexeme(lexeme.start, lexeme.end);
        }
    }

    fn forest(&mut self, id: ForestId) {
        if let Some((set, order)) = &mut self.met
            && set.insert(id)
        {
            order.push(id);
        }
        let choice = match self.instead {
            Some(instead) if instead.of == id => {
                self.instead = None;
                instead.choice
            }
            _ => match &mut self.preference {
                Some(preference) => preference.choose(id),
                None => self.stacks.forest[id],
            },
        };
        let choice = self.stacks.choices[choice];
        let len = self.spec.lr.bnf.prods[choice.prod].len as usize;
        self.tasks.push(Task::Reduce(choice.prod));
        for child in self.stacks.children_of(choice, len).iter().rev() {
            self.tasks.push(match *child {
                Child::Lexeme(number) => Task::Lexeme(number),
                Child::Forest(id) => Task::Forest(id),
                Child::Log(from, to) => Task::Logged(from as usize, to as usize),
            });
        }
    }
}
