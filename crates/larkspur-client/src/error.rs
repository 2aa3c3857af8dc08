//! Why there is no value: from a bad base URL to an answer that was rejected.

mod display;

pub(crate) use display::excerpt;

use std::fmt;
use std::time::Duration;

use larkspur_output::{Outcome, PrepareError, Rejection};
use larkspur_wire::{ErrorObject, StreamError, Usage};

use crate::cost::Cost;
use crate::ledger::{Attempt, Ledger, ToolCall};
use crate::retry::StopReason;

/// Why there is no value.
///
/// Everything that was sent on the way is in the [`ledger`](Self::ledger), also here: attempts that failed may have
/// cost money. No key is ever part of an error, whatever the server echoes.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    ledger: Ledger,
    stop: Option<StopReason>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// The environment names no server.
    NoServer,
    /// The client cannot be built from what it was given.
    Config {
        message: String,
        hint: Option<&'static str>,
    },
    /// The request was not sent, because the server would refuse it.
    Request { problems: Vec<Problem> },
    /// The type of the answer cannot be said to this server.
    Prepare(PrepareError),
    /// No connection.
    Connect { address: String, reason: String },
    /// The connection broke.
    Broken { reason: String },
    /// Too long without an answer.
    Timeout { waited: Duration },
    /// The server answered with an error status.
    Status(Box<StatusError>),
    /// The answer is longer than the limit.
    TooLarge { limit: usize },
    /// The stream broke off, or what it says is not what the API says.
    Stream(StreamError),
    /// The answer is not what the API answers.
    Decode { reason: String, body: Body },
    /// The response says of itself that it failed.
    Failed {
        code: Option<String>,
        message: String,
    },
    /// The server refused the file of a batch.
    BatchRefused {
        code: Option<String>,
        message: String,
    },
    /// The response is not finished.
    Unfinished { status: String },
    /// The model calls tools; the answer comes after they have run.
    Calls { tools: Vec<String> },
    /// Tools were to be run further than the program wants.
    Limit { message: String, hint: &'static str },
    /// A cassette is played, and holds no such request.
    NotRecorded { message: String },
    /// There is an answer, but no value in it.
    NoValue(NoValue),
}

/// One reason for not sending a request.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

/// An error status with what came along.
#[derive(Debug)]
pub(crate) struct StatusError {
    pub(crate) status: u16,
    pub(crate) error: Option<ErrorObject>,
    pub(crate) body: Body,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) location: Option<String>,
}

/// The body of an answer, cut to what an error may hold.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) text: String,
    pub(crate) content_type: Option<String>,
}

