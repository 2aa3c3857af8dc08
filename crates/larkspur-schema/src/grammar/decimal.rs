//! Numbers as they are written: digits of any count.

use std::cmp::Ordering;

/// A decimal number. No leading and no trailing zeros; of zero, no digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    /// The digits, each from 0 to 9, the first one not 0.
    pub(super) digits: Vec<u8>,
    /// How many of them stand before the point; negative where zeros follow it, more than there are where zeros go before it.
    pub(super) point: i64,
}

impl Decimal {
    /// The most digits, zeros between digits and point included, that bounds are written out with.
    pub(super) const MOST_DIGITS: usize = 64;

    pub(super) fn zero() -> Self {
        Self {
            negative: false,
            digits: Vec::new(),
            point: 0,
        }
    }

    /// Reads a JSON number; `None` where its exponent is beyond reason.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = whole.bytes().chain(fraction.bytes());
        let mut digits: Vec<u8> = all.map(|digit| digit.wrapping_sub(b'0')).collect();
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..zeros);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() {
            return Some(Self::zero());
        }
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
        Some(Self {
            negative,
            digits,
            point: point.checked_add(exponent)?,
        })
    }

    pub(super) fn of(number: &serde_json::Number) -> Option<Self> {
        Self::read(&number.to_string())
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(super) fn is_integer(&self) -> bool {
        self.is_zero() || i64::try_from(self.digits.len()).is_ok_and(|count| count <= self.point)
    }

    pub(super) fn abs(&self) -> Self {
        Self {
            negative: false,
            ..self.clone()
        }
    }

    /// The digits before the point and those behind it, without leading and trailing zeros: `0` is `[0]` before the point.
    /// `None` where they are more than [`MOST_DIGITS`](Self::MOST_DIGITS).
    pub(super) fn written(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        if self.is_zero() {
            return Some((vec![0], Vec::new()));
        }
        let count = self
            .digits
            .len()
            .max(usize::try_from(self.point.abs()).ok()?);
        if count > Self::MOST_DIGITS {
            return None;
        }
        let Ok(point) = usize::try_from(self.point) else {
            let zeros = usize::try_from(-self.point).ok()?;
            let mut fraction = vec![0; zeros];
            fraction.extend(&self.digits);
            return Some((vec![0], fraction));
        };
        let mut whole = self.digits.clone();
        if whole.len() < point {
            whole.resize(point, 0);
        }
        let fraction = whole.split_off(point);
        if whole.is_empty() {
            whole.push(0);
        }
        Some((whole, fraction))
    }

    /// Whether it is a whole number of times `step`; `None` where the numbers are too long to say.
    pub(super) fn is_multiple_of(&self, step: &Self) -> Option<bool> {
        if self.is_zero() {
            return Some(true);
        }
        let places = |decimal: &Self| {
            i64::try_from(decimal.digits.len()).map_or(0, |count| count - decimal.point)
        };
        let most = places(self).max(places(step));
        let scaled = |decimal: &Self| -> Option<i128> {
            let zeros = u32::try_from(most - places(decimal)).ok()?;
            let digits = decimal.digits.iter().try_fold(0_i128, |sum, digit| {
                sum.checked_mul(10)?.checked_add(i128::from(*digit))
            })?;
            digits.checked_mul(10_i128.checked_pow(zeros)?)
        };
        Some(scaled(self)?.checked_rem(scaled(step)?)? == 0)
    }

    fn cmp_abs(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self
                .point
                .cmp(&other.point)
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.cmp_abs(other),
            (true, true) => other.cmp_abs(self),
            (negative, _) if self.is_zero() && other.is_zero() || !negative => Ordering::Greater,
            _ => Ordering::Less,
        }
    }
}
