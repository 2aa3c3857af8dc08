//! What it means when a request fails, and what the server says about trying again.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use larkspur_wire::ErrorBody;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, LOCATION};

use super::{Answered, Read, Transport};
use crate::error::{Body, Error, Kind, StatusError, excerpt};
use crate::ledger::Attempt;
use crate::retry::{Failure, ServerHints};

/// The most of an error body that an error holds.
const ERROR_BODY: usize = 64 * 1024;

/// How long the rest of an error body is waited for.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// A bad status, or none, and what the server says about trying again.
pub(crate) struct Failed {
    pub(super) error: Error,
    pub(crate) attempt: Attempt,
    pub(super) hints: ServerHints,
}

impl Failed {
    pub(super) fn new((error, hints): (Error, ServerHints), mut attempt: Attempt) -> Box<Self> {
        attempt.fail(&error);
        tracing::debug!(
            status = attempt.status,
            request_id = attempt.request_id,
            "failed"
        );
        Box::new(Self {
            error,
            attempt,
            hints,
        })
    }

    /// Whether it may go better the next time.
    pub(crate) fn is_passing(&self) -> bool {
        failure(&self.error).is_some_and(|failure| failure.is_worth_a_retry())
    }
}

impl Transport {
    pub(super) fn too_late(&self) -> Error {
        Error::new(Kind::Timeout {
            waited: self.timeout,
        })
    }

    pub(super) fn too_large(&self) -> Error {
        Error::new(Kind::TooLarge {
            limit: self.max_response_bytes,
        })
    }

    /// The error for an error status. The status is worth more than its body: what of that does not come, or not in
    /// good time, is left out.
    pub(super) async fn refused(&self, mut response: reqwest::Response) -> (Error, ServerHints) {
        let body =
            tokio::time::timeout(ERROR_BODY_TIME, self.read(&mut response, ERROR_BODY)).await;
        let body = match body {
            Ok(Ok(Read::All(body) | Read::Cut(body))) => body,
            _ => Bytes::new(),
        };
        let header = |name| self.header(response.headers(), name);
        let hints = ServerHints {
            retry_after_ms: header("retry-after-ms"),
            retry_after: header("retry-after"),
            should_retry: header("x-should-retry"),
        };
        let text = self.credentials.redact(&String::from_utf8_lossy(&body));
        let said = ErrorBody::from_text(&text).map(|body| body.error);
        let hints = match &said {
            Some(said) => hints.or_said_in(said),
            None => hints,
        };
        let error = StatusError {
            status: response.status().as_u16(),
            error: said,
            body: Body {
                text,
                content_type: header(CONTENT_TYPE.as_str()),
            },
            retry_after: hints.delay(SystemTime::now()),
            location: header(LOCATION.as_str()),
        };
        (Error::new(Kind::Status(Box::new(error))), hints)
    }

    /// What a transport error means. Its URL stays out, for it may hold what nobody should read.
    pub(super) fn broken(&self, error: reqwest::Error) -> Error {
        let error = error.without_url();
        let reason = self.credentials.redact(&root_cause(&error));
        if error.is_connect() {
            let address = address(&self.base);
            return Error::new(Kind::Connect { address, reason });
        }
        if error.is_timeout() {
            return self.too_late();
        }
        Error::new(Kind::Broken { reason })
    }
}

impl Answered {
    /// The error for a good status with a body that is not the answer.
    pub(crate) fn undecodable(&self, problem: &str) -> Error {
        let body = self.body.get(..ERROR_BODY).unwrap_or(&self.body);
        let text = String::from_utf8_lossy(body).into_owned();
        let content_type = self.content_type.clone();
        let kind = content_type.as_deref().unwrap_or("no content type");
        let reason = if text.trim().is_empty() {
            "the body is empty".to_owned()
        } else if kind.starts_with("text/event-stream") {
            "the server streams events although none were asked for".to_owned()
        } else {
            format!("{problem} ({kind}): {}", excerpt(&text))
        };
        Error::new(Kind::Decode {
            reason,
            body: Body { text, content_type },
        })
    }
}

impl From<Error> for (Error, ServerHints) {
    /// A failure about which no server says anything.
    fn from(error: Error) -> Self {
        (error, ServerHints::default())
    }
}

/// What there is to retry, if anything.
pub(super) fn failure(error: &Error) -> Option<Failure<'_>> {
    match error.kind() {
        Kind::Status(status) => Some(Failure::Status {
            status: status.status,
            code: error.code(),
        }),
        Kind::Connect { .. } | Kind::Broken { .. } => Some(Failure::Connection),
        Kind::Timeout { .. } => Some(Failure::Timeout),
        _ => None,
    }
}

/// The innermost message, which names the cause: "connection refused", not "error sending request".
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn address(base: &Url) -> String {
    let host = base.host_str().unwrap_or("?");
    base.port_or_known_default()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
