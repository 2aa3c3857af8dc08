//! Answers that the server makes by itself, and streams that are taken up again.

use std::time::Duration;

use larkspur_client::wire::Delta;
use larkspur_client::{Background, Effort, OutputStream, Responses};
use larkspur_sim::{Fault, Sim, Writer};
use serde_json::json;

use crate::fixture::{Script, Server, response};
use crate::outputs::{Total, total};
use crate::tool_runs::start;

#[tokio::test]
async fn an_answer_is_waited_for() {
    let (sim, client) = start(Sim::builder());
    let request = client
        .responses("gpt-5.2")
        .input("Total?")
        .effort(Effort::Low);
    let mut job = request.submit::<Total>().await.unwrap();
    let id = job.id().to_owned();
    assert!(job.poll().await.unwrap().is_none(), "the server is at it");
    let answer = job
        .poll_interval(Duration::from_millis(1))
        .wait()
        .await
        .unwrap();
    assert_eq!(answer.response_id, id);
    assert_eq!(answer.attempts().len(), 2);
    assert!(answer.cost().is_complete() && answer.cost().picodollars() > 0);
    let text = answer.into_reply().unwrap().text;
    let sent = sim.requests();
    assert_eq!(sent[0].json().unwrap()["background"], true);
    let lines: Vec<_> = sent
        .iter()
        .map(|sent| (sent.method().to_owned(), sent.path().to_owned()))
        .collect();
    let get = || ("GET".to_owned(), format!("/v1/responses/{id}"));
    assert_eq!(lines[1..], [get(), get()]);

    // Another program asks, again and again.
    for _ in 0..2 {
        let mut other: Background<Total> = client.background(&id, &total());
        assert_eq!(other.wait().await.unwrap().text, text);
    }
    // What the server keeps can be gone on from.
    let next = client
        .responses("gpt-5.2")
        .input("And 8?")
        .previous_response_id(&id);
    next.extract::<Total>().await.unwrap();
    client.background(&id, &total()).delete().await.unwrap();
    let error = client.background(&id, &total()).poll().await.unwrap_err();
    assert_eq!(error.status(), Some(404));
}

#[tokio::test]
async fn an_answer_is_cancelled() {
    let (_sim, client) = start(Sim::builder());
    let request = || client.responses("gpt-5.2").input("Total?");
    let mut job = request().submit::<Total>().await.unwrap();
    job.cancel().await.unwrap();
    let error = job.wait().await.unwrap_err();
    assert!(
        error.is_unfinished() && error.to_string().contains("cancelled"),
        "{error}"
    );
    // What is done stays done.
    let mut job = request()
        .submit::<Total>()
        .await
        .unwrap()
        .poll_interval(Duration::ZERO);
    job.wait().await.unwrap();
    job.cancel().await.unwrap();
    job.wait().await.unwrap();
    // What is not made in the background is not cancelled.
    let id = request().send().await.unwrap().response.id;
    let error = client.background(id, &total()).cancel().await.unwrap_err();
    assert_eq!(
        error.message(),
        Some("Cannot cancel a synchronous response.")
    );
    let error = request().store(false).submit::<Total>().await.unwrap_err();
    assert_eq!(error.status(), Some(400));
}

