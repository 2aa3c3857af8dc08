//! How much may be sent in a time: what the user says, and what servers say in their headers.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::HeaderMap;

use crate::rfc3339;

/// Bounds on what a client sends in a time, kept by all its clones together and for each model by itself, as servers count.
///
/// What is over the bounds waits its turn, first come, first served. A request that is given up while it waits leaves its turn to the
/// next. Requests that are sent again wait too; time spent waiting is not part of any timeout.
///
/// ```
/// use larkspur_client::{Client, RateLimits};
///
/// let client = Client::builder()
///     .base_url("http://127.0.0.1:8080/v1")
///     .max_concurrency(16)
///     // What the server says it will take, and not more than half of what the account has.
///     .rate_limits(RateLimits::of_server().requests_per_minute(250).tokens_per_minute(100_000))
///     .build()?;
/// # Ok::<(), larkspur_client::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    pub(crate) of_server: bool,
    pub(crate) requests: Option<u64>,
    pub(crate) tokens: Option<u64>,
    pub(crate) window: Duration,
}

impl RateLimits {
    /// No bounds but those that are set.
    pub fn none() -> Self {
        Self {
            of_server: false,
            requests: None,
            tokens: None,
            window: Duration::from_secs(60),
        }
    }

    /// What the server says in the headers of its answers: `x-ratelimit-…` as `OpenAI` sends them, `anthropic-ratelimit-…`.
    ///
    /// Both describe a bucket that fills evenly, so a request waits until there is room for it, not until the bucket is full; where the
    /// limit is not named, it waits for the reset. After a 429 nobody sends before the time that the server asks for. Of each model the first
    /// request goes alone, until it is known what the server says; where it says nothing, nothing is waited for. A wait longer than
    /// [`RetryPolicy::max_server_delay`](crate::RetryPolicy::max_server_delay) is not waited for: the request is sent, and the server's word counts.
    pub fn of_server() -> Self {
        Self {
            of_server: true,
            ..Self::none()
        }
    }

    /// At most this many requests in any minute. At least 1.
    pub fn requests_per_minute(self, requests: u64) -> Self {
        Self {
            requests: Some(requests.max(1)),
            ..self
        }
    }

    /// At most this many tokens in any minute, input and output together. What a request will take is guessed when it is sent (four bytes
    /// of its body for a token), and put right when the server says what it took. What is larger than the bound goes alone. At least 1.
    pub fn tokens_per_minute(self, tokens: u64) -> Self {
        Self {
            tokens: Some(tokens.max(1)),
            ..self
        }
    }

    /// The time for which the own bounds hold, in place of a minute.
    pub fn window(self, window: Duration) -> Self {
        Self { window, ..self }
    }
}

/// What was sent in the last while: an amount never passes its limit within any time as long as the window.
#[derive(Debug)]
pub(crate) struct Window {
    limit: u64,
    length: Duration,
    sent: VecDeque<(Instant, u64)>,
    sum: u64,
    /// How many were forgotten, so that tickets stay what they are.
    forgotten: u64,
}

impl Window {
    pub(crate) fn new(limit: u64, length: Duration) -> Self {
        Self {
            limit,
            length,
            sent: VecDeque::new(),
            sum: 0,
            forgotten: 0,
        }
    }

    /// How long to wait until so much fits. What never fits waits until there is nothing else.
    pub(crate) fn wait(&mut self, amount: u64, now: Instant) -> Duration {
        while let Some((at, sent)) = self.sent.front().copied() {
            if now.saturating_duration_since(at) < self.length {
                break;
            }
            self.sent.pop_front();
            self.sum -= sent;
            self.forgotten += 1;
        }
        let room = self.limit.saturating_sub(amount.min(self.limit));
        let mut sum = self.sum;
        for (at, sent) in &self.sent {
            if sum <= room {
                break;
            }
            sum -= sent;
            if sum <= room {
                return (*at + self.length).saturating_duration_since(now);
            }
        }
        Duration::ZERO
    }

    /// Notes what is sent, and gives a ticket by which it can be put right.
    pub(crate) fn take(&mut self, amount: u64, now: Instant) -> u64 {
        self.sent.push_back((now, amount));
        self.sum = self.sum.saturating_add(amount);
        self.forgotten + self.sent.len() as u64 - 1
    }

    /// Puts right how much it was.
    pub(crate) fn correct(&mut self, ticket: u64, amount: u64) {
        let at = ticket.checked_sub(self.forgotten);
        let at = at.and_then(|at| usize::try_from(at).ok());
        if let Some((_, sent)) = at.and_then(|at| self.sent.get_mut(at)) {
            self.sum = self.sum.saturating_sub(*sent).saturating_add(amount);
            *sent = amount;
        }
    }
}

