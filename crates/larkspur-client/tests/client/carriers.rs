//! Grammars on their way to each kind of server, and the answers on their way back.

use larkspur_client::{Api, Client, RequestBuilder, Tool};
use larkspur_output::{
    Carrier, GrammarOutput, Outcome, Output, OutputType, RegexOutput, Target, grammar, regex,
};
use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::fixture::{Script, Server};
use crate::outputs::offline;

fn pair() -> GrammarOutput {
    grammar("start: NAME \"=\" INT\nNAME: /[a-z]{1,8}/\nINT: /[0-9]{1,4}/\n").unwrap()
}

fn version() -> RegexOutput {
    regex(r"v(?<major>[0-9]{1,3})\.(?<minor>[0-9]{1,3})").unwrap()
}

fn gateway() -> Target {
    Target::openai().with_carrier(Carrier::Description)
}

/// What the constraint adds to a request.
fn added<A: Api, V>(request: &RequestBuilder<A>, output: &Output<V>) -> Value {
    let mut with = serde_json::to_value(request.build_for(output)).unwrap();
    let without = serde_json::to_value(request.build()).unwrap();
    let fields = with.as_object_mut().unwrap();
    fields.retain(|key, value| without.get(key) != Some(value));
    with
}

fn added_to_both<O: OutputType>(output: &O, target: Target) -> Value {
    let output = output.prepare(target).unwrap();
    let responses = offline().responses("m").input("x");
    let chat = offline().chat("m").input("x");
    json!({"responses": added(&responses, &output), "chat": added(&chat, &output)})
}

#[test]
fn a_grammar_on_its_way_to_each_server() {
    insta::assert_json_snapshot!("custom_tool", added_to_both(&pair(), Target::openai()));
    insta::assert_json_snapshot!("description", added_to_both(&pair(), gateway()));
    insta::assert_json_snapshot!("vllm", added_to_both(&pair(), Target::vllm()));
    insta::assert_json_snapshot!("llama_cpp", added_to_both(&pair(), Target::llama_cpp()));
    insta::assert_json_snapshot!("sglang", added_to_both(&pair(), Target::sglang()));
}

#[test]
fn a_regex_on_its_way_to_each_server() {
    insta::assert_json_snapshot!(
        "regex_custom_tool",
        added_to_both(&version(), Target::openai())
    );
    insta::assert_json_snapshot!("regex_description", added_to_both(&version(), gateway()));
    insta::assert_json_snapshot!(
        "regex_llama_cpp",
        added_to_both(&version(), Target::llama_cpp())
    );
}

/// A client of the server, to which grammars travel so.
fn client(server: &Server, target: Target) -> Client {
    Client::builder()
        .base_url(&server.url)
        .target(target)
        .build()
        .unwrap()
}

fn function_call(arguments: &str) -> Script {
    Script::json(
        200,
        &json!({"id": "resp_1", "status": "completed", "output": [
            {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "answer", "arguments": arguments}]}),
    )
}

