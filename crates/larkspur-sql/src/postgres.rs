//! A PostgreSQL database that is only read.

mod catalog;
mod run;
mod session;

use std::{
    fmt,
    sync::{Arc, mpsc},
};

use larkspur_json::Span;
use larkspur_output::{Rejection, Violation};
use tokio_postgres::{Config, config::SslMode, error::ErrorPosition, types::Type};

use self::session::{Job, Session};
use crate::{
    Cancel, Catalog, Error, Guard, Plan, Policy, Query, Rows, Rule, RunLimits, Sampling,
    SelectGrammar, catalog::samples, error::Kind, grammar::LastWord, policy::Functions,
};

/// A PostgreSQL database, to be read, with a [`Policy`] that says what of it.
///
/// Three things stand between a text and the data: the [`Guard`], which reads the text as PostgreSQL does; the protocol, which takes
/// one statement at a time; and a transaction that is `READ ONLY`, with a time limit, and always rolled back. PostgreSQL has no
/// authorizer as SQLite has: that a column is hidden is held by the guard alone. So connect **as a role that may read no more than is
/// to be read**, and not as a superuser, who may read files of the server too.
///
/// There is one connection, on a thread of its own, so that all of this can be called from anywhere; whoever calls waits. It has no TLS:
/// use it where the network is trusted, or through a tunnel or socket. A URL with an `sslmode` that demands TLS is refused. A connection that was lost is made again for the next call.
///
/// ```no_run
/// use larkspur_sql::{Policy, Postgres, RunLimits};
///
/// let policy = Policy::from_json(r#"{"schemas": ["shop"], "exclude": ["*.password"]}"#)?;
/// let db = Postgres::connect("postgres://reader:secret@localhost/shop")?.policy(policy)?;
///
/// let query = db.check("SELECT name FROM users ORDER BY id")?;
/// let names: Vec<String> = db.run(&query, &RunLimits::default())?.read()?;
///
/// let rejection = db.check("SELECT password FROM users").unwrap_err();
/// assert_eq!(rejection.message(), "there is no column `password` here");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Postgres {
    config: Arc<Config>,
    session: Arc<Session>,
    found: Arc<Found>,
    guard: Guard,
}

/// What there is in a database, as its schemas show it.
pub(crate) struct Found {
    catalog: Catalog,
    /// Functions of its owners, whatever they do, with names that PostgreSQL's own have too.
    functions: Vec<String>,
}

