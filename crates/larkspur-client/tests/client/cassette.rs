//! What was recorded is played again, without a network and without secrets.

use std::io::Write;
use std::sync::{Arc, Mutex};

use larkspur_client::{Cassette, Client, Delta, Provider};
use larkspur_sim::{Fault, Sim};
use serde_json::{Value, json};

use crate::fixture::{Script, Server, fast};
use crate::outputs::Total;

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;

/// A file in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A client without a server.
fn player(lines: &str) -> Client {
    let cassette = Cassette::replay(lines).unwrap();
    let builder = Client::builder().cassette(cassette).retry(fast());
    builder.build().unwrap()
}

#[tokio::test]
async fn typed_answers_retries_and_streams_come_again_as_they_were() {
    let sim = Sim::builder()
        .fault_times(Fault::RateLimit, 1)
        .start()
        .unwrap();
    let memory = Memory::default();
    let recording = Cassette::record(memory.clone());
    let client = Client::builder()
        .base_url(sim.base_url())
        .retry(fast())
        .cassette(recording.clone())
        .build()
        .unwrap();
    let mut said = Vec::new();
    for client in [client, player(&memory.text())] {
        // What was recorded before is not in the second client yet.
        let client = if said.is_empty() {
            client
        } else {
            player(&memory.text())
        };
        let reply = client
            .responses("gpt-5.2")
            .input("Total?")
            .extract::<Total>()
            .await
            .unwrap();
        assert_eq!(reply.attempts().len(), 2);
        let mut stream = client
            .chat("gpt-5.2")
            .input("Total?")
            .stream::<Total>()
            .await
            .unwrap();
        let mut pieces = Vec::new();
        while let Some(delta) = stream.next().await.unwrap() {
            if let Delta::Text(text) = delta {
                pieces.push(text);
            }
        }
        let streamed = stream.answer().await.unwrap();
        let models = client.models().await.unwrap().data.len();
        said.push((reply.text, reply.value, pieces, streamed.text, models));
    }
    assert_eq!(said[0], said[1]);
    assert_eq!((recording.len(), memory.lines().len()), (4, 4));
    recording.finish().unwrap();
}

#[tokio::test]
async fn nothing_secret_is_written() {
    let echo = json!({"error": {"message": "no such key: sk-planted-7f3a9c", "code": "azure-planted-51d0"}});
    let streamed = "data: {\"type\": \"error\", \"message\": \"sk-planted-7f3a9c\"}\n\n";
    for (script, streams) in [
        (Script::json(401, &echo), false),
        (
            Script::says("sk-planted-7f3a9c").header("x-request-id", "sk-planted-7f3a9c"),
            false,
        ),
        (Script::text(200, "text/event-stream", streamed), true),
    ] {
        let script = script.header("set-cookie", "session=planted-cookie");
        let server = Server::start([script]);
        let memory = Memory::default();
        let client = Client::builder()
            .base_url(&server.url)
            .api_key("sk-planted-7f3a9c")
            .header("api-key", "azure-planted-51d0")
            .header("cookie", "session=planted-cookie")
            .cassette(Cassette::record(memory.clone()))
            .build()
            .unwrap();
        let request = client.responses("m").input("Is sk-planted-7f3a9c my key?");
        if streams {
            let _ = request.stream::<Total>().await.unwrap().answer().await;
        } else {
            let _ = request.extract::<Total>().await;
        }
        let text = memory.text();
        assert!(!text.is_empty());
        for secret in ["planted", "authorization", "cookie", "api-key", "Bearer"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        // It is found again all the same, by who has the key.
        let cassette = Cassette::replay(&text).unwrap();
        let again = Client::builder()
            .api_key("sk-planted-7f3a9c")
            .cassette(cassette.clone());
        let request = again
            .build()
            .unwrap()
            .responses("m")
            .input("Is sk-planted-7f3a9c my key?");
        if !streams {
            let error = request.reask(0).extract::<Total>().await.unwrap_err();
            assert!(!error.is_not_recorded(), "{error}");
        }
    }
}

#[tokio::test]
async fn what_was_not_recorded_says_what_was() {
    let memory = Memory::default();
    let server = Server::start([Script::says(GOOD)]);
    let client = server.builder().cassette(Cassette::record(memory.clone()));
    let client = client.build().unwrap();
    client
        .responses("gpt-5.2")
        .input("Total?")
        .send()
        .await
        .unwrap();
    client
        .responses("gpt-5.2")
        .input("A poem")
        .temperature(0.5)
        .send()
        .await
        .unwrap();

    let said = async |request: larkspur_client::ResponsesRequest| {
        let error = request.send().await.unwrap_err();
        assert!(error.is_not_recorded());
        assert_eq!(error.attempts().len(), 1, "nothing is sent again");
        error.to_string()
    };
    let player = player(&memory.text());
    assert_eq!(
        said(player.responses("gpt-5.2").input("Sum?")).await,
        r#"this POST responses was not recorded; the nearest is line 1, which differs at /input: recorded "Total?", asked for "Sum?""#
    );
    assert_eq!(
        said(player.responses("gpt-5.1").input("A song").temperature(0.5)).await,
        r#"this POST responses was not recorded; the nearest is line 2, which differs at /model: recorded "gpt-5.2", asked for "gpt-5.1", and in 1 more places"#
    );
    player
        .responses("gpt-5.2")
        .input("Total?")
        .send()
        .await
        .unwrap();
    assert_eq!(
        said(player.responses("gpt-5.2").input("Total?")).await,
        "this POST responses was recorded once, and is asked for once more"
    );
    let error = player.chat("gpt-5.2").input("x").send().await.unwrap_err();
    assert_eq!(error.to_string(), "no POST chat/completions was recorded");
}

#[tokio::test]
async fn members_have_no_order_and_blank_lines_mean_nothing() {
    let body = json!({"id": "r", "status": "completed", "output": []}).to_string();
    let line = |request: &str| {
        format!(
            r#"{{"method":"POST","path":"responses","request":{request},"status":200,"headers":{{}},"body":[{}]}}"#,
            json!(body)
        )
    };
    let lines = format!("\n{}\n\n", line(r#"{"input": "x", "model": "m"}"#));
    player(&lines)
        .responses("m")
        .input("x")
        .send()
        .await
        .unwrap();
}

#[test]
fn what_is_no_cassette_is_refused() {
    for (text, expected) in [
        (
            "{}",
            "line 1 of the cassette is no exchange: missing field `method` at line 1 column 2",
        ),
        (
            "\nx",
            "line 2 of the cassette is no exchange: expected value at line 1 column 1",
        ),
    ] {
        let error = Cassette::replay(text).unwrap_err();
        assert!(error.is_config());
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn broken_connections_break_again() {
    let sim = Sim::builder().fault(Fault::Cut).start().unwrap();
    let memory = Memory::default();
    let client = Client::builder()
        .provider(Provider::openai())
        .base_url(sim.base_url())
        .retry(fast())
        .cassette(Cassette::record(memory.clone()))
        .build()
        .unwrap();
    let fails = async |client: Client| {
        let stream = client
            .responses("gpt-5.2")
            .input("Total?")
            .stream::<Total>();
        let error = stream.await.unwrap().answer().await.unwrap_err();
        assert!(error.is_broken(), "{error}");
    };
    fails(client).await;
    fails(player(&memory.text())).await;
}
