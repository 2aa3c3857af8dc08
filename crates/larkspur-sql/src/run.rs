//! Runs within limits, whatever the database: what they may cost, what stops them, what they give.

mod asked;
mod plan;
mod rows;
mod show;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

pub(crate) use self::rows::{Collected, Raw};
pub use self::{
    asked::{Selection, WithRows},
    plan::{Plan, PlanStep},
    rows::{Rows, Value},
};

/// What a run may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
pub struct RunLimits {
    /// Rows that are read; there may be more. Default 1,000.
    pub max_rows: usize,
    /// Bytes of all values together; rows are read as long as they fit. Default 16 MiB.
    pub max_bytes: usize,
    /// Bytes of one value and of one row; more is an error. Default 256 KiB.
    ///
    /// In SQLite also of what functions make on the way: it cannot be stopped within one call of a function, and some take time with
    /// the square of the length of their arguments, so there this is a bound on time as well.
    pub max_value_bytes: usize,
    /// From the start of the run until its last row. Default five seconds.
    pub timeout: Duration,
}

impl Default for RunLimits {
    fn default() -> Self {
        Self {
            max_rows: 1_000,
            max_bytes: 16 << 20,
            max_value_bytes: 256 << 10,
            timeout: Duration::from_secs(5),
        }
    }
}

/// Why a run gave only a part of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Truncated {
    /// There are more rows than [`RunLimits::max_rows`].
    Rows,
    /// The values take more than [`RunLimits::max_bytes`].
    Bytes,
}

/// Stops a run from elsewhere. Clones stop the same run.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Nothing is cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops runs that were given this or a clone of it, now or as soon as they start.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it has been called off.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
