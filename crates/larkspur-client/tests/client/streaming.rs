//! Answers read while they come: whole ones, and everything that can go wrong on the way.

use std::collections::BTreeMap;
use std::time::Duration;

use larkspur_client::{Api, Client, Delta, Error, OutputStream, RequestBuilder};
use larkspur_output::partial::Progress;
use larkspur_output::{Outcome, OutputType as _, Target, grammar};
use larkspur_sim::{Sim, Writer};
use serde_json::{Value, json};

use crate::fixture::{Script, Server, response};
use crate::outputs::Total;

fn events(events: &[Value]) -> String {
    let event = |event: &Value| format!("data: {event}\n\n");
    events.iter().map(event).collect()
}

fn sse(stream: &str) -> Script {
    Script::text(200, "text/event-stream; charset=utf-8", stream)
}

/// A message that says so far this much.
fn begun(pieces: &[&str]) -> Vec<Value> {
    let head = json!({"type": "response.output_item.added", "output_index": 0,
        "item": {"type": "message", "id": "msg_1", "role": "assistant", "content": []}});
    let delta = |piece: &&str| json!({"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": piece});
    [head].into_iter().chain(pieces.iter().map(delta)).collect()
}

fn whole(pieces: &[&str]) -> String {
    let end = json!({"type": "response.completed", "response": response(&pieces.concat())});
    events(&[begun(pieces), vec![end]].concat())
}

async fn open(server: &Server) -> Result<OutputStream<larkspur_client::Responses, Total>, Error> {
    let builder = server.builder().timeout(Duration::from_millis(500));
    let client = builder.build().unwrap();
    client
        .responses("gpt-5.2")
        .input("Total?")
        .stream::<Total>()
        .await
}

/// The texts that came, and the error that ended them.
async fn fails(script: Script) -> (String, Error) {
    let mut stream = open(&Server::start([script])).await.unwrap();
    let mut text = String::new();
    loop {
        match stream.next().await {
            Ok(Some(Delta::Text(piece))) => text.push_str(&piece),
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => {
                assert_eq!(stream.next().await.unwrap(), None);
                assert!(stream.answer().await.is_err());
                return (text, error);
            }
        }
    }
    (text, stream.answer().await.unwrap_err())
}

async fn collect<A: Api, V>(stream: &mut OutputStream<A, V>) -> (String, usize) {
    let (mut text, mut pieces) = (String::new(), 0);
    while let Some(delta) = stream.next().await.unwrap() {
        pieces += 1;
        if let Delta::Text(piece) | Delta::Call { text: piece, .. } = delta {
            text.push_str(&piece);
        }
    }
    (text, pieces)
}

#[tokio::test]
async fn the_pieces_are_the_text_of_the_answer() {
    let script = sse(&whole(&["{\"amount\": 2,", " \"currency\": \"EUR\"}"]));
    let server = Server::start([script]);
    let mut stream = open(&server).await.unwrap();
    let (text, pieces) = collect(&mut stream).await;
    assert_eq!(
        (text.as_str(), pieces),
        ("{\"amount\": 2, \"currency\": \"EUR\"}", 2)
    );
    let reply = stream.answer().await.unwrap().into_reply().unwrap();
    assert_eq!(reply.text, text);
    assert_eq!(reply.value.amount.to_bits(), 2_f64.to_bits());
    assert_eq!(reply.usage().input_tokens, 100);
    assert!(reply.cost().is_complete());
    assert_eq!(reply.response_id, "resp_1");
    assert_eq!(reply.attempts().len(), 1);
    assert_eq!(server.received()[0].json()["stream"], true);
}

#[tokio::test]
async fn the_answer_alone_can_be_waited_for() {
    let server = Server::start([sse(&whole(&["{\"amount\": 1, \"currency\": \"EUR\"}"]))]);
    let answer = open(&server).await.unwrap().answer().await.unwrap();
    assert!(matches!(answer.outcome, Outcome::Value(Total { .. })));
}

#[tokio::test]
async fn a_value_is_followed_while_it_comes() {
    let pieces = ["{\"amount\": 2,", " \"currency\": \"E", "UR\"}"];
    let server = Server::start([sse(&whole(&pieces))]);
    let stream = open(&server).await.unwrap();
    assert_eq!(stream.incoming().to_value(), None);
    let mut partials = stream.partials_as::<BTreeMap<String, String>>();
    let mut seen = Vec::new();
    while let Some(progress) = partials.next().await.unwrap() {
        let currency = progress.get().unwrap().get("currency").cloned();
        seen.push((currency, progress.is_done()));
    }
    let currency = |text: &str| text.to_owned();
    assert_eq!(
        seen,
        [
            (None, false),
            (Some(Progress::InFlight(currency("E"))), false),
            (Some(Progress::Done(currency("EUR"))), true),
        ]
    );
    let reply = partials.answer().await.unwrap().into_reply().unwrap();
    assert_eq!(reply.value.currency, "EUR");
}

