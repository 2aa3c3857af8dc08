//! Running what was checked, within limits.

use std::time::Instant;

use rusqlite::{
    Connection, ErrorCode, Statement,
    limits::Limit,
    types::{Value as Owned, ValueRef},
};

use super::Sqlite;
use crate::{
    Cancel, Error, Query, Rows, RunLimits, Value,
    error::Kind,
    run::{Collected, Raw},
    tree::Literal,
};

/// Instructions of SQLite's machine between two looks at the clock: some microseconds.
const INSTRUCTIONS: i32 = 1_000;

impl Sqlite {
    /// Runs a query and reads its rows.
    ///
    /// # Errors
    /// Where it takes too long, a value is too large or [cannot be computed](Error::is_data), or the database fails.
    pub fn run(&self, query: &Query, limits: &RunLimits) -> Result<Rows, Error> {
        self.run_until(query, limits, &Cancel::new())
    }

    /// The same, until it is cancelled.
    ///
    /// # Errors
    /// Where it is cancelled, takes too long, a value is too large or [cannot be computed](Error::is_data), or the database fails.
    pub fn run_until(
        &self,
        query: &Query,
        limits: &RunLimits,
        cancel: &Cancel,
    ) -> Result<Rows, Error> {
        self.collect(query, "", limits, cancel)
    }

    /// Runs a query with these words before it.
    pub(super) fn collect(
        &self,
        query: &Query,
        before: &str,
        limits: &RunLimits,
        cancel: &Cancel,
    ) -> Result<Rows, Error> {
        if let Some(denied) = self.reads(query.sql()).into_iter().next() {
            return Err(Error::bare(Kind::Denied(denied.message)));
        }
        let mut connection = self.connection();
        let until = Instant::now().checked_add(limits.timeout);
        let cancelled = cancel.clone();
        let stop =
            move || cancelled.is_cancelled() || until.is_some_and(|until| Instant::now() > until);
        let failed = |error| Error::new(Kind::Prepare, error);
        connection
            .progress_handler(INSTRUCTIONS, Some(stop.clone()))
            .map_err(failed)?;
        let whole = connection
            .limit(Limit::SQLITE_LIMIT_LENGTH)
            .map_err(failed)?;
        let most = i32::try_from(limits.max_value_bytes)
            .unwrap_or(i32::MAX)
            .min(whole);
        connection
            .set_limit(Limit::SQLITE_LIMIT_LENGTH, most)
            .map_err(failed)?;
        let result = read(&connection, query, before, limits, &stop);
        // Both always work: the values are those that were there before.
        let _ = connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, whole);
        let _ = connection.progress_handler(0, None::<fn() -> bool>);
        result.map_err(|error| explained(error, limits, cancel))
    }
}

fn read(
    connection: &Connection,
    query: &Query,
    before: &str,
    limits: &RunLimits,
    stop: &impl Fn() -> bool,
) -> rusqlite::Result<Rows> {
    if stop() {
        return Err(interrupted());
    }
    let mut statement = connection.prepare(&format!("{before}{}", query.sql()))?;
    if before.is_empty() {
        bind(&mut statement, query)?;
    }
    let names = statement.column_names().map(str::to_owned).collect();
    let mut rows = Collected::new(names, limits);
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        if !rows.push(|column| row.get_ref(column))? {
            break;
        }
        // A row that is cheap to find may be dear to copy.
        if stop() {
            return Err(interrupted());
        }
    }
    Ok(rows.into_rows())
}

/// Gives each parameter its value.
fn bind(statement: &mut Statement<'_>, query: &Query) -> rusqlite::Result<()> {
    for number in 1..=statement.parameter_count() {
        let name = match statement.parameter_name(number) {
            Some(name) => name.to_owned(),
            None => format!("?{number}"),
        };
        let Some(value) = query.value_of(&name) else {
            return Err(rusqlite::Error::InvalidParameterName(name));
        };
        statement.raw_bind_parameter(number, bound(value))?;
    }
    Ok(())
}

fn bound(value: &Literal) -> Owned {
    match value {
        Literal::Null => Owned::Null,
        Literal::Boolean(value) => Owned::Integer(i64::from(*value)),
        Literal::Number(number) => match (number.as_i64(), number.as_str().parse()) {
            (Some(number), _) => Owned::Integer(number),
            (None, Ok(number)) => Owned::Real(number),
            (None, Err(_)) => Owned::Text(number.to_string()),
        },
        Literal::Text(text) => Owned::Text(text.clone()),
        Literal::Blob(bytes) => Owned::Blob(bytes.clone()),
    }
}

fn interrupted() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT),
        None,
    )
}

fn explained(error: rusqlite::Error, limits: &RunLimits, cancel: &Cancel) -> Error {
    if let rusqlite::Error::InvalidParameterName(name) = error {
        return Error::bare(Kind::Unbound(name));
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) if cancel.is_cancelled() => {
            Error::bare(Kind::Cancelled)
        }
        Some(ErrorCode::OperationInterrupted) => Error::bare(Kind::Timeout(limits.timeout)),
        Some(ErrorCode::TooBig) => Error::bare(Kind::TooBig(limits.max_value_bytes)),
        // What a function says of its arguments, such as "integer overflow"; the text itself has been prepared before.
        Some(ErrorCode::Unknown) if !matches!(error, rusqlite::Error::SqlInputError { .. }) => {
            Error::new(Kind::Data, error)
        }
        _ => Error::new(Kind::Run, error),
    }
}

impl Raw for ValueRef<'_> {
    fn bytes(&self) -> usize {
        match self {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
            _ => 0,
        }
    }

    fn into_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        }
    }
}
