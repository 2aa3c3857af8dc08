//! A SQLite database that is only read.

mod authorizer;
mod catalog;
mod plan;
mod run;
mod shadow;

use std::{
    fs, io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use larkspur_json::Span;
use larkspur_output::{Rejection, Violation};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, hooks::AuthContext};

use self::{
    authorizer::{Allowed, Denied},
    shadow::Shadow,
};
use crate::{
    Catalog, Error, Guard, Policy, Query, Rows, Rule, RunLimits, Sampling, SelectGrammar,
    catalog::samples, error::Kind, grammar::LastWord,
};

/// A SQLite database, opened to be read, with a [`Policy`] that says what of it.
///
/// Four things stand between a text and the data: the [`Guard`], SQLite's own compiler under an authorizer that
/// denies all but reading what the policy shows, the same compiler over empty tables, whose code says which columns are read, and a
/// connection that cannot write.
///
/// ```
/// use larkspur_sql::{Policy, RunLimits, Sqlite};
///
/// let policy = Policy::from_json(r#"{"exclude": ["*.password"]}"#)?;
/// let db = Sqlite::from_ddl("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, password TEXT)")?.policy(policy)?;
///
/// let query = db.check("SELECT name FROM users ORDER BY id")?;
/// let rows = db.run(&query, &RunLimits::default())?;
/// assert_eq!(rows.columns(), ["name"]);
///
/// let rejection = db.check("SELECT password FROM users").unwrap_err();
/// assert_eq!(rejection.message(), "there is no column `password` here");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sqlite {
    connection: Arc<Mutex<Connection>>,
    /// All there is.
    catalog: Arc<Catalog>,
    guard: Guard,
    denied: Denied,
    shadow: Arc<Shadow>,
}

impl Sqlite {
    /// Opens a database file to be read, with the default policy.
    ///
    /// # Errors
    /// Where there is no such file, it is no database, or its catalog cannot be read.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let open = || Kind::Open(path.display().to_string());
        let failed = |error| Error::new(open(), error);
        // SQLite's own words for these are few.
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => {
                let directory = io::Error::from(io::ErrorKind::IsADirectory);
                return Err(Error::new(open(), directory));
            }
            Ok(_) => {}
            Err(error) => return Err(Error::new(open(), error)),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        // SQLite looks at the file only when it is asked something.
        connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
            .map_err(failed)?;
        Self::new(connection)
    }

    /// An empty database in memory with the tables that these statements create.
    ///
    /// The statements may fill the tables too. They reach no file, and take ten seconds at most.
    ///
    /// # Errors
    /// Where a statement fails.
    pub fn from_ddl(ddl: &str) -> Result<Self, Error> {
        let mut connection =
            Connection::open_in_memory().map_err(|error| Error::new(Kind::Ddl, error))?;
        catalog::create(&mut connection, ddl)?;
        Self::new(connection)
    }

    fn new(connection: Connection) -> Result<Self, Error> {
        harden(&connection).map_err(|error| Error::new(Kind::Catalog, error))?;
        let catalog =
            catalog::read(&connection).map_err(|error| Error::new(Kind::Catalog, error))?;
        let guard = Guard::new(&catalog, Policy::default());
        let db = Self {
            connection: Arc::new(Mutex::new(connection)),
            catalog: Arc::new(catalog),
            shadow: shadow(&guard)?,
            guard,
            denied: Arc::default(),
        };
        db.authorize()?;
        Ok(db)
    }

    /// The same database with another policy.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn policy(mut self, policy: Policy) -> Result<Self, Error> {
        self.guard = Guard::new(&self.catalog, policy);
        self.shadow = shadow(&self.guard)?;
        self.authorize()?;
        Ok(self)
    }

    /// The same database with values of its columns in the [catalog](Self::catalog), as far as the policy shows them and they can be looked up
    /// within the limits. They are told to the model, with what else the catalog has.
    pub fn sample(mut self, sampling: &Sampling) -> Self {
        let policy = self.guard.policy().clone();
        let reader = self.guarded_by(samples::guard(&self.catalog, &policy));
        let run = |sql: &str, limits: &RunLimits| {
            let query = reader.check(sql).ok()?;
            reader.run(&query, limits).ok()
        };
        let sampled = samples::sampled(&self.catalog, self.guard.catalog(), sampling, run);
        self.guard = Guard::new(&sampled, policy);
        self.catalog = Arc::new(sampled);
        self
    }

    /// What the policy shows of the database.
    pub fn catalog(&self) -> &Catalog {
        self.guard.catalog()
    }

    /// The guard of this database.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// A grammar of the queries that this database can answer, as an output: what a model answers is judged as [`check`](Self::check)
    /// does, so that SQLite's own words go back to it.
    ///
    /// ```
    /// use larkspur_output::{OutputType, Target};
    /// use larkspur_sql::Sqlite;
    ///
    /// let db = Sqlite::from_ddl("CREATE TABLE album (title TEXT, year INTEGER)")?;
    /// let output = db.select().max_rows(100).prepare(Target::openai())?;
    /// let query = output.read("SELECT album.title FROM album WHERE album.year = 1977")?;
    /// assert!(query.sql().ends_with(" LIMIT 100"));
    ///
    /// let rejection = output.read("SELECT abs(album.year, 1) FROM album").unwrap_err();
    /// assert_eq!(rejection.message(), "wrong number of arguments to function abs()");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn select(&self) -> SelectGrammar {
        SelectGrammar::of_database(&self.guard, self.guarded_by(self.guard.clone()))
    }

    /// The same connection with a guard of its own, which must allow no more than that of this database.
    pub(crate) fn guarded_by(&self, guard: Guard) -> Self {
        Self {
            connection: Arc::clone(&self.connection),
            catalog: Arc::clone(&self.catalog),
            guard,
            denied: Arc::clone(&self.denied),
            shadow: Arc::clone(&self.shadow),
        }
    }

    fn authorize(&self) -> Result<(), Error> {
        let failed = |error| Error::new(Kind::Catalog, error);
        let mut connection = self.connection();
        let allowed = Allowed::of(&mut connection, &self.guard).map_err(failed)?;
        let allows = move |context: &AuthContext<'_>| allowed.allows(context);
        authorizer::install(&mut connection, allows, Arc::clone(&self.denied)).map_err(failed)
    }

    /// The connection; that a thread panicked with it does not change it.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges a text: by the guard, and then by SQLite itself, which prepares it under the authorizer.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn check(&self, sql: &str) -> Result<Query, Rejection> {
        match self.guard.check(sql) {
            Ok(query) => match self.prepares(query.sql()) {
                found if found.is_empty() => Ok(query),
                found => Err(Rejection::new(sql, found)),
            },
            Err(rejection) => Err(self.in_its_words(sql, rejection)),
        }
    }

    /// Of a text that is only no SQL, SQLite's own words are told too.
    fn in_its_words(&self, sql: &str, rejection: Rejection) -> Rejection {
        let only_syntax = |violation: &Violation| violation.code == Some(Rule::Syntax.code());
        if !rejection.violations().iter().all(only_syntax) {
            return rejection;
        }
        let more = self.prepares(sql);
        Rejection::new(
            sql,
            rejection.violations().iter().cloned().chain(more).collect(),
        )
    }

    /// What SQLite has against a text.
    fn prepares(&self, sql: &str) -> Vec<Violation> {
        let connection = self.connection();
        authorizer::take(&self.denied);
        let result = connection
            .prepare(sql)
            .map(|statement| statement.readonly());
        let denied = authorizer::take(&self.denied);
        let whole = Span::new(0, sql.len());
        match result {
            Ok(true) => self.reads(sql),
            Ok(false) => vec![told(
                Rule::ReadOnly,
                whole,
                "only a query is allowed".to_owned(),
            )],
            Err(error) => {
                let refused =
                    error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied);
                if (refused || !denied.is_empty()) && !denied.is_empty() {
                    return denied
                        .into_iter()
                        .map(|message| told(Rule::Authorizer, whole, message))
                        .collect();
                }
                let (span, message) = place(sql, &error);
                vec![told(Rule::Database, span.unwrap_or(whole), message)]
            }
        }
    }

    /// What a text that prepares reads, as far as it may not.
    fn reads(&self, sql: &str) -> Vec<Violation> {
        let whole = Span::new(0, sql.len());
        match self.shadow.denies(sql) {
            Ok(denied) => {
                let denied = denied.into_iter();
                let denied = denied.map(|message| told(Rule::Authorizer, whole, message));
                denied.collect()
            }
            Err(error) => vec![told(Rule::Database, whole, place(sql, &error).1)],
        }
    }
}

