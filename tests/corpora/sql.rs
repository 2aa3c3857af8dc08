//! SQL of others: gold queries of text-to-SQL, attacks, statements of many dialects.

use std::collections::BTreeMap;

use larkspur_grammar::{Dialect, lark, print, sample::Sampler};
use larkspur_sql::{Policy, RunLimits, SelectGrammar, Sqlite, quote_text};

use crate::data;

/// Gold queries that SQLite prepares and the guard refuses, by database and the codes of what it has against them.
/// Each has its reason; the list may only shrink.
const REFUSED_GOLD: &[(&str, &str)] = &[];

/// The databases of the gold queries, empty, and Chinook with its rows.
fn databases() -> BTreeMap<String, Sqlite> {
    let of_queries = data::lines("text-to-sql/databases.jsonl")
        .into_iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("db_id"), text("ddl"))
        });
    let chinook = (
        "chinook".to_owned(),
        data::text("sample-databases/chinook.sql"),
    );
    let open = |(name, ddl): (String, String)| {
        let db = Sqlite::from_ddl(&ddl).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, db)
    };
    of_queries.chain([chinook]).map(open).collect()
}

/// How many sentences are taken of each grammar; `LARKSPUR_TEXTS` says otherwise.
fn texts() -> usize {
    std::env::var("LARKSPUR_TEXTS").map_or(20, |texts| texts.parse().unwrap())
}

/// Every sentence of the grammar of a real database prepares there, passes the guard and runs; the grammar is clean for OpenAI.
#[test]
fn sentences_of_real_databases_prepare_and_pass() {
    let mut largest = 0;
    for (name, db) in databases() {
        let select = SelectGrammar::new(db.catalog(), db.guard().policy());
        let grammar = select.grammar().unwrap();
        let printed = print::lark(&grammar, Dialect::openai());
        assert!(printed.losses.is_empty(), "{name}: {:?}", printed.losses);
        let found = lark::check(&printed.text, Dialect::openai());
        assert!(found.is_empty(), "{name}: {found:?}");
        largest = largest.max(printed.text.len());
        let sampler = Sampler::new(&grammar).unwrap();
        for sentence in sampler.sentences(7, 60).take(texts()) {
            let query = db
                .check(&sentence.text)
                .unwrap_or_else(|rejection| panic!("{name}: {}\n{rejection}", sentence.text));
            let limits = RunLimits {
                max_rows: 1,
                ..RunLimits::default()
            };
            db.run(&query, &limits)
                .unwrap_or_else(|error| panic!("{name}: {query}\n{error}"));
        }
    }
    // In bytes, of the 51 grammars; it may only shrink.
    assert!(largest <= 369_914, "{largest}");
}

#[test]
fn the_guard_passes_every_gold_query() {
    let databases = databases();
    assert_eq!(databases.len(), 51);
    let (mut passed, mut refused) = (0, Vec::new());
    for row in data::lines("text-to-sql/queries.jsonl")
        .iter()
        .filter(|row| row["prepares"] == true)
    {
        let (db, sql) = (row["db_id"].as_str().unwrap(), row["sql"].as_str().unwrap());
        match databases[db].check(sql) {
            Ok(query) => {
                assert_eq!(query.sql(), sql);
                passed += 1;
            }
            Err(rejection) => refused.push(format!("{db}: {sql}\n{rejection}")),
        }
    }
    assert_eq!(
        refused.len(),
        REFUSED_GOLD.len(),
        "{}",
        refused.join("\n\n")
    );
    assert_eq!(passed + refused.len(), 2600);
}

/// The codes of a refusal.
fn codes(db: &Sqlite, sql: &str) -> Vec<&'static str> {
    match db.check(sql) {
        Ok(_) => Vec::new(),
        Err(rejection) => rejection
            .violations()
            .iter()
            .filter_map(|violation| violation.code)
            .collect(),
    }
}

/// Statements that are marked read-only and that the guard takes for something else, with the reason.
const JUDGED_OTHERWISE: &[(&str, &str)] = &[];

