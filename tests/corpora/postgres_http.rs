//! Queries of PostgreSQL over real HTTP: its grammar held by the local server, read as typed trees and run; and what it refuses asked for again.

use larkspur_client::{Answer, Client};
use larkspur_output::{Outcome, OutputType};
use larkspur_sim::{ReceivedRequest, Sim, Writer};
use larkspur_sql::{Dialect, Policy, Postgres, Query, RunLimits, Selection};
use tokio::runtime::Runtime;

use crate::server::server;

/// Answers asked for per API.
const ANSWERS: usize = 30;

const SHOP: &str = "
    CREATE TYPE state AS ENUM ('open', 'paid');
    CREATE TABLE customer (id integer PRIMARY KEY, name text NOT NULL, country varchar(40), born date, password text);
    CREATE TABLE invoice (id bigint PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer, total numeric(10,2), state state, sent timestamptz);
    INSERT INTO customer VALUES (1, 'Ada', 'Germany', '1980-01-01', 'hunter2'), (2, 'Bo', 'France', NULL, 'hunter2');
    INSERT INTO invoice VALUES (1, 1, 9.5, 'paid', '2026-01-01'), (2, 1, 20, 'open', NULL), (3, 2, 0, 'open', '2026-02-01');
";

const HIDING: &str = r#"{"exclude": ["*.password"]}"#;

fn shop(name: &str) -> Postgres {
    let db = server().database(name, SHOP);
    db.policy(Policy::from_json(HIDING).unwrap()).unwrap()
}

/// What comes is a query with a tree, which prints as the same query, and whose rows come.
fn is_read(db: &Postgres, text: &str, outcome: &Outcome<Query>) -> bool {
    match outcome {
        Outcome::Value(query) => {
            assert!(query.sql().starts_with(text), "{text}");
            let printed = query.statement().print(Dialect::Postgres);
            let again = db.check(&printed).unwrap();
            assert_eq!(again.statement(), query.statement(), "{text}\n{printed}");
            match db.run(&again, &RunLimits::default()) {
                Ok(rows) => assert!(!rows.to_csv().contains("hunter2"), "{text}"),
                Err(error) => assert!(error.is_data(), "{text}: {error}"),
            }
            true
        }
        // A random writer does not know when to stop.
        Outcome::Truncated { .. } => false,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn queries_are_read_as_trees() {
    let server = server();
    let db = shop("trees_over_http");
    let sim = Sim::builder().writer(Writer::Random).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let runtime = Runtime::new().unwrap();
    let output = db.select().max_rows(50).prepare(client.target()).unwrap();
    let mut read = 0;
    for number in 0..ANSWERS {
        let prompt = format!("number {number}");
        let request = client.responses("gpt-5.2").input(prompt.as_str());
        let answer = runtime.block_on(request.reask(0).ask(&output)).unwrap();
        read += usize::from(is_read(&db, &answer.text, &answer.outcome));
        let request = client.chat("gpt-5.2").input(prompt.as_str());
        let answer = runtime.block_on(request.reask(0).ask(&output)).unwrap();
        read += usize::from(is_read(&db, &answer.text, &answer.outcome));
    }
    assert!(read >= ANSWERS, "{read} of {} read", 2 * ANSWERS);
    drop(server);
}

/// A question to a model that says these one after the other: what comes of it, and what is sent for each.
fn asked(db: &Postgres, says: &[&str]) -> (Answer<Selection>, Vec<String>) {
    let sim = Sim::builder().says(says.iter().copied()).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let select = db.select().max_rows(20);
    let output = select.with_rows(RunLimits::default());
    let output = output.prepare(client.target()).unwrap();
    let request = client.responses("gpt-5.2");
    let request = request.instructions(select.instructions());
    let answer = Runtime::new().unwrap();
    let answer = answer.block_on(request.input("Who paid most?").ask(&output));
    let sent = sim.requests();
    let sent = sent.iter().filter_map(ReceivedRequest::json);
    (answer.unwrap(), sent.map(|body| body.to_string()).collect())
}

#[test]
fn rows_come_of_a_question() {
    let server = server();
    let db = shop("asked_over_http");
    // As the writer likes.
    let (answer, sent) = asked(&db, &[]);
    let selection = answer.into_reply().unwrap().value;
    assert!(
        selection.query.sql().contains(" LIMIT "),
        "{}",
        selection.query
    );
    assert!(selection.rows.is_ok());
    assert!(sent[0].contains("customer(id integer, name text") && !sent[0].contains("password"));

    let right = "SELECT customer.name, sum(invoice.total) AS paid FROM customer JOIN invoice ON invoice.customer_id = customer.id \
        GROUP BY 1 ORDER BY 2 DESC";
    for (wrong, words) in [
        (
            "SELECT abs(name) FROM customer",
            "function abs(text) does not exist",
        ),
        (
            "SELECT name, count(*) FROM customer",
            "must appear in the GROUP BY clause",
        ),
        (
            "SELECT name FROM customer WHERE born = 1",
            "operator does not exist: date = integer",
        ),
        (
            "SELECT 1 / total FROM invoice",
            "a value cannot be computed: division by zero",
        ),
        (
            "SELECT CAST(name AS integer) FROM customer",
            r#"a value cannot be computed: invalid input syntax for type integer: \"…\""#,
        ),
        (
            "SELECT CAST('12 apples' AS integer) FROM customer",
            "12 apples",
        ),
        (
            "SELECT name FROM customer WHERE id = (SELECT customer_id FROM invoice)",
            "more than one row returned by a subquery",
        ),
    ] {
        assert!(db.guard().check(wrong).is_ok(), "{wrong}");
        let (answer, sent) = asked(&db, &[wrong, right]);
        assert_eq!(sent.len(), 2, "{wrong}");
        assert!(sent[1].contains(words), "{wrong}: {}", sent[1]);
        assert!(!sent[1].contains("Ada"), "{wrong}: {}", sent[1]);
        let rows = answer.into_reply().unwrap().value.rows.unwrap();
        assert_eq!(rows.to_csv(), "name,paid\r\nAda,29.50\r\nBo,0.00\r\n");
    }
    drop(server);
}

/// That the database is gone is no fault of a query, which is not asked for again.
#[test]
fn a_database_that_is_gone_is_no_fault_of_the_query() {
    let server = server();
    let db = shop("gone_over_http");
    let query = db.check("SELECT name FROM customer").unwrap();
    server.psql(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'gone_over_http'",
    );
    if let Err(error) = db.run(&query, &RunLimits::default()) {
        assert!(!error.is_query(), "{error}");
    }
    let rows = db.run(&query, &RunLimits::default()).unwrap();
    assert_eq!(rows.rows().len(), 2);
}
