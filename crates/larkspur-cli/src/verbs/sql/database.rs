//! The database that `--db` names, whichever it is.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use larkspur_output::Rejection;
use larkspur_sql::{
    Catalog, Dialect, Error, Guard, Pattern, Plan, Policy, Postgres, PostgresDdl, Query, Rows,
    RunLimits, Sampling, SelectGrammar, Sqlite,
};

use crate::{
    exit::{Failure, say},
    input,
};

/// A database and what of it may be read.
#[derive(Args)]
pub(super) struct DatabaseArgs {
    /// The database: a SQLite file, a `.sql` file with the statements that make it, or a `postgres://` URL.
    #[arg(long, value_name = "FILE|URL")]
    pub(super) db: PathBuf,
    /// What may be read and how, as JSON; default: everything, read-only.
    #[arg(long, value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,
    /// Only these tables and columns (`shop_*`, `users.name`); may be given several times.
    #[arg(long, value_name = "PATTERN")]
    pub(super) include: Vec<String>,
    /// Not these tables and columns (`*.password`), besides those that the policy excludes; may be given several times. What is hidden does not
    /// exist for whoever writes queries.
    #[arg(long, value_name = "PATTERN")]
    pub(super) exclude: Vec<String>,
}

/// Whose SQL the statements of a `.sql` file are.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SqlDialect {
    /// They make a database in memory.
    Sqlite,
    /// They are read without a server: there is a catalog, a grammar and a guard, and nothing to run on.
    Postgres,
}

impl From<SqlDialect> for Dialect {
    fn from(dialect: SqlDialect) -> Self {
        match dialect {
            SqlDialect::Sqlite => Self::Sqlite,
            SqlDialect::Postgres => Self::Postgres,
        }
    }
}

/// The same as an argument.
#[derive(Args)]
pub(super) struct DialectArgs {
    /// Whose SQL a `.sql` file holds; default SQLite's.
    #[arg(long, value_enum, value_name = "NAME")]
    pub(super) dialect: Option<SqlDialect>,
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
    Live(Live),
    /// Statements, without a database.
    Ddl(Box<Guard>),
}

/// One that queries can be run on.
pub(super) enum Live {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What only a database can do.
const NO_DATABASE: &str = "there are only statements here, and no database";

impl Database {
    /// As the policy shows it.
    pub(super) fn open(args: &DatabaseArgs, dialect: Option<SqlDialect>) -> Result<Self, Failure> {
        let policy = policy(args)?;
        let url = args.db.to_str().filter(|url| is_url(url));
        let wanted = dialect.map(Dialect::from);
        let is = |found: Dialect| {
            if wanted.is_some_and(|wanted| wanted != found) {
                let name = found.name();
                return Err(Failure::new(format_args!("`--db` is a database of {name}"))
                    .hint("leave `--dialect` out: it says whose SQL a `.sql` file holds"));
            }
            Ok(())
        };
        let opened = match url {
            Some(url) => {
                is(Dialect::Postgres)?;
                let db = Postgres::connect(url);
                db.and_then(|db| db.policy(policy)).map(Live::Postgres)
            }
            None if !is_ddl(args) => {
                is(Dialect::Sqlite)?;
                file(args)?.policy(policy).map(Live::Sqlite)
            }
            None if wanted == Some(Dialect::Postgres) => return postgres(args, policy),
            None => sqlite(args)?.policy(policy).map(Live::Sqlite),
        };
        opened.map(Self::Live).map_err(|error| failed(&error))
    }

    /// What queries can be run on.
    pub(super) fn live(&self) -> Result<&Live, Failure> {
        match self {
            Self::Live(db) => Ok(db),
            Self::Ddl(_) => Err(Failure::new(NO_DATABASE).hint(
                "`sql catalog`, `sql grammar` and `sql check` need no more; give a `postgres://` URL to run queries",
            )),
        }
    }

