//! Running what was checked, within limits.

use std::{
    collections::BTreeSet,
    error::Error as StdError,
    pin::{Pin, pin},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use futures_util::future::{Either, select};
use tokio_postgres::{
    Client, NoTls, Row, Statement, Transaction,
    error::SqlState,
    types::{Format, IsNull, ToSql, Type, to_sql_checked},
};

use super::session::After;
use crate::{
    Cancel, Error, Plan, PlanStep, Query, Rows, RunLimits, Value,
    error::Kind,
    run::{Collected, Raw},
    tree::Literal,
};

/// Between two looks at whether a run is to end.
const LOOK: Duration = Duration::from_millis(20);

/// How long the server has to end a run that it was told to end.
const GRACE: Duration = Duration::from_secs(2);

/// The most that preparing and planning may take.
const PREPARE: Duration = Duration::from_secs(5);

type Failed = tokio_postgres::Error;

/// A transaction that cannot write and is never committed.
async fn begin(client: &mut Client, timeout: Duration) -> Result<Transaction<'_>, Failed> {
    let transaction = client.build_transaction().read_only(true).start().await?;
    let most = timeout.as_millis().clamp(1, 2_000_000_000);
    let timeout = format!("SET LOCAL statement_timeout = {most}");
    transaction.batch_execute(&timeout).await?;
    Ok(transaction)
}

/// Prepares a text, and has it planned where it can be: some that PostgreSQL does not have is found out only then.
pub(super) async fn prepare(
    client: &mut Client,
    sql: &str,
    parameters: &[Type],
    plan: bool,
) -> Result<(), Failed> {
    let transaction = begin(client, PREPARE).await?;
    let statement = transaction.prepare_typed(sql, parameters).await?;
    if plan && statement.params().is_empty() {
        let planned = transaction.query(&format!("EXPLAIN {sql}"), &[]).await;
        // A value that cannot be computed is another matter.
        planned
            .map(drop)
            .or_else(|error| if is_data(&error) { Ok(()) } else { Err(error) })?;
    }
    transaction.rollback().await
}

pub(super) async fn explain(client: &mut Client, query: &Query) -> Result<Plan, Error> {
    let failed = |error: Failed| explained(error, None, &Cancel::new());
    let transaction = begin(client, PREPARE).await.map_err(failed)?;
    let sql = format!("EXPLAIN {}", query.sql());
    let types = parameters(query);
    let statement = transaction.prepare_typed(&sql, &types);
    let statement = statement.await.map_err(failed)?;
    let values = values(&statement, query)?;
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
    let rows = transaction.query(&statement, &values);
    let rows = rows.await.map_err(failed)?;
    let lines: Result<Vec<&str>, Failed> = rows.iter().map(|row| row.try_get(0)).collect();
    Ok(Plan::new(steps(&lines.map_err(failed)?)))
}

/// Lines that stand deeper belong to the one above that does not.
fn steps(lines: &[&str]) -> Vec<PlanStep> {
    let mut open: Vec<(usize, i64)> = Vec::new();
    let mut steps = Vec::with_capacity(lines.len());
    for (id, line) in (1..).zip(lines) {
        let detail = line.trim_start();
        let depth = line.len() - detail.len();
        open.retain(|(above, _)| *above < depth);
        let parent = open.last().map_or(0, |(_, id)| *id);
        let detail = detail.trim_start_matches("->").trim_start().to_owned();
        steps.push(PlanStep { id, parent, detail });
        open.push((depth, id));
    }
    steps
}

/// Runs a query until its end, its time is over, or it is cancelled.
pub(super) async fn run(
    client: &mut Client,
    query: &Query,
    limits: &RunLimits,
    cancel: &Cancel,
) -> (Result<Rows, Error>, After) {
    let token = client.cancel_token();
    let mut until = Instant::now().checked_add(limits.timeout);
    let mut told = cancel.is_cancelled();
    if told {
        return (Err(Error::bare(Kind::Cancelled)), After::Keep);
    }
    let mut reading: Pin<&mut _> = pin!(read(client, query, limits, cancel));
    loop {
        let look = pin!(tokio::time::sleep(LOOK));
        if let Either::Left((rows, _)) = select(reading.as_mut(), look).await {
            return (rows, if told { After::Reconnect } else { After::Keep });
        }
        let is_over = until.is_some_and(|until| Instant::now() > until);
        if told && is_over {
            return (Err(stopped(limits, cancel)), After::Reconnect);
        }
        if !told && (is_over || cancel.is_cancelled()) {
            told = true;
            until = Instant::now().checked_add(GRACE);
            // Where this fails, the grace is over soon.
            let cancelled = pin!(token.cancel_query(NoTls));
            let _ = tokio::time::timeout(GRACE, cancelled).await;
        }
    }
}

