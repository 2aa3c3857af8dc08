//! Values that are looked up for the catalog.

use std::time::Duration;

use insta::assert_snapshot;
use larkspur_sql::{Policy, Sampling, Sqlite};

use crate::support::{HIDING, SHOP, shop};

#[test]
fn values_stand_in_the_catalog_and_are_told_to_the_model() {
    let db = shop(HIDING).sample(&Sampling::default());
    assert_snapshot!(db.catalog(), @r#"
customer(id INTEGER, name TEXT, country TEXT)
  key id
  about 3 rows
  name such as 'Ada', 'Bo', 'Cy'
  country such as 'Germany', 'France'
invoice(id INTEGER, customer_id INTEGER, total NUMERIC(10,2), day DATE)
  key id
  customer_id -> customer(id)
  about 3 rows
  total such as 9.5, 20, 5
  day such as '2026-01-01', '2026-02-01', '2026-02-02'
german(id INTEGER, name TEXT) view
"#);
    assert!(
        db.select()
            .instructions()
            .contains("\n  name such as 'Ada', 'Bo', 'Cy'\n")
    );
    let json = serde_json::to_value(db.catalog()).unwrap();
    assert_eq!(
        json["tables"][0]["columns"][1]["samples"],
        serde_json::json!({"values": ["'Ada'", "'Bo'", "'Cy'"], "complete": false, "masked": false})
    );
}

/// Hidden columns, tables, and what views show of them.
#[test]
fn what_is_hidden_is_never_looked_up() {
    let db = shop(HIDING).sample(&Sampling::default());
    // A policy that shows more sees nothing that was looked up before.
    let wider = db.policy(Policy::default()).unwrap();
    for text in [wider.catalog().to_string(), wider.select().instructions()] {
        assert!(
            text.contains("password TEXT") && text.contains("canary TEXT"),
            "{text}"
        );
        assert!(
            !text.contains("hunter2") && !text.contains("tweet"),
            "{text}"
        );
    }
}

#[test]
fn a_policy_that_allows_little_is_no_hindrance() {
    let tight =
        r#"{"functions": [], "max_bytes": 10, "limit": {"max": 1}, "exclude": ["*.password"]}"#;
    let db = shop(tight).sample(&Sampling::default());
    assert!(db.catalog().to_string().contains("country such as"));
    assert!(db.check("SELECT name FROM customer").is_err());
}

/// A column of so many rows, each with the value of this expression.
fn column(rows: usize, value: &str, sampling: &Sampling) -> String {
    let ddl = format!(
        "CREATE TABLE t (v, filler TEXT); WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows} - 1)
         INSERT INTO t SELECT {value}, NULL FROM n"
    );
    let db = Sqlite::from_ddl(&ddl).unwrap().sample(sampling);
    let told = db.catalog().to_string();
    let lines: Vec<&str> = told.lines().skip(1).map(str::trim).collect();
    lines.join("; ")
}

#[test]
fn few_values_are_listed_and_of_many_some_are_told() {
    let check = |rows: usize, value: &str, expected: &str| {
        assert_eq!(
            column(rows, value, &Sampling::default()),
            expected,
            "{value}"
        );
    };
    check(
        100,
        "'v' || (i % 3)",
        "about 100 rows; v is one of 'v0', 'v1', 'v2'",
    );
    check(
        100,
        "CASE WHEN i % 4 = 0 THEN 'rare' WHEN i > 0 THEN 'it''s' END",
        "about 100 rows; v is one of 'it''s', 'rare'",
    );
    check(
        100,
        "i % 12 - 1",
        "about 100 rows; v is one of -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    );
    check(100, "i % 13", "about 100 rows; v such as 0, 1, 2");
    check(5, "i / 2.0", "about 5 rows; v such as 0, 0.5, 1");
    check(1, "'once'", "about 1 row; v such as 'once'");
    // Nothing that could be told.
    check(9, "NULL", "about 9 rows");
    check(9, "x'00'", "about 9 rows");
    check(9, "char(10)", "about 9 rows");
    check(9, "printf('%50d', i)", "about 9 rows");
    // One that cannot be told is one of the values all the same.
    check(
        9,
        "iif(i = 0, printf('%50d', i), 'short')",
        "about 9 rows; v such as 'short'",
    );
}

#[test]
fn limits_hold() {
    let few_rows = Sampling {
        max_rows: 10,
        ..Sampling::default()
    };
    // Nobody knows what else there is, nor how many.
    assert_eq!(
        column(100, "'v' || (i % 3)", &few_rows),
        "v such as 'v0', 'v1', 'v2'"
    );
    let unlisted = Sampling {
        listed: 0,
        values: 1,
        ..Sampling::default()
    };
    assert_eq!(
        column(100, "'v' || (i % 3)", &unlisted),
        "about 100 rows; v such as 'v0'"
    );
    let no_time = Sampling {
        timeout: Duration::ZERO,
        ..Sampling::default()
    };
    assert_eq!(column(100, "i", &no_time), "");
    // A value that no run takes hides the column, and not those beside it.
    let ddl = "CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES (printf('%300000d', 1), 'b'), (NULL, 'c'), (NULL, 'b')";
    let db = Sqlite::from_ddl(ddl).unwrap().sample(&Sampling::default());
    let told = db.catalog().to_string();
    assert!(
        told.ends_with("\n  b is one of 'b', 'c'\n") && !told.contains("a such"),
        "{told}"
    );
}

#[test]
fn masked_values_are_told_by_their_form() {
    let masking = |pattern: &str| Sampling {
        mask: vec![pattern.parse().unwrap()],
        ..Sampling::default()
    };
    let check = |value: &str, expected: &str| {
        assert_eq!(column(4, value, &masking("t.v")), expected, "{value}");
    };
    check(
        "'Ada-' || i || '@x.org'",
        "about 4 rows; v in the form of 'Aaa-9@a.aaa'",
    );
    check("1234 + i", "about 4 rows; v in the form of 9999");
    check(
        "'\u{c4}rger \u{663}'",
        "about 4 rows; v in the form of 'Aaaaa 9'",
    );
    assert_eq!(
        column(4, "'x'", &masking("*.other")),
        "about 4 rows; v is one of 'x'"
    );
}

#[test]
fn rows_that_the_database_counted_itself() {
    let rows = |more: &str| {
        let db = Sqlite::from_ddl(&format!(
            "{SHOP} CREATE INDEX part ON invoice (day) WHERE total > 10; {more}"
        ))
        .unwrap();
        db.catalog()
            .tables
            .iter()
            .map(|table| table.rows)
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(""), [None; 5]);
    let empty = Sqlite::from_ddl("CREATE TABLE t (a)")
        .unwrap()
        .sample(&Sampling::default());
    assert_eq!(empty.catalog().tables[0].rows, Some(0));
    assert_eq!(rows("ANALYZE"), [Some(3), Some(3), Some(1), None, None]);
    // Whatever somebody wrote there.
    let odd = "ANALYZE; DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 VALUES ('secret', NULL, 'many'), ('customer', NULL, x'00')";
    assert_eq!(rows(odd), [None; 5]);
}
