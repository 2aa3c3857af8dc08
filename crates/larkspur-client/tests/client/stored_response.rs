//! What the server keeps of a response: itself, and what the model was given.

use larkspur_client::wire::responses::{InputItem, InputMessage};
use larkspur_client::{Effort, tool};
use larkspur_schema::{JsonSchema, schemars};
use larkspur_sim::Sim;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fixture::{Script, Server};
use crate::tool_runs::start;

/// What an item is, and its text where it has one.
fn shown(items: &[InputItem]) -> Vec<String> {
    let shown = items.iter().map(|item| {
        let item = json!(item);
        let member = |pointer| item.pointer(pointer).and_then(Value::as_str);
        let kind = member("/role").or(member("/type")).unwrap();
        let text = member("/content/0/text").unwrap_or_default();
        format!("{kind} {text}").trim_end().to_owned()
    });
    shown.collect()
}

#[tokio::test]
async fn what_was_given_is_told_oldest_first() {
    let (sim, client) = start(Sim::builder());
    let notes = (0..250).map(|number| InputMessage::user(format!("Note {number}.")));
    let request = client.responses("gpt-5.2").input(notes.collect::<Vec<_>>());
    let sent = request.send().await.unwrap();
    let stored = client.stored_response(&sent.response.id);
    let given = stored.input_items().await.unwrap();
    let notes: Vec<_> = (0..250)
        .map(|number| format!("user Note {number}."))
        .collect();
    assert_eq!(shown(&given), notes);
    let queries = sim
        .requests()
        .into_iter()
        .map(|sent| sent.path().to_owned());
    let queries: Vec<_> = queries
        .filter(|path| path.contains("input_items"))
        .collect();
    assert_eq!(queries.len(), 3, "{queries:?}");
    assert_eq!(stored.get().await.unwrap(), sent.response);

    // What it went on from is a part of it, with the answer and its reasoning.
    let said = format!("assistant {}", sent.response.output_text());
    let next = client
        .responses("gpt-5.2")
        .input("And 8?")
        .effort(Effort::Low);
    let next = next
        .previous_response_id(stored.id())
        .instructions("Be brief.");
    let next = next.send().await.unwrap();
    let given = client
        .stored_response(&next.response.id)
        .input_items()
        .await;
    let mut expected = notes;
    expected.extend([said, "user And 8?".to_owned()]);
    assert_eq!(shown(&given.unwrap()), expected);

    stored.clone().delete().await.unwrap();
    for error in [
        stored.get().await.unwrap_err(),
        stored.input_items().await.unwrap_err(),
        stored.delete().await.unwrap_err(),
        client
            .stored_response("resp_/?")
            .input_items()
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.status(), Some(404));
    }
}

#[derive(Deserialize, JsonSchema)]
struct Place {
    #[expect(dead_code, reason = "only its schema is of interest")]
    city: String,
}

#[tokio::test]
async fn calls_and_their_outputs_are_among_it() {
    let (_sim, client) = start(Sim::builder().tool_rounds(1));
    let weather = tool("weather", |_: Place| async { Ok::<_, String>("rain") });
    let request = client
        .responses("gpt-5.2")
        .input("Rain?")
        .effort(Effort::Low);
    let reply = request.run_tools([weather]).text().await.unwrap();
    let given = client
        .stored_response(reply.response_id)
        .input_items()
        .await;
    let expected = [
        "user Rain?",
        "reasoning",
        "function_call",
        "function_call_output",
    ];
    assert_eq!(shown(&given.unwrap()), expected);
}

#[tokio::test]
async fn what_is_not_kept_is_not_there() {
    let (_sim, client) = start(Sim::builder());
    let sent = client
        .responses("gpt-5.2")
        .input("x")
        .store(false)
        .send()
        .await;
    let stored = client.stored_response(sent.unwrap().response.id);
    assert_eq!(stored.input_items().await.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn a_list_without_an_end_is_given_up_and_what_is_no_list_is_told() {
    let page = json!({"object": "list", "data": [], "last_id": "msg_1", "has_more": true});
    for (answer, requests) in [(page, 1_000), (json!({"object": "response"}), 1)] {
        let server = Server::start([Script::json(200, &answer)]);
        let stored = server.client().stored_response("resp_1");
        let error = stored.input_items().await.unwrap_err();
        assert!(error.is_failed() || error.is_decode(), "{error}");
        assert_eq!(server.received().len(), requests);
    }
}
