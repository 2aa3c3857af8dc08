//! The command line of `larkspur sql`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::args::{Format, ModelArgs, Target};

#[derive(Args)]
pub(crate) struct SqlArgs {
    #[command(subcommand)]
    pub(crate) verb: SqlVerb,
}

#[derive(Subcommand)]
pub(crate) enum SqlVerb {
    /// Tables, columns and keys of a database, as far as the policy shows them.
    Catalog(CatalogArgs),
    /// A grammar of the queries that a database can answer, over what the policy shows.
    Grammar(GrammarArgs),
    /// Judge a SQL text: harmless and right for this database, or everything that is wrong with it.
    Check(CheckArgs),
    /// Ask a model for a query that answers a question, judge it, run it read-only, and print the rows.
    Ask(AskArgs),
    /// Judge a SQL text and run it read-only, within limits.
    Run(RunArgs),
}

/// A database and what of it may be read.
#[derive(Args)]
pub(crate) struct DatabaseArgs {
    /// The database: a SQLite file, a `.sql` file whose statements make one in memory, or a `postgres://` URL.
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) db: PathBuf,
    /// What may be read and how, as JSON; default: everything, read-only.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

/// What is looked up of a database's values, for whoever writes queries.
#[derive(Args)]
pub(crate) struct SamplesArgs {
    /// Look up so many values of each column that is shown, all where there are few, and how many rows there are; within two seconds.
    #[arg(long, value_name = "N")]
    pub(crate) samples: Option<usize>,
    /// Tell values of these columns by their form only (`*.email`); may be given several times.
    #[arg(long, value_name = "PATTERN", requires = "samples")]
    pub(crate) mask: Vec<String>,
}

#[derive(Args)]
pub(crate) struct CatalogArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    #[command(flatten)]
    pub(crate) samples: SamplesArgs,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct GrammarArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The notation to write.
    #[arg(long, value_enum, default_value = "lark")]
    pub(crate) to: Target,
    /// The reader of the Lark that is written.
    #[arg(long, value_name = "NAME", default_value = "openai")]
    pub(crate) dialect: String,
    /// The most that a LIMIT may say.
    #[arg(long, value_name = "N")]
    pub(crate) max_rows: Option<u64>,
    /// How many tables a query may join.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) max_tables: usize,
    /// How many bytes it may take; default 100,000. What is left out is told on stderr.
    #[arg(long, value_name = "N")]
    pub(crate) max_bytes: Option<usize>,
    /// The question, which tells what of a large database may be left out.
    #[arg(long, value_name = "TEXT")]
    pub(crate) question: Option<String>,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The text; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    pub(crate) sql: Option<String>,
    /// Each stdin line is a JSON string that holds one text; each stdout line its result.
    #[arg(long)]
    pub(crate) ndjson: bool,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// How rows are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// Columns side by side, long values cut.
    Table,
    /// An array with an object for each row.
    Json,
    /// As RFC 4180 has it, with a line of names.
    Csv,
}

#[derive(Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The text; stdin where left out or `-`.
    pub(crate) sql: Option<String>,
    /// Print how the database would run it, and run nothing.
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) rows: RowsArgs,
}

/// What is printed, and how much at most.
#[derive(Args)]
pub(crate) struct RowsArgs {
    /// How rows are printed.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: RowFormat,
    /// Most rows that are read.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) max_rows: usize,
    /// Most seconds that the run may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0)]
    pub(crate) timeout: f64,
}

#[derive(Args)]
pub(crate) struct AskArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    #[command(flatten)]
    pub(crate) samples: SamplesArgs,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// How many tables a query may join.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) max_tables: usize,
    /// How many bytes the grammar may take; default 100,000. What is left out is told on stderr.
    #[arg(long, value_name = "N")]
    pub(crate) max_bytes: Option<usize>,
    /// The question; stdin where left out or `-`.
    pub(crate) question: Option<String>,
    #[command(flatten)]
    pub(crate) rows: RowsArgs,
}
