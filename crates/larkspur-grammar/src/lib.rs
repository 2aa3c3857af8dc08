//! Formal languages.
