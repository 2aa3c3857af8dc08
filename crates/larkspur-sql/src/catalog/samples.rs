//! Values of a database's columns, looked up on request.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{
    Catalog, Column, Guard, Pattern, Policy, Rows, RunLimits, Samples, Table, TableKind, Value,
    quote_text,
};

/// What is looked up of a database's values, and what it may cost.
///
/// Only tables are looked into, in the order of the catalog, and of them only what the policy shows; views may be dear, and are left out. So are
/// numbers that are keys, columns whose type lists its values, and values that are bytes or have control characters.
///
/// ```
/// use larkspur_sql::{Sampling, Sqlite};
///
/// let db = Sqlite::from_ddl(
///     "CREATE TABLE customer (name TEXT, country TEXT, email TEXT);
///      INSERT INTO customer VALUES ('Ada', 'UK', 'ada@example.org'), ('Bo', 'France', 'bo@b.se'), ('Cy', 'UK', NULL)",
/// )?;
/// let db = db.sample(&Sampling { mask: vec!["*.email".parse()?], values: 2, ..Sampling::default() });
/// assert_eq!(
///     db.catalog().to_string(),
///     "customer(name TEXT, country TEXT, email TEXT)
///   about 3 rows
///   name such as 'Ada', 'Bo'
///   country is one of 'UK', 'France'
///   email in the form of 'aaa@aaaaaaa.aaa', 'aa@a.aa'
/// "
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
pub struct Sampling {
    /// Values of a column that are told, where not all are. Default 3.
    pub values: usize,
    /// A column with no more values than this, some of which occur again, is told with all of them. Default 12; 0 is none.
    pub listed: usize,
    /// Rows of a table that are looked at, the first. Where there are more, no column is told with all of its values. Default 10,000.
    pub max_rows: usize,
    /// Characters of a value; longer ones are not told. Default 40.
    pub max_chars: usize,
    /// For all tables together. Those that it does not suffice for are left as they are. Default two seconds.
    pub timeout: Duration,
    /// Columns whose values are told by their form only: letters as `a` and `A`, digits as `9`, the rest as it is.
    pub mask: Vec<Pattern>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            values: 3,
            listed: 12,
            max_rows: 10_000,
            max_chars: 40,
            timeout: Duration::from_secs(2),
            mask: Vec::new(),
        }
    }
}

/// A guard that shows what another does, whatever else that one says.
pub(crate) fn guard(catalog: &Catalog, of: &Policy) -> Guard {
    let policy = Policy {
        include: of.include.clone(),
        exclude: of.exclude.clone(),
        schemas: of.schemas.clone(),
        ..Policy::default()
    };
    Guard::new(catalog, policy)
}

/// The same catalog with values of what is visible. What cannot be read is left as it is.
pub(crate) fn sampled(
    catalog: &Catalog,
    visible: &Catalog,
    sampling: &Sampling,
    run: impl Fn(&str, &RunLimits) -> Option<Rows>,
) -> Catalog {
    let until = Instant::now() + sampling.timeout;
    let mut catalog = catalog.clone();
    let tables = visible.tables.iter();
    for table in tables.filter(|table| table.kind == TableKind::Table) {
        let read = |columns: &[&Column]| {
            let left = until.checked_duration_since(Instant::now())?;
            let limits = RunLimits {
                max_rows: sampling.max_rows,
                // So that a single table does not take it all.
                timeout: left / 2,
                ..RunLimits::default()
            };
            run(&select(visible, table, columns, sampling.max_rows), &limits)
        };
        let own = catalog.tables.iter_mut();
        if let Some(own) = own.into_iter().find(|own| own.name == table.name) {
            of_table(own, table, sampling, read);
        }
    }
    catalog
}

/// Looks into a table, of which some columns are visible.
fn of_table(
    own: &mut Table,
    visible: &Table,
    sampling: &Sampling,
    read: impl Fn(&[&Column]) -> Option<Rows>,
) {
    let columns = visible.columns.iter();
    let columns =
        columns.filter(|column| column.labels.is_empty() && !is_number_of_key(visible, column));
    let wanted: Vec<&Column> = columns.collect();
    let mut found: Vec<(&Column, Samples)> = Vec::new();
    if let Some(all) = read(&wanted) {
        own.rows = counted(&all).or(own.rows);
        let places = wanted.iter().enumerate();
        found.extend(places.filter_map(|(place, column)| {
            Some((*column, of_column(&all, place, visible, column, sampling)?))
        }));
    } else {
        // One of them may have a value that is too large.
        for column in wanted {
            let alone = read(&[column]);
            own.rows = alone.as_ref().and_then(counted).or(own.rows);
            let samples = alone.and_then(|rows| of_column(&rows, 0, visible, column, sampling));
            found.extend(samples.map(|samples| (column, samples)));
        }
    }
    for (column, samples) in found {
        let mut columns = own.columns.iter_mut();
        if let Some(own) = columns.find(|own| own.name == column.name) {
            own.samples = Some(samples);
        }
    }
}

