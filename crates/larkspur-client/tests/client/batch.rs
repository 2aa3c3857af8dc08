//! Many requests in one file, against the local server and a scripted one.

use std::time::Duration;

use larkspur_client::{Answer, Batch, Client, Effort, Error};
use larkspur_output::Outcome;
use larkspur_sim::{Fault, Sim};
use serde_json::{Value, json};

use crate::fixture::{Script, Server, response};
use crate::outputs::{Total, total};
use crate::tool_runs::start;

type Rows = Vec<Result<Answer<Total>, Error>>;

async fn submit(client: &Client, count: usize) -> Batch<Total> {
    let ask = |place| {
        let request = client.responses("gpt-5.2").input(format!("Total {place}?"));
        request.effort(Effort::Low)
    };
    let batch = client.submit_batch((0..count).map(ask), &total()).await;
    batch.unwrap().poll_interval(Duration::from_millis(5))
}

fn texts(rows: &Rows) -> Vec<&str> {
    let rows = rows.iter();
    rows.map(|row| row.as_ref().map_or("", |answer| answer.text.as_str()))
        .collect()
}

#[tokio::test]
async fn answers_come_in_the_order_of_the_requests() {
    let (sim, client) = start(Sim::builder());
    let batch = submit(&client, 40).await;
    let id = batch.id().to_owned();
    let rows = batch.wait().await.unwrap();
    assert_eq!(rows.len(), 40);
    // The same request alone has the same answer, but for another server with the same seed.
    let (_other, alone) = start(Sim::builder());
    for (place, row) in rows.iter().enumerate() {
        let answer = row.as_ref().unwrap();
        let request = alone.responses("gpt-5.2").input(format!("Total {place}?"));
        let request = request.effort(Effort::Low);
        let single = request.ask(&total()).await.unwrap();
        assert_eq!(answer.text, single.text);
        assert_eq!(
            answer.cost().picodollars() * 2,
            single.cost().picodollars(),
            "half the price"
        );
        assert!(answer.cost().is_complete() && answer.enforced);
        assert_eq!(answer.attempts().len(), 1);
        assert!(matches!(answer.outcome, Outcome::Value(_)));
    }
    // Another program asks again, and has the files forgotten.
    let later = client.batch(id, &total()).unwrap();
    let again = later.poll().await.unwrap().unwrap();
    assert_eq!(texts(&again), texts(&rows));
    let state = later.state().await.unwrap();
    let counts = state.request_counts.unwrap();
    assert_eq!((counts.total, counts.completed, counts.failed), (40, 40, 0));
    let refused = later.cancel().await.unwrap_err();
    assert_eq!(refused.status(), Some(409));
    let files = sim.requests().len();
    later.delete_files().await.unwrap();
    let deleted = &sim.requests()[files + 1..];
    assert!(deleted.iter().all(|sent| sent.method() == "DELETE"));
    assert_eq!(deleted.len(), 2);
}

#[tokio::test]
async fn chat_and_grammars_go_in_batches_too() {
    let (_sim, client) = start(Sim::builder());
    let requests = (0..3).map(|place| client.chat("gpt-5.2").input(format!("{place}?")));
    let batch = client.submit_batch(requests, &total()).await.unwrap();
    for row in batch
        .poll_interval(Duration::from_millis(5))
        .wait()
        .await
        .unwrap()
    {
        row.unwrap().into_reply().unwrap();
    }
    let word = larkspur_output::regex("[a-f]{3}-[0-9]{2}").unwrap();
    let requests = (0..3).map(|_| client.responses("gpt-5.2").input("A code."));
    let batch = client.submit_batch(requests, &word).await.unwrap();
    let rows = batch.poll_interval(Duration::from_millis(5)).wait().await;
    for row in rows.unwrap() {
        assert_eq!(row.unwrap().into_reply().unwrap().text.len(), 6);
    }
}

#[tokio::test]
async fn each_request_has_its_own_failure() {
    let (_sim, client) = start(
        Sim::builder()
            .fault_times(Fault::Refusal, 1)
            .fault_times(Fault::ServerError, 1)
            .fault_times(Fault::Truncation, 1)
            .fault_times(Fault::ConstraintIgnored, 1),
    );
    let rows = submit(&client, 5).await.wait().await.unwrap();
    let outcome = |place: usize| rows[place].as_ref().map(|answer| &answer.outcome);
    assert!(matches!(outcome(0), Ok(Outcome::Refusal(_))));
    let error = outcome(1).unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert_eq!(error.cost().picodollars(), 0, "what fails is not billed");
    assert!(error.attempts()[0].failure.is_some());
    assert!(matches!(outcome(2), Ok(Outcome::Truncated { .. })));
    assert!(matches!(outcome(3), Ok(Outcome::Invalid(_))));
    assert!(matches!(outcome(4), Ok(Outcome::Value(_))));
}