#[tokio::test]
async fn what_comes_at_once_and_what_fails() {
    let done = Script::says(r#"{"amount":1,"currency":"EUR"}"#);
    let server = Server::start([done]);
    let mut job = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .submit::<Total>()
        .await
        .unwrap();
    let answer = job.wait().await.unwrap();
    assert_eq!((answer.attempts().len(), server.received().len()), (1, 1));
    assert!(answer.cost().is_complete());

    let begun = json!({"id": "resp_1/..?", "status": "queued", "output": []});
    let failed = json!({"id": "r", "status": "failed", "output": [], "error": {"code": "server_error", "message": "Sorry."}});
    let server = Server::start([
        Script::json(200, &begun),
        Script::error(500, "server_error"),
        Script::json(200, &failed),
    ]);
    let mut job = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .submit::<Total>()
        .await
        .unwrap();
    let error = job.wait().await.unwrap_err();
    assert!(
        error.is_failed() && error.attempts().len() == 3,
        "{error:?}"
    );
    // An id is never more than a name.
    assert!(
        server.received()[1]
            .line
            .starts_with("GET /v1/responses/resp_1%2F..%3F "),
        "{}",
        server.received()[1].line
    );
    let nameless = Script::json(200, &json!({"status": "queued"}));
    let request = Server::start([nameless]).client().responses("m").input("x");
    assert!(request.submit::<Total>().await.unwrap_err().is_failed());
    assert!(!format!("{job:?}").contains("sk-test"));
}

/// The text of a stream, however often it breaks off.
async fn collect(stream: &mut OutputStream<Responses, Total>) -> (String, u32) {
    let (mut text, mut resumed) = (String::new(), 0);
    loop {
        match stream.next().await {
            Ok(Some(Delta::Text(piece))) => text.push_str(&piece),
            Ok(Some(_)) => {}
            Ok(None) => return (text, resumed),
            Err(_) => {
                stream.resume().await.unwrap();
                resumed += 1;
            }
        }
    }
}

#[tokio::test]
async fn a_stream_is_taken_up_where_it_broke_off() {
    for seed in 0..8 {
        let (sim, client) = start(
            Sim::builder()
                .seed(seed)
                .writer(Writer::Random)
                .fault_times(Fault::Cut, 1),
        );
        let request = client
            .responses("gpt-5.2")
            .input("Total?")
            .effort(Effort::Low);
        let mut stream = request.background().stream::<Total>().await.unwrap();
        let (text, resumed) = collect(&mut stream).await;
        let answer = stream.answer().await.unwrap();
        assert_eq!((answer.text.as_str(), resumed), (text.as_str(), 1));
        let kinds: Vec<_> = answer
            .attempts()
            .iter()
            .map(|attempt| format!("{:?}", attempt.kind))
            .collect();
        assert_eq!(kinds, ["First", "Resume"]);
        assert!(answer.cost().is_complete());
        answer.into_reply().unwrap();
        let path = sim.requests()[1].path().to_owned();
        assert!(path.contains("?stream=true&starting_after="), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_up_says_so() {
    let (_sim, client) = start(Sim::builder().fault_times(Fault::Cut, 1));
    let request = || client.responses("gpt-5.2").input("Total?");
    // Not in the background.
    let mut stream = request().stream::<Total>().await.unwrap();
    while let Ok(Some(_)) = stream.next().await {}
    assert!(stream.resume().await.unwrap_err().is_config());
    assert!(stream.answer().await.is_err());
    // Whole.
    let mut stream = request().background().stream::<Total>().await.unwrap();
    while stream.next().await.unwrap().is_some() {}
    assert!(stream.resume().await.unwrap_err().is_config());
    stream.answer().await.unwrap();
    // Chat knows nothing of it.
    let mut stream = client
        .chat("gpt-5.2")
        .input("Total?")
        .stream::<Total>()
        .await
        .unwrap();
    assert!(stream.resume().await.unwrap_err().is_config());
    // Nothing to be taken up by: broken, and not asked for again.
    let begun = "data: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"status\":\"queued\"}}\n\n";
    let gone = Script::error(404, "not_found");
    let server = Server::start([
        Script::text(200, "text/event-stream", begun),
        gone,
        Script::json(200, &response("x")),
    ]);
    let mut stream = server
        .client()
        .responses("m")
        .input("x")
        .background()
        .stream::<Total>()
        .await
        .unwrap();
    assert_eq!(stream.next().await.unwrap(), None);
    let error = stream.resume().await.unwrap_err();
    assert_eq!((error.status(), error.attempts().len()), (Some(404), 1));
    assert!(stream.answer().await.unwrap_err().is_stream());
}
