//! A second request where an answer is long in coming: only where it was asked for and does no harm, and never in secret.

use std::time::{Duration, Instant};

use larkspur_client::ledger::AttemptKind::{self, First, Hedge as Second, Retry, ToolOutputs};
use larkspur_client::{
    Api, Budget, Client, Cost, Error, Hedge, RateLimits, RequestBuilder, ResponsesRequest,
    RetryPolicy, Tool, tool,
};
use larkspur_schema::{JsonSchema, schemars};
use larkspur_sim::{Fault, Sim};
use serde::Deserialize;
use serde_json::json;

use crate::fixture::{Script, Server, fast, response};
use crate::outputs::Total;

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;

fn soon() -> Hedge {
    Hedge::after(Duration::from_millis(60))
}

fn hedged(server: &Server) -> Client {
    let builder = server.builder().hedge(soon());
    let builder = builder.timeout(Duration::from_millis(900));
    builder.build().unwrap()
}

fn kinds(attempts: &[larkspur_client::ledger::Attempt]) -> Vec<AttemptKind> {
    attempts.iter().map(|attempt| attempt.kind).collect()
}

fn late(milliseconds: u64, script: Script) -> Script {
    Script::Late(Duration::from_millis(milliseconds), Box::new(script))
}

async fn whole<A: Api>(request: RequestBuilder<A>) -> Result<Vec<AttemptKind>, Error> {
    let reply = request.extract::<Total>().await?;
    assert!(!reply.cost().is_complete());
    Ok(kinds(reply.attempts()))
}

