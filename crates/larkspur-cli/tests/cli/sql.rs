//! `sql catalog`, `sql grammar`, `sql check`, `sql run`.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{Files, larkspur};

const SHOP: &str = "
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, password TEXT);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC(10,2));
    INSERT INTO customer VALUES (1, 'Ada', 'hunter2'), (2, 'Bo', 'hunter2');
    INSERT INTO invoice VALUES (1, 1, 9.5), (2, 1, 20), (3, 2, NULL);
";

/// A folder with the shop as statements, as a database file, and with a policy.
pub(crate) fn shop() -> Files {
    let files = Files::new(&[
        ("shop.sql", SHOP),
        (
            "policy.json",
            r#"{"exclude": ["*.password"], "limit": {"max": 10}}"#,
        ),
        ("wrong.json", "{\n  \"exclude\": 1\n}"),
    ]);
    let connection = rusqlite::Connection::open(files.path("shop.sqlite")).unwrap();
    connection.execute_batch(SHOP).unwrap();
    files
}

#[test]
fn catalog_for_people_and_programs() {
    let files = shop();
    let (db, policy) = (files.path("shop.sqlite"), files.path("policy.json"));
    let text = larkspur(&["sql", "catalog", "--db", &db, "--policy", &policy], "");
    assert_eq!(text.code, 0);
    assert_snapshot!(text.stdout, @r#"
customer(id INTEGER, name TEXT)
  key id
invoice(id INTEGER, customer_id INTEGER, total NUMERIC(10,2))
  key id
  customer_id -> customer(id)
"#);
    let json = larkspur(&["sql", "catalog", "--db", &db, "--format", "json"], "").json();
    assert_eq!(
        json["tables"][1]["foreign_keys"],
        json!([{"columns": ["customer_id"], "table": "customer", "references": ["id"]}])
    );
    let ddl = larkspur(
        &[
            "sql",
            "catalog",
            "--db",
            &files.path("shop.sql"),
            "--policy",
            &policy,
        ],
        "",
    );
    assert_eq!(ddl.stdout, text.stdout);
}

#[test]
fn values_stand_in_the_catalog_where_they_are_asked_for() {
    let files = shop();
    let (db, policy) = (files.path("shop.sqlite"), files.path("policy.json"));
    let catalog = |more: &[&str]| {
        let args = ["sql", "catalog", "--db", &db, "--policy", &policy];
        larkspur(&[&args[..], more].concat(), "")
    };
    let told = catalog(&["--samples", "2", "--mask", "invoice.*"]);
    assert_eq!(told.code, 0);
    assert_snapshot!(told.stdout, @r#"
customer(id INTEGER, name TEXT)
  key id
  about 2 rows
  name such as 'Ada', 'Bo'
invoice(id INTEGER, customer_id INTEGER, total NUMERIC(10,2))
  key id
  customer_id -> customer(id)
  about 3 rows
  total in the form of 9.9, 99
"#);
    assert_eq!(catalog(&["--mask", "*.name"]).code, 2);
    let wrong = catalog(&["--samples", "2", "--mask", "a.b.c"]);
    assert_eq!(
        (wrong.code, wrong.stderr.as_str()),
        (
            2,
            "error: `--mask a.b.c`: a pattern has at most one dot outside of quotes\n"
        )
    );
}

#[test]
fn grammar_is_clean_and_its_sentences_pass() {
    let files = shop();
    let db = files.path("shop.sqlite");
    let lark = larkspur(
        &[
            "sql",
            "grammar",
            "--db",
            &db,
            "--policy",
            &files.path("policy.json"),
        ],
        "",
    );
    assert_eq!((lark.code, lark.stderr.as_str()), (0, ""));
    assert!(lark.stdout.contains("customer.name") && !lark.stdout.contains("password"));
    let check = larkspur(
        &["check", "--kind", "lark", "--dialect", "openai", "-"],
        lark.stdout.clone(),
    );
    assert_eq!(check.told(), "exit 0\nok: nothing found");
    let sentences = larkspur(
        &["sample", "--kind", "lark", "-n", "50", "--ndjson", "-"],
        lark.stdout,
    );
    let judged = larkspur(&["sql", "check", "--db", &db, "--ndjson"], sentences.stdout);
    assert_eq!(
        (judged.code, judged.lines().len()),
        (0, 50),
        "{}",
        judged.stdout
    );
    let of = [
        "sql",
        "grammar",
        "--db",
        &db,
        "--max-bytes",
        "9000",
        "--question",
        "Which customers?",
    ];
    let small = larkspur(&of, "");
    assert!(
        small.code == 0 && small.stdout.len() <= 9000,
        "{}",
        small.stdout.len()
    );
    assert_eq!(
        small.stderr,
        "note: left out: queries within queries; columns without the names of their tables\n"
    );
    let gbnf = larkspur(&["sql", "grammar", "--db", &db, "--to", "gbnf"], "");
    assert_eq!((gbnf.code, gbnf.stderr.as_str()), (0, ""));
    let sentences = larkspur(
        &["sample", "--kind", "gbnf", "-n", "50", "--ndjson", "-"],
        gbnf.stdout,
    );
    let judged = larkspur(&["sql", "check", "--db", &db, "--ndjson"], sentences.stdout);
    assert_eq!(judged.code, 0, "{}", judged.stdout);
    let unknown = larkspur(&["sql", "grammar", "--db", &db, "--dialect", "nobody"], "");
    assert_eq!(unknown.code, 2);
}

#[test]
fn check_says_what_may_be_run_or_why_not() {
    let files = shop();
    let (db, policy) = (files.path("shop.sqlite"), files.path("policy.json"));
    let check = |sql: &str, more: &[&str]| {
        let args = [
            &["sql", "check", "--db", &db, "--policy", &policy][..],
            more,
        ]
        .concat();
        larkspur(&[&args[..], &[sql]].concat(), "")
    };
    let good = check("SELECT name FROM customer", &[]);
    assert_eq!(
        (good.code, good.stdout.as_str(), good.stderr.as_str()),
        (0, "SELECT name FROM customer LIMIT 10\n", "")
    );
    let bad = check("SELECT password FROM customer; DROP TABLE customer", &[]);
    assert_eq!((bad.code, bad.stdout.as_str()), (1, ""));
    assert_snapshot!(bad.told(), @r#"
exit 1
error[unknown-column]: there is no column `password` here
 --> line 1, column 8
  |
1 | SELECT password FROM customer; DROP TABLE customer
  |        ^^^^^^^^
  = hint: columns here: id, name
error[one-statement]: there are 2 statements in the text, one is allowed
 --> line 1, column 32
  |
1 | SELECT password FROM customer; DROP TABLE customer
  |                                ^^^^^^^^^^^^^^^^^^^
error[read-only]: only a query is allowed
 --> line 1, column 32
  |
1 | SELECT password FROM customer; DROP TABLE customer
  |                                ^^^^
  = hint: begin with SELECT or WITH
"#);
    let json = check("SELECT nam FROM customer", &["--format", "json"]);
    assert_eq!(json.code, 1);
    assert_eq!(
        json.json(),
        json!({"ok": false, "error": {
            "message": "there is no column `nam` here",
            "violations": [{"code": "unknown-column", "span": {"start": 7, "end": 10}, "message": "there is no column `nam` here"}],
        }})
    );
    let stdin = larkspur(&["sql", "check", "--db", &db], "SELECT 1");
    assert_eq!((stdin.code, stdin.stdout.as_str()), (0, "SELECT 1\n"));
}

#[test]
fn check_of_many_lines() {
    let files = shop();
    let db = files.path("shop.sqlite");
    let ran = larkspur(
        &["sql", "check", "--db", &db, "--ndjson"],
        "\"SELECT id FROM customer\"\n\"DELETE FROM customer\"\nno JSON\n\"SELECT '\u{e9}', x\"\n",
    );
    assert_eq!(ran.code, 1);
    let lines = ran.lines();
    assert_eq!(
        lines[0],
        json!({"ok": true, "value": "SELECT id FROM customer"})
    );
    assert_eq!(
        lines[1]["error"]["violations"],
        json!([{"code": "read-only", "span": {"start": 0, "end": 6}, "message": "only a query is allowed"}])
    );
    assert_eq!(lines[2]["ok"], false);
    assert_eq!(
        lines[3]["error"]["violations"][0]["span"],
        json!({"start": 13, "end": 14})
    );
    let good = larkspur(&["sql", "check", "--db", &db, "--ndjson"], "\"SELECT 1\"\n");
    assert_eq!(good.code, 0);
}

#[test]
fn run_prints_rows() {
    let files = shop();
    let db = files.path("shop.sqlite");
    let run = |format: &str| {
        let sql = "SELECT name, sum(total) AS total FROM customer JOIN invoice ON invoice.customer_id = customer.id GROUP BY name ORDER BY name";
        larkspur(&["sql", "run", "--db", &db, "--format", format, sql], "").stdout
    };
    assert_snapshot!(run("table"), @r#"
name  total
----  -----
Ada   29.5
Bo    NULL
"#);
    assert_eq!(run("csv"), "name,total\r\nAda,29.5\r\nBo,\r\n");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&run("json")).unwrap(),
        json!([{"name": "Ada", "total": 29.5}, {"name": "Bo", "total": null}])
    );
}

#[test]
fn run_tells_a_plan_on_request() {
    let files = shop();
    let db = files.path("shop.sqlite");
    let run = |more: &[&str]| {
        let sql = "SELECT name FROM customer WHERE id = 1";
        larkspur(
            &[&["sql", "run", "--db", &db, "--explain", sql], more].concat(),
            "",
        )
    };
    let text = run(&[]);
    assert_eq!(
        (text.code, text.stdout.as_str()),
        (0, "SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)\n")
    );
    let json = run(&["--format", "json"]).json();
    assert_eq!(
        json[0]["detail"],
        "SEARCH customer USING INTEGER PRIMARY KEY (rowid=?)"
    );
    assert_eq!(run(&["--format", "csv"]).code, 2);
    let refused = larkspur(
        &[
            "sql",
            "run",
            "--db",
            &db,
            "--explain",
            "DROP TABLE customer",
        ],
        "",
    );
    assert_eq!(refused.code, 1);
}

#[test]
fn run_stops_at_its_limits() {
    let files = shop();
    let db = files.path("shop.sqlite");
    let some = larkspur(
        &[
            "sql",
            "run",
            "--db",
            &db,
            "--max-rows",
            "1",
            "--format",
            "csv",
            "SELECT id FROM customer",
        ],
        "",
    );
    assert_eq!(
        (some.code, some.stdout.as_str(), some.stderr.as_str()),
        (0, "id\r\n1\r\n", "note: only the first 1 rows are shown\n")
    );
    let many = "SELECT count(*) FROM customer a, customer b".to_owned() + &", customer".repeat(14);
    let refused = larkspur(&["sql", "run", "--db", &db, "DELETE FROM customer"], "");
    assert_eq!(refused.code, 1);
    let slow = larkspur(&["sql", "run", "--db", &db, "--timeout", "0.0", &many], "");
    assert_snapshot!(slow.told(), @r#"
exit 1
error: the query ran longer than 0ns

hint: read fewer rows, or allow more time
"#);
}

#[test]
fn what_cannot_run_at_all() {
    let files = shop();
    let db = files.path("shop.sqlite");
    for args in [
        &["sql", "catalog", "--db", &files.path("missing.sqlite")][..],
        &["sql", "catalog", "--db", &files.path("policy.json")],
        &[
            "sql",
            "check",
            "--db",
            &db,
            "--policy",
            &files.path("wrong.json"),
            "SELECT 1",
        ],
        &["sql", "check", "SELECT 1"],
        &["sql", "run", "--db", &db, "--timeout", "-1", "SELECT 1"],
        &["sql"],
    ] {
        let ran = larkspur(args, "");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
    }
    let wrong = larkspur(
        &[
            "sql",
            "check",
            "--db",
            &db,
            "--policy",
            &files.path("wrong.json"),
            "SELECT 1",
        ],
        "",
    );
    assert_snapshot!(files.strip(&wrong.told()), @r#"
exit 2
error: `DIR/wrong.json` is no policy: invalid type: integer `1`, expected a sequence at line 2, column 14
"#);
}

/// What cannot be opened, and why.
#[test]
fn a_database_that_cannot_be_opened() {
    let files = shop();
    let told = |db: &str| files.strip(&larkspur(&["sql", "catalog", "--db", db], "").told());
    let missing = told(&files.path("missing.sqlite"));
    assert!(
        missing.starts_with(
            "exit 2\nerror: cannot open the database `DIR/missing.sqlite`: No such file"
        ),
        "{missing}"
    );
    let folder = told(&files.path("."));
    assert!(folder.ends_with("`: is a directory"), "{folder}");
    let other = told(&files.path("policy.json"));
    assert!(other.ends_with("`: file is not a database"), "{other}");
    let url = told("mysql://localhost/shop");
    assert!(
        url.ends_with("hint: `--db` is a SQLite file, a `.sql` file, or a `postgres://` URL"),
        "{url}"
    );
    let none = told("postgres://localhost:1/shop");
    assert!(none.contains("refused"), "{none}");
}

/// A database that someone else has open, with rows that stand in its log only.
#[test]
fn a_database_with_a_log_is_read() {
    let files = shop();
    let db = files.path("wal.sqlite");
    let connection = rusqlite::Connection::open(&db).unwrap();
    connection
        .execute_batch(&format!("PRAGMA journal_mode = WAL; {SHOP}"))
        .unwrap();
    let sql = "SELECT count(*) AS n FROM customer";
    let ran = larkspur(&["sql", "run", "--db", &db, "--format", "csv", sql], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "n\r\n2\r\n"));
    drop(connection);
}

/// Where there is no such server it is said, and not how it was to be reached.
#[test]
fn a_url_is_never_printed() {
    for url in [
        "postgres://reader:canary@localhost:1/shop",
        "postgresql://reader:canary@localhost:canary/shop",
    ] {
        let ran = larkspur(&["sql", "catalog", "--db", url], "");
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(
            !(ran.stdout + &ran.stderr).contains("canary"),
            "{}",
            ran.stderr
        );
    }
    let unreadable = larkspur(&["sql", "catalog", "--db", "postgres://a:b@c:d"], "");
    assert_snapshot!(unreadable.told(), @r#"
exit 2
error: the URL of the database cannot be read

hint: write `postgres://user:password@host/database`, signs in the password as `%40` and so on
"#);
}

/// TLS is not there, so it is not passed over either.
#[test]
fn a_url_that_demands_tls_is_refused() {
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("postgres://reader:canary@localhost:1/shop?sslmode={mode}");
        let ran = larkspur(&["sql", "catalog", "--db", &url], "");
        let told = "exit 2\nerror: the URL asks for TLS, which connections to PostgreSQL do not have here\n\n\
            hint: connect through a tunnel (`ssh -L`) or a socket, and leave `sslmode` out of the URL";
        assert_eq!(ran.told(), told, "{mode}");
    }
}

/// Statements of PostgreSQL are read without a server.
#[test]
fn statements_of_postgres() {
    let files = Files::new(&[(
        "shop.sql",
        "CREATE TABLE customer (id serial PRIMARY KEY, name text, password text);
        CREATE TABLE invoice (id bigint, customer_id int REFERENCES customer, sent timestamptz);
        CREATE VIEW late AS SELECT now() - sent FROM invoice;",
    )]);
    let db = files.path("shop.sql");
    let sql = |verb: &str, more: &[&str]| {
        let args = ["sql", verb, "--db", &db, "--dialect", "postgres"];
        larkspur(&[&args[..], more].concat(), "")
    };
    let catalog = sql("catalog", &["--exclude", "*.password"]);
    assert_snapshot!(catalog.stdout, @r#"
customer(id integer, name text)
  key id
invoice(id bigint, customer_id integer, sent timestamp with time zone)
  customer_id -> customer(id)
"#);
    assert_eq!(
        catalog.told(),
        "exit 0\nnote: left out: line 3: `late`: a column has no name"
    );
    let only = sql("catalog", &["--include", "customer.name"]);
    assert_eq!(only.stdout, "customer(name text)\n");
    for more in [&[][..], &["--dialect", "openai"]] {
        let grammar = sql("grammar", more);
        assert_eq!(grammar.code, 0, "{}", grammar.stderr);
        assert!(grammar.stdout.contains("customer.name"));
    }
    let of = |text: &str| sql("check", &["--exclude", "*.password", text]).code;
    assert_eq!(of("SELECT name FROM customer WHERE id::text = '1'"), 0);
    assert_eq!(of("SELECT password FROM customer"), 1);
    for (verb, more) in [("run", "SELECT 1"), ("ask", "Who?")] {
        let ran = sql(verb, &[more]);
        let told = "error: there are only statements here, and no database\n\nhint: `sql catalog`, `sql grammar` and `sql check`";
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
        assert_eq!(ran.code, 2);
    }
}

#[test]
fn dialects_and_patterns_that_do_not_fit() {
    let files = shop();
    let db = files.path("shop.sqlite");
    let policy = files.path("policy.json");
    let told = |verb: &str, more: &[&str]| {
        let args = ["sql", verb, "--db", &db, "--policy", &policy];
        let ran = larkspur(&[&args[..], more].concat(), "");
        assert_eq!(ran.code, 2, "{more:?}");
        ran.stderr
    };
    let other = told("catalog", &["--dialect", "postgres"]);
    assert!(
        other.starts_with("error: `--db` is a database of SQLite"),
        "{other}"
    );
    let twice = told("grammar", &["--dialect", "openai", "--dialect", "openai"]);
    assert!(
        twice.starts_with("error: `--dialect openai` is one too many"),
        "{twice}"
    );
    let pattern = told("catalog", &["--exclude", ""]);
    assert!(pattern.starts_with("error: `--exclude `: "), "{pattern}");
    // The policy's own exclusions hold besides.
    let args = [
        "sql",
        "catalog",
        "--db",
        &db,
        "--policy",
        &policy,
        "--exclude",
        "*.name",
    ];
    let catalog = larkspur(&args, "").stdout;
    assert!(
        !catalog.contains("password") && !catalog.contains("name"),
        "{catalog}"
    );
}
