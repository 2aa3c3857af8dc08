//! The Gemini API of Google: what is sent, and what comes of it against the local server.

use std::time::Duration;

use larkspur_client::wire::gemini::{Content, GenerationConfig, Part};
use larkspur_client::{
    Client, CustomTool, Delta, Document, Effort, GenerateContentRequest, Image, Provider, Tool,
    ToolChoice, ToolRef,
};
use larkspur_output::{Carrier, Outcome, OutputType as _, Target, grammar};
use larkspur_schema::Dialect;
use larkspur_sim::{Fault, Sim, SimBuilder};
use serde_json::{Value, json};

use crate::fixture::{Script, Server, fast};
use crate::outputs::Total;
use crate::tool_runs::counting;

const MODEL: &str = "gemini-3-pro-preview";

fn start(sim: SimBuilder) -> (Sim, Client) {
    let sim = sim.required_key("AIza-1").start().unwrap();
    let client = Client::builder()
        .provider(Provider::gemini())
        .base_url(sim.base_url().replace("/v1", "/v1beta"))
        .api_key("AIza-1")
        .retry(fast());
    (sim, client.build().unwrap())
}

fn offline() -> Client {
    let client = Client::builder().provider(Provider::gemini());
    client.build().unwrap()
}

fn script(body: &Value) -> (Server, Client) {
    let server = Server::start([Script::json(200, body)]);
    let client = Client::builder()
        .provider(Provider::gemini())
        .base_url(&server.url)
        .retry(fast());
    (server, client.build().unwrap())
}

#[track_caller]
fn check(request: &GenerateContentRequest, expected: &Value) {
    assert_eq!(json!(request.build()), *expected);
}

#[test]
fn settings_stand_where_the_api_has_them() {
    let request = offline()
        .generate_content(MODEL)
        .instructions("Be brief.")
        .input("Hello.")
        .effort(Effort::Low)
        .include_thoughts()
        .temperature(0.5)
        .safety_setting("HARM_CATEGORY_HARASSMENT", "BLOCK_ONLY_HIGH")
        .cached_content("cachedContents/c1")
        .max_output_tokens(2_000)
        .extra("serviceTier", json!("flex"));
    let expected = json!({
        "contents": [{"role": "user", "parts": [{"text": "Hello."}]}],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {"maxOutputTokens": 2000, "temperature": 0.5,
                             "thinkingConfig": {"thinkingLevel": "LOW", "includeThoughts": true}},
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}],
        "cachedContent": "cachedContents/c1", "serviceTier": "flex",
    });
    check(&request, &expected);
    let thinking = |request: GenerateContentRequest| {
        json!(request.build())["generationConfig"]["thinkingConfig"].clone()
    };
    let request = || offline().generate_content("gemini-2.5-flash");
    let none = thinking(request().effort(Effort::None));
    assert_eq!(none, json!({"thinkingBudget": 0}));
    let much = thinking(request().thinking_budget(-1));
    assert_eq!(much, json!({"thinkingBudget": -1}));
    // What all APIs say stands over what only this one does.
    let config = GenerationConfig {
        seed: Some(7),
        max_output_tokens: Some(1),
        ..GenerationConfig::default()
    };
    let request = request().generation_config(config).max_output_tokens(50);
    let expected = json!({"seed": 7, "maxOutputTokens": 50});
    assert_eq!(json!(request.build())["generationConfig"], expected);
}

