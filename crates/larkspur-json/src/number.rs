//! Numbers as they were written.

use std::{borrow::Cow, fmt};

/// A JSON number: its exact source text.
///
/// Reading a number loses nothing; what it is converted to is decided by who asks. The integer conversions look at the
/// *text*, as `serde_json` does: `1` is an integer, `1.0` and `1e2` are not. Ask [`Number::is_integer`] for the
/// mathematical question, which is the one JSON Schema asks.
///
/// Two numbers are equal when their texts are.
///
/// ```
/// let node = larkspur_json::parse("170141183460469231731687303715884105727")?;
/// let number = node.as_number().expect("it is a number");
/// assert_eq!(number.as_i128(), Some(i128::MAX));
/// assert_eq!(number.as_u64(), None);
/// # Ok::<(), larkspur_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number<'t>(Cow<'t, str>);

/// What `serde_json` makes of a number's text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Native {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

impl<'t> Number<'t> {
    /// Takes a text that the parser has already found to be a number.
    pub(crate) fn from_scanned(text: &'t str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// A number from its JSON text; nothing where `text` is not exactly one JSON number.
    pub fn from_text(text: impl Into<Cow<'t, str>>) -> Option<Self> {
        let text = text.into();
        crate::parse::is_number(&text).then_some(Self(text))
    }

    /// The number that prints as the shortest text that reads back as `value`; nothing for infinities and NaN.
    pub fn from_f64(value: f64) -> Option<Number<'static>> {
        serde_json::Number::from_f64(value).map(|number| Number(Cow::Owned(number.to_string())))
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value, where the text is an integer that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The value, where the text is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// The value, where the text is an integer that fits.
    pub fn as_u128(&self) -> Option<u128> {
        self.0.parse().ok()
    }

    /// The value, where the text is an integer that fits.
    pub fn as_i128(&self) -> Option<i128> {
        self.0.parse().ok()
    }

    /// The nearest double; nothing where that would be infinite.
    pub fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// The nearest single; nothing where that would be infinite.
    pub(crate) fn as_f32(&self) -> Option<f32> {
        self.0.parse().ok().filter(|value: &f32| value.is_finite())
    }

    /// Whether the text has neither a fraction nor an exponent.
    pub fn is_integer_text(&self) -> bool {
        !self
            .0
            .bytes()
            .any(|byte| matches!(byte, b'.' | b'e' | b'E'))
    }

    /// Whether the number is an integer in the mathematical sense: `1`, `1.0`, `1e2` and `150e-1` are.
    pub fn is_integer(&self) -> bool {
        let (mantissa, exponent) = self.0.split_once(['e', 'E']).unwrap_or((&self.0, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = || whole.bytes().chain(fraction.bytes());
        if digits().all(|digit| matches!(digit, b'0' | b'-')) {
            return true;
        }
        let trailing_zeros = digits().rev().take_while(|digit| *digit == b'0').count();
        // An exponent that does not fit in 64 bits is further from zero than any text is long.
        let saturated = if exponent.starts_with('-') {
            i64::MIN / 2
        } else {
            i64::MAX / 2
        };
        let exponent = exponent.parse().unwrap_or(saturated);
        let as_i64 = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        exponent.saturating_add(as_i64(trailing_zeros)) >= as_i64(fraction.len())
    }

    /// The same number, owning its text.
    pub fn into_owned(self) -> Number<'static> {
        Number(Cow::Owned(self.0.into_owned()))
    }

    /// What `serde_json` makes of the text; nothing where it would say `number out of range`.
    pub(crate) fn native(&self) -> Option<Native> {
        if !self.is_integer_text() {
            return self.as_f64().map(Native::Float);
        }
        if !self.0.starts_with('-') {
            return match self.as_u64() {
                Some(value) => Some(Native::Unsigned(value)),
                None => self.as_f64().map(Native::Float),
            };
        }
        match self.as_i64() {
            // `-0` has no integer to be, because its sign would be lost.
            Some(0) => Some(Native::Float(-0.0)),
            Some(value) => Some(Native::Negative(value)),
            None => self.as_f64().map(Native::Float),
        }
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&serde_json::Number> for Number<'static> {
    fn from(number: &serde_json::Number) -> Self {
        Self(Cow::Owned(number.to_string()))
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Number<'static> {
            fn from(value: $integer) -> Self {
                Self(Cow::Owned(value.to_string()))
            }
        }
    )*};
}

from_integers!(
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize
);
