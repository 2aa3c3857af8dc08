//! Every sentence of the grammar of a database prepares there and passes the guard; the grammar is clean for OpenAI.

use insta::assert_snapshot;
use larkspur_grammar::{Compiled, Dialect, Loss, Parser, lark, print, sample::Sampler};
use larkspur_sql::{Catalog, Policy, RunLimits, SelectGrammar, Sqlite};
use proptest::prelude::*;

use crate::support::{HIDING, shop};

/// Samples sentences, and says what the database has against the first that it does not take.
fn sentences(db: &Sqlite, select: &SelectGrammar, number: usize, seed: u64) -> Result<(), String> {
    let grammar = select.grammar().map_err(|error| error.to_string())?;
    let sampler = Sampler::new(&grammar).map_err(|error| error.to_string())?;
    let limits = RunLimits {
        max_rows: 3,
        ..RunLimits::default()
    };
    for sentence in sampler.sentences(seed, 40).take(number) {
        let query = db
            .check(&sentence.text)
            .map_err(|rejection| format!("{}\n{rejection}", sentence.text))?;
        db.run(&query, &limits)
            .map_err(|error| format!("{}\n{error}", sentence.text))?;
    }
    Ok(())
}

/// What OpenAI's dialect has against the grammar as it is sent.
fn findings(select: &SelectGrammar) -> Vec<String> {
    let printed = print::lark(&select.grammar().unwrap(), Dialect::openai());
    let losses = printed.losses.iter().map(Loss::message);
    let found = lark::check(&printed.text, Dialect::openai());
    losses
        .chain(
            found
                .into_iter()
                .map(|finding| format!("{}: {}", finding.code, finding.message)),
        )
        .collect()
}

#[test]
fn sentences_prepare_and_run() {
    for policy in [
        "{}",
        HIDING,
        r#"{"functions": ["count"], "limit": {"max": 25}}"#,
        r#"{"functions": []}"#,
    ] {
        let db = shop(policy);
        let select = SelectGrammar::new(db.catalog(), db.guard().policy());
        sentences(&db, &select, 1_000, 1).unwrap_or_else(|error| panic!("{policy}: {error}"));
    }
}

#[test]
fn the_grammar_is_clean_for_openai() {
    let db = shop(HIDING);
    let select = SelectGrammar::new(db.catalog(), db.guard().policy()).max_rows(100);
    assert_eq!(findings(&select), [""; 0]);
}

#[test]
fn the_grammar_of_one_table() {
    let db = Sqlite::from_ddl("CREATE TABLE album (title TEXT, year INTEGER)").unwrap();
    let policy = Policy::from_json(r#"{"functions": ["count"]}"#).unwrap();
    let select = SelectGrammar::new(db.catalog(), &policy).max_rows(100);
    let lark = print::lark(&select.grammar().unwrap(), Dialect::openai()).text;
    assert_snapshot!(lark, @r#"
start: "SELECT " "DISTINCT "? ("count(" "*" ")" (" AS " ALIAS)? more | (val_album_0 | agg_album_0) (" AS " ALIAS)? more_0) (" LIMIT " ROWS)?
literal: NUMBER | TEXT
num_album_0: NUM_ALBUM_0 (ARITHMETIC (NUM_ALBUM_0 | NUMBER)){0,2}
col_album_0: NUM_ALBUM_0 | COL_ALBUM_0

call_album_0: "CAST(" col_album_0 " AS " TYPE ")"
            | "CASE" (" WHEN " col_album_0 COMPARISON literal " THEN " literal){1,5} (" ELSE " literal)? " END"

val_album_0: num_album_0 | COL_ALBUM_0 | call_album_0
agg_album_0: "count(" "DISTINCT "? col_album_0 ")"
pred_album_0: val_album_0 (COMPARISON (literal | val_album_0) | NULL | BETWEEN literal " AND " literal | IN literal (", " literal){0,50} ")")
predicate_0: pred_album_0
term_0: "NOT "? ("(" predicate_0 (" OR " predicate_0){1,3} ")" | predicate_0)
all_0: term_0 (" AND " term_0){0,4}
condition_0: all_0 (" OR " all_0){0,3}
value_0: val_album_0
column_0: col_album_0
aggregate_0: agg_album_0

rest_0: " ORDER BY " value_0 DIRECTION? (", " value_0 DIRECTION?){0,3}
      | " GROUP BY " column_0 (", " column_0){0,3} (" HAVING " aggregate_0 COMPARISON NUMBER (" AND " aggregate_0 COMPARISON NUMBER){0,2})? (" ORDER BY " (value_0 | aggregate_0) DIRECTION? (", " (value_0 | aggregate_0) DIRECTION?){0,3})?

more: ", " ("count(" "*" ")" (" AS " ALIAS)? more | (val_album_0 | agg_album_0) (" AS " ALIAS)? more_0)
    | " FROM " "album" (" WHERE " condition_0)? rest_0?

more_0: ", " ("count(" "*" ")" (" AS " ALIAS)? more_0 | (val_album_0 | agg_album_0) (" AS " ALIAS)? more_0)
      | " FROM " "album" (" WHERE " condition_0)? rest_0?

NUMBER: /-?[0-9]{1,15}(\.[0-9]{1,9})?/
TEXT: /'([^'\x00-\x1f\x7f]|''){0,200}'/
ALIAS: /[a-z][a-z0-9]{0,20}_[a-z0-9]{1,20}/
ROWS: /[1-9][0-9]{0,1}|100/
COMPARISON: " = " | " <> " | " <= " | " >= " | " < " | " > "
ARITHMETIC: " + " | " - " | " * " | " / " | " % "
NULL: " IS NULL" | " IS NOT NULL"
BETWEEN: " BETWEEN " | " NOT BETWEEN "
IN: " IN (" | " NOT IN ("
DIRECTION: " ASC" | " DESC"
TYPE: "INTEGER" | "REAL" | "TEXT"
%import common.DIGIT
NUM_ALBUM_0: "album.year"
COL_ALBUM_0: "album.title"
"#);
}

