//! The `reasoning` settings.

use crate::object::object;
use crate::settings::{Effort, Summary};

object! {
    /// How the model reasons. The answer carries the values that were in force.
    pub struct Reasoning {
        /// How much; each model accepts a subset.
        optional effort: Effort,
        /// Whether a summary comes with the answer.
        optional summary: Summary,
    }
}
