//! Everything that can go wrong on the way, each with its error.

use std::net::TcpListener;
use std::time::Duration;

use larkspur_client::retry::StopReason;
use larkspur_client::{Client, Error};
use serde_json::json;

use crate::fixture::{Script, Server, fast, response};

const WRONG_KEY: &str = "Incorrect API key provided: sk-test***key. You can find your API key at https://platform.openai.com/account/api-keys.";

async fn fails_with(scripts: impl IntoIterator<Item = Script>) -> Error {
    let client = Server::start(scripts).client();
    client
        .responses("gpt-5.2")
        .input("hi")
        .send()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn wrong_key() {
    let body = json!({"error": {"message": WRONG_KEY, "type": "invalid_request_error", "param": null, "code": "invalid_api_key"}});
    let error = fails_with([Script::json(401, &body)]).await;
    assert!(error.is_status());
    assert_eq!(error.status(), Some(401));
    assert_eq!(error.code(), Some("invalid_api_key"));
    assert_eq!(error.param(), None);
    assert_eq!(error.message(), Some(WRONG_KEY));
    assert_eq!(error.request_id(), Some("req_1"));
    assert_eq!(error.stop_reason(), Some(StopReason::Hopeless));
    assert_eq!(error.attempts().len(), 1);
    insta::assert_snapshot!(error, @"the server answered 401 (invalid_api_key): Incorrect API key provided: sk-test***key. You can find your API key at https://platform.openai.com/account/api-keys [request req_1]; check the key, and that it belongs to this base URL");
}

#[tokio::test]
async fn refused_schema() {
    let error = fails_with([Script::error(400, "invalid_json_schema")]).await;
    assert_eq!((error.status(), error.param()), (Some(400), Some("input")));
    insta::assert_snapshot!(error, @"the server answered 400 (invalid_json_schema) about `input`: Something is wrong [request req_1]");
}

#[tokio::test]
async fn foreign_error_bodies() {
    let message = |body: &'static str| async move {
        let error = fails_with([Script::text(400, "application/json", body)]).await;
        assert_eq!(error.body(), Some(body));
        error.to_string()
    };
    assert_eq!(
        message(r#"{"error": "bare"}"#).await,
        "the server answered 400: bare [request req_1]"
    );
    assert_eq!(
        message(r#"{"error": {"message": "m", "code": 400}}"#).await,
        "the server answered 400 (400): m [request req_1]"
    );
    assert_eq!(
        message(r#"{"detail": "no"}"#).await,
        "the server answered 400: no [request req_1]"
    );
    assert_eq!(
        message("").await,
        "the server answered 400 with an empty body [request req_1]"
    );
    assert_eq!(
        message("plain\n text").await,
        "the server answered 400: plain text [request req_1]"
    );
}

#[tokio::test]
async fn html_instead_of_json() {
    let page = format!(
        "<!DOCTYPE html><html><title>Bad gateway</title>{}</html>",
        "x".repeat(300)
    );
    for status in [200, 404, 400] {
        let error = fails_with([Script::text(status, "text/html", &page)]).await;
        assert_eq!(error.is_decode(), status == 200);
        assert_eq!(error.body(), Some(page.as_str()));
        let message = error.to_string();
        assert!(message.contains("<title>Bad gateway</title>"), "{message}");
        assert!(
            message.ends_with("check the base URL and any proxy on the way"),
            "{message}"
        );
        assert!(message.len() < 500, "{message}");
    }
}

#[tokio::test]
async fn good_status_with_a_body_that_is_no_answer() {
    let message = |content_type: &'static str, body: &'static str| async move {
        let error = fails_with([Script::text(200, content_type, body)]).await;
        assert!(error.is_decode(), "{error:?}");
        assert_eq!(
            error.attempts().len(),
            1,
            "an answer is not asked for twice: it was billed"
        );
        assert!(!error.cost().is_complete());
        error.to_string()
    };
    let json = "application/json";
    assert_eq!(
        message(json, "").await,
        "the answer cannot be read: the body is empty [request req_1]"
    );
    insta::assert_snapshot!(message(json, "{\"id\": ").await, @r#"the answer cannot be read: the body is not JSON: EOF while parsing a value at line 1 column 7 (application/json): {"id": [request req_1]"#);
    insta::assert_snapshot!(message(json, "[]").await, @"the answer cannot be read: this JSON is no answer of the responses API: invalid type: sequence, expected a JSON object (Response) at line 1 column 0 (application/json): [] [request req_1]");
    insta::assert_snapshot!(message(json, "{\"ok\": true}").await, @r#"the answer cannot be read: this JSON is no answer of the responses API (application/json): {"ok": true} [request req_1]"#);
    insta::assert_snapshot!(message("text/plain", "pong").await, @"the answer cannot be read: the body is not JSON: expected value at line 1 column 1 (text/plain): pong [request req_1]");
    insta::assert_snapshot!(message("text/event-stream", "event: x\n\n").await, @"the answer cannot be read: the server streams events although none were asked for [request req_1]");
}

#[tokio::test]
async fn bytes_that_are_no_text() {
    let deep = "[".repeat(100_000);
    let error = fails_with([Script::text(200, "application/json", &deep)]).await;
    assert!(error.is_decode(), "{error}");
    assert!(error.body().is_some_and(|body| body.len() <= 64 * 1024));
    let nested = format!(r#"{{"id": "r", "output": {deep}"#);
    assert!(
        fails_with([Script::text(200, "application/json", &nested)])
            .await
            .is_decode()
    );
}

#[tokio::test]
async fn a_wrong_content_type_does_not_spoil_a_good_body() {
    let server = Server::start([Script::text(200, "text/plain", &response("hi").to_string())]);
    let sent = server.client().responses("m").send().await.unwrap();
    assert_eq!(sent.response.output_text(), "hi");
}

#[tokio::test]
async fn oversized_bodies() {
    let server = Server::start([Script::says(&"x".repeat(10_000))]);
    let client = server.builder().max_response_bytes(5_000).build().unwrap();
    let error = client.responses("m").send().await.unwrap_err();
    assert!(error.is_too_large());
    assert_eq!(
        server.received().len(),
        1,
        "it would be as long the next time"
    );
    insta::assert_snapshot!(error, @"the answer is longer than 5000 bytes [request req_1]; raise the client's `max_response_bytes`");
    let error = fails_with([Script::text(400, "text/plain", &"x".repeat(1_000_000))]).await;
    assert_eq!(error.body().unwrap().len(), 64 * 1024);
    assert!(error.to_string().len() < 400);
}

#[tokio::test]
async fn dead_port() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = Client::builder()
        .base_url(format!("http://{address}/v1"))
        .retry(fast())
        .build()
        .unwrap();
    let error = client.responses("m").send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(error.attempts().len(), 3);
    assert!(
        error.cost().is_complete(),
        "what never arrived cost nothing"
    );
    let message = error.to_string();
    assert!(
        message.starts_with(&format!("no connection to {address}: ")),
        "{message}"
    );
    assert!(
        message.ends_with(&format!("; is a server running at {address}?")),
        "{message}"
    );
}

#[tokio::test]
async fn broken_connections() {
    for script in [Script::Close, Script::Torn(r#"{"id": "resp_1""#.into())] {
        let server = Server::start([script]);
        let error = server.client().responses("m").send().await.unwrap_err();
        assert!(error.is_broken(), "{error:?}");
        assert_eq!(server.received().len(), 3);
        assert!(!error.cost().is_complete(), "it may have been billed");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing() {
    let server = Server::start([Script::Hang]);
    let client = server
        .builder()
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.responses("m").send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.attempts().len(), 3);
    insta::assert_snapshot!(error, @"no answer within 0.05 s; raise the client's `timeout`, or lower effort or length");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let error = fails_with([
        Script::text(302, "text/plain", "").header("location", "http://127.0.0.1:9/elsewhere")
    ])
    .await;
    assert_eq!(error.status(), Some(302));
    insta::assert_snapshot!(error, @"the server answered 302 with an empty body [request req_1]; the base URL redirects to http://127.0.0.1:9/elsewhere; redirects are not followed");
}

#[tokio::test]
async fn the_list_of_models() {
    let list = json!({"object": "list", "data": [{"id": "gpt-5.2", "object": "model", "created": 1, "owned_by": "openai"}]});
    let server = Server::start([Script::error(500, "server_error"), Script::json(200, &list)]);
    assert_eq!(
        server.client().models().await.unwrap().data[0].id,
        "gpt-5.2"
    );
    assert_eq!(server.received()[0].line, "GET /v1/models HTTP/1.1");
    let error = Server::start([Script::text(200, "text/html", "<html>")])
        .client()
        .models()
        .await
        .unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    let error = Server::start([Script::json(200, &json!({"news": []}))])
        .client()
        .models()
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @r#"the answer cannot be read: this is not a list of models: missing field `data` (application/json): {"news":[]} [request req_1]"#);
    let error = Server::start([Script::error(401, "invalid_api_key")])
        .client()
        .models()
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(401));
}
