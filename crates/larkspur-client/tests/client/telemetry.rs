//! What is traced: the names and values of OpenTelemetry's conventions, and no content.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use larkspur_client::{Client, Hedge, RetryPolicy, tool};
use larkspur_schema::{JsonSchema, schemars};
use serde::Deserialize;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::fixture::{Script, Server, response};
use crate::outputs::Total;

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;

/// A span as it was at its end.
#[derive(Debug, Clone, Default)]
struct Traced {
    name: &'static str,
    parent: Option<String>,
    fields: BTreeMap<&'static str, String>,
}

impl Visit for Traced {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }
}

/// Every span in the order in which they ended, and every event in words.
#[derive(Clone, Default)]
struct Recording {
    spans: Arc<Mutex<Vec<Traced>>>,
    open: Arc<Mutex<BTreeMap<u64, Traced>>>,
    events: Arc<Mutex<String>>,
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Recording {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let parent = context.span(id).and_then(|span| span.parent());
        let mut span = Traced {
            name: attributes.metadata().name(),
            parent: parent.map(|parent| parent.name().to_owned()),
            ..Traced::default()
        };
        attributes.record(&mut span);
        self.open.lock().unwrap().insert(id.into_u64(), span);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut open = self.open.lock().unwrap();
        values.record(open.get_mut(&id.into_u64()).unwrap());
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut words = Traced::default();
        event.record(&mut words);
        writeln!(self.events.lock().unwrap(), "{:?}", words.fields).unwrap();
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let span = self.open.lock().unwrap().remove(&id.into_u64()).unwrap();
        self.spans.lock().unwrap().push(span);
    }
}

impl Recording {
    /// The spans of this crate; the HTTP library has others.
    fn spans(&self) -> Vec<Traced> {
        let spans = self.spans.lock().unwrap();
        let ours = |span: &&Traced| span.fields.contains_key("gen_ai.operation.name");
        spans.iter().filter(ours).cloned().collect()
    }

    /// Nothing of what was asked, answered or kept secret.
    #[track_caller]
    fn is_clean(&self) {
        let all = format!(
            "{:?}{}",
            self.spans.lock().unwrap(),
            self.events.lock().unwrap()
        );
        for private in ["sk-test-key", "private", "Bergen", "amount", "EUR"] {
            assert!(!all.contains(private), "{private} in {all}");
        }
    }
}

