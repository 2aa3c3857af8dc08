//! Where one server fails in a way in which another may not, the other is asked.

use larkspur_client::ledger::AttemptKind;
use larkspur_client::{Budget, Client, Provider, RetryPolicy, tool};
use larkspur_schema::{JsonSchema, schemars};
use larkspur_sim::{Fault, Sim};
use serde::Deserialize;
use serde_json::json;

use crate::fixture::{Script, Server, fast};
use crate::outputs::{Total, total};

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;
const BAD: &str = r#"{"amount": "one", "currency": "EUR"}"#;

fn servers(first: Script, second: Script) -> (Server, Server) {
    (Server::start([first]), Server::start([second]))
}

#[tokio::test]
async fn the_next_one_is_asked_where_it_may_help() {
    let rows = [
        (Script::error(500, "server_error"), 3),
        (Script::error(503, "server_is_overloaded"), 3),
        (Script::error(429, "rate_limit_exceeded"), 3),
        (Script::error(429, "insufficient_quota"), 1),
        (Script::error(408, "x"), 3),
        (Script::Close, 3),
        (Script::Torn("{".to_owned()), 3),
    ];
    for (script, attempts) in rows {
        let (first, second) = servers(script, Script::says(GOOD));
        let other = second.builder().api_key("sk-other-key").build().unwrap();
        let request = first.client().responses("gpt-5.2").input("Total?");
        let request = request.or_else(&other, "deployment");
        let reply = request.extract::<Total>().await.unwrap();
        assert_eq!(first.received().len(), attempts);
        let asked = &second.received()[0];
        assert_eq!(asked.json()["model"], "deployment");
        assert_eq!(asked.header("authorization"), Some("Bearer sk-other-key"));
        // All of it is in one ledger, and it says who answered.
        assert_eq!(reply.attempts().len(), attempts + 1);
        let last = reply.attempts().last().unwrap();
        assert_eq!(last.kind, AttemptKind::Fallback);
        assert_eq!(reply.server(), Some(second.url.as_str()));
        assert_eq!(reply.attempts()[0].server, first.url);
        assert_eq!(reply.usage().total_tokens(), 110);
    }
}