impl Postgres {
    /// Connects to a database, with the default policy.
    ///
    /// The URL is one of [libpq's](https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING), or pairs such as
    /// `host=/run/postgresql dbname=shop`. It is never printed, nor is a password in it.
    ///
    /// # Errors
    /// Where the URL cannot be read or demands TLS, there is no such database, or its catalog cannot be read.
    pub fn connect(url: &str) -> Result<Self, Error> {
        // These modes cannot even be read.
        let verifies = ["sslmode=verify-ca", "sslmode=verify-full"];
        if verifies.iter().any(|mode| url.contains(mode)) {
            return Err(Error::bare(Kind::Tls));
        }
        // What is wrong with it could be a part of the password.
        let mut config: Config = url.parse().map_err(|_| Error::bare(Kind::Url))?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(Error::bare(Kind::Tls));
        }
        if config.get_application_name().is_none() {
            config.application_name("larkspur");
        }
        Self::open(Arc::new(config), Policy::default())
    }

    fn open(config: Arc<Config>, policy: Policy) -> Result<Self, Error> {
        let session = Session::open(Arc::clone(&config), &policy.schemas)?;
        let found = session.ask(|reply| Job::Catalog { reply })??;
        let guard = guard(&found, policy);
        Ok(Self {
            config,
            session: Arc::new(session),
            found: Arc::new(found),
            guard,
        })
    }

    /// The same database with another policy; one with other schemas is another connection.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn policy(mut self, policy: Policy) -> Result<Self, Error> {
        if policy.schemas != self.guard.policy().schemas {
            return Self::open(self.config, policy);
        }
        self.guard = guard(&self.found, policy);
        Ok(self)
    }

    /// The same database with values of its columns in the [catalog](Self::catalog), as far as the policy shows them and they can be looked up
    /// within the limits. They are told to the model, with what else the catalog has.
    pub fn sample(mut self, sampling: &Sampling) -> Self {
        let policy = self.guard.policy().clone();
        let reader = self.guarded_by(samples::guard(&self.found.catalog, &policy));
        let run = |sql: &str, limits: &RunLimits| {
            let query = reader.check(sql).ok()?;
            reader.run(&query, limits).ok()
        };
        let visible = self.guard.catalog();
        let catalog = samples::sampled(&self.found.catalog, visible, sampling, run);
        let found = Found {
            catalog,
            functions: self.found.functions.clone(),
        };
        self.guard = guard(&found, policy);
        self.found = Arc::new(found);
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
    /// does, so that PostgreSQL's own words go back to it.
    pub fn select(&self) -> SelectGrammar {
        SelectGrammar::of_database(&self.guard, self.guarded_by(self.guard.clone()))
    }

    /// The same connection with a guard of its own, which must allow no more than that of this database.
    fn guarded_by(&self, guard: Guard) -> Self {
        Self {
            config: Arc::clone(&self.config),
            session: Arc::clone(&self.session),
            found: Arc::clone(&self.found),
            guard,
        }
    }

    /// Judges a text: by the guard, and then by PostgreSQL itself, which prepares and plans it.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn check(&self, sql: &str) -> Result<Query, Rejection> {
        match self.guard.check(sql) {
            Ok(query) => match self.prepares(query.sql(), run::parameters(&query), true) {
                None => Ok(query),
                Some(found) => Err(Rejection::new(sql, vec![found])),
            },
            Err(rejection) => Err(self.in_its_words(sql, rejection)),
        }
    }

    /// Of a text that is only no SQL, PostgreSQL's own words are told too.
    fn in_its_words(&self, sql: &str, rejection: Rejection) -> Rejection {
        let only_syntax = |violation: &Violation| violation.code == Some(Rule::Syntax.code());
        let found = rejection.violations();
        if !found.iter().all(only_syntax) {
            return rejection;
        }
        let more = self.prepares(sql, Vec::new(), false);
        Rejection::new(sql, found.iter().cloned().chain(more).collect())
    }

    /// What PostgreSQL has against a text.
    fn prepares(&self, sql: &str, parameters: Vec<Type>, plan: bool) -> Option<Violation> {
        let told = |span: Span, message: String| {
            let whole = Violation::new(message).code(Rule::Database.code());
            Some(whole.within(span))
        };
        let whole = Span::new(0, sql.len());
        let asked = self.session.ask(|reply| Job::Prepare {
            sql: sql.to_owned(),
            parameters,
            plan,
            reply,
        });
        match asked {
            Ok(Ok(())) => None,
            Ok(Err(error)) => match error.as_db_error() {
                Some(error) => {
                    let at = error.position().and_then(|position| place(sql, position));
                    told(at.unwrap_or(whole), error.message().to_owned())
                }
                None => told(whole, Error::new(Kind::Gone, error).to_string()),
            },
            Err(error) => told(whole, error.to_string()),
        }
    }

    /// Runs a query and reads its rows.
    ///
    /// # Errors
    /// Where it takes too long, a row is too large, a value [cannot be computed](Error::is_data), or the database fails.
    pub fn run(&self, query: &Query, limits: &RunLimits) -> Result<Rows, Error> {
        self.run_until(query, limits, &Cancel::new())
    }

    /// The same, until it is cancelled.
    ///
    /// # Errors
    /// Where it is cancelled, takes too long, a row is too large, a value [cannot be computed](Error::is_data), or the database fails.
    pub fn run_until(
        &self,
        query: &Query,
        limits: &RunLimits,
        cancel: &Cancel,
    ) -> Result<Rows, Error> {
        let (query, limits, cancel) = (query.clone(), limits.clone(), cancel.clone());
        self.session.ask(|reply| Job::Run {
            query,
            limits,
            cancel,
            reply,
        })?
    }

    /// How PostgreSQL would run a query: it is planned, not run. Parameters need values.
    ///
    /// # Errors
    /// Where a parameter has no value, or the database fails.
    pub fn explain(&self, query: &Query) -> Result<Plan, Error> {
        let query = query.clone();
        self.session.ask(|reply| Job::Explain { query, reply })?
    }
}

impl LastWord for Postgres {
    fn judge(&self, guard: &Guard, sql: &str) -> Result<Query, Rejection> {
        self.guarded_by(guard.clone()).check(sql)
    }

    fn run(&self, query: &Query, limits: &RunLimits) -> Result<Rows, Error> {
        Self::run(self, query, limits)
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Postgres");
        shown.field("database", &self.config.get_dbname());
        shown.field("catalog", self.catalog());
        shown.finish_non_exhaustive()
    }
}

/// A guard that allows none of PostgreSQL's functions whose name the database's owners gave to one of their own.
fn guard(found: &Found, mut policy: Policy) -> Guard {
    if policy.functions == Functions::default() {
        let own = Functions::of(found.catalog.dialect());
        policy.functions = own.without(&found.functions);
    }
    Guard::new(&found.catalog, policy)
}

/// The word at a place that PostgreSQL counts in characters, from one.
fn place(sql: &str, position: &ErrorPosition) -> Option<Span> {
    let ErrorPosition::Original(at) = position else {
        return None;
    };
    let at = usize::try_from(*at).ok()?.checked_sub(1)?;
    let start = sql.char_indices().nth(at).map_or(sql.len(), |(at, _)| at);
    let rest = sql.get(start..)?;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    Some(Span::new(start, start + end.max(first)))
}

/// Where an answer goes.
type Reply<T> = mpsc::SyncSender<T>;
