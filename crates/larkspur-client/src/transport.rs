//! One request over HTTP and back, with retries; no knowledge of what is in the bodies.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use larkspur_wire::ErrorBody;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use tokio::time::Sleep;

use crate::call::Call;
use crate::cassette::Cassette;
use crate::error::{Body, Error, Kind, StatusError, excerpt};
use crate::gate::{Gate, Pass};
use crate::hedge::Hedges;
use crate::ledger::{Attempt, AttemptKind, Ledger};
use crate::retry::{Decision, Failure, RetryPolicy, ServerHints};
use crate::secret::Credentials;

/// The most of an error body that an error holds.
const ERROR_BODY: usize = 64 * 1024;

/// How long the rest of an error body is waited for.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// Everything a request needs but its body.
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) credentials: Credentials,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) gate: Gate,
    pub(crate) cassette: Option<Cassette>,
    pub(crate) hedges: Option<Hedges>,
}

/// A good answer: its bytes, and what the attempt was.
pub(crate) struct Answered {
    pub(crate) body: Bytes,
    pub(crate) content_type: Option<String>,
    pub(crate) attempt: Attempt,
    pub(crate) pass: Pass,
}

/// A good status, behind which the answer comes in pieces.
pub(crate) struct Opened {
    pub(crate) incoming: Incoming,
    pub(crate) content_type: Option<String>,
    pub(crate) attempt: Attempt,
    pub(crate) started: Instant,
    /// The place among those under way, to be left at the end.
    pub(crate) pass: Pass,
}

/// The pieces of an answer. Dropping them closes the connection.
pub(crate) struct Incoming {
    body: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    /// The end of the attempt, which is one for all pieces.
    deadline: Pin<Box<Sleep>>,
    /// Bytes that may still come.
    left: usize,
}

impl Incoming {
    /// Closes the connection; nothing more comes.
    #[cfg(feature = "grammar")]
    pub(crate) fn close(&mut self) {
        self.body = Box::pin(Closed);
    }
}

/// A body of which nothing comes.
#[cfg(feature = "grammar")]
struct Closed;

#[cfg(feature = "grammar")]
impl Stream for Closed {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}

/// A good status.
pub(crate) struct Begun {
    response: reqwest::Response,
    pub(crate) attempt: Attempt,
    started: Instant,
    pass: Pass,
}

/// A bad one, and what the server says about trying again.
pub(crate) struct Failed {
    error: Error,
    pub(crate) attempt: Attempt,
    hints: ServerHints,
}