#[test]
fn a_choice_is_said_in_its_words() {
    let function =
        |name: &str, strict| Tool::function_schema(name, json!({"type": "object"}), strict);
    let choice = |choice: Option<ToolChoice>, strict: bool| {
        let request = offline().generate_content(MODEL).input("?");
        let request = request
            .tool(function("a", strict))
            .tool(function("b", false));
        let request = match choice {
            Some(choice) => request.tool_choice(choice),
            None => request,
        };
        let sent = json!(request.build());
        let tools = sent["tools"][0]["functionDeclarations"].as_array().unwrap();
        assert_eq!(tools.len(), 2);
        sent["toolConfig"]["functionCallingConfig"].clone()
    };
    let mode = |mode: &str| json!({"mode": mode});
    let allowed = |mode: &str| json!({"mode": mode, "allowedFunctionNames": ["b"]});
    for (chosen, strict, expected) in [
        (None, false, Value::Null),
        (None, true, mode("VALIDATED")),
        (Some(ToolChoice::Auto), false, mode("AUTO")),
        (Some(ToolChoice::Auto), true, mode("VALIDATED")),
        (Some(ToolChoice::None), true, mode("NONE")),
        (Some(ToolChoice::Required), false, mode("ANY")),
        (Some(ToolChoice::function("b")), false, allowed("ANY")),
        (
            Some(ToolChoice::allowed([ToolRef::function("b")])),
            false,
            allowed("VALIDATED"),
        ),
        (
            Some(ToolChoice::one_of([ToolRef::function("b")])),
            false,
            allowed("ANY"),
        ),
    ] {
        assert_eq!(choice(chosen, strict), expected);
    }
    let sql = CustomTool::new("sql")
        .description("Asks.")
        .lark("start: \"a\"");
    let request = offline().generate_content(MODEL).input("?").tool(sql);
    let search = Tool::raw(json!({"googleSearch": {}}));
    let sent = json!(request.tool(search).build());
    let declared = &sent["tools"][0]["functionDeclarations"][0];
    let described = "Asks.\n\n`input` is a text of this lark grammar:\n\nstart: \"a\"";
    assert_eq!(declared["description"], described);
    let required = &declared["parametersJsonSchema"]["required"];
    assert_eq!(required, &json!(["input"]));
    assert_eq!(sent["tools"][1], json!({"googleSearch": {}}));
}

#[test]
fn images_and_files_go_along() {
    let request = offline()
        .generate_content("m")
        .input("What is this?")
        .image(Image::data(b"\xff\xd8\xff\xe0").unwrap())
        .image(Image::url("https://example.org/a.png"))
        .document(Document::data("a.csv", "text/csv", "é,1".as_bytes()))
        .document(Document::uploaded("files/f1"));
    let expected = json!([
        {"text": "What is this?"},
        {"inlineData": {"mimeType": "image/jpeg", "data": "/9j/4A=="}},
        {"fileData": {"fileUri": "https://example.org/a.png"}},
        {"inlineData": {"mimeType": "text/csv", "data": "w6ksMQ=="}},
        {"fileData": {"fileUri": "files/f1"}},
    ]);
    assert_eq!(json!(request.build())["contents"][0]["parts"], expected);
    // Beside what the model said there is nothing to attach to.
    let request = offline().generate_content("m");
    let request = request.content(Content::model(vec!["Send it.".into()]));
    let request = request.document(Document::uploaded("files/f1"));
    assert_eq!(json!(request.build())["contents"][1]["role"], "user");
}

#[tokio::test]
async fn a_value_is_asked_for_and_read() {
    let (sim, client) = start(Sim::builder());
    let request = client
        .generate_content(MODEL)
        .input("Invoice of Acme Corp.");
    let reply = request.extract::<Total>().await.unwrap();
    assert!(reply.enforced && !reply.response_id.is_empty());
    assert!(reply.usage().input_tokens > 0 && reply.usage().output_tokens > 0);
    let [sent] = sim.requests().try_into().unwrap();
    let path = "/v1beta/models/gemini-3-pro-preview:generateContent";
    assert_eq!(sent.path(), path);
    assert_eq!(sent.header("x-goog-api-key"), Some("AIza-1"));
    assert_eq!(sent.header("authorization"), None);
    let body = sent.json().unwrap();
    let config = &body["generationConfig"];
    assert_eq!(config["responseMimeType"], "application/json");
    assert_eq!(config["responseJsonSchema"]["type"], "object");
    assert_eq!(body["model"], Value::Null);
}

