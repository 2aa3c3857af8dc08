//! The client through its public API, against a server that answers from a script.
#![expect(clippy::unwrap_used, reason = "tests")]

mod attachments;
mod background;
mod batch;
mod build;
mod cache;
mod carriers;
mod cassette;
mod catalogue;
mod conversation;
mod enforcement;
mod environment;
mod errors;
mod fallback;
mod faults;
mod fixture;
mod gemini;
mod hedge;
mod limits;
mod messages;
mod outcomes;
mod outputs;
mod reask;
mod recorder;
mod resend;
mod retry;
mod secrets;
mod sim;
mod streaming;
mod telemetry;
mod tool_checks;
mod tool_runs;
mod tool_scripts;
mod tools;
