//! What stands between a text and the data when nobody has judged the text: SQLite's compiler under the authorizer, the connection
//! that cannot write, and the limits of a run.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{Error, Policy, Query, Rows, RunLimits, Sqlite};

#[path = "attacks.rs"]
mod attacks;

const SHOP: &str = "
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, password TEXT);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC(10,2), day DATE);
    CREATE TABLE secret (id INTEGER PRIMARY KEY, canary TEXT);
    CREATE VIEW german AS SELECT id, name FROM customer WHERE country = 'Germany' AND password <> '';
    CREATE VIEW leak AS SELECT canary FROM secret;
    CREATE VIEW known AS SELECT count(canary) AS n FROM secret;
    CREATE VIEW names AS SELECT name FROM sqlite_schema WHERE type = 'view';
    INSERT INTO customer VALUES (1, 'Ada', 'Germany', 'hunter2'), (2, 'Bo', 'France', 'hunter2'), (3, 'Cy', NULL, 'hunter2');
    INSERT INTO invoice VALUES (1, 1, 9.5, '2026-01-01'), (2, 1, 20, '2026-02-01'), (3, 2, 5, '2026-02-02');
    INSERT INTO secret VALUES (1, 'tweet');
";

/// A policy that hides things and allows all else that there is to allow.
const OPEN: &str = r#"{"exclude": ["*.password", "secret", "leak"], "comments": true, "recursion": true, "constant_conditions": true}"#;

fn limits() -> RunLimits {
    RunLimits {
        timeout: Duration::from_millis(100),
        ..RunLimits::default()
    }
}

fn run(db: &Sqlite, sql: &str) -> Result<Rows, Error> {
    db.run(&Query::unjudged(sql), &limits())
}

/// Attacks that SQLite itself runs, for they read nothing that is hidden: a name that is another's, a window that is not used, a text
/// that ends at its NUL, the code of a query. What is wrong with them is something else.
const HARMLESS: &[&str] = &[
    "SELECT 1 AS password FROM customer ORDER BY password",
    "SELECT id FROM customer WINDOW w AS (ORDER BY password)",
    "SELECT id FROM customer\0; DELETE FROM customer",
];

#[test]
fn sqlite_alone_denies_the_attacks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(SHOP).unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let policy = Policy::from_json(OPEN).unwrap();
    let db = Sqlite::open_read_only(&path)
        .unwrap()
        .policy(policy)
        .unwrap();
    let mut ran = Vec::new();
    for sql in attacks::ATTACKS {
        let Ok(rows) = run(&db, sql) else { continue };
        ran.push(*sql);
        assert!(db.check(sql).is_err(), "{sql}");
        let rows = rows.to_csv();
        let hidden = ["hunter2", "tweet", "CREATE TABLE"];
        assert!(
            !hidden.iter().any(|hidden| rows.contains(hidden)),
            "{sql}: {rows}"
        );
    }
    assert_eq!(ran, HARMLESS);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // It still answers.
    assert_eq!(
        run(&db, "SELECT count(*) FROM customer").unwrap().to_csv(),
        "count(*)\r\n3\r\n"
    );
}

/// What a view may read is not what a query with its name may.
#[test]
fn names_of_views_open_nothing() {
    let policy = Policy::from_json(OPEN).unwrap();
    let db = Sqlite::from_ddl(SHOP).unwrap().policy(policy).unwrap();
    for sql in [
        "WITH german AS (SELECT password AS name FROM customer) SELECT name FROM german",
        "WITH german AS (SELECT password AS name FROM main.customer) SELECT name FROM german",
        "WITH german AS (SELECT name FROM customer WHERE password LIKE 'h%') SELECT name FROM german",
        "WITH known AS (SELECT canary AS n FROM secret) SELECT n FROM known",
        "WITH known (n) AS (SELECT count(*) FROM secret WHERE canary > 't') SELECT n FROM known",
        "WITH names AS (SELECT name FROM sqlite_schema WHERE type = 'table') SELECT name FROM names",
    ] {
        let error = run(&db, sql).unwrap_err();
        assert!(error.is_query(), "{sql}: {error}");
    }
    for (sql, rows) in [
        ("SELECT n FROM known", "n\r\n1\r\n"),
        ("SELECT name FROM german", "name\r\nAda\r\n"),
        (
            "WITH german AS (SELECT 'Bo' AS name) SELECT name FROM german",
            "name\r\nBo\r\n",
        ),
        ("SELECT count(*) AS n FROM names", "n\r\n4\r\n"),
    ] {
        assert_eq!(run(&db, sql).unwrap().to_csv(), rows, "{sql}");
    }
}

