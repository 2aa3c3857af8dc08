//! One value that holds both the constraint for a model and the reader of its answer.
//!
//! What is asked of a model and what is accepted from it must not drift apart. Here they are one value: an output type
//! has a [`Constraint`], which is attached to the request, and a reader, which turns the text of the answer back into a
//! Rust value and holds every rule, also those that the server does not enforce.
//!
//! Where an answer cannot be read, there is a [`Rejection`]: the text, and every [`Violation`] in it with its JSON Pointer
//! and the bytes it is at. A person sees a source frame, the model gets a short [re-ask message](Rejection::reask), a
//! program gets JSON. An answer that breaks two rules is told of both.
//!
//! ```
//! use larkspur_output::{Constraint, OutputType, Target, json};
//! use larkspur_schema::JsonSchema;
//!
//! #[derive(Debug, serde::Deserialize, JsonSchema)]
//! #[schemars(crate = "larkspur_schema::schemars")]
//! struct Invoice {
//!     vendor: String,
//!     total: i64,
//! }
//!
//! let output = json::<Invoice>().prepare(Target::openai())?;
//! assert!(matches!(output.constraint(), Constraint::JsonSchema(format) if format.name == "Invoice"));
//!
//! let invoice = output.read(r#"{"vendor": "ACME", "total": 12}"#)?;
//! assert_eq!(invoice.total, 12);
//!
//! let rejection = output.read(r#"{"vendor": "ACME", "total": "12"}"#).unwrap_err();
//! assert_eq!(rejection.to_string(), r#"
//! error: expected an integer, found the string "12"
//!  --> line 1, column 29: /total
//!   |
//! 1 | {"vendor": "ACME", "total": "12"}
//!   |                             ^^^^
//! "#.trim());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate does no input or output and knows nothing of HTTP and of servers.

mod target;

mod constraint;

mod outcome;

mod violation;

mod rejection;

mod reading;

mod output;

pub mod partial;

mod json;

mod json_schema;

mod reader;

#[cfg(feature = "grammar")]
mod grammar_reader;

#[cfg(feature = "grammar")]
mod grammar;

#[cfg(feature = "grammar")]
mod regex;

#[cfg(feature = "grammar")]
mod syntax;

#[cfg(feature = "validate")]
mod validator;

mod prepare;

mod record;

mod wording;

pub use self::{
    constraint::{Constraint, GrammarFormat, GrammarSyntax, JsonSchemaFormat, Mode},
    json::{Json, json},
    json_schema::{JsonSchemaOutput, LosslessJson, json_schema},
    outcome::Outcome,
    output::{Lenient, Output, OutputType},
    prepare::PrepareError,
    reader::JsonReader,
    reading::{Doubt, Reading},
    record::{MAX_RECORD_BYTES, Record, RecordError},
    rejection::Rejection,
    target::{Carrier, SchemaCarrier, Target},
    violation::Violation,
};
#[cfg(feature = "grammar")]
pub use self::{
    grammar::{GrammarOutput, grammar},
    grammar_reader::GrammarReader,
    regex::{Matched, RegexOutput, regex},
    syntax::{SyntaxOutput, syntax},
};
pub use larkspur_json::{InvalidPointer, Repair, RepairKind};