#[tokio::test]
async fn a_schema_may_be_in_the_notation_of_openapi() {
    let (sim, _) = start(Sim::builder());
    let target = Target::new(Dialect::gemini_schema(), Carrier::Description);
    let client = Client::builder()
        .provider(Provider::gemini())
        .base_url(sim.base_url())
        .api_key("AIza-1")
        .target(target)
        .build()
        .unwrap();
    let (orders, _) = counting("orders");
    let request = client
        .generate_content(MODEL)
        .input("Invoice of Acme Corp.");
    request
        .run_tools([orders])
        .extract::<Total>()
        .await
        .unwrap();
    let body = sim.requests()[0].json().unwrap();
    let config = &body["generationConfig"];
    assert_eq!(config["responseSchema"]["type"], "OBJECT");
    assert_eq!(config["responseJsonSchema"], Value::Null);
    let declared = &body["tools"][0]["functionDeclarations"][0];
    assert_eq!(declared["parameters"]["type"], "OBJECT");
}

#[tokio::test]
async fn the_name_of_a_model_stays_within_its_segment() {
    let answer =
        json!({"candidates": [{"content": {"parts": [{"text": "Hi."}]}, "finishReason": "STOP"}]});
    for (model, path) in [
        ("gemini-3-pro", "models/gemini-3-pro:generateContent"),
        ("models/gemini-3-pro", "models/gemini-3-pro:generateContent"),
        ("tunedModels/t-1", "tunedModels/t-1:generateContent"),
        (
            "../../files?x=#",
            "models/..%2F..%2Ffiles%3Fx%3D%23:generateContent",
        ),
        ("é", "models/%C3%A9:generateContent"),
    ] {
        let (server, client) = script(&answer);
        client
            .generate_content(model)
            .input("?")
            .send()
            .await
            .unwrap();
        let line = format!("POST /v1/{path} HTTP/1.1");
        assert_eq!(server.received()[0].line, line);
    }
}

#[tokio::test]
async fn a_rejected_answer_goes_back() {
    let (sim, client) = start(Sim::builder().fault_times(Fault::ConstraintIgnored, 1));
    let request = client
        .generate_content(MODEL)
        .input("Invoice of Acme Corp.");
    let reply = request.extract::<Total>().await.unwrap();
    assert_eq!(reply.attempts().len(), 2);
    let again = sim.requests().last().unwrap().json().unwrap();
    let contents = again["contents"].as_array().unwrap();
    let roles: Vec<_> = contents.iter().map(|content| &content["role"]).collect();
    assert_eq!(roles, ["user", "model", "user"]);
}

#[tokio::test]
async fn a_grammar_is_told_in_words_and_checked_here() {
    let (sim, client) = start(Sim::builder());
    let output = grammar("start: /.*/s\n").unwrap();
    let request = client.generate_content(MODEL).input("?");
    let reply = request.extract_with(&output).await.unwrap();
    assert!(!reply.enforced);
    let sent = sim.requests().last().unwrap().json().unwrap();
    let choice = &sent["toolConfig"]["functionCallingConfig"];
    let expected = json!({"mode": "ANY", "allowedFunctionNames": ["answer"]});
    assert_eq!(*choice, expected);
    let rejecting = grammar("start: \"on\" | \"off\"\n").unwrap();
    let output = rejecting.prepare(client.target()).unwrap();
    let request = client.generate_content(MODEL).input("?");
    let answer = request.ask(&output).await.unwrap();
    assert!(matches!(answer.outcome, Outcome::Invalid(_)));
    // The call as it came, with its signature, and its result.
    let again = sim.requests().last().unwrap().json().unwrap();
    let contents = again["contents"].as_array().unwrap();
    let [_, said, told] = contents.as_slice() else {
        panic!("{again}");
    };
    let (call, gave) = (&said["parts"][0], &told["parts"][0]["functionResponse"]);
    assert!(call["thoughtSignature"].is_string(), "{again}");
    assert_eq!(call["functionCall"]["id"], gave["id"]);
    assert_eq!(gave["name"], "answer");
}