/// A column that is hidden is held against nothing.
#[test]
fn hidden_columns_join_nothing() {
    let policy = Policy::from_json(OPEN).unwrap();
    let db = Sqlite::from_ddl(SHOP).unwrap().policy(policy).unwrap();
    for sql in [
        "SELECT a.id FROM customer a NATURAL JOIN customer b",
        "SELECT a.id FROM customer a JOIN customer b USING (password)",
        "SELECT a.id FROM customer a LEFT JOIN customer b USING (id, password)",
        "SELECT c.id FROM (SELECT 'hunter2' AS password) x NATURAL JOIN customer c",
        "SELECT c.id FROM (SELECT 'hunter2' COLLATE NOCASE AS password) x NATURAL JOIN customer c",
        "SELECT c.id FROM customer c JOIN (SELECT 'hunter2' AS password) x USING (password)",
        "SELECT count(*) FROM customer c NATURAL LEFT JOIN (SELECT 'hunter2' AS password) x",
        "SELECT count(*) FROM customer c NATURAL FULL JOIN (SELECT 'hunter2' AS password) x",
        "SELECT count(*) FROM invoice WHERE EXISTS (SELECT 1 FROM customer NATURAL JOIN (SELECT 'hunter2' AS password))",
        "SELECT (SELECT count(*) FROM customer NATURAL JOIN (SELECT 'a' AS \"PASSWORD\") WHERE country = 'x')",
        "SELECT count(*) FROM (SELECT 'hunter2' AS password UNION SELECT 'b') NATURAL JOIN (customer)",
        "WITH x AS MATERIALIZED (SELECT 'hunter2' AS password) SELECT id FROM x JOIN customer USING (password)",
    ] {
        check(&db, sql, "reading customer.password is not allowed");
    }
    // Of a view a column can be hidden too, which its own text names.
    let policy = r#"{"exclude": ["customer.password", "german.name", "secret", "leak"]}"#;
    let db = db.policy(Policy::from_json(policy).unwrap()).unwrap();
    let sql = "SELECT g.id FROM german g NATURAL JOIN (SELECT 'Ada' AS name)";
    check(&db, sql, "reading german.name is not allowed");
    for sql in [
        "SELECT g.id FROM german g JOIN customer c USING (id)",
        "SELECT c.name FROM invoice i JOIN customer c ON c.id = i.customer_id JOIN german AS g ON g.id = c.id",
        "SELECT count(*) FROM customer NATURAL JOIN (SELECT 1 AS id)",
        "SELECT id FROM customer NATURAL JOIN (SELECT name AS country FROM customer)",
    ] {
        assert!(run(&db, sql).is_ok(), "{sql}: {:?}", db.prepares(sql));
    }
}

/// Says why a text was denied.
#[track_caller]
fn check(db: &Sqlite, sql: &str, expected: &str) {
    let error = run(db, sql).unwrap_err().to_string();
    let denied = db.prepares(sql);
    let told: Vec<&str> = denied
        .iter()
        .map(|violation| violation.message.as_str())
        .collect();
    assert!(
        told.iter().any(|message| message.contains(expected)),
        "{sql}: {told:?}, {error}"
    );
}

