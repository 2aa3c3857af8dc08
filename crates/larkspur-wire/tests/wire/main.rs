//! The wire types through their public API: what is built, what is read, what survives.
#![expect(clippy::unwrap_used, reason = "tests")]

mod anthropic;
mod building;
mod endings;
mod errors;
mod extra;
mod gemini;
mod laws;
mod reading;
mod streaming;
