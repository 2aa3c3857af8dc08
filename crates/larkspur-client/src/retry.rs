//! When a failed request is sent again, and after how long.
//!
//! The whole decision is one pure function, [`RetryPolicy::decide`]: no clock, no sleep, no randomness of its own.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use larkspur_client::retry::{Decision, Failure, RetryPolicy, ServerHints};
//!
//! let policy = RetryPolicy::default();
//! let busy = Failure::Status { status: 429, code: Some("rate_limit_exceeded") };
//! let hints = ServerHints { retry_after: Some("1.5".to_owned()), ..ServerHints::default() };
//! let decision = policy.decide(0, &busy, &hints, SystemTime::UNIX_EPOCH, 0.0);
//! assert_eq!(decision, Decision::Retry { after: Duration::from_millis(1500) });
//!
//! let broke = Failure::Status { status: 429, code: Some("insufficient_quota") };
//! assert!(matches!(policy.decide(0, &broke, &hints, SystemTime::UNIX_EPOCH, 0.0), Decision::Stop(_)));
//! ```

use std::fmt;
use std::time::{Duration, SystemTime};

use larkspur_wire::{ErrorObject, gemini};

/// Codes of errors that waiting does not cure, whatever the status (`OpenAI` guide "Error codes"; both are 429).
const HOPELESS_CODES: [&str; 3] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_hard_limit_reached",
];

/// When to try again: the rules of the official SDKs, with `code` weighed as well.
///
/// A request that failed before an answer came may still have been billed: the API has no idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    max_retries: u32,
    base_delay: Duration,
    max_delay: Duration,
    jitter: f64,
    max_server_delay: Duration,
}

impl Default for RetryPolicy {
    /// Two retries; `0.5 s · 2ⁿ` up to 8 s, less up to a quarter at random; the server may ask for up to 60 s.
    fn default() -> Self {
        Self {
            max_retries: 2,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            jitter: 0.25,
            max_server_delay: Duration::from_secs(60),
        }
    }
}

/// What went wrong with one attempt, as far as retrying is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure<'a> {
    /// The server answered with an error status.
    Status {
        /// The HTTP status.
        status: u16,
        /// The `code` of the error body.
        code: Option<&'a str>,
    },
    /// No connection, or it broke before the answer was complete.
    Connection,
    /// Too long without an answer.
    Timeout,
}

/// The response headers that have a say, as they came. Google's services say the same in the details of an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerHints {
    /// `retry-after-ms`: milliseconds.
    pub retry_after_ms: Option<String>,
    /// `retry-after`: seconds, may be fractional, or an HTTP date.
    pub retry_after: Option<String>,
    /// `x-should-retry`: `true` or `false`; outranks status and code.
    pub should_retry: Option<String>,
}

/// What [`RetryPolicy::decide`] decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Send it again.
    Retry {
        /// Wait this long first.
        after: Duration,
    },
    /// Report the failure.
    Stop(StopReason),
}

/// Why a failure is reported and not retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The retries that the policy allows are used up.
    Exhausted,
    /// Sending the same again cannot help: status or code say so.
    Hopeless,
    /// The server said `x-should-retry: false`.
    ServerSaysNo,
    /// The server asks for a longer wait than the policy allows.
    WaitTooLong(Duration),
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exhausted => f.write_str("no retries left"),
            Self::Hopeless => f.write_str("a retry cannot help"),
            Self::ServerSaysNo => f.write_str("the server asks not to retry"),
            Self::WaitTooLong(wait) => write!(
                f,
                "the server asks to wait {} s, which is too long",
                wait.as_secs_f64()
            ),
        }
    }
}

impl RetryPolicy {
    /// Every failure is reported at once.
    pub fn none() -> Self {
        Self {
            max_retries: 0,
            ..Self::default()
        }
    }

    /// At most this many attempts after the first.
    pub fn max_retries(self, max_retries: u32) -> Self {
        Self {
            max_retries,
            ..self
        }
    }

    /// The first delay; each further one is twice as long.
    pub fn base_delay(self, base_delay: Duration) -> Self {
        Self { base_delay, ..self }
    }

