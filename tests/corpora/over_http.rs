//! Every schema of the corpora that can be lowered is sent over HTTP, answered by the local server, and read.

use std::sync::Arc;

use larkspur_client::Client;
use larkspur_output::{Outcome, OutputType as _, json_schema};
use larkspur_schema::{Dialect, lower};
use larkspur_sim::Sim;
use serde_json::Value;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::data;

/// Requests under way at once.
const AT_ONCE: usize = 8;

fn schemas() -> Vec<(String, Value)> {
    let rows = data::lines("function-schemas/functions.jsonl")
        .into_iter()
        .chain(data::lines("openai-recordings/schema-output-pairs.jsonl"));
    rows.map(|mut row| {
        (
            row["name"].as_str().unwrap_or("answer").to_owned(),
            row["schema"].take(),
        )
    })
    .collect()
}

/// Nothing, or why the answer is no value of the schema. The judge is `jsonschema` itself, on the original.
async fn ask(client: Client, name: String, schema: Value) -> Option<String> {
    let told = |why: String| Some(format!("{name}: {why}\n{schema}"));
    let output = match json_schema(&name, schema.clone()).prepare(client.target()) {
        Ok(output) => output,
        Err(error) => return told(error.to_string()),
    };
    let request = client
        .responses("gpt-5.2")
        .input(format!("Call {name}."))
        .reask(0);
    let value = match request.ask(&output).await {
        Ok(answer) => match answer.outcome {
            Outcome::Value(value) => value,
            other => return told(format!("{other:?}")),
        },
        Err(error) => return told(error.to_string()),
    };
    let judge = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    match judge.validate(&value) {
        Ok(()) => None,
        Err(error) => told(format!("{error}: {value}")),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_lowered_schema_is_answered_with_a_value_of_the_original() {
    let sim = Sim::start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut asked = JoinSet::new();
    for (name, schema) in schemas() {
        if lower(&schema, Dialect::openai()).is_err() {
            continue; // The list of refusals is another test's.
        }
        let (client, turn) = (
            client.clone(),
            Arc::clone(&turns).acquire_owned().await.unwrap(),
        );
        asked.spawn(async move {
            let _turn = turn;
            ask(client, name, schema).await
        });
    }
    let (mut total, mut missed) = (0, Vec::new());
    while let Some(result) = asked.join_next().await {
        total += 1;
        missed.extend(result.unwrap());
    }
    assert!(
        missed.is_empty(),
        "{} of {total}:\n{}",
        missed.len(),
        missed.join("\n\n")
    );
    assert!(total > 1_700, "{total}");
}
