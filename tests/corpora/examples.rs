//! The wire types on what the service has published as examples, and on samples and streams written for this project.

use larkspur_wire::conversations::{AddItems, Conversation, CreateConversation, Deleted};
use larkspur_wire::{ErrorBody, SseDecoder, SseEvent, StreamError, chat, responses};
use serde_json::Value;

use crate::data;
use crate::wire::round_trip;

type Compare = fn(&Value) -> Result<(), String>;

/// What an example is read as, each element of a list by itself where that is the type; why it is none, for the others.
fn example_type(example: &Value) -> Result<(Compare, &'static str), &'static str> {
    let text = |name: &str| {
        example
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let file = text("file").trim_end_matches(".json");
    let whole = |compare: Compare| Ok((compare, ""));
    match (text("operation"), text("kind")) {
        ("POST /chat/completions", "request") => whole(round_trip::<chat::Request>),
        ("POST /chat/completions", "response")
        | (
            "GET /chat/completions/{completion_id}" | "POST /chat/completions/{completion_id}",
            "response",
        ) => whole(round_trip::<chat::Completion>),
        ("POST /chat/completions", _) => Ok((round_trip::<chat::Chunk>, "/*")),
        ("GET /chat/completions", _) => Ok((round_trip::<chat::Completion>, "/data/*")),
        ("GET /chat/completions/{completion_id}/messages", _) => {
            Ok((round_trip::<chat::Message>, "/data/*"))
        }
        (
            "POST /responses" | "POST /responses/input_tokens" | "POST /responses/compact",
            "request",
        ) => whole(round_trip::<responses::Request>),
        (
            "POST /responses"
            | "GET /responses/{response_id}"
            | "POST /responses/{response_id}/cancel",
            "response",
        ) => whole(round_trip::<responses::Response>),
        ("POST /responses/compact", "response") => {
            whole(round_trip::<responses::CompactedResponse>)
        }
        ("POST /responses/input_tokens", "response") => whole(round_trip::<responses::InputTokens>),
        ("POST /responses", "sse") => Err("a stream, which is added up below"),
        ("POST /conversations", "request") => whole(round_trip::<CreateConversation>),
        ("POST /conversations/{conversation_id}/items", "request") => whole(round_trip::<AddItems>),
        (
            "POST /conversations/{conversation_id}/items"
            | "GET /conversations/{conversation_id}/items"
            | "GET /responses/{response_id}/input_items",
            "response",
        ) => whole(round_trip::<responses::ItemList>),
        ("GET /conversations/{conversation_id}/items/{item_id}", _) => {
            whole(round_trip::<responses::InputItem>)
        }
        (
            "POST /conversations"
            | "GET /conversations/{conversation_id}"
            | "POST /conversations/{conversation_id}"
            | "DELETE /conversations/{conversation_id}/items/{item_id}",
            "response",
        ) => whole(round_trip::<Conversation>),
        (
            "DELETE /conversations/{conversation_id}"
            | "DELETE /responses/{response_id}"
            | "DELETE /chat/completions/{completion_id}",
            _,
        ) => whole(round_trip::<Deleted>),
        (
            "POST /conversations/{conversation_id}" | "POST /chat/completions/{completion_id}",
            "request",
        ) => Err("new metadata for what is kept: no verb here asks for it"),
        ("", "event") => whole(round_trip::<responses::Event>),
        ("", "array of chunks") => Ok((round_trip::<chat::Chunk>, "/*")),
        ("", "object") => match file {
            "schema.ChatCompletionList" => Ok((round_trip::<chat::Completion>, "/data/*")),
            "schema.ChatCompletionMessageList" => Ok((round_trip::<chat::Message>, "/data/*")),
            "schema.CreateChatCompletionResponse" => whole(round_trip::<chat::Completion>),
            "schema.ResponseItemList" => whole(round_trip::<responses::ItemList>),
            _ => Err("of the API over web sockets, which is not spoken here"),
        },
        _ => Err("?"),
    }
}

#[test]
fn examples_decode_and_encode_to_the_same_json() {
    let (mut read, mut left) = (0, Vec::new());
    for example in data::json("openai/examples/index.json").as_array().unwrap() {
        let file = example["file"].as_str().unwrap();
        let (compare, at) = match example_type(example) {
            Ok(found) => found,
            Err(reason) => {
                left.push(format!("{file}: {reason}"));
                continue;
            }
        };
        let body = data::json(&format!("openai/examples/{file}"));
        let parts = match at.strip_suffix("/*") {
            Some(list) => body
                .pointer(list)
                .and_then(Value::as_array)
                .unwrap()
                .clone(),
            None => vec![body],
        };
        assert!(!parts.is_empty());
        let differs = parts.iter().filter_map(|part| compare(part).err());
        left.extend(differs.map(|reason| format!("{file}: {reason}")));
        read += 1;
    }
    assert_eq!(read, 106);
    insta::assert_snapshot!(left.join("\n"), @r"
    updatechatcompletion.request.json: new metadata for what is kept: no verb here asks for it
    createresponse.streaming.response.sse: a stream, which is added up below
    updateconversation.request.json: new metadata for what is kept: no verb here asks for it
    schema.ResponseQueuedEvent.json: added /response/output
    schema.ResponseWsError.json: of the API over web sockets, which is not spoken here
    schema.ResponsesClientEventResponseCreate.json: of the API over web sockets, which is not spoken here
    ");
}

#[test]
fn samples_decode_and_encode_to_the_same_json() {
    let (mut valid, mut invalid) = (0, 0);
    for sample in data::json("openai/samples/index.json").as_array().unwrap() {
        let compare: Compare = match sample["root"].as_str().unwrap_or_default() {
            "CreateResponse" | "TokenCountsBody" | "CompactResponseMethodPublicBody" => {
                round_trip::<responses::Request>
            }
            "CreateChatCompletionRequest" => round_trip::<chat::Request>,
            "CreateChatCompletionStreamResponse" => round_trip::<chat::Chunk>,
            "CompactResource" => round_trip::<responses::CompactedResponse>,
            "ErrorResponse" => round_trip::<ErrorBody>,
            other => panic!("no type for {other}"),
        };
        let file = sample["file"].as_str().unwrap();
        let found = compare(&data::json(&format!("openai/samples/{file}")));
        if sample["valid"] == true {
            assert_eq!(found, Ok(()), "{file}");
            valid += 1;
        } else {
            // What a server would refuse is not lost, where it is read at all. An error that is a mere text gets the form of one.
            let reason = found.err().unwrap_or_default();
            let is_known = reason.is_empty() || reason.starts_with("does not decode");
            assert!(
                is_known || file == "invalid.error-body-string.json",
                "{file}: {reason}"
            );
            invalid += 1;
        }
    }
    assert_eq!((valid, invalid), (23, 24));
}

fn events(text: &str) -> Vec<SseEvent> {
    // The last event of a file may lack its empty line.
    let text = format!("{}\n\n", text.trim_end());
    let mut decoder = SseDecoder::default();
    let events = decoder.push(text.as_bytes()).unwrap();
    let events = events.into_iter().collect();
    assert!(!decoder.is_mid_event());
    events
}

/// How a stream ends, and what was said and called until then.
fn told<R>(end: Result<R, StreamError>, said: impl Fn(&R) -> String) -> String {
    match end {
        Ok(response) => said(&response),
        Err(error) => format!("error: {error}"),
    }
}

fn of_responses(events: &[SseEvent]) -> String {
    let mut accumulator = responses::Accumulator::default();
    for event in events {
        if let Err(error) = accumulator.push(event) {
            return format!("error: {error}");
        }
    }
    told(accumulator.finish(), |response| {
        let calls = response
            .function_calls()
            .map(|call| format!(" {}({})", call.name, call.arguments));
        let custom = response
            .custom_calls()
            .map(|call| format!(" {}<{}>", call.name, call.input));
        let calls: String = calls.chain(custom).collect();
        format!(
            "{:?} {:?}{calls}",
            response.ending(),
            response.output_text()
        )
    })
}

fn of_chat(events: &[SseEvent]) -> String {
    let mut accumulator = chat::Accumulator::default();
    for event in events {
        if let Err(error) = accumulator.push(event) {
            return format!("error: {error}");
        }
    }
    told(accumulator.finish(), |completion| {
        let calls = completion
            .function_calls()
            .map(|call| format!(" {}({})", call.function.name, call.function.arguments));
        let custom = completion
            .custom_calls()
            .map(|call| format!(" {}<{}>", call.custom.name, call.custom.input));
        let calls: String = calls.chain(custom).collect();
        format!("{:?} {:?}{calls}", completion.ending(), completion.text())
    })
}

#[test]
fn streams_add_up_to_what_they_say() {
    let folder = data::path("openai/samples");
    let names = std::fs::read_dir(folder).unwrap();
    let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut streams: Vec<_> = names
        .filter(|name| name.ends_with(".sse"))
        .map(|name| format!("samples/{name}"))
        .collect();
    streams.push("examples/createresponse.streaming.response.sse".to_owned());
    streams.sort();
    let lines = streams.iter().map(|name| {
        let events = events(&data::text(&format!("openai/{name}")));
        let said = if name.contains("/chat") {
            of_chat(&events)
        } else {
            of_responses(&events)
        };
        format!("{name}: {said}")
    });
    let lines: Vec<_> = lines.collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    examples/createresponse.streaming.response.sse: Finished "Hi there! How can I assist you today?"
    samples/chat-custom-tool.openai-node-shape.sse: Finished "" set_cmd<SET x = 3>
    samples/chat-json-schema.sse: Finished "{\"name\":\"Ann\"}"
    samples/chat-length.sse: Truncated("length") "{\"name\":\"An"
    samples/chat-refusal.sse: Refused("I cannot help") ""
    samples/chat-two-function-calls.sse: Finished "" save_person({"name":"Ann"}) save_person({"name":"Bo"})
    samples/responses-custom-tool.sse: Finished "" set_cmd<SET x = 3>
    samples/responses-error-event.sse: error: the server sent an error in the stream: synthetic (code server_error)
    samples/responses-failed.sse: Failed { code: Some("server_error"), message: "synthetic" } ""
    samples/responses-incomplete-truncated-json.sse: Truncated("max_output_tokens") "{\"name\":\"An"
    samples/responses-json-schema.sse: Finished "{\"name\":\"Ann\",\"age\":5}"
    samples/responses-refusal.sse: Refused("I cannot help") ""
    samples/responses-two-function-calls.sse: Finished "" save_person({"name":"Ann"}) save_person({"name":"Bo"})
    "#);
}
