//! Typed answers from language models: write the Rust type once.
//!
//! From one type come the constraint that is attached to the model request, the reader that turns the model's text back
//! into the type, and the proof that the two agree. If an answer can be held by the type, it comes through; if it cannot,
//! the [`Rejection`] says where, why and what to ask next.
//!
//! ```
//! use std::collections::HashMap;
//!
//! use larkspur::{JsonSchema, schemars};
//! use serde::Deserialize;
//!
//! #[derive(Debug, Deserialize, JsonSchema)]
//! struct Invoice {
//!     /// The company that sent it.
//!     vendor: String,
//!     /// In the order of the document.
//!     items: Vec<Item>,
//!     note: Option<String>,
//!     /// Whatever else is printed on it.
//!     extra: HashMap<String, String>,
//! }
//!
//! #[derive(Debug, Deserialize, JsonSchema)]
//! struct Item {
//!     title: String,
//!     quantity: u32,
//!     price: f64,
//! }
//!
//! # #[cfg(all(feature = "client", feature = "sim"))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = larkspur::connect()?; // OPENAI_API_KEY or OPENAI_BASE_URL where set, else a local server
//! let reply = client.responses("gpt-5.2").input("The invoice of Acme Corp, please.").extract::<Invoice>().await?;
//! println!("{:#?} for {}", reply.value, reply.cost());
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "client", feature = "sim")))]
//! # fn main() {}
//! ```
//!
//! # What happens in that call
//!
//! 1. [`json`] makes the type's JSON Schema and *lowers* it to what the server accepts: optional fields, maps, tuples, tagged
//!    unions and open values are rewritten so that they can be said, and the rewriting is recorded ([`schema::Lowered`]).
//! 2. The request goes out with the lowered schema. Rules the server cannot enforce are *relaxations*: the model reads them
//!    in the description, and the reader still enforces them.
//! 3. The answer is parsed with positions, *lifted* back to the type's own shape, validated against the original schema and
//!    handed to serde. Whatever is wrong is reported at once, each violation with JSON Pointer and byte span.
//! 4. A rejected answer is sent back with its violations, a bounded number of times; every attempt is in the ledger with
//!    its usage and cost.
//!
//! # Without HTTP
//!
//! With `default-features = false` there is no HTTP, no async and no TLS: [`json`] and the reader remain, for your own transport.
//!
//! ```
//! use larkspur::{JsonSchema, OutputType as _, Target, schemars};
//!
//! #[derive(serde::Deserialize, JsonSchema)]
//! struct City { name: String, population: Option<u64> }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let output = larkspur::json::<City>().prepare(Target::openai())?;
//! let city = output.read(r#"{"name": "Gdańsk", "population": null}"#)?;
//! assert_eq!(city.population, None);
//!
//! let rejection = output.read(r#"{"name": "Gdańsk", "population": -1}"#).err().ok_or("accepted")?;
//! assert_eq!(rejection.message(), "expected a number of at least 0, found the number -1 at /population");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `client` | yes | requests over HTTP: `Client`, retries, re-ask, cost |
//! | `derive` | yes | `derive(Partial)`: a type of answers while they come, see [`partial`]; with `grammar`, `derive(Syntax)` |
//! | `grammar` | yes | [`grammar`]: check, convert, parse and sample Lark, GBNF, EBNF and pest grammars; `derive(Syntax)`; the outputs [`syntax`], `output::grammar` and `output::regex` |
//! | `sim` | yes | the local server, for tests and for first steps without a key; with `client`, `connect` |
//! | `sql` | no | `sql`: the catalog of a SQLite database, a guard for SQL that a model wrote, read-only runs (builds SQLite and `sqlparser`) |
//! | `sql-postgres` | no | the same for PostgreSQL databases (brings `tokio-postgres`, without TLS) |
//! | `validate` | yes | answers are checked against the original schema, not by serde alone (some fifty more crates) |
//! | `bytes`, `chrono`, `indexmap`, `url`, `uuid` | no | schemas of the types of these crates; `chrono` and `uuid`: a `Syntax` too |

#[cfg(all(feature = "client", feature = "sim"))]
mod connect;

#[cfg(all(feature = "client", feature = "sim"))]
pub use connect::{ConnectError, connect};
#[cfg(feature = "client")]
#[doc(inline)]
pub use larkspur_client::{
    self as client, Answer, Client, Delta, Effort, ElementStream, OutputStream, PartialStream,
    Reply,
};
#[cfg(feature = "derive")]
#[doc(inline)]
pub use larkspur_derive::Partial;
#[cfg(feature = "grammar")]
#[doc(inline)]
pub use larkspur_derive::Syntax;
#[cfg(feature = "grammar")]
#[doc(inline)]
pub use larkspur_grammar::{self as grammar, Syntax};
#[doc(inline)]
pub use larkspur_output::partial::{self, Partial};
#[cfg(feature = "grammar")]
#[doc(inline)]
pub use larkspur_output::syntax;
#[doc(inline)]
pub use larkspur_output::{
    self as output, Constraint, Outcome, Output, OutputType, Rejection, Target, Violation, json,
    json_schema,
};
#[doc(inline)]
pub use larkspur_schema::{self as schema, JsonSchema, schemars};
#[cfg(feature = "sim")]
#[doc(inline)]
pub use larkspur_sim::{self as sim, Sim};
#[cfg(feature = "sql")]
#[doc(inline)]
pub use larkspur_sql as sql;

/// The README's program is compiled and run as it stands there.
#[cfg(all(doctest, feature = "client", feature = "sim", feature = "sql"))]
#[doc = include_str!("../../../README.md")]
mod readme {}
