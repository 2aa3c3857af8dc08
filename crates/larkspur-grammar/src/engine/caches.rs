//! Caches shared by threads.

use std::sync::{Mutex, PoisonError};

use super::{Cache, Compiled};

/// Caches of all who read by one grammar: one for each thread that has read at the same time, kept for the next text.
///
/// ```
/// use larkspur_grammar::{Caches, Compiled, Dialect, lark};
///
/// let compiled = Compiled::new(&lark::compile("start: /[a-z]+/\n", Dialect::openai())?)?;
/// let caches = Caches::default();
/// assert!(caches.with(&compiled, |cache| compiled.accepts(cache, "abc"))?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Caches(Mutex<Vec<Cache>>);

impl Caches {
    /// Runs `read` with a cache that nobody else uses meanwhile.
    pub fn with<T>(&self, compiled: &Compiled, read: impl FnOnce(&mut Cache) -> T) -> T {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = kept().pop();
        let mut cache = free.unwrap_or_else(|| compiled.cache());
        let result = read(&mut cache);
        kept().push(cache);
        result
    }
}
