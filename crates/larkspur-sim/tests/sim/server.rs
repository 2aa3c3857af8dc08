//! The server itself: routes, headers, keys, limits, hostile input, the log, stored conversations, seeds.

use std::net::TcpStream;

use larkspur_sim::{Sim, Writer};
use larkspur_wire::chat::Completion;
use larkspur_wire::responses::Response;
use serde_json::{Value, json};

use crate::schemas;
use crate::support::{Answer, CHAT, RESPONSES, error, message, person, post, request};

fn get(sim: &Sim, path: &str) -> Answer {
    request(sim, "GET", path, &[], b"")
}

#[test]
fn models_are_listed_and_found() {
    let sim = Sim::start().unwrap();
    let list = get(&sim, "/v1/models").json();
    assert_eq!(list["object"], "list");
    let names: Vec<&str> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        names[..3],
        ["gpt-5.2", "gpt-5.2-chat-latest", "gpt-5.2-pro"]
    );
    let one = get(&sim, "/v1/models/gpt-5.2").json();
    assert_eq!(
        one,
        json!({"id": "gpt-5.2", "object": "model", "created": 1_765_313_051, "owned_by": "system"})
    );
    let none = get(&sim, "/v1/models/gpt-99");
    assert_eq!(none.status, 404);
    let message = "The model 'gpt-99' does not exist or you do not have access to it.";
    assert_eq!(
        none.json(),
        error(message, Some("model"), Some("model_not_found"))
    );
}

#[test]
fn unknown_paths_and_methods_answer_as_json() {
    let sim = Sim::start().unwrap();
    let answer = get(&sim, "/v1/nothing");
    assert_eq!(
        (answer.status, answer.json()),
        (404, error("Invalid URL (GET /v1/nothing)", None, None))
    );
    let answer = get(&sim, RESPONSES);
    let message = "Not allowed to GET on /v1/responses (HINT: Perhaps you meant to use a different HTTP method?)";
    assert_eq!(
        (answer.status, answer.json()),
        (405, error(message, None, None))
    );
    let answer = post(&sim, "/v1/models", &json!({}));
    assert_eq!(answer.status, 405);
}

#[test]
fn a_required_key_is_asked_for_and_never_repeated() {
    let sim = Sim::builder()
        .required_key("sk-right-0123456789")
        .start()
        .unwrap();
    let ask = |headers: &[(&str, &str)]| {
        request(
            &sim,
            "POST",
            RESPONSES,
            headers,
            person("x").to_string().as_bytes(),
        )
    };
    assert_eq!(
        ask(&[("authorization", "Bearer sk-right-0123456789")]).status,
        200
    );
    let missing = ask(&[]);
    assert_eq!(missing.status, 401);
    assert!(
        missing.body.contains("You didn't provide an API key."),
        "{}",
        missing.body
    );
    let wrong = ask(&[("authorization", "Bearer sk-wrong-secret-9876543210")]);
    let message = "Incorrect API key provided: sk-w****3210. You can find your API key at https://platform.openai.com/account/api-keys.";
    assert_eq!(
        (wrong.status, wrong.json()),
        (401, error(message, None, Some("invalid_api_key")))
    );
    assert_eq!(get(&sim, "/v1/models").status, 401);
    let log = format!("{:?} {sim:?}", sim.requests());
    assert!(
        log.contains("[hidden]") && !log.contains("secret") && !log.contains("sk-right"),
        "{log}"
    );
}