#[tokio::test]
async fn an_answer_is_read_while_it_comes() {
    let (sim, client) = start(Sim::builder());
    let request = client
        .generate_content(MODEL)
        .input("Invoice of Acme Corp.");
    let request = request.effort(Effort::Low).include_thoughts();
    let mut stream = request.stream::<Total>().await.unwrap();
    let (mut text, mut thoughts) = (String::new(), 0);
    while let Some(delta) = stream.next().await.unwrap() {
        match delta {
            Delta::Text(more) => text.push_str(&more),
            Delta::Reasoning(_) => thoughts += 1,
            other => panic!("{other:?}"),
        }
    }
    let reply = stream.answer().await.unwrap().into_reply().unwrap();
    assert_eq!((&reply.text, thoughts), (&text, 1));
    assert!(reply.usage().reasoning_tokens > 0);
    assert!(reply.usage().output_tokens > reply.usage().reasoning_tokens);
    let path = "/v1beta/models/gemini-3-pro-preview:streamGenerateContent?alt=sse";
    assert_eq!(sim.requests()[0].path(), path);
}

#[tokio::test]
async fn tools_run_until_the_value_comes() {
    for streamed in [false, true] {
        let (sim, client) = start(Sim::builder().tool_rounds(2));
        let (orders, ordered) = counting("orders");
        let (bills, billed) = counting("bills");
        let request = client.generate_content(MODEL).input("Total of order 7?");
        let mut run = request.run_tools([orders, bills]);
        if streamed {
            run = run.on_delta(|_| {});
        }
        let reply = run.extract::<Total>().await.unwrap();
        let counts = [ordered, billed].map(|count| count.load(std::sync::atomic::Ordering::SeqCst));
        assert_eq!(counts, [2, 2]);
        assert_eq!(reply.attempts().len(), 3);
        // The server refuses calls without the signature that they came with.
        let last = sim.requests().last().unwrap().json().unwrap();
        let contents = last["contents"].as_array().unwrap();
        assert_eq!(contents.len(), 5);
        assert!(contents[3]["parts"][0]["thoughtSignature"].is_string());
    }
}

/// A model that gives its calls no ids and signs nothing: those before Gemini 3.
#[tokio::test]
async fn calls_without_ids_are_told_apart() {
    let call = |left: u64| json!({"functionCall": {"name": "orders", "args": {"n": left}}});
    let calling = json!({"candidates": [{"content": {"role": "model", "parts": [call(1), call(2)]}, "finishReason": "STOP"}]});
    let done = json!({"candidates": [{"content": {"parts": [{"text": "Done."}]}, "finishReason": "STOP"}]});
    let server = Server::start([Script::json(200, &calling), Script::json(200, &done)]);
    let client = Client::builder()
        .provider(Provider::gemini())
        .base_url(&server.url);
    let orders = Tool::function_schema("orders", json!({"type": "object"}), false);
    let request = client.build().unwrap().generate_content("gemini-2.5-flash");
    let sent = request.input("?").tool(orders).send().await.unwrap();
    assert_eq!(sent.response.calls().count(), 2);
    let own = |text: &str| Part::output("orders", text);
    let request = server.client().generate_content("m").input("?");
    let said = sent.response.candidates[0].content.clone().unwrap();
    let request = request.contents([said, Content::user(vec![own("1"), own("2")])]);
    request.send().await.unwrap();
}

