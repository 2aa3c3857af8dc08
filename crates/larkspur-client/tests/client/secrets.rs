//! The key is planted everywhere a server or a user could bring it up, and must not come out.

use std::sync::{Arc, Mutex};

use larkspur_client::{Client, Conversation, Effort, Error, Provider};
use serde_json::json;

use crate::fixture::{Script, Server};
use crate::outputs::{Total, total};
use crate::tool_runs::counting;

const KEY: &str = "sk-planted-7f3a9c";
const OTHER: &str = "azure-planted-51d0";

fn client(url: &str) -> Client {
    Client::builder()
        .base_url(url)
        .api_key(KEY)
        .header("api-key", OTHER)
        .retry(crate::fixture::fast())
        .build()
        .unwrap()
}

#[track_caller]
fn clean(text: &str) {
    assert!(!text.contains("planted"), "{text}");
}

#[track_caller]
fn clean_error(error: &Error) {
    clean(&format!(
        "{error}\n{error:?}\n{error:#?}\n{:?}\n{:?}\n{:?}",
        error.body(),
        error.message(),
        error.hint()
    ));
    clean(&serde_json::to_string(error.ledger()).unwrap());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        clean(&format!("{cause} {cause:?}"));
        source = cause.source();
    }
}

#[test]
fn nothing_that_is_printed_has_the_key() {
    let builder = Client::builder().api_key(KEY).header("api-key", OTHER);
    clean(&format!("{builder:?}"));
    let client = client("http://127.0.0.1:9/v1");
    clean(&format!("{client:?} {client:#?}"));
    clean(&format!(
        "{:?} {:?}",
        client.responses("m").input("x"),
        client.chat("m").input("x")
    ));
    let kept = (
        client.stored_response("resp_1"),
        client.stored_conversation("conv_1"),
        client.background("resp_1", &total()),
        client.batch("batch_1", &total()).unwrap(),
        Conversation::new(client.responses("m")),
        client
            .responses("m")
            .or_else(&client, "n")
            .run_tools([counting("lookup").0]),
    );
    clean(&format!("{kept:?} {kept:#?}"));
    for provider in [Provider::anthropic(), Provider::gemini()] {
        let builder = Client::builder().provider(provider).api_key(KEY);
        clean(&format!(
            "{builder:?} {:?}",
            builder.clone().build().unwrap()
        ));
    }
}

#[tokio::test]
async fn a_server_that_echoes_the_key_does_not_spread_it() {
    let echo = format!("no such key: {KEY} or {OTHER}");
    let body = json!({"error": {"message": echo, "param": KEY, "code": OTHER, "type": KEY, "more": {"deep": KEY}}});
    for script in [
        Script::json(401, &body),
        Script::text(400, "text/html", &format!("<html>{echo}")),
        Script::text(200, "text/plain", &echo),
        Script::json(200, &json!(KEY)),
        Script::json(200, &json!({"output": KEY})),
        Script::json(
            200,
            &json!({"status": "failed", "error": {"message": echo, "code": KEY}}),
        ),
        Script::json(200, &json!({"status": KEY, "model": KEY})),
        Script::text(302, "text/plain", "")
            .header("location", &format!("http://127.0.0.1/?key={KEY}")),
        Script::json(400, &json!({})).header("x-request-id", KEY),
        Script::text(429, KEY, "")
            .header("retry-after", KEY)
            .header("x-should-retry", KEY),
        Script::Torn(echo.clone()),
        Script::Close,
    ] {
        let server = Server::start([script]);
        clean_error(
            &client(&server.url)
                .responses("m")
                .input("x")
                .extract::<Total>()
                .await
                .unwrap_err(),
        );
        clean_error(&client(&server.url).models().await.unwrap_err());
        assert_eq!(
            server.received()[0].header("authorization"),
            Some(format!("Bearer {KEY}").as_str())
        );
        assert_eq!(server.received()[0].header("api-key"), Some(OTHER));
    }
}

/// Google's errors and answers bring the key up elsewhere.
#[tokio::test]
async fn a_server_of_google_that_echoes_the_key_does_not_spread_it() {
    let echo = format!("API key {KEY} not valid.");
    let body = json!({"error": {"code": 400, "message": echo, "status": KEY, "details": [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "metadata": {"key": KEY}}]}});
    let failed = json!({"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": echo}],
                        "modelVersion": KEY, "responseId": KEY});
    for script in [
        Script::json(400, &body),
        Script::json(200, &failed),
        Script::json(200, &json!({"candidates": KEY})),
        Script::text(200, "text/event-stream", &format!("data: {body}\n\n")),
        Script::text(200, "text/event-stream", &format!("data: {failed}\n\n")),
    ] {
        let server = Server::start([script]);
        let client = Client::builder()
            .provider(Provider::gemini())
            .base_url(&server.url)
            .api_key(KEY)
            .retry(crate::fixture::fast())
            .build()
            .unwrap();
        let request = || client.generate_content("gemini-3-pro").input("x");
        clean_error(&request().extract::<Total>().await.unwrap_err());
        clean_error(&request().count_tokens().await.unwrap_err());
        let streamed = match request().stream::<Total>().await {
            Ok(stream) => stream.answer().await.map(|answer| answer.text),
            Err(error) => Err(error),
        };
        clean_error(&streamed.unwrap_err());
        for received in server.received() {
            assert_eq!(received.header("x-goog-api-key"), Some(KEY));
            assert!(!received.line.contains(KEY), "{}", received.line);
        }
    }
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_hold_neither_key_nor_content() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole program: what is logged on other threads must be as clean.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let server = Server::start([
        Script::error(500, "server_error"),
        Script::says("a private answer"),
    ]);
    let request = client(&server.url)
        .responses("gpt-5.2")
        .effort(Effort::Minimal)
        .input("a private question");
    request.reask(0).extract::<Total>().await.unwrap_err();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    clean(&log);
    assert!(!log.contains("private"), "{log}");
    for expected in [
        "gen_ai.operation.name",
        "retry",
        "gen_ai.usage.input_tokens=100",
        "does not accept effort",
    ] {
        assert!(log.contains(expected), "{expected} in {log}");
    }
}

#[tokio::test]
async fn a_dead_port_does_not_bring_it_up() {
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    clean_error(
        &client(&format!("http://{address}/v1"))
            .responses("m")
            .send()
            .await
            .unwrap_err(),
    );
}
