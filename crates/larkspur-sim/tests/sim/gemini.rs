//! `POST /v1beta/models/MODEL:generateContent`: what is refused, in which words, and what is answered.

use larkspur_sim::{Fault, Sim};
use serde_json::{Value, json};

use crate::schemas;
use crate::support::{self, Answer};

const MODEL: &str = "/v1beta/models/gemini-3-pro-preview";

fn person() -> Value {
    schemas::object(&json!({"name": {"type": "string"}, "age": {"type": "integer"}}))
}

/// A request that is fine, with some fields replaced; a null takes the field away.
fn changed(changes: &Value) -> Value {
    let mut body = json!({"contents": [{"role": "user", "parts": [{"text": "Hello, Ann."}]}]});
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        }
    }
    body
}

fn post(sim: &Sim, changes: &Value) -> Answer {
    let path = format!("{MODEL}:generateContent");
    support::post(sim, &path, &changed(changes))
}

fn function() -> Value {
    json!([{"functionDeclarations": [{"name": "add", "parametersJsonSchema": person()}]}])
}

/// Each change makes a request that is refused with this text.
fn refused(rows: &[(Value, &str)]) {
    let sim = Sim::start().unwrap();
    for (changes, message) in rows {
        let answer = post(&sim, changes);
        assert_eq!(answer.status, 400, "{changes}: {}", answer.body);
        let error = json!({"code": 400, "message": message, "status": "INVALID_ARGUMENT"});
        assert_eq!(answer.json(), json!({"error": error}), "{changes}");
    }
}

fn config(config: &Value) -> Value {
    json!({"generationConfig": config})
}

#[test]
fn settings_are_refused_in_the_words_of_the_service() {
    let own =
        |schema: Value| json!({"responseMimeType": "application/json", "responseSchema": schema});
    refused(&[
        (
            json!({"contents": null}),
            "* GenerateContentRequest.contents: contents is not specified\n",
        ),
        (
            json!({"input": "?"}),
            "Invalid JSON payload received. Unknown name \"input\": Cannot find field.",
        ),
        (
            config(&json!({"maxTokens": 1})),
            "Invalid JSON payload received. Unknown name \"maxTokens\" at 'generation_config': Cannot find field.",
        ),
        (
            config(&json!({"temperature": "hot"})),
            "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"",
        ),
        (
            config(&json!({"max_output_tokens": 0})),
            "* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.\n",
        ),
        (
            config(&json!({"topP": 1.5})),
            "* GenerateContentRequest.generation_config.top_p: must be in the range [0.0, 1.0].\n",
        ),
        (
            config(&json!({"candidateCount": 2})),
            "Multiple candidates is not enabled for this model",
        ),
        (
            config(&json!({"thinkingConfig": {"thinkingLevel": "LOW", "thinkingBudget": 1}})),
            "You can only set only one of thinking budget and thinking level.",
        ),
        (
            config(&json!({"thinkingConfig": {"thinkingLevel": "XHIGH"}})),
            "Invalid value at 'generation_config.thinking_config.thinking_level' (type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig.ThinkingLevel), \"XHIGH\"",
        ),
        (
            config(&own(
                json!({"type": "OBJECT", "properties": {"a": {"$ref": "#"}}}),
            )),
            "Invalid JSON payload received. Unknown name \"$ref\" at 'generation_config.response_schema.properties.a': Cannot find field.",
        ),
        (
            config(&json!({"responseJsonSchema": person()})),
            "* GenerateContentRequest.generation_config.response_json_schema: only allowed when `response_mime_type` is set to `application/json` or `text/x.enum`.\n",
        ),
        (
            config(&json!({"responseMimeType": "text/html"})),
            "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`.\n",
        ),
    ]);
}

const SIGNATURE: &str = "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:add` , position 2. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.";
const UNEVEN: &str = "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";

fn user(text: &str) -> Value {
    json!({"role": "user", "parts": [{"text": text}]})
}

