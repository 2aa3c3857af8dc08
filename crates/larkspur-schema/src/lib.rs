//! JSON Schema from Rust types; lowering to what a server accepts, and lifting the answer back.

pub mod from_type;

pub use from_type::{TypeSchemas, schema_for, schemas_of};
pub use schemars::{self, JsonSchema};
