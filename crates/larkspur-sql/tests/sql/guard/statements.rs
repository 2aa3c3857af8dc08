//! One statement that only reads.

use super::{passed, refused};
use crate::support::{shop, told};

#[test]
fn one_statement() {
    refused("{}", "", &["one-statement \"\""]);
    refused("{}", " ; ;", &["one-statement \" ; ;\""]);
    refused(
        "{}",
        "SELECT 1; SELECT 2;",
        &["one-statement \"SELECT 2;\""],
    );
    refused(
        "{}",
        "SELECT 1; DROP TABLE customer",
        &[
            "one-statement \"DROP TABLE customer\"",
            "read-only \"DROP\"",
        ],
    );
    refused(
        "{}",
        "SELECT 1 END; DROP TABLE customer",
        &[
            "syntax \"END\"",
            "one-statement \"DROP TABLE customer\"",
            "read-only \"DROP\"",
        ],
    );
    passed("{}", "SELECT 1;");
    passed("{}", "  SELECT ';' ;  ");
}

#[test]
fn only_reading() {
    for statement in [
        "INSERT INTO customer (name) VALUES ('x')",
        "UPDATE customer SET name = 'x'",
        "DELETE FROM customer",
        "REPLACE INTO customer (name) VALUES ('x')",
        "DROP TABLE customer",
        "CREATE TABLE t (a)",
        "ALTER TABLE customer ADD COLUMN x",
        "ATTACH 'x' AS y",
        "DETACH main",
        "PRAGMA query_only = OFF",
        "VACUUM INTO 'x'",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT x",
        "ANALYZE",
        "REINDEX",
        "EXPLAIN SELECT 1",
        "TRUNCATE customer",
        "COPY customer TO 'x'",
        "SET x = 1",
        "CALL f()",
        "42",
    ] {
        let first = statement.split(' ').next().unwrap();
        refused("{}", statement, &[&format!("read-only {first:?}")]);
    }
}

#[test]
fn writing_within_a_query() {
    let codes = |sql: &str| {
        let told = told(sql, shop("{}").check(sql));
        told.into_iter()
            .map(|told| told.split(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        codes("WITH x AS (SELECT 1) DELETE FROM customer"),
        ["read-only"]
    );
    assert_eq!(
        codes("WITH x AS (SELECT 1) INSERT INTO customer SELECT * FROM x"),
        ["read-only"]
    );
    assert_eq!(codes("SELECT * INTO other FROM customer"), ["read-only"]);
    assert_eq!(codes("SELECT * FROM customer FOR UPDATE"), ["read-only"]);
    for sql in [
        "WITH x AS (DELETE FROM customer RETURNING id) SELECT * FROM x",
        "WITH x AS (INSERT INTO customer (name) VALUES ('x') RETURNING id) SELECT * FROM x",
        "SELECT (DELETE FROM customer)",
        "SELECT 1 UNION DELETE FROM customer",
    ] {
        assert!(!codes(sql).is_empty(), "{sql}");
    }
}