fn calls(count: usize, signature: &Value) -> Value {
    let mut parts =
        vec![json!({"functionCall": {"name": "add", "args": {}}, "thoughtSignature": signature})];
    parts.resize(count, json!({"functionCall": {"name": "add"}}));
    json!({"role": "model", "parts": parts})
}

fn gave(count: usize) -> Value {
    let part = json!({"functionResponse": {"name": "add", "response": {"output": "4"}}});
    json!({"role": "user", "parts": vec![part; count]})
}

#[test]
fn conversations_are_refused_in_the_words_of_the_service() {
    let signed = json!("Sign");
    let rows: [(Value, &str); 9] = [
        (
            json!([{"role": "system", "parts": [{"text": "?"}]}]),
            "Please use a valid role: user, model.",
        ),
        (
            json!([{"role": "user"}]),
            "* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.\n",
        ),
        (
            json!([{"parts": [{"thought": true}]}]),
            "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must have one initialized field\n",
        ),
        (
            json!([{"parts": [{"type": "text", "text": "?"}]}]),
            "Invalid JSON payload received. Unknown name \"type\" at 'contents[0].parts[0]': Cannot find field.",
        ),
        (json!([user("?"), calls(2, &signed), gave(1)]), UNEVEN),
        (json!([user("?"), calls(1, &signed)]), UNEVEN),
        (
            json!([user("?"), gave(1)]),
            "Please ensure that function response turn comes immediately after a function call turn.",
        ),
        (
            json!([calls(1, &signed), gave(1)]),
            "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
        ),
        (
            json!([user("?"), calls(1, &Value::Null), gave(1)]),
            SIGNATURE,
        ),
    ];
    refused(&rows.map(|(contents, message)| (json!({"contents": contents}), message)));
}

#[test]
fn signatures_are_wanted_in_the_turn_that_goes_on() {
    let sim = Sim::start().unwrap();
    let earlier = json!([user("?"), calls(1, &Value::Null), gave(1), user("And now?")]);
    assert_eq!(post(&sim, &json!({"contents": earlier})).status, 200);
    let signed = json!([user("?"), calls(2, &json!("Sign")), gave(2)]);
    assert_eq!(post(&sim, &json!({"contents": signed})).status, 200);
    let unsigned = changed(&json!({"contents": [user("?"), calls(1, &Value::Null), gave(1)]}));
    let older = "/v1beta/models/gemini-2.5-flash:generateContent";
    assert_eq!(support::post(&sim, older, &unsigned).status, 200);
}

#[test]
fn tools_are_refused_in_the_words_of_the_service() {
    let choice = |config: Value| json!({"functionCallingConfig": config});
    refused(&[
        (
            json!({"toolConfig": choice(json!({"mode": "ANY"}))}),
            "Function calling config is set without function_declarations.",
        ),
        (
            json!({"tools": function(), "toolConfig": choice(json!({"mode": "SOMETIMES"}))}),
            "Invalid value at 'tool_config.function_calling_config.mode' (type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), \"SOMETIMES\"",
        ),
        (
            json!({"tools": function(), "toolConfig": choice(json!({"mode": "ANY", "allowedFunctionNames": ["sub"]}))}),
            "* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: `sub` is not declared.\n",
        ),
        (
            json!({"tools": function(), "toolConfig": choice(json!({"mode": "AUTO", "allowedFunctionNames": ["add"]}))}),
            "* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: only allowed when `mode` is ANY or VALIDATED.\n",
        ),
        (
            json!({"tools": [{"functionDeclarations": [{"name": "add"}, {"name": "add"}]}]}),
            "Duplicate function declaration found: add",
        ),
        (
            json!({"tools": [{"functionDeclarations": [{"name": "1 a"}]}]}),
            "The GenerateContentRequest proto is invalid:\n  * tools[0].function_declarations[0].name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or contain underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.",
        ),
    ]);
    let sim = Sim::start().unwrap();
    let both = changed(
        &json!({"tools": function(), "generationConfig": {"responseMimeType": "application/json"}}),
    );
    let older = "/v1beta/models/gemini-2.5-flash:generateContent";
    let answer = support::post(&sim, older, &both);
    let message = "Function calling with a response mime type: 'application/json' is unsupported";
    assert_eq!(answer.json()["error"]["message"], message);
    let newer = format!("{MODEL}:generateContent");
    assert_eq!(support::post(&sim, &newer, &both).status, 200);
}