/// An answer without a value.
#[derive(Debug)]
pub(crate) enum NoValue {
    Refusal(String),
    Truncated { received: String, reason: String },
    ContentFilter { received: String },
    Invalid(Rejection),
    Unknown,
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            ledger: Ledger::default(),
            stop: None,
        }))
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(Kind::Config {
            message: message.into(),
            hint: None,
        })
    }

    pub(crate) fn config_with_hint(message: impl Into<String>, hint: &'static str) -> Self {
        Self::new(Kind::Config {
            message: message.into(),
            hint: Some(hint),
        })
    }

    pub(crate) fn with_ledger(mut self, ledger: Ledger) -> Self {
        self.0.ledger = ledger;
        self
    }

    pub(crate) fn with_stop(mut self, stop: StopReason) -> Self {
        self.0.stop = Some(stop);
        self
    }

    /// The outcome that is not a value, as an error.
    pub(crate) fn no_value<V>(outcome: Outcome<V>, ledger: Ledger) -> Self {
        let no_value = match outcome {
            Outcome::Refusal(text) => NoValue::Refusal(text),
            Outcome::Truncated { received, reason } => NoValue::Truncated { received, reason },
            Outcome::ContentFilter { received } => NoValue::ContentFilter { received },
            Outcome::Invalid(rejection) => NoValue::Invalid(rejection),
            _ => NoValue::Unknown,
        };
        Self::new(Kind::NoValue(no_value)).with_ledger(ledger)
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// Every attempt that was made, with usage and cost.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// The calls of tools that were run, in order.
    pub fn tool_calls(&self) -> &[ToolCall] {
        self.0.ledger.tool_calls()
    }

    /// The attempts that were made, in order.
    pub fn attempts(&self) -> &[Attempt] {
        self.0.ledger.attempts()
    }

    /// Tokens of all attempts together.
    pub fn usage(&self) -> Usage {
        self.0.ledger.usage()
    }

    /// Cost of all attempts together, at list price.
    pub fn cost(&self) -> Cost {
        self.0.ledger.cost()
    }

    /// The client cannot be built: a missing key, a bad URL, no certificates.
    pub fn is_config(&self) -> bool {
        matches!(self.kind(), Kind::Config { .. } | Kind::NoServer)
    }

    /// The environment names no server, neither by a key nor by a URL: the moment to start a local one.
    pub fn is_no_server(&self) -> bool {
        matches!(self.kind(), Kind::NoServer)
    }

    /// The request was not sent: the type or the schemas in it would be refused.
    pub fn is_request(&self) -> bool {
        matches!(self.kind(), Kind::Request { .. } | Kind::Prepare(_))
    }

    /// No connection could be made.
    pub fn is_connect(&self) -> bool {
        matches!(self.kind(), Kind::Connect { .. })
    }

    /// The connection broke before the answer was complete.
    pub fn is_broken(&self) -> bool {
        matches!(self.kind(), Kind::Broken { .. })
    }

    /// No answer within the timeout.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), Kind::Timeout { .. })
    }

    /// The server answered with an error status; see [`status`](Self::status).
    pub fn is_status(&self) -> bool {
        matches!(self.kind(), Kind::Status(_))
    }

    /// The answer is longer than the limit.
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind(), Kind::TooLarge { .. })
    }

    /// The stream of the answer broke off, held an error, or cannot be read.
    pub fn is_stream(&self) -> bool {
        matches!(self.kind(), Kind::Stream(_))
    }

    /// The answer is not what the API answers: empty, HTML, other JSON.
    pub fn is_decode(&self) -> bool {
        matches!(self.kind(), Kind::Decode { .. })
    }

    /// The response says of itself that it failed.
    pub fn is_failed(&self) -> bool {
        matches!(self.kind(), Kind::Failed { .. })
    }

    /// The server refused the file of a batch.
    pub fn is_batch_refused(&self) -> bool {
        matches!(self.kind(), Kind::BatchRefused { .. })
    }

    /// The response is queued, running or cancelled; or the batch ended before the server came to it.
    pub fn is_unfinished(&self) -> bool {
        matches!(self.kind(), Kind::Unfinished { .. })
    }

    /// The model calls tools instead of answering.
    pub fn is_tool_call(&self) -> bool {
        matches!(self.kind(), Kind::Calls { .. })
    }

    /// A [run of tools](crate::ToolRun) reached its limit of rounds, calls, tokens or money before the answer came.
    pub fn is_limit(&self) -> bool {
        matches!(self.kind(), Kind::Limit { .. })
    }

    /// A [cassette](crate::Cassette) is played, and this request is not on it.
    pub fn is_not_recorded(&self) -> bool {
        matches!(self.kind(), Kind::NotRecorded { .. })
    }

    /// Another server may answer where this one failed: no connection, no answer in time, an answer that breaks off, status 408, 409, 429 or
    /// 5xx, money that is spent, a response that failed on the server's side. What is asked of one server after another goes by this
    /// ([`or_else`](crate::RequestBuilder::or_else)).
    pub fn is_passing(&self) -> bool {
        match self.kind() {
            Kind::Connect { .. } | Kind::Broken { .. } | Kind::Timeout { .. } => true,
            Kind::Status(error) => matches!(error.status, 402 | 408 | 409 | 429 | 500..),
            Kind::Failed { code, .. } => {
                matches!(
                    code.as_deref(),
                    Some("server_error" | "rate_limit_exceeded")
                )
            }
            _ => false,
        }
    }

    /// There is an answer, but it is not of the type; see [`rejection`](Self::rejection).
    pub fn is_rejected(&self) -> bool {
        matches!(self.kind(), Kind::NoValue(NoValue::Invalid(_)))
    }

    /// The model refused; see [`received`](Self::received).
    pub fn is_refusal(&self) -> bool {
        matches!(self.kind(), Kind::NoValue(NoValue::Refusal(_)))
    }

    /// A limit cut the answer; see [`received`](Self::received).
    pub fn is_truncated(&self) -> bool {
        matches!(self.kind(), Kind::NoValue(NoValue::Truncated { .. }))
    }

    /// The server's filter stopped the answer.
    pub fn is_content_filter(&self) -> bool {
        matches!(self.kind(), Kind::NoValue(NoValue::ContentFilter { .. }))
    }

    /// The HTTP status, where the server answered with an error status.
    pub fn status(&self) -> Option<u16> {
        Some(self.status_error()?.status)
    }

    /// What the server calls the last request: `x-request-id`.
    pub fn request_id(&self) -> Option<&str> {
        self.0.ledger.request_id()
    }

    /// The server's reason, for programs: `invalid_json_schema`, `insufficient_quota`.
    pub fn code(&self) -> Option<&str> {
        match self.kind() {
            Kind::Failed { code, .. } | Kind::BatchRefused { code, .. } => code.as_deref(),
            _ => self.server_error()?.reason(),
        }
    }

    /// The field of the request that the server blames.
    pub fn param(&self) -> Option<&str> {
        self.server_error()?.param.as_deref()
    }

    /// What the server says, in its words.
    pub fn message(&self) -> Option<&str> {
        match self.kind() {
            Kind::Failed { message, .. } | Kind::BatchRefused { message, .. } => Some(message),
            _ => Some(self.server_error()?.message.as_str()),
        }
    }

    /// How long the server asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.status_error()?.retry_after
    }

    /// Why the request was not sent again.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.0.stop
    }

    /// The body that came instead of an answer, cut to 64 KiB.
    pub fn body(&self) -> Option<&str> {
        match self.kind() {
            Kind::Status(error) => Some(&error.body.text),
            Kind::Decode { body, .. } => Some(&body.text),
            _ => None,
        }
    }

    /// Why the answer is not of the type, with every violation and its place in the text.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self.kind() {
            Kind::NoValue(NoValue::Invalid(rejection)) => Some(rejection),
            _ => None,
        }
    }

    /// The text of an answer that has no value in it: the refusal, or what came before the cut. The text of a rejected
    /// answer is in its [`rejection`](Self::rejection).
    pub fn received(&self) -> Option<&str> {
        match self.kind() {
            Kind::NoValue(NoValue::Refusal(text)) => Some(text),
            Kind::NoValue(
                NoValue::Truncated { received, .. } | NoValue::ContentFilter { received },
            ) => Some(received),
            _ => None,
        }
    }

    /// The names of the tools that the model calls instead of answering.
    pub fn called_tools(&self) -> &[String] {
        match self.kind() {
            Kind::Calls { tools } => tools,
            _ => &[],
        }
    }

    /// What to do about it, where that can be said.
    pub fn hint(&self) -> Option<String> {
        match self.kind() {
            Kind::NoServer => {
                Some("set OPENAI_API_KEY, or OPENAI_BASE_URL for a server without a key".to_owned())
            }
            Kind::Config { hint, .. } => hint.map(str::to_owned),
            Kind::Request { problems } => problems.iter().find_map(|problem| problem.hint.clone()),
            Kind::Connect { address, .. } => Some(format!("is a server running at {address}?")),
            Kind::Timeout { .. } => {
                Some("raise the client's `timeout`, or lower effort or length".to_owned())
            }
            Kind::Status(error) => error.hint(),
            Kind::Decode { body, .. } => body.hint().map(str::to_owned),
            Kind::TooLarge { .. } => Some("raise the client's `max_response_bytes`".to_owned()),
            Kind::Limit { hint, .. } => Some((*hint).to_owned()),
            Kind::Calls { .. } => {
                Some("run the tools and send their outputs, or send none".to_owned())
            }
            Kind::NoValue(NoValue::Truncated { .. }) => {
                Some("raise `max_output_tokens`; reasoning counts".to_owned())
            }
            _ => None,
        }
    }

    fn status_error(&self) -> Option<&StatusError> {
        match self.kind() {
            Kind::Status(error) => Some(error),
            _ => None,
        }
    }

    fn server_error(&self) -> Option<&ErrorObject> {
        match self.kind() {
            Kind::Stream(StreamError::Server(error)) => Some(error),
            _ => self.status_error()?.error.as_ref(),
        }
    }
}

