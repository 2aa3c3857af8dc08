//! Conversations that the program keeps, and what makes them short.

use std::sync::atomic::Ordering;

use larkspur_client::wire::responses::{InputItem, InputMessage, OutputItem, Request};
use larkspur_client::{Client, Conversation, Effort};
use larkspur_sim::{Fault, Sim};
use serde_json::{Value, json};

use crate::fixture::{Script, Server, response, usage};
use crate::outputs::Total;
use crate::tool_runs::{counting, start};

/// What each request to a path said.
fn bodies(sim: &Sim, path: &str) -> Vec<Value> {
    let sent = sim.requests().into_iter();
    let sent = sent.filter(|sent| sent.path() == path);
    sent.map(|sent| sent.json().unwrap()).collect()
}

fn kinds(items: &[InputItem]) -> Vec<String> {
    let kind = |item: &InputItem| {
        let item = serde_json::to_value(item).unwrap();
        let text = |member: &str| item.get(member).and_then(Value::as_str);
        text("role").or(text("type")).unwrap().to_owned()
    };
    items.iter().map(kind).collect()
}

#[tokio::test]
async fn what_was_said_goes_along() {
    let (sim, client) = start(Sim::builder());
    let request = client.responses("gpt-5.2").instructions("Be brief.");
    let request = request.input(InputMessage::developer("Answer in euros."));
    let mut conversation = Conversation::new(request.effort(Effort::Low));
    let first = conversation.extract::<Total>("Order 7?").await.unwrap();
    conversation.text("And in words?").await.unwrap();
    conversation.extract::<Total>("Order 8?").await.unwrap();
    assert_eq!(
        kinds(conversation.items()),
        [
            "developer",
            "user",
            "reasoning",
            "assistant",
            "user",
            "reasoning",
            "assistant",
            "user",
            "reasoning",
            "assistant"
        ]
    );
    let bodies = bodies(&sim, "/v1/responses");
    assert_eq!(bodies[2]["input"].as_array().unwrap().len(), 8);
    assert_eq!(bodies[2]["input"][3]["content"][0]["text"], first.text);
    // Each as it was, so that the cache holds it.
    let (second, third) = (
        &bodies[1]["input"].as_array().unwrap(),
        &bodies[2]["input"].as_array().unwrap(),
    );
    assert_eq!(second[..], third[..second.len()]);
    // Nobody else keeps it, so the reasoning is asked for.
    assert!(
        bodies
            .iter()
            .all(|body| body["store"] == false && body["instructions"] == "Be brief.")
    );
    assert!(
        bodies[2]["input"][2]["encrypted_content"]
            .as_str()
            .is_some()
    );

    // What is written down goes on elsewhere.
    let kept = serde_json::to_string(conversation.items()).unwrap();
    let items: Vec<InputItem> = serde_json::from_str(&kept).unwrap();
    let mut other = Conversation::new(client.responses("gpt-5.2")).with_items(items.clone());
    other.text("Still there?").await.unwrap();
    assert_eq!(other.items()[..items.len()], items[..]);
}

#[tokio::test]
async fn a_long_conversation_is_compacted_before_it_goes_on() {
    let (sim, client) = start(Sim::builder());
    let mut conversation =
        Conversation::new(client.responses("gpt-5.2").effort(Effort::Low)).compact_above(60);
    let mut compacted = Vec::new();
    for turn in 0..6 {
        let reply = conversation
            .text(format!("Tell me more, {turn}."))
            .await
            .unwrap();
        let first = format!("{:?}", reply.attempts()[0].kind);
        compacted.push(first == "Compaction");
        assert!(reply.cost().is_complete());
        assert_eq!(
            reply.attempts().len(),
            if first == "Compaction" { 2 } else { 1 }
        );
    }
    let count = compacted.iter().filter(|compacted| **compacted).count();
    assert!((1..=5).contains(&count) && !compacted[0], "{compacted:?}");
    let requests = bodies(&sim, "/v1/responses/compact");
    assert_eq!(requests.len(), count);
    assert!(requests[0].get("store").is_none() && requests[0]["model"] == "gpt-5.2");
    // What people said stays, and one item is everything else.
    let all = kinds(conversation.items());
    assert_eq!(all.iter().filter(|kind| *kind == "user").count(), 6);
    assert_eq!(all.iter().filter(|kind| *kind == "compaction").count(), 1);
}

