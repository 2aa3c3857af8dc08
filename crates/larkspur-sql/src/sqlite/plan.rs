//! How SQLite would run a query.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Cancel, RunLimits, Sqlite};
use crate::{Error, Query};

/// How SQLite would run a query: its `EXPLAIN QUERY PLAN` (<https://sqlite.org/eqp.html>).
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
    /// The steps, in the order in which SQLite tells them.
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

impl Sqlite {
    /// How SQLite would run a query: it is prepared, not run. Parameters need no values.
    ///
    /// ```
    /// use larkspur_sql::Sqlite;
    ///
    /// let db = Sqlite::from_ddl("CREATE TABLE album (id INTEGER PRIMARY KEY, title TEXT)")?;
    /// let plan = db.explain(&db.check("SELECT title FROM album WHERE id = 1")?)?;
    /// assert_eq!(plan.to_string(), "SEARCH album USING INTEGER PRIMARY KEY (rowid=?)\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the database fails.
    pub fn explain(&self, query: &Query) -> Result<Plan, Error> {
        let limits = RunLimits::default();
        let rows = self.collect(query, "EXPLAIN QUERY PLAN ", &limits, &Cancel::new())?;
        Ok(Plan {
            steps: rows.read()?,
        })
    }
}
