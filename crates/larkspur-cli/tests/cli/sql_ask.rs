//! `sql ask`: a question, a query that the local server writes, and its rows.

use insta::assert_snapshot;
use larkspur_sim::{Fault, Sim};
use serde_json::Value;

use crate::{
    sql::shop,
    support::{Files, Ran, larkspur},
};

/// Asks the local server, which invents queries that the grammar allows.
fn ask(files: &Files, sim: &Sim, more: &[&str]) -> Ran {
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
    let asked = ask(&files, &sim, &[" "]);
    assert_eq!(asked.told(), "exit 2\nerror: there is no question");
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