#[test]
fn statements_are_judged_as_they_are_marked() {
    let db = Sqlite::from_ddl("").unwrap();
    let mut otherwise = Vec::new();
    let mut told = BTreeMap::<&str, usize>::new();
    for row in data::lines("sql-attacks/statements.jsonl") {
        let sql = row["sql"].as_str().unwrap();
        let codes = codes(&db, sql);
        let reads = row["read_only"] == true;
        for code in &codes {
            *told.entry(code).or_default() += 1;
        }
        // What only reads may still be SQL that SQLite does not have, or name what is not there: these are other codes.
        let as_marked = if reads {
            !codes.contains(&"read-only") && !codes.contains(&"one-statement")
        } else {
            !codes.is_empty()
        };
        // What SQLite prepares on an empty schema, the guard passes.
        let sqlite = !(reads && row["sqlite"] == "ok")
            || codes
                .iter()
                .all(|code| ["comment", "function", "parameter"].contains(code));
        if !as_marked || !sqlite {
            otherwise.push(format!("{sql}: {codes:?}"));
        }
    }
    assert_eq!(
        otherwise.len(),
        JUDGED_OTHERWISE.len(),
        "{otherwise:#?}\n{told:?}"
    );
}

const USERS: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, password TEXT, email TEXT, role TEXT);
    INSERT INTO users VALUES (1, 'admin', 'hunter2', 'admin@example.org', 'admin'), (2, 'bo', 'hunter2', 'bo@example.org', 'user');
";

fn users() -> Sqlite {
    let policy = Policy::from_json(r#"{"exclude": ["*.password"]}"#).unwrap();
    Sqlite::from_ddl(USERS).unwrap().policy(policy).unwrap()
}

/// A text as a value is one literal, whatever it is, and comes back byte for byte.
#[test]
fn attacks_and_benign_texts_are_harmless_as_literals() {
    let db = users();
    let mut texts = 0;
    for row in data::lines("sql-attacks/attacks.jsonl")
        .into_iter()
        .chain(data::lines("sql-attacks/benign-text.jsonl"))
    {
        let text = row["s"].as_str().unwrap();
        let sql = format!(
            "SELECT {0} AS text, count(*) AS found FROM users WHERE username = {0}",
            quote_text(text)
        );
        let query = db
            .check(&sql)
            .unwrap_or_else(|rejection| panic!("{rejection}"));
        let rows: Vec<(String, u32)> = db
            .run(&query, &RunLimits::default())
            .unwrap()
            .read()
            .unwrap();
        assert_eq!(rows, [(text.to_owned(), 0)]);
        texts += 1;
    }
    assert_eq!(texts, 1661 + 207);
}

/// Attacks alone are no query: all are refused, but for a few that are.
#[test]
fn attacks_alone_are_refused() {
    let db = users();
    let passed: Vec<String> = data::lines("sql-attacks/attacks.jsonl")
        .iter()
        .filter_map(|row| row["s"].as_str().map(str::to_owned))
        .filter(|text| db.check(text).is_ok())
        .collect();
    assert!(passed.is_empty(), "{passed:#?}");
}

/// Where a value is pasted without quoting, what leaves its place and is still one query over what is shown passes: the
/// guard cannot know what was meant. Most of those for numbers are one literal as they stand. It reads nothing that is hidden and writes nothing. The counts may only shrink.
const PASTED: &[(&str, &str, usize)] = &[
    (
        "str",
        "SELECT id, email FROM users WHERE username = '{}'",
        15,
    ),
    (
        "dq",
        "SELECT id, email FROM users WHERE username = \"{}\"",
        3,
    ),
    ("num", "SELECT id, email FROM users WHERE id = {}", 60),
    ("order", "SELECT id, email FROM users ORDER BY {}", 58),
];

#[test]
fn attacks_pasted_into_templates_are_refused_or_read_what_is_shown() {
    let db = users();
    let mut counts = Vec::new();
    for (name, template, known) in PASTED {
        let mut passed = Vec::new();
        for row in data::lines("sql-attacks/attacks.jsonl") {
            let breaks_out = row["sqlite"].get(name).is_some();
            let sql = template.replace("{}", row["s"].as_str().unwrap());
            let Ok(query) = db.check(&sql) else { continue };
            let rows = db.run(&query, &RunLimits::default()).unwrap().to_csv();
            assert!(!rows.contains("hunter2"), "{sql}");
            if breaks_out {
                passed.push(sql);
            }
        }
        if passed.len() != *known {
            counts.push((name, passed.len(), passed));
        }
    }
    assert!(counts.is_empty(), "{counts:#?}");
}
