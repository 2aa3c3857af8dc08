//! What each server is known for: where it is, and what it spells in its own way.

use larkspur_client::wire::chat::{Message, ToolCall};
use larkspur_client::{Client, Provider, RetryPolicy};
use serde_json::{Value, json};

use crate::fixture::{Script, Server};
use crate::outputs::{Total, total};

fn client(provider: Provider) -> Client {
    Client::builder().provider(provider).build().unwrap()
}

#[test]
fn each_provider_is_where_it_says() {
    for (provider, url) in [
        (Provider::openai(), "https://api.openai.com/v1"),
        (Provider::cometapi(), "https://api.cometapi.com/v1"),
        (Provider::openrouter(), "https://openrouter.ai/api/v1"),
        (Provider::anthropic(), "https://api.anthropic.com/v1"),
        (
            Provider::gemini(),
            "https://generativelanguage.googleapis.com/v1beta",
        ),
        (Provider::vllm(), "http://127.0.0.1:8000/v1"),
        (Provider::sglang(), "http://127.0.0.1:30000/v1"),
        (Provider::llama_cpp(), "http://127.0.0.1:8080/v1"),
        (Provider::ollama(), "http://127.0.0.1:11434/v1"),
    ] {
        assert_eq!(client(provider).base_url(), url);
    }
    let error = Client::builder().provider(Provider::azure()).build();
    let error = error.unwrap_err().to_string();
    assert!(error.contains("this provider needs a base URL"), "{error}");
}

/// The format and the bounds of a request to Chat.
fn spelled(request: &Value) -> Value {
    let schema = |path| request.pointer(path).is_some_and(Value::is_object);
    json!({
        "type": request.pointer("/response_format/type"),
        "inside": schema("/response_format/json_schema/schema"),
        "beside": schema("/response_format/schema"),
        "old": request["max_tokens"],
        "new": request["max_completion_tokens"],
    })
}

fn of_openai() -> Value {
    json!({"type": "json_schema", "inside": true, "beside": false, "old": null, "new": 50})
}

fn of_llama_cpp() -> Value {
    json!({"type": "json_object", "inside": false, "beside": true, "old": 50, "new": null})
}

#[test]
fn schemas_and_bounds_are_spelled_as_the_server_reads_them() {
    let of_ollama =
        json!({"type": "json_schema", "inside": true, "beside": false, "old": 50, "new": null});
    for (provider, expected) in [
        (Provider::openai(), of_openai()),
        (Provider::vllm(), of_openai()),
        (Provider::llama_cpp(), of_llama_cpp()),
        (Provider::ollama(), of_ollama),
    ] {
        let request = client(provider).chat("m").input("x").max_output_tokens(50);
        let request = request.build_for(&total());
        assert_eq!(spelled(&serde_json::to_value(request).unwrap()), expected);
    }
}

#[tokio::test]
async fn who_takes_no_json_schema_is_told_apart() {
    for (status, message, is_told) in [
        (500, "Input should be 'text' or 'json_object'", true),
        (422, "Input should be 'text' or 'json_object'", true),
        (401, "Input should be 'text' or 'json_object'", false),
        (500, "Input should be an object", false),
    ] {
        let body = json!({"error": {"message": message, "type": "internal_server_error"}});
        let server = Server::start([Script::json(status, &body)]);
        let client = server.builder().retry(RetryPolicy::none()).build();
        let request = client.unwrap().chat("smollm2").input("Total?");
        let error = request.extract::<Total>().await.unwrap_err();
        let hint = error.hint().unwrap_or_default();
        assert_eq!(hint.contains("`Provider::llama_cpp()`"), is_told, "{hint}");
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn a_bound_that_is_set_by_hand_stays() {
    for provider in [Provider::openai(), Provider::llama_cpp()] {
        let request = client(provider).chat("m").extra("max_tokens", json!(7));
        let request = serde_json::to_value(request.build()).unwrap();
        assert_eq!(
            request,
            json!({"model": "m", "messages": [], "max_tokens": 7})
        );
    }
}

#[tokio::test]
async fn the_next_server_gets_the_request_in_its_own_spelling() {
    let good = json!({"id": "c", "choices": [{"finish_reason": "stop",
        "message": {"role": "assistant", "content": "{\"amount\": 1, \"currency\": \"EUR\"}"}}]});
    let (first, second) = (
        Server::start([Script::Close]),
        Server::start([Script::json(200, &good)]),
    );
    let local = second.builder().provider(Provider::llama_cpp());
    let request = first.client().chat("gpt-5.2").input("Total?");
    let request = request
        .max_output_tokens(50)
        .or_else(&local.build().unwrap(), "smollm2");
    request.extract::<Total>().await.unwrap();
    assert_eq!(spelled(&first.received()[0].json()), of_openai());
    assert_eq!(spelled(&second.received()[0].json()), of_llama_cpp());
}

#[test]
fn calls_go_back_with_a_text_where_none_is_refused() {
    for (provider, content) in [
        (Provider::openai(), Value::Null),
        (Provider::llama_cpp(), json!("")),
    ] {
        let call = ToolCall::function("call_1", "save", "{}");
        let said = [Message::calls(vec![call]), Message::tool("call_1", "saved")];
        let request = client(provider).chat("m").messages(said).build();
        let request = serde_json::to_value(request).unwrap();
        assert_eq!(request["messages"][0]["content"], content);
        assert_eq!(request["messages"][1]["content"], "saved");
    }
}
