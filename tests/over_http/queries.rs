//! Queries over real HTTP: the grammar of a database held by the local server, read as typed trees.

use larkspur_client::Client;
use larkspur_output::{Outcome, OutputType as _};
use larkspur_sim::{Sim, Writer};
use larkspur_sql::{Query, RunLimits, Sqlite};
use tokio::runtime::Runtime;

/// Answers asked for per API.
const ANSWERS: usize = 30;

const SHOP: &str = "
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC, day DATE);
";

/// What comes is a query with a tree, which prints as the same query.
fn is_read(db: &Sqlite, text: &str, outcome: &Outcome<Query>) -> bool {
    match outcome {
        Outcome::Value(query) => {
            assert!(query.sql().starts_with(text), "{text}");
            let printed = query.statement().to_string();
            let again = db.check(&printed).unwrap();
            assert_eq!(again.statement(), query.statement(), "{text}\n{printed}");
            db.run(&again, &RunLimits::default()).unwrap();
            true
        }
        // A random writer does not know when to stop.
        Outcome::Truncated { .. } => false,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn queries_are_read_as_trees() {
    let db = Sqlite::from_ddl(SHOP).unwrap();
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
}
