//! `larkspur sql`: a database's catalog and grammar, texts judged by a policy, texts run read-only, questions asked.

mod ask;
mod database;
mod rows;

use std::io::Write as _;

use clap::{Args, Subcommand};
use larkspur_output::Rejection;
use larkspur_sql::SelectGrammar;
use serde_json::json;

use self::{
    ask::AskArgs,
    database::{Database, DatabaseArgs, SamplesArgs},
    rows::RowsArgs,
};
use crate::{
    args::{Format, Target},
    exit::{Failure, Verdict, say},
    grammar, input,
    reading::{self, Lines},
    verbs::convert,
};

#[derive(Args)]
pub(crate) struct SqlArgs {
    #[command(subcommand)]
    verb: SqlVerb,
}

#[derive(Subcommand)]
enum SqlVerb {
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

#[derive(Args)]
struct CatalogArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    samples: SamplesArgs,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Args)]
struct GrammarArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The notation to write.
    #[arg(long, value_enum, default_value = "lark")]
    to: Target,
    /// The reader of the Lark that is written.
    #[arg(long, value_name = "NAME", default_value = "openai")]
    dialect: String,
    /// The most that a LIMIT may say.
    #[arg(long, value_name = "N")]
    max_rows: Option<u64>,
    /// How many tables a query may join.
    #[arg(long, value_name = "N", default_value_t = 3)]
    max_tables: usize,
    /// How many bytes it may take; default 100,000. What is left out is told on stderr.
    #[arg(long, value_name = "N")]
    max_bytes: Option<usize>,
    /// The question, which tells what of a large database may be left out.
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
}

#[derive(Args)]
struct CheckArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The text; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    sql: Option<String>,
    /// Each stdin line is a JSON string that holds one text; each stdout line its result.
    #[arg(long)]
    ndjson: bool,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Args)]
struct RunArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The text; stdin where left out or `-`.
    sql: Option<String>,
    /// Print how the database would run it, and run nothing.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    rows: RowsArgs,
}

pub(crate) fn run(args: &SqlArgs) -> Result<Verdict, Failure> {
    match &args.verb {
        SqlVerb::Catalog(args) => catalog(args),
        SqlVerb::Grammar(args) => grammar(args),
        SqlVerb::Check(args) => check(args),
        SqlVerb::Ask(args) => ask::run(args),
        SqlVerb::Run(args) => run_text(args),
    }
}

fn catalog(args: &CatalogArgs) -> Result<Verdict, Failure> {
    let db = Database::open(&args.database)?.sampled(&args.samples)?;
    let mut stdout = std::io::stdout().lock();
    match args.format {
        Format::Text => write!(stdout, "{}", db.catalog())?,
        Format::Json => writeln!(stdout, "{:#}", json!(db.catalog()))?,
    }
    Ok(Verdict::Yes)
}

fn grammar(args: &GrammarArgs) -> Result<Verdict, Failure> {
    let dialect = grammar::dialect(&args.dialect)?;
    let db = Database::open(&args.database)?;
    let mut select = db.select().max_tables(args.max_tables);
    if let Some(rows) = args.max_rows {
        select = select.max_rows(rows);
    }
    if let Some(bytes) = args.max_bytes {
        select = select.max_bytes(bytes);
    }
    if let Some(question) = &args.question {
        select = select.about(question);
    }
    let grammar = select.grammar().map_err(Failure::new)?;
    let printed = convert::written(&grammar, args.to.into(), dialect);
    for loss in &printed.losses {
        say(format_args!("lost: {loss}"));
    }
    note_receipt(&select)?;
    write!(std::io::stdout(), "{}", printed.text)?;
    Ok(Verdict::from_ok(printed.losses.is_empty()))
}

/// What the grammar left out is told.
fn note_receipt(select: &SelectGrammar) -> Result<(), Failure> {
    let receipt = select.receipt().map_err(Failure::new)?;
    if !receipt.is_complete() {
        say(format_args!("note: {receipt}"));
    }
    Ok(())
}

fn check(args: &CheckArgs) -> Result<Verdict, Failure> {
    let db = Database::open(&args.database)?;
    if args.ndjson {
        return reading::each_line(Lines::Strings, |sql| line(&db, sql));
    }
    let sql = input::text(args.sql.as_deref())?;
    let mut stdout = std::io::stdout().lock();
    match args.format {
        Format::Json => {
            let result = line(&db, &sql);
            let (Ok(line) | Err(line)) = &result;
            writeln!(stdout, "{line}")?;
            Ok(Verdict::from_ok(result.is_ok()))
        }
        Format::Text => match db.check(&sql) {
            Ok(query) => {
                writeln!(stdout, "{query}")?;
                Ok(Verdict::Yes)
            }
            Err(rejection) => Ok(refused(&rejection)),
        },
    }
}

/// The text that may be run, or what is wrong with it.
fn line(db: &Database, sql: &str) -> Result<String, String> {
    match db.check(sql) {
        Ok(query) => Ok(json!({ "ok": true, "value": query.sql() }).to_string()),
        Err(rejection) => Err(reading::rejected(&rejection)),
    }
}

fn refused(rejection: &Rejection) -> Verdict {
    say(rejection);
    Verdict::No
}

fn run_text(args: &RunArgs) -> Result<Verdict, Failure> {
    let limits = rows::limits(&args.rows)?;
    let db = Database::open(&args.database)?;
    let sql = input::text(args.sql.as_deref())?;
    match db.check(&sql) {
        Ok(query) if args.explain => rows::explain(&db, &query, args.rows.format),
        Ok(query) => rows::run(&db, &query, &limits, args.rows.format),
        Err(rejection) => Ok(refused(&rejection)),
    }
}
