//! Money, exactly.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// What something cost in US dollars, at list price. An integer below, so that sums are exact to the token.
///
/// A cost may be incomplete: the price of a model is not known, or an attempt broke off before its usage was. Then the
/// amount is what is known, and [`Cost::is_complete`] says no.
///
/// ```
/// use larkspur_client::Cost;
///
/// let known = Cost::from_picodollars(1_250_000_000);
/// assert_eq!(known.to_string(), "$0.00125");
/// assert_eq!((known + Cost::UNKNOWN).to_string(), "at least $0.00125");
/// assert_eq!(Cost::UNKNOWN.to_string(), "unknown");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    picodollars: u64,
    complete: bool,
}

const PICODOLLARS: u64 = 1_000_000_000_000;

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self {
        picodollars: 0,
        complete: true,
    };

    /// Nobody knows.
    pub const UNKNOWN: Self = Self {
        picodollars: 0,
        complete: false,
    };

    /// This many millionths of a millionth of a dollar.
    pub const fn from_picodollars(picodollars: u64) -> Self {
        Self {
            picodollars,
            complete: true,
        }
    }

    /// The known part in millionths of a millionth of a dollar.
    pub fn picodollars(&self) -> u64 {
        self.picodollars
    }

    /// Half of it, as batches cost.
    pub(crate) fn halved(self) -> Self {
        Self {
            picodollars: self.picodollars / 2,
            ..self
        }
    }

    /// The known part in dollars, rounded to what a float can hold.
    #[expect(clippy::cast_precision_loss, reason = "documented as rounded")]
    pub fn dollars(&self) -> f64 {
        self.picodollars as f64 / PICODOLLARS as f64
    }

    /// Whether the amount is all of it.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            picodollars: self.picodollars.saturating_add(other.picodollars),
            complete: self.complete && other.complete,
        }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Cost {
    /// In dollars, to the last digit: `$0.00042`, `at least $0.00042`, `unknown`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.complete {
            if self.picodollars == 0 {
                return f.write_str("unknown");
            }
            f.write_str("at least ")?;
        }
        let fraction = format!("{:012}", self.picodollars % PICODOLLARS);
        let digits = fraction.trim_end_matches('0');
        write!(f, "${}.{digits:0<2}", self.picodollars / PICODOLLARS)
    }
}
