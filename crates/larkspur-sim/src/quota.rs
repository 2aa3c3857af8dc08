//! Rate limits: what of them is left, and how the two services say so.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;

use crate::api_error::ApiError;
use crate::app::lock;
use crate::ask::tokens;

/// How much may come in which time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) amount: u32,
    pub(crate) per: Duration,
}

/// What may come, as far as there is a limit.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
}

/// A bucket that fills evenly, as both services describe theirs (`OpenAI`'s guide "Rate limits", Anthropic's "Rate limits").
#[derive(Debug)]
struct Bucket {
    rate: Rate,
    level: Mutex<(f64, Instant)>,
}

impl Quota {
    pub(crate) fn new(requests: Option<Rate>, tokens: Option<Rate>) -> Self {
        Self {
            requests: requests.map(Bucket::new),
            tokens: tokens.map(Bucket::new),
        }
    }

    /// Counts a request with a body of this length, or refuses it.
    pub(crate) fn take(&self, bytes: usize) -> Result<(), ApiError> {
        let amount = u32::try_from(tokens(bytes)).unwrap_or(u32::MAX);
        for (bucket, amount, what) in [
            (&self.requests, 1, "requests"),
            (&self.tokens, amount, "tokens"),
        ] {
            if let Some(bucket) = bucket {
                bucket.take(amount).map_err(|wait| exceeded(what, wait))?;
            }
        }
        Ok(())
    }

    /// The headers that say what is left.
    pub(crate) fn headers(&self, is_anthropic: bool) -> Vec<(&'static str, String)> {
        let [requests, tokens] = if is_anthropic { ANTHROPIC } else { OPENAI };
        let mut headers = Vec::new();
        for (bucket, [limit, remaining, reset]) in
            [(&self.requests, requests), (&self.tokens, tokens)]
        {
            let Some(bucket) = bucket else {
                continue;
            };
            let (left, until_full) = bucket.left();
            let until_full = if is_anthropic {
                rfc3339(SystemTime::now() + until_full)
            } else {
                go_duration(until_full)
            };
            headers.push((limit, bucket.rate.amount.to_string()));
            headers.push((remaining, left.to_string()));
            headers.push((reset, until_full));
        }
        headers
    }
}

const OPENAI: [[&str; 3]; 2] = [
    [
        "x-ratelimit-limit-requests",
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
    ],
    [
        "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-tokens",
    ],
];

const ANTHROPIC: [[&str; 3]; 2] = [
    [
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ],
    [
        "anthropic-ratelimit-tokens-limit",
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ],
];

fn exceeded(what: &'static str, wait: Duration) -> ApiError {
    let message = format!(
        "Rate limit reached for this model in organization org-local on {what} per min. Please try again in {}.",
        go_duration(wait)
    );
    ApiError::invalid(message)
        .kind(what)
        .code("rate_limit_exceeded")
        .status(StatusCode::TOO_MANY_REQUESTS)
        .header("retry-after-ms", milliseconds(wait).to_string())
}

impl Bucket {
    fn new(rate: Rate) -> Self {
        Self {
            level: Mutex::new((f64::from(rate.amount), Instant::now())),
            rate,
        }
    }

    /// What is in it by now.
    fn filled(&self, (level, at): (f64, Instant), now: Instant) -> f64 {
        let amount = f64::from(self.rate.amount);
        let came =
            amount * now.saturating_duration_since(at).as_secs_f64() / self.rate.per.as_secs_f64();
        (level + came).min(amount)
    }

    /// Until so much is in it.
    fn until(&self, level: f64, wanted: f64) -> Duration {
        let missing = (wanted - level).max(0.0) / f64::from(self.rate.amount);
        self.rate.per.mul_f64(missing)
    }

    /// Takes so much, or says how long it takes to come. What is more than all of it takes all of it.
    fn take(&self, amount: u32) -> Result<(), Duration> {
        let amount = f64::from(amount.min(self.rate.amount));
        let now = Instant::now();
        let mut level = lock(&self.level);
        let filled = self.filled(*level, now);
        if filled < amount {
            return Err(self.until(filled, amount));
        }
        *level = (filled - amount, now);
        Ok(())
    }

    /// What is left, in whole ones, and how long it takes until it is full.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between nothing and the limit"
    )]
    fn left(&self) -> (u32, Duration) {
        let level = self.filled(*lock(&self.level), Instant::now());
        (level as u32, self.until(level, f64::from(self.rate.amount)))
    }
}

/// Milliseconds, rounded up.
fn milliseconds(time: Duration) -> u128 {
    time.as_nanos().div_ceil(1_000_000)
}

/// As Go prints durations, to the millisecond: `6m0s`, `1.5s`, `20ms`.
fn go_duration(time: Duration) -> String {
    let all = milliseconds(time);
    if all < 1_000 {
        return format!("{all}ms");
    }
    let (minutes, rest) = (all / 60_000, all % 60_000);
    let fraction = match rest % 1_000 {
        0 => String::new(),
        fraction => format!(".{fraction:03}").trim_end_matches('0').to_owned(),
    };
    let seconds = format!("{}{fraction}s", rest / 1_000);
    match minutes {
        0 => seconds,
        minutes => format!("{minutes}m{seconds}"),
    }
}

/// As RFC 3339 writes it, in whole seconds, rounded up.
fn rfc3339(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs() + u64::from(since.subsec_nanos() > 0);
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March, in eras of 400 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
