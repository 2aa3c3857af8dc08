//! What stands between a hostile text and the data of a PostgreSQL: the guard, the limits of a run, and the role.

use std::{
    fs,
    time::{Duration, Instant},
};

use larkspur_sql::Postgres;

use crate::{
    postgres::{HIDING, NUMBERS, limits, run, shop},
    server::server,
};

/// Texts of someone who writes the whole answer.
const ATTACKS: &[&str] = &[
    "SELECT password FROM customer",
    "SELECT * FROM customer",
    "SELECT customer FROM customer",
    "SELECT c AS c FROM customer c",
    "SELECT c.* FROM customer AS c",
    "SELECT (c).password FROM customer c",
    "SELECT (c.*)::text FROM customer c",
    "SELECT count(c) FROM customer c",
    "SELECT row_to_json(c) FROM customer c",
    "SELECT c::text FROM customer c",
    "SELECT id FROM customer ORDER BY password",
    "SELECT id FROM customer c ORDER BY c",
    "SELECT a.id FROM customer a NATURAL JOIN customer b",
    "SELECT a.id FROM customer a JOIN customer b USING (password)",
    "SELECT canary FROM secret",
    "SELECT canary FROM public.secret",
    "TABLE secret",
    "WITH \"SECRET\" AS (SELECT 1 AS canary) SELECT canary FROM secret",
    "WITH s AS (SELECT canary FROM secret) SELECT canary FROM s",
    "SELECT upper(1)",
    "SELECT query_to_xml('SELECT canary FROM secret', true, false, '')",
    "SELECT table_to_xml('secret', true, false, '')",
    "SELECT relname FROM pg_class",
    "SELECT table_name FROM information_schema.tables",
    "SELECT rolpassword FROM pg_authid",
    "SELECT usename FROM pg_user",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_catalog.pg_read_file('/etc/passwd')",
    "SELECT * FROM pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT dblink('dbname=postgres', 'SELECT 1')",
    "SELECT pg_sleep(10)",
    "SELECT 1 FROM customer WHERE (SELECT count(*) FROM pg_sleep(10)) = 1",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT current_setting('data_directory')",
    "SELECT version()",
    "SELECT current_user",
    "SELECT inet_server_addr()",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_advisory_lock(1)",
    "SELECT nextval('invoice_id_seq')",
    "SELECT setval('invoice_id_seq', 1)",
    "SELECT txid_current()",
    "SELECT 'secret'::regclass",
    "SELECT CAST('secret' AS regclass)",
    "SELECT 'pg_sleep'::regproc",
    "SELECT repeat('x', 1000000000)",
    "SELECT generate_series(1, 1000000000)",
    "SELECT lpad('x', 1000000000)",
    "SELECT $$canary$$",
    "SELECT $x$canary$x$",
    "SELECT E'a\\'; DELETE FROM customer; --'",
    "SELECT U&'\\0061'",
    "SELECT U&\"\\0063anary\" FROM secret",
    "SELECT '\\'; DELETE FROM customer; --'",
    "SELECT 1; DELETE FROM customer",
    "SELECT id INTO stolen FROM customer",
    "SELECT id INTO TEMP stolen FROM customer",
    "SELECT id FROM customer FOR UPDATE",
    "SELECT id FROM customer FOR SHARE",
    "WITH w AS (DELETE FROM customer RETURNING id) SELECT id FROM w",
    "WITH w AS (INSERT INTO customer (id) VALUES (9) RETURNING id) SELECT id FROM w",
    "WITH w AS (UPDATE customer SET name = '' RETURNING id) SELECT id FROM w",
    "INSERT INTO customer (id) VALUES (9)",
    "UPDATE customer SET name = ''",
    "DELETE FROM customer",
    "TRUNCATE customer",
    "DROP TABLE customer",
    "CREATE TABLE stolen AS SELECT 1",
    "CREATE TEMP TABLE stolen (a integer)",
    "ALTER TABLE customer ADD COLUMN x integer",
    "COPY customer TO '/tmp/stolen'",
    "COPY (SELECT 1) TO PROGRAM 'touch /tmp/stolen'",
    "COPY customer FROM PROGRAM 'true'",
    "DO 'BEGIN DELETE FROM customer; END'",
    "CALL stolen()",
    "EXECUTE stolen",
    "PREPARE stolen AS SELECT 1",
    "DECLARE stolen CURSOR FOR SELECT 1",
    "SET TRANSACTION READ WRITE",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
    "RESET ALL",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "LISTEN stolen",
    "NOTIFY stolen",
    "LOCK TABLE customer",
    "VACUUM",
    "EXPLAIN ANALYZE DELETE FROM customer",
    "EXPLAIN SELECT 1",
    "SHOW data_directory",
    "GRANT ALL ON customer TO PUBLIC",
    "LOAD 'stolen'",
    "CREATE EXTENSION dblink",
    "SELECT 1 OPERATOR(pg_catalog.+) 1",
    "SELECT ARRAY[1, 2]",
    "SELECT 1 FROM customer TABLESAMPLE SYSTEM (1)",
    "SELECT 1 FROM LATERAL (SELECT 1) x",
    "SELECT 1 FROM customer, LATERAL pg_sleep(10)",
    "SELECT DISTINCT ON (id) id FROM customer",
    "SELECT id FROM ONLY secret",
    "SELECT FROM customer",
];

