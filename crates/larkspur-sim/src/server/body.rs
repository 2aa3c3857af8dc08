//! The bodies of requests: as much of them as is taken, as JSON.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::words::Words;
use crate::api_error::ApiError;
use crate::app::App;

pub(super) async fn read(app: &App, request: Request) -> Result<Bytes, ApiError> {
    let most = app.settings.max_body_bytes;
    let body = timeout(
        app.settings.read_time,
        axum::body::to_bytes(request.into_body(), most),
    )
    .await;
    match body {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => {
            let too_large = std::error::Error::source(&error)
                .is_some_and(|source| source.to_string().contains("length limit"));
            Err(if too_large {
                ApiError::invalid(format!(
                    "The request body is larger than the {most} bytes that this server reads."
                ))
                .status(StatusCode::PAYLOAD_TOO_LARGE)
            } else {
                ApiError::invalid("The request body could not be read.")
            })
        }
        Err(_) => Err(
            ApiError::invalid("The request body did not arrive in time.")
                .status(StatusCode::REQUEST_TIMEOUT),
        ),
    }
}

/// The object that a body is, or what the service says in its place.
pub(super) fn parse(words: Words, body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    // Google's service takes no body for one without members.
    if matches!(words, Words::Google) && body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(words.no_object()),
        Err(error) => Err(words.no_json(body, &error)),
    }
}