async fn streamed<A: Api>(request: RequestBuilder<A>) -> Result<Vec<AttemptKind>, Error> {
    let stream = request.stream::<Total>().await?;
    let reply = stream.answer().await?.into_reply()?;
    assert!(!reply.cost().is_complete());
    Ok(kinds(reply.attempts()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_is_asked_again_and_the_answer_counts() {
    let sim = || {
        Sim::builder()
            .fault_times(Fault::Silent, 1)
            .start()
            .unwrap()
    };
    let client = |sim: &Sim| {
        let builder = Client::builder().base_url(sim.base_url()).hedge(soon());
        builder.retry(RetryPolicy::none()).build().unwrap()
    };
    let (one, two, three, four) = (sim(), sim(), sim(), sim());
    let kinds = [
        whole(client(&one).responses("gpt-5.2").input("Total?")).await,
        whole(client(&two).chat("gpt-5.2").input("Total?")).await,
        streamed(client(&three).responses("gpt-5.2").input("Total?")).await,
        streamed(client(&four).chat("gpt-5.2").input("Total?")).await,
    ];
    for (kinds, sim) in kinds.into_iter().zip([one, two, three, four]) {
        assert_eq!(kinds.unwrap(), [First, Second]);
        assert_eq!(sim.requests().len(), 2);
    }
}

#[tokio::test]
async fn nothing_is_hedged_unless_it_was_asked_for() {
    let server = Server::start([Script::Hang, Script::says(GOOD)]);
    let client = server.builder().retry(RetryPolicy::none());
    let client = client.timeout(Duration::from_millis(400)).build().unwrap();
    let request = client.responses("gpt-5.2").input("Total?");
    let error = request.extract::<Total>().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_quick_answer_is_not_hedged() {
    let server = Server::start([Script::says(GOOD)]);
    let request = hedged(&server).responses("gpt-5.2").input("Total?");
    let reply = request.extract::<Total>().await.unwrap();
    assert_eq!(kinds(reply.attempts()), [First]);
    assert!(reply.cost().is_complete());
}

#[tokio::test]
async fn the_ledger_says_what_was_dropped_and_that_its_cost_is_unknown() {
    for (scripts, expected, dropped) in [
        ([Script::Hang, Script::says(GOOD)], [First, Second], 0),
        // The first answers after all; the last attempt is the one that counts.
        (
            [late(250, Script::says(GOOD)), Script::Hang],
            [Second, First],
            0,
        ),
    ] {
        let server = Server::start(scripts);
        let request = hedged(&server).responses("gpt-5.2").input("Total?");
        let reply = request.extract::<Total>().await.unwrap();
        assert_eq!(kinds(reply.attempts()), expected);
        let lost = &reply.attempts()[dropped];
        assert_eq!(lost.cost, Cost::UNKNOWN);
        assert_eq!((lost.status, lost.usage), (None, None));
        assert_eq!(
            lost.failure.as_deref(),
            Some("dropped, for the same request was answered before")
        );
        assert!(!lost.elapsed.is_zero());
        assert_eq!(reply.usage().total_tokens(), 110);
        let cost = reply.cost().to_string();
        assert!(cost.starts_with("at least $0.00"), "{cost}");
        assert_eq!(reply.server(), Some(server.url.as_str()));
    }
}

/// The attempts, or the status of the failure.
type Expected = Result<Vec<AttemptKind>, u16>;

#[tokio::test]
async fn where_one_fails_the_other_is_waited_for() {
    let busy = || Script::error(503, "server_is_overloaded");
    let wrong = || Script::error(400, "invalid_value");
    let says = || Script::says(GOOD);
    let rows: [(Vec<Script>, Expected); 5] = [
        (vec![late(250, busy()), says()], Ok(vec![First, Second])),
        (
            vec![late(250, Script::Close), says()],
            Ok(vec![First, Second]),
        ),
        // Both fail, which is one failure; a retry is hedged as the first is.
        (
            vec![late(250, busy()), busy(), says()],
            Ok(vec![First, Second, Retry]),
        ),
        (
            vec![Script::Hang, busy(), Script::Hang, says()],
            Ok(vec![Second, First, Retry, Second]),
        ),
        // What cannot help is not waited for.
        (vec![Script::Hang, wrong()], Err(400)),
    ];
    for (scripts, expected) in rows {
        let server = Server::start(scripts);
        let request = hedged(&server).responses("gpt-5.2").input("Total?");
        let begun = Instant::now();
        let found = match request.extract::<Total>().await {
            Ok(reply) => Ok(kinds(reply.attempts())),
            Err(error) => {
                assert_eq!(kinds(error.attempts()), [First, Second]);
                assert!(begun.elapsed() < Duration::from_millis(800));
                Err(error.status().unwrap())
            }
        };
        assert_eq!(found, expected);
    }
}

/// Whether a request of which nothing is heard is sent a second time.
async fn is_hedged(change: impl Fn(ResponsesRequest) -> ResponsesRequest) -> bool {
    let server = Server::start([Script::Hang, Script::says(GOOD)]);
    let client = server.builder().hedge(soon()).retry(RetryPolicy::none());
    let client = client.timeout(Duration::from_millis(300)).build().unwrap();
    let request = change(client.responses("gpt-5.2").input("Total?"));
    let sent = request.send().await;
    assert_eq!(sent.is_ok(), server.received().len() == 2);
    sent.is_ok()
}

#[tokio::test]
async fn what_does_more_than_answer_is_never_hedged() {
    let schema = json!({"type": "object", "properties": {}});
    let function = Tool::function_schema("look", schema, false);
    assert!(is_hedged(|request| request).await);
    assert!(is_hedged(|request| request.tool(function.clone())).await);
    assert!(is_hedged(|request| request.previous_response_id("resp_0")).await);
    assert!(is_hedged(|request| request.extra("news", json!(1))).await);
    let search = || Tool::raw(json!({"type": "mcp", "server_label": "x"}));
    assert!(!is_hedged(|request| request.tool(search())).await);
    assert!(!is_hedged(ResponsesRequest::background).await);
    assert!(!is_hedged(|request| request.conversation("conv_0")).await);
    assert!(!is_hedged(|request| request.extra("prompt", json!({"id": "p"}))).await);
    assert!(!is_hedged(|request| request.extra("tools", json!([]))).await);
    let budget = Budget::none().tokens(1_000_000);
    assert!(!is_hedged(|request| request.budget(budget)).await);
}

#[tokio::test]
async fn a_stream_that_has_begun_is_not_asked_for_again() {
    let sim = Sim::builder().fault(Fault::Stall).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).hedge(soon());
    let client = client.timeout(Duration::from_millis(600)).build().unwrap();
    let request = client.responses("gpt-5.2").input("Total?");
    let stream = request.stream::<Total>().await.unwrap();
    let error = stream.answer().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(kinds(error.attempts()), [First]);
    assert_eq!(sim.requests().len(), 1);
}

#[derive(Deserialize, JsonSchema)]
struct City {
    name: String,
}

#[tokio::test]
async fn a_tool_runs_once_and_behind_it_nothing_is_hedged() {
    let mut calls = response("");
    calls["output"] = json!([{"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "weather",
                              "arguments": "{\"name\":\"Bergen\"}", "status": "completed"}]);
    let calls = || Script::json(200, &calls);
    let says = || Script::says(GOOD);
    // The second of the first two counts, and what tools gave is brought once, whatever that takes.
    let server = Server::start([Script::Hang, calls(), late(250, says()), says()]);
    let ran = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let count = std::sync::Arc::clone(&ran);
    let weather = tool("weather", move |city: City| {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move { Ok::<_, String>(format!("rain in {}", city.name)) }
    });
    let request = hedged(&server).responses("gpt-5.2").input("Total?");
    let reply = request
        .run_tools([weather])
        .extract::<Total>()
        .await
        .unwrap();
    assert_eq!(kinds(reply.attempts()), [First, Second, ToolOutputs]);
    assert_eq!(ran.load(std::sync::atomic::Ordering::Relaxed), 1);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_second_request_waits_for_its_place_and_for_the_limits() {
    let limits = RateLimits::none()
        .requests_per_minute(1)
        .window(Duration::from_millis(600));
    let builders: [fn(&Server) -> Client; 2] = [
        |server| {
            let builder = server.builder().hedge(soon()).max_concurrency(1);
            builder.build().unwrap()
        },
        |server| {
            let limits = RateLimits::none()
                .requests_per_minute(1)
                .window(Duration::from_secs(3));
            let builder = server.builder().hedge(soon()).rate_limits(limits);
            builder.build().unwrap()
        },
    ];
    for builder in builders {
        let server = Server::start([late(300, Script::says(GOOD)), Script::says(GOOD)]);
        let request = builder(&server).responses("gpt-5.2").input("Total?");
        let reply = request.extract::<Total>().await.unwrap();
        assert_eq!(kinds(reply.attempts()), [First]);
        assert!(reply.cost().is_complete());
        assert_eq!(server.received().len(), 1);
    }
    // When the limit allows it, it goes.
    let server = Server::start([Script::Hang, Script::says(GOOD)]);
    let builder = server.builder().hedge(soon()).rate_limits(limits);
    let request = builder
        .build()
        .unwrap()
        .responses("gpt-5.2")
        .input("Total?");
    let begun = Instant::now();
    let reply = request.extract::<Total>().await.unwrap();
    assert_eq!(kinds(reply.attempts()), [First, Second]);
    assert!(begun.elapsed() >= Duration::from_millis(600));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_the_share_is_hedged() {
    let tasks = [
        (soon(), 10),
        (soon().share(1.0), 14),
        (soon().share(0.0), 0),
        (soon().share(f64::NAN), 0),
    ];
    let tasks = tasks.map(|(hedge, hedges)| tokio::spawn(keeps_to(hedge, hedges)));
    for task in tasks {
        task.await.unwrap();
    }
}

/// Of fourteen requests that nobody answers, so many are sent twice.
async fn keeps_to(hedge: Hedge, hedges: usize) {
    let sim = Sim::builder().fault(Fault::Silent).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).hedge(hedge);
    let client = client.retry(fast().max_retries(0));
    let client = client.timeout(Duration::from_millis(300)).build().unwrap();
    let mut sent = 0;
    for _ in 0..14 {
        let request = client.responses("gpt-5.2").input("x");
        sent += request.send().await.unwrap_err().attempts().len() - 1;
    }
    // Ten may go at once, and one for each ten that were asked.
    assert!(sent.abs_diff(hedges) <= 1, "{sent} of {hedges}");
}
