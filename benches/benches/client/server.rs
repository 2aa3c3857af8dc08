//! A server on the loopback interface that says the same to everybody.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

/// Events of a stream that bring text.
pub(crate) const EVENTS: usize = 10_000;

/// Events of a stream that does not end.
const BEGUN: usize = 50;

pub(crate) struct Server {
    addr: SocketAddr,
}

struct Said {
    whole: Bytes,
    events: Vec<Bytes>,
}

impl Server {
    /// Starts it on a thread of its own.
    pub(crate) fn start() -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
                let listener = listener.expect("a port");
                let addr = listener.local_addr().expect("an address");
                tell.send(addr).expect("somebody to tell");
                axum::serve(listener, router()).await
            })
        });
        Self {
            addr: told.recv().expect("a server"),
        }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.addr)
    }
}

fn router() -> Router {
    let short = text(3);
    // A delta is three characters.
    let long = text(EVENTS * 3 / 74);
    let said = Said {
        whole: response("completed", &short).to_string().into(),
        events: events(&long),
    };
    Router::new()
        .route("/v1/responses", post(respond))
        .with_state(Arc::new(said))
}

async fn respond(State(said): State<Arc<Said>>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    if body.get("stream") != Some(&Value::Bool(true)) {
        return ([(CONTENT_TYPE, "application/json")], said.whole.clone()).into_response();
    }
    let is_endless = body.get("store") == Some(&Value::Bool(false));
    let count = if is_endless { BEGUN } else { said.events.len() };
    let events: Vec<Bytes> = said.events.iter().take(count).cloned().collect();
    let events = stream::iter(events.into_iter().map(Ok::<_, Infallible>));
    let kind = [(CONTENT_TYPE, "text/event-stream")];
    if is_endless {
        return (kind, Body::from_stream(events.chain(stream::pending()))).into_response();
    }
    (kind, Body::from_stream(events)).into_response()
}

/// An invoice of so many items.
fn text(items: usize) -> String {
    let item = |index: usize| json!({"title": format!("Lamp no. {index:06}"), "quantity": index % 7, "price": 24.5, "taxable": true});
    let items: Vec<Value> = (0..items).map(item).collect();
    json!({"vendor": "Acme Corp", "items": items}).to_string()
}

fn response(status: &str, text: &str) -> Value {
    let usage = json!({"input_tokens": 100, "input_tokens_details": {"cached_tokens": 40}, "output_tokens": 10,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 110});
    json!({"id": "resp_1", "object": "response", "created_at": 1_765_000_000, "status": status, "model": "gpt-5.2-2025-12-11",
        "parallel_tool_calls": true, "tool_choice": "auto", "tools": [], "temperature": 1.0, "top_p": 1.0, "metadata": {},
        "usage": usage, "output": [message("completed", text)]})
}

fn message(status: &str, text: &str) -> Value {
    let content = json!([{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]);
    json!({"type": "message", "id": "msg_1", "role": "assistant", "status": status, "content": content})
}

fn events(text: &str) -> Vec<Bytes> {
    let mut events = vec![
        json!({"type": "response.created", "response": response("in_progress", "")}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": message("in_progress", "")}),
    ];
    let letters: Vec<char> = text.chars().collect();
    for delta in letters.chunks(letters.len().div_ceil(EVENTS)) {
        let delta: String = delta.iter().collect();
        events.push(json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": delta, "logprobs": []}));
    }
    events.push(json!({"type": "response.completed", "response": response("completed", text)}));
    let numbered = events.into_iter().enumerate().map(|(number, mut event)| {
        event["sequence_number"] = number.into();
        let name = event["type"].as_str().unwrap_or_default();
        format!("event: {name}\ndata: {event}\n\n").into()
    });
    numbered.collect()
}
