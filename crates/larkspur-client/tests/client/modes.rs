//! How a model is brought to keep a schema: as the format of its answer, as the arguments of a function, or in words.

use std::sync::atomic::Ordering;

use larkspur_client::wire::Delta;
use larkspur_client::{Api, Client, Provider, RequestBuilder};
use larkspur_output::{
    Carrier, Mode, Outcome, OutputType, SchemaCarrier, Target, grammar, json, regex,
};
use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::faults::{Through, provider};
use crate::fixture::{Received, Script, Server, fast};
use crate::outputs::{Total, offline};
use crate::tool_runs::counting;

const GOOD: &str = r#"{"amount": 1.0, "currency": "EUR"}"#;
const BAD: &str = r#"{"amount": "one", "currency": "EUR"}"#;

fn in_a_tool() -> Target {
    Target::openai().with_schema_carrier(SchemaCarrier::Tool)
}

fn in_words() -> Target {
    Target::openai().with_schema_carrier(SchemaCarrier::Words)
}

/// What an output adds to a request.
fn added<A: Api>(request: &RequestBuilder<A>, target: Target) -> Value {
    let output = json::<Total>()
        .description("A sum.")
        .prepare(target)
        .unwrap();
    let mut with = json!(request.build_for(&output));
    let without = json!(request.build());
    let fields = with.as_object_mut().unwrap();
    fields.retain(|key, value| without.get(key) != Some(value));
    with
}