/// What a server says of one of its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Told {
    limit: Option<f64>,
    remaining: f64,
    /// Until it is as if nothing had been sent.
    reset: Duration,
}

impl Told {
    /// What the headers say of requests and of tokens.
    pub(crate) fn of(headers: &HeaderMap, now: SystemTime) -> (Option<Self>, Option<Self>) {
        let anthropic = |what: &str| Self::anthropic(headers, what, now);
        let requests = Self::openai(headers, "requests").or_else(|| anthropic("requests"));
        let tokens = Self::openai(headers, "tokens")
            .or_else(|| anthropic("tokens"))
            .or_else(|| anthropic("input-tokens"));
        (requests, tokens)
    }

    fn openai(headers: &HeaderMap, what: &str) -> Option<Self> {
        let header = |part: &str| text(headers, &format!("x-ratelimit-{part}-{what}"));
        Some(Self {
            limit: header("limit").and_then(number),
            remaining: header("remaining").and_then(number)?,
            reset: header("reset").and_then(duration)?,
        })
    }

    fn anthropic(headers: &HeaderMap, what: &str, now: SystemTime) -> Option<Self> {
        let header = |part: &str| text(headers, &format!("anthropic-ratelimit-{what}-{part}"));
        let reset = header("reset").and_then(rfc3339::parse)?;
        Some(Self {
            limit: header("limit").and_then(number),
            remaining: header("remaining").and_then(number)?,
            reset: reset.duration_since(now).unwrap_or(Duration::ZERO),
        })
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// A count. Azure sends −1 where it does not know: that is none.
fn number(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// A duration as Go prints it (`6m0s`, `1s`, `20ms`, `1m30.5s`), or a number of seconds.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds = 0.0;
    if let Some(number) = number(text) {
        return Duration::try_from_secs_f64(number).ok();
    }
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (amount, behind) = rest.split_at(digits);
        let unit = behind
            .find(|letter: char| letter.is_ascii_digit())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit);
        let scale = match unit {
            "h" => 3_600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        seconds += number(amount)? * scale;
        rest = behind;
    }
    (!text.is_empty())
        .then(|| Duration::try_from_secs_f64(seconds).ok())
        .flatten()
}

/// A limit of a server as it is seen from here: a bucket that fills evenly.
#[derive(Debug)]
pub(crate) struct Bucket {
    limit: Option<f64>,
    level: f64,
    /// What comes in a second, and how much was missing when that was found out: the more, the more exactly.
    rate: f64,
    read_at: f64,
    at: Instant,
    /// Where no limit is named: nothing comes before.
    reset: Instant,
}

impl Bucket {
    pub(crate) fn new(told: &Told, now: Instant) -> Self {
        let mut bucket = Self {
            limit: None,
            level: told.remaining,
            rate: 0.0,
            read_at: 0.0,
            at: now,
            reset: now,
        };
        bucket.hear(told, now);
        bucket
    }

    /// Takes in what the server says. Answers come in any order, so it can say less than is known here and never more: what was sent since
    /// is not in it.
    pub(crate) fn hear(&mut self, told: &Told, now: Instant) {
        self.fill(now);
        self.level = self.level.min(told.remaining);
        self.reset = now + told.reset;
        if self.limit != told.limit {
            (self.limit, self.read_at) = (told.limit, 0.0);
        }
        let missing = told.limit.unwrap_or_default() - told.remaining;
        if missing >= self.read_at.max(1.0) && told.reset > Duration::ZERO {
            // The count is rounded down, so up to one of it is there already.
            self.rate = (missing - 1.0).max(1.0) / told.reset.as_secs_f64();
            self.read_at = missing;
        }
    }

    /// How long to wait until there is so much. What never fits waits until it is full.
    pub(crate) fn wait(&mut self, amount: f64, now: Instant) -> Duration {
        self.fill(now);
        let amount = self.limit.map_or(amount, |limit| amount.min(limit));
        if self.level >= amount {
            return Duration::ZERO;
        }
        if self.limit.is_none() || self.rate <= 0.0 {
            return self.reset.saturating_duration_since(now);
        }
        let wait = Duration::try_from_secs_f64((amount - self.level) / self.rate);
        wait.unwrap_or(Duration::MAX)
    }

    pub(crate) fn take(&mut self, amount: f64) {
        self.level -= amount;
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        self.at = self.at.max(now);
        match self.limit {
            Some(limit) => {
                self.level = (self.level + self.rate * passed.as_secs_f64()).min(limit.max(1.0));
            }
            // What there is after the reset, the next answer says.
            None if now >= self.reset => self.level = self.level.max(1.0),
            None => {}
        }
    }
}
