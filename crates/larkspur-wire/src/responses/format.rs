//! What shape the answer's text takes: `text`.

use larkspur_json::SharedValue;

use crate::object::{object, tagged};
use crate::settings::Verbosity;
use crate::{JsonObjectFormat, PlainTextFormat};

object! {
    /// The `text` settings.
    pub struct Text {
        /// The shape of the text; plain text if absent.
        optional format: TextFormat,
        /// How long the answer should be.
        optional verbosity: Verbosity,
    }
}

tagged! {
    /// `text.format`. There is no grammar here: only custom tools take one.
    pub enum TextFormat {
        /// Any text.
        Text(PlainTextFormat) = "text",
        /// JSON of a given schema.
        JsonSchema(JsonSchemaFormat) = "json_schema",
        /// Some JSON. The input must contain the word JSON.
        JsonObject(JsonObjectFormat) = "json_object",
    }
}

object! {
    /// JSON of a given schema: flat, with no `json_schema` object around it.
    pub struct JsonSchemaFormat as "json_schema" {
        /// `^[a-zA-Z0-9_-]{1,64}$`.
        required name: String,
        /// What the JSON is for; the model reads it.
        optional description: String,
        /// The server's default is false: send it always.
        optional strict: bool,
        /// The JSON Schema.
        required schema: SharedValue,
    }
}
