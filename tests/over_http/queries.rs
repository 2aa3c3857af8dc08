//! Queries over real HTTP: the grammar of a database held by the local server, read as typed trees.

use std::time::Duration;

use larkspur_client::{Answer, Client};
use larkspur_output::{Outcome, OutputType, Target};
use larkspur_sim::{ReceivedRequest, Sim, Writer};
use larkspur_sql::{Query, Rule, RunLimits, SelectGrammar, Sqlite};
use serde_json::Value;
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

/// Numbers whose sum no integer holds, so that a right query can fail where it runs.
const SALES: &str = "
    CREATE TABLE sale (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL);
    INSERT INTO sale VALUES (1, 9223372036854775807), (2, 1), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0);
";

/// What was answered to each request in turn: what came of the last one, and what each was told.
struct Asked<V> {
    answer: Answer<V>,
    told: Vec<Value>,
}

impl<V> Asked<V> {
    /// What the model was told behind its answer, as the last words of the last request.
    fn reask(&self) -> String {
        let last = self.told.last().unwrap();
        let (input, messages) = (last["input"].as_array(), last["messages"].as_array());
        let said = input.or(messages).unwrap().last().unwrap();
        let text = said["output"].as_str().or(said["content"].as_str());
        text.unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

/// Asks a model that says these one after the other, over both APIs.
fn asked<O: OutputType>(output: &O, says: &[&str], reask: u32) -> [Asked<O::Value>; 2] {
    [false, true].map(|chat| {
        let sim = Sim::builder().says(says.iter().copied()).start().unwrap();
        let client = Client::builder().base_url(sim.base_url()).build().unwrap();
        let output = output.prepare(client.target()).unwrap();
        let runtime = Runtime::new().unwrap();
        let answer = if chat {
            let request = client.chat("gpt-5.2").input("How much was sold?");
            runtime.block_on(request.reask(reask).ask(&output))
        } else {
            let request = client.responses("gpt-5.2").input("How much was sold?");
            runtime.block_on(request.reask(reask).ask(&output))
        };
        let requests = sim.requests();
        Asked {
            answer: answer.unwrap(),
            told: requests.iter().filter_map(ReceivedRequest::json).collect(),
        }
    })
}

/// What the guard passes and SQLite does not prepare goes back in SQLite's own words.
#[test]
fn what_the_database_does_not_prepare_is_asked_for_again() {
    let db = Sqlite::from_ddl(SALES).unwrap();
    for (wrong, words) in [
        (
            "SELECT abs(cents, 1) FROM sale",
            "wrong number of arguments to function abs()",
        ),
        (
            "SELECT id FROM sale UNION SELECT id, cents FROM sale",
            "SELECTs to the left and right of UNION do not have the same number of result columns",
        ),
        (
            "SELECT id FROM sale GROUP BY 3",
            "1st GROUP BY term out of range - should be between 1 and 1",
        ),
        (
            "SELECT max(count(*)) FROM sale",
            "misuse of aggregate function count()",
        ),
    ] {
        assert!(db.guard().check(wrong).is_ok(), "{wrong}");
        let right = "SELECT count(*) FROM sale";
        for asked in asked(&db.select(), &[wrong, right], 1) {
            let reask = asked.reask();
            assert!(reask.contains(words), "{wrong}: {reask}");
            assert_eq!(asked.told.len(), 2);
            assert_eq!(asked.answer.text, right);
            let query = asked.answer.into_reply().unwrap().value;
            let rows = db.run(&query, &RunLimits::default()).unwrap();
            assert_eq!(rows.read::<u64>().unwrap(), [8]);
        }
    }
}

/// What fails only where it runs goes back too, where the run is a part of the answer.
#[test]
fn what_cannot_be_run_is_asked_for_again() {
    let db = Sqlite::from_ddl(SALES).unwrap();
    let limits = RunLimits {
        timeout: Duration::from_millis(200),
        max_value_bytes: 10_000,
        ..RunLimits::default()
    };
    let endless = format!("SELECT count(*) FROM sale{}", ", sale".repeat(16));
    let hex = "hex(hex(hex(hex(hex(hex(hex(hex(hex(hex(cents))))))))))";
    for (wrong, words) in [
        (
            "SELECT sum(sale.cents) FROM sale",
            "a value cannot be computed: integer overflow; leave such rows out, or say with CASE what they give",
        ),
        (
            "SELECT abs(-9223372036854775808)",
            "a value cannot be computed: integer overflow",
        ),
        (
            &endless,
            "the query ran longer than 200ms; read fewer rows: filter before joining, and join along keys",
        ),
        (
            &format!("SELECT {hex} FROM sale"),
            "a value or row is larger than 10000 bytes; select fewer or shorter values",
        ),
    ] {
        let right = "SELECT max(sale.cents) FROM sale";
        for asked in asked(&db.select().with_rows(limits.clone()), &[wrong, right], 1) {
            let reask = asked.reask();
            assert!(reask.contains(words), "{wrong}: {reask}");
            let selection = asked.answer.into_reply().unwrap().value;
            assert_eq!(selection.query.sql(), right);
            assert_eq!(selection.rows.unwrap().read::<i64>().unwrap(), [i64::MAX]);
        }
    }
}

/// No more than is allowed, and then it is said.
#[test]
fn what_cannot_be_run_is_not_asked_for_for_ever() {
    let db = Sqlite::from_ddl(SALES).unwrap();
    let output = db.select().with_rows(RunLimits::default());
    let wrong = "SELECT sum(sale.cents) FROM sale";
    for asked in asked(&output, &[wrong, wrong, wrong], 2) {
        assert_eq!(asked.told.len(), 3);
        let Outcome::Invalid(rejection) = asked.answer.outcome else {
            panic!("{:?}", asked.answer.outcome);
        };
        assert_eq!(rejection.violations()[0].code, Some(Rule::Run.code()));
    }
    let none =
        SelectGrammar::new(db.catalog(), db.guard().policy()).with_rows(RunLimits::default());
    assert!(none.prepare(Target::openai()).is_err());
}
