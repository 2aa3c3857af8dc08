//! What really goes over the wire, of everything that the client asks a server for: each request has a path that the specification has, and
//! the body that belongs there. What the server makes of it is no matter here.

use std::time::Duration;

use larkspur_client::wire::chat::Message;
use larkspur_client::wire::responses::InputItem;
use larkspur_client::{
    ChatRequest, Client, Conversation, OpenAi, RequestBuilder, ResponsesRequest,
};
use larkspur_sim::{ReceivedRequest, Sim};
use proptest::prelude::*;
use serde_json::Value;

use super::outputs::invoice;
use super::specification::{
    BATCH, Body, CHAT, COMPACT, CONVERSATION, COUNT, ITEMS, LINE, RESPONSES,
};
use super::steps::{self, Own, Step};

/// What a request carries.
enum Carried {
    Nothing,
    Json(&'static Body),
    /// A form with the file of a batch.
    Form,
}

/// What is done to what a server keeps.
#[derive(Debug, Clone)]
enum Act {
    Answer,
    Conversation {
        begun: Vec<InputItem>,
        added: Vec<InputItem>,
    },
    Stored,
    Short,
    Background {
        cancelled: bool,
        streamed: bool,
    },
    Batch {
        chat: bool,
        count: usize,
    },
    Kept(u64),
    Models,
}

fn act() -> impl Strategy<Value = Act> {
    let items = || prop::collection::vec(steps::items(), 0..8).prop_map(|items| items.concat());
    prop_oneof![
        (items(), items()).prop_map(|(begun, added)| Act::Conversation { begun, added }),
        Just(Act::Answer),
        Just(Act::Stored),
        Just(Act::Short),
        (any::<bool>(), any::<bool>()).prop_map(|(cancelled, streamed)| Act::Background {
            cancelled,
            streamed
        }),
        (any::<bool>(), 1..4_usize).prop_map(|(chat, count)| Act::Batch { chat, count }),
        (0..100_u64).prop_map(Act::Kept),
        Just(Act::Models),
    ]
}

/// One request to each, whatever comes of it.
struct Asked<'a> {
    client: &'a Client,
    steps: &'a [Step],
    own: &'a [Own],
    messages: &'a [Message],
}

impl Asked<'_> {
    fn responses(&self) -> ResponsesRequest {
        let request = self.client.responses("gpt-5.2").input("x");
        steps::take(steps::take_own(request, self.own), self.steps)
    }

    fn chat(&self) -> ChatRequest {
        let request = self.client.chat("gpt-5.2").messages(self.messages.to_vec());
        steps::take(request.input("x"), self.steps)
    }

    async fn carry_out(&self, act: Act) {
        let client = self.client;
        match act {
            Act::Conversation { begun, added } => {
                let Ok(stored) = client.create_conversation(begun).await else {
                    return;
                };
                let _ = stored.add(added).await;
                let request = self.responses().conversation(&stored);
                let _ = request.ask(&invoice()).await;
                let _ = stored.items().await;
                let _ = stored.delete().await;
            }
            Act::Answer => {
                let _ = self.responses().ask(&invoice()).await;
                let _ = self.chat().ask(&invoice()).await;
                if let Ok(stream) = self.chat().ask_streaming(&invoice()).await {
                    let _ = stream.answer().await;
                }
            }
            Act::Stored => {
                let sent = self.client.responses("gpt-5.2").input("x").send().await;
                let stored = client.stored_response(sent.unwrap().response.id);
                let _ = stored.input_items().await;
                let _ = stored.get().await;
                let _ = self
                    .responses()
                    .previous_response_id(stored.id())
                    .send()
                    .await;
                let _ = stored.delete().await;
            }
            Act::Short => {
                let _ = self.responses().compact().await;
                let _ = self.responses().count_input_tokens().await;
            }
            Act::Background {
                cancelled,
                streamed,
            } => self.background(cancelled, streamed).await,
            Act::Batch { chat: true, count } => self.batch(self.chat(), count).await,
            Act::Batch { chat: false, count } => self.batch(self.responses(), count).await,
            Act::Kept(above) => {
                let mut kept = Conversation::new(self.responses()).compact_above(above);
                for text in ["One?", "Two?"] {
                    let _ = kept.ask(text, &invoice()).await;
                }
            }
            Act::Models => drop(client.models().await.unwrap()),
        }
    }

    async fn background(&self, cancelled: bool, streamed: bool) {
        if streamed {
            if let Ok(stream) = self.responses().background().stream_with(&invoice()).await {
                let _ = stream.answer().await;
            }
            return;
        }
        let Ok(job) = self.responses().submit_with(&invoice()).await else {
            return;
        };
        let mut job = job.poll_interval(Duration::from_millis(1));
        if cancelled {
            let _ = job.cancel().await;
        }
        let _ = job.wait().await;
        let _ = job.delete().await;
    }

    async fn batch<A: OpenAi>(&self, request: RequestBuilder<A>, count: usize) {
        let requests = vec![request; count];
        let Ok(batch) = self.client.submit_batch(requests, &invoice()).await else {
            return;
        };
        let batch = batch.poll_interval(Duration::from_millis(1));
        let _ = batch.cancel().await;
        let _ = batch.wait().await;
        let _ = batch.delete_files().await;
    }
}