#[test]
fn a_key_is_taken_where_this_api_sends_it() {
    let sim = Sim::builder().required_key("AIza-1").start().unwrap();
    let body = changed(&json!({})).to_string();
    let path = format!("{MODEL}:generateContent");
    let send =
        |headers: &[(&str, &str)]| support::request(&sim, "POST", &path, headers, body.as_bytes());
    assert_eq!(send(&[("x-goog-api-key", "AIza-1")]).status, 200);
    let wrong = send(&[("x-goog-api-key", "AIza-2")]);
    assert_eq!(wrong.status, 400);
    let error = &wrong.json()["error"];
    assert_eq!(
        error["message"],
        "API key not valid. Please pass a valid API key."
    );
    assert_eq!(error["details"][0]["reason"], "API_KEY_INVALID");
    let none = send(&[]);
    let status = none.json()["error"]["status"].clone();
    assert_eq!((none.status, status), (403, json!("PERMISSION_DENIED")));
    assert!(!format!("{:?}", sim.requests()).contains("AIza-1"));
}

#[test]
fn answers_hold_their_schema() {
    let sim = Sim::start().unwrap();
    let own = json!({"type": "OBJECT", "required": ["name", "age", "kind", "when"], "propertyOrdering": ["when", "kind", "age", "name"],
        "properties": {"name": {"type": "STRING", "maxLength": 9}, "age": {"type": "INTEGER", "nullable": true},
            "kind": {"type": "STRING", "format": "enum", "enum": ["a", "b"]},
            "when": {"anyOf": [{"type": "STRING", "format": "date-time"}, {"type": "ARRAY", "minItems": 2, "items": {"type": "BOOLEAN"}}]}}});
    let one_of = schemas::object(&json!({"name": {"type": "string"},
        "age": {"oneOf": [{"type": "integer"}, {"type": "number"}]}}));
    // As the message spells its fields, and the official SDK does.
    let spelt = own.to_string();
    let spelt = spelt.replace("propertyOrdering", "property_ordering");
    let spelt = spelt
        .replace("anyOf", "any_of")
        .replace("maxLength", "max_length");
    let spelt: Value = serde_json::from_str(&spelt).unwrap();
    for (field, schema) in [
        ("responseJsonSchema", person()),
        ("responseJsonSchema", one_of),
        ("responseSchema", spelt),
        ("responseSchema", own),
    ] {
        let asked = config(&json!({"responseMimeType": "application/json", field: schema}));
        let answer = post(&sim, &asked).json();
        let candidate = &answer["candidates"][0];
        assert_eq!(candidate["finishReason"], "STOP", "{answer}");
        let text = candidate["content"]["parts"][0]["text"].as_str().unwrap();
        let value: Value = serde_json::from_str(text).unwrap();
        assert!(value["name"].is_string(), "{text}");
        assert!(value["age"].is_number() || value["age"].is_null(), "{text}");
        if field == "responseSchema" {
            assert!(text.trim_start().starts_with("{\"when\""), "{text}");
            assert!(value["kind"] == "a" || value["kind"] == "b", "{text}");
        }
        let usage = &answer["usageMetadata"];
        assert!(usage["candidatesTokenCount"].as_u64() > Some(0), "{answer}");
    }
}

