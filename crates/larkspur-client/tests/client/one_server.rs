//! What one server keeps, or alone can read, stays with it: no other is asked, and nothing is done twice there.

use larkspur_client::wire::responses::{
    Compaction, InputItem, InputMessage, ItemReference, ReasoningItem,
};
use larkspur_client::{
    Api, Client, Conversation, Document, Provider, RequestBuilder, ResponsesRequest, RetryPolicy,
    tool,
};
use larkspur_schema::{JsonSchema, schemars};
use serde::Deserialize;
use serde_json::json;

use crate::fixture::{Script, Server};
use crate::outputs::Total;

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;

/// What is done to a request.
type Change = fn(ResponsesRequest) -> ResponsesRequest;

/// A server that is down, and one that would answer.
fn servers() -> (Server, Server) {
    (
        Server::start([Script::error(500, "server_error")]),
        Server::start([Script::says(GOOD)]),
    )
}

fn client(server: &Server) -> Client {
    let builder = server.builder().retry(RetryPolicy::none());
    builder.build().unwrap()
}

/// Asks the first, with the second behind it, and says whether that was asked and what was warned of.
async fn goes_on<A: Api>(ask: impl Fn(&Client) -> RequestBuilder<A>) -> (bool, Option<String>) {
    let (first, second) = servers();
    let request = ask(&client(&first)).or_else(&client(&second), "m");
    let warned = request
        .warnings()
        .into_iter()
        .find(|warning| warning.code == "servers");
    let answered = request.extract::<Total>().await;
    assert_eq!(first.received().len(), 1);
    let asked = !second.received().is_empty();
    assert_eq!(answered.is_ok(), asked);
    if let Err(error) = answered {
        // It is the first one's failure.
        assert_eq!(error.status(), Some(500));
        assert_eq!(error.attempts().len(), 1);
    }
    (asked, warned.map(|warning| warning.message))
}

#[tokio::test]
async fn what_one_server_keeps_stays_there() {
    let rows: [(Change, &str); 11] = [
        (|request| request.conversation("conv_1"), "a conversation"),
        (
            |request| request.previous_response_id("resp_1"),
            "a response",
        ),
        (
            |request| request.background(),
            "an answer in the background",
        ),
        (
            |request| request.document(Document::uploaded("file-1")),
            "a file",
        ),
        (|request| request.item(encrypted()), "encrypted reasoning"),
        (|request| request.item(compaction()), "a compaction"),
        (|request| request.item(reference()), "an item"),
        (
            |request| request.extra("conversation", json!("conv_1")),
            "a conversation",
        ),
        (
            |request| request.extra("prompt", json!({"id": "pmpt_1"})),
            "a prompt",
        ),
        (
            |request| request.extra("background", json!(true)),
            "an answer in the background",
        ),
        (
            |request| request.extra("container", json!("cntr_1")),
            "a container",
        ),
    ];
    for (change, what) in rows {
        let (asked, warned) = goes_on(|client| change(client.responses("m").input("Total?"))).await;
        assert!(!asked, "{what}");
        let expected =
            format!("no other server is asked: {what} means something to the first alone");
        assert_eq!(warned, Some(expected));
    }
    // What all can read goes on.
    let rows: [Change; 5] = [
        |request| request,
        |request| request.document(Document::data("a.txt", "text/plain", b"x")),
        |request| {
            request
                .item(ReasoningItem::default())
                .item(InputMessage::user("Well?"))
        },
        |request| {
            request
                .store(true)
                .extra("metadata", json!({"conversation": "x"}))
        },
        |request| request.item(InputMessage::assistant("conv_1")),
    ];
    for change in rows {
        let found = goes_on(|client| change(client.responses("m").input("Total?"))).await;
        assert_eq!(found, (true, None));
    }
}

fn encrypted() -> InputItem {
    InputItem::from(ReasoningItem {
        encrypted_content: Some("gAAAA".to_owned()),
        ..ReasoningItem::default()
    })
}

fn compaction() -> InputItem {
    InputItem::from(Compaction {
        encrypted_content: "gAAAA".to_owned(),
        ..Compaction::default()
    })
}

fn reference() -> InputItem {
    InputItem::ItemReference(ItemReference {
        id: "msg_1".to_owned(),
        ..ItemReference::default()
    })
}

