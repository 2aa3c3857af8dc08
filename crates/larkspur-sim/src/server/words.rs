//! What the services say each in their own way: errors, and the headers of every answer.

use std::time::Duration;

use axum::http::Method;
use axum::response::{IntoResponse as _, Response};

use super::{Head, MESSAGES, gemini};
use crate::api_error::{ApiError, NO_MESSAGE};
use crate::app::App;

/// `OpenAI` says no more than this.
const NO_JSON: &str = "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)";

/// Whose errors and headers an answer has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words {
    OpenAi,
    Anthropic,
    Google,
}

impl Words {
    pub(super) fn of(head: &Head) -> Self {
        let path = head.uri.path();
        let asks_model = head.method == Method::POST && path.starts_with("/v1/models/");
        if path.starts_with(MESSAGES) {
            Self::Anthropic
        } else if gemini::is_meant(&head.headers) || asks_model || path.starts_with("/v1beta/") {
            Self::Google
        } else {
            Self::OpenAi
        }
    }

    /// An error as the service words it.
    pub(super) fn refusal(self, error: ApiError, id: &str) -> Response {
        match self {
            Self::OpenAi => error.into_response(),
            Self::Anthropic => error.in_words_of_anthropic(id),
            Self::Google => error.in_words_of_google(),
        }
    }

    /// A body that is no JSON.
    pub(super) fn no_json(self, body: &[u8], error: &serde_json::Error) -> ApiError {
        let at = Place::of(body, error);
        match self {
            Self::OpenAi => ApiError::invalid(NO_JSON),
            Self::Anthropic => {
                let what = if error.is_eof() {
                    "unexpected end of data"
                } else {
                    "unexpected character"
                };
                let Place { line, column, .. } = at;
                ApiError::invalid(format!(
                    "The request body is not valid JSON: {what}: line {line} column {column} (char {})",
                    at.before.chars().count()
                ))
            }
            Self::Google => {
                let what = if error.is_eof() {
                    "Unexpected end of string. Expected a value."
                } else {
                    "Unexpected token."
                };
                ApiError::invalid(format!(
                    "Invalid JSON payload received. {what}\n{}",
                    at.shown()
                ))
            }
        }
    }

    /// A body that is other JSON. Anthropic's text is not known.
    pub(super) fn no_object(self) -> ApiError {
        match self {
            Self::OpenAi => ApiError::invalid(NO_JSON),
            Self::Anthropic => ApiError::invalid("The request body is not a JSON object."),
            Self::Google => ApiError::invalid(NO_MESSAGE).code("no_message"),
        }
    }

    /// What stands in the head of every answer.
    pub(super) fn headers(self, id: String, elapsed: Duration) -> Vec<(&'static str, String)> {
        let milliseconds = elapsed.as_millis();
        match self {
            Self::OpenAi => vec![
                ("x-request-id", id),
                ("openai-processing-ms", milliseconds.to_string()),
                ("openai-version", "2020-10-01".to_owned()),
            ],
            Self::Anthropic => vec![("request-id", id)],
            Self::Google => vec![("server-timing", format!("gfet4t7; dur={milliseconds}"))],
        }
    }

    /// What is left of the limits. Google's service says nothing of it.
    pub(super) fn rates(self, app: &App) -> Vec<(&'static str, String)> {
        match self {
            Self::OpenAi => app.quota.headers(false),
            Self::Anthropic => app.quota.headers(true),
            Self::Google => Vec::new(),
        }
    }
}

/// Where a reader of JSON stopped.
struct Place {
    line: usize,
    column: usize,
    before: String,
    behind: String,
}

impl Place {
    fn of(body: &[u8], error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column().max(1));
        let lines = body.split_inclusive(|byte| *byte == b'\n');
        let start: usize = lines.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
        let at = if error.is_eof() {
            body.len()
        } else {
            start.saturating_add(column - 1).min(body.len())
        };
        let (before, behind) = body.split_at(at);
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            line,
            column,
            before: text(before),
            behind: text(behind),
        }
    }

    /// Twenty letters on both sides, and a sign below (the JSON reader of Google's protocol buffers).
    fn shown(&self) -> String {
        let count = self.before.chars().count();
        let before: String = self.before.chars().skip(count.saturating_sub(20)).collect();
        let behind: String = self.behind.chars().take(20).collect();
        let indent = " ".repeat(before.chars().count());
        format!("{before}{behind}\n{indent}^")
    }
}