#[tokio::test]
async fn calls_and_outputs_that_are_alone_are_not_sent() {
    let (sim, client) = start(Sim::builder());
    let call = Part::call("add", serde_json::Map::new());
    let request = client.generate_content("m").input("?");
    let request = request.content(Content::model(vec![call]));
    let error = request.input("Well?").send().await.unwrap_err().to_string();
    assert!(
        error.contains("the call `add` of `add` has no output"),
        "{error}"
    );
    let gave = Content::user(vec![Part::output("add", "4")]);
    let request = client.generate_content("m").content(gave);
    let error = request.send().await.unwrap_err().to_string();
    assert!(
        error.contains("the output for `add` has no call"),
        "{error}"
    );
    assert_eq!(sim.requests().len(), 0);
}

#[tokio::test]
async fn errors_are_told_in_the_words_of_the_service() {
    let (_sim, client) = start(Sim::builder());
    let request = client
        .generate_content("m")
        .input("?")
        .extra("news", json!(1));
    let error = request.send().await.unwrap_err();
    let message = "Invalid JSON payload received. Unknown name \"news\": Cannot find field.";
    assert_eq!(error.message(), Some(message));
    assert_eq!(
        (error.status(), error.code()),
        (Some(400), Some("INVALID_ARGUMENT"))
    );
    let broken = json!({"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": "Malformed function call: f("}]});
    let (_server, client) = script(&broken);
    let error = client.generate_content("m").input("?");
    let error = error.extract::<Total>().await.unwrap_err();
    assert!(error.is_failed(), "{error}");
    assert_eq!(error.code(), Some("MALFORMED_FUNCTION_CALL"));
    assert_eq!(error.message(), Some("Malformed function call: f("));
    let (_server, client) = script(&json!({"answer": 1}));
    let error = client.generate_content("m").input("?").send().await;
    assert!(error.unwrap_err().is_decode());
}

#[tokio::test]
async fn a_wait_is_asked_for_in_the_details() {
    let limited = |details: &Value| {
        let error = json!({"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED", "details": details});
        Script::json(429, &json!({"error": error}))
    };
    let wait = |text: &str| json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": text});
    let violation = json!({"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"});
    let day =
        json!({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]});
    for (details, attempts, asked) in [
        (json!([wait("0.01s")]), 3, Some(Duration::from_millis(10))),
        // Longer than the policy waits.
        (json!([wait("3600s")]), 1, Some(Duration::from_secs(3_600))),
        // What is used up for today does not come back in the seconds that the server names.
        (
            json!([day, wait("0.01s")]),
            1,
            Some(Duration::from_millis(10)),
        ),
    ] {
        let server = Server::start([limited(&details)]);
        let error = server.client().generate_content("m").input("?");
        let error = error.send().await.unwrap_err();
        assert_eq!(error.attempts().len(), attempts, "{details}");
        assert_eq!(error.retry_after(), asked, "{details}");
    }
}

#[tokio::test]
async fn tokens_are_counted_and_models_listed() {
    let (sim, client) = start(Sim::builder());
    let request = client
        .generate_content(MODEL)
        .input("Invoice of Acme Corp.");
    let counted = request.clone().count_tokens().await.unwrap();
    let sent = request.send().await.unwrap();
    assert_eq!(sent.ledger.usage().input_tokens, counted);
    let body = sim.requests()[0].json().unwrap();
    let asked = &body["generateContentRequest"];
    assert_eq!(asked["model"], "models/gemini-3-pro-preview");
    let models = client.models().await.unwrap();
    assert_eq!(models.data[0].id, "gemini-3-pro-preview");
    // Lists come in pages.
    let page = |name: &str, next: &str| {
        Script::json(
            200,
            &json!({"models": [{"name": name}], "nextPageToken": next}),
        )
    };
    let server = Server::start([page("models/a", "x&y"), page("models/b", "")]);
    let models = server.client().models().await.unwrap();
    let ids: Vec<_> = models.data.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let line = &server.received()[1].line;
    assert_eq!(line, "GET /v1/models?pageToken=x%26y HTTP/1.1");
}