#[tokio::test]
async fn elements_come_one_by_one() {
    let total = |amount| format!("{{\"amount\": {amount}, \"currency\": \"EUR\"}}");
    let text = format!("{{\"value\": [{}, {}, {}]}}", total(1), total(2), total(3));
    let (first, second) = text.split_at(70);
    let server = Server::start([sse(&whole(&[first, second]))]);
    let client = server.client();
    let stream = client
        .responses("gpt-5.2")
        .input("Totals?")
        .stream::<Vec<Total>>();
    let mut totals = stream.await.unwrap().elements::<Total>("").unwrap();
    let mut amounts = Vec::new();
    while let Some(total) = totals.next().await.unwrap() {
        amounts.push(total.amount);
    }
    assert_eq!(amounts, [1.0, 2.0, 3.0]);
    let reply = totals.answer().await.unwrap().into_reply().unwrap();
    assert_eq!(reply.value.len(), 3);
    assert!(
        open(&Server::start([sse("")]))
            .await
            .unwrap()
            .elements::<Total>("x")
            .is_err()
    );
}

/// The server would go on for ever; the client does not wait for it.
#[cfg(feature = "grammar")]
#[tokio::test]
async fn an_answer_that_leaves_its_constraint_is_cut_there() {
    let pieces = ["{\"amount\": ", "\"two\", \"currency\""];
    let server = Server::start([Script::Stall(events(&begun(&pieces)))]);
    let mut stream = open(&server).await.unwrap().guarded().unwrap();
    let (text, count) = collect(&mut stream).await;
    assert_eq!((text, count), (pieces.concat(), 2));
    let answer = stream.answer().await.unwrap();
    let Outcome::Invalid(rejection) = &answer.outcome else {
        panic!("{:?}", answer.outcome)
    };
    let [violation] = rejection.violations() else {
        panic!("{rejection}")
    };
    assert_eq!(
        violation.span.map(|span| (span.start, span.end)),
        Some((11, 12))
    );
    assert_eq!(violation.found.as_deref(), Some("\"\\\"\""));
    assert!(violation.expected.is_some());
    assert_eq!(answer.attempts().len(), 1);
    assert!(answer.attempts()[0].failure.is_some());
    assert!(!answer.cost().is_complete());
}

/// The outcome of an answer that is held against its constraint while it comes.
#[cfg(feature = "grammar")]
async fn guarded<A, O>(request: RequestBuilder<A>, output: &O) -> Outcome<O::Value>
where
    A: Api<Input: From<&'static str>>,
    O: larkspur_output::OutputType,
{
    let stream = request.input("Total?").stream_with(output).await.unwrap();
    stream.guarded().unwrap().answer().await.unwrap().outcome
}

