//! How a database would run a query.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a database would run a query: SQLite's `EXPLAIN QUERY PLAN` (<https://sqlite.org/eqp.html>), PostgreSQL's `EXPLAIN`
/// (<https://www.postgresql.org/docs/15/using-explain.html>), line by line.
///
/// What it says is for people, and differs from version to version. Shown as text, steps stand below those that they belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Plan {
    steps: Vec<PlanStep>,
}

/// A step of a [`Plan`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanStep {
    /// Its number.
    pub id: i64,
    /// The number of the step that it belongs to; 0 if it is none.
    pub parent: i64,
    /// What is done, such as `SCAN customer`.
    pub detail: String,
}

impl Plan {
    pub(crate) const fn new(steps: Vec<PlanStep>) -> Self {
        Self { steps }
    }

    /// The steps, in the order in which the database tells them.
    pub fn steps(&self) -> &[PlanStep] {
        &self.steps
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut open: Vec<i64> = Vec::new();
        for step in &self.steps {
            let depth = open.iter().position(|id| *id == step.parent);
            open.truncate(depth.map_or(0, |depth| depth + 1));
            writeln!(f, "{:indent$}{}", "", step.detail, indent = 2 * open.len())?;
            open.push(step.id);
        }
        Ok(())
    }
}
