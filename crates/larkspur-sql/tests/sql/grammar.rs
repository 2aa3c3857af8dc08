//! Every sentence of the grammar of a database prepares there and passes the guard; the grammar is clean for OpenAI.

use insta::assert_snapshot;
use larkspur_grammar::{Compiled, Dialect, Loss, Parser, lark, print, sample::Sampler};
use larkspur_sql::{Catalog, Joins, Policy, RunLimits, SelectGrammar, Sqlite};

use crate::support::{HIDING, shop};

/// Samples sentences, and says what the database has against the first that it does not take.
pub(crate) fn sentences(
    db: &Sqlite,
    select: &SelectGrammar,
    number: usize,
    seed: u64,
) -> Result<(), String> {
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
pub(crate) fn findings(select: &SelectGrammar) -> Vec<String> {
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
    let policy = Policy::from_json(
        r#"{"functions": ["count"], "subqueries": false, "set_operations": false, "window_functions": false}"#,
    )
    .unwrap();
    let select = SelectGrammar::new(db.catalog(), &policy).max_rows(100);
    let lark = print::lark(&select.grammar().unwrap(), Dialect::openai()).text;
    assert_snapshot!(lark, @r#"
start: "SELECT " "DISTINCT "? list_0 body0_0 limit?
literal: NUMBER | TEXT
limit: " LIMIT " ROWS (" OFFSET " SKIPPED)?
count_all: "count(" "*" ")"
num_album_0: NUM_ALBUM_0 (ARITHMETIC (NUM_ALBUM_0 | NUMBER)){0,2}
col_album_0: NUM_ALBUM_0 | COL_ALBUM_0

call_album_0: "CAST(" col_album_0 " AS " TYPE ")"
            | "CASE" (" WHEN " col_album_0 COMPARISON literal " THEN " literal){1,5} (" ELSE " literal)? " END"

val_album_0: num_album_0 | COL_ALBUM_0 | call_album_0
one_album_0: "count(" "DISTINCT "? col_album_0 ")"
agg_album_0: one_album_0 (ARITHMETIC (one_album_0 | NUMBER | count_all))?
item_album_0: val_album_0 | agg_album_0
column_0: col_album_0
value_0: val_album_0
aggregate_0: agg_album_0 | count_all
item_0: item_album_0 | count_all
named_0: item_0 (" AS " ALIAS)?
order_0: " ORDER BY " value_0 DIRECTION? (", " value_0 DIRECTION?){0,3}
grouped_0: " ORDER BY " (value_0 | aggregate_0) DIRECTION? (", " (value_0 | aggregate_0) DIRECTION?){0,3}

against0: COMPARISON literal
        | NULL
        | BETWEEN literal " AND " literal
        | IN literal (", " literal){0,50} ")"

predicate0_0: value_0 (against0 | COMPARISON value_0)
term0_0: "NOT "? ("(" predicate0_0 (JUNCTION predicate0_0){1,4} ")" | predicate0_0)
condition0_0: term0_0 (JUNCTION term0_0){0,7}
having0_0: aggregate_0 (COMPARISON (literal | aggregate_0) | BETWEEN literal " AND " literal)
group0_0: " GROUP BY " column_0 (", " column_0){0,3} (" HAVING " having0_0 (JUNCTION having0_0){0,2})?
body0_0: " FROM " "album" (" WHERE " condition0_0)? (order_0 | group0_0 grouped_0?)?
list_0: named_0 (", " named_0){0,11} | "*"

NUMBER: /-?[0-9]{1,15}(\.[0-9]{1,9})?/
TEXT: /'([^'\x00-\x1f\x7f]|''){0,200}'/
ALIAS: /[a-z][a-z0-9]{0,20}_[a-z0-9]{1,20}/
ROWS: /[1-9][0-9]{0,1}|100/
SKIPPED: /[0-9]{1,9}/
COMPARISON: " = " | " <> " | " <= " | " >= " | " < " | " > "
ARITHMETIC: " + " | " - " | " * " | " / " | " % "
NULL: " IS NULL" | " IS NOT NULL"
BETWEEN: " BETWEEN " | " NOT BETWEEN "
IN: " IN (" | " NOT IN ("
DIRECTION: " ASC" | " DESC"
TYPE: "INTEGER" | "REAL" | "TEXT"
JUNCTION: " AND " | " OR "
NUM_ALBUM_0: "year" | "album.year"
COL_ALBUM_0: "title" | "album.title"
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
        "SELECT * FROM invoice",
        "SELECT invoice.id FROM invoice ORDER BY invoice.day LIMIT 10 OFFSET 20",
        "SELECT customer.name FROM invoice LEFT JOIN customer ON customer.id = invoice.customer_id",
        "SELECT customer.name FROM customer WHERE customer.id IN (SELECT invoice.customer_id FROM invoice WHERE invoice.total > 5)",
        "SELECT customer.name FROM customer WHERE NOT EXISTS (SELECT 1 FROM invoice WHERE invoice.customer_id = customer.id AND invoice.total > 5)",
        "SELECT invoice.id FROM invoice WHERE invoice.total > (SELECT avg(invoice.total) FROM invoice)",
        "SELECT step1.c1 FROM (SELECT customer.country AS c1, count(*) AS c2 FROM customer GROUP BY customer.country) AS step1 WHERE step1.c2 > 1",
        "WITH step1 AS (SELECT invoice.customer_id AS c1, sum(invoice.total) AS c2 FROM invoice GROUP BY invoice.customer_id) SELECT max(step1.c2) FROM step1",
        "SELECT customer.id FROM customer EXCEPT SELECT invoice.customer_id FROM invoice",
        "SELECT count(*) FROM (SELECT customer.id FROM customer INTERSECT SELECT invoice.customer_id FROM invoice) AS step1",
        "SELECT invoice.id, rank() OVER (PARTITION BY invoice.customer_id ORDER BY invoice.total DESC) AS place_1 FROM invoice",
        "SELECT sum(invoice.total) / count(*) FROM invoice",
        // Of one value, along a key and along none.
        "SELECT customer.name, (SELECT count(*) FROM invoice WHERE invoice.customer_id = customer.id AND invoice.total > 5) AS large_ones FROM customer",
        "SELECT customer.name FROM customer WHERE EXISTS (SELECT 1 FROM invoice WHERE invoice.customer_id = customer.id AND invoice.total > 5 AND (invoice.day IS NULL OR invoice.id = 3))",
        "SELECT customer.name, (SELECT count(*) FROM invoice WHERE invoice.customer_id = customer.id AND (invoice.total > 5 OR invoice.day IS NULL)) FROM customer",
        "SELECT customer.name, (SELECT max(invoice.total) FROM invoice) FROM customer ORDER BY customer.name",
        "SELECT count(*) FROM (SELECT * FROM invoice WHERE invoice.total > 5 UNION SELECT * FROM invoice WHERE invoice.day IS NULL) AS step1",
        "SELECT * FROM invoice WHERE invoice.total > 5 EXCEPT SELECT * FROM invoice WHERE invoice.day IS NULL",
        "WITH step1 AS (SELECT invoice.customer_id AS c1, sum(invoice.total) AS c2 FROM invoice GROUP BY invoice.customer_id), \
         step2 AS (SELECT customer.id AS c1, customer.name AS c2 FROM customer) \
         SELECT step2.c2, step1.c2 FROM step1 JOIN step2 ON step1.c1 = step2.c1 WHERE step1.c2 > 10",
        "WITH step1 AS (SELECT invoice.customer_id AS c1, invoice.total AS c2 FROM invoice), \
         step2 AS (SELECT step1.c1 AS c1, max(step1.c2) AS c2 FROM step1 GROUP BY step1.c1), \
         step3 AS (SELECT min(step2.c2) AS c1, max(step2.c2) AS c2 FROM step2) SELECT step3.c2 - step3.c1 FROM step3",
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
        "SELECT customer.name FROM customer OFFSET 1",
        "SELECT customer.name FROM customer WHERE customer.country = :country",
        "SELECT customer.name FROM customer; DROP TABLE customer",
        "SELECT printf('%9d', customer.id) FROM customer",
        "DELETE FROM customer",
        // Sides that differ in columns, and a query of two columns where one is needed.
        "SELECT customer.id FROM customer UNION SELECT invoice.id, invoice.day FROM invoice",
        "SELECT customer.name FROM customer WHERE customer.id IN (SELECT invoice.id, invoice.day FROM invoice)",
        "SELECT step1.c2 FROM (SELECT customer.id AS c1 FROM customer) AS step1",
        "SELECT customer.name FROM customer WHERE EXISTS (SELECT 1 FROM invoice WHERE invoice.id = customer.name)",
        // An `OR` that undoes the key.
        "SELECT customer.name FROM customer WHERE EXISTS (SELECT 1 FROM invoice WHERE invoice.customer_id = customer.id AND invoice.total > 5 OR invoice.day IS NULL)",
        "SELECT customer.name, (SELECT count(*) FROM invoice WHERE invoice.customer_id = customer.id AND invoice.total > 5 OR invoice.day IS NULL) FROM customer",
        // A step that comes later, or has another column; a value along no key, or of two columns.
        "WITH step1 AS (SELECT step2.c1 AS c1, step2.c2 AS c2 FROM step2), step2 AS (SELECT invoice.id AS c1, invoice.day AS c2 FROM invoice) SELECT step2.c1 FROM step2",
        "WITH step1 AS (SELECT invoice.id AS c1, invoice.day AS c2 FROM invoice), step2 AS (SELECT step1.c3 AS c1, step1.c2 AS c2 FROM step1) SELECT step2.c1 FROM step2",
        "SELECT customer.name, (SELECT count(*) FROM invoice WHERE invoice.id = customer.id) FROM customer",
        "SELECT customer.name, (SELECT invoice.id, invoice.day FROM invoice) FROM customer",
        "SELECT * FROM invoice UNION SELECT * FROM german",
        // Deeper than it may be.
        "SELECT customer.id FROM customer WHERE customer.id IN (SELECT customer.id FROM customer WHERE customer.id IN (SELECT invoice.id FROM invoice))",
        "SELECT customer.id FROM customer JOIN customer AS customer_2 ON customer.id = customer_2.id",
        // `customer` hides a column.
        "SELECT * FROM invoice JOIN customer ON invoice.customer_id = customer.id",
    ] {
        assert!(!accepts(sql), "{sql}");
    }
}