/// The operation of the specification that a request is, with what it carries and what may stand in its query.
fn operation(method: &str, path: &str) -> Option<(Carried, &'static [&'static str])> {
    const LIST: &[&str] = &["limit", "order", "after"];
    let json = Carried::Json;
    let segments: Vec<_> = path.trim_start_matches('/').split('/').collect();
    let found = match (method, segments.as_slice()) {
        ("POST", ["v1", "responses"]) => json(&RESPONSES),
        ("POST", ["v1", "responses", "compact"]) => json(&COMPACT),
        ("POST", ["v1", "responses", "input_tokens"]) => json(&COUNT),
        ("GET", ["v1", "responses", _]) => {
            return Some((Carried::Nothing, &["stream", "starting_after"]));
        }
        ("POST", ["v1", "responses", _, "cancel"]) => Carried::Nothing,
        (
            "GET",
            [
                "v1",
                "responses" | "conversations",
                _,
                "input_items" | "items",
            ],
        ) => {
            return Some((Carried::Nothing, LIST));
        }
        ("POST", ["v1", "conversations"]) => json(&CONVERSATION),
        ("POST", ["v1", "conversations", _, "items"]) => json(&ITEMS),
        ("DELETE", ["v1", "responses" | "conversations" | "files", _]) => Carried::Nothing,
        ("POST", ["v1", "chat", "completions"]) => json(&CHAT),
        ("POST", ["v1", "files"]) => Carried::Form,
        ("GET", ["v1", "files", _, "content"]) => Carried::Nothing,
        ("POST", ["v1", "batches"]) => json(&BATCH),
        ("GET", ["v1", "batches", _]) => Carried::Nothing,
        ("POST", ["v1", "batches", _, "cancel"]) => Carried::Nothing,
        ("GET", ["v1", "models"]) => Carried::Nothing,
        _ => return None,
    };
    Some((found, &[]))
}

fn check(sent: &ReceivedRequest) {
    let (path, query) = sent.path().split_once('?').unwrap_or((sent.path(), ""));
    let name = format!("{} {path}", sent.method());
    let (carried, known) = operation(sent.method(), path).expect(&name);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let key = pair.split('=').next().unwrap();
        assert!(known.contains(&key), "{name}: {query}");
    }
    match carried {
        Carried::Nothing => assert_eq!(sent.body(), "", "{name}"),
        Carried::Json(body) => body.check(&name, &sent.json().expect(&name)),
        Carried::Form => check_form(sent),
    }
}

