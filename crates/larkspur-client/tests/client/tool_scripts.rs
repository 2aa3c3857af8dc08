//! Tools that the program runs, and models and servers that do not do what they should.

use std::sync::atomic::Ordering;

use larkspur_client::{CustomTool, Error, ToolRun, tool_with};
use larkspur_output::regex;
use serde_json::{Value, json};

use crate::fixture::{Received, Script, Server, usage};
use crate::outputs::Total;
use crate::tool_runs::counting;
use crate::tools::yes_or_no;

/// A response with these items.
fn response(items: &[Value]) -> Script {
    Script::json(
        200,
        &json!({"id": "resp_1", "status": "completed", "model": "gpt-5.2", "output": items, "usage": usage()}),
    )
}

fn calls(calls: &[(&str, &str, &str)]) -> Script {
    let items = calls.iter().map(|(id, tool, arguments)| {
        json!({"type": "function_call", "id": "fc_1", "call_id": id, "name": tool, "arguments": arguments, "status": "completed"})
    });
    response(&items.collect::<Vec<_>>())
}

const GOOD: &str = r#"{"number":7,"note":null}"#;
const TOTAL: &str = r#"{"amount":1.5,"currency":"EUR"}"#;

/// The outputs in the last request.
fn outputs(server: &Server) -> Vec<String> {
    let body = server.received().last().unwrap().json();
    let items = body.get("input").unwrap().as_array().unwrap().iter();
    let outputs = items.filter_map(|item| Some(item.get("output")?.as_str()?.to_owned()));
    outputs.collect()
}

#[tokio::test]
async fn what_cannot_be_run_is_told_to_the_model() {
    let server = Server::start([
        calls(&[
            ("call_1", "lookup", r#"{"number":70,"note":null}"#),
            ("call_2", "lookup", "{\"number\":"),
            ("call_3", "look_up", GOOD),
            ("call_4", "secret", GOOD),
            ("call_5", "lookup", GOOD),
        ]),
        Script::says(TOTAL),
    ]);
    let (lookup, count) = counting("lookup");
    let (secret, told) = counting("secret");
    let request = server.client().responses("gpt-5.2").input("x");
    let run = request.run_tools([lookup, secret]).allow(["lookup"]);
    let reply = run.extract::<Total>().await.unwrap();
    let outputs = outputs(&server);
    assert_eq!(outputs.len(), 5);
    assert!(
        outputs[0].starts_with("The tool was not run: its input"),
        "{}",
        outputs[0]
    );
    assert!(outputs[0].contains("\"/number\": "), "{}", outputs[0]);
    assert!(
        outputs[1].starts_with("The tool was not run: its input"),
        "{}",
        outputs[1]
    );
    assert_eq!(outputs[2], "There is no such tool. There are: lookup.");
    assert_eq!(
        outputs[3],
        "This tool may not be called. These may: lookup."
    );
    assert_eq!(outputs[4], "found 7 false");
    assert_eq!(
        (count.load(Ordering::SeqCst), told.load(Ordering::SeqCst)),
        (1, 0)
    );
    let ran: Vec<_> = reply
        .tool_calls()
        .iter()
        .map(|call| call.succeeded)
        .collect();
    assert_eq!(ran, [false, false, false, false, true]);
}

#[tokio::test]
async fn the_same_call_again_gets_the_same_output() {
    let server = Server::start([
        calls(&[("call_1", "lookup", GOOD), ("call_1", "lookup", GOOD)]),
        calls(&[("call_1", "lookup", GOOD)]),
        Script::says("no total"),
        calls(&[("call_1", "lookup", GOOD), ("call_2", "lookup", GOOD)]),
        Script::says(TOTAL),
    ]);
    let (lookup, count) = counting("lookup");
    let run = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .run_tools([lookup]);
    let reply = run.extract::<Total>().await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 2);
    assert_eq!(outputs(&server), ["found 7 false"; 5]);
    let kinds: Vec<_> = reply
        .attempts()
        .iter()
        .map(|attempt| format!("{:?}", attempt.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            "First",
            "ToolOutputs",
            "ToolOutputs",
            "Reask",
            "ToolOutputs"
        ]
    );
}

#[tokio::test]
async fn an_answer_in_a_tool_comes_beside_other_tools() {
    let answer = |input: &str| json!({"type": "custom_tool_call", "call_id": format!("call_{input}"), "name": "answer", "input": input});
    let call =
        json!({"type": "function_call", "call_id": "call_1", "name": "lookup", "arguments": GOOD});
    let server = Server::start([
        response(std::slice::from_ref(&call)),
        response(&[answer("maybe")]),
        response(&[answer("yes")]),
    ]);
    let (lookup, count) = counting("lookup");
    let request = server.client().responses("gpt-5.2").input("x");
    let reply = request.run_tools([lookup]).ask(&yes_or_no()).await.unwrap();
    assert!(reply.enforced && reply.text == "yes");
    assert!(reply.into_reply().unwrap().value);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let bodies: Vec<_> = server.received().iter().map(Received::json).collect();
    assert!(bodies.iter().all(|body| body["tool_choice"] == "required"));
    assert!(
        bodies
            .iter()
            .all(|body| body["tools"] == bodies[0]["tools"])
    );
    let last = bodies[2]["input"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (last["type"].as_str(), last["call_id"].as_str()),
        (Some("custom_tool_call_output"), Some("call_maybe"))
    );
    assert!(
        last["output"]
            .as_str()
            .unwrap()
            .starts_with("Your answer does not have the required form.")
    );

    // Called along with others, it ends the run, and they are not run.
    let server = Server::start([response(&[call, answer("no")])]);
    let (lookup, count) = counting("lookup");
    let request = server.client().responses("gpt-5.2").input("x");
    let reply = request
        .run_tools([lookup])
        .allow(["lookup"])
        .ask(&yes_or_no())
        .await
        .unwrap();
    assert!(!reply.into_reply().unwrap().value);
    assert_eq!(count.load(Ordering::SeqCst), 0);
    let choice = &server.received()[0].json()["tool_choice"];
    assert_eq!(
        (&choice["mode"], choice["tools"].as_array().unwrap().len()),
        (&json!("required"), 2)
    );
}

