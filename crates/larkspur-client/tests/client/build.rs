//! What goes over the wire: every setting, and nothing that was not set.

use larkspur_client::wire::chat::Message;
use larkspur_client::wire::responses::{
    ContentPart, FunctionCall, FunctionCallOutput, InputItem, InputMessage,
};
use larkspur_client::wire::{chat, responses};
use larkspur_client::{
    CustomTool, Effort, OpenAi, RequestBuilder, ServiceTier, Summary, Tool, ToolChoice, ToolRef,
    Verbosity,
};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use crate::outputs::{offline, total};

fn text(request: &impl Serialize) -> String {
    serde_json::to_string(request).unwrap()
}

fn lookup() -> Tool {
    Tool::function_schema("lookup", json!({"type": "object", "properties": {}}), true)
        .description("Finds one order.")
}

#[test]
fn responses_with_every_setting() {
    let request = offline()
        .responses("gpt-5.2")
        .instructions("Be brief.")
        .input("Which order?")
        .effort(Effort::Low)
        .summary(Summary::Auto)
        .verbosity(Verbosity::Low)
        .max_output_tokens(500)
        .temperature(0.5)
        .top_p(1.0)
        .metadata("run", "7")
        .metadata("a", "b")
        .store(false)
        .previous_response_id("resp_0")
        .include("reasoning.encrypted_content")
        .service_tier(ServiceTier::Flex)
        .prompt_cache_key("orders")
        .safety_identifier("user-1")
        .tool(lookup())
        .tool(CustomTool::new("sql").lark("start: \"x\""))
        .tool_choice(ToolChoice::allowed([
            ToolRef::function("lookup"),
            ToolRef::custom("sql"),
        ]))
        .parallel_tool_calls(false)
        .extra("moderation", json!(null))
        .build();
    insta::assert_json_snapshot!(request);
}

#[test]
fn chat_with_every_setting() {
    let request = offline()
        .chat("gpt-5.2")
        .input("Which order?")
        .message(Message::assistant("Which customer?"))
        .messages([Message::user("Smith")])
        .instructions("Be brief.")
        .effort(Effort::Low)
        .verbosity(Verbosity::Low)
        .max_output_tokens(500)
        .temperature(0.5)
        .top_p(1.0)
        .metadata("run", "7")
        .store(false)
        .service_tier(ServiceTier::Flex)
        .prompt_cache_key("orders")
        .safety_identifier("user-1")
        .tool(lookup())
        .tool(CustomTool::new("sql").regex("x+"))
        .tool_choice(ToolChoice::one_of([
            ToolRef::function("lookup"),
            ToolRef::custom("sql"),
        ]))
        .parallel_tool_calls(true)
        .extra("structured_outputs", json!({"regex": "x"}))
        .build();
    insta::assert_json_snapshot!(request);
}

#[test]
fn outputs_travel_as_schemas() {
    insta::assert_json_snapshot!(
        "responses_schema",
        offline()
            .responses("gpt-5.2")
            .verbosity(Verbosity::High)
            .input("x")
            .build_for(&total())
    );
    insta::assert_json_snapshot!(
        "chat_schema",
        offline().chat("gpt-5.2").input("x").build_for(&total())
    );
}

#[test]
fn input_in_each_form() {
    let request =
        |request: larkspur_client::ResponsesRequest| text(&request.build().input.unwrap());
    let ask = || offline().responses("m");
    assert_eq!(request(ask().input("x")), r#""x""#);
    assert_eq!(
        request(ask().input(InputMessage::developer("x"))),
        r#"[{"role":"developer","content":"x"}]"#
    );
    assert_eq!(
        request(
            ask()
                .input("a")
                .item(InputMessage::assistant("b"))
                .item(InputMessage::user("c"))
        ),
        r#"[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]"#
    );
    let parts = vec![
        ContentPart::text("what is this"),
        ContentPart::image_url("data:image/png;base64,AA"),
    ];
    assert_eq!(
        request(ask().input(vec![InputMessage::user(parts)])),
        r#"[{"role":"user","content":[{"type":"input_text","text":"what is this"},{"type":"input_image","image_url":"data:image/png;base64,AA","detail":"auto"}]}]"#
    );
    let call = FunctionCall::new("c", "f", "{}");
    let items: Vec<InputItem> = vec![call.into(), FunctionCallOutput::new("c", "found").into()];
    assert_eq!(
        request(ask().input(items)),
        r#"[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"found"}]"#
    );
}

#[test]
fn each_choice_flat_and_nested() {
    let flat = |choice: ToolChoice| text(&responses::ToolChoice::from(choice));
    let nested = |choice: ToolChoice| text(&chat::ToolChoice::from(choice));
    for (choice, word) in [
        (ToolChoice::Auto, "auto"),
        (ToolChoice::None, "none"),
        (ToolChoice::Required, "required"),
    ] {
        assert_eq!(flat(choice.clone()), format!("{word:?}"));
        assert_eq!(nested(choice), format!("{word:?}"));
    }
    assert_eq!(
        flat(ToolChoice::function("f")),
        r#"{"type":"function","name":"f"}"#
    );
    assert_eq!(
        nested(ToolChoice::function("f")),
        r#"{"type":"function","function":{"name":"f"}}"#
    );
    assert_eq!(
        flat(ToolChoice::custom("f")),
        r#"{"type":"custom","name":"f"}"#
    );
    assert_eq!(
        nested(ToolChoice::custom("f")),
        r#"{"type":"custom","custom":{"name":"f"}}"#
    );
    assert_eq!(
        flat(ToolChoice::one_of([ToolRef::function("f")])),
        r#"{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}"#
    );
    assert_eq!(
        nested(ToolChoice::allowed([ToolRef::custom("f")])),
        r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"custom","custom":{"name":"f"}}]}}"#
    );
}

