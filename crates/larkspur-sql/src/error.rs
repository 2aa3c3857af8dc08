//! Errors of databases and runs.

#[cfg(feature = "sqlite")]
use std::io;
use std::{fmt, time::Duration};

#[cfg(feature = "sqlite")]
use rusqlite::ErrorCode;

/// A database could not be opened, read or asked.
///
/// That a text is refused is no error but a [`Rejection`](larkspur_output::Rejection).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    source: Option<Source>,
}

/// What the database's library says.
#[derive(Debug)]
pub(crate) enum Source {
    #[cfg(feature = "sqlite")]
    File(io::Error),
    #[cfg(feature = "sqlite")]
    Sqlite(rusqlite::Error),
    #[cfg(feature = "postgres")]
    Postgres(tokio_postgres::Error),
}

#[cfg(feature = "sqlite")]
impl From<io::Error> for Source {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

#[cfg(feature = "sqlite")]
impl From<rusqlite::Error> for Source {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

#[cfg(feature = "postgres")]
impl From<tokio_postgres::Error> for Source {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl Source {
    /// Whether it tells of the query, and not of the database: by SQLite's result codes (<https://sqlite.org/rescode.html>), and by the
    /// classes of PostgreSQL's (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
    fn is_of_query(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::File(_) => false,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(
                    ErrorCode::Unknown
                        | ErrorCode::AuthorizationForStatementDenied
                        | ErrorCode::TypeMismatch
                )
            ),
            #[cfg(feature = "postgres")]
            Self::Postgres(error) => error.code().is_some_and(|code| {
                let class = code.code().get(..2).unwrap_or_default();
                ["0A", "21", "22", "42", "54"].contains(&class)
            }),
        }
    }

    fn as_error(&self) -> &(dyn std::error::Error + 'static) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::File(error) => error,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(error) => error,
            #[cfg(feature = "postgres")]
            Self::Postgres(error) => error,
        }
    }
}

/// In the database's own words, where there are some.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "sqlite")]
            Self::File(error) => error.fmt(f),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(rusqlite::Error::SqlInputError { msg, .. }) => f.write_str(msg),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(rusqlite::Error::SqliteFailure(_, Some(message))) => f.write_str(message),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(error) => error.fmt(f),
            #[cfg(feature = "postgres")]
            Self::Postgres(error) => {
                if let Some(error) = error.as_db_error() {
                    return f.write_str(error.message());
                }
                error.fmt(f)?;
                // Why a server cannot be reached.
                let source = std::error::Error::source(error);
                source.map_or(Ok(()), |source| write!(f, ": {source}"))
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Open(String),
    #[cfg(feature = "postgres")]
    Url,
    #[cfg(feature = "postgres")]
    Tls,
    #[cfg(feature = "postgres")]
    Gone,
    Data,
    #[cfg(feature = "sqlite")]
    Ddl,
    Catalog,
    #[cfg(feature = "sqlite")]
    Prepare,
    #[cfg(feature = "sqlite")]
    Denied(String),
    Run,
    Timeout(Duration),
    Cancelled,
    TooBig(usize),
    Unbound(String),
    Row {
        row: usize,
        message: String,
    },
}

impl Error {
    pub(crate) fn new(kind: Kind, source: impl Into<Source>) -> Self {
        Self(Box::new(Inner {
            kind,
            source: Some(source.into()),
        }))
    }

    pub(crate) fn bare(kind: Kind) -> Self {
        Self(Box::new(Inner { kind, source: None }))
    }

    /// Whether the run took longer than it may.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Timeout(_))
    }

    /// Whether the run was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.kind == Kind::Cancelled
    }

    /// Whether a value or row was larger than it may be.
    pub fn is_too_big(&self) -> bool {
        matches!(self.0.kind, Kind::TooBig(_))
    }

    /// Whether the query was right and a value in the data was not: a division by zero, a number out of range, a text that is no date.
    /// SQLite knows few of these.
    pub const fn is_data(&self) -> bool {
        matches!(self.0.kind, Kind::Data)
    }

    /// Whether it was the query that could not be run, so that another one may do better: a value that [cannot be
    /// computed](Self::is_data), one that [is too large](Self::is_too_big), a run that [takes too long](Self::is_timeout), or what the
    /// database does not allow. It is not where the database cannot be reached, is busy or broken.
    pub fn is_query(&self) -> bool {
        match &self.0.kind {
            Kind::Data | Kind::TooBig(_) | Kind::Timeout(_) => true,
            #[cfg(feature = "sqlite")]
            Kind::Denied(_) => true,
            Kind::Run => self.0.source.as_ref().is_some_and(Source::is_of_query),
            _ => false,
        }
    }

    /// Whether a row did not have the form of the type it was read as.
    pub fn is_row(&self) -> bool {
        matches!(self.0.kind, Kind::Row { .. })
    }

    /// Whether a parameter has no value.
    pub fn is_unbound(&self) -> bool {
        matches!(self.0.kind, Kind::Unbound(_))
    }

    /// What would probably put it right.
    pub fn hint(&self) -> Option<&'static str> {
        match self.0.kind {
            Kind::Timeout(_) => Some("read fewer rows, or allow more time"),
            Kind::TooBig(_) => Some("read a part of the value, or allow larger ones"),
            #[cfg(feature = "postgres")]
            Kind::Url => Some(
                "write `postgres://user:password@host/database`, signs in the password as `%40` and so on",
            ),
            #[cfg(feature = "postgres")]
            Kind::Tls => Some(
                "connect through a tunnel (`ssh -L`) or a socket, and leave `sslmode` out of the URL",
            ),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Open(path) => write!(f, "cannot open the database `{path}`")?,
            #[cfg(feature = "postgres")]
            Kind::Url => return f.write_str("the URL of the database cannot be read"),
            #[cfg(feature = "postgres")]
            Kind::Tls => {
                return f.write_str(
                    "the URL asks for TLS, which connections to PostgreSQL do not have here",
                );
            }
            #[cfg(feature = "postgres")]
            Kind::Gone => f.write_str("the connection to the database is gone")?,
            Kind::Data => f.write_str("a value cannot be computed")?,
            #[cfg(feature = "sqlite")]
            Kind::Ddl => f.write_str("the tables cannot be created")?,
            Kind::Catalog => f.write_str("the catalog cannot be read")?,
            #[cfg(feature = "sqlite")]
            Kind::Prepare => f.write_str("the database does not prepare the query")?,
            #[cfg(feature = "sqlite")]
            Kind::Denied(what) => return write!(f, "the query cannot be run: {what}"),
            Kind::Run => f.write_str("the query cannot be run")?,
            Kind::Timeout(limit) => return write!(f, "the query ran longer than {limit:?}"),
            Kind::Cancelled => return f.write_str("the query was cancelled"),
            Kind::TooBig(limit) => return write!(f, "a value or row is larger than {limit} bytes"),
            Kind::Unbound(name) => return write!(f, "the parameter `{name}` has no value"),
            Kind::Row { row, message } => return write!(f, "row {row}: {message}"),
        }
        match &self.0.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(Source::as_error)
    }
}
