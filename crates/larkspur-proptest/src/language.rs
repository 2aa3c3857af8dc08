//! A grammar made ready: what draws its texts and what judges them.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use larkspur_grammar::sample::Sampler;
use larkspur_grammar::{Cache, Compiled, Grammar, ParseError, Parser, Rejection};

pub(crate) struct Language {
    pub(crate) sampler: Sampler,
    compiled: Compiled,
    /// One text is judged at a time.
    cache: Mutex<Cache>,
}

impl Language {
    /// Or why there are no texts of the grammar.
    pub(crate) fn new(grammar: &Grammar) -> Result<Self, String> {
        let sampler = Sampler::new(grammar).map_err(|error| error.to_string())?;
        let compiled = Compiled::new(grammar).map_err(|error| error.to_string())?;
        let cache = Mutex::new(compiled.cache());
        Ok(Self {
            sampler,
            compiled,
            cache,
        })
    }

    /// Whether a text is a sentence; `None` where a limit of the recogniser is reached.
    pub(crate) fn accepts(&self, text: &str) -> Option<bool> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        self.compiled.accepts(&mut cache, text).ok()
    }

    /// Where a text leaves the grammar.
    pub(crate) fn rejection(&self, text: &str) -> Option<Rejection> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        match Parser::new(&self.compiled).parse_first(&mut cache, text) {
            Err(ParseError::Rejected(rejection)) => Some(rejection),
            _ => None,
        }
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Language").finish_non_exhaustive()
    }
}
