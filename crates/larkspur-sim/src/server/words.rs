//! What the services say each in their own way: errors, and the headers of every answer.

use std::time::Duration;

use axum::http::Method;
use axum::response::{IntoResponse as _, Response};

use super::{Head, MESSAGES, gemini};
use crate::api_error::ApiError;
use crate::app::App;

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
        if path == MESSAGES {
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