impl StatusError {
    fn hint(&self) -> Option<String> {
        match self.status {
            300..=399 => Some(match &self.location {
                Some(location) => {
                    format!("the base URL redirects to {location}; redirects are not followed")
                }
                None => "the base URL redirects; redirects are not followed".to_owned(),
            }),
            401 => Some("check the key, and that it belongs to this base URL".to_owned()),
            404 | 405 if self.error.is_none() => {
                self.body.hint().or(Some(BASE_URL)).map(str::to_owned)
            }
            400 | 422 | 500 if self.body.text.contains(NO_JSON_SCHEMA) => Some(
                "this server takes a schema in another spelling; `Provider::llama_cpp()` knows it"
                    .to_owned(),
            ),
            _ => self.body.hint().map(str::to_owned),
        }
    }
}

/// What llama-cpp-python 0.3.36 has to say of `json_schema`, with status 500.
const NO_JSON_SCHEMA: &str = "Input should be 'text' or 'json_object'";

const BASE_URL: &str = "check the base URL; it ends in /v1 as a rule";

impl Body {
    /// A web page instead of JSON is a proxy, or a base URL that is not the API's.
    fn hint(&self) -> Option<&'static str> {
        let typed = self
            .content_type
            .as_deref()
            .is_some_and(|kind| kind.starts_with("text/html"));
        (typed || self.text.trim_start().starts_with('<'))
            .then_some("this is a web page: check the base URL and any proxy on the way")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", self.kind())
            .field("ledger", &self.0.ledger)
            .field("stop", &self.0.stop)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            Kind::Prepare(error) => Some(error),
            Kind::Stream(error) => Some(error),
            Kind::NoValue(NoValue::Invalid(rejection)) => Some(rejection),
            _ => None,
        }
    }
}

impl From<PrepareError> for Error {
    fn from(error: PrepareError) -> Self {
        Self::new(Kind::Prepare(error))
    }
}
