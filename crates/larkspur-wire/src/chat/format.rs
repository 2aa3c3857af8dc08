//! What shape the answer's text takes: `response_format`.

use larkspur_json::SharedValue;

use crate::object::{object, tagged};
use crate::{JsonObjectFormat, PlainTextFormat};

tagged! {
    /// `response_format`.
    pub enum ResponseFormat {
        /// Any text.
        Text(PlainTextFormat) = "text",
        /// JSON of a given schema.
        JsonSchema(JsonSchemaFormat) = "json_schema",
        /// Some JSON. A message must contain the word JSON.
        JsonObject(JsonObjectFormat) = "json_object",
    }
}

object! {
    /// JSON of a given schema: the definition stands in an object of its own.
    pub struct JsonSchemaFormat as "json_schema" {
        /// Name, schema and the rest.
        required json_schema: JsonSchemaDefinition,
    }
}

object! {
    /// Name and schema of the JSON that is wanted.
    pub struct JsonSchemaDefinition {
        /// `^[a-zA-Z0-9_-]{1,64}$`.
        required name: String,
        /// What the JSON is for; the model reads it.
        optional description: String,
        /// The server's default is false: send it always.
        optional strict: bool,
        /// The JSON Schema.
        optional schema: SharedValue,
    }
}
