//! A grammar made ready: what draws its texts and what judges them.

use std::fmt;

use larkspur_grammar::sample::Sampler;
use larkspur_grammar::{Caches, Compiled, Grammar, ParseError, Parser, Rejection};

pub(crate) struct Language {
    pub(crate) sampler: Sampler,
    compiled: Compiled,
    caches: Caches,
}

impl Language {
    /// Or why there are no texts of the grammar.
    pub(crate) fn new(grammar: &Grammar) -> Result<Self, String> {
        let sampler = Sampler::new(grammar).map_err(|error| error.to_string())?;
        let compiled = Compiled::new(grammar).map_err(|error| error.to_string())?;
        Ok(Self {
            sampler,
            compiled,
            caches: Caches::default(),
        })
    }

    /// Whether a text is a sentence; `None` where a limit of the recogniser is reached.
    pub(crate) fn accepts(&self, text: &str) -> Option<bool> {
        let accepts = |cache: &mut _| self.compiled.accepts(cache, text);
        self.caches.with(&self.compiled, accepts).ok()
    }

    /// Where a text leaves the grammar.
    pub(crate) fn rejection(&self, text: &str) -> Option<Rejection> {
        let parse = |cache: &mut _| Parser::new(&self.compiled).parse_first(cache, text);
        match self.caches.with(&self.compiled, parse) {
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