#[test]
fn attacks_are_refused_by_the_guard() {
    let server = server();
    let db = shop(&server, "attacks", HIDING);
    let passed: Vec<&&str> = ATTACKS
        .iter()
        .filter(|sql| db.guard().check(sql).is_ok())
        .collect();
    assert!(passed.is_empty(), "{passed:#?}");
    // Neither does the whole check pass any, nor does it do anything.
    let passed: Vec<&&str> = ATTACKS.iter().filter(|sql| db.check(sql).is_ok()).collect();
    assert!(passed.is_empty(), "{passed:#?}");
}

/// Attacks that PostgreSQL itself runs, for a role that may read what the policy shows and no more: they tell of the database and of
/// the connection, take what is free, end the transaction in which they are alone, or are no attack but a form that the guard does not
/// know.
const ONLY_THE_GUARD: &[&str] = &[
    "SELECT relname FROM pg_class",
    "SELECT table_name FROM information_schema.tables",
    "SELECT usename FROM pg_user",
    "SELECT version()",
    "SELECT current_user",
    "SELECT inet_server_addr()",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_advisory_lock(1)",
    "SELECT txid_current()",
    "SELECT 'secret'::regclass",
    "SELECT CAST('secret' AS regclass)",
    "SELECT 'pg_sleep'::regproc",
    "SELECT $$canary$$",
    "SELECT $x$canary$x$",
    "SELECT E'a\\'; DELETE FROM customer; --'",
    "SELECT U&'\\0061'",
    "PREPARE stolen AS SELECT 1",
    "DECLARE stolen CURSOR FOR SELECT 1",
    "SET TRANSACTION READ WRITE",
    "RESET ALL",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "LISTEN stolen",
    "NOTIFY stolen",
    "EXPLAIN SELECT 1",
    "SELECT 1 OPERATOR(pg_catalog.+) 1",
    "SELECT ARRAY[1, 2]",
    "SELECT 1 FROM customer TABLESAMPLE SYSTEM (1)",
    "SELECT 1 FROM LATERAL (SELECT 1) x",
    "SELECT DISTINCT ON (id) id FROM customer",
    "SELECT FROM customer",
];