#[test]
fn fields_without_a_method_get_there_too() {
    for (field, value) in [
        ("seed", json!(7)),
        ("stop", json!(["\n"])),
        ("n", json!(2)),
        ("max_tokens", json!(50)),
        ("frequency_penalty", json!(0.5)),
        ("logprobs", json!(true)),
        ("user", json!("u")),
        ("top_k", json!({"not": ["what", "the type", "holds"]})),
    ] {
        let request = offline().chat("m").extra(field, value.clone()).build();
        let expected = json!({"model": "m", "messages": [], field: value});
        assert_eq!(serde_json::to_value(request).unwrap(), expected);
        let request = offline().responses("m").extra(field, value.clone());
        let request = serde_json::to_value(request.build()).unwrap();
        assert_eq!(request, json!({"model": "m", field: value}));
    }
    for field in ["background", "max_tool_calls", "truncation", "user"] {
        let request = offline().responses("m").extra(field, json!("x"));
        let request = serde_json::to_value(request.build()).unwrap();
        assert_eq!(request, json!({"model": "m", field: "x"}));
    }
    // A method counts before it.
    let request = offline().chat("m").temperature(0.5);
    let request = request.extra("temperature", json!(1)).build();
    assert_eq!(
        text(&request),
        r#"{"model":"m","messages":[],"temperature":0.5}"#
    );
}

#[test]
fn numbers_that_json_cannot_carry_are_left_out() {
    assert_eq!(
        offline()
            .responses("m")
            .temperature(f64::NAN)
            .top_p(f64::INFINITY)
            .build()
            .temperature,
        None
    );
}

/// Settings as a person might choose them, applied to both builders.
#[derive(Debug, Clone)]
struct Settings {
    text: String,
    effort: Option<&'static str>,
    verbosity: Option<&'static str>,
    tokens: Option<u64>,
    temperature: Option<f64>,
    metadata: Vec<(String, String)>,
    tools: Vec<(String, Option<bool>)>,
    choice: Option<usize>,
}

fn settings() -> impl Strategy<Value = Settings> {
    let tools = prop::collection::vec(
        ("[a-zA-Z0-9_-]{1,64}", prop::option::of(any::<bool>())),
        0..4,
    );
    let metadata = prop::collection::vec((".{0,8}", ".{0,8}"), 0..4);
    let numbers = (
        prop::option::of(16..100_000_u64),
        prop::option::of(0.0..2.0_f64),
    );
    (
        ".{0,20}",
        prop::option::of(prop::sample::select(Effort::KNOWN)),
        prop::option::of(prop::sample::select(Verbosity::KNOWN)),
        numbers,
        metadata,
        tools,
        prop::option::of(0..6_usize),
    )
        .prop_map(
            |(text, effort, verbosity, (tokens, temperature), metadata, tools, choice)| Settings {
                text,
                effort,
                verbosity,
                tokens,
                temperature,
                metadata,
                tools,
                choice,
            },
        )
}

/// Applies the settings, whichever API the request is for.
fn apply<A>(request: RequestBuilder<A>, settings: &Settings) -> RequestBuilder<A>
where
    A: OpenAi,
    A::Input: for<'a> From<&'a str>,
{
    let mut request = request.input(settings.text.as_str());
    if let Some(effort) = settings.effort {
        request = request.effort(effort.into());
    }
    if let Some(verbosity) = settings.verbosity {
        request = request.verbosity(verbosity.into());
    }
    if let Some(tokens) = settings.tokens {
        request = request.max_output_tokens(tokens);
    }
    if let Some(temperature) = settings.temperature {
        request = request.temperature(temperature);
    }
    for (key, value) in &settings.metadata {
        request = request.metadata(key, value);
    }
    for (name, strict) in &settings.tools {
        request = match strict {
            Some(strict) => request.tool(Tool::function_schema(
                name,
                json!({"type": "object"}),
                *strict,
            )),
            None => request.tool(CustomTool::new(name).lark("start: \"x\"")),
        };
    }
    if let Some(choice) = settings.choice {
        let refs = settings
            .tools
            .iter()
            .map(|(name, _)| ToolRef::function(name));
        request = request.tool_choice(match choice {
            0 => ToolChoice::Auto,
            1 => ToolChoice::None,
            2 => ToolChoice::Required,
            3 => ToolChoice::function("f"),
            4 => ToolChoice::custom("c"),
            _ => ToolChoice::allowed(refs),
        });
    }
    request
}

proptest! {
    #[test]
    fn what_is_built_reads_back_as_itself(settings in settings()) {
        let client = offline();
        let built = apply(client.responses("m"), &settings).build();
        let json: Value = serde_json::to_value(&built).unwrap();
        let read: responses::Request = serde_json::from_value(json.clone()).unwrap();
        prop_assert_eq!(&read, &built);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&built).unwrap());

        let built = apply(client.chat("m"), &settings).build_for(&total());
        let read: chat::Request = serde_json::from_str(&serde_json::to_string(&built).unwrap()).unwrap();
        prop_assert_eq!(read, built);
    }
}