    /// With values in its catalog, where these are asked for.
    pub(super) fn sampled(self, args: &SamplesArgs) -> Result<Self, Failure> {
        let Some(values) = args.samples else {
            return Ok(self);
        };
        let sampling = Sampling {
            values,
            mask: patterns("--mask", &args.mask)?,
            ..Sampling::default()
        };
        match self {
            Self::Live(Live::Sqlite(db)) => Ok(Self::Live(Live::Sqlite(db.sample(&sampling)))),
            Self::Live(Live::Postgres(db)) => Ok(Self::Live(Live::Postgres(db.sample(&sampling)))),
            Self::Ddl(_) => {
                Err(Failure::new(NO_DATABASE).hint("values are looked up in a database"))
            }
        }
    }

    pub(super) fn catalog(&self) -> &Catalog {
        match self {
            Self::Live(Live::Sqlite(db)) => db.catalog(),
            Self::Live(Live::Postgres(db)) => db.catalog(),
            Self::Ddl(guard) => guard.catalog(),
        }
    }

    pub(super) fn select(&self) -> SelectGrammar {
        match self {
            Self::Live(Live::Sqlite(db)) => db.select(),
            Self::Live(Live::Postgres(db)) => db.select(),
            Self::Ddl(guard) => SelectGrammar::new(guard.catalog(), guard.policy()),
        }
    }

    pub(super) fn check(&self, sql: &str) -> Result<Query, Rejection> {
        match self {
            Self::Live(Live::Sqlite(db)) => db.check(sql),
            Self::Live(Live::Postgres(db)) => db.check(sql),
            Self::Ddl(guard) => guard.check(sql),
        }
    }
}

impl Live {
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

/// The policy of a file, narrowed by what is included and excluded besides.
fn policy(args: &DatabaseArgs) -> Result<Policy, Failure> {
    let mut policy = match &args.policy {
        None => Policy::default(),
        Some(path) => {
            let source = input::read(path)?;
            Policy::from_json(&source.text).map_err(|error| {
                Failure::new(format_args!("`{}` is no policy: {error}", source.name))
            })?
        }
    };
    if !args.include.is_empty() && !policy.include.is_empty() {
        let failure = Failure::new("the policy says what is included, and so does `--include`");
        return Err(
            failure.hint("say it in one place: together they would show more than the policy does")
        );
    }
    policy.include.extend(patterns("--include", &args.include)?);
    policy.exclude.extend(patterns("--exclude", &args.exclude)?);
    Ok(policy)
}

fn patterns(flag: &str, patterns: &[String]) -> Result<Vec<Pattern>, Failure> {
    let patterns = patterns.iter().map(|pattern| {
        let invalid = |error| Failure::new(format_args!("`{flag} {pattern}`: {error}"));
        pattern.parse().map_err(invalid)
    });
    patterns.collect()
}

fn is_ddl(args: &DatabaseArgs) -> bool {
    let ending = args.db.extension();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("sql"))
}

fn file(args: &DatabaseArgs) -> Result<Sqlite, Failure> {
    Sqlite::open_read_only(&args.db).map_err(|error| {
        let failure = Failure::new(&error);
        let is_url = args.db.to_str().is_some_and(|db| db.contains("://"));
        if is_url {
            failure.hint("`--db` is a SQLite file, a `.sql` file, or a `postgres://` URL")
        } else {
            failure
        }
    })
}

/// Of statements of PostgreSQL; what is not understood of them is told.
fn postgres(args: &DatabaseArgs, policy: Policy) -> Result<Database, Failure> {
    let source = input::read(&args.db)?;
    let ddl = PostgresDdl::read(&source.text)
        .map_err(|error| Failure::new(format_args!("`{}`: {error}", source.name)))?;
    for left_out in ddl.left_out() {
        say(format_args!("note: left out: {left_out}"));
    }
    Ok(Database::Ddl(Box::new(ddl.guard(policy))))
}

fn sqlite(args: &DatabaseArgs) -> Result<Sqlite, Failure> {
    let source = input::read(&args.db)?;
    Sqlite::from_ddl(&source.text).map_err(|error| {
        Failure::new(format_args!("`{}`: {error}", source.name))
            .hint("of a PostgreSQL database, say `--dialect postgres`")
    })
}