/// Without a guard: the role, the transaction and the protocol.
#[test]
fn without_a_guard_nothing_is_written() {
    let server = server();
    shop(&server, "unguarded", "{}");
    server.psql(
        "unguarded",
        "CREATE ROLE teller LOGIN; GRANT SELECT (id, name, country) ON customer TO teller; GRANT SELECT ON invoice, german TO teller",
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ran = runtime.block_on(async {
        let url = server.url("unguarded", "teller");
        let (mut client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        let mut ran = Vec::new();
        for sql in ATTACKS {
            let transaction = client
                .build_transaction()
                .read_only(true)
                .start()
                .await
                .unwrap();
            transaction
                .batch_execute("SET LOCAL statement_timeout = 200")
                .await
                .unwrap();
            if transaction.query(*sql, &[]).await.is_ok() {
                ran.push(*sql);
            }
            drop(transaction);
        }
        ran
    });
    assert_eq!(ran, ONLY_THE_GUARD);
    let db = Postgres::connect(&server.url("unguarded", "reader")).unwrap();
    let counts = run(&db, "SELECT count(*) AS n, min(name) AS name FROM customer").unwrap();
    assert_eq!(counts.to_csv(), "n,name\r\n3,Ada\r\n");
    assert_eq!(db.catalog().tables.len(), 5);
    let files = fs::read_dir("/tmp").unwrap().flatten();
    assert!(
        !files
            .map(|file| file.file_name())
            .any(|name| name == "stolen")
    );
}

/// The server is told to end a run on a connection of its own, and may hear of it when the run has already ended by itself.
#[test]
fn a_run_that_is_stopped_stops_nothing_after_it() {
    let server = server();
    let db = shop(&server, "stopped", r#"{"recursion": true}"#);
    let long = db
        .check(&format!("{NUMBERS} SELECT max(x) FROM n"))
        .unwrap();
    let limits = limits(|limits| limits.timeout = Duration::from_millis(20));
    for round in 0..60 {
        let error = db.run(&long, &limits).unwrap_err();
        assert!(error.is_timeout(), "{round}: {error}");
        let next = run(&db, "SELECT count(*) AS n FROM customer").unwrap();
        assert_eq!(next.rows().len(), 1, "{round}");
    }
}

/// What makes much out of little, in time and in size, for someone to whom the policy allows much.
#[test]
fn bombs_go_off_within_the_limits() {
    let server = server();
    let policy = r#"{"recursion": true, "comments": true, "constant_conditions": true, "more_functions": ["repeat", "lpad", "power"]}"#;
    let db = shop(&server, "bombs", policy);
    let many = (0..16).map(|number| format!("customer AS c{number}"));
    let many = many.collect::<Vec<_>>().join(", ");
    let like = format!(
        "SELECT '{}' LIKE '{}b'",
        "a".repeat(20_000),
        "%a".repeat(400)
    );
    let limits = limits(|limits| limits.timeout = Duration::from_millis(200));
    for (name, sql) in [
        ("recursion", format!("{NUMBERS} SELECT max(x) FROM n")),
        ("both", format!("{NUMBERS} SELECT count(*) FROM n, n AS m")),
        ("product", format!("SELECT count(*) FROM {many}")),
        (
            "sort",
            format!("SELECT c0.id FROM {many} ORDER BY c1.name || c2.name || c3.name"),
        ),
        (
            "groups",
            format!("SELECT string_agg(c0.name || c1.name, ', ') FROM {many}"),
        ),
        (
            "windows",
            format!("SELECT sum(c0.id) OVER (ORDER BY c1.name) FROM {many}"),
        ),
        ("values", "SELECT repeat('x', 200000000)".to_owned()),
        ("padding", "SELECT lpad('x', 20000000, 'abc')".to_owned()),
        (
            "rows",
            format!("{NUMBERS} SELECT repeat('x', 10000) FROM n"),
        ),
        (
            "numbers",
            "SELECT power(9.99999999, 40000.5), power(7.7, 99999.9)".to_owned(),
        ),
        ("like", like),
    ] {
        let start = Instant::now();
        // Constants are computed where a text is planned, which has a bound of its own.
        let result = db.check(&sql).map(|query| db.run(&query, &limits));
        let took = start.elapsed();
        assert!(took < Duration::from_secs(15), "{name}: {took:?}");
        match result {
            Ok(Ok(rows)) => assert!(rows.rows().len() <= 1_000, "{name}"),
            Ok(Err(error)) => assert!(error.is_query(), "{name}: {error}"),
            Err(rejection) => assert!(
                rejection.message().contains("timeout"),
                "{name}: {rejection}"
            ),
        }
    }
    assert_eq!(run(&db, "SELECT 1 AS n").unwrap().to_csv(), "n\r\n1\r\n");
}