/// Runs on this thread with everything recorded.
fn traced(work: impl Future<Output = ()>) -> Recording {
    let recording = Recording::default();
    let subscriber = tracing_subscriber::registry().with(recording.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tracing::subscriber::with_default(subscriber, || runtime.block_on(work));
    recording
}

#[track_caller]
fn check(span: &Traced, server: &Server, expected: &[(&'static str, &str)]) {
    let mut expected: BTreeMap<_, _> = expected
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    if span.name == "chat" {
        let port = server.url.rsplit(':').next().unwrap();
        let port = port.trim_end_matches("/v1").to_owned();
        expected.insert("server.port", port);
        expected.insert("server.address", "127.0.0.1".to_owned());
        expected.insert("gen_ai.provider.name", "openai".to_owned());
        expected.insert("otel.kind", "client".to_owned());
        expected.insert("gen_ai.operation.name", "chat".to_owned());
    }
    assert_eq!(span.fields, expected);
}

const ANSWERED: &[(&str, &str)] = &[
    ("otel.name", "chat gpt-5.2"),
    ("gen_ai.request.model", "gpt-5.2"),
    ("gen_ai.response.id", "resp_1"),
    ("gen_ai.response.model", "gpt-5.2-2025-12-11"),
    ("gen_ai.response.finish_reasons", "[\"stop\"]"),
    ("gen_ai.usage.input_tokens", "100"),
    ("gen_ai.usage.output_tokens", "10"),
    ("larkspur.api", "responses"),
    ("larkspur.request.kind", "first"),
    ("larkspur.cost.usd", "0.000252"),
];

#[test]
fn a_request_is_one_span_with_its_retries() {
    let server = Server::start([Script::error(500, "server_error"), Script::says(GOOD)]);
    let recording = traced(async {
        let request = server.client().responses("gpt-5.2");
        let request = request.input("a private question");
        request.extract::<Total>().await.unwrap();
    });
    let spans = recording.spans();
    assert_eq!(spans.len(), 1, "{spans:?}");
    check(&spans[0], &server, ANSWERED);
    recording.is_clean();
}

#[test]
fn what_was_asked_twice_is_one_span_and_says_so() {
    let server = Server::start([Script::Hang, Script::says(GOOD)]);
    let recording = traced(async {
        let hedge = Hedge::after(Duration::from_millis(50));
        let client = server.builder().hedge(hedge).build().unwrap();
        let request = client.responses("gpt-5.2").input("a private question");
        request.extract::<Total>().await.unwrap();
    });
    let spans = recording.spans();
    assert_eq!(spans.len(), 1, "{spans:?}");
    let expected = [ANSWERED, &[("larkspur.hedge", "won")]].concat();
    check(&spans[0], &server, &expected);
    recording.is_clean();
}

#[test]
fn a_stream_is_one_span_to_its_end() {
    let (created, whole) = (json!({"id": "resp_1"}), response(GOOD));
    let body = format!(
        "event: response.created\ndata: {}\n\nevent: response.completed\ndata: {}\n\n",
        json!({"type": "response.created", "response": created}),
        json!({"type": "response.completed", "response": whole}),
    );
    let server = Server::start([Script::text(200, "text/event-stream", &body)]);
    let recording = traced(async {
        let request = server.client().responses("gpt-5.2");
        let request = request.input("a private question");
        let stream = request.stream::<Total>().await.unwrap();
        stream.answer().await.unwrap();
    });
    let spans = recording.spans();
    assert_eq!(spans.len(), 1, "{spans:?}");
    check(&spans[0], &server, ANSWERED);
    recording.is_clean();
}

#[test]
fn a_failure_says_of_which_kind() {
    let quota = Script::error(429, "insufficient_quota");
    let rows = [
        (quota, "429"),
        (Script::Close, "broken"),
        (Script::text(200, "text/html", "<html>"), "unreadable"),
    ];
    for (script, kind) in rows {
        let server = Server::start([script]);
        for streams in [false, true] {
            let recording = traced(async {
                let client = server.builder().retry(RetryPolicy::none()).build().unwrap();
                let request = client.chat("m").input("a private question");
                if streams {
                    let stream = request.stream::<Total>().await;
                    let failed = match stream {
                        Ok(stream) => stream.answer().await.is_err(),
                        Err(_) => true,
                    };
                    assert!(failed);
                } else {
                    request.extract::<Total>().await.unwrap_err();
                }
            });
            let spans = recording.spans();
            assert_eq!(spans.len(), 1, "{spans:?}");
            let said = spans[0].fields["error.type"].as_str();
            let expected = if streams && kind == "unreadable" {
                "stream"
            } else {
                kind
            };
            assert_eq!(said, expected, "{streams}");
            assert_eq!(spans[0].fields["otel.status_code"], "ERROR");
            recording.is_clean();
        }
    }
}

/// A city.
#[derive(Deserialize, JsonSchema)]
struct Place {
    city: String,
}

fn calls() -> Script {
    let call = |id: &str, city: &str| {
        json!({"type": "function_call", "id": "fc_1", "call_id": id, "name": "weather",
               "arguments": json!({ "city": city }).to_string()})
    };
    let calls = [call("call_1", "Bergen"), call("call_2", "a private place")];
    Script::json(
        200,
        &json!({"id": "resp_1", "status": "completed", "output": calls}),
    )
}

#[test]
fn tools_have_spans_within_those_around_them() {
    let server = Server::start([calls(), Script::says(GOOD)]);
    let recording = traced(async {
        let weather = tool("weather", |place: Place| async move {
            match place.city.as_str() {
                "Bergen" => Ok("private rain"),
                _ => Err("a private failure"),
            }
        });
        let run = async {
            let request = server.client().responses("gpt-5.2").input("private");
            request.run_tools([weather]).extract::<Total>().await
        };
        let around = tracing::info_span!("job", "gen_ai.operation.name" = "job");
        tracing::Instrument::instrument(run, around).await.unwrap();
    });
    let spans = recording.spans();
    let names: Vec<_> = spans
        .iter()
        .map(|span| (span.name, span.parent.as_deref()))
        .collect();
    let within = Some("job");
    assert_eq!(
        names,
        [
            ("chat", within),
            ("execute_tool", within),
            ("execute_tool", within),
            ("chat", within),
            ("job", None)
        ]
    );
    let reason = |span: &Traced| span.fields["gen_ai.response.finish_reasons"].clone();
    assert_eq!(reason(&spans[0]), "[\"tool_call\"]");
    assert_eq!(spans[3].fields["larkspur.request.kind"], "tool_outputs");
    let of_tool = [
        ("otel.name", "execute_tool weather"),
        ("otel.kind", "internal"),
        ("gen_ai.operation.name", "execute_tool"),
        ("gen_ai.tool.name", "weather"),
        ("gen_ai.tool.type", "function"),
    ];
    let ran = [of_tool.as_slice(), &[("gen_ai.tool.call.id", "call_1")]].concat();
    check(&spans[1], &server, &ran);
    let failed = [
        ("gen_ai.tool.call.id", "call_2"),
        ("otel.status_code", "ERROR"),
        ("error.type", "tool_error"),
    ];
    check(&spans[2], &server, &[of_tool.as_slice(), &failed].concat());
    recording.is_clean();
}

#[test]
fn the_provider_is_named() {
    use larkspur_client::Provider;
    let rows = [
        (Provider::anthropic(), "anthropic"),
        (Provider::gemini(), "gcp.gemini"),
        (Provider::azure(), "azure.ai.openai"),
        (Provider::vllm(), "vllm"),
        (Provider::ollama(), "ollama"),
    ];
    for (provider, name) in rows {
        let server = Server::start([Script::says(GOOD)]);
        let recording = traced(async {
            let client = Client::builder().provider(provider).base_url(&server.url);
            let request = client.build().unwrap().responses("m").input("private");
            request.send().await.unwrap();
        });
        let spans = recording.spans();
        assert_eq!(spans[0].fields["gen_ai.provider.name"], name);
        recording.is_clean();
    }
}
