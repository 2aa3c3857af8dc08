//! Several requests that belong together: calls and their outputs, compaction, what is kept.

use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::schemas;
use crate::support::{CHAT, RESPONSES, post, request};

/// The arguments of every call of an answer, by name.
fn calls(answer: &Value) -> Vec<(String, String)> {
    let responses = answer["output"].as_array().into_iter().flatten();
    let responses = responses.filter(|item| item["type"] == "function_call");
    let chat = answer["choices"][0]["message"]["tool_calls"].as_array();
    let chat = chat.into_iter().flatten().map(|call| &call["function"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    responses
        .chain(chat)
        .map(|call| (text(&call["name"]), text(&call["arguments"])))
        .collect()
}

#[test]
fn tools_are_called_for_as_many_rounds_as_told() {
    let schema = schemas::object(&json!({"id": {"type": "integer", "minimum": 3, "maximum": 9}}));
    let function = |name: &str| json!({"type": "function", "name": name, "strict": true, "parameters": schema});
    let flat = [function("find"), function("fetch")];
    let nested = flat.clone().map(|tool| {
        json!({"type": "function", "function": {"name": tool["name"], "strict": true, "parameters": tool["parameters"]}})
    });
    for rounds in 0..3 {
        let sim = Sim::builder().tool_rounds(rounds).start().unwrap();
        let mut input = vec![json!({"role": "user", "content": "Find 7."})];
        let mut messages = input.clone();
        for round in 0..=rounds {
            let body = json!({"model": "gpt-5.2", "input": input, "tools": flat});
            let answer = post(&sim, RESPONSES, &body).json();
            let called = calls(&answer);
            let names: Vec<_> = called.iter().map(|(name, _)| name.as_str()).collect();
            let expected: &[&str] = if round < rounds {
                &["find", "fetch"]
            } else {
                &[]
            };
            assert_eq!(names, expected);
            for (_, arguments) in &called {
                let id = serde_json::from_str::<Value>(arguments).unwrap()["id"].as_u64();
                assert!(id.is_some_and(|id| (3..=9).contains(&id)), "{arguments}");
            }
            for item in answer["output"].as_array().unwrap() {
                input.push(item.clone());
            }
            for item in answer["output"].as_array().unwrap() {
                if item["type"] == "function_call" {
                    input.push(json!({"type": "function_call_output", "call_id": item["call_id"], "output": "found"}));
                }
            }
            let body = json!({"model": "gpt-5.2", "messages": messages, "tools": nested, "parallel_tool_calls": false});
            let answer = post(&sim, CHAT, &body).json();
            assert_eq!(
                calls(&answer).len(),
                usize::from(round < rounds),
                "not in parallel"
            );
            let message = answer["choices"][0]["message"].clone();
            for call in message["tool_calls"].as_array().into_iter().flatten() {
                messages.push(message.clone());
                messages
                    .push(json!({"role": "tool", "tool_call_id": call["id"], "content": "found"}));
            }
        }
    }
}

#[test]
fn conversations_are_compacted() {
    const COMPACT: &str = "/v1/responses/compact";
    let sim = Sim::start().unwrap();
    let input = json!([
        {"role": "user", "content": "Find 7."},
        {"type": "function_call", "call_id": "call_1", "name": "find", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "found"},
        {"role": "assistant", "content": "It is red."},
        {"role": "user", "content": [{"type": "input_text", "text": "And 8?"}]},
    ]);
    let compacted = post(&sim, COMPACT, &json!({"model": "gpt-5.2", "input": input})).json();
    assert_eq!(compacted["object"], "response.compaction");
    assert!(compacted["usage"]["input_tokens"].as_u64() > Some(5));
    let output = compacted["output"].as_array().unwrap();
    let said: Vec<_> = output
        .iter()
        .map(|item| &item["content"][0]["text"])
        .collect();
    assert_eq!(said, [&json!("Find 7."), &json!("And 8?"), &Value::Null]);
    assert!(output[0]["id"].is_string() && output[0]["status"] == "completed");
    assert_eq!(output[2]["type"], "compaction");
    // It goes on, and can be compacted again.
    let mut next = output.clone();
    next.push(json!({"role": "user", "content": "And 9?"}));
    let body = json!({"model": "gpt-5.2", "input": next});
    let answer = post(&sim, RESPONSES, &body);
    assert_eq!(answer.status, 200);
    let again = post(&sim, COMPACT, &body).json();
    let kinds: Vec<_> = again["output"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["message", "message", "message", "compaction"]);
    // Also what is kept here.
    let stored = json!({"model": "gpt-5.2", "previous_response_id": answer.json()["id"]});
    assert_eq!(
        post(&sim, COMPACT, &stored).json()["output"]
            .as_array()
            .unwrap()
            .len(),
        4
    );

    for (body, param) in [
        (json!({"input": "x"}), "model"),
        (json!({"model": "gpt-5.2"}), "input"),
        (
            json!({"model": "gpt-5.2", "input": "x", "store": false}),
            "store",
        ),
        (
            json!({"model": "gpt-5.2", "input": "x", "prompt_cache_key": "k".repeat(65)}),
            "prompt_cache_key",
        ),
        (
            json!({"model": "gpt-5.2", "input": [{"type": "compaction"}]}),
            "input[0].encrypted_content",
        ),
        (
            json!({"model": "gpt-5.2", "previous_response_id": "resp_gone"}),
            "previous_response_id",
        ),
    ] {
        assert_eq!(
            post(&sim, COMPACT, &body).json()["error"]["param"],
            param,
            "{body}"
        );
    }
    for (entry, param) in [
        (
            json!({"type": "compaction", "compact_threshold": 999}),
            "context_management[0].compact_threshold",
        ),
        (
            json!({"compact_threshold": 1000}),
            "context_management[0].type",
        ),
        (json!({"type": "oblivion"}), "context_management[0].type"),
    ] {
        let body = json!({"model": "gpt-5.2", "input": "x", "context_management": [entry]});
        assert_eq!(
            post(&sim, RESPONSES, &body).json()["error"]["param"],
            param,
            "{body}"
        );
    }
}

#[test]
fn what_is_kept_is_refused_in_the_servers_words() {
    let sim = Sim::start().unwrap();
    let id = post(&sim, RESPONSES, &json!({"model": "gpt-5.2", "input": "x"})).json()["id"].clone();
    let response = format!("{RESPONSES}/{}", id.as_str().unwrap());
    let ask = |method: &str, path: &str| {
        let answer = request(&sim, method, path, &[], b"");
        let message = answer.json()["error"]["message"].clone();
        (
            answer.status,
            message.as_str().unwrap_or_default().to_owned(),
        )
    };
    let check = |method: &str, path: &str, status: u16, message: &str| {
        assert_eq!(
            ask(method, path),
            (status, message.to_owned()),
            "{method} {path}"
        );
    };
    check("GET", &response, 200, "");
    let streamed = "This response cannot be streamed because it was not created with background=true and stream=true.";
    check("GET", &format!("{response}?stream=true"), 400, streamed);
    check(
        "POST",
        &format!("{response}/cancel"),
        400,
        "Cannot cancel a synchronous response.",
    );
    let number =
        "Invalid type for 'starting_after': expected an integer, but got a string instead.";
    check(
        "GET",
        &format!("{response}?stream=true&starting_after=x"),
        400,
        number,
    );
    check("DELETE", &response, 200, "");
    for (method, below) in [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/cancel"),
        ("GET", "/input_items"),
    ] {
        let gone = format!("Response with id '{}' not found.", id.as_str().unwrap());
        check(method, &format!("{response}{below}"), 404, &gone);
    }
    for (method, below) in [("GET", ""), ("DELETE", ""), ("GET", "/items")] {
        let path = format!("/v1/conversations/conv_1{below}");
        check(
            method,
            &path,
            404,
            "Conversation with id 'conv_1' not found.",
        );
    }

    let conversations = "/v1/conversations";
    let many = vec![json!({"role": "user", "content": "x"}); 21];
    for (body, param) in [
        (json!({"items": many}), "items"),
        (json!({"items": "x"}), "items"),
        (
            json!({"items": [{"role": "nobody", "content": "x"}]}),
            "items[0].role",
        ),
        (json!({"input": []}), "input"),
        (json!({"metadata": {"k": 1}}), "metadata.k"),
    ] {
        let answer = post(&sim, conversations, &body);
        assert_eq!(
            (answer.status, &answer.json()["error"]["param"]),
            (400, &json!(param)),
            "{body}"
        );
    }
    let created = post(
        &sim,
        conversations,
        &json!({"metadata": {"k": "v"}, "items": [many[0]]}),
    )
    .json();
    assert_eq!(
        (&created["object"], &created["metadata"]["k"]),
        (&json!("conversation"), &json!("v"))
    );
    let path = format!("{conversations}/{}", created["id"].as_str().unwrap());
    assert_eq!(request(&sim, "GET", &path, &[], b"").json(), created);
    let items = |query: &str| request(&sim, "GET", &format!("{path}/items{query}"), &[], b"");
    assert_eq!(
        items("").json()["data"][0]["content"],
        json!([{"type": "input_text", "text": "x"}])
    );
    assert_eq!(
        (
            items("?limit=0").status,
            items("?limit=101").status,
            items("?limit=x").status
        ),
        (400, 400, 400)
    );
    let empty = post(&sim, &format!("{path}/items"), &json!({}));
    assert_eq!(empty.json()["error"]["param"], "items");
}

/// All that the model was given, newest first, whether it was sent, gone on from, or compacted since.
#[test]
fn what_a_response_was_given_is_listed() {
    let sim = Sim::start().unwrap();
    let input: Vec<_> = (0..30)
        .map(|number| json!({"role": "user", "content": format!("Note {number}.")}))
        .collect();
    let first = post(
        &sim,
        RESPONSES,
        &json!({"model": "gpt-5.2", "input": input}),
    )
    .json();
    let id = |response: &Value| response["id"].as_str().unwrap().to_owned();
    let list = |response: &Value, query: &str| {
        let path = format!("{RESPONSES}/{}/input_items{query}", id(response));
        request(&sim, "GET", &path, &[], b"").json()
    };
    let texts = |page: &Value| -> Vec<String> {
        let items = page["data"].as_array().unwrap().iter();
        items
            .map(|item| {
                item["content"][0]["text"]
                    .as_str()
                    .unwrap_or("-")
                    .to_owned()
            })
            .collect()
    };
    let notes = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<String> {
        numbers.map(|number| format!("Note {number}.")).collect()
    };
    let page = list(&first, "");
    assert_eq!(texts(&page), notes(&mut (10..30).rev()));
    assert_eq!(
        (&page["object"], &page["has_more"]),
        (&json!("list"), &json!(true))
    );
    let rest = list(
        &first,
        &format!("?after={}", page["last_id"].as_str().unwrap()),
    );
    assert_eq!(texts(&rest), notes(&mut (0..10).rev()));
    assert_eq!(rest["has_more"], false);
    assert_eq!(
        texts(&list(&first, "?order=asc&limit=2")),
        notes(&mut (0..2))
    );
    for query in ["?limit=0", "?limit=101", "?limit=x"] {
        assert_eq!(list(&first, query)["error"]["param"], "limit");
    }

    // Compacted on the way, it was given all the same; who goes on from there is given what is left.
    let threshold = json!([{"type": "compaction", "compact_threshold": 1_000}]);
    let long = "word ".repeat(1_000);
    let body = json!({"model": "gpt-5.2", "input": long, "previous_response_id": id(&first), "context_management": threshold});
    let second = post(&sim, RESPONSES, &body).json();
    assert_eq!(second["output"][0]["type"], "compaction", "{second}");
    assert_eq!(
        list(&second, "?limit=100")["data"]
            .as_array()
            .unwrap()
            .len(),
        32
    );
    let body = json!({"model": "gpt-5.2", "input": "And 9?", "previous_response_id": id(&second)});
    let third = post(&sim, RESPONSES, &body).json();
    let page = list(&third, "?order=asc");
    assert_eq!(page["data"][0]["type"], "compaction");
    assert_eq!(texts(&page).last().unwrap(), "And 9?");
    // What was sent as a text is a message with an id, too.
    assert!(
        page["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["id"].is_string())
    );
}