fn chat_call(arguments: &str) -> Script {
    Script::json(
        200,
        &json!({"id": "c", "choices": [{"finish_reason": "tool_calls", "message": {"role": "assistant", "content": null,
            "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "answer", "arguments": arguments}}]}}]}),
    )
}

#[tokio::test]
async fn a_described_grammar_is_checked_here_and_said_to_be() {
    let wrong = r#"{"input": "port: 80"}"#;
    let server = Server::start([
        function_call(wrong),
        function_call(r#"{"input": "port=80"}"#),
    ]);
    let reply = client(&server, gateway())
        .responses("m")
        .input("x")
        .extract_with(&pair())
        .await
        .unwrap();
    assert_eq!(
        reply.value.to_sexpr(),
        r#"(start (NAME "port") (INT "80"))"#
    );
    assert_eq!((reply.text.as_str(), reply.enforced), ("port=80", false));
    let again = server.received()[1].json()["input"].clone();
    let call =
        json!({"type": "function_call", "call_id": "call_1", "name": "answer", "arguments": wrong});
    assert_eq!(again[1], call);
    assert_eq!(again[2]["type"], "function_call_output");
    insta::assert_snapshot!(again[2]["output"].as_str().unwrap(), @r#"
Your answer does not have the required form. Correct this and send the whole answer again:
- after "port": expected NAME or "=", found ":"; it could go on with "a"
"#);

    let server = Server::start([chat_call(wrong), chat_call(r#"{"input": "port=80"}"#)]);
    let reply = client(&server, gateway())
        .chat("m")
        .input("x")
        .extract_with(&pair())
        .await
        .unwrap();
    assert_eq!(reply.text, "port=80");
    let again = server.received()[1].json()["messages"].clone();
    assert_eq!(again[1]["tool_calls"][0]["function"]["arguments"], wrong);
    assert_eq!(again[2]["tool_call_id"], "call_1");
}

#[test]
fn a_tool_of_ones_own_is_described_in_the_same_words() {
    let output = pair().prepare(gateway()).unwrap();
    let own = offline()
        .responses("m")
        .tool(Tool::from_output("answer", &output));
    let own = serde_json::to_value(own.build().tools).unwrap();
    let added = added(&offline().responses("m"), &output);
    assert_eq!(own, added["tools"]);
    assert_eq!(own[0]["type"], "function");
}

#[test]
fn what_no_server_holds_is_a_relaxation() {
    let output = pair().prepare(gateway()).unwrap();
    let told: Vec<_> = output.relaxations().iter().map(|one| &one.reason).collect();
    assert_eq!(
        told,
        [
            "the grammar is told to the model and not held by the server: the answer is checked when it is read"
        ]
    );
    assert!(!output.constraint().is_enforced());
    for target in [
        Target::openai(),
        Target::vllm(),
        Target::llama_cpp(),
        Target::sglang(),
    ] {
        let output = pair().prepare(target).unwrap();
        assert_eq!(output.relaxations(), []);
        assert!(output.constraint().is_enforced());
    }
}

#[tokio::test]
async fn arguments_that_hold_no_answer_are_rejected() {
    for arguments in [
        "port=",
        "{\"input\": 80}",
        "{\"text\": \"port=80\"}",
        "[]",
        "",
    ] {
        let server = Server::start([function_call(arguments)]);
        let output = pair().prepare(gateway()).unwrap();
        let request = client(&server, gateway())
            .responses("m")
            .input("x")
            .reask(0);
        let answer = request.ask(&output).await.unwrap();
        assert!(matches!(answer.outcome, Outcome::Invalid(_)), "{arguments}");
        assert_eq!(answer.text, arguments);
    }
}

#[tokio::test]
async fn answers_to_grammars_in_fields_are_texts() {
    for target in [Target::vllm(), Target::llama_cpp(), Target::sglang()] {
        let server = Server::start([Script::says("v1.12")]);
        let request = client(&server, target).responses("m").input("x");
        let reply = request.extract_with(&version()).await.unwrap();
        assert_eq!(
            (reply.value.get("major"), reply.value.get("minor")),
            (Some("1"), Some("12"))
        );
        assert!(reply.enforced);
    }
}

#[tokio::test]
async fn a_server_that_ignores_the_grammar_is_told_what_was_expected() {
    let said = "Sure! v1.12";
    let server = Server::start([Script::says(said), Script::says(said)]);
    let request = client(&server, Target::vllm()).responses("m").input("x");
    let error = request.extract_with(&version()).await.unwrap_err();
    insta::assert_snapshot!(error, @r#"the answer is not of the type: expected /v(?<major>[0-9]{1,3})\.(?<minor>[0-9]{1,3})/, found "S" [request req_1]"#);
    let again = server.received()[1].json()["input"].clone();
    assert_eq!(again[1]["content"], said);
    insta::assert_snapshot!(again[2]["content"].as_str().unwrap(), @r#"
Your answer does not have the required form. Correct this and send the whole answer again:
- at the beginning: expected /v(?<major>[0-9]{1,3})\.(?<minor>[0-9]{1,3})/, found "S"; it could go on with "v"
"#);
}

#[tokio::test]
async fn the_local_server_holds_grammars_and_regexes() {
    let sim = Sim::start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    for _ in 0..10 {
        let request = client.responses("gpt-5.2").input("x").reask(0);
        let reply = request.extract_with(&pair()).await.unwrap();
        assert_eq!(reply.value.root().name(), "start");
        let request = client.chat("gpt-5.2").input("x").reask(0);
        let reply = request.extract_with(&version()).await.unwrap();
        assert_eq!(reply.value.group(0), Some(reply.text.as_str()));
    }
}

#[test]
fn what_a_server_would_refuse_is_refused_before() {
    let error = grammar("start: A b\nA: /(?=x)y/\n").unwrap_err();
    insta::assert_snapshot!(error, @r#"
error[unknown-name]: `b` is not defined
 --> 1:10
  |
1 | start: A b
  |          ^
  = hint: did you mean `A`?
  = write: `A`

error[look-around]: look-ahead `(?=…)` is not supported
 --> 2:5
  |
2 | A: /(?=x)y/
  |     ^^^
  = hint: say in the rule what follows the terminal
"#);
    let error = regex("[a-z").unwrap_err();
    insta::assert_snapshot!(error, @r#"
error[regex]: the class `[` is not closed
 --> 1:1
  |
1 | [a-z
  | ^
  = hint: a bracket itself is written `\[`
"#);
}
