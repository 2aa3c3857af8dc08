//! `larkspur sql`: a database's catalog and grammar, texts judged by a policy, texts run read-only, questions asked.

mod ask;
mod database;
mod rows;
mod shape;

use std::io::Write as _;

use clap::{Args, Subcommand, ValueEnum as _};
use larkspur_grammar::Dialect;
use larkspur_output::Rejection;
use larkspur_sql::SelectGrammar;
use serde_json::json;

use self::{
    ask::AskArgs,
    database::{Database, DatabaseArgs, DialectArgs, SamplesArgs, SqlDialect},
    rows::RowsArgs,
    shape::ShapeArgs,
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
    dialect: DialectArgs,
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
    /// Who reads the Lark that is written, default `openai`; and whose SQL a `.sql` file holds, `sqlite` (default) or `postgres`. May be given
    /// for each.
    #[arg(long, value_name = "NAME")]
    dialect: Vec<String>,
    /// The most that a LIMIT may say.
    #[arg(long, value_name = "N")]
    max_rows: Option<u64>,
    #[command(flatten)]
    shape: ShapeArgs,
    /// The question, which tells what of a large database may be left out.
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
}

#[derive(Args)]
struct CheckArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    dialect: DialectArgs,
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
    #[command(flatten)]
    dialect: DialectArgs,
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
    let db = Database::open(&args.database, args.dialect.dialect)?.sampled(&args.samples)?;
    let mut stdout = std::io::stdout().lock();
    match args.format {
        Format::Text => write!(stdout, "{}", db.catalog())?,
        Format::Json => writeln!(stdout, "{:#}", json!(db.catalog()))?,
    }
    Ok(Verdict::Yes)
}

/// Who reads the Lark, and whose SQL it is.
fn dialects(names: &[String]) -> Result<(&'static Dialect, Option<SqlDialect>), Failure> {
    let (mut reader, mut sql) = (None, None);
    for name in names {
        let was_said = if let Ok(dialect) = SqlDialect::from_str(name, false) {
            sql.replace(dialect).is_some()
        } else {
            reader.replace(grammar::dialect(name)?).is_some()
        };
        if was_said {
            return Err(Failure::new(format_args!(
                "`--dialect {name}` is one too many"
            )));
        }
    }
    let reader = reader.map_or_else(|| grammar::dialect("openai"), Ok)?;
    Ok((reader, sql))
}

fn grammar(args: &GrammarArgs) -> Result<Verdict, Failure> {
    let (dialect, sql) = dialects(&args.dialect)?;
    let db = Database::open(&args.database, sql)?;
    let mut select = args.shape.of(db.select());
    if let Some(rows) = args.max_rows {
        select = select.max_rows(rows);
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
    let db = Database::open(&args.database, args.dialect.dialect)?;
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
    let db = Database::open(&args.database, args.dialect.dialect)?;
    let live = db.live()?;
    let sql = input::text(args.sql.as_deref())?;
    match db.check(&sql) {
        Ok(query) if args.explain => rows::explain(live, &query, args.rows.format),
        Ok(query) => rows::run(live, &query, &limits, args.rows.format),
        Err(rejection) => Ok(refused(&rejection)),
    }
}
