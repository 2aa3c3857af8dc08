//! One request over HTTP and back, with retries; no knowledge of what is in the bodies.

mod failed;
mod incoming;

use std::pin::{Pin, pin};
use std::time::{Duration, Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::Sleep;

use crate::call::Call;
use crate::cassette::Cassette;
use crate::error::Error;
use crate::gate::{Gate, Pass};
use crate::hedge::Hedges;
use crate::ledger::{Attempt, AttemptKind, Ledger};
use crate::retry::{Decision, RetryPolicy, ServerHints};
use crate::secret::Credentials;

pub(crate) use failed::Failed;
use failed::failure;
pub(crate) use incoming::Incoming;

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

/// A good status.
pub(crate) struct Begun {
    response: reqwest::Response,
    pub(crate) attempt: Attempt,
    started: Instant,
    deadline: Deadline,
    pass: Pass,
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
            // In a box, as all that is rare below: every future that asks has room for the largest of its parts.
            match Box::pin(self.send_once(call, kind, ledger)).await {
                Ok(answered) => return Ok(answered),
                Err(failed) => Box::pin(self.wait(call, *failed, failures, ledger)).await?,
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
                Err(failed) => Box::pin(self.wait(call, *failed, failures, ledger)).await?,
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
            mut deadline,
            mut pass,
        } = self.begun(call, kind, ledger).await?;
        let outcome = before(&mut deadline, pin!(self.whole(&mut response))).await;
        attempt.elapsed = started.elapsed();
        pass.leave();
        match outcome.unwrap_or_else(|| Err(self.too_late())) {
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
            deadline,
            pass,
        } = self.begun(call, kind, ledger).await?;
        let content_type = self.header(response.headers(), CONTENT_TYPE.as_str());
        let incoming = Incoming {
            body: Box::pin(response.bytes_stream()),
            deadline,
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
        let mut deadline = Box::pin(tokio::time::sleep(self.timeout));
        let begin = self.begin(call, &mut attempt, &mut pass);
        let outcome = before(&mut deadline, pin!(begin)).await;
        attempt.elapsed = started.elapsed();
        match outcome.unwrap_or_else(|| Err(self.too_late().into())) {
            Ok(response) => Ok(Begun {
                response,
                attempt,
                started,
                deadline,
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
        let response = if let Some(played) = self.played(call) {
            played?
        } else {
            let sent = self.request(call).send().await;
            sent.map_err(|error| self.broken(error))?
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
        let (error, hints) = Box::pin(self.refused(response)).await;
        let is_passing = failure(&error).is_some_and(|failure| failure.is_worth_a_retry());
        if let (true, Some(429), Some(wait)) = (is_passing, error.status(), error.retry_after()) {
            pass.pause(wait);
        }
        Err((error, hints))
    }

    /// The call as it is sent.
    fn request(&self, call: &Call) -> reqwest::RequestBuilder {
        let request = self.http.request(call.method.clone(), self.url(call));
        match &call.body {
            Some(body) => request
                .header(CONTENT_TYPE, &*call.content_type)
                .body(body.clone()),
            None => request,
        }
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
}

/// The end of an attempt: one timer for all of it.
type Deadline = Pin<Box<Sleep>>;

/// What comes of some work, unless the time is over before.
async fn before<W: Future>(deadline: &mut Deadline, work: Pin<&mut W>) -> Option<W::Output> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = deadline => None,
    }
}

enum Read {
    All(Bytes),
    Cut(Bytes),
}

/// A number in `0.0..1.0`. The standard library's hasher keys are random enough to spread clients out.
#[expect(clippy::cast_precision_loss, reason = "a random number loses nothing")]
fn random() -> f64 {
    use std::hash::{BuildHasher as _, RandomState};
    let bits = RandomState::new().hash_one(0_u8) >> 11;
    bits as f64 / (1_u64 << 53) as f64
}
