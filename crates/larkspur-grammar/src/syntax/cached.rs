//! Grammars of types, compiled once in a process.

use std::any::TypeId;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Definitions, Error, MAX_DEPTH, Syntax};
use crate::engine::{Caches, Compiled, Config};
use crate::grammar::{Grammar, GrammarBuilder, Semantics};
use crate::parser::{ParseError, Parser};
use crate::tree::Tree;

/// A compiled grammar with the caches of those who have read by it.
#[derive(Debug)]
pub(super) struct Reader {
    compiled: Compiled,
    caches: Caches,
}

/// What has a reader.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Type(TypeId),
    /// The regular expression of a leaf. There are as many as there are leaves in the program.
    Regex(String),
}

static READERS: LazyLock<RwLock<FxHashMap<Key, Arc<Reader>>>> = LazyLock::new(RwLock::default);

/// The reader of a type, compiled at its first use.
pub(super) fn compiled<T: Syntax>() -> Result<Arc<Reader>, Error> {
    reader(Key::Type(TypeId::of::<T>()), T::grammar)
}

/// Whether a text as a whole matches a regular expression.
pub(super) fn matches(regex: &str, text: &str) -> Result<bool, Error> {
    let grammar = || {
        let mut definitions = Definitions::new(GrammarBuilder::new(Semantics::Llguidance));
        let expr = definitions.regex("LEAF", regex);
        definitions.finish(expr)
    };
    reader(Key::Regex(regex.to_owned()), grammar)?.accepts(text)
}

/// Two threads that come first may both compile it; the work is the same and one result is kept.
fn reader(
    key: Key,
    grammar: impl FnOnce() -> Result<Grammar, Error>,
) -> Result<Arc<Reader>, Error> {
    let known = READERS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(reader) = known.get(&key) {
        return Ok(Arc::clone(reader));
    }
    drop(known);
    let config = Config {
        max_tree_depth: MAX_DEPTH,
        ..Config::default()
    };
    let reader = Arc::new(Reader {
        compiled: Compiled::with_config(&grammar()?, config)?,
        caches: Caches::default(),
    });
    let mut known = READERS.write().unwrap_or_else(PoisonError::into_inner);
    Ok(Arc::clone(known.entry(key).or_insert(reader)))
}

impl Reader {
    pub(super) fn parse<V>(
        &self,
        text: &str,
        read: impl FnOnce(&Tree<'_>) -> Result<V, Error>,
    ) -> Result<V, Error> {
        let parse = |cache: &mut _| Parser::new(&self.compiled).parse(cache, text);
        let tree = self.caches.with(&self.compiled, parse)?;
        read(&tree)
    }

    /// The places of the nodes that a sentence leaves in its tree; `None` for what is no sentence.
    ///
    /// Where a sentence has several readings, the places are those of the first one.
    pub(super) fn places(&self, text: &str) -> Result<Option<FxHashSet<(usize, usize)>>, Error> {
        let parse = |cache: &mut _| Parser::new(&self.compiled).parse_first(cache, text);
        let tree = match self.caches.with(&self.compiled, parse) {
            Ok(tree) => tree,
            Err(ParseError::Rejected(_)) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let nodes = tree.walk().map(|(_, node)| node.span());
        Ok(Some(nodes.map(|span| (span.start, span.end)).collect()))
    }

    pub(super) fn accepts(&self, text: &str) -> Result<bool, Error> {
        let accepts = |cache: &mut _| self.compiled.accepts(cache, text);
        Ok(self.caches.with(&self.compiled, accepts)?)
    }
}