impl Failed {
    fn new((error, hints): (Error, ServerHints), mut attempt: Attempt) -> Box<Self> {
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
    /// Sends until an answer comes or the policy says stop. Failed attempts go into the ledger; the good one comes
    /// back, to be completed with its usage.
    pub(crate) async fn send(
        &self,
        call: &Call,
        mut kind: AttemptKind,
        ledger: &mut Ledger,
    ) -> Result<Answered, Error> {
        let mut failures = 0;
        loop {
            match self.send_once(call, kind, ledger).await {
                Ok(answered) => return Ok(answered),
                Err(failed) => self.wait(call, *failed, failures, ledger).await?,
            }
            failures += 1;
            kind = AttemptKind::Retry;
        }
    }

    /// Sends until an answer begins or the policy says stop: what has begun is not asked for again.
    pub(crate) async fn open(
        &self,
        call: &Call,
        mut kind: AttemptKind,
        ledger: &mut Ledger,
    ) -> Result<Opened, Error> {
        let mut failures = 0;
        loop {
            match self.open_once(call, kind, ledger).await {
                Ok(opened) => return Ok(opened),
                Err(failed) => self.wait(call, *failed, failures, ledger).await?,
            }
            failures += 1;
            kind = AttemptKind::Retry;
        }
    }

    /// Waits until it may be tried again, if it may.
    async fn wait(
        &self,
        call: &Call,
        failed: Failed,
        failures: u32,
        ledger: &mut Ledger,
    ) -> Result<(), Error> {
        ledger.push(failed.attempt);
        let failure = failure(&failed.error).filter(|_| call.may_be_repeated(&failed.error));
        let Some(failure) = failure else {
            return Err(failed.error);
        };
        let now = SystemTime::now();
        match self
            .retry
            .decide(failures, &failure, &failed.hints, now, random())
        {
            Decision::Retry { after } => {
                tracing::debug!(failures, delay_ms = after.as_millis(), "retry");
                tokio::time::sleep(after).await;
                Ok(())
            }
            Decision::Stop(reason) => Err(failed.error.with_stop(reason)),
        }
    }

    async fn send_once(
        &self,
        call: &Call,
        kind: AttemptKind,
        ledger: &mut Ledger,
    ) -> Result<Answered, Box<Failed>> {
        let Begun {
            mut response,
            mut attempt,
            started,
            mut pass,
        } = self.begun(call, kind, ledger).await?;
        let left = self.timeout.saturating_sub(started.elapsed());
        let outcome = tokio::time::timeout(left, self.whole(&mut response)).await;
        attempt.elapsed = started.elapsed();
        pass.leave();
        match outcome.unwrap_or_else(|_| Err(self.too_late())) {
            Ok(body) => Ok(Answered {
                body,
                content_type: self.header(response.headers(), CONTENT_TYPE.as_str()),
                attempt,
                pass,
            }),
            Err(error) => Err(Failed::new(error.into(), attempt)),
        }
    }

    async fn open_once(
        &self,
        call: &Call,
        kind: AttemptKind,
        ledger: &mut Ledger,
    ) -> Result<Opened, Box<Failed>> {
        let Begun {
            response,
            attempt,
            started,
            pass,
        } = self.begun(call, kind, ledger).await?;
        let content_type = self.header(response.headers(), CONTENT_TYPE.as_str());
        let left = self.timeout.saturating_sub(attempt.elapsed);
        let incoming = Incoming {
            body: Box::pin(response.bytes_stream()),
            deadline: Box::pin(tokio::time::sleep(left)),
            left: self.max_response_bytes,
        };
        Ok(Opened {
            incoming,
            content_type,
            attempt,
            started,
            pass,
        })
    }

    /// Sends and waits for a good status, from two requests at once where the client is set up for that and the call allows it.
    async fn begun(
        &self,
        call: &Call,
        kind: AttemptKind,
        ledger: &mut Ledger,
    ) -> Result<Begun, Box<Failed>> {
        match &self.hedges {
            Some(hedges) if call.harmless => {
                Box::pin(self.begin_hedged(hedges, call, kind, ledger)).await
            }
            _ => self.begin_once(call, kind, self.enter(call).await).await,
        }
    }

    /// Sends once, and waits for a good status.
    pub(crate) async fn begin_once(
        &self,
        call: &Call,
        kind: AttemptKind,
        mut pass: Pass,
    ) -> Result<Begun, Box<Failed>> {
        let started = Instant::now();
        let mut attempt = Attempt::new(kind, self.base.as_str());
        let outcome =
            tokio::time::timeout(self.timeout, self.begin(call, &mut attempt, &mut pass)).await;
        attempt.elapsed = started.elapsed();
        match outcome.unwrap_or_else(|_| Err(self.too_late().into())) {
            Ok(response) => Ok(Begun {
                response,
                attempt,
                started,
                pass,
            }),
            Err(failed) => Err(Failed::new(failed, attempt)),
        }
    }

    /// Waits until the call may be sent. No timeout counts that.
    pub(crate) async fn enter(&self, call: &Call) -> Pass {
        let bytes = call.body.as_ref().map_or(0, Bytes::len);
        self.gate.enter(call.model.as_deref(), bytes).await
    }

    /// All of an answer, without any of the secrets.
    async fn whole(&self, response: &mut reqwest::Response) -> Result<Bytes, Error> {
        match self.read(response, self.max_response_bytes).await? {
            Read::All(body) => Ok(self.credentials.redact_body(body)),
            Read::Cut(_) => Err(self.too_large()),
        }
    }

    /// Sends, and waits for a good status.
    async fn begin(
        &self,
        call: &Call,
        attempt: &mut Attempt,
        pass: &mut Pass,
    ) -> Result<reqwest::Response, (Error, ServerHints)> {
        let headers = self.credentials.headers();
        let request = self.http.request(call.method.clone(), self.url(call));
        let mut request = request.headers(headers);
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, &*call.content_type)
                .body(body.clone());
        }
        let response = match self.played(call) {
            Some(played) => played?,
            None => request.send().await.map_err(|error| self.broken(error))?,
        };
        let response = match &self.cassette {
            Some(cassette) => cassette.hear(call, response, &self.credentials),
            None => response,
        };
        attempt.status = Some(response.status().as_u16());
        let id = |name| self.header(response.headers(), name);
        attempt.request_id = id("x-request-id").or_else(|| id("request-id"));
        pass.heard(response.headers());
        if response.status().is_success() {
            return Ok(response);
        }
        let (error, hints) = self.refused(response).await;
        let is_passing = failure(&error).is_some_and(|failure| failure.is_worth_a_retry());
        if let (true, Some(429), Some(wait)) = (is_passing, error.status(), error.retry_after()) {
            pass.pause(wait);
        }
        Err((error, hints))
    }

    /// Where a call goes. The base is not read again for each.
    fn url(&self, call: &Call) -> Url {
        let (path, query) = match call.path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (&*call.path, None),
        };
        let mut url = self.base.clone();
        url.set_path(&format!(
            "{}/{path}",
            self.base.path().trim_end_matches('/')
        ));
        url.set_query(query);
        url
    }

    /// What a cassette has for this call, where one is played.
    fn played(&self, call: &Call) -> Option<Result<reqwest::Response, Error>> {
        self.cassette.as_ref()?.play(call, &self.credentials)
    }

    /// The next bytes of an answer that comes in pieces; `None` at its end.
    pub(crate) fn poll_incoming(
        &self,
        incoming: &mut Incoming,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, Error>> {
        if incoming.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(self.too_late()));
        }
        let chunk = ready!(incoming.body.as_mut().poll_next(context));
        Poll::Ready(match chunk {
            None => Ok(None),
            Some(Err(error)) => Err(self.broken(error)),
            Some(Ok(chunk)) if chunk.len() > incoming.left => Err(self.too_large()),
            Some(Ok(chunk)) => {
                incoming.left -= chunk.len();
                Ok(Some(chunk))
            }
        })
    }

    fn too_late(&self) -> Error {
        Error::new(Kind::Timeout {
            waited: self.timeout,
        })
    }

    fn too_large(&self) -> Error {
        Error::new(Kind::TooLarge {
            limit: self.max_response_bytes,
        })
    }

    /// The error for an error status. The status is worth more than its body: what of that does not come, or not in
    /// good time, is left out.
    async fn refused(&self, mut response: reqwest::Response) -> (Error, ServerHints) {
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

    /// Reads a body up to a limit, whatever length the server announced.
    async fn read(&self, response: &mut reqwest::Response, limit: usize) -> Result<Read, Error> {
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(error))? {
            let room = limit.saturating_sub(body.len());
            if chunk.len() > room {
                body.extend_from_slice(chunk.get(..room).unwrap_or_default());
                return Ok(Read::Cut(body.freeze()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Read::All(body.freeze()))
    }

    fn header(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let value = headers.get(name)?;
        Some(self.credentials.redact(value.to_str().ok()?))
    }

    /// What a transport error means. Its URL stays out, for it may hold what nobody should read.
    fn broken(&self, error: reqwest::Error) -> Error {
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

enum Read {
    All(Bytes),
    Cut(Bytes),
}

/// What there is to retry, if anything.
fn failure(error: &Error) -> Option<Failure<'_>> {
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

/// A number in `0.0..1.0`. The standard library's hasher keys are random enough to spread clients out.
#[expect(clippy::cast_precision_loss, reason = "a random number loses nothing")]
fn random() -> f64 {
    use std::hash::{BuildHasher as _, RandomState};
    let bits = RandomState::new().hash_one(0_u8) >> 11;
    bits as f64 / (1_u64 << 53) as f64
}
