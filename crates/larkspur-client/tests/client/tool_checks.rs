//! What is seen to before a request with tools is sent: names, choices, calls and outputs in pairs.

use larkspur_client::wire::chat;
use larkspur_client::wire::responses::{
    CustomToolCallOutput, FunctionCall, FunctionCallOutput, InputItem,
};
use larkspur_client::{CustomTool, Error, ToolChoice, ToolRun};
use larkspur_sim::Sim;

use crate::outputs::{offline, total};
use crate::tool_runs::{counting, start};

#[test]
fn names_are_looked_at_before_anything_is_sent() {
    let request = |names: &[&str]| {
        let tools = names.iter().map(|name| counting(name).0);
        offline().responses("m").input("x").run_tools(tools)
    };
    let check = |run: ToolRun<_>, message: &str| {
        let error = run.build_for(&total()).unwrap_err();
        assert!(
            error.is_request() && error.to_string().contains(message),
            "{error}"
        );
    };
    assert!(
        request(&["a", "A-b_9", &"x".repeat(64)])
            .build_for(&total())
            .is_ok()
    );
    assert!(request(&[]).build_for(&total()).is_ok());
    check(request(&["a", "a"]), "two tools are called `a`");
    check(request(&[""]), "a tool cannot be called ``");
    check(
        request(&["two words"]),
        "a tool cannot be called `two words`",
    );
    check(request(&[&"x".repeat(65)]), "a tool cannot be called `xxx");
    check(request(&["größe"]), "a tool cannot be called `größe`");
    check(
        request(&["a"]).allow(["a", "b"]),
        "no tool of the request is called `b`",
    );
    let taken = offline().responses("m").tool(CustomTool::new("a"));
    check(
        taken.run_tools([counting("a").0]),
        "two tools are called `a`",
    );
}

#[test]
fn choices_are_relaxed_where_they_oblige() {
    let build = |choice| {
        let request = offline().responses("m").input("x").tool_choice(choice);
        let request = request
            .run_tools([counting("a").0])
            .build_for(&total())
            .unwrap();
        serde_json::to_value(request.tool_choice).unwrap()
    };
    assert_eq!(build(ToolChoice::Required), "required");
    assert_eq!(build(ToolChoice::Auto), "auto");
    assert_eq!(build(ToolChoice::function("a"))["name"], "a");
}

#[tokio::test]
async fn what_is_not_in_pairs_is_not_sent() {
    let (sim, client) = start(Sim::builder());
    let request = || client.responses("gpt-5.2").input("x");
    let call = || InputItem::from(FunctionCall::new("call_1", "f", "{}"));
    let output = |id: &str| InputItem::from(FunctionCallOutput::new(id, "found"));
    let check = |error: Error, message: &str| {
        assert!(
            error.is_request() && error.attempts().is_empty(),
            "{error:?}"
        );
        assert!(error.to_string().contains(message), "{error}");
    };
    let error = request().item(call()).send().await.unwrap_err();
    check(error, "the call `call_1` of `f` has no output");
    let error = request().item(output("call_2")).send().await.unwrap_err();
    check(
        error,
        "the output for `call_2` has no call of its kind before it",
    );
    let wrong = CustomToolCallOutput::new("call_1", "x");
    let error = request().item(call()).item(wrong).send().await.unwrap_err();
    check(error, "the call `call_1` of `f` has no output");
    let chat = |messages: Vec<chat::Message>| client.chat("gpt-5.2").messages(messages);
    let calls = || chat::Message::calls(vec![chat::ToolCall::function("call_1", "f", "{}")]);
    let (user, tool) = (
        || chat::Message::user("x"),
        || chat::Message::tool("call_1", "found"),
    );
    let error = chat(vec![user(), calls(), user(), tool()])
        .send()
        .await
        .unwrap_err();
    check(error, "the call `call_1` of `f` has no output");
    let error = chat(vec![user(), tool()]).send().await.unwrap_err();
    check(error, "the output for `call_1` has no call");
    assert!(sim.requests().is_empty());

    request()
        .item(call())
        .item(output("call_1"))
        .send()
        .await
        .unwrap();
    chat(vec![user(), calls(), tool(), user()])
        .send()
        .await
        .unwrap();
    // The call is where only the server sees it; it says no by itself.
    let error = request()
        .previous_response_id("resp_1")
        .item(output("call_3"))
        .send()
        .await;
    assert_eq!(error.unwrap_err().status(), Some(404));
}
