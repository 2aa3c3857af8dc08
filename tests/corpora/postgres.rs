//! PostgreSQL: its catalog, what the guard passes, and runs within limits.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use insta::assert_snapshot;
use larkspur_sql::{Cancel, Error, Policy, Postgres, Rows, RunLimits, Sampling, Truncated, Value};

use crate::server::{Server, server};

const SHOP: &str = r#"
    CREATE TYPE state AS ENUM ('open', 'paid', 'lost');
    CREATE DOMAIN mail AS varchar(80) NOT NULL CHECK (value LIKE '%@%');
    CREATE TABLE customer (id integer PRIMARY KEY, name text NOT NULL, country text, "E-Mail" mail, password text);
    CREATE TABLE invoice (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer,
        total numeric(10,2), day date, state state NOT NULL DEFAULT 'open', tags text[], paid boolean, scan bytea
    );
    CREATE TABLE secret (id integer PRIMARY KEY, canary text);
    CREATE TABLE closed (id integer PRIMARY KEY, canary text);
    CREATE VIEW german AS SELECT id, name FROM customer WHERE country = 'Germany';
    COMMENT ON TABLE invoice IS 'What customers
        have to pay.';
    COMMENT ON COLUMN invoice.day IS 'When it was sent.';
    CREATE SCHEMA archive;
    CREATE TABLE archive.customer (old integer);
    CREATE TABLE archive.bill (id integer PRIMARY KEY);
    -- Better for these arguments than PostgreSQL's own, and in its place.
    CREATE FUNCTION upper(integer) RETURNS text LANGUAGE sql AS 'SELECT canary FROM secret';
    INSERT INTO customer VALUES (1, 'Ada', 'Germany', 'ada@x', 'hunter2'), (2, 'Bo', 'France', 'bo@x', 'hunter2'), (3, 'Cy', NULL, 'cy@x', 'hunter2');
    INSERT INTO invoice (customer_id, total, day, state, tags, paid, scan) VALUES
        (1, 9.5, '2026-01-01', 'paid', '{a,b}', true, '\x00ff'), (1, 20, '2026-02-01', 'open', NULL, false, NULL),
        (2, 5, '2026-02-02', 'open', NULL, NULL, NULL);
    INSERT INTO secret VALUES (1, 'tweet');
    INSERT INTO closed VALUES (1, 'tweet');
"#;

pub(crate) const HIDING: &str = r#"{"exclude": ["*.password", "secret", "closed"]}"#;

/// A shop of a test's own: they run side by side.
pub(crate) fn shop(server: &Server, name: &str, policy: &str) -> Postgres {
    let db = server.database(name, SHOP);
    db.policy(Policy::from_json(policy).unwrap()).unwrap()
}

pub(crate) fn run(db: &Postgres, sql: &str) -> Result<Rows, Error> {
    let query = db
        .check(sql)
        .unwrap_or_else(|rejection| panic!("{rejection}"));
    db.run(&query, &RunLimits::default())
}

