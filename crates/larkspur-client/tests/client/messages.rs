//! The Messages API of Anthropic: what is sent, and what comes of it against the local server.

use larkspur_client::wire::anthropic::{Block, Message};
use larkspur_client::{
    Client, CustomTool, Delta, Document, Effort, Image, Provider, Tool, ToolChoice, ToolRef,
};
use larkspur_output::{Outcome, OutputType as _, grammar};
use larkspur_sim::{Fault, Sim, SimBuilder};
use serde_json::{Value, json};

use crate::fixture::{Script, Server, fast};
use crate::outputs::Total;
use crate::tool_runs::counting;

fn start(sim: SimBuilder) -> (Sim, Client) {
    let sim = sim.required_key("sk-ant-1").start().unwrap();
    let client = Client::builder()
        .provider(Provider::anthropic())
        .base_url(sim.base_url())
        .api_key("sk-ant-1")
        .retry(fast());
    (sim, client.build().unwrap())
}

fn offline() -> Client {
    let client = Client::builder().provider(Provider::anthropic());
    client.build().unwrap()
}

/// What is sent, without the model.
#[track_caller]
fn check(request: &larkspur_client::MessagesRequest, expected: &Value) {
    let mut sent = json!(request.build());
    sent.as_object_mut().unwrap().remove("model");
    assert_eq!(sent, *expected);
}

#[test]
fn settings_stand_where_the_api_has_them() {
    let request = offline()
        .messages("claude-opus-4-5")
        .instructions("Be brief.")
        .input("Hello.")
        .effort(Effort::Low)
        .temperature(0.5)
        .thinking(1_024)
        .user_id("u1")
        .max_output_tokens(2_000);
    let expected = json!({
        "max_tokens": 2000, "system": "Be brief.", "messages": [{"role": "user", "content": "Hello."}],
        "output_config": {"effort": "low"}, "temperature": 0.5, "metadata": {"user_id": "u1"},
        "thinking": {"type": "enabled", "budget_tokens": 1024},
    });
    check(&request, &expected);
    let request = offline().messages("m").input("Hello.").adaptive_thinking();
    assert_eq!(
        json!(request.build())["thinking"],
        json!({"type": "adaptive"})
    );
    let request = offline().messages("m").input("Hello.");
    let expected = json!({"max_tokens": 8192, "messages": [{"role": "user", "content": "Hello."}]});
    check(&request, &expected);
}

#[test]
fn choices_of_tools_are_said_in_its_words() {
    let function = |name: &str| Tool::function_schema(name, json!({"type": "object"}), false);
    let choice = |choice: ToolChoice, parallel: bool| {
        let request = offline().messages("m").input("?");
        let request = request.tool(function("a")).tool(function("b"));
        let request = request.tool_choice(choice).parallel_tool_calls(parallel);
        let sent = json!(request.build());
        let tools = sent["tools"].as_array().unwrap().len();
        (sent["tool_choice"].clone(), tools)
    };
    for (chosen, parallel, expected) in [
        (ToolChoice::Auto, true, (json!({"type": "auto"}), 2)),
        (ToolChoice::None, true, (json!({"type": "none"}), 2)),
        (
            ToolChoice::Required,
            false,
            (json!({"type": "any", "disable_parallel_tool_use": true}), 2),
        ),
        (
            ToolChoice::function("b"),
            true,
            (json!({"type": "tool", "name": "b"}), 2),
        ),
        (
            ToolChoice::one_of([ToolRef::function("b")]),
            true,
            (json!({"type": "any"}), 1),
        ),
    ] {
        assert_eq!(choice(chosen, parallel), expected);
    }
    let sql = CustomTool::new("sql")
        .description("Asks.")
        .lark("start: \"a\"");
    let sent = json!(offline().messages("m").input("?").tool(sql).build());
    let described = "Asks.\n\n`input` is a text of this lark grammar:\n\nstart: \"a\"";
    assert_eq!(sent["tools"][0]["description"], described);
    assert_eq!(
        sent["tools"][0]["input_schema"]["required"],
        json!(["input"])
    );
}

#[test]
fn images_and_files_go_along() {
    let request = offline()
        .messages("m")
        .input("What is this?")
        .image(Image::data(b"\xff\xd8\xff\xe0").unwrap())
        .image(Image::url("https://example.org/a.png"))
        .document(Document::data("a.pdf", "application/pdf", b"%PDF"))
        .document(Document::data("a.csv", "text/csv", "é,1".as_bytes()))
        .document(Document::uploaded("file_1"));
    let expected = json!([
        {"type": "text", "text": "What is this?"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "/9j/4A=="}},
        {"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERg=="},
         "title": "a.pdf"},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "é,1"}, "title": "a.csv"},
        {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
    ]);
    assert_eq!(json!(request.build())["messages"][0]["content"], expected);
}

