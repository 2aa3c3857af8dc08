//! Errors of databases and runs.

use std::{fmt, time::Duration};

/// A database could not be opened, read or asked.
///
/// That a text is refused is no error but a [`Rejection`](larkspur_output::Rejection).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    source: Option<rusqlite::Error>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Open(String),
    Ddl,
    Catalog,
    Prepare,
    Run,
    Timeout(Duration),
    Cancelled,
    TooBig(usize),
    Unbound(String),
    Row { row: usize, message: String },
}

impl Error {
    pub(crate) fn new(kind: Kind, source: rusqlite::Error) -> Self {
        Self(Box::new(Inner {
            kind,
            source: Some(source),
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
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Open(path) => write!(f, "cannot open the database `{path}`")?,
            Kind::Ddl => f.write_str("the tables cannot be created")?,
            Kind::Catalog => f.write_str("the catalog cannot be read")?,
            Kind::Prepare => f.write_str("the database does not prepare the query")?,
            Kind::Run => f.write_str("the query cannot be run")?,
            Kind::Timeout(limit) => return write!(f, "the query ran longer than {limit:?}"),
            Kind::Cancelled => return f.write_str("the query was cancelled"),
            Kind::TooBig(limit) => return write!(f, "a value or row is larger than {limit} bytes"),
            Kind::Unbound(name) => return write!(f, "the parameter `{name}` has no value"),
            Kind::Row { row, message } => return write!(f, "row {row}: {message}"),
        }
        match &self.0.source {
            Some(rusqlite::Error::SqlInputError { msg, .. }) => write!(f, ": {msg}"),
            Some(rusqlite::Error::SqliteFailure(_, Some(message))) => write!(f, ": {message}"),
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}
