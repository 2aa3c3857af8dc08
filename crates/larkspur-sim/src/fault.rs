//! What goes wrong on purpose, so that clients can be tested against it.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use axum::http::StatusCode;

use crate::api_error::ApiError;
use crate::app::lock;

/// Something that goes wrong on purpose, with a request that is itself in order. In a batch every request of its file meets one; those
/// that upload files and ask for batches meet none.
///
/// ```
/// use larkspur_sim::{Fault, Sim};
///
/// // Two refusals for the rate, then every answer leaves its constraint.
/// let sim = Sim::builder().fault_times(Fault::RateLimit, 2).fault(Fault::ConstraintIgnored).start()?;
/// assert_eq!("rate-limit".parse(), Ok(Fault::RateLimit));
/// # Ok::<(), larkspur_sim::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The model refuses to answer.
    Refusal,
    /// A limit cuts the answer in the middle.
    Truncation,
    /// The server's filter stops the answer in the middle.
    ContentFilter,
    /// The answer is prose: schema, grammar and regex are ignored, as some gateways do.
    ConstraintIgnored,
    /// Status 429 with `retry-after-ms`.
    RateLimit,
    /// Status 429 with `retry-after` in seconds.
    RateLimitSeconds,
    /// Status 429 with `retry-after` as a date.
    RateLimitDate,
    /// Status 429 because the money is spent: trying again does not help.
    Quota,
    /// Status 500.
    ServerError,
    /// Status 503.
    Overloaded,
    /// Status 200 and JSON that breaks off.
    Garbage,
    /// Status 502 and a web page, as proxies send.
    Html,
    /// Events, comments and members that no specification names.
    Unknown,
    /// Nothing at all, with the connection open.
    Silent,
    /// Half of the answer, and then nothing, with the connection open.
    Stall,
    /// Half of the answer, and then the end of the connection.
    Cut,
    /// The same, in the middle of a character.
    CutCharacter,
    /// The answer comes byte by byte, slowly.
    Slow,
}

impl Fault {
    /// All faults with the names that the command gives them.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("refusal", Self::Refusal),
        ("truncation", Self::Truncation),
        ("content-filter", Self::ContentFilter),
        ("constraint-ignored", Self::ConstraintIgnored),
        ("rate-limit", Self::RateLimit),
        ("rate-limit-seconds", Self::RateLimitSeconds),
        ("rate-limit-date", Self::RateLimitDate),
        ("quota", Self::Quota),
        ("server-error", Self::ServerError),
        ("overloaded", Self::Overloaded),
        ("garbage", Self::Garbage),
        ("html", Self::Html),
        ("unknown", Self::Unknown),
        ("silent", Self::Silent),
        ("stall", Self::Stall),
        ("cut", Self::Cut),
        ("cut-character", Self::CutCharacter),
        ("slow", Self::Slow),
    ];

    /// Whether the answer is in order, and what becomes of it is not.
    pub(crate) fn is_on_the_way(self) -> bool {
        matches!(
            self,
            Self::Garbage
                | Self::Unknown
                | Self::Stall
                | Self::Cut
                | Self::CutCharacter
                | Self::Slow
        )
    }

    /// The error that takes the answer's place.
    pub(crate) fn refused(self) -> Option<ApiError> {
        let limited = || {
            ApiError::invalid("Rate limit reached for this model in organization org-local. Please try again soon.")
                .kind("requests")
                .code("rate_limit_exceeded")
                .status(StatusCode::TOO_MANY_REQUESTS)
        };
        Some(match self {
            Self::RateLimit => limited().header("retry-after-ms", "20".to_owned()),
            Self::RateLimitSeconds => limited().header("retry-after", "1".to_owned()),
            Self::RateLimitDate => {
                let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(2);
                limited().header("retry-after", httpdate::fmt_http_date(soon))
            }
            Self::Quota => ApiError::invalid("You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.")
                .kind("insufficient_quota")
                .code("insufficient_quota")
                .status(StatusCode::TOO_MANY_REQUESTS),
            Self::ServerError => ApiError::server("The server had an error while processing your request. Sorry about that!"),
            Self::Overloaded => ApiError::server("The server is currently overloaded. Please try again later.")
                .kind("service_unavailable_error")
                .code("server_is_overloaded")
                .status(StatusCode::SERVICE_UNAVAILABLE),
            _ => return None,
        })
    }
}

/// A name that no fault has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Fault::ALL.iter().map(|(name, _)| *name).collect();
        write!(
            f,
            "no fault is called `{}`; there are {}",
            self.0,
            names.join(", ")
        )
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, fault)| *fault)
            .ok_or_else(|| UnknownFault(name.to_owned()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.iter().find(|(_, fault)| fault == self);
        f.write_str(found.map_or("", |(name, _)| name))
    }
}

/// How many requests meet a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Share {
    /// All that are left.
    All,
    /// The next ones, as many as this.
    Next(u32),
    /// One of so many, again and again, of those that meet none of the faults above.
    OneOf(u32),
}

/// Which requests meet which fault: the first ones the first fault, as often as it says; those behind them the ones that come now and again.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Planned>);

#[derive(Debug, Default)]
struct Planned {
    /// The next one last.
    in_turn: Vec<(Fault, Option<u32>)>,
    now_and_again: Vec<(Fault, u32)>,
    /// Requests that met none of those in turn.
    met: u32,
}

impl Faults {
    pub(crate) fn new(faults: &[(Fault, Share)]) -> Self {
        let mut planned = Planned::default();
        for (fault, share) in faults {
            match share {
                Share::All => planned.in_turn.push((*fault, None)),
                Share::Next(times) => planned.in_turn.push((*fault, Some(*times))),
                Share::OneOf(requests) => planned.now_and_again.push((*fault, *requests)),
            }
        }
        planned.in_turn.reverse();
        Self(Mutex::new(planned))
    }

    /// What the next request meets.
    pub(crate) fn next(&self) -> Option<Fault> {
        lock(&self.0).next()
    }
}

impl Planned {
    fn next(&mut self) -> Option<Fault> {
        while let Some((fault, left)) = self.in_turn.last_mut() {
            match left {
                None => return Some(*fault),
                Some(0) => drop(self.in_turn.pop()),
                Some(left) => {
                    *left -= 1;
                    return Some(*fault);
                }
            }
        }
        self.met = self.met.wrapping_add(1);
        // Each is a request later than the one before, so that those with the same share do not meet in one.
        let due = |(later, (_, requests)): &(u32, &(Fault, u32))| {
            let met = self.met.wrapping_sub(*later);
            self.met >= *requests && met.checked_rem(*requests) == Some(0)
        };
        let found = (0..).zip(&self.now_and_again).find(due);
        found.map(|(_, (fault, _))| *fault)
    }
}