/// The two parts of a form (RFC 7578), and each line of the file.
fn check_form(sent: &ReceivedRequest) {
    let kind = sent.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let parts: Vec<_> = sent.body().split(&format!("--{boundary}")).collect();
    let [before, purpose, file, after] = parts.as_slice() else {
        panic!("{} parts", parts.len());
    };
    assert_eq!((*before, *after), ("", "--\r\n"));
    assert!(purpose.contains("name=\"purpose\"") && purpose.ends_with("\r\n\r\nbatch\r\n"));
    let (head, lines) = file.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("name=\"file\"; filename=\"batch.jsonl\""));
    for line in lines.trim_end().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        LINE.check("a line of a batch", &line);
        let is_chat = line.pointer("/url").and_then(Value::as_str) == Some("/v1/chat/completions");
        let body = if is_chat { &CHAT } else { &RESPONSES };
        body.check("a request of a batch", line.pointer("/body").unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_sent_is_valid(
        acts in prop::collection::vec(act(), 1..6),
        steps in steps::steps(),
        own in steps::owns(),
        messages in steps::messages(),
    ) {
        let sim = Sim::start().unwrap();
        let client = Client::builder().base_url(sim.base_url()).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let asked = Asked { client: &client, steps: &steps, own: &own, messages: &messages };
            for act in acts {
                asked.carry_out(act).await;
            }
        });
        for sent in sim.requests() {
            check(&sent);
        }
        prop_assert!(sim.panics().is_empty());
    }
}

/// The acts reach every operation: without this a law about nothing would hold.
#[tokio::test]
async fn every_operation_is_reached() {
    let sim = Sim::start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let asked = Asked {
        client: &client,
        steps: &[],
        own: &[],
        messages: &[],
    };
    let item = |text| InputItem::from(larkspur_client::wire::responses::InputMessage::user(text));
    for act in [
        Act::Answer,
        Act::Conversation {
            begun: vec![item("a"); 21],
            added: vec![item("b")],
        },
        Act::Stored,
        Act::Short,
        Act::Background {
            cancelled: true,
            streamed: false,
        },
        Act::Background {
            cancelled: false,
            streamed: true,
        },
        Act::Batch {
            chat: true,
            count: 2,
        },
        Act::Batch {
            chat: false,
            count: 2,
        },
        Act::Kept(0),
        Act::Models,
    ] {
        asked.carry_out(act).await;
    }
    let sent = sim.requests();
    sent.iter().for_each(check);
    let ids = ["resp_", "conv_", "file-", "batch_"];
    let shown = |path: &str| {
        let path = path.split('?').next().unwrap();
        let segments = path.split('/').map(|segment| {
            if ids.iter().any(|prefix| segment.starts_with(prefix)) {
                "{id}"
            } else {
                segment
            }
        });
        segments.collect::<Vec<_>>().join("/")
    };
    let lines = sent
        .iter()
        .map(|sent| format!("{} {}", sent.method(), shown(sent.path())));
    let operations: std::collections::BTreeSet<_> = lines.collect();
    let operations: Vec<_> = operations.into_iter().collect();
    insta::assert_snapshot!(operations.join("\n"), @r"
    DELETE /v1/conversations/{id}
    DELETE /v1/files/{id}
    DELETE /v1/responses/{id}
    GET /v1/batches/{id}
    GET /v1/conversations/{id}/items
    GET /v1/files/{id}/content
    GET /v1/models
    GET /v1/responses/{id}
    GET /v1/responses/{id}/input_items
    POST /v1/batches
    POST /v1/batches/{id}/cancel
    POST /v1/chat/completions
    POST /v1/conversations
    POST /v1/conversations/{id}/items
    POST /v1/files
    POST /v1/responses
    POST /v1/responses/compact
    POST /v1/responses/input_tokens
    POST /v1/responses/{id}/cancel
    ");
}