#[tokio::test]
async fn nobody_else_is_asked_where_it_cannot_help() {
    let refusal = json!({"id": "r", "status": "completed", "output": [
        {"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}]});
    let rows = [
        Script::error(400, "invalid_json_schema"),
        Script::error(401, "invalid_api_key"),
        Script::error(404, "model_not_found"),
        Script::json(200, &refusal),
        Script::says(BAD),
    ];
    for script in rows {
        let (first, second) = servers(script, Script::says(GOOD));
        let request = first.client().responses("gpt-5.2").input("Total?");
        let request = request.or_else(&second.client(), "m").reask(0);
        request.extract::<Total>().await.unwrap_err();
        assert_eq!(second.received().len(), 0);
    }
}

#[tokio::test]
async fn where_all_fail_the_last_says_why_and_all_are_told() {
    let (first, second) = servers(Script::error(500, "a"), Script::error(503, "b"));
    let third = Server::start([Script::error(400, "c")]);
    let request = first.client().responses("gpt-5.2").input("Total?");
    let request = request
        .or_else(&second.client(), "m")
        .or_else(&third.client(), "n");
    let error = request.send().await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    let statuses: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| attempt.status.unwrap())
        .collect();
    assert_eq!(statuses, [500, 500, 500, 503, 503, 503, 400]);
}

#[tokio::test]
async fn re_asks_and_budgets_count_over_all() {
    // A rejected answer of the first, then its failure; the other starts with what is left.
    for (tokens, answered) in [(1_000, true), (109, false)] {
        let first = Server::start([Script::says(BAD), Script::error(500, "x")]);
        let second = Server::start([Script::says(GOOD)]);
        let client = first.builder().retry(RetryPolicy::none()).build().unwrap();
        let budget = Budget::none().tokens(tokens);
        let request = client.responses("gpt-5.2").input("Total?").budget(budget);
        let request = request.or_else(&second.client(), "gpt-5.2");
        let answer = request.ask(&total()).await.unwrap();
        let paid = if answered { 220 } else { 110 };
        assert_eq!(answer.usage().total_tokens(), paid);
        assert_eq!(second.received().len(), usize::from(answered));
        assert_eq!(answer.outcome.value().is_some(), answered);
    }
    // What the first has spent, the second cannot.
    let first = Server::start([Script::says(BAD), Script::error(500, "x")]);
    let second = Server::start([Script::says(BAD)]);
    let client = first.builder().retry(RetryPolicy::none()).build().unwrap();
    let request = client.responses("gpt-5.2").input("Total?").reask(5);
    let request = request.budget(Budget::none().tokens(220));
    let request = request.or_else(&second.client(), "m");
    let answer = request.ask(&total()).await.unwrap();
    let kinds: Vec<_> = answer
        .attempts()
        .iter()
        .map(|attempt| attempt.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            AttemptKind::First,
            AttemptKind::Reask,
            AttemptKind::Fallback
        ]
    );
}

/// What strict schemas say otherwise.
#[derive(Debug, Deserialize, JsonSchema)]
struct Maybe {
    amount: Option<f64>,
}

#[tokio::test]
async fn each_is_asked_in_its_own_dialect() {
    let first = Server::start([Script::error(500, "x")]);
    let second = Server::start([Script::says("{}")]);
    let other = second.builder().provider(Provider::vllm()).build().unwrap();
    let request = first.client().responses("gpt-5.2").input("Total?");
    let reply = request.or_else(&other, "m").extract::<Maybe>().await;
    assert_eq!(reply.unwrap().value.amount, None);
    let required = |server: &Server| {
        let request = server.received()[0].json();
        request["text"]["format"]["schema"].get("required").cloned()
    };
    assert_eq!(required(&first), Some(json!(["amount"])));
    assert_eq!(required(&second), None);
}

#[tokio::test]
async fn a_stream_goes_elsewhere_only_before_it_begins() {
    let client = |sim: &Sim| {
        let client = Client::builder().base_url(sim.base_url()).retry(fast());
        client.build().unwrap()
    };
    for (fault, elsewhere) in [
        (Fault::Overloaded, true),
        (Fault::Quota, true),
        (Fault::Cut, false),
    ] {
        let first = Sim::builder().fault(fault).start().unwrap();
        let second = Sim::start().unwrap();
        let request = client(&first).responses("gpt-5.2").input("Total?");
        let request = request.or_else(&client(&second), "gpt-5.1");
        let stream = request.stream::<Total>().await.unwrap();
        let answered = stream.answer().await;
        assert_eq!(answered.is_ok(), elsewhere, "{fault}");
        assert_eq!(second.requests().len(), usize::from(elsewhere), "{fault}");
        if let Ok(answer) = answered {
            assert_eq!(answer.server(), Some(second.base_url()));
            assert_eq!(answer.attempts().len(), 1 + first.requests().len());
        }
    }
}

/// A city.
#[derive(Deserialize, JsonSchema)]
struct Place {
    #[expect(dead_code, reason = "only its schema is of interest")]
    city: String,
}

#[tokio::test]
async fn a_run_goes_elsewhere_only_before_a_tool_ran() {
    let call = json!({"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "weather", "arguments": "{\"city\": \"Bergen\"}"});
    let calls = Script::json(
        200,
        &json!({"id": "r", "status": "completed", "output": [call]}),
    );
    let broken = Script::error(500, "x");
    let weather = || tool("weather", |_: Place| async move { Ok::<_, String>("rain") });
    for (scripts, elsewhere) in [
        (vec![broken.clone()], true),
        (vec![calls.clone(), broken], false),
    ] {
        let first = Server::start(scripts);
        let second = Server::start([calls.clone(), Script::says(GOOD)]);
        let client = first.builder().retry(RetryPolicy::none()).build().unwrap();
        let request = client.responses("gpt-5.2").input("Rain?");
        let run = request
            .or_else(&second.client(), "m")
            .run_tools([weather()]);
        let reply = run.extract::<Total>().await;
        assert_eq!(reply.is_ok(), elsewhere);
        assert_eq!(second.received().len(), if elsewhere { 2 } else { 0 });
        let calls = reply.map_or_else(
            |error| error.tool_calls().len(),
            |reply| reply.tool_calls().len(),
        );
        assert_eq!(calls, 1, "no tool runs twice");
    }
}