fn shadow(guard: &Guard) -> Result<Arc<Shadow>, Error> {
    let shadow = Shadow::of(guard.catalog());
    let shadow = shadow.map_err(|error| Error::new(Kind::Catalog, error))?;
    Ok(Arc::new(shadow))
}

fn told(rule: Rule, span: Span, message: String) -> Violation {
    Violation::new(message).code(rule.code()).within(span)
}

impl LastWord for Sqlite {
    fn judge(&self, guard: &Guard, sql: &str) -> Result<Query, Rejection> {
        self.guarded_by(guard.clone()).check(sql)
    }

    fn run(&self, query: &Query, limits: &RunLimits) -> Result<Rows, Error> {
        Self::run(self, query, limits)
    }
}

/// The place and words of SQLite's error.
fn place(sql: &str, error: &rusqlite::Error) -> (Option<Span>, String) {
    match error {
        rusqlite::Error::SqlInputError { msg, offset, .. } => {
            let start = usize::try_from(*offset)
                .ok()
                .filter(|start| sql.is_char_boundary(*start));
            let span = start.map(|start| {
                let rest = sql.get(start..).unwrap_or_default();
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
                    .unwrap_or(rest.len());
                Span::new(start, start + end.max(usize::from(!rest.is_empty()))).clamped(sql)
            });
            (span, msg.clone())
        }
        rusqlite::Error::SqliteFailure(_, Some(message)) => (None, message.clone()),
        other => (None, other.to_string()),
    }
}

trait Clamped {
    /// With ends that lie between characters.
    fn clamped(self, text: &str) -> Self;
}

impl Clamped for Span {
    fn clamped(self, text: &str) -> Self {
        let end = (self.end..=text.len()).find(|end| text.is_char_boundary(*end));
        Self::new(self.start, end.unwrap_or(text.len()))
    }
}

/// Turns off what a query has no use for.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Functions with side effects cannot be called from the schema.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false)?;
    connection.execute_batch("PRAGMA query_only = ON")
}

// What no text of the public API reaches: SQLite's own defences without the guard in front.
#[cfg(test)]
#[path = "../tests/sql/unguarded.rs"]
mod unguarded;
