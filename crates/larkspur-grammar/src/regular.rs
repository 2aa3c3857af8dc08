//! Regular sets of texts as printers, importers and the sampler need them: by character, not by byte.
//!
//! [`chars`] writes sets of characters, [`regex`] regular expressions; [`dfa`] turns a pattern of any kind (`&` and `~` included) into a
//! deterministic automaton whose edges are ranges of characters.

pub(crate) mod chars;
pub(crate) mod dfa;
pub(crate) mod regex;