fn select(catalog: &Catalog, table: &Table, columns: &[&Column], max_rows: usize) -> String {
    let dialect = catalog.dialect();
    let table_name = dialect.quote_name(&table.name);
    let names: Vec<String> = columns
        .iter()
        .map(|column| format!("{table_name}.{}", dialect.quote_name(&column.name)))
        .collect();
    // Of a table with nothing to tell only the rows are counted.
    let list = if names.is_empty() {
        "1".to_owned()
    } else {
        names.join(", ")
    };
    format!(
        "SELECT {list} FROM {table_name} LIMIT {}",
        max_rows.saturating_add(1)
    )
}

/// How many rows there are, if these are all.
fn counted(rows: &Rows) -> Option<u64> {
    let is_all = rows.truncated().is_none();
    is_all.then(|| u64::try_from(rows.rows().len()).ok())?
}

/// Numbers that stand for rows say nothing to anybody.
fn is_number_of_key(table: &Table, column: &Column) -> bool {
    let keys = table.foreign_keys.iter().flat_map(|key| &key.columns);
    let mut keys = keys.chain(&table.primary_key);
    let name = column.data_type.to_ascii_lowercase();
    name.contains("int") && keys.any(|key| *key == column.name)
}

/// Values of a column; nothing where there is none to be told.
fn of_column(
    rows: &Rows,
    place: usize,
    table: &Table,
    column: &Column,
    sampling: &Sampling,
) -> Option<Samples> {
    let mask = |pattern: &Pattern| pattern.matches_column(&table.name, &column.name);
    let masked = sampling.mask.iter().any(mask);
    let (mut times, mut first) = (BTreeMap::<String, usize>::new(), Vec::new());
    let (mut are_all, mut number) = (rows.truncated().is_none(), 0);
    for value in rows.rows().iter().filter_map(|row| row.get(place)) {
        if *value == Value::Null {
            continue;
        }
        number += 1;
        let Some(literal) = literal(value, sampling.max_chars, masked) else {
            are_all = false;
            continue;
        };
        let known = times.len();
        if let Some(times) = times.get_mut(&literal) {
            *times += 1;
        } else if known < sampling.listed.max(sampling.values) {
            first.push(literal.clone());
            times.insert(literal, 1);
        } else {
            are_all = false;
        }
    }
    let complete = are_all && !masked && times.len() <= sampling.listed && times.len() < number;
    // The usual ones first; of those that are as usual, the first.
    first.sort_by_key(|literal| std::cmp::Reverse(times.get(literal).copied()));
    if !complete {
        first.truncate(sampling.values);
    }
    (!first.is_empty()).then_some(Samples {
        values: first,
        complete,
        masked,
    })
}

/// A value as SQL writes it, if it can be told.
fn literal(value: &Value, max_chars: usize, masked: bool) -> Option<String> {
    let (text, is_text) = match value {
        Value::Integer(number) => (number.to_string(), false),
        Value::Real(number) if number.is_finite() => (number.to_string(), false),
        Value::Boolean(value) => (value.to_string(), false),
        Value::Decimal(digits) => (digits.clone(), false),
        Value::Text(text) => (text.clone(), true),
        Value::Null | Value::Real(_) | Value::Blob(_) => return None,
    };
    let is_odd = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    if text.chars().nth(max_chars).is_some() || text.chars().any(is_odd) {
        return None;
    }
    let text = if masked { form(&text) } else { text };
    Some(if is_text { quote_text(&text) } else { text })
}

fn form(text: &str) -> String {
    let shown = |c: char| match c {
        c if c.is_numeric() => '9',
        c if c.is_uppercase() => 'A',
        c if c.is_alphabetic() => 'a',
        c => c,
    };
    text.chars().map(shown).collect()
}
