//! Grammars of types, compiled once in a process.

use std::any::TypeId;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::{Error, MAX_DEPTH, Syntax};
use crate::engine::{Cache, Compiled, Config};
use crate::parser::Parser;
use crate::tree::Tree;

/// A compiled grammar with the caches of those who have read by it.
#[derive(Debug)]
pub(super) struct Reader {
    compiled: Compiled,
    /// One for each thread that has read at the same time.
    caches: Mutex<Vec<Cache>>,
}

static READERS: LazyLock<RwLock<FxHashMap<TypeId, Arc<Reader>>>> = LazyLock::new(RwLock::default);

/// The reader of a type, compiled at its first use.
///
/// Two threads that come first may both compile it; the work is the same and one result is kept.
pub(super) fn compiled<T: Syntax>() -> Result<Arc<Reader>, Error> {
    let key = TypeId::of::<T>();
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
        compiled: Compiled::with_config(&T::grammar()?, config)?,
        caches: Mutex::default(),
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
        let tree = self.with_cache(|cache| Parser::new(&self.compiled).parse(cache, text))?;
        read(&tree)
    }

    pub(super) fn accepts(&self, text: &str) -> Result<bool, Error> {
        Ok(self.with_cache(|cache| self.compiled.accepts(cache, text))?)
    }

    fn with_cache<V>(&self, run: impl FnOnce(&mut Cache) -> V) -> V {
        let caches = || self.caches.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = caches().pop();
        let mut cache = kept.unwrap_or_else(|| self.compiled.cache());
        let result = run(&mut cache);
        caches().push(cache);
        result
    }
}