#[test]
fn every_answer_carries_the_headers_of_the_service() {
    let sim = Sim::start().unwrap();
    let (good, bad) = (
        post(&sim, RESPONSES, &person("x")),
        post(&sim, RESPONSES, &json!({})),
    );
    for answer in [
        &good,
        &bad,
        &get(&sim, "/v1/models"),
        &get(&sim, "/nothing"),
    ] {
        assert!(answer.header("x-request-id").unwrap().starts_with("req_"));
        assert!(
            answer
                .header("openai-processing-ms")
                .unwrap()
                .parse::<u64>()
                .is_ok()
        );
        assert_eq!(answer.header("openai-version"), Some("2020-10-01"));
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    assert_ne!(good.header("x-request-id"), bad.header("x-request-id"));
}

#[test]
fn a_response_is_complete() {
    let sim = Sim::start().unwrap();
    let mut body = person("Ada Lovelace is 36.");
    body["reasoning"] = json!({"effort": "medium"});
    body["metadata"] = json!({"case": "7"});
    body["instructions"] = json!("Be exact.");
    let answer = post(&sim, RESPONSES, &body).json();
    let response: Response = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(&response).unwrap(), answer);
    assert_eq!(response.model.as_deref(), Some("gpt-5.2-2025-12-11"));
    assert_eq!(answer["output"][0]["type"], "reasoning");
    assert_eq!(answer["output"][1]["content"][0]["annotations"], json!([]));
    assert_eq!(answer["status"], "completed");
    for (name, expected) in [
        ("metadata", json!({"case": "7"})),
        ("instructions", json!("Be exact.")),
        ("tools", json!([])),
        ("tool_choice", json!("auto")),
        ("parallel_tool_calls", json!(true)),
        ("store", json!(true)),
        ("temperature", json!(1.0)),
        ("truncation", json!("disabled")),
        ("error", Value::Null),
        ("incomplete_details", Value::Null),
        ("previous_response_id", Value::Null),
        ("reasoning", json!({"effort": "medium", "summary": null})),
        ("service_tier", json!("default")),
    ] {
        assert_eq!(answer.get(name), Some(&expected), "{name}");
    }
    assert_eq!(answer["text"]["format"], body["text"]["format"]);
    assert_eq!(answer["text"]["verbosity"], "medium");
    let usage = &answer["usage"];
    let count = |name: &str| usage[name].as_u64().unwrap();
    assert_eq!(
        count("input_tokens") + count("output_tokens"),
        count("total_tokens")
    );
    assert!(
        usage["output_tokens_details"]["reasoning_tokens"]
            .as_u64()
            .unwrap()
            >= 64
    );
    assert!(
        usage["output_tokens_details"]["reasoning_tokens"]
            .as_u64()
            .unwrap()
            < count("output_tokens")
    );
}

#[test]
fn a_completion_is_complete() {
    let sim = Sim::start().unwrap();
    let body =
        json!({"model": "gpt-5.2", "n": 2, "messages": [{"role": "user", "content": "Hello."}]});
    let answer = post(&sim, CHAT, &body).json();
    let completion: Completion = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(&completion).unwrap(), answer);
    assert!(answer["id"].as_str().unwrap().starts_with("chatcmpl-"));
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["choices"][1]["index"], 1);
    assert_eq!(answer["choices"][0]["message"]["refusal"], Value::Null);
    assert!(
        answer["choices"][0]["message"]["content"]
            .as_str()
            .unwrap()
            .len()
            > 10
    );
    let usage = &answer["usage"];
    assert_eq!(
        usage["prompt_tokens"].as_u64().unwrap() + usage["completion_tokens"].as_u64().unwrap(),
        usage["total_tokens"].as_u64().unwrap()
    );
}

#[test]
fn ids_are_unique() {
    let sim = Sim::start().unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let answer = post(&sim, RESPONSES, &person("x")).json();
        assert!(
            ids.insert(answer["id"].to_string())
                && ids.insert(answer["output"][0]["id"].to_string())
        );
    }
}

#[test]
fn a_conversation_goes_on_from_a_stored_response() {
    let sim = Sim::start().unwrap();
    let tool = json!({"type": "function", "name": "find", "strict": true, "parameters": schemas::object(&json!({"id": {"type": "integer"}}))});
    let first = post(&sim, RESPONSES, &json!({"model": "gpt-5.2", "input": "Find 7.", "tools": [tool], "tool_choice": "required"})).json();
    let call = &first["output"][0];
    assert_eq!(call["type"], "function_call");

    let follow = |input: Value| json!({"model": "gpt-5.2", "previous_response_id": first["id"], "input": input, "tools": [tool]});
    let unanswered = post(&sim, RESPONSES, &follow(json!("And now?")));
    let message = format!(
        "No tool output found for function call {}.",
        call["call_id"].as_str().unwrap()
    );
    assert_eq!(
        (unanswered.status, unanswered.json()),
        (400, error(&message, Some("input"), None))
    );

    let output =
        json!([{"type": "function_call_output", "call_id": call["call_id"], "output": "found"}]);
    let second = post(&sim, RESPONSES, &follow(output)).json();
    assert_eq!(
        second["output"][0]["type"], "message",
        "after a tool's output comes a message"
    );
    assert_eq!(second["previous_response_id"], first["id"]);

    let gone = post(
        &sim,
        RESPONSES,
        &json!({"model": "gpt-5.2", "input": "x", "previous_response_id": "resp_gone"}),
    );
    let expected = error(
        "Previous response with id 'resp_gone' not found.",
        Some("previous_response_id"),
        Some("previous_response_not_found"),
    );
    assert_eq!((gone.status, gone.json()), (404, expected));

    let forgotten = post(
        &sim,
        RESPONSES,
        &json!({"model": "gpt-5.2", "input": "x", "store": false}),
    )
    .json();
    let again = json!({"model": "gpt-5.2", "input": "x", "previous_response_id": forgotten["id"]});
    assert_eq!(post(&sim, RESPONSES, &again).status, 404);
}

