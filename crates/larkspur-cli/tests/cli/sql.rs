//! `sql catalog`, `sql check`, `sql run`, `sql ask`.

use insta::assert_snapshot;
use larkspur_sim::{Fault, Sim};
use serde_json::{Value, json};

use crate::support::{Files, larkspur};

const SHOP: &str = "
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, password TEXT);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC(10,2));
    INSERT INTO customer VALUES (1, 'Ada', 'hunter2'), (2, 'Bo', 'hunter2');
    INSERT INTO invoice VALUES (1, 1, 9.5), (2, 1, 20), (3, 2, NULL);
";

/// A folder with the shop as statements, as a database file, and with a policy.
fn shop() -> Files {
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

/// Asks the local server, which invents queries that the grammar allows.
fn ask(files: &Files, sim: &Sim, more: &[&str]) -> crate::support::Ran {
    let (db, policy) = (files.path("shop.sqlite"), files.path("policy.json"));
    let of = ["sql", "ask", "--db", &db, "--policy", &policy];
    let args = [&of[..], &["--base-url", sim.base_url()], more].concat();
    larkspur(&args, "Who bought most?")
}

#[test]
fn ask_sends_a_grammar_and_prints_the_rows_of_the_query() {
    let files = shop();
    let sim = Sim::start().unwrap();
    for (number, api) in ["responses", "chat"].iter().enumerate() {
        let question = format!("Who bought most, by {api}?");
        let asked = ask(&files, &sim, &["--api", api, "--format", "json", &question]);
        assert_eq!(asked.code, 0, "{}", asked.stderr);
        assert!(asked.json().is_array(), "{}", asked.stdout);
        assert!(!asked.stdout.contains("hunter2"), "{}", asked.stdout);
        // The query is told on stderr; run alone it gives the same.
        let query = asked.stderr.lines().next().unwrap();
        let db = files.path("shop.sqlite");
        let ran = larkspur(&["sql", "run", "--db", &db, "--format", "json", query], "");
        assert_eq!(ran.stdout, asked.stdout, "{query}");

        let body = sim.requests()[number].json().unwrap();
        let sent = body.to_string();
        assert!(sent.contains(&question) && sent.contains("customer(id INTEGER, name TEXT)"));
        let format = &body["tools"][0][if number == 0 { "format" } else { "custom" }];
        let grammar = format.to_string();
        assert!(
            grammar.contains("customer.name") && !grammar.contains("password"),
            "{grammar}"
        );
    }
}

#[test]
fn ask_prints_rows_as_asked_and_takes_the_question_from_stdin() {
    let files = shop();
    let sim = Sim::start().unwrap();
    for (format, end) in [("table", "\n"), ("csv", "\r\n"), ("json", "]\n")] {
        let asked = ask(&files, &sim, &["--format", format, "-"]);
        assert_eq!(asked.code, 0, "{}", asked.stderr);
        assert!(asked.stdout.ends_with(end), "{}", asked.stdout);
    }
    let bodies = sim.requests();
    assert!(
        bodies
            .iter()
            .all(|body| body.body().contains("Who bought most?"))
    );
    let few = ask(&files, &sim, &["--max-rows", "1", "--format", "json"]);
    assert!(few.json().as_array().unwrap().len() <= 1, "{}", few.stdout);
}

#[test]
fn ask_says_what_is_wrong_with_an_answer_and_asks_once_more() {
    let files = shop();
    let once = Sim::builder()
        .fault_times(Fault::ConstraintIgnored, 1)
        .start()
        .unwrap();
    let asked = ask(&files, &once, &["--format", "json"]);
    assert_eq!(asked.code, 0, "{}", asked.stderr);
    let bodies: Vec<Value> = once
        .requests()
        .iter()
        .filter_map(larkspur_sim::ReceivedRequest::json)
        .collect();
    assert_eq!(bodies.len(), 2);

    let always = Sim::builder()
        .fault(Fault::ConstraintIgnored)
        .start()
        .unwrap();
    let refused = ask(&files, &always, &[]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(
        refused
            .stderr
            .contains("error[read-only]: only a query is allowed"),
        "{}",
        refused.stderr
    );
    assert_eq!(always.requests().len(), 2);

    let unwilling = Sim::builder().fault(Fault::Refusal).start().unwrap();
    let asked = ask(&files, &unwilling, &[]);
    assert_eq!(
        (asked.code, asked.stdout.as_str()),
        (1, ""),
        "{}",
        asked.stderr
    );
}

/// What SQLite does not prepare goes back, and so does what fails where it runs; what still fails then is said.
#[test]
fn ask_says_what_the_database_has_against_an_answer_and_asks_once_more() {
    let files = shop();
    let says = |answers: &[&str]| {
        let sim = Sim::builder().says(answers.iter().copied());
        sim.start().unwrap()
    };
    let (right, prepare) = (
        "SELECT count(*) AS n FROM customer",
        "SELECT abs(id, 1) FROM customer",
    );
    let overflow = "SELECT abs(-9223372036854775808)";
    for (wrong, words) in [
        (prepare, "wrong number of arguments to function abs()"),
        (overflow, "a value cannot be computed: integer overflow"),
    ] {
        let sim = says(&[wrong, right]);
        let asked = ask(&files, &sim, &["--format", "csv"]);
        assert_eq!((asked.code, asked.stdout.as_str()), (0, "n\r\n2\r\n"));
        assert_eq!(
            asked.stderr,
            "SELECT count(*) AS n FROM customer LIMIT 10\n"
        );
        let bodies = sim.requests();
        assert!(bodies.len() == 2 && bodies[1].body().contains(words));
    }
    let sim = says(&[overflow, overflow, right]);
    assert_snapshot!(ask(&files, &sim, &[]).told(), @r#"
exit 1
error[run]: a value cannot be computed: integer overflow
 --> line 1, column 1
  |
1 | SELECT abs(-9223372036854775808)
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = hint: leave such rows out, or say with CASE what they give
"#);
    let slow = format!("SELECT count(*) FROM invoice a{}", ", invoice".repeat(16));
    let sim = says(&[&slow, right]);
    let asked = ask(&files, &sim, &["--timeout", "0.05", "--format", "csv"]);
    assert_eq!((asked.code, asked.stdout.as_str()), (0, "n\r\n2\r\n"));
}

#[test]
fn ask_that_cannot_run_at_all() {
    let files = shop();
    let sim = Sim::builder().fault(Fault::Quota).start().unwrap();
    let asked = ask(&files, &sim, &[]);
    assert_eq!(
        (asked.code, asked.stdout.as_str()),
        (2, ""),
        "{}",
        asked.stderr
    );
    let asked = ask(&files, &sim, &["--timeout", "-1"]);
    assert_eq!(
        (asked.code, asked.stdout.as_str()),
        (2, ""),
        "{}",
        asked.stderr
    );
    let asked = ask(&files, &sim, &["--max-bytes", "100"]);
    assert_eq!(asked.code, 2);
    assert!(
        asked.stderr.ends_with("bytes, 100 are allowed\n"),
        "{}",
        asked.stderr
    );
    let nothing = Files::new(&[("empty.sql", "")]);
    let db = nothing.path("empty.sql");
    let asked = larkspur(
        &["sql", "ask", "--db", &db, "--base-url", sim.base_url(), "x"],
        "",
    );
    assert_eq!(asked.told(), "exit 2\nerror: the catalog shows no table");
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
