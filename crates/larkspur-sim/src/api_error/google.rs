//! Errors in the words of Google's service.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::ApiError;

/// Where the service has one text for all errors of a kind.
const INTERNAL: &str = "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting";
const OVERLOADED: &str = "The model is overloaded. Please try again later.";
const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";
const NO_KEY: &str = "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
const WRONG_KEY: &str = "API key not valid. Please pass a valid API key.";

/// Of a body that is JSON, but no object.
pub(crate) const NO_MESSAGE: &str =
    "Invalid JSON payload received. Unknown name \"\": Root element must be a message.";

/// The status, its word, and what is said.
pub(super) fn response(error: ApiError) -> Response {
    let (status, word, message) = match error.status {
        StatusCode::UNAUTHORIZED if error.code.is_none() => (
            StatusCode::FORBIDDEN,
            "PERMISSION_DENIED",
            NO_KEY.to_owned(),
        ),
        StatusCode::UNAUTHORIZED => (
            StatusCode::BAD_REQUEST,
            "INVALID_ARGUMENT",
            WRONG_KEY.to_owned(),
        ),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            (StatusCode::NOT_FOUND, "NOT_FOUND", error.message.clone())
        }
        StatusCode::TOO_MANY_REQUESTS => (error.status, "RESOURCE_EXHAUSTED", QUOTA.to_owned()),
        StatusCode::SERVICE_UNAVAILABLE => (error.status, "UNAVAILABLE", OVERLOADED.to_owned()),
        StatusCode::REQUEST_TIMEOUT => (
            StatusCode::GATEWAY_TIMEOUT,
            "DEADLINE_EXCEEDED",
            error.message.clone(),
        ),
        status if status.is_server_error() => (status, "INTERNAL", INTERNAL.to_owned()),
        _ => (
            StatusCode::BAD_REQUEST,
            "INVALID_ARGUMENT",
            error.message.clone(),
        ),
    };
    let mut said = json!({"code": status.as_u16(), "message": message, "status": word});
    let details = details(&error);
    if let (Some(said), false) = (said.as_object_mut(), details.is_empty()) {
        said.insert("details".to_owned(), Value::Array(details));
    }
    let body = axum::Json(json!({"error": said}));
    match error.header {
        // Seconds and parts of them stand in the details.
        Some(header) if header.0 == "retry-after" && delay(&header).is_none() => {
            (status, [*header], body).into_response()
        }
        _ => (status, body).into_response(),
    }
}

fn details(error: &ApiError) -> Vec<Value> {
    let mut details = Vec::new();
    match error.code {
        Some("invalid_api_key") => details.push(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
            "domain": "googleapis.com", "metadata": {"service": "generativelanguage.googleapis.com"},
        })),
        Some("no_message") => details.push(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"description": NO_MESSAGE}],
        })),
        Some("insufficient_quota") => {
            details.push(quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"));
        }
        Some("rate_limit_exceeded") => {
            details.push(quota("GenerateRequestsPerMinutePerProjectPerModel"));
        }
        _ => {}
    }
    if let Some(delay) = error.header.as_deref().and_then(delay) {
        details.push(
            json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}),
        );
    }
    details
}

fn quota(id: &str) -> Value {
    let metric = "generativelanguage.googleapis.com/generate_content_requests";
    json!({"@type": "type.googleapis.com/google.rpc.QuotaFailure",
           "violations": [{"quotaMetric": metric, "quotaId": id}]})
}

/// How long to wait, in seconds with the letter `s`.
fn delay((name, value): &(&'static str, String)) -> Option<String> {
    let number: f64 = value.parse().ok()?;
    match *name {
        "retry-after-ms" => Some(format!("{}s", number / 1000.0)),
        "retry-after" => Some(format!("{number}s")),
        _ => None,
    }
}