#[test]
fn each_way_in_every_api() {
    let client = offline();
    let ask = || client.responses("m").instructions("Be brief.");
    let tool = in_a_tool();
    let words = in_words();
    let all = [
        ("responses", added(&ask(), tool)),
        ("chat", added(&client.chat("m"), tool)),
        ("messages", added(&client.messages("m"), tool)),
        ("gemini", added(&client.generate_content("m"), tool)),
        ("responses", added(&ask(), words)),
        ("chat", added(&client.chat("m"), words)),
        ("messages", added(&client.messages("m"), words)),
        ("gemini", added(&client.generate_content("m"), words)),
    ];
    let lines = all.map(|(api, added)| format!("{api}: {added}"));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    responses: {"tools":[{"type":"function","name":"answer","description":"Takes the answer.\n\nA sum.","parameters":{"title":"Total","type":"object","properties":{"amount":{"description":"In the currency of the invoice.","type":"number"},"currency":{"type":"string"}},"required":["amount","currency"],"additionalProperties":false},"strict":true}],"tool_choice":{"type":"function","name":"answer"},"parallel_tool_calls":false}
    chat: {"tools":[{"type":"function","function":{"name":"answer","description":"Takes the answer.\n\nA sum.","parameters":{"title":"Total","type":"object","properties":{"amount":{"description":"In the currency of the invoice.","type":"number"},"currency":{"type":"string"}},"required":["amount","currency"],"additionalProperties":false},"strict":true}}],"tool_choice":{"type":"function","function":{"name":"answer"}},"parallel_tool_calls":false}
    messages: {"tools":[{"name":"answer","description":"Takes the answer.\n\nA sum.","input_schema":{"title":"Total","type":"object","properties":{"amount":{"description":"In the currency of the invoice.","type":"number"},"currency":{"type":"string"}},"required":["amount","currency"],"additionalProperties":false},"strict":true}],"tool_choice":{"type":"tool","name":"answer","disable_parallel_tool_use":true}}
    gemini: {"tools":[{"functionDeclarations":[{"name":"answer","description":"Takes the answer.\n\nA sum.","parametersJsonSchema":{"title":"Total","type":"object","properties":{"amount":{"description":"In the currency of the invoice.","type":"number"},"currency":{"type":"string"}},"required":["amount","currency"],"additionalProperties":false}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["answer"]}}}
    responses: {"instructions":"Be brief.\n\nAnswer with one JSON value that fits the following JSON Schema, and with nothing else: no words around it, and no code fence.\n\nA sum.\n\n{\"title\":\"Total\",\"type\":\"object\",\"properties\":{\"amount\":{\"description\":\"In the currency of the invoice.\",\"type\":\"number\"},\"currency\":{\"type\":\"string\"}},\"required\":[\"amount\",\"currency\"],\"additionalProperties\":false}"}
    chat: {"messages":[{"role":"system","content":"Answer with one JSON value that fits the following JSON Schema, and with nothing else: no words around it, and no code fence.\n\nA sum.\n\n{\"title\":\"Total\",\"type\":\"object\",\"properties\":{\"amount\":{\"description\":\"In the currency of the invoice.\",\"type\":\"number\"},\"currency\":{\"type\":\"string\"}},\"required\":[\"amount\",\"currency\"],\"additionalProperties\":false}"}]}
    messages: {"system":"Answer with one JSON value that fits the following JSON Schema, and with nothing else: no words around it, and no code fence.\n\nA sum.\n\n{\"title\":\"Total\",\"type\":\"object\",\"properties\":{\"amount\":{\"description\":\"In the currency of the invoice.\",\"type\":\"number\"},\"currency\":{\"type\":\"string\"}},\"required\":[\"amount\",\"currency\"],\"additionalProperties\":false}"}
    gemini: {"systemInstruction":{"parts":[{"text":"Answer with one JSON value that fits the following JSON Schema, and with nothing else: no words around it, and no code fence.\n\nA sum.\n\n{\"title\":\"Total\",\"type\":\"object\",\"properties\":{\"amount\":{\"description\":\"In the currency of the invoice.\",\"type\":\"number\"},\"currency\":{\"type\":\"string\"}},\"required\":[\"amount\",\"currency\"],\"additionalProperties\":false}"}]}}
    "#);
}

#[test]
fn what_is_no_object_is_no_argument() {
    let error =
        json::<Vec<Total>>().prepare(Target::plain().with_schema_carrier(SchemaCarrier::Tool));
    let error = error.err().unwrap().to_string();
    assert!(error.ends_with("is none of an object, so it cannot be the arguments of a function; put it into a struct"), "{error}");
    // Where the dialect puts it into an object, it is.
    assert!(json::<Vec<Total>>().prepare(in_a_tool()).is_ok());
    let number = larkspur_output::json_schema("n", json!({"type": "integer"}));
    assert!(number.prepare(Target::plain()).is_ok());
    assert!(
        number
            .prepare(Target::plain().with_schema_carrier(SchemaCarrier::Words))
            .is_ok()
    );
    assert!(
        number
            .prepare(Target::plain().with_schema_carrier(SchemaCarrier::Tool))
            .is_err()
    );
}

#[test]
fn each_constraint_has_its_mode() {
    let schema = |target: Target| {
        let output = json::<Total>().prepare(target).unwrap();
        (
            output.constraint().mode(),
            output.constraint().is_enforced(),
        )
    };
    assert_eq!(schema(Target::openai()), (Mode::Schema, true));
    assert_eq!(schema(in_a_tool()), (Mode::Tool, true));
    assert_eq!(schema(in_words()), (Mode::Prompted, false));
    let word = |target: Target| {
        regex("[a-z]+")
            .unwrap()
            .prepare(target)
            .unwrap()
            .constraint()
            .mode()
    };
    assert_eq!(word(Target::openai()), Mode::Grammar);
    assert_eq!(word(Target::vllm()), Mode::Grammar);
    assert_eq!(
        word(Target::openai().with_carrier(Carrier::Description)),
        Mode::Prompted
    );
    // It is written down with the rest, where it is not the usual one.
    for (target, carrier) in [
        (Target::openai(), Value::Null),
        (in_words(), json!("words")),
    ] {
        let output = json::<Total>().prepare(target).unwrap();
        let written = json!(output.constraint());
        assert_eq!(written["carrier"], carrier);
        let read: larkspur_output::Constraint = serde_json::from_value(written).unwrap();
        assert_eq!(&read, output.constraint());
    }
}

/// Asks in this way by one API, streaming or not.
async fn asked<A: Api<Input: From<&'static str>>>(
    request: RequestBuilder<A>,
    streams: bool,
) -> larkspur_client::Answer<Total> {
    let request = request.input("Total?");
    let output = json::<Total>();
    if !streams {
        let reply = request.ask(&output.prepare(in_a_tool()).unwrap()).await;
        return reply.unwrap();
    }
    let mut stream = request.stream_with(&output).await.unwrap();
    let (mut called, mut seen) = (String::new(), 0);
    while let Some(delta) = stream.next().await.unwrap() {
        if let Delta::Call { text, .. } = delta {
            called.push_str(&text);
        }
        seen = seen.max(stream.incoming().text().len());
    }
    let answer = stream.answer().await.unwrap();
    assert_eq!(answer.text, called);
    assert_eq!(seen, called.len(), "it is followed while it comes");
    answer
}

#[tokio::test]
async fn the_arguments_of_the_function_are_the_answer_in_every_api() {
    let sim = Sim::start().unwrap();
    for through in Through::ALL {
        let provider = provider(through);
        let client = Client::builder()
            .provider(provider)
            .base_url(sim.base_url());
        let target = match through {
            Through::Messages => Target::anthropic(),
            Through::GenerateContent => Target::gemini(),
            _ => Target::openai(),
        };
        let client = client.target(target.with_schema_carrier(SchemaCarrier::Tool));
        let client = client.retry(fast()).build().unwrap();
        for streams in [false, true] {
            let answer = match through {
                Through::Responses => asked(client.responses("gpt-5.2"), streams).await,
                Through::Chat => asked(client.chat("gpt-5.2"), streams).await,
                Through::Messages => asked(client.messages("claude-opus-4-5"), streams).await,
                Through::GenerateContent => {
                    asked(client.generate_content("gemini-3-pro-preview"), streams).await
                }
            };
            assert_eq!(
                (answer.mode, answer.enforced),
                (Mode::Tool, true),
                "{through:?}"
            );
            assert!(answer.into_reply().is_ok());
        }
    }
}

fn response(items: &Value) -> Script {
    Script::json(
        200,
        &json!({"id": "resp_1", "status": "completed", "output": items}),
    )
}

fn call(id: &str, name: &str, arguments: &str) -> Value {
    json!({"type": "function_call", "call_id": id, "name": name, "arguments": arguments})
}

fn client(server: &Server, target: Target) -> Client {
    server.builder().target(target).build().unwrap()
}

#[tokio::test]
async fn a_rejected_call_is_asked_for_again_as_a_call() {
    let server = Server::start([
        response(&json!([call("call_1", "answer", BAD)])),
        response(&json!([call("call_2", "answer", GOOD)])),
    ]);
    let request = client(&server, in_a_tool()).responses("m").input("Total?");
    let reply = request.extract::<Total>().await.unwrap();
    assert_eq!((reply.value.amount, reply.mode), (1.0, Mode::Tool));
    let again = &server.received()[1].json()["input"];
    assert_eq!(again[1], call("call_1", "answer", BAD));
    assert_eq!(
        (&again[2]["type"], &again[2]["call_id"]),
        (&json!("function_call_output"), &json!("call_1"))
    );
    // What broke the schema as it was sent was not held.
    assert!(reply.constraint_ignored());
}

#[tokio::test]
async fn the_function_of_the_answer_stands_beside_those_that_are_run() {
    let server = Server::start([
        response(&json!([call(
            "call_1",
            "lookup",
            "{\"number\": 3, \"note\": null}"
        )])),
        response(&json!([call("call_2", "answer", BAD)])),
        response(&json!([call("call_3", "answer", GOOD)])),
    ]);
    let (lookup, count) = counting("lookup");
    let request = client(&server, in_a_tool()).responses("m").input("Total?");
    let reply = request
        .run_tools([lookup])
        .extract::<Total>()
        .await
        .unwrap();
    assert_eq!((reply.value.amount, reply.mode), (1.0, Mode::Tool));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let bodies: Vec<_> = server.received().iter().map(Received::json).collect();
    assert!(bodies.iter().all(|body| body["tool_choice"] == "required"));
    assert_eq!(bodies[0]["tools"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_told_in_words_is_read_all_the_same() {
    let fenced = format!("```json\n{GOOD}\n```");
    let server = Server::start([Script::says(BAD), Script::says(GOOD), Script::says(&fenced)]);
    let client = client(&server, in_words());
    let ask = || client.responses("m").input("Total?");
    let reply = ask().extract::<Total>().await.unwrap();
    assert_eq!((reply.mode, reply.enforced), (Mode::Prompted, false));
    assert!(!reply.constraint_ignored(), "nobody promised to hold it");
    let sent: Vec<_> = server.received().iter().map(Received::json).collect();
    let told = sent[0]["instructions"].as_str().unwrap();
    assert!(told.contains("\"currency\""), "{told}");
    assert_eq!(
        sent[0]["instructions"], sent[1]["instructions"],
        "once is enough"
    );
    assert!(sent[0].get("text").is_none() && sent[0].get("tools").is_none());
    // A fence is put around it all the same, which a lenient reader takes off.
    let request = ask().reask(0);
    let answer = request
        .ask(&json::<Total>().prepare(in_words()).unwrap())
        .await
        .unwrap();
    assert!(matches!(answer.outcome, Outcome::Invalid(_)));
    let reply = ask()
        .extract_with(&json::<Total>().lenient())
        .await
        .unwrap();
    assert_eq!(reply.value.value.currency, "EUR");
}

#[tokio::test]
async fn the_next_server_is_asked_in_its_own_way() {
    let first = Server::start([Script::error(500, "x")]);
    let second = Server::start([Script::says(GOOD)]);
    let request = client(&first, in_a_tool()).responses("m").input("Total?");
    let request = request.or_else(&client(&second, in_words()), "n");
    let reply = request.extract::<Total>().await.unwrap();
    assert_eq!(reply.mode, Mode::Prompted);
    assert!(first.received()[0].json()["instructions"].is_null());
    assert!(second.received()[0].json()["tools"].is_null());
}

#[tokio::test]
async fn grammars_go_as_they_went() {
    let sim = Sim::start().unwrap();
    let client = Client::builder()
        .provider(Provider::openai())
        .base_url(sim.base_url());
    let client = client.target(in_a_tool()).build().unwrap();
    let yes = grammar("start: \"yes\" | \"no\"\n").unwrap();
    let reply = client
        .responses("gpt-5.2")
        .input("?")
        .extract_with(&yes)
        .await;
    assert_eq!(reply.unwrap().mode, Mode::Grammar);
    let reply = client
        .responses("gpt-5.2")
        .input("?")
        .run_tools([])
        .text()
        .await;
    assert_eq!(reply.unwrap().mode, Mode::Text);
}
