//! The table of Rust types that every suite runs: schema ⇔ serde here, and over HTTP elsewhere.
//!
//! Each entry is a type, a name for reports, and values that it reads. A suite implements [`Visitor`] and
//! calls [`for_each_type`].

pub mod attributes;
pub mod collections;
pub mod enums;
pub mod foreign;
pub mod generics;
pub mod records;
pub mod scalars;

use std::fmt::Debug;

use larkspur_schema::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a suite does with each type.
pub trait Visitor {
    /// `samples` are values that `T` reads.
    fn visit<T: JsonSchema + DeserializeOwned + Debug + 'static>(
        &mut self,
        name: &'static str,
        samples: Vec<Value>,
    );
}

/// Shows every type of the table to `visitor`.
pub fn for_each_type(visitor: &mut impl Visitor) {
    scalars::visit(visitor);
    foreign::visit(visitor);
    collections::visit(visitor);
    records::visit(visitor);
    attributes::visit(visitor);
    enums::visit(visitor);
    generics::visit(visitor);
}

/// One line a type: `name => Type: sample, sample;`
macro_rules! table {
    ($($name:literal => $type:ty: $($sample:tt),+;)+) => {
        /// Shows the types of this file to `visitor`.
        pub fn visit(visitor: &mut impl crate::types::Visitor) {
            $(visitor.visit::<$type>($name, vec![$(serde_json::json!($sample)),+]);)+
        }
    };
}
pub(crate) use table;
