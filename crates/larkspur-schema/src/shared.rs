//! Schemas that go into many requests.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use larkspur_json::SharedValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::Weight;

/// A schema as it is sent: clones share it, and what every request wants to know of it is found out once.
///
/// ```
/// use larkspur_schema::{SharedSchema, Weight};
/// use serde_json::json;
///
/// let schema = SharedSchema::from(json!({"type": "object", "properties": {"city": {"type": "string"}}}));
/// assert_eq!(schema["properties"]["city"]["type"], "string");
/// assert_eq!(schema.weight(), Weight::of(&schema));
/// ```
#[derive(Clone, Debug)]
pub struct SharedSchema {
    value: SharedValue,
    weight: Arc<OnceLock<Weight>>,
}

impl SharedSchema {
    /// What it takes of the sizes that are limited over a whole request: [`check_request`](crate::check_request).
    pub fn weight(&self) -> Weight {
        *self.weight.get_or_init(|| Weight::of(&self.value))
    }

    /// The schema, to be put into a request.
    pub fn value(&self) -> &SharedValue {
        &self.value
    }
}

impl Deref for SharedSchema {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

impl From<Value> for SharedSchema {
    fn from(schema: Value) -> Self {
        Self {
            value: schema.into(),
            weight: Arc::default(),
        }
    }
}

impl From<&SharedSchema> for SharedValue {
    fn from(schema: &SharedSchema) -> Self {
        schema.value.clone()
    }
}

impl PartialEq for SharedSchema {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Serialize for SharedSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SharedSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}
