//! The engine through its public face: languages, trees, pieces of text, limits, and agreement with llguidance.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod agreement;
mod ambiguity;
mod grammars;
mod hostile;
#[path = "../support/large.rs"]
mod large;
mod matcher;
mod notation;
mod oracle;
mod python_lark;
mod trees;
mod walks;
