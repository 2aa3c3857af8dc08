//! Rows, and what a run may cost.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use insta::assert_snapshot;
use larkspur_sql::{Cancel, RunLimits, Sqlite, Truncated, Value};

use crate::support::{run, shop};

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Customer {
    name: String,
    country: Option<String>,
    vip: bool,
}

#[test]
fn rows_as_values_and_as_types() {
    let db = shop("{}");
    let rows = run(
        &db,
        "SELECT id, name, country, 1.5 AS number, x'00ff' AS bytes FROM customer ORDER BY id",
    )
    .unwrap();
    assert_eq!(rows.columns(), ["id", "name", "country", "number", "bytes"]);
    assert_eq!(
        rows.rows()[2],
        [
            Value::Integer(3),
            Value::Text("Cy".into()),
            Value::Null,
            Value::Real(1.5),
            Value::Blob(vec![0, 255])
        ]
    );

    let rows = run(
        &db,
        "SELECT name, country, id = 1 AS vip FROM customer ORDER BY id",
    )
    .unwrap();
    let customers: Vec<Customer> = rows.read().unwrap();
    assert_eq!(
        customers[0],
        Customer {
            name: "Ada".into(),
            country: Some("Germany".into()),
            vip: true
        }
    );
    assert_eq!(customers[2].country, None);

    let counts: Vec<u32> = run(&db, "SELECT count(*) FROM customer")
        .unwrap()
        .read()
        .unwrap();
    assert_eq!(counts, [3]);
    let maybe: Vec<Option<String>> = run(&db, "SELECT country FROM customer ORDER BY id")
        .unwrap()
        .read()
        .unwrap();
    assert_eq!(maybe, [Some("Germany".into()), Some("France".into()), None]);
}

