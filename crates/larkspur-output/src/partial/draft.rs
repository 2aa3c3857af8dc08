//! A typed value, followed while it comes.

use std::fmt;

use larkspur_json::Mark;

use super::{Incoming, Partial, Progress};

/// What has come of a value of type `T`, brought up to date with each piece.
///
/// ```
/// use larkspur_output::partial::{Draft, Progress};
/// use larkspur_output::{OutputType, Target, json_schema};
/// use serde_json::json;
///
/// let schema = json!({"type": "array", "items": {"type": "string"}});
/// let output = json_schema("names", schema).prepare(Target::plain())?;
/// let mut incoming = output.incoming();
/// let mut names = Draft::<Vec<String>>::new();
///
/// incoming.push(r#"["Ann", "Bo"#)?;
/// let so_far = names.update(&incoming).get().ok_or("nothing yet")?;
/// assert_eq!(so_far[..], [Progress::Done("Ann".to_owned()), Progress::InFlight("Bo".to_owned())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Draft<T: Partial> {
    progress: Progress<T::Partial>,
    since: Mark,
}

impl<T: Partial> Draft<T> {
    /// A draft of which nothing has come.
    pub const fn new() -> Self {
        Self {
            progress: Progress::Absent,
            since: Mark::ZERO,
        }
    }

    /// Takes over what has come since the last time: always of the same answer.
    pub fn update(&mut self, incoming: &Incoming) -> &Progress<T::Partial> {
        incoming.view(self.since, |view| self.progress.advance::<T>(view));
        self.since = incoming.snapshot().mark();
        &self.progress
    }

    /// What had come at the last time.
    pub const fn progress(&self) -> &Progress<T::Partial> {
        &self.progress
    }

    /// What had come at the last time.
    pub fn into_progress(self) -> Progress<T::Partial> {
        self.progress
    }
}

impl<T: Partial> Default for Draft<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Partial> Clone for Draft<T> {
    fn clone(&self) -> Self {
        Self {
            progress: self.progress.clone(),
            since: self.since,
        }
    }
}

impl<T: Partial> fmt::Debug for Draft<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Draft").field(&self.progress).finish()
    }
}
