//! `metadata`: at most 16 pairs of short texts.

use crate::api_error::ApiError;
use crate::fields::Fields;

const MAX_PAIRS: usize = 16;
const MAX_KEY: usize = 64;
const MAX_VALUE: usize = 512;

pub(super) fn check(body: &Fields<'_>) -> Result<(), ApiError> {
    let Some(metadata) = body.object("metadata")? else {
        return Ok(());
    };
    let pairs = metadata.names().count();
    if pairs > MAX_PAIRS {
        let message = format!(
            "Invalid 'metadata': too many properties. Expected an object with at most {MAX_PAIRS} properties, but got an object with {pairs} properties instead."
        );
        return Err(ApiError::invalid(message)
            .param("metadata")
            .code("object_above_max_properties"));
    }
    for key in metadata.names() {
        let length = key.chars().count();
        if length > MAX_KEY {
            let message = format!(
                "Invalid 'metadata': object key too long. Expected object keys with maximum length {MAX_KEY}, but got a key with length {length} instead."
            );
            return Err(ApiError::invalid(message)
                .param("metadata")
                .code("string_above_max_length"));
        }
        let length = metadata
            .string(key)?
            .map_or(0, |value| value.chars().count());
        if length > MAX_VALUE {
            return Err(ApiError::too_long(&metadata.path(key), MAX_VALUE, length));
        }
    }
    Ok(())
}