#[test]
fn what_is_denied_is_said() {
    let policy = Policy::from_json(OPEN).unwrap();
    let db = Sqlite::from_ddl(SHOP).unwrap().policy(policy).unwrap();
    check(
        &db,
        "SELECT canary FROM secret",
        "reading secret.canary is not allowed",
    );
    check(
        &db,
        "SELECT * FROM customer",
        "reading customer.password is not allowed",
    );
    check(
        &db,
        "SELECT count(*) FROM secret",
        "reading secret is not allowed",
    );
    check(
        &db,
        "ATTACH ':memory:' AS x",
        "attaching databases is not allowed",
    );
    check(
        &db,
        "SELECT load_extension('x')",
        "calling load_extension is not allowed",
    );
    check(
        &db,
        "SELECT writefile('x', 'x')",
        "no such function: writefile",
    );
    check(&db, "PRAGMA query_only = OFF", "PRAGMA is not allowed");
    check(
        &db,
        "SELECT randomblob(1000000000)",
        "calling randomblob is not allowed",
    );
    check(
        &db,
        "SELECT printf('%1000000000d', 1)",
        "calling printf is not allowed",
    );
    check(&db, "DELETE FROM customer", "only reading is allowed");
    check(&db, "CREATE TEMP TABLE t (a)", "only reading is allowed");
    let strict = Sqlite::from_ddl(SHOP).unwrap();
    let recursive =
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
    check(
        &strict,
        recursive,
        "a query that reads itself is not allowed",
    );
}

/// Without a guard, bombs are stopped by the clock and by the bound on values.
#[test]
fn limits_alone_stop_bombs() {
    let mut policy = Policy::from_json(OPEN).unwrap();
    policy.more_functions = ["printf", "randomblob", "zeroblob", "format"]
        .into_iter()
        .collect();
    let db = Sqlite::from_ddl(SHOP).unwrap().policy(policy).unwrap();
    let many = vec!["customer"; 30]
        .iter()
        .enumerate()
        .map(|(number, name)| format!("{name} AS c{number}"))
        .collect::<Vec<_>>()
        .join(", ");
    let recursion = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)";
    // Whichever is first on a machine that has much to do.
    let is_stopped = |error: &Error| error.is_timeout() || error.is_too_big();
    for (sql, is_expected) in [
        (
            format!("{recursion} SELECT max(x) FROM n"),
            Error::is_timeout as fn(&Error) -> bool,
        ),
        (
            format!("{recursion} SELECT count(*) FROM n, n AS m"),
            Error::is_timeout,
        ),
        (format!("SELECT count(*) FROM {many}"), Error::is_timeout),
        (
            format!("SELECT c0.id FROM {many} ORDER BY c1.name || c2.name"),
            Error::is_timeout,
        ),
        ("SELECT randomblob(1000000)".to_owned(), Error::is_too_big),
        ("SELECT zeroblob(1000000)".to_owned(), Error::is_too_big),
        (
            "SELECT length(printf('%1000000d', 1))".to_owned(),
            Error::is_too_big,
        ),
        (
            "SELECT length(format('%.*c', 1000000, 'x'))".to_owned(),
            Error::is_too_big,
        ),
        (
            format!("{recursion} SELECT length(group_concat(x, hex(randomblob(99)))) FROM n"),
            is_stopped,
        ),
        (
            format!(
                "SELECT {}",
                ["length(replace(hex(zeroblob(9999)), '0', hex(zeroblob(99))))"; 9].join(" + ")
            ),
            Error::is_too_big,
        ),
    ] {
        let start = Instant::now();
        let error = run(&db, &sql).expect_err(&sql);
        assert!(is_expected(&error), "{sql}: {error}");
        assert!(
            start.elapsed() < Duration::from_secs(8),
            "{sql}: {:?}",
            start.elapsed()
        );
    }
}
