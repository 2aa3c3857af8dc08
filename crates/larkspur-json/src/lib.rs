//! JSON text with positions.
//!
//! A language model answers with text. When something in that text is wrong, a person and the model both need to know
//! *where*. `serde_json` forgets positions as soon as it has read a value; this crate keeps them:
//!
//! - [`parse`] reads JSON exactly as RFC 8259 says, within typed [`Limits`], and gives a tree of [`Node`]s.
//! - Every [`Node`] knows its [`Span`] in the text; every [`Member`] of an object also knows the span of its key.
//! - Nothing is lost: members stay in text order, duplicate keys are kept (and found by [`Node::duplicate_keys`]), and a
//!   [`Number`] is its exact source text, so 128-bit integers and long decimals survive.
//! - A [`Node`] is a [`serde::Deserializer`]. What it gives is what [`serde_json::from_str`] would give, but errors
//!   carry the [`Pointer`] and the [`Span`] of the innermost value that failed.
//!
//! - [`parse_lenient`] reads what is almost JSON (comments, other quotes, commas and brackets that are missing or too many) as
//!   far as it has one meaning, and tells every [`Repair`].
//!
//! - [`Partial`] reads JSON that comes in pieces and shows after each of them what is there.
//!
//! The crate knows nothing of schemas, models, files or networks.
//!
//! ```
//! #[derive(Debug, serde::Deserialize)]
//! struct Item { name: String, count: u8 }
//!
//! let node = larkspur_json::parse(r#"[{"name": "nut", "count": 7}, {"name": "bolt", "count": 700}]"#)?;
//! let error = node.deserialize::<Vec<Item>>().unwrap_err();
//! assert_eq!(error.pointer().to_string(), "/1/count");
//! assert_eq!(error.span(), node.at(&"/1/count".parse()?).map(|count| count.span));
//! assert_eq!(error.to_string(), "invalid value: integer `700`, expected u8 at /1/count");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Words
//!
//! A *node* is one JSON value with its place. A *member* is one `"key": value` pair of an object. A *pointer* is an RFC
//! 6901 path from the root to a node. A *span* is a half-open range of bytes in the text that was read.

mod span;

mod pointer;

mod number;

mod object;

mod node;

mod display;

mod value;

mod shared;

mod duplicates;

mod limits;

mod error;

mod parse;

mod lenient;

mod partial;

mod de;

pub use self::{
    de::DeserializeError,
    duplicates::Duplicate,
    error::Error,
    lenient::{
        Lenient, Repair, RepairKind, Repaired, Unreadable, parse_lenient, parse_lenient_with,
    },
    limits::Limits,
    node::{Kind, Node},
    number::Number,
    object::{Member, Object},
    parse::{parse, parse_with},
    partial::{Mark, Part, PartKind, Partial, Snapshot},
    pointer::{InvalidPointer, Pointer, Token},
    shared::{SharedValue, to_vec},
    span::{Position, Span},
};
