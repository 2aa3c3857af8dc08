//! The fields of one JSON object of a request, with the path that error messages name.

use serde_json::{Map, Value};

use crate::api_error::ApiError;

/// An object of the request and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    /// The fields of a whole body.
    pub(crate) fn body(object: &'a Map<String, Value>) -> Self {
        Self {
            object,
            path: String::new(),
        }
    }

    /// The fields of `value` at `path`.
    pub(crate) fn of(value: &'a Value, path: impl Into<String>) -> Result<Self, ApiError> {
        let path = path.into();
        match value.as_object() {
            Some(object) => Ok(Self { object, path }),
            None => Err(ApiError::wrong_type(&path, "an object", value)),
        }
    }

    /// The path of a field, as messages write it: `text.format.name`.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// Refuses fields that are not in the list.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self
            .object
            .keys()
            .find(|name| !known.contains(&name.as_str()))
        {
            Some(name) => Err(ApiError::unknown_parameter(&self.path(name))),
            None => Ok(()),
        }
    }

    /// The names of the fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.object.keys().map(String::as_str)
    }

    /// A field that is there and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// A field that has to be there.
    pub(crate) fn required(&self, name: &str) -> Result<&'a Value, ApiError> {
        self.get(name)
            .ok_or_else(|| ApiError::missing(&self.path(name)))
    }

    pub(crate) fn string(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        self.get(name)
            .map(|value| self.as_string(name, value))
            .transpose()
    }

    pub(crate) fn required_string(&self, name: &str) -> Result<&'a str, ApiError> {
        self.as_string(name, self.required(name)?)
    }

    fn as_string(&self, name: &str, value: &'a Value) -> Result<&'a str, ApiError> {
        value
            .as_str()
            .ok_or_else(|| ApiError::wrong_type(&self.path(name), "a string", value))
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        value
            .as_bool()
            .map(Some)
            .ok_or_else(|| ApiError::wrong_type(&self.path(name), "a boolean", value))
    }

    pub(crate) fn array(&self, name: &str) -> Result<Option<&'a [Value]>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let items = value
            .as_array()
            .ok_or_else(|| ApiError::wrong_type(&self.path(name), "an array", value))?;
        Ok(Some(items))
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, ApiError> {
        self.get(name)
            .map(|value| Fields::of(value, self.path(name)))
            .transpose()
    }

    /// A field out of a fixed list of texts.
    pub(crate) fn one_of(
        &self,
        name: &str,
        supported: &[&str],
    ) -> Result<Option<&'a str>, ApiError> {
        let Some(found) = self.string(name)? else {
            return Ok(None);
        };
        if supported.contains(&found) {
            return Ok(Some(found));
        }
        Err(ApiError::invalid_value(&self.path(name), found, supported))
    }

    /// A whole number within bounds.
    pub(crate) fn integer(&self, name: &str, low: i64, high: i64) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let path = self.path(name);
        let beyond = |side: &str, sign: &str, bound: i64, code| {
            let message = format!(
                "Invalid '{path}': integer {side} value. Expected a value {sign} {bound}, but got {value} instead."
            );
            ApiError::invalid(message).param(&path).code(code)
        };
        match value.as_i64() {
            Some(number) if number < low => Err(beyond(
                "below minimum",
                ">=",
                low,
                "integer_below_min_value",
            )),
            Some(number) if number > high => Err(beyond(
                "above maximum",
                "<=",
                high,
                "integer_above_max_value",
            )),
            Some(number) => Ok(Some(number)),
            None if value.is_u64() => Err(beyond(
                "above maximum",
                "<=",
                high,
                "integer_above_max_value",
            )),
            None => Err(ApiError::wrong_type(&path, "an integer", value)),
        }
    }

    /// A number within bounds.
    pub(crate) fn decimal(&self, name: &str, low: f64, high: f64) -> Result<Option<f64>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let path = self.path(name);
        let Some(number) = value.as_f64() else {
            return Err(ApiError::wrong_type(&path, "a decimal", value));
        };
        let beyond = |side: &str, sign: &str, bound: f64, code| {
            let message = format!(
                "Invalid '{path}': decimal {side} value. Expected a value {sign} {bound}, but got {value} instead."
            );
            Err(ApiError::invalid(message).param(&path).code(code))
        };
        if number < low {
            return beyond("below minimum", ">=", low, "decimal_below_min_value");
        }
        if number > high {
            return beyond("above maximum", "<=", high, "decimal_above_max_value");
        }
        Ok(Some(number))
    }
}
