//! A value together with what had to be repaired to read it, and what is done where there are several.

use larkspur_json::Repair;

/// What is done with a text that can be read to several values, each of which fits the schema.
///
/// ```
/// use larkspur_output::{Doubt, OutputType, Target, json};
///
/// let output = json::<Vec<u8>>().lenient().in_doubt(Doubt::TakeFirst).prepare(Target::plain())?;
/// let reading = output.read("Either [1, 2] or [3, 4].")?;
/// assert_eq!(reading.value, [1, 2]);
/// let told: Vec<_> = reading.repairs.iter().map(|repair| repair.message()).collect();
/// assert!(told.contains(&"took the first of 2 values that fit and differ"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doubt {
    /// The text is rejected, and two of the values are named: what is read is never a guess.
    #[default]
    Reject,
    /// The first is taken: of several values that differ; of several constants that a text without JSON names. Where a number is
    /// asked for and the text is a fraction, its quotient, if it has finitely many digits. Each is told as a repair of the kind
    /// [`Choice`](larkspur_json::RepairKind::Choice), of values with the place of the first that was not taken, else of the whole text.
    ///
    /// Quotes and brackets that could stand in two ways are rejected all the same, and so is a list without its brackets.
    TakeFirst,
}

/// What reading a text leniently gives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reading<V> {
    /// The value.
    pub value: V,
    /// What was repaired, in the order of the text; empty where the text was as it should be.
    pub repairs: Vec<Repair>,
    /// Whether the text ended before the value did, so that the model may have had more to say.
    pub truncated: bool,
}

impl<V> Reading<V> {
    /// A value that was read without repairs.
    pub fn exact(value: V) -> Self {
        Self {
            value,
            repairs: Vec::new(),
            truncated: false,
        }
    }

    /// Whether nothing had to be repaired.
    pub fn is_exact(&self) -> bool {
        self.repairs.is_empty()
    }

    /// The same reading of another value.
    pub fn map<W>(self, change: impl FnOnce(V) -> W) -> Reading<W> {
        Reading {
            value: change(self.value),
            repairs: self.repairs,
            truncated: self.truncated,
        }
    }

    /// The same reading of another value, where there is one.
    ///
    /// # Errors
    /// Where `change` fails.
    pub fn try_map<W, E>(self, change: impl FnOnce(V) -> Result<W, E>) -> Result<Reading<W>, E> {
        Ok(Reading {
            value: change(self.value)?,
            repairs: self.repairs,
            truncated: self.truncated,
        })
    }
}
