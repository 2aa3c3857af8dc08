//! What it costs to have SQL judged, over every gold query of `text-to-sql` (`LARKSPUR_DATA`, default `../shared/data`), beside sqlparser alone in
//! the same run; and what the grammar of a hundred tables of those databases
//! costs, in time, bytes and tokens.
//!
//! The guard cuts, measures, parses (with sqlparser), walks and makes the typed tree; sqlparser only cuts and parses. Times are
//! processor time of one thread, the best of five. Goals: the guard's median below 100 µs and not above five times sqlparser's, the grammar
//! below 20 ms.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program that measures, for people"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ThreadTime;
use larkspur_grammar::{Dialect, print};
use larkspur_sql::{Catalog, Guard, Policy, SelectGrammar, Sqlite, Table};
use serde_json::Value;
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

const REPEATS: usize = 5;

fn data(file: &str) -> Vec<Value> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("LARKSPUR_DATA").map_or(default, PathBuf::from);
    let path = folder.join("text-to-sql").join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; set LARKSPUR_DATA", path.display()));
    let row = |line| serde_json::from_str(line).expect("a row is JSON");
    text.lines().map(row).collect()
}

/// The best time of several.
fn best<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..REPEATS {
        let start = ThreadTime::now();
        black_box(run());
        best = best.min(start.elapsed());
    }
    best
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Median, 99th percentile and the most, of what is in no order.
fn shares(mut of: Vec<f64>) -> [f64; 3] {
    of.sort_by(f64::total_cmp);
    [50, 99, 100].map(|share| {
        let at = of.get(of.len() * share / 100).or(of.last());
        at.copied().unwrap_or_default()
    })
}

/// A query and the database that it is about.
struct Gold {
    database: String,
    sql: String,
}

fn gold() -> Vec<Gold> {
    let rows = data("queries.jsonl").into_iter();
    let text = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
    let prepares = rows.filter(|row| row["prepares"] == true);
    let gold = prepares.map(|row| Gold {
        database: text(&row, "db_id"),
        sql: text(&row, "sql"),
    });
    gold.collect()
}

fn databases() -> BTreeMap<String, Sqlite> {
    let open = |row: Value| {
        let ddl = row["ddl"].as_str().expect("a text");
        let db = Sqlite::from_ddl(ddl).expect("makes a database");
        (row["db_id"].as_str().expect("a text").to_owned(), db)
    };
    data("databases.jsonl").into_iter().map(open).collect()
}

fn row(what: &str, times: &[f64]) {
    let [median, p99, most] = shares(times.to_vec());
    println!("| {what} | {median:.1} | {p99:.1} | {most:.1} |");
}

fn queries(databases: &BTreeMap<String, Sqlite>) {
    let gold = gold();
    let guard = |gold: &Gold| -> &Guard {
        let db = databases.get(&gold.database);
        db.expect("has a database").guard()
    };
    let time = |run: &dyn Fn(&Gold) -> bool| -> Vec<f64> {
        let each = gold.iter().map(|gold| {
            assert!(run(gold), "{}", gold.sql);
            micros(best(|| run(gold)))
        });
        each.collect()
    };
    let ours = time(&|gold| guard(gold).check(&gold.sql).is_ok());
    let theirs = time(&|gold| Parser::parse_sql(&SQLiteDialect {}, &gold.sql).is_ok());
    let whole = time(&|gold| {
        databases
            .get(&gold.database)
            .is_some_and(|db| db.check(&gold.sql).is_ok())
    });
    let bytes: usize = gold.iter().map(|gold| gold.sql.len()).sum();
    println!(
        "{} queries, {} bytes on average\n",
        gold.len(),
        bytes / gold.len().max(1)
    );
    println!("| µs for a query | median | p99 | most |\n|---|---|---|---|");
    row("guard", &ours);
    row("sqlparser alone", &theirs);
    row("guard and SQLite", &whole);
    let ratios = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs);
    let [median, p99, most] = shares(ratios.collect());
    println!("| guard / sqlparser | {median:.2} | {p99:.2} | {most:.2} |\n");
}

/// So many tables of these databases, with their keys, as if they were those of one.
fn catalog(databases: &BTreeMap<String, Sqlite>, most: usize) -> Catalog {
    let mut tables: Vec<Table> = Vec::new();
    let mut names = BTreeSet::new();
    for db in databases.values() {
        let new = db.catalog().tables.iter();
        let new = new.filter(|table| names.insert(table.name.to_lowercase()));
        let mut new: Vec<Table> = new.cloned().collect();
        let own: BTreeSet<String> = new.iter().map(|table| table.name.to_lowercase()).collect();
        for table in &mut new {
            table
                .foreign_keys
                .retain(|key| own.contains(&key.table.to_lowercase()));
        }
        tables.append(&mut new);
    }
    tables.truncate(most);
    // A key that leads nowhere joins nothing.
    Catalog::new(tables)
}

fn grammars(databases: &BTreeMap<String, Sqlite>) {
    println!("| grammar | ms | bytes | tokens | left out |\n|---|---|---|---|---|");
    let tokens = tiktoken_rs::o200k_base_singleton();
    for tables in [10, 100, 200] {
        let catalog = catalog(databases, tables);
        for (what, bytes) in [("as it is sent", 100_000), ("whole", usize::MAX)] {
            let select = || SelectGrammar::new(&catalog, &Policy::default()).max_bytes(bytes);
            let time = best(|| select().grammar().expect("has tables"));
            let (select, grammar) = (select(), select().grammar().expect("has tables"));
            let lark = print::lark(&grammar, Dialect::openai());
            let receipt = select.receipt().expect("has tables");
            assert!(lark.losses.is_empty(), "{:?}", lark.losses);
            println!(
                "| {} tables, {what} | {:.1} | {} | {} | {} tables, {} ways to join |",
                catalog.tables.len(),
                micros(time) / 1e3,
                lark.text.len(),
                tokens.count_ordinary(&lark.text),
                receipt.tables.len(),
                receipt.joins,
            );
        }
    }
}

fn main() {
    let databases = databases();
    queries(&databases);
    grammars(&databases);
}