fn stopped(limits: &RunLimits, cancel: &Cancel) -> Error {
    Error::bare(if cancel.is_cancelled() {
        Kind::Cancelled
    } else {
        Kind::Timeout(limits.timeout)
    })
}

async fn read(
    client: &mut Client,
    query: &Query,
    limits: &RunLimits,
    cancel: &Cancel,
) -> Result<Rows, Error> {
    let failed = |error| explained(error, Some(limits), cancel);
    let transaction = begin(client, limits.timeout).await.map_err(failed)?;
    let given = parameters(query);
    let statement = transaction.prepare_typed(query.sql(), &given);
    let statement = statement.await.map_err(failed)?;
    let values = values(&statement, query)?;
    let columns = statement.columns();
    let types: Vec<Type> = columns
        .iter()
        .map(|column| column.type_().clone())
        .collect();
    let names = columns.iter().map(|column| column.name().to_owned());
    let mut rows = Collected::new(names.collect(), limits);
    let sql = measured(query.sql(), types.len(), limits.max_value_bytes);
    let measured = transaction.prepare_typed(&sql, &given);
    let measured = measured.await.map_err(failed)?;
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
    let portal = transaction.bind(&measured, &values).await.map_err(failed)?;
    // As many at a time as surely fit, and one more than is wanted, to see whether there is one.
    let fit = limits.max_bytes / limits.max_value_bytes.max(1);
    let wanted = limits.max_rows.saturating_add(1);
    let batch = i32::try_from(fit.clamp(1, 256).min(wanted)).unwrap_or(1);
    loop {
        let some = transaction.query_portal(&portal, batch).await;
        let some = some.map_err(|error| {
            // What the query needs was there to plan it, so it is a value that is not: `NaN` is no integer.
            if error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) {
                return Error::new(Kind::Data, error);
            }
            failed(error)
        })?;
        for row in &some {
            if row.try_get::<_, i64>(0).map_err(failed)? > most(limits) {
                return Err(Error::bare(Kind::TooBig(limits.max_value_bytes)));
            }
            let value = |column| value(row, column, types.get(column));
            if !rows.push(value).map_err(failed)? {
                return Ok(rows.into_rows());
            }
        }
        if i32::try_from(some.len()).is_ok_and(|read| read < batch) {
            return Ok(rows.into_rows());
        }
    }
}

fn most(limits: &RunLimits) -> i64 {
    i64::try_from(limits.max_value_bytes).unwrap_or(i64::MAX)
}

/// The query's rows as texts, each behind its bytes, and without its texts where these are too many: so no row is sent that is larger
/// than it may be. The line break ends a comment at the end of the query.
fn measured(sql: &str, columns: usize, most: usize) -> String {
    let names = (1..=columns).map(|number| format!("c{number}"));
    let names: Vec<String> = names.collect();
    let each = |of: &dyn Fn(&String) -> String| names.iter().map(of).collect::<Vec<_>>();
    let texts = each(&|name| format!("{name}::text AS {name}")).join(", ");
    let bytes = each(&|name| format!("coalesce(octet_length({name}), 0)::bigint")).join(" + ");
    let kept = each(&|name| format!("CASE WHEN bytes <= {most} THEN {name} END")).join(", ");
    let inner = format!(
        "SELECT {texts} FROM (\n{sql}\n) AS q ({})",
        names.join(", ")
    );
    let sized = format!("SELECT {bytes} AS bytes, * FROM ({inner}) AS t");
    format!("SELECT bytes, {kept} FROM ({sized}) AS s")
}

