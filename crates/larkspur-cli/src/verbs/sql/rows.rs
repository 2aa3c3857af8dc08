//! Queries run, and their rows printed.

use std::{io::Write as _, time::Duration};

use clap::{Args, ValueEnum};
use larkspur_sql::{Query, Rows, RunLimits, Truncated};

use super::{database, database::Live};
use crate::exit::{Failure, Verdict, say};

/// How rows are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RowFormat {
    /// Columns side by side, long values cut.
    Table,
    /// An array with an object for each row.
    Json,
    /// As RFC 4180 has it, with a line of names.
    Csv,
}

/// What is printed, and how much at most.
#[derive(Args)]
pub(super) struct RowsArgs {
    /// How rows are printed.
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: RowFormat,
    /// Most rows that are read.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(super) max_rows: usize,
    /// Most seconds that the run may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0)]
    pub(super) timeout: f64,
}

pub(super) fn limits(args: &RowsArgs) -> Result<RunLimits, Failure> {
    let timeout = Duration::try_from_secs_f64(args.timeout).map_err(|_| {
        let failure = Failure::new(format_args!("`--timeout {:?}` is no time", args.timeout));
        failure.hint("it is a number of seconds, such as 2.5")
    })?;
    Ok(RunLimits {
        max_rows: args.max_rows,
        timeout,
        ..RunLimits::default()
    })
}

pub(super) fn run(
    db: &Live,
    query: &Query,
    limits: &RunLimits,
    format: RowFormat,
) -> Result<Verdict, Failure> {
    match db.run(query, limits) {
        Ok(rows) => print(&rows, format),
        Err(error) if error.is_query() => Ok(stopped(&error)),
        Err(error) => Err(database::failed(&error)),
    }
}

pub(super) fn print(rows: &Rows, format: RowFormat) -> Result<Verdict, Failure> {
    let mut stdout = std::io::stdout().lock();
    match format {
        RowFormat::Table => write!(stdout, "{}", rows.to_table())?,
        RowFormat::Csv => write!(stdout, "{}", rows.to_csv())?,
        RowFormat::Json => writeln!(stdout, "{:#}", rows.to_json())?,
    }
    match rows.truncated() {
        None => {}
        Some(Truncated::Rows) => say(format_args!(
            "note: only the first {} rows are shown",
            rows.rows().len()
        )),
        Some(_) => say(format_args!(
            "note: only the first {} rows are shown: they are large",
            rows.rows().len()
        )),
    }
    Ok(Verdict::Yes)
}

/// How a query would be run.
pub(super) fn explain(db: &Live, query: &Query, format: RowFormat) -> Result<Verdict, Failure> {
    let plan = db
        .explain(query)
        .map_err(|error| database::failed(&error))?;
    let mut stdout = std::io::stdout().lock();
    match format {
        RowFormat::Table => write!(stdout, "{plan}")?,
        RowFormat::Json => writeln!(stdout, "{:#}", serde_json::json!(plan))?,
        RowFormat::Csv => {
            return Err(Failure::new("a plan is printed as `table` or `json`"));
        }
    }
    Ok(Verdict::Yes)
}

/// A text that was allowed to run and came to no end, or that the database gave up on.
fn stopped(error: &larkspur_sql::Error) -> Verdict {
    say(format_args!("error: {error}"));
    if let Some(hint) = error.hint() {
        say(format_args!("\nhint: {hint}"));
    }
    Verdict::No
}