    /// No delay of our own is longer than this.
    pub fn max_delay(self, max_delay: Duration) -> Self {
        Self { max_delay, ..self }
    }

    /// The longest delay a server may ask for. Where it asks for more, the failure is reported with that delay
    /// ([`Error::retry_after`](crate::Error::retry_after)): coming back sooner than asked would only be refused again.
    pub fn max_server_delay(self, max_server_delay: Duration) -> Self {
        Self {
            max_server_delay,
            ..self
        }
    }

    /// Decides what to do about the failure of attempt number `attempt` (the first is 0).
    ///
    /// `now` is what an HTTP date in `retry-after` is compared with; `random` in `0.0..1.0` shortens our own delay by up
    /// to a quarter, so that clients that failed together do not come back together. A delay that the server names is
    /// kept exactly.
    pub fn decide(
        &self,
        attempt: u32,
        failure: &Failure<'_>,
        hints: &ServerHints,
        now: SystemTime,
        random: f64,
    ) -> Decision {
        match hints.should_retry.as_deref() {
            Some("true") => {}
            Some("false") => return Decision::Stop(StopReason::ServerSaysNo),
            _ if !failure.is_worth_a_retry() => return Decision::Stop(StopReason::Hopeless),
            _ => {}
        }
        if attempt >= self.max_retries {
            return Decision::Stop(StopReason::Exhausted);
        }
        match hints.delay(now) {
            Some(wait) if wait > self.max_server_delay => {
                Decision::Stop(StopReason::WaitTooLong(wait))
            }
            Some(wait) => Decision::Retry { after: wait },
            None => Decision::Retry {
                after: self.own_delay(attempt, random),
            },
        }
    }

    /// The longest delay a server may ask for.
    pub(crate) fn patience(&self) -> Duration {
        self.max_server_delay
    }

    fn own_delay(&self, attempt: u32, random: f64) -> Duration {
        let doubled = self
            .base_delay
            .saturating_mul(2_u32.saturating_pow(attempt));
        doubled
            .min(self.max_delay)
            .mul_f64(1.0 - self.jitter * random.clamp(0.0, 1.0))
    }
}

impl Failure<'_> {
    /// Whether it may go better the next time.
    pub(crate) fn is_worth_a_retry(&self) -> bool {
        match self {
            Self::Connection | Self::Timeout => true,
            Self::Status {
                code: Some(code), ..
            } if HOPELESS_CODES.contains(code) => false,
            Self::Status { status, .. } => matches!(status, 408 | 409 | 429 | 500..),
        }
    }
}

impl ServerHints {
    /// With what an error says in its details, where no header says it.
    pub(crate) fn or_said_in(self, error: &ErrorObject) -> Self {
        let wait = || Some(gemini::retry_delay(error)?.as_millis().to_string());
        let hopeless = || gemini::is_quota_of_the_day(error).then(|| "false".to_owned());
        Self {
            retry_after_ms: match self.retry_after {
                None => self.retry_after_ms.or_else(wait),
                Some(_) => self.retry_after_ms,
            },
            should_retry: self.should_retry.or_else(hopeless),
            ..self
        }
    }

    /// How long the server asks to wait, if it says so in a form that can be read.
    pub fn delay(&self, now: SystemTime) -> Option<Duration> {
        let milliseconds = self
            .retry_after_ms
            .as_deref()
            .and_then(|text| seconds(text, 1000.0));
        milliseconds.or_else(|| {
            let text = self.retry_after.as_deref()?;
            seconds(text, 1.0).or_else(|| {
                let date = httpdate::parse_http_date(text.trim()).ok()?;
                Some(date.duration_since(now).unwrap_or(Duration::ZERO))
            })
        })
    }
}

/// A number of seconds, or of parts of a second. Not a number, negative or beyond all measure: nothing.
fn seconds(text: &str, parts: f64) -> Option<Duration> {
    let number: f64 = text.trim().parse().ok()?;
    Duration::try_from_secs_f64(number / parts).ok()
}