#[tokio::test]
async fn what_the_server_does_not_come_to_is_unfinished() {
    let (_sim, client) = start(Sim::builder().batch_expires_after(2));
    let rows = submit(&client, 4).await.wait().await.unwrap();
    let finished: Vec<bool> = rows.iter().map(Result::is_ok).collect();
    assert_eq!(finished, [true, true, false, false]);
    let error = rows[3].as_ref().unwrap_err();
    assert!(
        error.is_unfinished() && error.to_string().contains("batch_expired"),
        "{error}"
    );

    let (_sim, client) = start(Sim::builder());
    let batch = submit(&client, 3_000).await;
    batch.cancel().await.unwrap();
    let rows = batch.wait().await.unwrap();
    assert_eq!(rows.len(), 3_000);
    let last = rows[2_999].as_ref().unwrap_err();
    assert_eq!(
        last.to_string(),
        "the response is not finished: its status is cancelled with its batch"
    );
    let unfinished = rows.iter().filter(|row| row.is_err()).count();
    assert!(unfinished > 0 && rows.iter().flatten().count() + unfinished == 3_000);
}

#[tokio::test]
async fn what_no_server_takes_is_not_sent() {
    let (sim, client) = start(Sim::builder());
    let none = std::iter::empty::<larkspur_client::ResponsesRequest>();
    let error = client.submit_batch(none, &total()).await.unwrap_err();
    assert!(
        error.to_string().contains("a batch has no requests"),
        "{error}"
    );
    let unpaired = client.responses("gpt-5.2").item(
        larkspur_client::wire::responses::FunctionCallOutput::new("call_1", "found"),
    );
    let error = client.submit_batch([unpaired], &total()).await.unwrap_err();
    assert!(error.to_string().contains("was not sent"), "{error}");
    assert!(sim.requests().is_empty());

    let error = client.batch("batch_of_nobody", &total()).unwrap();
    assert_eq!(error.poll().await.unwrap_err().status(), Some(404));
}

/// What a server says when it takes a file, and a batch.
fn taken() -> [Script; 2] {
    let batch = json!({"id": "batch_1/..?", "object": "batch", "status": "validating"});
    [
        Script::json(200, &json!({"id": "file-1", "object": "file"})),
        Script::json(200, &batch),
    ]
}

#[tokio::test]
async fn a_batch_is_never_asked_for_twice() {
    let [file, batch] = taken();
    let close = || [file.clone(), Script::Close, batch.clone()];
    let server = Server::start(close());
    let client = server.client();
    let request = || [client.responses("m").input("x")];
    let error = client.submit_batch(request(), &total()).await.unwrap_err();
    assert!(error.is_broken(), "{error}");
    assert_eq!(server.received().len(), 2, "it may have been taken");

    let [file, batch] = taken();
    let busy = Script::error(503, "server_is_overloaded").header("retry-after-ms", "1");
    let server = Server::start([busy.clone(), file, busy, batch]);
    let client = server.client();
    let request = [client.responses("m").input("x")];
    client.submit_batch(request, &total()).await.unwrap();
    assert_eq!(server.received().len(), 4);
}

async fn poll(replies: impl IntoIterator<Item = Script>) -> Result<Option<Rows>, Error> {
    let server = Server::start(taken().into_iter().chain(replies));
    let client = server.client();
    let requests = (0..2).map(|_| client.responses("gpt-5.2").input("x"));
    let batch = client.submit_batch(requests, &total()).await.unwrap();
    let rows = batch.poll().await;
    let asked = server.received().swap_remove(2).line;
    assert!(
        asked.starts_with("GET /v1/batches/batch_1%2F..%3F "),
        "an id is never more than a name: {asked}"
    );
    rows
}

fn result(place: &str, body: &Value) -> String {
    let response = json!({"status_code": 200, "request_id": "req_9", "body": body});
    let line = json!({"id": "x", "custom_id": place, "response": response, "error": null});
    format!("{line}\n")
}

#[tokio::test]
async fn strange_results_spoil_nothing_else() {
    let state = |status: &str| {
        Script::json(
            200,
            &json!({"id": "b", "status": status, "output_file_id": "file-2", "request_counts": null, "news": 1}),
        )
    };
    assert!(poll([state("in_progress")]).await.unwrap().is_none());
    assert!(poll([state("dreaming")]).await.unwrap().is_none());

    let good = response(r#"{"amount":1,"currency":"EUR"}"#);
    let lines = [
        result("row-1", &good),
        "\r\n".to_owned(),
        result("row-1", &response("a second time")),
        result("row-7", &good),
        result("row-99999999999999999999", &good),
        result("whose?", &good),
        result("row-0", &json!({"choices": []})),
    ];
    let file = Script::text(200, "application/octet-stream", &lines.concat());
    let rows = poll([state("completed"), file]).await.unwrap().unwrap();
    assert_eq!(rows.len(), 2);
    let error = rows[0].as_ref().unwrap_err();
    assert!(error.is_decode() && !error.cost().is_complete(), "{error}");
    let answer = rows[1].as_ref().unwrap();
    assert_eq!(answer.attempts()[0].request_id.as_deref(), Some("req_9"));
    assert!(matches!(&answer.outcome, Outcome::Value(total) if total.currency == "EUR"));

    let torn = Script::text(200, "application/octet-stream", "{\"custom_id\"");
    let error = poll([state("completed"), torn]).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[tokio::test]
async fn a_refused_file_says_why() {
    let errors =
        json!({"data": [{"code": "mismatched_model", "line": 2, "message": "One model, please."}]});
    let failed = json!({"id": "b", "status": "failed", "errors": errors});
    let error = poll([Script::json(200, &failed)]).await.unwrap_err();
    assert!(error.is_batch_refused());
    assert_eq!(error.code(), Some("mismatched_model"));
    assert_eq!(
        error.to_string(),
        "the server refused the batch (mismatched_model): line 2: One model, please."
    );
}