#[test]
fn what_a_sentence_may_say() {
    let db = shop(HIDING);
    let select = SelectGrammar::new(db.catalog(), db.guard().policy()).max_rows(100);
    let compiled = Compiled::new(&select.grammar().unwrap()).unwrap();
    let mut cache = compiled.cache();
    let mut accepts = |sql: &str| Parser::new(&compiled).parse(&mut cache, sql).is_ok();
    for sql in [
        "SELECT customer.name FROM customer",
        "SELECT DISTINCT customer.country AS home_country FROM customer LIMIT 100",
        "SELECT customer.name, sum(invoice.total) AS total_sales FROM customer JOIN invoice ON invoice.customer_id = customer.id \
         WHERE (customer.country = 'Germany' OR customer.country LIKE 'F%') AND NOT invoice.day IS NULL \
         GROUP BY customer.name HAVING count(invoice.id) > 1 ORDER BY sum(invoice.total) DESC LIMIT 5",
        "SELECT count(*) FROM invoice WHERE invoice.total BETWEEN 1 AND 2.5 AND invoice.customer_id IN (1, 2, 3)",
        "SELECT CASE WHEN invoice.total > 10 THEN 'much' ELSE 'little' END, CAST(invoice.total AS INTEGER), round(invoice.total * 2, 1) FROM invoice",
        "SELECT german.name FROM german ORDER BY upper(german.name)",
    ] {
        assert!(accepts(sql), "{sql}");
        assert!(db.check(sql).is_ok(), "{sql}");
    }
    for sql in [
        "SELECT customer.password FROM customer",
        "SELECT * FROM customer",
        "SELECT invoice.total FROM customer",
        "SELECT secret.canary FROM secret",
        "SELECT customer.name FROM customer JOIN invoice ON invoice.id = customer.id",
        "SELECT customer.name FROM customer WHERE invoice.total > 1",
        "SELECT customer.name FROM customer WHERE sum(customer.id) > 1",
        "SELECT customer.name FROM customer WHERE 1 = 1",
        "SELECT customer.name FROM customer LIMIT 101",
        "SELECT customer.name FROM customer LIMIT 0",
        "SELECT customer.name FROM customer; DROP TABLE customer",
        "SELECT printf('%9d', customer.id) FROM customer",
        "DELETE FROM customer",
    ] {
        assert!(!accepts(sql), "{sql}");
    }
}

#[test]
fn joins_along_several_keys() {
    let db = Sqlite::from_ddl(
        "CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT, city_id INT REFERENCES city, captain INT REFERENCES team);
         CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE game (home INT REFERENCES team, away INT REFERENCES team, place INT, spot INT, FOREIGN KEY (place, spot) REFERENCES spot);
         CREATE TABLE spot (place INT, spot INT, note TEXT, PRIMARY KEY (place, spot));",
    )
    .unwrap();
    let select = SelectGrammar::new(db.catalog(), &Policy::default());
    sentences(&db, &select, 1_000, 2).unwrap();
    assert_eq!(findings(&select), [""; 0]);
    let lark = print::lark(&select.grammar().unwrap(), Dialect::openai()).text;
    assert!(
        lark.contains("game.place") && lark.contains(r#"" ON " "game.home" " = " "team.id""#),
        "{lark}"
    );
    assert_eq!(select.omitted(), 0);
    let few = select.max_shapes(1);
    assert!(few.omitted() > 0);
    sentences(&db, &few, 100, 3).unwrap();
}

#[test]
fn no_tables_no_grammar() {
    let error = SelectGrammar::new(&Catalog::new([]), &Policy::default())
        .grammar()
        .unwrap_err();
    assert_eq!(error.to_string(), "the catalog shows no table");
}

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever tables and columns are called.
    #[test]
    fn hostile_names(names in prop::collection::vec((name(), prop::collection::vec((name(), 0..3_usize), 1..4)), 1..4), seed in any::<u64>()) {
        let mut ddl: Vec<String> = Vec::new();
        let mut tables: Vec<String> = Vec::new();
        for (table, columns) in names {
            let taken = |names: &[String], name: &str| names.iter().any(|other| other.to_lowercase() == name.to_lowercase());
            if taken(&tables, &table) || table.to_ascii_lowercase().starts_with("sqlite_") {
                continue;
            }
            let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
            let mut own: Vec<String> = Vec::new();
            let mut parts = Vec::new();
            for (column, kind) in columns {
                if !taken(&own, &column) {
                    let reference = tables.first().map(|first| format!(" REFERENCES {}", quoted(first)));
                    let kind = ["TEXT", "INTEGER", "INT"][kind].to_owned();
                    parts.push(format!("{} {kind}{}", quoted(&column), reference.filter(|_| kind == "INT").unwrap_or_default()));
                    own.push(column);
                }
            }
            ddl.push(format!("CREATE TABLE {} ({}, \"key\" INTEGER PRIMARY KEY);\n", quoted(&table), parts.join(", ")));
            tables.push(table);
        }

        let ddl = ddl.concat();
        let Ok(db) = Sqlite::from_ddl(&ddl) else { return Ok(()) };
        let select = SelectGrammar::new(db.catalog(), &Policy::default());
        let result = sentences(&db, &select, 100, seed);
        prop_assert!(result.is_ok(), "{ddl}\n{}", result.unwrap_err());
    }
}