/// The engine cannot negate the least number of 64 bits.
#[test]
fn bounds_of_64_bits_are_taken() {
    let sim = Sim::start().unwrap();
    for (least, most) in [
        (json!(i64::MIN), json!(i64::MAX)),
        (json!(-9_223_372_036_854_775_808.0), json!(u64::MAX)),
    ] {
        let number = json!({"type": "integer", "minimum": least, "maximum": most});
        let schema = schemas::object(&json!({"number": number}));
        let asked = json!({"responseMimeType": "application/json", "responseJsonSchema": schema});
        let answer = post(&sim, &config(&asked));
        assert_eq!(answer.status, 200, "{}", answer.body);
        let text = answer.json()["candidates"][0]["content"]["parts"][0]["text"].clone();
        let value: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        assert!(value["number"].is_i64(), "{text}");
    }
}

#[test]
fn calls_hold_their_schema_and_bear_a_signature() {
    let sim = Sim::start().unwrap();
    let choice = json!({"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["add"]}});
    let asked = json!({"tools": function(), "toolConfig": choice});
    let answer = post(&sim, &asked).json();
    let part = &answer["candidates"][0]["content"]["parts"][0];
    assert!(part["functionCall"]["args"]["age"].is_i64(), "{answer}");
    assert!(part["functionCall"]["id"].is_string() && part["thoughtSignature"].is_string());
    let older = "/v1beta/models/gemini-2.5-flash:generateContent";
    let answer = support::post(&sim, older, &changed(&asked)).json();
    let part = &answer["candidates"][0]["content"]["parts"][0];
    assert_eq!(part["functionCall"]["id"], Value::Null);
    assert_eq!(part["thoughtSignature"], Value::Null);
}

#[test]
fn thoughts_are_counted_apart_and_shown_on_request() {
    let sim = Sim::start().unwrap();
    let asked = |shows: bool| {
        let thinking = json!({"thinkingLevel": "low", "includeThoughts": shows});
        post(&sim, &config(&json!({"thinkingConfig": thinking}))).json()
    };
    let shown = asked(true);
    let usage = &shown["usageMetadata"];
    let thoughts = usage["thoughtsTokenCount"].as_u64().unwrap();
    let sum = usage["promptTokenCount"].as_u64().unwrap()
        + usage["candidatesTokenCount"].as_u64().unwrap()
        + thoughts;
    assert!(thoughts > 0);
    assert_eq!(usage["totalTokenCount"], sum);
    let parts = &shown["candidates"][0]["content"]["parts"];
    assert_eq!(parts[0]["thought"], true);
    let hidden = &asked(false)["candidates"][0]["content"]["parts"];
    assert_eq!(hidden[0]["thought"], Value::Null);
}

/// The data of the events of a stream.
fn events(answer: &Answer) -> Vec<Value> {
    let body = String::from_utf8(support::dechunked(answer)).unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("data: "));
    lines
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

#[test]
fn a_stream_tells_of_the_same_answer() {
    let asked = changed(&config(
        &json!({"responseMimeType": "application/json", "responseJsonSchema": person()}),
    ));
    let ask = |verb: &str| {
        let path = format!("{MODEL}:{verb}");
        support::post(&Sim::start().unwrap(), &path, &asked)
    };
    let whole = ask("generateContent").json();
    let part = |response: &Value| response["candidates"][0]["content"]["parts"][0].clone();
    let chunks = events(&ask("streamGenerateContent?alt=sse"));
    let texts: Vec<Value> = chunks.iter().map(part).collect();
    let text: String = texts
        .iter()
        .filter_map(|part| part["text"].as_str())
        .collect();
    assert_eq!(json!(text), part(&whole)["text"]);
    let (last, before) = chunks.split_last().unwrap();
    assert!(
        before
            .iter()
            .all(|chunk| chunk["candidates"][0]["finishReason"].is_null())
    );
    assert_eq!(last["candidates"][0]["finishReason"], "STOP");
    assert_eq!(last["usageMetadata"], whole["usageMetadata"]);
    assert_eq!(
        part(last)["thoughtSignature"],
        part(&whole)["thoughtSignature"]
    );
    // Without `alt`, the chunks are one array.
    let array = ask("streamGenerateContent").json();
    assert_eq!(part(&array[0])["text"], json!(text));
}

#[test]
fn tokens_are_counted_and_models_listed() {
    let sim = Sim::start().unwrap();
    let count = |body: &Value| {
        support::post(&sim, &format!("{MODEL}:countTokens"), body).json()["totalTokens"].clone()
    };
    let body = changed(&json!({}));
    let used = post(&sim, &json!({})).json()["usageMetadata"]["promptTokenCount"].clone();
    assert_eq!(count(&body), used);
    let mut whole = body.clone();
    whole["model"] = json!("models/gemini-3-pro-preview");
    assert_eq!(count(&json!({"generateContentRequest": whole})), used);
    let get = |path: &str| support::request(&sim, "GET", path, &[], b"");
    let list = get("/v1beta/models").json();
    assert_eq!(list["models"][0]["name"], "models/gemini-3-pro-preview");
    let one = get("/v1beta/models/gemini-2.5-flash").json();
    assert_eq!(one["inputTokenLimit"], 1_048_576);
    // Whose list is meant where paths are the same, the header of the key says.
    let google = [("x-goog-api-key", "any-key")];
    let get_as = |path: &str| support::request(&sim, "GET", path, &google, b"").json();
    assert_eq!(get_as("/v1/models"), list);
    assert_eq!(get_as("/v1/models/gemini-2.5-flash"), one);
    assert_eq!(get("/v1/models").json()["object"], "list");
    for path in ["/v1beta/models/gpt-5.2", "/v1beta/nothing"] {
        let answer = get(path);
        assert_eq!(answer.json()["error"]["status"], "NOT_FOUND", "{path}");
    }
    let unknown = support::post(&sim, &format!("{MODEL}:sing"), &body);
    assert_eq!(unknown.status, 404);
}

#[test]
fn faults_have_the_statuses_of_the_service() {
    for (fault, status, word, detail) in [
        (Fault::RateLimit, 429, "RESOURCE_EXHAUSTED", json!("0.02s")),
        (
            Fault::RateLimitSeconds,
            429,
            "RESOURCE_EXHAUSTED",
            json!("1s"),
        ),
        (Fault::Quota, 429, "RESOURCE_EXHAUSTED", Value::Null),
        (Fault::ServerError, 500, "INTERNAL", Value::Null),
        (Fault::Overloaded, 503, "UNAVAILABLE", Value::Null),
    ] {
        let sim = Sim::builder().fault(fault).start().unwrap();
        let answer = post(&sim, &json!({}));
        let error = &answer.json()["error"];
        assert_eq!((answer.status, &error["status"]), (status, &json!(word)));
        assert_eq!(error["details"][1]["retryDelay"], detail, "{fault}");
    }
    let ask = |fault| {
        let sim = Sim::builder().fault(fault).start().unwrap();
        post(&sim, &json!({})).json()
    };
    let blocked = ask(Fault::Refusal);
    assert_eq!(
        blocked["promptFeedback"]["blockReason"],
        "PROHIBITED_CONTENT"
    );
    assert_eq!(
        blocked["usageMetadata"]["candidatesTokenCount"],
        Value::Null
    );
    for (fault, reason) in [
        (Fault::Truncation, "MAX_TOKENS"),
        (Fault::ContentFilter, "SAFETY"),
    ] {
        assert_eq!(ask(fault)["candidates"][0]["finishReason"], reason);
    }
    // A call of no form at all is none.
    let sim = Sim::builder()
        .fault(Fault::ConstraintIgnored)
        .start()
        .unwrap();
    let choice = json!({"functionCallingConfig": {"mode": "ANY"}});
    let answer = post(&sim, &json!({"tools": function(), "toolConfig": choice})).json();
    let candidate = &answer["candidates"][0];
    assert_eq!(candidate["finishReason"], "MALFORMED_FUNCTION_CALL");
    let message = candidate["finishMessage"].as_str().unwrap();
    assert!(
        message.starts_with("Malformed function call: add("),
        "{message}"
    );
}