#[test]
fn values_are_looked_up_as_far_as_they_are_shown() {
    let server = server();
    let db = shop(&server, "samples", HIDING).sample(&Sampling {
        mask: vec!["*.\"E-Mail\"".parse().unwrap()],
        ..Sampling::default()
    });
    let told = db.catalog().to_string();
    assert!(!told.contains("hunter2"), "{told}");
    assert_snapshot!(told, @r#"
customer(id integer, name text, country text, "E-Mail" character varying(80))
  key id
  about 3 rows
  name such as 'Ada', 'Bo', 'Cy'
  country such as 'Germany', 'France'
  "E-Mail" in the form of 'aa@a', 'aaa@a'
invoice(id bigint, customer_id integer, total numeric(10,2), day date, state state ('open', 'paid', 'lost'), tags text[], paid boolean, scan bytea)
  key id
  customer_id -> customer(id)
  about 3 rows
  What customers have to pay.
  total such as 9.50, 20.00, 5.00
  day: When it was sent.
  day such as '2026-01-01', '2026-02-01', '2026-02-02'
  tags such as '{a,b}'
  paid such as true, false
german(id integer, name text) view
"#);
}

#[test]
fn the_catalog_says_what_there_is() {
    let server = server();
    let db = shop(&server, "catalog", HIDING);
    assert_snapshot!(db.catalog(), @r#"
customer(id integer, name text, country text, "E-Mail" character varying(80))
  key id
  about 3 rows
invoice(id bigint, customer_id integer, total numeric(10,2), day date, state state ('open', 'paid', 'lost'), tags text[], paid boolean, scan bytea)
  key id
  customer_id -> customer(id)
  about 3 rows
  What customers have to pay.
  day: When it was sent.
german(id integer, name text) view
"#);
    let rows = |name: &str| db.catalog().table(name).unwrap().rows;
    assert_eq!(rows("customer"), Some(3));
    let invoice = db.catalog().table("invoice").unwrap();
    assert_eq!(
        invoice.column("state").unwrap().labels,
        ["open", "paid", "lost"]
    );
    // Schemas are looked into in their order.
    let policy = Policy::from_json(
        r#"{"schemas": ["archive", "public"], "include": ["bill", "customer", "german"]}"#,
    );
    let db = db.policy(policy.unwrap()).unwrap();
    assert_snapshot!(db.catalog(), @r#"
customer(old integer)
  about 0 rows
bill(id integer)
  key id
  about 0 rows
german(id integer, name text) view
"#);
    assert_eq!(
        run(&db, "SELECT old FROM archive.customer")
            .unwrap()
            .rows()
            .len(),
        0
    );
    assert!(db.check("SELECT name FROM public.customer").is_err());
    assert!(db.check("SELECT name FROM public.german").is_ok());
}

/// What the role may not read is not there; what is like a function of PostgreSQL is not called.
#[test]
fn grants_and_functions_of_the_owner_are_heeded() {
    let server = server();
    let db = shop(&server, "grants", "{}");
    assert!(db.check("SELECT upper(name) FROM customer").is_err());
    assert!(db.check("SELECT lower(name) FROM customer").is_ok());
    server.psql(
        "grants",
        "CREATE ROLE clerk LOGIN; GRANT SELECT (id, name) ON customer TO clerk; GRANT SELECT ON german TO clerk",
    );
    let db = Postgres::connect(&server.url("grants", "clerk")).unwrap();
    assert_snapshot!(db.catalog(), @r#"
customer(id integer, name text)
  key id
  about 3 rows
german(id integer, name text) view
"#);
    assert!(db.check("SELECT * FROM customer").is_err());
    assert_eq!(
        run(&db, "SELECT max(name) FROM customer")
            .unwrap()
            .rows()
            .len(),
        1
    );
}

#[test]
fn values_have_their_types() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Sum {
        country: Option<String>,
        total: f64,
        paid: Option<bool>,
    }
    let server = server();
    let db = shop(&server, "values", HIDING);
    let rows = run(
        &db,
        "SELECT id, total, day, state, tags, paid, scan, total / 3::float8 AS third, 1.5e300::numeric FROM invoice WHERE id = 1",
    );
    assert_snapshot!(format!("{:#?}", rows.unwrap().rows()), @r#"
[
    [
        Integer(
            1,
        ),
        Decimal(
            "9.50",
        ),
        Text(
            "2026-01-01",
        ),
        Text(
            "paid",
        ),
        Text(
            "{a,b}",
        ),
        Boolean(
            true,
        ),
        Blob(
            [
                0,
                255,
            ],
        ),
        Real(
            3.1666666666666665,
        ),
        Decimal(
            "1500000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
        ),
    ],
]
"#);
    let sums: Vec<Sum> = run(
        &db,
        "SELECT c.country, sum(i.total) AS total, bool_or(i.paid) AS paid FROM customer c JOIN invoice i ON i.customer_id = c.id
         GROUP BY c.country ORDER BY c.country",
    )
    .unwrap()
    .read()
    .unwrap();
    let sum = |country: &str, total, paid| Sum {
        country: Some(country.to_owned()),
        total,
        paid,
    };
    assert_eq!(
        sums,
        [sum("France", 5.0, None), sum("Germany", 29.5, Some(true))]
    );
    let rows = run(
        &db,
        "SELECT sum(total) AS sum, sum(total) AS sum FROM invoice",
    )
    .unwrap();
    let exact: Vec<(String, f64)> = rows.read().unwrap();
    assert_eq!(exact, [("34.50".to_owned(), 34.5)]);
    assert_snapshot!(rows.to_json(), @r#"[{"sum":34.5,"sum:2":34.5}]"#);
    assert_snapshot!(run(&db, "SELECT true AS t, NULL AS n, '2026-01-31'::date + 1 AS d, INTERVAL '36 hours' AS i").unwrap().to_csv(), @r#"
t,n,d,i
true,,2026-02-01,36:00:00
"#);
}

#[test]
fn parameters_are_values_and_nothing_else() {
    let server = server();
    let db = shop(&server, "parameters", r#"{"parameters": true}"#);
    let query = db
        .check("SELECT name FROM customer WHERE id = $1 OR country = $2")
        .unwrap();
    assert!(
        db.run(&query, &RunLimits::default())
            .unwrap_err()
            .is_unbound()
    );
    let bound = query.clone().bind("$1", 2).bind("$2", "' OR true --");
    let names: Vec<String> = db
        .run(&bound, &RunLimits::default())
        .unwrap()
        .read()
        .unwrap();
    assert_eq!(names, ["Bo"]);
    // A text is not read as a number.
    let wrong = query.bind("$1", "1 OR 1=1").bind("$2", "x");
    assert!(db.run(&wrong, &RunLimits::default()).unwrap_err().is_data());
}

#[test]
fn what_postgres_says_goes_back() {
    let server = server();
    let db = shop(&server, "says", HIDING);
    let check = |sql: &str| db.check(sql).unwrap_err().to_string();
    assert_snapshot!(check("SELECT name FROM customer WHERE name = 1"), @r#"
error[database]: operator does not exist: text = integer
 --> line 1, column 38
  |
1 | SELECT name FROM customer WHERE name = 1
  |                                      ^
"#);
    assert_snapshot!(check("SELECT 'é', abs(name) FROM customer"), @r#"
error[database]: function abs(text) does not exist
 --> line 1, column 13
  |
1 | SELECT 'é', abs(name) FROM customer
  |             ^^^
"#);
    assert_snapshot!(check("SELECT name, count(*) FROM customer"), @r#"
error[database]: column "customer.name" must appear in the GROUP BY clause or be used in an aggregate function
 --> line 1, column 8
  |
1 | SELECT name, count(*) FROM customer
  |        ^^^^
"#);
    assert_snapshot!(check("SELECT name FROM customer WHERE"), @r#"
error[syntax]: expected an expression, found EOF
 --> line 1, column 32
  |
1 | SELECT name FROM customer WHERE
  |                                ^
error[database]: syntax error at end of input
 --> line 1, column 32
  |
1 | SELECT name FROM customer WHERE
  |                                ^
"#);
    // Only the planner knows this.
    assert_snapshot!(check("SELECT 1 FROM customer a FULL JOIN customer b ON a.id < b.id"), @r#"
error[database]: FULL JOIN is only supported with merge-joinable or hash-joinable join conditions
 --> line 1, column 1
  |
1 | SELECT 1 FROM customer a FULL JOIN customer b ON a.id < b.id
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"#);
    // What is wrong is in the data.
    for sql in [
        "SELECT 1 / (id - id) FROM customer",
        "SELECT 1 / 0",
        "SELECT CAST(name AS integer) FROM customer",
        "SELECT CAST(CAST(replace(name, name, 'NaN') AS numeric) AS integer) FROM customer",
        "SELECT 2147483647 + id FROM customer",
        "SELECT (SELECT id FROM customer) FROM invoice",
    ] {
        let error = run(&db, sql).unwrap_err();
        assert!(error.is_data(), "{sql}: {error}");
    }
    let plan = db
        .explain(&db.check("SELECT name FROM customer WHERE id = 1").unwrap())
        .unwrap();
    assert!(
        plan.steps()
            .iter()
            .any(|step| step.detail.contains("on customer")),
        "{plan}"
    );
}

pub(crate) fn limits(change: impl FnOnce(&mut RunLimits)) -> RunLimits {
    let mut limits = RunLimits::default();
    change(&mut limits);
    limits
}

pub(crate) const NUMBERS: &str =
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) ";

#[test]
fn runs_are_bounded() {
    let server = server();
    let db = shop(
        &server,
        "bounded",
        r#"{"recursion": true, "more_functions": ["repeat", "pg_sleep"]}"#,
    );
    let query = |sql: &str| {
        db.check(sql)
            .unwrap_or_else(|rejection| panic!("{rejection}"))
    };
    // An endless query gives as many rows as are wanted.
    let endless = query(&format!("{NUMBERS} SELECT x FROM n"));
    for most in [0, 1, 255, 256, 257, 1000] {
        let rows = db
            .run(&endless, &limits(|limits| limits.max_rows = most))
            .unwrap();
        assert_eq!(
            (rows.rows().len(), rows.truncated()),
            (most, Some(Truncated::Rows))
        );
    }
    let all = db
        .run(
            &query("SELECT id FROM customer"),
            &limits(|limits| limits.max_rows = 3),
        )
        .unwrap();
    assert_eq!((all.rows().len(), all.truncated()), (3, None));
    let wide = query(&format!("{NUMBERS} SELECT repeat('x', 1000) AS r FROM n"));
    let rows = db
        .run(&wide, &limits(|limits| limits.max_bytes = 100_000))
        .unwrap();
    assert_eq!(rows.truncated(), Some(Truncated::Bytes));
    assert!(
        (90..=100).contains(&rows.rows().len()),
        "{}",
        rows.rows().len()
    );
    // The large value stays where it is.
    let start = Instant::now();
    let large = db.run(
        &query("SELECT repeat('x', 100000000)"),
        &RunLimits::default(),
    );
    assert!(large.unwrap_err().is_too_big());
    let timeout = limits(|limits| limits.timeout = Duration::from_millis(200));
    for sql in [
        format!("{NUMBERS} SELECT max(x) FROM n"),
        "SELECT pg_sleep(20)".to_owned(),
    ] {
        let error = db.run(&query(&sql), &timeout).unwrap_err();
        assert!(error.is_timeout(), "{sql}: {error}");
    }
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(run(&db, "SELECT 1").unwrap().rows(), [[Value::Integer(1)]]);
}

#[test]
fn a_run_can_be_cancelled() {
    let server = server();
    let db = shop(&server, "cancelled", r#"{"more_functions": ["pg_sleep"]}"#);
    let (db, cancel) = (Arc::new(db), Cancel::new());
    let asleep = db.check("SELECT pg_sleep(20)").unwrap();
    let start = Instant::now();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            db.run_until(
                &asleep,
                &limits(|limits| limits.timeout = Duration::from_secs(20)),
                &cancel,
            )
        });
        thread::sleep(Duration::from_millis(100));
        cancel.cancel();
        assert!(waiting.join().unwrap().unwrap_err().is_cancelled());
    });
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    let error = db
        .run_until(&asleep, &RunLimits::default(), &cancel)
        .unwrap_err();
    assert!(error.is_cancelled());
    assert!(run(&db, "SELECT 1").is_ok());
}

/// A connection that was lost is made again.
#[test]
fn a_lost_connection_is_made_again() {
    let server = server();
    let db = shop(&server, "lost", "{}");
    server.psql(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lost'",
    );
    // The first call may find out.
    let _ = db.check("SELECT 1");
    assert!(run(&db, "SELECT 1").is_ok());
}

#[test]
fn a_password_is_never_printed() {
    let server = server();
    server.database("password", "");
    let folder = server.folder().display();
    let url = format!("host={folder} dbname=password user=reader password=canary");
    let db = Postgres::connect(&url).unwrap();
    assert!(!format!("{db:?}").contains("canary"));
    for url in [
        format!("host={folder} dbname=nowhere user=reader password=canary"),
        format!("host={folder} dbname=password user=nobody password=canary"),
        "postgres://reader:canary@localhost:1/db".to_owned(),
        "postgres://reader:canary@localhost:canary/db".to_owned(),
        "postgres://reader:ca@canary?canary=1@localhost/db".to_owned(),
        "canary".to_owned(),
    ] {
        let error = Postgres::connect(&url).unwrap_err();
        let told = format!("{error} {error:?} {:?}", error.hint());
        assert!(!told.contains("canary"), "{told}");
    }
}