#[tokio::test]
async fn the_server_compacts_at_its_threshold() {
    let (sim, client) = start(Sim::builder());
    let mut conversation = Conversation::new(client.responses("gpt-5.2").compact_threshold(1000));
    conversation.text("Short.").await.unwrap();
    assert_eq!(kinds(conversation.items()), ["user", "assistant"]);
    conversation.text("long ".repeat(1000)).await.unwrap();
    assert_eq!(kinds(conversation.items()), ["compaction", "assistant"]);
    conversation.text("Short again.").await.unwrap();
    assert_eq!(
        kinds(conversation.items()),
        ["compaction", "assistant", "user", "assistant"]
    );
    let sent = &bodies(&sim, "/v1/responses")[0]["context_management"];
    assert_eq!(
        *sent,
        json!([{"type": "compaction", "compact_threshold": 1000}])
    );

    // The same with what the server keeps.
    let say = |text: String| {
        client
            .responses("gpt-5.2")
            .compact_threshold(1000)
            .input(text)
    };
    let first = say("long ".repeat(1000)).send().await.unwrap().response;
    assert!(matches!(first.output[0], OutputItem::Compaction(_)));
    let next = say("Short.".to_owned())
        .previous_response_id(first.id)
        .send()
        .await
        .unwrap();
    assert!(next.usage().input_tokens < 100, "{:?}", next.usage());
    let error = client
        .responses("gpt-5.2")
        .input("x")
        .compact_threshold(999)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.param(),
        Some("context_management[0].compact_threshold")
    );
}

#[tokio::test]
async fn what_fails_leaves_the_conversation_as_it_was() {
    let faults = [
        Fault::Truncation,
        Fault::ContentFilter,
        Fault::Quota,
        Fault::Garbage,
    ];
    for fault in faults {
        let (_sim, client) = start(Sim::builder().fault_times(fault, 1));
        let mut conversation = Conversation::new(client.responses("gpt-5.2"));
        let failed = conversation.extract::<Total>("Order 7?").await;
        assert!(
            failed.is_err() && conversation.items().is_empty(),
            "{fault}"
        );
        conversation.extract::<Total>("Order 7?").await.unwrap();
        assert_eq!(
            kinds(conversation.items()),
            ["user", "assistant"],
            "{fault}"
        );
    }
    // A refusal is something that was said.
    let (_sim, client) = start(Sim::builder().fault_times(Fault::Refusal, 1));
    let mut conversation = Conversation::new(client.responses("gpt-5.2"));
    assert!(
        conversation
            .extract::<Total>("Order 7?")
            .await
            .unwrap_err()
            .is_refusal()
    );
    conversation.extract::<Total>("Please.").await.unwrap();
    assert_eq!(
        kinds(conversation.items()),
        ["user", "assistant", "user", "assistant"]
    );
}

#[tokio::test]
async fn a_rejected_answer_is_no_part_of_it() {
    let good = r#"{"amount":1,"currency":"EUR"}"#;
    let server = Server::start([Script::says("none"), Script::says(good), Script::says(good)]);
    let mut conversation = Conversation::new(server.client().responses("gpt-5.2"));
    let reply = conversation.extract::<Total>("Order 7?").await.unwrap();
    assert_eq!(reply.attempts().len(), 2);
    assert_eq!(
        kinds(conversation.items()),
        ["user", "reasoning", "assistant"]
    );
    assert_eq!(
        serde_json::to_value(&conversation.items()[2]).unwrap()["content"][0]["text"],
        good
    );
}

#[tokio::test]
async fn a_compaction_that_fails_loses_nothing() {
    let mut long = response("Fine.");
    long["usage"] = usage();
    let wrong = Script::text(200, "text/html", "<html>");
    let server = Server::start([Script::json(200, &long), wrong, Script::error(400, "bad")]);
    let mut conversation =
        Conversation::new(server.client().responses("gpt-5.2")).compact_above(109);
    conversation.text("How are you?").await.unwrap();
    let items = conversation.items().to_vec();
    for check in [
        larkspur_client::Error::is_decode,
        larkspur_client::Error::is_status,
    ] {
        let error = conversation.text("And now?").await.unwrap_err();
        assert!(check(&error), "{error}");
        assert_eq!(error.attempts().len(), 1);
        assert_eq!(conversation.items(), items);
    }
    assert!(
        server.received()[2]
            .line
            .starts_with("POST /v1/responses/compact ")
    );
}

