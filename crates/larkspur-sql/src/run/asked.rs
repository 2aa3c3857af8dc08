//! Queries that a model is asked for, run as they come, so that what a run fails of goes back too.

use std::sync::Arc;

use larkspur_json::Span;
use larkspur_output::{Output, OutputType, PrepareError, Rejection, Target, Violation};

use super::{Rows, RunLimits};
use crate::{Error, Query, Rule, SelectGrammar, grammar::LastWord};

/// The queries of a database and what comes of their runs: an output whose value is a [`Selection`]. [`SelectGrammar::with_rows`] makes it.
///
/// A query that the database cannot run is a rejection, as one that it does not prepare: a value that cannot be computed (a number that
/// overflows, a division by zero in PostgreSQL), a value that is too large, a run that takes too long. So the client asks again, as often as it
/// may. What the model is told holds none of the data that it has not written itself.
///
/// A query runs on the thread that reads the answer, which waits for it.
#[derive(Clone, Debug)]
pub struct WithRows {
    select: SelectGrammar,
    limits: RunLimits,
}

/// A query that a model wrote, and its rows.
#[derive(Debug)]
#[non_exhaustive]
pub struct Selection {
    /// The query.
    pub query: Query,
    /// Its rows; an error where the database failed, and no other query would have done better.
    pub rows: Result<Rows, Error>,
}

impl SelectGrammar {
    /// The same, where an answer is run as soon as it is read, within limits.
    ///
    #[cfg_attr(feature = "sqlite", doc = "```")]
    #[cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
    /// use larkspur_output::{OutputType, Target};
    /// use larkspur_sql::{RunLimits, Sqlite};
    ///
    /// let db = Sqlite::from_ddl("CREATE TABLE sale (cents INTEGER); INSERT INTO sale VALUES (9223372036854775807), (1)")?;
    /// let output = db.select().with_rows(RunLimits::default()).prepare(Target::openai())?;
    ///
    /// let selection = output.read("SELECT max(sale.cents) FROM sale")?;
    /// assert_eq!(selection.rows?.read::<i64>()?, [i64::MAX]);
    ///
    /// let rejection = output.read("SELECT sum(sale.cents) FROM sale").unwrap_err();
    /// assert_eq!(rejection.message(), "a value cannot be computed: integer overflow");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_rows(&self, limits: RunLimits) -> WithRows {
        WithRows {
            select: self.clone(),
            limits,
        }
    }
}

impl OutputType for WithRows {
    type Value = Selection;

    /// # Errors
    /// As that of [`SelectGrammar`], and where that is of no database.
    fn prepare(&self, target: Target) -> Result<Output<Selection>, PrepareError> {
        let none = || PrepareError::new("there is no database to run queries: take its `select()`");
        let db = self.select.database().ok_or_else(none)?;
        let limits = self.limits.clone();
        let queries = self.select.prepare(target)?;
        Ok(queries.and_then(move |text, query| run(&db, text, query, &limits)))
    }
}

fn run(
    db: &Arc<dyn LastWord>,
    text: &str,
    query: Query,
    limits: &RunLimits,
) -> Result<Selection, Rejection> {
    match db.run(&query, limits) {
        Err(error) if error.is_query() => Err(Rejection::new(text, vec![told(text, &error)])),
        rows => Ok(Selection { query, rows }),
    }
}

fn told(text: &str, error: &Error) -> Violation {
    let violation = Violation::new(without_data(&error.to_string(), text));
    let violation = violation.code(Rule::Run.code());
    let violation = violation.masked_as("the query could not be run");
    let violation = violation.within(Span::new(0, text.len()));
    match hint(error) {
        Some(hint) => violation.hint(hint),
        None => violation,
    }
}

/// What a model can do about it.
fn hint(error: &Error) -> Option<&'static str> {
    if error.is_timeout() {
        Some("read fewer rows: filter before joining, and join along keys")
    } else if error.is_too_big() {
        Some("select fewer or shorter values")
    } else if error.is_data() {
        Some("leave such rows out, or say with CASE what they give")
    } else {
        None
    }
}

/// A database's words without values that only the data can have: what stands in them from the first quote to the last one of the same
/// kind is kept only where the model wrote it itself.
fn without_data(message: &str, text: &str) -> String {
    let quote = message.find(['"', '\'']);
    let quoted = quote.and_then(|start| {
        let quote = message.get(start..)?.chars().next()?;
        let end = message.rfind(quote).filter(|end| *end > start)?;
        Some((start + 1, end))
    });
    let kept = |(start, end)| {
        message
            .get(start..end)
            .is_some_and(|inner| text.contains(inner))
    };
    match quoted {
        Some((start, end)) if !kept((start, end)) => {
            let before = message.get(..start).unwrap_or_default();
            let after = message.get(end..).unwrap_or_default();
            format!("{before}…{after}")
        }
        Some(_) => message.to_owned(),
        // A quote that is not closed.
        None => match quote.and_then(|start| message.get(..=start)) {
            Some(before) => format!("{before}…"),
            None => message.to_owned(),
        },
    }
}
