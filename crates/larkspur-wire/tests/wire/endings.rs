//! The order in which the signs of an ending are weighed.

use std::borrow::Cow;

use larkspur_wire::{Ending, chat, responses};
use serde_json::{Value, json};

#[track_caller]
fn response(value: Value, expected: &Ending<'_>) {
    let response: responses::Response = serde_json::from_value(value).unwrap();
    assert_eq!(&response.ending(), expected);
}

#[track_caller]
fn completion(value: Value, expected: &Ending<'_>) {
    let completion: chat::Completion = serde_json::from_value(value).unwrap();
    assert_eq!(&completion.ending(), expected);
}

fn message(part: &Value) -> Value {
    json!([{"type": "reasoning", "id": "rs", "summary": []}, {"type": "message", "id": "m", "content": [part]}])
}

#[test]
fn responses_endings() {
    let refusal = || message(&json!({"type": "refusal", "refusal": "no"}));
    let text = || message(&json!({"type": "output_text", "text": "hi"}));
    let failed = Ending::Failed {
        code: Some("server_error"),
        message: "oops",
    };
    let error = || json!({"code": "server_error", "message": "oops"});
    response(
        json!({"status": "completed", "output": text()}),
        &Ending::Finished,
    );
    response(json!({"output": text()}), &Ending::Finished);
    response(
        json!({"status": "completed", "output": refusal()}),
        &Ending::Refused(Cow::Borrowed("no")),
    );
    response(
        json!({"status": "failed", "error": error(), "output": refusal()}),
        &failed,
    );
    response(json!({"status": "completed", "error": error()}), &failed);
    response(
        json!({"status": "failed"}),
        &Ending::Failed {
            code: None,
            message: "",
        },
    );
    response(
        json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": refusal()}),
        &Ending::Truncated("max_output_tokens"),
    );
    response(
        json!({"status": "incomplete", "incomplete_details": {"reason": "max_tokens"}}),
        &Ending::Truncated("max_tokens"),
    );
    response(
        json!({"status": "incomplete", "incomplete_details": null}),
        &Ending::Truncated("incomplete"),
    );
    response(
        json!({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}),
        &Ending::ContentFilter,
    );
    response(json!({"status": "queued"}), &Ending::Unfinished("queued"));
    response(
        json!({"status": "cancelled"}),
        &Ending::Unfinished("cancelled"),
    );
    response(
        json!({"status": "dreaming"}),
        &Ending::Unfinished("dreaming"),
    );
}

#[test]
fn completions_endings() {
    let choice = |message: Value, finish: Value| json!({"choices": [{"message": message, "finish_reason": finish}]});
    completion(
        choice(json!({"content": "hi"}), json!("stop")),
        &Ending::Finished,
    );
    completion(
        choice(json!({"content": "hi"}), json!(null)),
        &Ending::Finished,
    );
    completion(
        choice(json!({"content": "hi"}), json!("")),
        &Ending::Finished,
    );
    completion(
        choice(json!({"content": null, "refusal": "no"}), json!("stop")),
        &Ending::Refused(Cow::Borrowed("no")),
    );
    completion(
        choice(json!({"content": "hi", "refusal": ""}), json!("stop")),
        &Ending::Finished,
    );
    completion(
        choice(json!({"content": "{\"a"}), json!("length")),
        &Ending::Truncated("length"),
    );
    completion(
        choice(json!({"content": "{\"a"}), json!("content_filter")),
        &Ending::ContentFilter,
    );
    completion(
        choice(
            json!({"content": null, "tool_calls": []}),
            json!("tool_calls"),
        ),
        &Ending::Finished,
    );
    completion(
        json!({"choices": []}),
        &Ending::Failed {
            code: None,
            message: "the answer has no choices",
        },
    );
    completion(
        json!({"error": {"message": "overloaded", "code": 529}}),
        &Ending::Failed {
            code: None,
            message: "overloaded",
        },
    );
}
