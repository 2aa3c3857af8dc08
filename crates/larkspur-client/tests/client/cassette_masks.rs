//! What else must not stand on a tape, beside keys.

use std::io::Write;
use std::sync::{Arc, Mutex};

use larkspur_client::{Cassette, Client, ResponsesRequest};
use larkspur_output::OutputType as _;
use larkspur_sim::Sim;
use serde_json::json;

use crate::fixture::{Script, Server, fast, response};
use crate::outputs::Total;

/// A file in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
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

fn masked(cassette: Cassette) -> Cassette {
    let cassette = cassette.mask(|text| text.replace("Ada Lovelace", "A Person"));
    cassette.mask_fields(["metadata", "safety_identifier", "phone"])
}

fn client(url: &str, cassette: Cassette) -> Client {
    let builder = Client::builder().base_url(url).retry(fast());
    builder.cassette(cassette).build().unwrap()
}

fn request(client: &Client) -> ResponsesRequest {
    let request = client
        .responses("gpt-5.2")
        .input("What does Ada Lovelace owe?");
    let request = request.metadata("ward", "planted-ward");
    let request = request.safety_identifier("planted-user");
    let contact =
        json!({"phone": 4_915_112_345_u64, "more": {"phone": ["planted-number", null, true]}});
    request.extra("contact", contact)
}

#[tokio::test]
async fn masked_fields_and_texts_are_nowhere_and_are_found_again() {
    let mut answer = response(r#"{"amount": 1, "currency": "Ada Lovelace"}"#);
    answer["metadata"] = json!({"ward": "planted-ward"});
    answer["output"][1]["phone"] = json!("planted-number");
    let answer = Script::json(200, &answer).header("retry-after", "Ada Lovelace");
    let server = Server::start([answer]);
    let memory = Memory::default();
    let recording = client(&server.url, masked(Cassette::record(memory.clone())));
    let reply = request(&recording).extract::<Total>().await.unwrap();
    assert_eq!(reply.value.currency, "Ada Lovelace", "who records sees it");

    let text = memory.text();
    for secret in ["Lovelace", "planted", "4915112345"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        line["request"]["contact"],
        json!({"phone": 0, "more": {"phone": ["[masked]", null, false]}})
    );
    assert_eq!(line["request"]["metadata"]["ward"], "[masked]");

    // With the same masks it is played, and without them it is not found.
    let player = client(&server.url, masked(Cassette::replay(&text).unwrap()));
    let again = request(&player).extract::<Total>().await.unwrap();
    assert_eq!(
        (again.value.amount, again.value.currency.as_str()),
        (1.0, "A Person")
    );
    let player = client(&server.url, Cassette::replay(&text).unwrap());
    let error = request(&player).extract::<Total>().await.unwrap_err();
    assert!(error.is_not_recorded(), "{error}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn fields_are_masked_in_streams_and_files_too() {
    let sim = Sim::start().unwrap();
    let memory = Memory::default();
    let recording = client(sim.base_url(), masked(Cassette::record(memory.clone())));
    let streamed = async |client: &Client| {
        let request = client
            .responses("gpt-5.2")
            .input("Total?")
            .metadata("ward", "planted-ward");
        let stream = request.stream::<Total>().await.unwrap();
        stream.answer().await.unwrap().into_reply().unwrap().text
    };
    let text = streamed(&recording).await;
    let output = larkspur_output::json::<Total>();
    let output = output.prepare(recording.target()).unwrap();
    let row = request(&recording).input("A row");
    recording.submit_batch([row], &output).await.unwrap();

    let tape = memory.text();
    assert!(tape.contains("response.created") && tape.contains("row-0"));
    for secret in ["planted", "4915112345"] {
        assert!(!tape.contains(secret), "{secret} in {tape}");
    }
    let player = client(sim.base_url(), masked(Cassette::replay(&tape).unwrap()));
    assert_eq!(streamed(&player).await, text);
}

#[tokio::test]
async fn without_something_to_mask_nothing_changes() {
    let record = async |mask: fn(Cassette) -> Cassette| {
        let server = Server::start([Script::says(r#"{"amount": 1.50, "currency": "EUR"}"#)]);
        let memory = Memory::default();
        let client = client(&server.url, mask(Cassette::record(memory.clone())));
        client
            .responses("m")
            .input("data: [1.50]\n{}")
            .send()
            .await
            .unwrap();
        memory.text()
    };
    assert_eq!(record(masked).await, record(|cassette| cassette).await);
}
