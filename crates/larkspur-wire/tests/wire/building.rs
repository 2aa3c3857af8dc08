//! What the constructors build: nothing that was not asked for, in a stable order, flat or nested as the API wants it.

use larkspur_wire::{Effort, GrammarSyntax, ToolChoiceMode, Verbosity, chat, responses};
use serde::Serialize;
use serde_json::json;

#[track_caller]
fn check(built: impl Serialize, expected: &str) {
    assert_eq!(serde_json::to_string(&built).unwrap(), expected);
}

#[test]
fn requests_hold_only_what_was_set() {
    check(
        responses::Request::new("gpt-5.2", "hi"),
        r#"{"model":"gpt-5.2","input":"hi"}"#,
    );
    check(
        chat::Request::new("gpt-5.2", vec![chat::Message::user("hi")]),
        r#"{"model":"gpt-5.2","messages":[{"role":"user","content":"hi"}]}"#,
    );
    check(responses::Request::default(), "{}");
}

#[test]
fn schema_flat_and_nested() {
    check(
        responses::TextFormat::from(responses::JsonSchemaFormat {
            name: "n".into(),
            strict: Some(true),
            schema: json!({"type": "object"}).into(),
            ..Default::default()
        }),
        r#"{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}"#,
    );
    let json_schema = chat::JsonSchemaDefinition {
        name: "n".into(),
        strict: Some(true),
        schema: Some(json!({"type": "object"}).into()),
        ..Default::default()
    };
    check(
        chat::ResponseFormat::from(chat::JsonSchemaFormat {
            json_schema,
            ..Default::default()
        }),
        r#"{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}}"#,
    );
}

#[test]
fn function_tool_flat_and_nested() {
    check(
        responses::FunctionTool::new("f", json!({}), true),
        r#"{"type":"function","name":"f","parameters":{},"strict":true}"#,
    );
    check(
        chat::FunctionTool::new("f", json!({}), false),
        r#"{"type":"function","function":{"name":"f","parameters":{},"strict":false}}"#,
    );
}

#[test]
fn custom_tool_flat_and_nested() {
    check(
        responses::CustomTool::grammar("sql", GrammarSyntax::Lark, "start: \"x\""),
        r#"{"type":"custom","name":"sql","format":{"type":"grammar","syntax":"lark","definition":"start: \"x\""}}"#,
    );
    check(
        chat::CustomTool::grammar("sql", GrammarSyntax::Regex, "x+"),
        r#"{"type":"custom","custom":{"name":"sql","format":{"type":"grammar","grammar":{"syntax":"regex","definition":"x+"}}}}"#,
    );
    check(
        responses::CustomTool::new("note"),
        r#"{"type":"custom","name":"note"}"#,
    );
}

#[test]
fn tool_choice_flat_and_nested() {
    check(
        responses::ToolChoice::Mode(ToolChoiceMode::Required),
        r#""required""#,
    );
    check(
        responses::ToolRef::function("f"),
        r#"{"type":"function","name":"f"}"#,
    );
    check(
        chat::ToolRef::function("f"),
        r#"{"type":"function","function":{"name":"f"}}"#,
    );
    check(
        responses::ToolRef::custom("c"),
        r#"{"type":"custom","name":"c"}"#,
    );
    check(
        chat::ToolRef::custom("c"),
        r#"{"type":"custom","custom":{"name":"c"}}"#,
    );
    check(
        responses::AllowedTools {
            mode: ToolChoiceMode::Auto,
            tools: vec![responses::ToolRef::custom("c")],
            ..Default::default()
        },
        r#"{"type":"allowed_tools","mode":"auto","tools":[{"type":"custom","name":"c"}]}"#,
    );
    let allowed_tools = chat::AllowedTools {
        mode: ToolChoiceMode::Required,
        tools: vec![chat::ToolRef::function("f")],
        ..Default::default()
    };
    check(
        chat::AllowedToolsChoice {
            allowed_tools,
            ..Default::default()
        },
        r#"{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}"#,
    );
}

#[test]
fn settings_are_spelt_as_the_server_spells_them() {
    check(
        [Effort::XHigh, Effort::Other("heroic".into())],
        r#"["xhigh","heroic"]"#,
    );
    check(Verbosity::KNOWN, r#"["low","medium","high"]"#);
}

#[test]
fn answers_have_every_member_the_specification_requires() {
    let answer = responses::Response::new("resp_1", "gpt-5.2", vec![]);
    let members = serde_json::to_value(answer).unwrap();
    for key in [
        "id",
        "object",
        "created_at",
        "error",
        "incomplete_details",
        "instructions",
        "model",
        "tools",
        "output",
        "parallel_tool_calls",
        "metadata",
        "tool_choice",
        "temperature",
        "top_p",
    ] {
        assert!(members.get(key).is_some(), "{key}");
    }
    check(
        chat::Completion::new(
            "c",
            "m",
            chat::Message::reply("hi"),
            chat::FinishReason::Stop,
        )
        .choices,
        r#"[{"index":0,"message":{"role":"assistant","content":"hi","refusal":null},"finish_reason":"stop","logprobs":null}]"#,
    );
    check(
        chat::Message::refused("no"),
        r#"{"role":"assistant","content":null,"refusal":"no"}"#,
    );
}
