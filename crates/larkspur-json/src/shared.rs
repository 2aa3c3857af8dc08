//! JSON that is written many times.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// A value that is written many times and does not change, such as the schema that goes into every request for its type: clones share it,
/// and [`to_vec`] makes its text once.
///
/// Read, and written by anything else, it is the [`Value`] that it holds.
#[derive(Clone, Default)]
pub struct SharedValue(Arc<Inner>);

#[derive(Default)]
struct Inner {
    value: Value,
    /// None where it could not be written, which the writer then says again.
    text: OnceLock<Option<Box<RawValue>>>,
}

thread_local! {
    /// Whether what is written now is written by [`to_vec`].
    static BY_TEXTS: Cell<bool> = const { Cell::new(false) };
}

/// Puts back what was there before, also where a panic ends the writing.
struct Before(bool);

impl Drop for Before {
    fn drop(&mut self) {
        BY_TEXTS.set(self.0);
    }
}

/// What [`serde_json::to_vec`] writes, faster where [shared values](SharedValue) are in it: their texts are copied.
///
/// ```
/// use larkspur_json::SharedValue;
/// use serde_json::json;
///
/// let schema = SharedValue::from(json!({"type": "integer"}));
/// assert_eq!(schema["type"], "integer");
/// let text = larkspur_json::to_vec(&[&schema, &schema.clone()])?;
/// assert_eq!(text, br#"[{"type":"integer"},{"type":"integer"}]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// As `serde_json::to_vec`: a map has keys that are no strings, or the value refuses to be written.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    // Most texts are no longer, and growing copies what is there.
    let mut text = Vec::with_capacity(1_000);
    let _before = Before(BY_TEXTS.replace(true));
    serde_json::to_writer(&mut text, value)?;
    Ok(text)
}

impl Deref for SharedValue {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0.value
    }
}

impl From<Value> for SharedValue {
    fn from(value: Value) -> Self {
        let text = OnceLock::new();
        Self(Arc::new(Inner { value, text }))
    }
}

impl fmt::Debug for SharedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.value.fmt(f)
    }
}

impl PartialEq for SharedValue {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.value == other.0.value
    }
}

impl Serialize for SharedValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !BY_TEXTS.get() {
            return self.0.value.serialize(serializer);
        }
        let text = || to_raw_value(&self.0.value).ok();
        match self.0.text.get_or_init(text) {
            Some(text) => text.serialize(serializer),
            None => self.0.value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for SharedValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}
