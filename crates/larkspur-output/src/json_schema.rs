//! Schemas that are known only at run time, as output types.

use std::sync::Arc;

use larkspur_json::Node;
use larkspur_schema::mangle_name;
use serde_json::Value;

use crate::{
    Constraint, Doubt, JsonReader, JsonSchemaFormat, Output, OutputType, PrepareError, Reading,
    Rejection, Target, json::parts,
};

/// Asks for a JSON value that fits a schema.
///
/// ```
/// use larkspur_output::{OutputType, Target, json_schema};
/// use serde_json::json;
///
/// let scores = json_schema("scores", json!({"type": "object", "additionalProperties": {"type": "integer"}}));
/// let output = scores.prepare(Target::openai())?;
/// // The dialect has no maps, so the model is asked for entries.
/// let read = output.read(r#"{"value": [{"key": "Ann", "value": 3}, {"key": "Bob", "value": 5}]}"#)?;
/// assert_eq!(read, json!({"Ann": 3, "Bob": 5}));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn json_schema(name: impl Into<String>, schema: Value) -> JsonSchemaOutput {
    JsonSchemaOutput {
        name: name.into(),
        description: None,
        schema,
    }
}

/// The output type of a schema: what [`json_schema`] gives.
#[derive(Clone, Debug)]
pub struct JsonSchemaOutput {
    name: String,
    description: Option<String>,
    schema: Value,
}

impl JsonSchemaOutput {
    /// Tells the model what the format is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The schema as it was given.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The same output type, read into nodes: numbers keep their text and every value its place.
    pub fn lossless(self) -> LosslessJson {
        LosslessJson(self)
    }

    fn output<V>(
        &self,
        target: Target,
        read: impl Fn(&JsonReader, &str) -> Result<V, Rejection> + Send + Sync + 'static,
        lenient: impl Fn(&JsonReader, &str, Doubt) -> Result<Reading<V>, Rejection>
        + Send
        + Sync
        + 'static,
    ) -> Result<Output<V>, PrepareError> {
        let name = mangle_name(&self.name);
        let (format, relaxations, reader) =
            parts(&name, &self.schema, &self.schema, target.schemas())?;
        let format = JsonSchemaFormat {
            description: self.description.clone(),
            ..format.carried_by(target.schema_carrier())?
        };
        Ok(Output::of_json(
            Constraint::JsonSchema(format),
            relaxations,
            Arc::new(reader),
            read,
            lenient,
        ))
    }
}

impl OutputType for JsonSchemaOutput {
    type Value = Value;

    fn prepare(&self, target: Target) -> Result<Output<Value>, PrepareError> {
        self.output(target, JsonReader::read, JsonReader::read_in_doubt)
    }
}

/// A schema as output type whose values lose nothing of the text: what [`JsonSchemaOutput::lossless`] gives.
#[derive(Clone, Debug)]
pub struct LosslessJson(JsonSchemaOutput);

impl OutputType for LosslessJson {
    type Value = Node<'static>;

    fn prepare(&self, target: Target) -> Result<Output<Node<'static>>, PrepareError> {
        self.0.output(
            target,
            |reader, text| reader.read_node(text).map(Node::into_owned),
            |reader, text, doubt| {
                Ok(reader
                    .read_node_in_doubt(text, doubt)?
                    .map(Node::into_owned))
            },
        )
    }
}
