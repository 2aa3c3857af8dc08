//! The Gemini API: what is built, what is read, what chunks add up to.

use std::time::Duration;

use larkspur_wire::gemini::{
    self, Accumulator, Content, CountTokensRequest, CountTokensResponse, FunctionCallingMode,
    FunctionDeclaration, GenerationConfig, ModelList, Part, Request, Response, ThinkingConfig,
    ToolConfig, is_quota_of_the_day, retry_delay,
};
use larkspur_wire::{Delta, Ending, ErrorBody, SseEvent, StreamError, Usage, models};
use serde_json::{Map, Value, json};

fn response(value: &Value) -> Response {
    serde_json::from_value(value.clone()).unwrap()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// As the service answers.
fn whole() -> Value {
    json!({
        "candidates": [{
            "content": {"role": "model", "parts": [
                {"text": "Two and two.", "thought": true},
                {"text": "Let me see. So."},
                {"functionCall": {"id": "fc_1", "name": "add", "args": {"left": 2, "right": 2}}, "thoughtSignature": "EqQB"},
                {"functionCall": {"name": "now"}},
                {"executableCode": {"language": "PYTHON", "code": "2 + 2"}},
            ]},
            "finishReason": "STOP", "index": 0, "avgLogprobs": -0.5,
        }],
        "usageMetadata": {"promptTokenCount": 60, "cachedContentTokenCount": 30, "toolUsePromptTokenCount": 7,
                          "candidatesTokenCount": 5, "thoughtsTokenCount": 3, "totalTokenCount": 75,
                          "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 60}]},
        "modelVersion": "gemini-3-pro", "responseId": "r1",
    })
}

#[test]
fn a_request_says_what_the_reference_asks_for() {
    let schema = json!({"type": "object", "properties": {"left": {"type": "integer"}}});
    let add = FunctionDeclaration {
        name: "add".to_owned(),
        parameters_json_schema: Some(schema.clone().into()),
        ..FunctionDeclaration::default()
    };
    let mut call = Part::call("add", object(&json!({"left": 2})));
    call.thought_signature = Some("EqQB".to_owned());
    let request = Request {
        system_instruction: Some(Content::instruction("Be brief.")),
        tools: Some(vec![vec![add].into()]),
        tool_config: Some(ToolConfig::allowed(
            FunctionCallingMode::Any,
            vec!["add".to_owned()],
        )),
        generation_config: Some(GenerationConfig {
            response_mime_type: Some("application/json".to_owned()),
            response_json_schema: Some(schema.clone().into()),
            max_output_tokens: Some(100),
            thinking_config: Some(ThinkingConfig {
                thinking_level: Some("LOW".to_owned()),
                ..ThinkingConfig::default()
            }),
            ..GenerationConfig::default()
        }),
        ..Request::new(vec![
            "2 + 2?".into(),
            Content::model(vec![call]),
            Content::user(vec![Part::output("add", "4")]),
        ])
    };
    let expected = json!({
        "contents": [
            {"role": "user", "parts": [{"text": "2 + 2?"}]},
            {"role": "model", "parts": [
                {"thoughtSignature": "EqQB", "functionCall": {"name": "add", "args": {"left": 2}}}]},
            {"role": "user", "parts": [
                {"functionResponse": {"name": "add", "response": {"output": "4"}}}]},
        ],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "tools": [{"functionDeclarations": [{"name": "add", "parametersJsonSchema": schema}]}],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["add"]}},
        "generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": schema,
                             "maxOutputTokens": 100, "thinkingConfig": {"thinkingLevel": "LOW"}},
    });
    assert_eq!(json!(request), expected);
    assert_eq!(
        serde_json::from_value::<Request>(expected).unwrap(),
        request
    );
}

