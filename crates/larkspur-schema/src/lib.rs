//! Schemas: what a value may look like, and what a server accepts of that.
//!
//! A Rust type has a JSON Schema. A language model's server accepts a subset of JSON Schema that hardly any Rust type fits
//! into: no optional fields, no maps, no tuples, no `oneOf`. [`lower`] rewrites a schema into the subset and remembers how; what the
//! model answers is then put back into the shape that the type wants by [`Lift`].
//!
//! ```
//! use larkspur_schema::{Dialect, Lift, lower};
//! use serde_json::json;
//!
//! // A map of prices, and a note that may be absent.
//! let schema = json!({"type": "object", "properties": {
//!     "prices": {"type": "object", "additionalProperties": {"type": "number"}},
//!     "note": {"type": "string"},
//! }, "required": ["prices"]});
//!
//! let lowered = lower(&schema, Dialect::openai())?;
//! let lift = Lift::new(&lowered)?;
//!
//! // What the model writes …
//! let answer = larkspur_json::parse(r#"{"prices": [{"key": "nut", "value": 0.1}], "note": null}"#)?;
//! // … and what the program reads.
//! let lifted = lift.lift(answer).map_err(|problems| problems[0].to_string())?;
//! assert_eq!(lifted.to_value(), json!({"prices": {"nut": 0.1}}));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Words
//!
//! A *dialect* is the subset of JSON Schema that one server accepts. *Lowering* rewrites a schema into a dialect, and *lifting* puts an
//! answer back. A *plan* says how. A *relaxation* is a rule that the dialect cannot carry: the model is told of it in a
//! description, and whoever reads the answer checks it against the original schema. Nothing is dropped silently.

pub mod from_type;

mod dialect;

mod diagnostic;

mod draft;

mod references;

mod check;

mod shared;

mod lower;

mod plan;

mod receipt;

mod lift;

mod name;

mod vocabulary;

#[cfg(feature = "grammar")]
pub mod grammar;

pub use schemars::{self, JsonSchema};

pub use self::{
    check::{Weight, check, check_request},
    diagnostic::{Diagnostic, Severity},
    dialect::{Dialect, Support},
    draft::upgrade,
    from_type::{TypeSchemas, schema_for, schemas_of},
    lift::{InvalidPlan, Lift, LiftProblem, View},
    lower::{JSON_TEXT_NOTE, LowerError, Lowered, Relaxation, lower},
    name::mangle_name,
    plan::{Action, JsonTextOf, Plan, Step},
    receipt::{Change, Enforcer, Entry},
    shared::SharedSchema,
};
