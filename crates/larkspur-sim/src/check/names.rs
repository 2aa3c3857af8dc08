//! Names of formats and tools.

use crate::api_error::ApiError;
use crate::fields::Fields;

const MAX_NAME: usize = 64;

/// A required `name` that fits `^[a-zA-Z0-9_-]+$` and 64 characters.
pub(super) fn name<'a>(fields: &Fields<'a>) -> Result<&'a str, ApiError> {
    let name = fields.required_string("name")?;
    let path = fields.path("name");
    let length = name.chars().count();
    if name.is_empty() {
        return Err(ApiError::empty_string(&path));
    }
    if length > MAX_NAME {
        return Err(ApiError::too_long(&path, MAX_NAME, length));
    }
    if !name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    {
        return Err(ApiError::pattern(&path, "^[a-zA-Z0-9_-]+$"));
    }
    Ok(name)
}
