//! A node as a source for serde.
//!
//! What a type gets is what [`serde_json::from_str`] would give it, with these differences, all of them on purpose:
//!
//! - an error says where it happened: the pointer and the span of the innermost value, or of the key, that failed;
//! - doubles are read exactly, where `serde_json` without its feature `float_roundtrip` may be one bit off;
//! - a struct that meets a duplicate key refuses it, as in `serde_json`; a *map* keeps the last value, as there.

mod access;
mod enumeration;
mod error;
mod key;
mod node;

pub use self::error::DeserializeError;