#[tokio::test]
async fn cut_answers_run_nothing() {
    let item =
        json!({"type": "function_call", "call_id": "call_1", "name": "lookup", "arguments": GOOD});
    let cut = json!({"id": "r", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [item]});
    let server = Server::start([Script::json(200, &cut)]);
    let (lookup, count) = counting("lookup");
    let run = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .run_tools([lookup]);
    let error = run.extract::<Total>().await.unwrap_err();
    assert!(error.is_truncated(), "{error}");
    assert_eq!(
        (count.load(Ordering::SeqCst), server.received().len()),
        (0, 1)
    );
}

#[tokio::test]
async fn tools_that_are_only_declared_end_the_run() {
    let server = Server::start([calls(&[("call_1", "lookup", GOOD), ("call_2", "pay", "x")])]);
    let (lookup, count) = counting("lookup");
    let request = server
        .client()
        .responses("gpt-5.2")
        .input("x")
        .tool(CustomTool::new("pay"));
    let error = request.run_tools([lookup]).text().await.unwrap_err();
    assert!(error.is_tool_call(), "{error}");
    assert_eq!(error.called_tools(), ["lookup", "pay"]);
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn chat_calls_without_an_id_get_one() {
    let called = |arguments: &str| {
        let call =
            json!({"type": "function", "function": {"name": "lookup", "arguments": arguments}});
        let message = json!({"role": "assistant", "content": null, "tool_calls": [call, call], "annotations": [], "reasoning_content": "Hm."});
        Script::json(
            200,
            &json!({"id": "c", "choices": [{"message": message, "finish_reason": "tool_calls"}]}),
        )
    };
    let done = json!({"id": "c", "choices": [{"message": {"role": "assistant", "content": TOTAL}, "finish_reason": "stop"}]});
    let server = Server::start([called(GOOD), called(GOOD), Script::json(200, &done)]);
    let (lookup, count) = counting("lookup");
    let run = server.client().chat("m").input("x").run_tools([lookup]);
    run.extract::<Total>().await.unwrap();
    // Nobody says that they are the same calls, so they are not.
    assert_eq!(count.load(Ordering::SeqCst), 4);
    let messages = server.received()[2].json()["messages"].clone();
    assert_eq!(messages[1]["tool_calls"][1]["id"], "call_1_2");
    assert_eq!(messages[1]["reasoning_content"], "Hm.");
    assert_eq!(messages[1]["content"], Value::Null);
    assert_eq!(messages[6]["tool_call_id"], "call_2_2");
}

#[tokio::test]
async fn a_conversation_on_the_server_gets_outputs_only() {
    let server = Server::start([calls(&[("call_1", "lookup", GOOD)]), Script::says("done")]);
    let (lookup, _) = counting("lookup");
    let request = server
        .client()
        .responses("m")
        .input("x")
        .conversation("conv_1");
    request.run_tools([lookup]).text().await.unwrap();
    let body = server.received()[1].json();
    assert_eq!(
        body["input"],
        json!([{"type": "function_call_output", "call_id": "call_1", "output": "found 7 false"}])
    );
    assert_eq!(body["conversation"], "conv_1");
}

#[tokio::test]
async fn no_key_is_in_what_tools_leave_behind() {
    const KEY: &str = "sk-planted-7f3a9c";
    let server = Server::start([
        calls(&[("call_1", "say", &format!("{{\"a\":\"{KEY}\"}}"))]),
        Script::error(500, "server_error"),
    ]);
    let client = server.builder().api_key(KEY).build().unwrap();
    let say = || {
        tool_with("say", regex(".*").unwrap(), |text| async move {
            Err::<(), _>(format!("cannot say {}", text.text().len()))
        })
    };
    let run = || -> ToolRun<_> { client.responses("m").input("x").run_tools([say()]) };
    assert!(!format!("{:?} {:#?}", run(), say()).contains("planted"));
    let error: Error = run().text().await.unwrap_err();
    assert_eq!(error.tool_calls().len(), 1);
    let ledger = serde_json::to_string(error.ledger()).unwrap();
    let printed = format!("{error} {error:?} {error:#?} {ledger}");
    assert!(
        printed.contains("tool_calls") && !printed.contains("planted"),
        "{printed}"
    );
}