#[test]
fn parameters_stand_where_literals_do() {
    let db = shop(r#"{"parameters": true, "limit": {"max": 25}}"#);
    let select = db.select();
    assert_eq!(findings(&select), [""; 0]);
    let grammar = select.grammar().unwrap();
    let compiled = Compiled::new(&grammar).unwrap();
    let sql = "SELECT customer.name FROM customer WHERE customer.country = :country AND customer.id BETWEEN :from_id AND 9 LIMIT 3";
    assert!(
        Parser::new(&compiled)
            .parse(&mut compiled.cache(), sql)
            .is_ok()
    );
    let mut with_parameters = 0;
    for sentence in Sampler::new(&grammar).unwrap().sentences(8, 40).take(300) {
        let mut query = db
            .check(&sentence.text)
            .unwrap_or_else(|rejection| panic!("{rejection}"));
        let names: Vec<String> = query.statement().parameters().map(str::to_owned).collect();
        with_parameters += usize::from(!names.is_empty());
        for name in names {
            query = query.bind(name, 1);
        }
        db.run(&query, &RunLimits::default())
            .unwrap_or_else(|error| panic!("{query}\n{error}"));
    }
    assert!(with_parameters > 50, "{with_parameters}");
}

#[test]
fn joins_of_any_tables() {
    for policy in ["{}", r#"{"cartesian_products": false}"#] {
        let db = shop(policy);
        let select = db.select().joins(Joins::Any);
        assert_eq!(findings(&select), [""; 0], "{policy}");
        sentences(&db, &select, 150, 6).unwrap_or_else(|error| panic!("{policy}: {error}"));
    }
}

#[test]
fn deeper_queries_hold_too() {
    let db = shop("{}");
    let select = db.select().max_depth(3).max_tables(2);
    assert_eq!(findings(&select), [""; 0]);
    sentences(&db, &select, 500, 7).unwrap();
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
        lark.contains(r#": "game.home" " = " "team.id" | "team.id" " = " "game.home""#),
        "{lark}"
    );
    assert!(select.receipt().unwrap().is_complete());
    let few = select.max_shapes(1);
    assert!(few.receipt().unwrap().joins > 0);
    sentences(&db, &few, 100, 3).unwrap();
}

#[test]
fn without_a_question_joins_go_first_and_then_tables() {
    let db = shop("{}");
    let all = db.select();
    let whole = all.receipt().unwrap();
    assert!(whole.is_complete(), "{whole}");
    assert_eq!(whole.to_string(), "nothing is left out");
    let bytes = whole.bytes.unwrap();
    let mut told = Vec::new();
    for percent in [80, 60, 40, 20] {
        let select = db.select().max_bytes(bytes * percent / 100);
        let receipt = select.receipt().unwrap();
        assert!(receipt.bytes.unwrap() <= bytes * percent / 100);
        assert_eq!(findings(&select), [""; 0], "{percent}");
        sentences(&db, &select, 100, percent as u64).unwrap();
        told.push(format!("{percent} %: {receipt}"));
    }
    assert_snapshot!(told.join("\n"), @r#"
80 %: left out: several queries in one WITH; columns without the names of their tables
60 %: left out: 1 way to join tables; several queries in one WITH; columns without the names of their tables
40 %: left out: queries within queries; columns without the names of their tables
20 %: left out: tables secret, german, leak; 1 way to join tables; queries within queries; columns without the names of their tables
"#);
    let error = db.select().max_bytes(100).grammar().unwrap_err();
    assert!(
        error.to_string().ends_with("bytes, 100 are allowed"),
        "{error}"
    );
}

#[test]
fn no_tables_no_grammar() {
    let error = SelectGrammar::new(&Catalog::new([]), &Policy::default())
        .grammar()
        .unwrap_err();
    assert_eq!(error.to_string(), "the catalog shows no table");
}
