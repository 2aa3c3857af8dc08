//! What the suites of this package share.

pub mod generate;
pub mod mutate;
pub mod random;
pub mod types;
