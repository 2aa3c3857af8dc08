//! Tables and columns may be called whatever SQLite takes: every sentence of their grammar still prepares, passes and runs.

use std::fmt::Write as _;

use larkspur_sql::Sqlite;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use crate::grammar::sentences;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        "[ \\-.'\"`\\[\\];/*()%$#@!]{1,5}",
        "\\PC{0,5}",
        Just("select".to_owned()),
        Just("Order By".to_owned()),
        Just(String::new()),
        Just("🦀 crab".to_owned()),
        Just("naïve".to_owned()),
        Just("1st".to_owned()),
        Just("\t\n".to_owned()),
        Just("offset".to_owned()),
        Just("user".to_owned()),
        Just("end".to_owned()),
    ]
}

/// Names of tables, of their columns, and which of three types each has.
fn tables() -> impl Strategy<Value = Vec<(String, Vec<(String, usize)>)>> {
    prop::collection::vec(
        (name(), prop::collection::vec((name(), 0..3_usize), 1..4)),
        1..4,
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether SQLite takes a name for one of these; it folds case in ASCII only, which is stricter than it needs to be here.
fn is_taken(names: &[String], name: &str) -> bool {
    names
        .iter()
        .any(|other| other.to_lowercase() == name.to_lowercase())
}

/// Statements that create the tables; columns of one of the types refer to the first.
fn ddl(of: Vec<(String, Vec<(String, usize)>)>) -> String {
    let (mut ddl, mut tables) = (String::new(), Vec::new());
    for (table, columns) in of {
        if is_taken(&tables, &table) || table.to_ascii_lowercase().starts_with("sqlite_") {
            continue;
        }
        let (mut own, mut parts): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (column, kind) in columns {
            if is_taken(&own, &column) {
                continue;
            }
            let reference = tables
                .first()
                .map(|first| format!(" REFERENCES {}", quoted(first)));
            parts.push(match kind {
                0 => format!("{} TEXT", quoted(&column)),
                1 => format!("{} INTEGER", quoted(&column)),
                _ => format!("{} INT{}", quoted(&column), reference.unwrap_or_default()),
            });
            own.push(column);
        }
        let (name, parts) = (quoted(&table), parts.join(", "));
        let _ = writeln!(
            ddl,
            "CREATE TABLE {name} ({parts}, \"key\" INTEGER PRIMARY KEY);"
        );
        tables.push(table);
    }
    ddl
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn sentences_of_any_names_hold(tables in tables(), seed in any::<u64>()) {
        let ddl = ddl(tables);
        let Ok(db) = Sqlite::from_ddl(&ddl) else { return Ok(()) };
        let result = sentences(&db, &db.select(), 60, seed);
        prop_assert!(result.is_ok(), "{ddl}\n{}", result.unwrap_err());
    }
}

/// Ten catalogs, always the same; `LARKSPUR_SENTENCES` says how many sentences of each.
#[test]
fn sentences_of_ten_catalogs_hold() {
    let wanted = std::env::var("LARKSPUR_SENTENCES");
    let wanted = wanted.map_or(60, |wanted| wanted.parse().unwrap());
    let mut runner = TestRunner::deterministic();
    let mut found = 0;
    while found < 10 {
        let ddl = ddl(tables().new_tree(&mut runner).unwrap().current());
        let Ok(db) = Sqlite::from_ddl(&ddl) else {
            continue;
        };
        found += 1;
        sentences(&db, &db.select(), wanted, found)
            .unwrap_or_else(|error| panic!("{ddl}\n{error}"));
    }
}
