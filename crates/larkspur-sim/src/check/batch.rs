//! The body of `POST /v1/batches`.

use larkspur_wire::batches::CreateBatch;
use serde_json::{Map, Value};

use super::metadata;
use crate::api_error::ApiError;
use crate::fields::Fields;

/// The endpoints whose requests this server answers in a batch.
pub(crate) const RESPONSES: &str = "/v1/responses";
pub(crate) const CHAT: &str = "/v1/chat/completions";

/// Checks the body.
pub(crate) fn batch(body: &Map<String, Value>) -> Result<CreateBatch, ApiError> {
    let fields = Fields::body(body);
    fields.only(&[
        "input_file_id",
        "endpoint",
        "completion_window",
        "metadata",
        "output_expires_after",
    ])?;
    metadata::check(&fields)?;
    fields.required_string("input_file_id")?;
    for (name, supported) in [
        ("endpoint", &[RESPONSES, CHAT][..]),
        ("completion_window", &["24h"]),
    ] {
        fields.required(name)?;
        fields.one_of(name, supported)?;
    }
    let read = serde_json::from_value(Value::Object(body.clone()));
    read.map_err(|error| ApiError::invalid(format!("Invalid request: {error}.")))
}
