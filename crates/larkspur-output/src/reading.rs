//! A value together with what had to be repaired to read it.

use larkspur_json::Repair;

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