#[tokio::test]
async fn files_stay_whichever_the_api() {
    let file = || Document::uploaded("file-1");
    let gemini = Document::uploaded("https://generativelanguage.googleapis.com/v1beta/files/abc");
    let video = Document::uploaded("https://www.youtube.com/watch?v=abc");
    assert!(
        !goes_on(|client| client.chat("m").input("x").document(file()))
            .await
            .0
    );
    // These two fail for the form of the answer where they go on.
    let (first, second) = servers();
    let request = client(&first).messages("m").input("x").document(file());
    request
        .or_else(&client(&second), "m")
        .send()
        .await
        .unwrap_err();
    assert_eq!(second.received().len(), 0);
    let (first, second) = servers();
    let request = client(&first)
        .generate_content("m")
        .input("x")
        .cached_content("cachedContents/a");
    request
        .or_else(&client(&second), "m")
        .send()
        .await
        .unwrap_err();
    assert_eq!(second.received().len(), 0);
    for (document, asked) in [(gemini, 0), (video, 1)] {
        let (first, second) = servers();
        let request = client(&first).generate_content("m").input("x");
        let request = request.document(document).or_else(&client(&second), "m");
        request.send().await.unwrap_err();
        assert_eq!(second.received().len(), asked);
    }
}

#[derive(Deserialize, JsonSchema)]
struct Place {
    #[expect(dead_code, reason = "only its schema is of interest")]
    city: String,
}

#[tokio::test]
async fn a_conversation_and_the_background_know_one_server() {
    let (first, second) = servers();
    let request = || {
        let request = client(&first).responses("m").input("x");
        request.or_else(&client(&second), "m")
    };
    let error = request().submit::<Total>().await.unwrap_err();
    assert_eq!(error.status(), Some(500));
    let error = request().background().stream::<Total>().await.map(drop);
    assert_eq!(error.unwrap_err().status(), Some(500));
    let mut plain = Conversation::new(request());
    assert_eq!(plain.text("Hello?").await.unwrap_err().status(), Some(500));
    let weather = tool("weather", |_: Place| async { Ok::<_, String>("rain") });
    let mut tools = Conversation::new(request()).run_tools([weather]);
    assert_eq!(tools.text("Rain?").await.unwrap_err().status(), Some(500));
    let requests = [request()];
    let output = larkspur_output::json::<Total>();
    let batch = client(&first).submit_batch(requests, &output).await;
    assert_eq!(batch.map(drop).unwrap_err().status(), Some(500));
    assert_eq!(request().compact().await.unwrap_err().status(), Some(500));
    let counted = request().count_input_tokens().await;
    assert_eq!(counted.unwrap_err().status(), Some(500));
    assert_eq!(second.received().len(), 0);
}

/// A connection that breaks says nothing about what the server did before.
#[tokio::test]
async fn what_a_server_keeps_is_not_sent_twice() {
    let broken = || Server::start([Script::Close, Script::says(GOOD)]);
    let rows: [(Change, usize); 6] = [
        (|request| request, 2),
        (|request| request.previous_response_id("resp_1"), 2),
        (|request| request.conversation("conv_1"), 1),
        (|request| request.background(), 1),
        (|request| request.extra("conversation", json!("conv_1")), 1),
        (|request| request.extra("background", json!(true)), 1),
    ];
    for (change, times) in rows {
        let server = broken();
        let request = change(server.client().responses("m").input("Total?"));
        assert_eq!(request.send().await.is_ok(), times > 1);
        assert_eq!(server.received().len(), times);
    }
    let server = broken();
    let stored = server.client().stored_conversation("conv_1");
    let error = stored.add([InputMessage::user("x")]).await.unwrap_err();
    assert!(error.is_broken(), "{error}");
    assert_eq!(server.received().len(), 1);
    // A server that says it did nothing is asked again.
    let busy = Script::error(429, "rate_limit_exceeded");
    let server = Server::start([busy, Script::says(GOOD)]);
    let request = server
        .client()
        .responses("m")
        .input("x")
        .conversation("conv_1");
    assert_eq!(request.send().await.unwrap().attempts().len(), 2);
}

#[test]
fn a_request_without_others_warns_of_nothing() {
    let server = Client::builder()
        .provider(Provider::openai())
        .build()
        .unwrap();
    let request = server.responses("gpt-5.2").conversation("conv_1");
    assert_eq!(request.warnings(), []);
}
