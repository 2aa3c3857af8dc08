//! Grammars travel as a forced custom tool, and the call's input is the answer.

use larkspur_client::{CustomTool, Tool};
use larkspur_output::{Constraint, GrammarFormat, GrammarSyntax, Output};
use larkspur_schema::{JsonSchema, schemars};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fixture::{Script, Server};
use crate::outputs::{offline, total};

/// Reads `yes` and `no`.
pub(crate) fn yes_or_no() -> Output<bool> {
    let definition = "start: \"yes\" | \"no\"".to_owned();
    Output::new(
        Constraint::Grammar(GrammarFormat::new(GrammarSyntax::Lark, definition)),
        Vec::new(),
        |text| match text {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => total().read("neither").map(|_| false),
        },
    )
}

fn call(input: &str) -> Value {
    json!({"id": "resp_1", "status": "completed", "output": [
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "custom_tool_call", "id": "ctc_1", "call_id": "call_1", "name": "answer", "input": input}]})
}

#[test]
fn a_grammar_becomes_a_forced_tool() {
    insta::assert_json_snapshot!(
        "responses_grammar",
        offline()
            .responses("gpt-5.2")
            .input("x")
            .build_for(&yes_or_no())
    );
    insta::assert_json_snapshot!(
        "chat_grammar",
        offline().chat("gpt-5.2").input("x").build_for(&yes_or_no())
    );
}

#[test]
fn its_name_gives_way_to_the_users_tools() {
    let request = offline()
        .responses("m")
        .tool(CustomTool::new("answer"))
        .tool(CustomTool::new("answer_"));
    let request = serde_json::to_value(request.build_for(&yes_or_no())).unwrap();
    assert_eq!(request["tools"][2]["name"], "answer__");
    assert_eq!(request["tool_choice"]["name"], "answer__");
}

#[tokio::test]
async fn the_input_of_the_call_is_the_answer() {
    let server = Server::start([Script::json(200, &call("yes"))]);
    let answer = server
        .client()
        .responses("m")
        .input("x")
        .ask(&yes_or_no())
        .await
        .unwrap();
    assert_eq!(answer.text, "yes");
    assert!(answer.into_reply().unwrap().value);

    let completion = json!({"id": "c", "choices": [{"finish_reason": "tool_calls", "message": {"role": "assistant", "content": null,
        "tool_calls": [{"id": "call_1", "type": "custom", "custom": {"name": "answer", "input": "no"}}]}}]});
    let server = Server::start([Script::json(200, &completion)]);
    assert!(
        !server
            .client()
            .chat("m")
            .input("x")
            .ask(&yes_or_no())
            .await
            .unwrap()
            .into_reply()
            .unwrap()
            .value
    );
}

#[tokio::test]
async fn a_server_that_answers_in_text_is_still_read() {
    let server = Server::start([Script::says("no")]);
    assert!(
        !server
            .client()
            .responses("m")
            .input("x")
            .ask(&yes_or_no())
            .await
            .unwrap()
            .into_reply()
            .unwrap()
            .value
    );
}

#[tokio::test]
async fn a_rejected_call_gets_its_output() {
    let server = Server::start([
        Script::json(200, &call("maybe")),
        Script::json(200, &call("yes")),
    ]);
    server
        .client()
        .responses("m")
        .input("x")
        .ask(&yes_or_no())
        .await
        .unwrap();
    let input = server.received()[1].json()["input"].clone();
    assert_eq!(
        input[1],
        json!({"type": "custom_tool_call", "call_id": "call_1", "name": "answer", "input": "maybe"})
    );
    assert_eq!(input[2]["type"], "custom_tool_call_output");
    assert_eq!(input[2]["call_id"], "call_1");
    assert!(input[2]["output"].as_str().unwrap().len() > 10);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema counts")]
struct Lookup {
    /// As printed on the invoice.
    id: String,
}

#[test]
fn functions_from_types() {
    let tool = Tool::function::<Lookup>("lookup")
        .unwrap()
        .description("Finds one order.");
    let request = offline().responses("m").tool(tool.clone()).build();
    let tools = serde_json::to_value(request.tools).unwrap();
    assert_eq!(tools[0]["type"], "function");
    assert_eq!(tools[0]["name"], "lookup");
    assert_eq!(tools[0]["strict"], true);
    assert_eq!(
        tools[0]["parameters"]["properties"]["id"]["description"],
        "As printed on the invoice."
    );
    let nested = serde_json::to_value(offline().chat("m").tool(tool).build().tools).unwrap();
    assert_eq!(nested[0]["function"]["parameters"], tools[0]["parameters"]);
}

#[test]
fn raw_tools_go_as_they_are() {
    let search = json!({"type": "web_search", "filters": {"allowed_domains": ["example.org"]}});
    let request = offline()
        .responses("m")
        .tool(Tool::raw(search.clone()))
        .build();
    assert_eq!(
        serde_json::to_value(request.tools).unwrap(),
        json!([search])
    );
}

#[tokio::test]
async fn schemas_that_are_too_large_together_are_not_sent() {
    let schema = |count: usize| {
        let properties = (0..count).map(|at| (format!("p{at}"), json!({"type": "integer"})));
        let names: Vec<_> = (0..count).map(|at| format!("p{at}")).collect();
        let properties = Value::Object(properties.collect());
        json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
    };
    let server = Server::start([Script::says("hi")]);
    let request = |strict| {
        let client = server.client();
        let small = Tool::function_schema("small", schema(2_000), strict);
        let large = Tool::function_schema("large", schema(3_500), strict);
        client.responses("m").input("x").tool(small).tool(large)
    };
    let error = request(true).send().await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    assert_eq!((server.received().len(), error.attempts().len()), (0, 0));
    let message = error.to_string();
    assert!(
        message.contains("5500") && message.contains("`tool large`"),
        "{message}"
    );
    // What is not strict has no such limits.
    request(false).send().await.unwrap();
}
