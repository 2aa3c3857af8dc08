//! Answers are written down as they come, and what must not be kept is not.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use larkspur_client::{Client, Recorder};
use larkspur_output::Record;
use larkspur_sim::Sim;
use serde_json::json;

use crate::fixture::{Script, Server};
use crate::outputs::{Total, total};

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;
const BAD: &str = r#"{"amount": "one", "currency": "EUR"}"#;

/// A file in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn records(&self) -> Vec<Record> {
        Record::read_all(&self.text()).unwrap()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn client(server: &Server, recorder: &Recorder) -> Client {
    Client::builder()
        .base_url(&server.url)
        .api_key("sk-0123456789abcdef")
        .recorder(recorder.clone())
        .build()
        .unwrap()
}

#[tokio::test]
async fn all_attempts_are_written_with_model_and_schema() {
    let server = Server::start([Script::says(BAD), Script::says(GOOD)]);
    let memory = Memory::default();
    let recorder = Recorder::new(memory.clone());
    let request = client(&server, &recorder)
        .responses("gpt-5.2")
        .input("Total?");
    request.extract::<Total>().await.unwrap();
    let records = memory.records();
    let texts: Vec<_> = records.iter().map(|record| record.text.as_str()).collect();
    assert_eq!(texts, [BAD, GOOD]);
    for record in &records {
        assert_eq!(record.model.as_deref(), Some("gpt-5.2-2025-12-11"));
        assert_eq!(record.schema.as_deref(), Some("Total"));
    }
    assert_eq!(recorder.written(), 2);
    recorder.finish().unwrap();
}

#[tokio::test]
async fn what_is_made_in_the_background_and_in_a_batch_is_written() {
    let sim = Sim::start().unwrap();
    let memory = Memory::default();
    let recorder = Recorder::new(memory.clone());
    let client = Client::builder()
        .base_url(sim.base_url())
        .recorder(recorder.clone());
    let client = client.build().unwrap();
    let ask = || client.responses("gpt-5.2").input("Total?");
    let soon = Duration::from_millis(1);
    let mut job = ask().submit::<Total>().await.unwrap().poll_interval(soon);
    let answer = job.wait().await.unwrap();
    assert_eq!(recorder.written(), 1, "what is not there yet is no answer");
    let batch = client.submit_batch([ask(), ask()], &total()).await.unwrap();
    let rows = batch.poll_interval(soon).wait().await.unwrap();
    let mut expected = vec![answer.text];
    expected.extend(rows.into_iter().map(|row| row.unwrap().text));
    let records = memory.records();
    let mut texts: Vec<_> = records.iter().map(|record| record.text.clone()).collect();
    // A batch answers in any order.
    texts.sort();
    expected.sort();
    assert_eq!(texts, expected);
    for record in records {
        assert_eq!(record.model.as_deref(), Some("gpt-5.2-2025-12-11"));
        assert_eq!(record.schema.as_deref(), Some("Total"));
    }
}

#[tokio::test]
async fn keys_are_taken_out_and_masks_are_obeyed() {
    let said = r#"{"amount": 1, "currency": "sk-0123456789abcdef of Ada"}"#;
    let server = Server::start([Script::says(said)]);
    let memory = Memory::default();
    let recorder = Recorder::new(memory.clone()).mask(|text| Some(text.replace("Ada", "…")));
    let request = client(&server, &recorder).responses("m").input("x");
    request.extract::<Total>().await.unwrap();
    let texts: Vec<_> = memory
        .records()
        .into_iter()
        .map(|record| record.text)
        .collect();
    assert_eq!(texts, [r#"{"amount": 1, "currency": "[secret] of …"}"#]);

    let memory = Memory::default();
    let recorder =
        Recorder::new(memory.clone()).mask(|text| (!text.contains("Ada")).then(|| text.to_owned()));
    let request = client(&server, &recorder).responses("m").input("x");
    request.extract::<Total>().await.unwrap();
    assert_eq!((memory.text().as_str(), recorder.written()), ("", 0));
    assert!(!format!("{recorder:?}").contains("Ada"));
}

#[tokio::test]
async fn what_is_not_whole_is_not_written() {
    let cut = json!({"id": "resp_1", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "{\"amount\"", "annotations": []}]}]});
    let refused = json!({"id": "resp_1", "status": "completed", "output": [
        {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}]});
    for response in [cut, refused] {
        let server = Server::start([Script::json(200, &response)]);
        let memory = Memory::default();
        let recorder = Recorder::new(memory.clone());
        let request = client(&server, &recorder).responses("m").input("x");
        assert!(request.extract::<Total>().await.is_err());
        assert_eq!(memory.text(), "");
    }
}

/// Takes one write and no more.
struct Full(bool);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::mem::replace(&mut self.0, true) {
            return Err(io::Error::new(
                io::ErrorKind::StorageFull,
                "the disk is full",
            ));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_failing_sink_costs_no_answer_and_is_told() {
    let server = Server::start([Script::says(GOOD)]);
    let recorder = Recorder::new(Full(false));
    let client = client(&server, &recorder);
    for _ in 0..3 {
        let reply = client.responses("m").input("x").extract::<Total>().await;
        assert!(reply.is_ok());
    }
    assert_eq!(recorder.written(), 1);
    assert_eq!(
        recorder.finish().unwrap_err().to_string(),
        "the disk is full"
    );
    recorder.finish().unwrap();
}
