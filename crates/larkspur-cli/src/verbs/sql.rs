//! `larkspur sql`: a database's catalog and grammar, texts judged by a policy, texts run read-only, questions asked.

mod ask;
mod database;
mod rows;

use std::io::Write as _;

use larkspur_output::Rejection;
use larkspur_sql::SelectGrammar;
use serde_json::json;

use self::database::Database;
use crate::{
    args::Format,
    exit::{Failure, Verdict, say},
    grammar, input,
    reading::{self, Lines},
    sql_args::{CatalogArgs, CheckArgs, GrammarArgs, RunArgs, SqlArgs, SqlVerb},
    verbs::convert,
};

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
