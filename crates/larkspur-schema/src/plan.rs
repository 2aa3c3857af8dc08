//! How an answer in the lowered shape is put back into the original one.

use larkspur_json::Pointer;
use serde::{Deserialize, Serialize};

/// The steps that lead from an answer in the lowered shape back to the original shape.
///
/// A plan is flat: each step names a place in the *lowered schema*, and holds for every value that this place describes,
/// however often and however deep. [`Lift`](crate::Lift) walks schema and value together, so recursion through `$ref` needs
/// nothing special. A place that no step names is carried over as it is.
///
/// In JSON a plan is an array of steps:
///
/// ```
/// let schema = serde_json::json!({"type": "object", "properties": {
///     "tags": {"type": "object", "additionalProperties": {"type": "string"}}
/// }});
/// let lowered = larkspur_schema::lower(&schema, larkspur_schema::Dialect::openai())?;
/// assert_eq!(serde_json::to_value(&lowered.plan)?, serde_json::json!([
///     {"pointer": "/properties/tags", "step": "optional"},
///     {"pointer": "/properties/tags/anyOf/0", "step": "entries", "key": "key", "value": "value"},
/// ]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plan {
    pub(crate) steps: Vec<Step>,
}

/// One step of a [`Plan`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// The place in the lowered schema.
    pub pointer: Pointer,
    /// What is done with a value there.
    #[serde(flatten)]
    pub action: Action,
}

/// What a [`Step`] does with a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// The property may be absent: `null` is taken out.
    Optional {
        /// The original lets the property be `null` too. Absent and `null` are then the same, and lifted to absent.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        or_null: bool,
    },
    /// An array of `{key, value}` objects becomes an object.
    Entries {
        /// The property that holds the key.
        key: String,
        /// The property that holds the value.
        value: String,
    },
    /// The members of the object that this property holds move up into the object itself.
    Extras {
        /// The property.
        field: String,
    },
    /// An object with a property for each position becomes an array.
    Tuple {
        /// The properties, in order.
        fields: Vec<String>,
        /// How many of them are always there; those after may be `null`, which ends the array.
        required: usize,
        /// The property that holds an array with the elements after the named positions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rest: Option<String>,
    },
    /// A string that holds JSON text becomes the value that the text says.
    JsonText {
        /// What the text is of.
        of: JsonTextOf,
    },
    /// An object with one property becomes the value of the property.
    Unwrap {
        /// The property.
        field: String,
    },
}

/// What kind of value a JSON text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JsonTextOf {
    /// Any value.
    Any,
    /// An object.
    Object,
    /// An array.
    Array,
}

impl Plan {
    /// The steps, in the order in which the lowered schema is read from top to bottom.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether the answer already has the original shape.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}