#[tokio::test]
async fn tokens_are_counted_as_they_are_billed() {
    let (sim, client) = start(Sim::builder());
    let request = || {
        client
            .responses("gpt-5.2")
            .input("Total of order 7?")
            .instructions("Be brief.")
    };
    let short = request().count_input_tokens().await.unwrap();
    let long = client.responses("gpt-5.2").input("Total? ".repeat(100));
    assert!(long.count_input_tokens().await.unwrap() > short);
    let sent = request().send().await.unwrap();
    assert_eq!(sent.usage().input_tokens, short);
    // Settings of the answer are no part of what is read, and not taken there.
    let all = request()
        .max_output_tokens(100)
        .store(false)
        .metadata("a", "b")
        .safety_identifier("u");
    assert_eq!(
        all.extra("news", json!(1))
            .count_input_tokens()
            .await
            .unwrap(),
        short
    );
    let body = &bodies(&sim, "/v1/responses/input_tokens")[2];
    let read: Request = serde_json::from_value(body.clone()).unwrap();
    assert!(read.max_output_tokens.is_none() && read.extra.is_empty());
    let error = client
        .responses("gpt-5.2")
        .count_input_tokens()
        .await
        .unwrap_err();
    assert_eq!(error.param(), Some("input"));
}

#[tokio::test]
async fn no_key_is_in_a_conversation() {
    const KEY: &str = "sk-planted-7f3a9c";
    let server = Server::start([Script::says(&format!("no {KEY}")), Script::error(400, KEY)]);
    let client: Client = server.builder().api_key(KEY).build().unwrap();
    let mut conversation = Conversation::new(client.responses("m")).compact_above(0);
    conversation.text("x").await.unwrap();
    let error = conversation.text("x").await.unwrap_err();
    let kept = serde_json::to_string(conversation.items()).unwrap();
    let printed = format!("{conversation:?} {conversation:#?} {error} {error:?} {kept}");
    assert!(
        printed.contains("no ") && !printed.contains("planted"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_conversation_on_the_server_is_added_to() {
    let (sim, client) = start(Sim::builder().tool_rounds(1));
    let begun = (0..45).map(|number| InputMessage::user(format!("Note {number}.")));
    let stored = client.create_conversation(begun).await.unwrap();
    assert_eq!(
        bodies(&sim, "/v1/conversations")[0]["items"]
            .as_array()
            .unwrap()
            .len(),
        20
    );
    let (lookup, count) = counting("lookup");
    let request = client
        .responses("gpt-5.2")
        .input("Total?")
        .conversation(&stored);
    let reply = request
        .run_tools([lookup])
        .extract::<Total>()
        .await
        .unwrap();
    assert_eq!(
        (reply.attempts().len(), count.load(Ordering::SeqCst)),
        (2, 1)
    );
    // The second request brings the output alone: the server has the rest.
    let sent = &bodies(&sim, "/v1/responses")[1]["input"];
    assert_eq!(sent.as_array().unwrap().len(), 1);
    assert!(reply.attempts()[1].usage.unwrap().input_tokens > 100);
    let next = client
        .responses("gpt-5.2")
        .input("Sure?")
        .conversation(stored.id());
    next.extract::<Total>().await.unwrap();
    let items = stored.items().await.unwrap();
    let all = kinds(&items);
    assert_eq!(all[44..46], ["user", "user"]);
    assert_eq!(
        all[46..],
        [
            "function_call",
            "function_call_output",
            "assistant",
            "user",
            "assistant"
        ]
    );
    let text = serde_json::to_value(&items[30]).unwrap();
    assert_eq!(text["content"][0]["text"], "Note 30.");

    stored.add(Vec::<InputItem>::new()).await.unwrap();
    let wrong = client.stored_conversation("conv_/?");
    assert_eq!(wrong.items().await.unwrap_err().status(), Some(404));
    let request = client.responses("gpt-5.2").input("x").conversation(&wrong);
    assert_eq!(request.send().await.unwrap_err().status(), Some(404));
    let id = stored.id().to_owned();
    stored.delete().await.unwrap();
    let gone = client.stored_conversation(id);
    assert_eq!(gone.clone().delete().await.unwrap_err().status(), Some(404));
    assert_eq!(
        gone.add([InputMessage::user("x")])
            .await
            .unwrap_err()
            .status(),
        Some(404)
    );
}

/// The server has added what was said and answered already.
#[tokio::test]
async fn a_conversation_on_the_server_hears_what_is_wrong_and_nothing_twice() {
    // The request that begins the conversation meets it, too.
    let sim = || Sim::builder().fault_times(Fault::ConstraintIgnored, 2);
    let yes = larkspur_output::grammar("start: \"yes\" | \"no\"\n").unwrap();
    for in_a_tool in [false, true] {
        let (sim, client) = start(sim());
        let stored = client
            .create_conversation(Vec::<InputItem>::new())
            .await
            .unwrap();
        let request = client
            .responses("gpt-5.2")
            .input("Total?")
            .conversation(&stored);
        let (attempts, expected) = if in_a_tool {
            let reply = request.extract_with(&yes).await.unwrap();
            let call = "custom_tool_call";
            (
                reply.attempts().len(),
                ["user", call, "custom_tool_call_output", call],
            )
        } else {
            let reply = request.extract::<Total>().await.unwrap();
            (
                reply.attempts().len(),
                ["user", "assistant", "user", "assistant"],
            )
        };
        assert_eq!(attempts, 2);
        assert_eq!(kinds(&stored.items().await.unwrap()), expected);
        let again = &bodies(&sim, "/v1/responses")[1]["input"];
        assert_eq!(again.as_array().unwrap().len(), 1, "{again}");
    }
}

#[tokio::test]
async fn a_conversation_is_kept_in_one_place() {
    let (sim, client) = start(Sim::builder());
    let request = client.responses("gpt-5.2").conversation("conv_1");
    let error = Conversation::new(request).text("Hello?").await.unwrap_err();
    assert!(error.is_request(), "{error}");
    assert!(
        error
            .hint()
            .unwrap()
            .contains("ask with the request itself")
    );
    assert_eq!(sim.requests().len(), 0);
}

#[tokio::test]
async fn a_list_without_an_end_is_given_up() {
    let page = json!({"object": "list", "data": [], "last_id": "msg_1", "has_more": true});
    let server = Server::start([Script::json(200, &page)]);
    let stored = server.client().stored_conversation("conv_1");
    let error = stored.items().await.unwrap_err();
    assert!(error.is_failed(), "{error}");
    assert_eq!(server.received().len(), 1_000);
}

#[tokio::test]
async fn tools_run_within_a_conversation() {
    let (sim, client) = start(Sim::builder().tool_rounds(2));
    let (orders, ran) = counting("orders");
    let request = client.responses("gpt-5.2").effort(Effort::Low);
    let mut conversation = Conversation::new(request).run_tools([orders]);
    let reply = conversation.extract::<Total>("Order 7?").await.unwrap();
    let round = ["reasoning", "function_call", "function_call_output"];
    let mut expected = vec!["user"];
    expected.extend(round.iter().chain(&round));
    expected.extend(["reasoning", "assistant"]);
    assert_eq!(kinds(conversation.items()), expected);
    assert_eq!(reply.tool_calls().len(), 2);
    assert_eq!(reply.attempts().len(), 3);

    // What was called stays said, and what comes next goes behind it.
    conversation.extract::<Total>("And 8?").await.unwrap();
    assert_eq!(ran.load(Ordering::SeqCst), 4);
    let sent = bodies(&sim, "/v1/responses");
    let again = sent[3]["input"].as_array().unwrap();
    assert_eq!(again.len(), expected.len() + 1);
    assert_eq!(again[3]["output"], sent[1]["input"][3]["output"]);
    assert!(sent.iter().all(|body| body["tools"] == sent[0]["tools"]));
}

#[tokio::test]
async fn what_fails_behind_tools_was_never_said() {
    let (_sim, client) = start(Sim::builder().tool_rounds(u32::MAX));
    let (orders, ran) = counting("orders");
    let request = client.responses("gpt-5.2").effort(Effort::Low);
    let mut conversation = Conversation::new(request).run_tools([orders]);
    let error = conversation.extract::<Total>("Order 7?").await.unwrap_err();
    assert!(error.is_limit(), "{error}");
    assert_eq!(
        error.ledger().tool_calls().len(),
        ran.load(Ordering::SeqCst)
    );
    assert!(conversation.items().is_empty());
}
