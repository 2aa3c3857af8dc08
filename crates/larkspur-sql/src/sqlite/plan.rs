//! How SQLite would run a query.

use super::Sqlite;
use crate::{Cancel, Error, Plan, Query, RunLimits};

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
        rows.read().map(Plan::new)
    }
}
