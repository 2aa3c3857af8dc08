//! Rust types as output types.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    marker::PhantomData,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use larkspur_schema::{Dialect, JsonSchema, TypeSchemas, lower, mangle_name, schemas_of};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Constraint, JsonReader, JsonSchemaFormat, Output, OutputType, PrepareError, SchemaCarrier,
    Target,
};

/// Asks for a JSON value that reads into a Rust type.
///
/// The constraint is the type's JSON Schema, lowered into the server's dialect; the reader lifts the answer, checks it
/// against the schema that was *not* lowered, and hands it to serde. For a type and a dialect this is worked out once in a
/// process, and kept.
///
/// ```
/// use larkspur_output::{OutputType, Target, json};
/// use larkspur_schema::JsonSchema;
///
/// #[derive(serde::Deserialize, JsonSchema)]
/// #[schemars(crate = "larkspur_schema::schemars")]
/// struct Item {
///     name: String,
///     count: Option<u8>,
/// }
///
/// let output = json::<Vec<Item>>().prepare(Target::openai())?;
/// let items = output.read(r#"{"value": [{"name": "nut", "count": null}, {"name": "bolt", "count": 7}]}"#)?;
/// assert_eq!((items[0].name.as_str(), items[0].count), ("nut", None));
/// assert_eq!(items[1].count, Some(7));
///
/// let rejection = output.read(r#"{"value": [{"name": "nut", "count": 700}]}"#).err().expect("a rejection");
/// assert_eq!(rejection.message(), "expected a number of at most 255, found the number 700 at /0/count");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn json<T: JsonSchema + DeserializeOwned + 'static>() -> Json<T> {
    Json {
        name: None,
        description: None,
        value: PhantomData,
    }
}

/// The output type of a Rust type: what [`json`] gives.
pub struct Json<T> {
    name: Option<String>,
    description: Option<String>,
    value: PhantomData<fn() -> T>,
}

impl<T> Json<T> {
    /// Names the format, instead of the type's own name. Characters that servers do not take are replaced.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Tells the model what the format is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

impl<T: JsonSchema + DeserializeOwned + 'static> OutputType for Json<T> {
    type Value = T;

    fn prepare(&self, target: Target) -> Result<Output<T>, PrepareError> {
        let output = cached::<T>(target.schemas())?;
        let carrier = target.schema_carrier();
        if self.name.is_none() && self.description.is_none() && carrier.is_format() {
            return Ok(output);
        }
        self.labelled(&output, carrier)
    }
}

impl<T: 'static> Json<T> {
    /// The same output under the name and the description that were asked for, to travel so.
    fn labelled(
        &self,
        output: &Output<T>,
        carrier: SchemaCarrier,
    ) -> Result<Output<T>, PrepareError> {
        let Constraint::JsonSchema(format) = output.constraint() else {
            return Ok(output.clone());
        };
        let mut format = format.clone().carried_by(carrier)?;
        if let Some(name) = &self.name {
            format.name = mangle_name(name);
        }
        format.description.clone_from(&self.description);
        Ok(output.with_constraint(Constraint::JsonSchema(format)))
    }
}

impl<T> Clone for Json<T> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            description: self.description.clone(),
            value: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Json")
            .field("type", &std::any::type_name::<T>())
            .field("name", &self.name)
            .field("description", &self.description)
            .finish()
    }
}

/// A type in a dialect.
type Key = (TypeId, &'static str);

/// The outputs that were prepared in this process; each is an `Output<T>` for the `T` of its key.
static PREPARED: LazyLock<RwLock<HashMap<Key, Box<dyn Any + Send + Sync>>>> =
    LazyLock::new(RwLock::default);

/// The output of a type, prepared at its first use.
///
/// Two threads that come first may both prepare it; the work is the same and one result is kept.
fn cached<T: JsonSchema + DeserializeOwned + 'static>(
    dialect: &Dialect,
) -> Result<Output<T>, PrepareError> {
    let key = (TypeId::of::<T>(), dialect.name());
    let prepared = PREPARED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(output) = prepared
        .get(&key)
        .and_then(|output| output.downcast_ref::<Output<T>>())
    {
        return Ok(output.clone());
    }
    drop(prepared);
    let TypeSchemas { write, read, .. } = schemas_of::<T>();
    let title = write
        .get("title")
        .and_then(Value::as_str)
        .unwrap_or("output");
    let (format, relaxations, reader) = parts(title, &write, &read, dialect)?;
    let output = Output::of_json(
        Constraint::JsonSchema(format),
        relaxations,
        Arc::new(reader),
        JsonReader::read,
        JsonReader::read_in_doubt,
    );
    let mut prepared = PREPARED.write().unwrap_or_else(PoisonError::into_inner);
    prepared.insert(key, Box::new(output.clone()));
    Ok(output)
}

type Parts = (
    JsonSchemaFormat,
    Vec<larkspur_schema::Relaxation>,
    JsonReader,
);

/// The schema to write by said in a dialect, and a reader of the answers that checks them against the schema to read by.
pub(crate) fn parts(
    name: &str,
    write: &Value,
    read: &Value,
    dialect: &Dialect,
) -> Result<Parts, PrepareError> {
    let lowered = lower(write, dialect)?;
    let reader = JsonReader::lowered(read, &lowered)?;
    let format = JsonSchemaFormat::strict(mangle_name(name), lowered.schema);
    Ok((format, lowered.relaxations, reader))
}
