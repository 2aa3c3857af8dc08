//! The query of a URL. Names and values are plain here, so nothing is decoded.

use serde_json::Value;

use crate::api_error::ApiError;

/// What stands behind the `?`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<'a>(pub(crate) &'a str);

impl<'a> Query<'a> {
    /// The value of a name; the last one where there are several.
    pub(crate) fn get(self, name: &str) -> Option<&'a str> {
        let pairs = self.0.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(key, _)| *key == name);
        found.next_back().map(|(_, value)| value)
    }

    /// A value that has to be a whole number.
    pub(crate) fn number(self, name: &str) -> Result<Option<u64>, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let number = text.parse().map(Some);
        number.map_err(|_| ApiError::wrong_type(name, "an integer", &Value::from(text)))
    }
}