#[test]
fn rows_that_are_not_of_the_type() {
    let db = shop("{}");
    let rows = run(&db, "SELECT name, country FROM customer ORDER BY id").unwrap();
    for (error, expected) in [
        (
            rows.read::<(String, String)>().unwrap_err(),
            "row 3: invalid type: unit value, expected a string",
        ),
        (
            rows.read::<(String,)>().unwrap_err(),
            "row 1: invalid length 2, expected 1 element in sequence",
        ),
        (
            rows.read::<String>().unwrap_err(),
            "row 1: one column was expected, there are 2",
        ),
        (
            rows.read::<(u8, String)>().unwrap_err(),
            "row 1: invalid type: string \"Ada\", expected u8",
        ),
    ] {
        assert!(error.is_row());
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn tables_csv_and_json() {
    let db = shop("{}");
    let rows = run(
        &db,
        "SELECT id, name, country, id, 'a,\"b\"' AS quoted, '' AS empty, 9e999 AS endless, x'ab' AS bytes FROM customer ORDER BY id DESC LIMIT 2",
    )
    .unwrap();
    assert_snapshot!(rows.to_table(), @r#"
id  name  country  id  quoted  empty  endless   bytes
--  ----  -------  --  ------  -----  --------  -----
3   Cy    NULL     3   a,"b"          Infinity  ab
2   Bo    France   2   a,"b"          Infinity  ab
"#);
    assert_snapshot!(rows.to_csv(), @r#"
id,name,country,id,quoted,empty,endless,bytes
3,Cy,,3,"a,""b""","",Infinity,ab
2,Bo,France,2,"a,""b""","",Infinity,ab
"#);
    assert_snapshot!(rows.to_json(), @r#"[{"id":3,"name":"Cy","country":null,"id:2":3,"quoted":"a,\"b\"","empty":"","endless":"Infinity","bytes":"ab"},{"id":2,"name":"Bo","country":"France","id:2":2,"quoted":"a,\"b\"","empty":"","endless":"Infinity","bytes":"ab"}]"#);
    assert_snapshot!(run(&db, "SELECT id FROM customer WHERE id > 9").unwrap().to_table(), @r#"
id
--
"#);
    let odd = run(
        &db,
        &format!(
            "SELECT {} AS text",
            larkspur_sql::quote_text("a\u{1b}[31m\nb")
        ),
    )
    .unwrap();
    assert!(!odd.to_table().contains('\u{1b}'));
}

fn limits(change: impl FnOnce(&mut RunLimits)) -> RunLimits {
    let mut limits = RunLimits::default();
    change(&mut limits);
    limits
}

#[test]
fn rows_and_bytes_are_bounded() {
    let db = shop("{}");
    let query = db
        .check("SELECT a.id, b.name FROM customer a, customer b, customer c")
        .unwrap();
    let all = db.run(&query, &RunLimits::default()).unwrap();
    assert_eq!((all.rows().len(), all.truncated()), (27, None));
    let some = db
        .run(&query, &limits(|limits| limits.max_rows = 5))
        .unwrap();
    assert_eq!(
        (some.rows().len(), some.truncated()),
        (5, Some(Truncated::Rows))
    );
    let exactly = db
        .run(&query, &limits(|limits| limits.max_rows = 27))
        .unwrap();
    assert_eq!((exactly.rows().len(), exactly.truncated()), (27, None));
    let few = db
        .run(&query, &limits(|limits| limits.max_bytes = 500))
        .unwrap();
    assert!(few.rows().len() < 10 && few.truncated() == Some(Truncated::Bytes));
}

/// A query that has work for hours.
const ENDLESS: &str =
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

#[test]
fn time_is_bounded() {
    let db = shop(r#"{"recursion": true}"#);
    let query = db.check(ENDLESS).unwrap();
    let start = Instant::now();
    let error = db
        .run(
            &query,
            &limits(|limits| limits.timeout = Duration::from_millis(50)),
        )
        .unwrap_err();
    assert!(
        error.is_timeout() && start.elapsed() < Duration::from_secs(4),
        "{error}"
    );
    assert_eq!(error.to_string(), "the query ran longer than 50ms");
    // The connection is as good as before.
    assert_eq!(run(&db, "SELECT 1").unwrap().rows().len(), 1);
}

#[test]
fn a_run_is_cancelled_from_another_thread() {
    let db = Arc::new(shop(r#"{"recursion": true}"#));
    let cancel = Cancel::new();
    let running = {
        let (db, cancel) = (Arc::clone(&db), cancel.clone());
        thread::spawn(move || {
            let query = db.check(ENDLESS).unwrap();
            db.run_until(
                &query,
                &limits(|limits| limits.timeout = Duration::from_secs(60)),
                &cancel,
            )
        })
    };
    cancel.cancel();
    let error = running.join().unwrap().unwrap_err();
    assert!(error.is_cancelled() && !error.is_timeout(), "{error}");
    assert_eq!(error.to_string(), "the query was cancelled");
}

#[test]
fn values_are_bounded() {
    let db =
        Sqlite::from_ddl("CREATE TABLE t (a TEXT); INSERT INTO t VALUES (hex(zeroblob(100000)))")
            .unwrap();
    let query = db.check("SELECT a FROM t").unwrap();
    assert_eq!(
        db.run(&query, &RunLimits::default()).unwrap().rows().len(),
        1
    );
    let error = db
        .run(&query, &limits(|limits| limits.max_value_bytes = 10_000))
        .unwrap_err();
    assert!(error.is_too_big(), "{error}");
    assert_eq!(
        error.to_string(),
        "a value or row is larger than 10000 bytes"
    );
    let query = db
        .check("SELECT replace(replace(a, '0', a), '0', a) FROM t")
        .unwrap();
    assert!(
        db.run(&query, &RunLimits::default())
            .unwrap_err()
            .is_too_big()
    );
}

#[test]
fn parameters_are_bound_as_what_they_are() {
    let db = shop(r#"{"parameters": true}"#);
    let sql = "SELECT :text, typeof(:text), ?2 + 1, typeof(@real), typeof($blob), typeof(:none), typeof(:yes)";
    let query = db.check(sql).unwrap();
    let unbound = db.run(&query, &RunLimits::default()).unwrap_err();
    assert!(unbound.is_unbound(), "{unbound}");
    assert_eq!(unbound.to_string(), "the parameter `:text` has no value");
    let query = query
        .bind(":text", "' OR 1=1 --")
        .bind("?2", 41)
        .bind("@real", 0.5)
        .bind("$blob", vec![1, 2])
        .bind(":none", None::<i64>)
        .bind(":yes", true);
    let rows = db.run(&query, &RunLimits::default()).unwrap();
    assert_eq!(
        rows.to_csv().lines().nth(1),
        Some("' OR 1=1 --,text,42,real,blob,null,integer")
    );
    let anonymous = db.check("SELECT ?, ?").unwrap().bind("?1", 1).bind("?2", 2);
    let rows: Vec<(i64, i64)> = db
        .run(&anonymous, &RunLimits::default())
        .unwrap()
        .read()
        .unwrap();
    assert_eq!(rows, [(1, 2)]);
}

#[test]
fn a_plan_is_shown_and_nothing_is_run() {
    let db = shop(r#"{"parameters": true, "exclude": ["secret"]}"#);
    let sql = "SELECT name FROM customer WHERE id IN (SELECT customer_id FROM invoice WHERE total > :least)";
    let plan = db.explain(&db.check(sql).unwrap()).unwrap();
    insta::assert_snapshot!(plan, @r#"
SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)
LIST SUBQUERY 1
  SCAN invoice
"#);
    assert!(plan.steps().iter().all(|step| step.id > 0));
}
