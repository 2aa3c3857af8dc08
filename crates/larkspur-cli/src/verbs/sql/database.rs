//! The database that `--db` names, whichever it is.

use std::path::PathBuf;

use clap::Args;
use larkspur_output::Rejection;
use larkspur_sql::{
    Catalog, Error, Plan, Policy, Postgres, Query, Rows, RunLimits, Sampling, SelectGrammar, Sqlite,
};

use crate::{exit::Failure, input};

/// A database and what of it may be read.
#[derive(Args)]
pub(super) struct DatabaseArgs {
    /// The database: a SQLite file, a `.sql` file whose statements make one in memory, or a `postgres://` URL.
    #[arg(long, value_name = "FILE|URL")]
    pub(super) db: PathBuf,
    /// What may be read and how, as JSON; default: everything, read-only.
    #[arg(long, value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,
}

/// What is looked up of a database's values, for whoever writes queries.
#[derive(Args)]
pub(super) struct SamplesArgs {
    /// Look up so many values of each column that is shown, all where there are few, and how many rows there are; within two seconds.
    #[arg(long, value_name = "N")]
    pub(super) samples: Option<usize>,
    /// Tell values of these columns by their form only (`*.email`); may be given several times.
    #[arg(long, value_name = "PATTERN", requires = "samples")]
    pub(super) mask: Vec<String>,
}

pub(super) enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// As the policy shows it.
    pub(super) fn open(args: &DatabaseArgs) -> Result<Self, Failure> {
        let policy = match &args.policy {
            None => Policy::default(),
            Some(path) => {
                let source = input::read(path)?;
                Policy::from_json(&source.text).map_err(|error| {
                    Failure::new(format_args!("`{}` is no policy: {error}", source.name))
                })?
            }
        };
        let url = args.db.to_str().filter(|url| is_url(url));
        let opened = match url {
            Some(url) => Postgres::connect(url)
                .and_then(|db| db.policy(policy))
                .map(Self::Postgres),
            None => sqlite(args)?.policy(policy).map(Self::Sqlite),
        };
        opened.map_err(|error| failed(&error))
    }

    /// With values in its catalog, where these are asked for.
    pub(super) fn sampled(self, args: &SamplesArgs) -> Result<Self, Failure> {
        let Some(values) = args.samples else {
            return Ok(self);
        };
        let masks = args.mask.iter().map(|pattern| {
            let invalid = |error| Failure::new(format_args!("`--mask {pattern}`: {error}"));
            pattern.parse().map_err(invalid)
        });
        let sampling = Sampling {
            values,
            mask: masks.collect::<Result<_, Failure>>()?,
            ..Sampling::default()
        };
        Ok(match self {
            Self::Sqlite(db) => Self::Sqlite(db.sample(&sampling)),
            Self::Postgres(db) => Self::Postgres(db.sample(&sampling)),
        })
    }

    pub(super) fn catalog(&self) -> &Catalog {
        match self {
            Self::Sqlite(db) => db.catalog(),
            Self::Postgres(db) => db.catalog(),
        }
    }

    pub(super) fn select(&self) -> SelectGrammar {
        match self {
            Self::Sqlite(db) => db.select(),
            Self::Postgres(db) => db.select(),
        }
    }

    pub(super) fn check(&self, sql: &str) -> Result<Query, Rejection> {
        match self {
            Self::Sqlite(db) => db.check(sql),
            Self::Postgres(db) => db.check(sql),
        }
    }

    pub(super) fn run(&self, query: &Query, limits: &RunLimits) -> Result<Rows, Error> {
        match self {
            Self::Sqlite(db) => db.run(query, limits),
            Self::Postgres(db) => db.run(query, limits),
        }
    }

    pub(super) fn explain(&self, query: &Query) -> Result<Plan, Error> {
        match self {
            Self::Sqlite(db) => db.explain(query),
            Self::Postgres(db) => db.explain(query),
        }
    }
}

/// That the database itself could not do something.
pub(super) fn failed(error: &Error) -> Failure {
    let failure = Failure::new(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn is_url(db: &str) -> bool {
    let mut schemes = ["postgres://", "postgresql://"].iter();
    schemes.any(|scheme| db.starts_with(scheme))
}

fn sqlite(args: &DatabaseArgs) -> Result<Sqlite, Failure> {
    let ending = args.db.extension();
    if !ending.is_some_and(|ending| ending.eq_ignore_ascii_case("sql")) {
        return Sqlite::open_read_only(&args.db).map_err(|error| {
            let failure = Failure::new(&error);
            let is_url = args.db.to_str().is_some_and(|db| db.contains("://"));
            if is_url {
                failure.hint("`--db` is a SQLite file, a `.sql` file, or a `postgres://` URL")
            } else {
                failure
            }
        });
    }
    let source = input::read(&args.db)?;
    Sqlite::from_ddl(&source.text)
        .map_err(|error| Failure::new(format_args!("`{}`: {error}", source.name)))
}
