//! The suite on real schemas, recordings and instances. The data is not part of the repository: `LARKSPUR_DATA` says
//! where it is (default: `../shared/data` beside the repository).
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod convert;
mod data;
mod engine;
mod grammars;
mod lowering;
mod over_http;
mod requests;
mod wire;
