//! A small shop, and short ways to ask.

use larkspur_output::Rejection;
use larkspur_sql::{Error, Policy, Rows, RunLimits, Sqlite};
use rusqlite::Connection;

/// Customers have a column, and the database a table, that the usual policy of these tests hides.
pub(crate) const SHOP: &str = "
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, password TEXT);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC(10,2), day DATE);
    CREATE TABLE secret (id INTEGER PRIMARY KEY, canary TEXT);
    CREATE VIEW german AS SELECT id, name FROM customer WHERE country = 'Germany' AND password <> '';
    CREATE VIEW leak AS SELECT canary FROM secret;
    INSERT INTO customer VALUES (1, 'Ada', 'Germany', 'hunter2'), (2, 'Bo', 'France', 'hunter2'), (3, 'Cy', NULL, 'hunter2');
    INSERT INTO invoice VALUES (1, 1, 9.5, '2026-01-01'), (2, 1, 20, '2026-02-01'), (3, 2, 5, '2026-02-02');
    INSERT INTO secret VALUES (1, 'tweet');
";

/// The policy that hides them.
pub(crate) const HIDING: &str = r#"{"exclude": ["*.password", "secret", "leak"]}"#;

pub(crate) fn shop(policy: &str) -> Sqlite {
    let policy = Policy::from_json(policy).unwrap();
    Sqlite::from_ddl(SHOP).unwrap().policy(policy).unwrap()
}

/// The codes of what is wrong with a text, and where, as `code "text"`.
pub(crate) fn told(sql: &str, result: Result<impl Sized, Rejection>) -> Vec<String> {
    let Err(rejection) = result else {
        return Vec::new();
    };
    let told = rejection.violations().iter().map(|violation| {
        let span = violation.span.and_then(|span| span.of(sql)).unwrap_or("?");
        format!("{} {span:?}", violation.code.unwrap_or("?"))
    });
    told.collect()
}

pub(crate) fn run(db: &Sqlite, sql: &str) -> Result<Rows, Error> {
    let query = db
        .check(sql)
        .unwrap_or_else(|rejection| panic!("{rejection}"));
    db.run(&query, &RunLimits::default())
}

/// What SQLite makes of a query: opcodes and operands, without its notes for people.
fn byte_code(connection: &Connection, sql: &str) -> Vec<[String; 6]> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN {sql}"))
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let rows = statement.query_map([], |row| {
        let mut code: [String; 6] = Default::default();
        for (column, value) in code.iter_mut().enumerate() {
            *value = format!("{:?}", row.get_ref(column + 1)?);
        }
        Ok(code)
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// A database without anything in its way.
pub(crate) fn raw(ddl: &str) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(ddl).unwrap();
    connection
}

/// Two queries are the same to SQLite.
#[track_caller]
pub(crate) fn same_code(connection: &Connection, left: &str, right: &str) {
    let [code, other] = [left, right].map(|sql| byte_code(connection, sql));
    assert_eq!(code, other, "{left}\n{right}");
}