#[test]
fn the_same_seed_gives_the_same_answers() {
    for writer in [Writer::Plausible, Writer::Random] {
        let texts = |seed: u64, noise: bool| -> Vec<String> {
            let sim = Sim::builder().writer(writer).seed(seed).start().unwrap();
            (0..5)
                .map(|_| {
                    if noise {
                        post(&sim, RESPONSES, &person("something else"));
                    }
                    message(&post(&sim, RESPONSES, &person("Somebody.")).json()).to_owned()
                })
                .collect()
        };
        assert_eq!(
            texts(1, false),
            texts(1, true),
            "other requests in between change nothing"
        );
        assert_ne!(texts(1, false), texts(2, false));
        let first = texts(1, false);
        assert!(
            first.iter().any(|text| *text != first[0]),
            "the same request gets another answer the next time"
        );
    }
}

#[test]
fn requests_are_logged() {
    let sim = Sim::start().unwrap();
    request(
        &sim,
        "POST",
        RESPONSES,
        &[("x-test", "1")],
        person("x").to_string().as_bytes(),
    );
    request(&sim, "POST", CHAT, &[], b"not json");
    let log = sim.requests();
    assert_eq!(
        (log[0].method(), log[0].path(), log[0].status()),
        ("POST", RESPONSES, 200)
    );
    assert_eq!(log[0].json().unwrap(), person("x"));
    assert_eq!(log[0].header("X-Test"), Some("1"));
    assert_eq!((log[1].body(), log[1].status()), ("not json", 400));
    for _ in 0..1_050 {
        get(&sim, "/v1/models");
    }
    assert_eq!(sim.requests().len(), 1_000);
}

#[test]
fn only_loopback_unless_allowed() {
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let error = Sim::builder().addr(everywhere).start().unwrap_err();
    assert!(error.is_not_loopback(), "{error}");
    assert_eq!(
        error.to_string(),
        "0.0.0.0:0 can be reached from other machines; use a loopback address such as 127.0.0.1, or allow it explicitly"
    );
    let sim = Sim::builder()
        .addr(everywhere)
        .allow_public_addr()
        .start()
        .unwrap();
    assert_eq!(
        TcpStream::connect(("127.0.0.1", sim.addr().port()))
            .map(drop)
            .ok(),
        Some(())
    );
    let taken = Sim::builder()
        .addr(sim.addr())
        .allow_public_addr()
        .start()
        .unwrap_err();
    assert!(taken.is_listen(), "{taken}");
}

#[test]
fn a_dropped_server_is_gone() {
    let sim = Sim::start().unwrap();
    let addr = sim.addr();
    let idle = TcpStream::connect(addr).unwrap();
    drop(sim);
    drop(idle);
    assert!(TcpStream::connect(addr).is_err());
}

#[test]
fn many_clients_at_once() {
    let sim = Sim::builder().max_concurrent(4).start().unwrap();
    std::thread::scope(|scope| {
        for client in 0..32 {
            let sim = &sim;
            scope.spawn(move || {
                for turn in 0..5 {
                    assert_eq!(
                        post(sim, RESPONSES, &person(&format!("{client} {turn}"))).status,
                        200
                    );
                }
            });
        }
    });
    assert_eq!(sim.counts().answers, 160);
}
