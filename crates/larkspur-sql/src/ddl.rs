//! The catalog of a PostgreSQL database by the statements that make it, without a server.

mod alter;
mod cut;
mod parse;
mod read;
mod types;
mod view;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, thread,
};

use larkspur_json::Position;

use self::read::{Key, Reader};
use crate::{Catalog, Dialect, ForeignKey, Guard, Policy, Table, policy::Functions};

/// Most bytes of a text.
const MOST_BYTES: usize = 64 << 20;

/// The parser and what walks its trees recurse as deep as a statement, which is measured before.
const STACK: usize = 48 << 20;

/// Statements that make a PostgreSQL database, such as `pg_dump --schema-only` writes, read without a server.
///
/// Read are tables with their keys, views, types, domains, comments, and what `ALTER` and `DROP` change of them; all other statements are passed
/// over, and so is data. Of a view's columns the types are known where they are plain columns, `CAST`s or counts; a column whose type is
/// unknown is no part of a grammar. What was not understood is told by [`left_out`](Self::left_out): it does not exist then. What extensions bring
/// is not known. At most 64 MiB are read, and 200,000 columns.
///
/// [`Postgres`](crate::Postgres) asks the database itself, and has its word on each text.
///
/// ```
/// use larkspur_sql::{Policy, PostgresDdl};
///
/// let ddl = PostgresDdl::read(
///     "CREATE TYPE mood AS ENUM ('sad', 'happy');
///      CREATE TABLE users (id serial PRIMARY KEY, feels mood NOT NULL, password text);
///      CREATE TABLE posts (id bigint, author int REFERENCES users, sent timestamptz);",
/// )?;
/// assert!(ddl.left_out().is_empty());
///
/// let guard = ddl.guard(Policy::from_json(r#"{"exclude": ["*.password"]}"#)?);
/// assert_eq!(guard.catalog().to_string(), "\
/// users(id integer, feels mood ('sad', 'happy'))
///   key id
/// posts(id bigint, author integer, sent timestamp with time zone)
///   author -> users(id)
/// ");
/// assert!(guard.check("SELECT feels FROM users").is_ok());
/// assert!(guard.check("SELECT password FROM users").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PostgresDdl {
    /// With their schemas.
    tables: Vec<Made>,
    /// The names of its owner's functions.
    functions: BTreeSet<String>,
    left_out: Vec<String>,
}

impl PostgresDdl {
    /// Reads statements.
    ///
    /// # Errors
    /// Where a quote, comment or parenthesis is not closed, there is no table, or there is more than is read.
    pub fn read(ddl: &str) -> Result<Self, DdlError> {
        if ddl.len() > MOST_BYTES {
            return Err(DdlError::of("it has more than 64 MiB"));
        }
        let statements = cut::statements(ddl).map_err(|(at, message)| DdlError {
            message: message.to_owned(),
            position: Some(Position::of(ddl, at)),
        })?;
        let read = || {
            let mut reader = Reader::default();
            let mut lines = Lines::of(ddl);
            for at in statements {
                let line = lines.at(at.start);
                reader.statement(ddl.get(at.start..at.end).unwrap_or_default(), line)?;
            }
            Ok(reader.read())
        };
        let read = thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, read).ok()?.join().ok()
        });
        let ddl = read.unwrap_or_else(|| Err(DdlError::of("there is no room to read it")))?;
        match (ddl.tables.is_empty(), ddl.left_out.first()) {
            (true, Some(first)) => Err(DdlError::of(&format!("no table is understood: {first}"))),
            (true, None) => Err(DdlError::of("there is no CREATE TABLE")),
            (false, _) => Ok(ddl),
        }
    }

    /// Its tables in these schemas, of several with the same name the first; `public` where there are none.
    pub fn catalog(&self, schemas: &[String]) -> Catalog {
        let public = [Dialect::Postgres.main_schema().to_owned()];
        let schemas = if schemas.is_empty() { &public } else { schemas };
        let (mut made, mut known) = (Vec::new(), BTreeMap::new());
        for schema in schemas {
            for table in self.tables.iter().filter(|table| table.schema == *schema) {
                let name = table.table.name.as_str();
                if !known.contains_key(name) {
                    known.insert(name, schema);
                    made.push(table);
                }
            }
        }
        let tables = made.into_iter().map(|made| {
            let mut table = made.table.clone();
            let keys = made.keys.iter();
            // Keys are those between the tables that are left.
            let kept = keys.filter(|key| known.get(key.table.as_str()) == Some(&&key.schema));
            let keys = kept.map(|key| ForeignKey::new(&key.columns, &key.table, &key.references));
            table.foreign_keys = keys.collect();
            table
        });
        Catalog::new(tables).of(Dialect::Postgres)
    }

    /// A guard of the [catalog](Self::catalog) of the policy's schemas. It allows none of PostgreSQL's functions whose name one of the statements gives
    /// to another.
    pub fn guard(&self, mut policy: Policy) -> Guard {
        if policy.functions == Functions::default() {
            let own: Vec<String> = self.functions.iter().cloned().collect();
            policy.functions = Functions::of(Dialect::Postgres).without(&own);
        }
        Guard::new(&self.catalog(&policy.schemas), policy)
    }

    /// What was not understood, with the line, in the order of the text.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }
}

/// A table that a statement makes.
#[derive(Clone, Debug)]
struct Made {
    schema: String,
    table: Table,
    keys: Vec<Key>,
}

/// Lines of places that come in order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    const fn of(text: &'a str) -> Self {
        let (at, line) = (0, 1);
        Self { text, at, line }
    }

    fn at(&mut self, place: usize) -> usize {
        let between = self.text.get(self.at..place).unwrap_or_default();
        self.line += between.matches('\n').count();
        self.at = place;
        self.line
    }
}

/// A text is no statements that make a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DdlError {
    message: String,
    position: Option<Position>,
}

impl DdlError {
    fn of(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            position: None,
        }
    }

    /// Where, if it is at a place.
    pub const fn position(&self) -> Option<Position> {
        self.position
    }
}

impl fmt::Display for DdlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.position {
            Some(Position { line, column, .. }) => write!(f, " at line {line}, column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DdlError {}
