//! Errors as OpenAI words them.
//!
//! Texts, `param` and `code` follow what the live service has been seen to answer (the OpenAI guide "Error codes" and
//! public reports). A text that nobody has published is marked where it is made.

mod google;

pub(crate) use google::NO_MESSAGE;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use larkspur_wire::{ErrorBody, ErrorObject};
use serde_json::{Value, json};

/// A request that is refused: the body `{"error": {message, type, param, code}}` and its status.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    kind: &'static str,
    message: String,
    param: Option<String>,
    code: Option<&'static str>,
    header: Option<Box<(&'static str, String)>>,
}

impl ApiError {
    /// A bad request without `param` and `code`.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "invalid_request_error",
            message: message.into(),
            param: None,
            code: None,
            header: None,
        }
    }

    pub(crate) fn param(self, param: impl Into<String>) -> Self {
        Self {
            param: Some(param.into()),
            ..self
        }
    }

    pub(crate) fn code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    pub(crate) fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// Adds a header.
    pub(crate) fn header(self, name: &'static str, value: String) -> Self {
        Self {
            header: Some(Box::new((name, value))),
            ..self
        }
    }

    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The server's own fault.
    pub(crate) fn server(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "server_error",
            ..Self::invalid(message)
        }
        .code("server_error")
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self::invalid(format!("Missing required parameter: '{param}'."))
            .param(param)
            .code("missing_required_parameter")
    }

    pub(crate) fn unknown_parameter(param: &str) -> Self {
        Self::invalid(format!("Unknown parameter: '{param}'."))
            .param(param)
            .code("unknown_parameter")
    }

    pub(crate) fn wrong_type(param: &str, expected: &str, found: &Value) -> Self {
        let message = format!(
            "Invalid type for '{param}': expected {expected}, but got {} instead.",
            type_of(found)
        );
        Self::invalid(message).param(param).code("invalid_type")
    }

    /// A value outside a fixed list.
    pub(crate) fn invalid_value(param: &str, found: &str, supported: &[&str]) -> Self {
        Self::invalid(format!(
            "Invalid value: '{found}'. Supported values are: {}.",
            quoted_list(supported)
        ))
        .param(param)
        .code("invalid_value")
    }

    pub(crate) fn unsupported_value(message: impl Into<String>, param: &str) -> Self {
        Self::invalid(message)
            .param(param)
            .code("unsupported_value")
    }

    pub(crate) fn unsupported_parameter(message: impl Into<String>, param: &str) -> Self {
        Self::invalid(message)
            .param(param)
            .code("unsupported_parameter")
    }

    pub(crate) fn too_long(param: &str, most: usize, found: usize) -> Self {
        let message = format!(
            "Invalid '{param}': string too long. Expected a string with maximum length {most}, but got a string with length {found} instead."
        );
        Self::invalid(message)
            .param(param)
            .code("string_above_max_length")
    }

    pub(crate) fn empty_string(param: &str) -> Self {
        let message = format!(
            "Invalid '{param}': empty string. Expected a string with minimum length 1, but got an empty string instead."
        );
        Self::invalid(message).param(param).code("empty_string")
    }

    pub(crate) fn pattern(param: &str, pattern: &str) -> Self {
        let message = format!(
            "Invalid '{param}': string does not match pattern. Expected a string that matches the pattern '{pattern}'."
        );
        Self::invalid(message).param(param).code("invalid_value")
    }

    /// The error as Anthropic's service words it: `{"type": "error", "error": {type, message}, "request_id"}`, with statuses of its own
    /// (API reference, "Errors").
    pub(crate) fn in_words_of_anthropic(self, request_id: &str) -> Response {
        let (status, kind) = match self.status {
            _ if self.code == Some("insufficient_quota") => {
                (StatusCode::BAD_REQUEST, "invalid_request_error")
            }
            StatusCode::UNAUTHORIZED => (self.status, "authentication_error"),
            StatusCode::FORBIDDEN => (self.status, "permission_error"),
            StatusCode::NOT_FOUND => (self.status, "not_found_error"),
            StatusCode::PAYLOAD_TOO_LARGE => (self.status, "request_too_large"),
            StatusCode::TOO_MANY_REQUESTS => (self.status, "rate_limit_error"),
            StatusCode::SERVICE_UNAVAILABLE => (overloaded(), "overloaded_error"),
            status if status.is_server_error() => (status, "api_error"),
            status => (status, "invalid_request_error"),
        };
        let error = json!({"type": kind, "message": self.message});
        let body = axum::Json(json!({"type": "error", "error": error, "request_id": request_id}));
        match self.header {
            Some(header) => (status, [*header], body).into_response(),
            None => (status, body).into_response(),
        }
    }

    /// The error as Google's service words it: `{"error": {code, message, status, details}}`, where what to wait for stands in the details
    /// (the guide "Troubleshooting"; `google.rpc.Code`).
    pub(crate) fn in_words_of_google(self) -> Response {
        google::response(self)
    }

    /// The body as it travels.
    pub(crate) fn body(&self) -> ErrorBody {
        ErrorBody::new(ErrorObject::new(
            &self.message,
            self.kind,
            self.param.as_deref(),
            self.code,
        ))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = axum::Json(self.body());
        match self.header {
            Some(header) => (self.status, [*header], body).into_response(),
            None => (self.status, body).into_response(),
        }
    }
}

/// Status 529, which no standard has.
fn overloaded() -> StatusCode {
    StatusCode::from_u16(529).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}

/// How OpenAI names the type of a value in its messages.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a decimal number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
pub(crate) fn quoted_list(values: &[&str]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    }
}
