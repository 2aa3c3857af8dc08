//! The local server, over plain HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod batches;
mod conversations;
mod enforcement;
mod faults;
mod gemini;
mod hostile;
mod messages;
mod plausible;
mod refusals;
mod schemas;
mod server;
mod streaming;
mod strict;
mod support;