#[tokio::test]
async fn a_value_is_asked_for_and_read() {
    let (sim, client) = start(Sim::builder());
    let request = client
        .messages("claude-opus-4-5")
        .input("Invoice of Acme Corp.");
    let reply = request.extract::<Total>().await.unwrap();
    assert!(reply.enforced && !reply.response_id.is_empty());
    assert!(reply.usage().input_tokens > 0 && reply.usage().output_tokens > 0);
    let [sent] = sim.requests().try_into().unwrap();
    assert_eq!(sent.path(), "/v1/messages");
    assert_eq!(sent.header("x-api-key"), Some("sk-ant-1"));
    assert_eq!(sent.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(sent.header("authorization"), None);
    let body = sent.json().unwrap();
    let format = &body["output_config"]["format"];
    assert_eq!(format["type"], "json_schema");
    assert_eq!(format["schema"]["additionalProperties"], false);
}

#[tokio::test]
async fn a_rejected_answer_goes_back() {
    let (sim, client) = start(Sim::builder().fault_times(Fault::ConstraintIgnored, 1));
    let request = client
        .messages("claude-opus-4-5")
        .input("Invoice of Acme Corp.");
    let reply = request.extract::<Total>().await.unwrap();
    assert_eq!(reply.attempts().len(), 2);
    let again = sim.requests().last().unwrap().json().unwrap();
    let messages = again["messages"].as_array().unwrap();
    let roles: Vec<_> = messages.iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
}

#[tokio::test]
async fn a_grammar_is_told_in_words_and_checked_here() {
    let (sim, client) = start(Sim::builder());
    let output = grammar("start: /.*/s\n").unwrap();
    let request = client.messages("claude-opus-4-5").input("?");
    let reply = request.extract_with(&output).await.unwrap();
    assert!(!reply.enforced);
    let sent = sim.requests().last().unwrap().json().unwrap();
    assert_eq!(sent["tool_choice"]["name"], "answer");
    assert_eq!(sent["tool_choice"]["disable_parallel_tool_use"], true);
    let rejecting = grammar("start: \"on\" | \"off\"\n").unwrap();
    let output = rejecting.prepare(client.target()).unwrap();
    let request = client.messages("claude-opus-4-5").input("?");
    let answer = request.ask(&output).await.unwrap();
    assert!(matches!(answer.outcome, Outcome::Invalid(_)));
    // The call and its result, in a pair.
    let again = sim.requests().last().unwrap().json().unwrap();
    let messages = again["messages"].as_array().unwrap();
    let (call, result) = (&messages[messages.len() - 2], &messages[messages.len() - 1]);
    assert_eq!(
        call["content"][0]["id"],
        result["content"][0]["tool_use_id"]
    );
}

/// An answer of these blocks.
fn answer(blocks: &Value) -> Script {
    let calls = blocks.to_string().contains("tool_use");
    let reason = if calls { "tool_use" } else { "end_turn" };
    Script::json(
        200,
        &json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-5",
        "content": blocks, "stop_reason": reason, "usage": {"input_tokens": 100, "output_tokens": 10}}),
    )
}

/// The messages of the second request, behind those of the first.
async fn asked_again<O: larkspur_output::OutputType>(
    first: &Value,
    second: &Value,
    output: &O,
) -> Vec<Value> {
    let server = Server::start([answer(first), answer(second)]);
    let builder = server.builder().provider(Provider::anthropic());
    let client = builder.base_url(&server.url).build().unwrap();
    let request = client
        .messages("claude-opus-4-5")
        .input("Total?")
        .adaptive_thinking();
    request.extract_with(output).await.unwrap();
    let sent = server.received().pop().unwrap().json();
    let messages = sent.get("messages").and_then(Value::as_array).unwrap();
    messages.iter().skip(1).cloned().collect()
}

