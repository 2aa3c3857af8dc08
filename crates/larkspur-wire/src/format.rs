//! Formats that say no more than their name.

use crate::object::object;

object! {
    /// Any text.
    pub struct PlainTextFormat as "text" {
    }
}

object! {
    /// Some JSON object.
    pub struct JsonObjectFormat as "json_object" {
    }
}