#[test]
fn an_answer_is_read_and_written_again() {
    let read = response(&whole());
    assert_eq!(json!(read), whole());
    assert_eq!(read.text(), "Let me see. So.");
    let calls: Vec<_> = read
        .calls()
        .map(|call| (call.name.as_str(), call.arguments()))
        .collect();
    let expected = [
        ("add", r#"{"left":2,"right":2}"#.to_owned()),
        ("now", "{}".to_owned()),
    ];
    assert_eq!(calls, expected);
    let usage = Usage {
        input_tokens: 67,
        cached_input_tokens: 30,
        cache_write_tokens: 0,
        output_tokens: 8,
        reasoning_tokens: 3,
    };
    assert_eq!(Usage::from(read.usage_metadata.as_ref().unwrap()), usage);
    // Members of another form than they should have spoil nothing else.
    for odd in [
        json!({"candidates": [{"content": {"parts": [{"text": 1, "functionCall": {"name": "f", "args": [1]}}, {"text": "a"}]}}]}),
        json!({"candidates": [{"content": "a", "finishReason": null, "index": "first"}]}),
        json!({"candidates": [], "promptFeedback": "bad", "usageMetadata": {"promptTokenCount": "many"}}),
        json!({"candidates": null}),
        json!({"candidates": [{"content": {"role": "oracle", "parts": null}, "finishReason": "BORED"}]}),
    ] {
        assert_eq!(json!(response(&odd)), odd);
    }
    assert!(serde_json::from_value::<Response>(json!({"candidates": [1]})).is_err());
}

#[test]
fn an_answer_ends_as_its_reason_says() {
    let check = |reason: Value, expected: Ending<'_>| {
        let mut answer = whole();
        answer["candidates"][0]["finishReason"] = reason;
        assert_eq!(response(&answer).ending(), expected);
    };
    check(json!("STOP"), Ending::Finished);
    check(json!("NEWS"), Ending::Finished);
    check(json!("MAX_TOKENS"), Ending::Truncated("MAX_TOKENS"));
    check(Value::Null, Ending::Unfinished("in_progress"));
    for reason in [
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
    ] {
        check(json!(reason), Ending::ContentFilter);
    }
    for reason in ["MALFORMED_FUNCTION_CALL", "LANGUAGE", "OTHER"] {
        let expected = Ending::Failed {
            code: Some(reason),
            message: "the model stopped without an answer",
        };
        check(json!(reason), expected);
    }
    let said = json!({"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": "Malformed function call: f("}]});
    let expected = Ending::Failed {
        code: Some("MALFORMED_FUNCTION_CALL"),
        message: "Malformed function call: f(",
    };
    assert_eq!(response(&said).ending(), expected);
    let blocked = json!({"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": []}});
    assert_eq!(response(&blocked).ending(), Ending::ContentFilter);
    let nothing = json!({"usageMetadata": {"promptTokenCount": 1}});
    assert!(matches!(
        response(&nothing).ending(),
        Ending::Failed { code: None, .. }
    ));
}

fn chunks(all: &[Value]) -> Result<(Vec<Delta>, Accumulator), StreamError> {
    let mut accumulator = Accumulator::default();
    let mut deltas = Vec::new();
    for chunk in all {
        deltas.extend(accumulator.push(&SseEvent {
            name: None,
            data: chunk.to_string(),
        })?);
    }
    Ok((deltas, accumulator))
}

fn chunk(parts: &Value) -> Value {
    json!({"candidates": [{"content": {"role": "model", "parts": parts}, "index": 0}],
           "usageMetadata": {"promptTokenCount": 60, "totalTokenCount": 60},
           "modelVersion": "gemini-3-pro", "responseId": "r1"})
}