#[tokio::test]
async fn what_the_model_thought_goes_back_before_what_it_said() {
    let thought = json!({"type": "thinking", "thinking": "Hm.", "signature": "c2lnbmVk"});
    let hidden = json!({"type": "redacted_thinking", "data": "aGlkZGVu"});
    let text = |text: &str| json!({"type": "text", "text": text});
    let call = |id: &str, name: &str, said: &str| json!({"type": "tool_use", "id": id, "name": name, "input": {"input": said}});

    // A tool carries the answer. Each call needs a result, so only the one that was read goes back.
    let first = json!([
        thought,
        hidden,
        text("I'll answer."),
        text(" \n"),
        call("toolu_1", "answer", "maybe"),
        call("toolu_2", "answer", "no")
    ]);
    let second = json!([thought, call("toolu_3", "answer", "yes")]);
    let yes = grammar("start: \"yes\" | \"no\"\n").unwrap();
    let again = asked_again(&first, &second, &yes).await;
    let expected = json!([
        thought,
        hidden,
        text("I'll answer."),
        call("toolu_1", "answer", "maybe")
    ]);
    assert_eq!(again[0], json!({"role": "assistant", "content": expected}));
    let result = &again[1]["content"][0];
    assert_eq!(
        (&result["type"], &result["tool_use_id"]),
        (&json!("tool_result"), &json!("toolu_1"))
    );

    // The text is the answer.
    let first = json!([thought, text("{\"amount\": 1}"), hidden]);
    let second = json!([text("{\"amount\": 1, \"currency\": \"EUR\"}")]);
    let again = asked_again(&first, &second, &larkspur_output::json::<Total>()).await;
    assert_eq!(again[0], json!({"role": "assistant", "content": first}));
    assert_eq!(again[1]["role"], "user");

    // Thoughts alone are no message.
    let again = asked_again(
        &json!([thought]),
        &second,
        &larkspur_output::json::<Total>(),
    )
    .await;
    assert_eq!(again.len(), 1);
}

#[tokio::test]
async fn an_answer_is_read_while_it_comes() {
    let (sim, client) = start(Sim::builder());
    let request = client
        .messages("claude-opus-4-5")
        .input("Invoice of Acme Corp.");
    let mut stream = request.stream::<Total>().await.unwrap();
    let mut text = String::new();
    while let Some(delta) = stream.next().await.unwrap() {
        if let Delta::Text(more) = delta {
            text.push_str(&more);
        }
    }
    let reply = stream.answer().await.unwrap().into_reply().unwrap();
    assert_eq!(reply.text, text);
    assert!(reply.usage().input_tokens > 0 && reply.usage().output_tokens > 0);
    assert_eq!(sim.requests()[0].json().unwrap()["stream"], true);
}

#[tokio::test]
async fn tokens_are_counted_before_they_are_paid() {
    let (sim, client) = start(Sim::builder());
    let request = client
        .messages("claude-opus-4-5")
        .input("Invoice of Acme Corp.")
        .instructions("Be brief.");
    let request = request
        .thinking(2_000)
        .max_output_tokens(4_000)
        .tool(Tool::function::<Total>("orders").unwrap());
    let counted = request.clone().count_tokens().await.unwrap();
    let sent = request.send().await.unwrap();
    assert_eq!(counted, sent.usage().input_tokens);
    let sent = sim.requests();
    assert_eq!(sent[0].path(), "/v1/messages/count_tokens");
    assert!(sent[0].json().unwrap().get("max_tokens").is_none());
}

#[tokio::test]
async fn tools_run_until_the_value_comes() {
    let (sim, client) = start(Sim::builder().tool_rounds(2));
    let (orders, ordered) = counting("orders");
    let (bills, billed) = counting("bills");
    let request = client
        .messages("claude-opus-4-5")
        .input("Total of order 7?");
    let run = request.run_tools([orders, bills]);
    let reply = run.extract::<Total>().await.unwrap();
    let counts = [ordered, billed].map(|count| count.load(std::sync::atomic::Ordering::SeqCst));
    assert_eq!(counts, [2, 2]);
    assert!(reply.value.currency.len() < 10_000);
    assert_eq!(sim.requests().len(), 3);
}

#[tokio::test]
async fn calls_and_results_that_are_alone_are_not_sent() {
    let (sim, client) = start(Sim::builder());
    let call = Block::tool_use("toolu_1", "add", json!({}));
    let request = client.messages("m").input("?");
    let request = request.message(Message::assistant(vec![call]));
    let error = request.input("Well?").send().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the call `toolu_1` of `add` has no output"),
        "{error}"
    );
    let result = Block::tool_result("toolu_2", "4");
    let request = client.messages("m").message(Message::user(vec![result]));
    let error = request.send().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the output for `toolu_2` has no call"),
        "{error}"
    );
    assert_eq!(sim.requests().len(), 0);
}

#[tokio::test]
async fn errors_are_told_in_the_words_of_the_service() {
    let (_sim, client) = start(Sim::builder());
    let request = client.messages("m").input("?").extra("news", json!(1));
    let error = request.send().await.unwrap_err();
    assert_eq!(
        error.message(),
        Some("news: Extra inputs are not permitted")
    );
    assert_eq!(error.status(), Some(400));
    let body =
        json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let server = Server::start([Script::json(529, &body)]);
    let request = server.client().messages("m").input("?");
    let error = request.send().await.unwrap_err();
    assert_eq!((error.status(), error.attempts().len()), (Some(529), 3));
}