/// A value of a row, behind the row's bytes.
fn value(row: &Row, column: usize, of: Option<&Type>) -> Result<Value, Failed> {
    let text: Option<&str> = row.try_get(column + 1)?;
    Ok(match (text, of) {
        (None, _) => Value::Null,
        (Some(text), Some(of)) => typed(text, of).unwrap_or_else(|| Value::Text(text.to_owned())),
        (Some(text), None) => Value::Text(text.to_owned()),
    })
}

/// What a text of PostgreSQL is, where it is more than a text.
fn typed(text: &str, of: &Type) -> Option<Value> {
    Some(match *of {
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => Value::Integer(text.parse().ok()?),
        Type::FLOAT4 | Type::FLOAT8 => Value::Real(text.parse().ok()?),
        Type::NUMERIC if text.bytes().any(|byte| byte.is_ascii_alphabetic()) => {
            Value::Real(text.parse().ok()?)
        }
        Type::NUMERIC => Value::Decimal(text.to_owned()),
        Type::BOOL => Value::Boolean(text == "true"),
        Type::BYTEA => Value::Blob(bytes(text.strip_prefix("\\x")?)?),
        _ => return None,
    })
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}

impl Raw for Value {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Decimal(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
            _ => 0,
        }
    }

    fn into_value(self) -> Value {
        self
    }
}

/// A value of a parameter as a text, which PostgreSQL reads as the type that it found the parameter to have.
#[derive(Debug)]
struct Sent(Option<String>);

impl ToSql for Sent {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        Ok(match &self.0 {
            None => IsNull::Yes,
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                IsNull::No
            }
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// Types of parameters, as far as they must be told: PostgreSQL finds out what those are that stand in the text, and wants a type of
/// those between them too.
pub(super) fn parameters(query: &Query) -> Vec<Type> {
    /// The text says how many they are, so there is a bound.
    const MOST: usize = 100;
    let named = named(query);
    let last = named.iter().max().copied().unwrap_or_default();
    if last > MOST {
        return Vec::new();
    }
    let of = |number| {
        if named.contains(&number) {
            Type::UNKNOWN
        } else {
            Type::TEXT
        }
    };
    (1..=last).map(of).collect()
}

/// The numbers of the parameters that stand in a text.
fn named(query: &Query) -> BTreeSet<usize> {
    let names = query.statement().parameters();
    names
        .filter_map(|name| name.strip_prefix('$')?.parse().ok())
        .collect()
}

/// What the parameters are, by their numbers. Those that do not stand in the text are nothing.
fn values(statement: &Statement, query: &Query) -> Result<Vec<Sent>, Error> {
    let named = named(query);
    let numbers = 1..=statement.params().len();
    let value = |number| {
        let name = format!("${number}");
        match query.value_of(&name).map(sent) {
            None if !named.is_empty() && !named.contains(&number) => Ok(Sent(None)),
            value => value.ok_or_else(|| Error::bare(Kind::Unbound(name))),
        }
    };
    numbers.map(value).collect()
}

fn sent(value: &Literal) -> Sent {
    Sent(match value {
        Literal::Null => None,
        Literal::Boolean(value) => Some(value.to_string()),
        Literal::Number(number) => Some(number.to_string()),
        Literal::Text(text) => Some(text.clone()),
        Literal::Blob(bytes) => {
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            Some(format!("\\x{}", digits.collect::<String>()))
        }
    })
}

/// Whether the query is right and the data is not: class 22 of
/// <https://www.postgresql.org/docs/15/errcodes-appendix.html>, or a query that was to give one row and gives more.
fn is_data(error: &Failed) -> bool {
    let code = error.code().map(SqlState::code);
    code.is_some_and(|code| code.starts_with("22") || code == "21000")
}

fn explained(error: Failed, limits: Option<&RunLimits>, cancel: &Cancel) -> Error {
    if error.code() == Some(&SqlState::QUERY_CANCELED) {
        let timeout = limits.map_or(PREPARE, |limits| limits.timeout);
        return Error::bare(if cancel.is_cancelled() {
            Kind::Cancelled
        } else {
            Kind::Timeout(timeout)
        });
    }
    if is_data(&error) {
        return Error::new(Kind::Data, error);
    }
    let is_gone = error.is_closed();
    Error::new(if is_gone { Kind::Gone } else { Kind::Run }, error)
}