#[test]
fn chunks_add_up_to_the_answer() {
    let mut last = chunk(&json!([{"executableCode": {"language": "PYTHON", "code": "2 + 2"}}]));
    last["candidates"][0]["finishReason"] = json!("STOP");
    last["candidates"][0]["avgLogprobs"] = json!(-0.5);
    last["usageMetadata"] = whole()["usageMetadata"].clone();
    let call = json!({"id": "fc_1", "name": "add", "args": {"left": 2, "right": 2}});
    let stream = [
        chunk(&json!([{"text": "Two and ", "thought": true}])),
        chunk(&json!([{"text": "two.", "thought": true}, {"text": "Let me see. "}])),
        json!({"telepathy": null}),
        chunk(&json!([{"text": "So."}, {"functionCall": call, "thoughtSignature": "EqQB"}])),
        chunk(&json!([{"functionCall": {"name": "now"}}])),
        last,
    ];
    let (deltas, accumulator) = chunks(&stream).unwrap();
    // Only the end of the connection ends the stream.
    assert!(!accumulator.is_ended());
    let mut expected = whole();
    expected["telepathy"] = Value::Null;
    assert_eq!(json!(accumulator.finish().unwrap()), expected);
    let call = |index, text: &str| Delta::Call {
        index,
        text: text.to_owned(),
    };
    let expected = [
        Delta::Reasoning("Two and ".to_owned()),
        Delta::Reasoning("two.".to_owned()),
        Delta::Text("Let me see. ".to_owned()),
        Delta::Text("So.".to_owned()),
        call(0, r#"{"left":2,"right":2}"#),
        call(1, "{}"),
    ];
    assert_eq!(deltas, expected);
}

#[test]
fn parts_with_a_signature_stay_apart() {
    let mut last = chunk(&json!([{"text": "", "thoughtSignature": "EqQB"}]));
    last["candidates"][0]["finishReason"] = json!("STOP");
    let stream = [
        chunk(&json!([{"text": "a"}])),
        chunk(&json!([{"text": "b"}])),
        chunk(&json!([{"text": "c", "thoughtSignature": "EqQA"}])),
        chunk(&json!([{"text": "d"}])),
        last,
    ];
    let (_, accumulator) = chunks(&stream).unwrap();
    let answer = accumulator.finish().unwrap();
    assert_eq!(answer.text(), "abcd");
    let expected = json!([
        {"text": "ab"}, {"text": "c", "thoughtSignature": "EqQA"}, {"text": "d"},
        {"text": "", "thoughtSignature": "EqQB"},
    ]);
    assert_eq!(json!(answer)["candidates"][0]["content"]["parts"], expected);
}

#[test]
fn each_of_several_answers_grows_by_itself() {
    let said = |index: u64, text: &str| json!({"candidates": [{"content": {"parts": [{"text": text}]}, "index": index, "finishReason": "STOP"}]});
    let stream = [said(0, "a"), said(1, "x"), said(0, "b"), said(1, "y")];
    let (deltas, accumulator) = chunks(&stream).unwrap();
    assert_eq!(
        deltas,
        [Delta::Text("a".to_owned()), Delta::Text("b".to_owned())]
    );
    let answer = accumulator.finish().unwrap();
    assert_eq!(answer.text(), "ab");
    let second = json!(answer)["candidates"][1]["content"]["parts"][0]["text"].clone();
    assert_eq!(second, "xy");
}

#[test]
fn a_stream_that_breaks_off_is_no_answer() {
    let (_, accumulator) = chunks(&[chunk(&json!([{"text": "a"}]))]).unwrap();
    assert_eq!(accumulator.finish(), Err(StreamError::Cut { events: 1 }));
    let (_, accumulator) = chunks(&[]).unwrap();
    assert_eq!(accumulator.finish(), Err(StreamError::Cut { events: 0 }));
    // A prompt that is blocked has no answer to wait for.
    let (_, accumulator) = chunks(&[json!({"promptFeedback": {"blockReason": "SAFETY"}})]).unwrap();
    let ending = accumulator.finish().unwrap();
    assert_eq!(ending.ending(), Ending::ContentFilter);
    // Gateways say when nothing more comes.
    let mut accumulator = Accumulator::default();
    let done = SseEvent {
        name: None,
        data: "[DONE]".to_owned(),
    };
    assert_eq!(accumulator.push(&done), Ok(Vec::new()));
    assert!(accumulator.is_ended());
}

#[test]
fn chunks_that_are_none_are_errors() {
    let check = |stream: &[Value], expected: &str| {
        let error = chunks(stream).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    check(
        &[
            json!({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}),
        ],
        "the server sent an error in the stream: The model is overloaded. (code 503)",
    );
    check(
        &[chunk(&json!([])), json!([1])],
        "event 1 of the stream: it is no chunk",
    );
    let many: Vec<Value> = (0..10_001).map(|_| json!({"functionCall": {}})).collect();
    check(
        &[chunk(&json!(many))],
        "event 0 of the stream: more than 10000 parts",
    );
    let many: Vec<Value> = (0..65).map(|index| json!({"index": index})).collect();
    check(
        &[json!({"candidates": many})],
        "event 0 of the stream: more than 64 answers",
    );
    let mut accumulator = Accumulator::default();
    let torn = SseEvent {
        name: None,
        data: "{".to_owned(),
    };
    assert!(matches!(
        accumulator.push(&torn),
        Err(StreamError::Malformed { event: 0, .. })
    ));
}

#[test]
fn errors_say_when_to_come_back() {
    let error = |details: &Value| {
        let body = json!({"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED", "details": details}});
        ErrorBody::from_value(body).unwrap().error
    };
    let delay = |text: &str| {
        let info = json!([{"@type": "type.googleapis.com/google.rpc.Help"},
                          {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": text}]);
        retry_delay(&error(&info))
    };
    assert_eq!(delay("34s"), Some(Duration::from_secs(34)));
    assert_eq!(delay("0.020s"), Some(Duration::from_millis(20)));
    for odd in ["34", "-1s", "s", "1e400s", "NaNs"] {
        assert_eq!(delay(odd), None, "{odd}");
    }
    let quota = |id: &str| {
        let violation = json!({"quotaMetric": "requests", "quotaId": id});
        json!([{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}])
    };
    let day = error(&quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"));
    assert!(is_quota_of_the_day(&day) && retry_delay(&day).is_none());
    let minute = error(&quota("GenerateRequestsPerMinutePerProjectPerModel"));
    assert!(!is_quota_of_the_day(&minute));
    assert!(!is_quota_of_the_day(&error(&json!("none"))));
    assert_eq!(minute.reason(), Some("RESOURCE_EXHAUSTED"));
}

#[test]
fn tokens_are_counted_of_a_whole_request() {
    let request = Request::new(vec!["Hello.".into()]);
    let expected = json!({"generateContentRequest": {
        "contents": [{"role": "user", "parts": [{"text": "Hello."}]}], "model": "models/gemini-3-pro"}});
    assert_eq!(
        json!(CountTokensRequest::new("models/gemini-3-pro", request)),
        expected
    );
    let answer =
        json!({"totalTokens": 3, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 3}]});
    let read: CountTokensResponse = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!((read.total_tokens, json!(read)), (3, answer));
}

#[test]
fn models_are_listed_in_the_form_of_other_servers_too() {
    let list = json!({"models": [{"name": "models/gemini-3-pro", "inputTokenLimit": 1_048_576}, {"name": "tunedModels/a"}],
                      "nextPageToken": "p2"});
    let read: ModelList = serde_json::from_value(list.clone()).unwrap();
    assert_eq!(json!(read), list);
    assert_eq!(read.models[0].id(), "gemini-3-pro");
    let general = models::ModelList::from(read);
    let ids: Vec<_> = general.data.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["gemini-3-pro", "tunedModels/a"]);
    assert_eq!(general.data[0].extra["inputTokenLimit"], 1_048_576);
    let tool: gemini::Tool = serde_json::from_value(json!({"googleSearch": {}})).unwrap();
    assert_eq!(json!(tool), json!({"googleSearch": {}}));
}