#[cfg(feature = "grammar")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ignores_constraints_is_cut_by_both_apis() {
    let ignoring = Sim::builder().fault(larkspur_sim::Fault::ConstraintIgnored);
    let holding = Sim::builder();
    let total = larkspur_output::json::<Vec<Total>>();
    let pair = grammar("start: NAME \"=\" INT\nNAME: /[a-z]{1,20}/\nINT: /[0-9]{1,9}/\n").unwrap();
    for (sim, cut) in [(ignoring, true), (holding, false)] {
        let sim = sim.start().unwrap();
        let client = Client::builder().base_url(sim.base_url()).build().unwrap();
        let (responses, chat) = (|| client.responses("gpt-5.2"), || client.chat("gpt-5.2"));
        for outcome in [
            guarded(responses(), &total).await,
            guarded(chat(), &total).await,
        ] {
            match outcome {
                Outcome::Invalid(rejection) if cut => {
                    let span = rejection.violations()[0].span;
                    assert_eq!(span.map(|span| span.start), Some(0));
                }
                Outcome::Value(_) if !cut => {}
                other => panic!("{other:?}, cut: {cut}"),
            }
        }
        if !cut {
            let outcome = guarded(responses(), &pair).await;
            assert!(matches!(outcome, Outcome::Value(_)), "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn what_breaks_off_is_an_error() {
    let cut = "the stream ended after 2 events, before the answer did";
    let (text, error) = fails(sse(&events(&begun(&["{\"a"])))).await;
    assert_eq!((text.as_str(), error.is_stream()), ("{\"a", true));
    assert!(error.to_string().starts_with(cut), "{error}");
    assert_eq!(error.attempts().len(), 1);

    let (_, error) = fails(Script::Torn(events(&begun(&["{"])))).await;
    assert!(error.is_broken(), "{error}");
    assert!(!error.cost().is_complete());

    let (text, error) = fails(Script::Stall(events(&begun(&["{"])))).await;
    assert_eq!(text, "{");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn errors_of_the_server_are_errors() {
    let sorry = json!({"type": "error", "code": "server_error", "message": "Sorry, sk-test-key.", "param": null});
    let (_, error) = fails(sse(&events(&[begun(&["{"]), vec![sorry]].concat()))).await;
    assert!(error.is_stream());
    assert_eq!(error.code(), Some("server_error"));
    assert!(!error.to_string().contains("sk-test-key"), "{error}");

    let failed = json!({"type": "response.failed", "response": {"id": "resp_1", "status": "failed",
        "error": {"code": "server_error", "message": "Sorry."}}});
    let (_, error) = fails(sse(&events(&[failed]))).await;
    assert!(error.is_failed(), "{error}");

    let (_, error) = fails(sse("data: {\n\n")).await;
    assert!(
        error
            .to_string()
            .starts_with("event 0 of the stream: it is not JSON"),
        "{error}"
    );
    let (_, error) = fails(Script::text(200, "text/html", "<html></html>")).await;
    assert!(error.is_stream(), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_again_once_an_answer_has_begun() {
    let server = Server::start([Script::error(503, "busy"), sse(&events(&begun(&["{"])))]);
    let stream = open(&server).await.unwrap();
    let error = stream.answer().await.unwrap_err();
    assert_eq!(
        server.received().len(),
        2,
        "the first one was refused, the second broke off"
    );
    assert_eq!(error.attempts().len(), 2);
}

#[tokio::test]
async fn a_refusal_is_no_stream() {
    let error = open(&Server::start([Script::error(400, "invalid_json_schema")])).await;
    assert_eq!(error.unwrap_err().code(), Some("invalid_json_schema"));
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_understood() {
    let server = Server::start([Script::says("{\"amount\": 3, \"currency\": \"EUR\"}")]);
    let mut stream = open(&server).await.unwrap();
    assert_eq!(stream.next().await.unwrap(), None);
    let reply = stream.answer().await.unwrap().into_reply().unwrap();
    assert_eq!(reply.value.amount.to_bits(), 3_f64.to_bits());
}

#[tokio::test]
async fn a_rejected_answer_says_where() {
    let server = Server::start([sse(&whole(&[
        "{\"amount\": \"two\", \"currency\": \"EUR\"}",
    ]))]);
    let answer = open(&server).await.unwrap().answer().await.unwrap();
    let Outcome::Invalid(rejection) = answer.outcome else {
        panic!("{:?}", answer.outcome);
    };
    assert!(
        rejection.message().contains("/amount"),
        "{}",
        rejection.message()
    );
    assert_eq!(
        answer.ledger.attempts().len(),
        1,
        "a stream is not asked for again"
    );
}

#[tokio::test]
async fn an_endless_answer_is_stopped() {
    let long = "x".repeat(3_000);
    let server = Server::start([sse(&whole(&[&long]))]);
    let client = server.builder().max_response_bytes(1_000).build().unwrap();
    let stream = client
        .responses("m")
        .input("?")
        .stream::<Total>()
        .await
        .unwrap();
    assert!(stream.answer().await.unwrap_err().is_too_large());
}

async fn typed<A: Api<Input: From<&'static str>>>(request: RequestBuilder<A>) {
    let mut stream = request.input("Total?").stream::<Total>().await.unwrap();
    let (text, pieces) = collect(&mut stream).await;
    assert!(pieces > 1, "{text}");
    let reply = stream.answer().await.unwrap().into_reply().unwrap();
    assert_eq!(reply.text, text);
    assert!(reply.usage().output_tokens > 0);
}

#[tokio::test]
async fn both_apis_of_the_local_server_stream() {
    for seed in 0..10 {
        let sim = Sim::builder()
            .seed(seed)
            .writer(Writer::Random)
            .start()
            .unwrap();
        let client = Client::builder().base_url(sim.base_url()).build().unwrap();
        // On another thread, as servers do: what streams can be sent there.
        let (responses, chat) = (client.responses("gpt-5.2"), client.chat("gpt-5.2"));
        tokio::spawn(async move {
            typed(responses).await;
            typed(chat).await;
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn sentences_stream_too() {
    let sim = Sim::start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let output = grammar("start: \"yes, \" /[a-z]{20,40}/\n").unwrap();
    assert!(output.prepare(Target::openai()).is_ok());
    let mut stream = client
        .chat("gpt-5.2")
        .input("?")
        .stream_with(&output)
        .await
        .unwrap();
    let (text, _) = collect(&mut stream).await;
    let answer = stream.answer().await.unwrap();
    assert_eq!(answer.text, text);
    assert!(text.starts_with("yes, "), "{text}");
    assert!(matches!(answer.outcome, Outcome::Value(_)));
}
