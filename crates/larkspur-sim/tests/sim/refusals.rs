//! What is refused, with status, `param`, `code` and text, and what is taken.

use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::support::{self, CHAT, RESPONSES};

/// A request that is fine, with some fields replaced; a null takes the field away.
pub(crate) fn with(path: &str, changes: &Value) -> Value {
    let mut body = if path == CHAT {
        json!({"model": "gpt-5.2", "messages": [{"role": "user", "content": "Hello."}]})
    } else {
        json!({"model": "gpt-5.2", "input": "Hello."})
    };
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        }
    }
    body
}

/// A path, what is changed of a good request, and the refusal: `param`, `code` (empty for none), text.
pub(crate) struct Row(
    pub(crate) &'static str,
    pub(crate) Value,
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) &'static str,
);

#[track_caller]
pub(crate) fn check(sim: &Sim, Row(path, changes, param, code, message): &Row) {
    let answer = support::post(sim, path, &with(path, changes));
    assert_eq!(answer.status, 400, "{path} {changes}: {}", answer.body);
    let word = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            json!(text)
        }
    };
    let expected = json!({"error": {
        "message": message, "type": "invalid_request_error", "param": word(param), "code": word(code)}});
    assert_eq!(answer.json(), expected, "{path} {changes}");
}

fn check_all(rows: &[Row]) {
    let sim = Sim::start().unwrap();
    for row in rows {
        check(&sim, row);
    }
    assert_eq!(sim.counts().answers, 0);
    assert_eq!(sim.counts().refused, u64::try_from(rows.len()).unwrap());
}

pub(crate) fn function(extra: &Value) -> Value {
    let mut tool = json!({"type": "function", "name": "f", "strict": false, "parameters": {"type": "object", "properties": {}}});
    for (name, value) in extra.as_object().unwrap() {
        tool[name] = value.clone();
        if value.is_null() {
            tool.as_object_mut().unwrap().remove(name);
        }
    }
    tool
}

fn chat_function() -> Value {
    json!({"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}})
}

fn format(extra: &Value) -> Value {
    let mut format =
        json!({"type": "json_schema", "name": "n", "strict": false, "schema": {"type": "object"}});
    for (name, value) in extra.as_object().unwrap() {
        format[name] = value.clone();
        if value.is_null() {
            format.as_object_mut().unwrap().remove(name);
        }
    }
    json!({"format": format})
}

const MOVED: &str = "Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create.";

#[test]
#[rustfmt::skip]
fn parameters_of_responses() {
    let moved = |name: &'static str, place: &str| -> &'static str {
        format!("Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{place}'. {MOVED}").leak()
    };
    check_all(&[
        Row(RESPONSES, json!({"model": null}), "model", "missing_required_parameter", "Missing required parameter: 'model'."),
        Row(RESPONSES, json!({"input": null}), "input", "missing_required_parameter", "Missing required parameter: 'input'."),
        Row(RESPONSES, json!({"model": 5}), "model", "invalid_type", "Invalid type for 'model': expected a string, but got an integer instead."),
        Row(RESPONSES, json!({"input": {"a": 1}}), "input", "invalid_type", "Invalid type for 'input': expected one of a string or an array of input items, but got an object instead."),
        Row(RESPONSES, json!({"max_tokens": 100}), "max_tokens", "unknown_parameter", "Unknown parameter: 'max_tokens'."),
        Row(RESPONSES, json!({"tempreature": 1}), "tempreature", "unknown_parameter", "Unknown parameter: 'tempreature'."),
        Row(RESPONSES, json!({"response_format": {"type": "text"}}), "response_format", "unsupported_parameter", moved("response_format", "text.format")),
        Row(RESPONSES, json!({"reasoning_effort": "low"}), "reasoning_effort", "unsupported_parameter", moved("reasoning_effort", "reasoning.effort")),
        Row(RESPONSES, json!({"messages": []}), "messages", "unsupported_parameter", moved("messages", "input")),
        Row(RESPONSES, json!({"verbosity": "low"}), "verbosity", "unsupported_parameter", moved("verbosity", "text.verbosity")),
        Row(RESPONSES, json!({"max_output_tokens": 15}), "max_output_tokens", "integer_below_min_value", "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead."),
        Row(RESPONSES, json!({"max_output_tokens": "many"}), "max_output_tokens", "invalid_type", "Invalid type for 'max_output_tokens': expected an integer, but got a string instead."),
        Row(RESPONSES, json!({"max_output_tokens": 16.5}), "max_output_tokens", "invalid_type", "Invalid type for 'max_output_tokens': expected an integer, but got a decimal number instead."),
        Row(RESPONSES, json!({"temperature": 2.5}), "temperature", "decimal_above_max_value", "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead."),
        Row(RESPONSES, json!({"top_p": -1}), "top_p", "decimal_below_min_value", "Invalid 'top_p': decimal below minimum value. Expected a value >= 0, but got -1 instead."),
        Row(RESPONSES, json!({"temperature": 0.5, "reasoning": {"effort": "low"}}), "temperature", "", "Unsupported parameter: 'temperature' is not supported with this model."),
        Row(RESPONSES, json!({"model": "gpt-5", "top_p": 0.5}), "top_p", "", "Unsupported parameter: 'top_p' is not supported with this model."),
        Row(RESPONSES, json!({"store": "yes"}), "store", "invalid_type", "Invalid type for 'store': expected a boolean, but got a string instead."),
        Row(RESPONSES, json!({"truncation": "some"}), "truncation", "invalid_value", "Invalid value: 'some'. Supported values are: 'auto' and 'disabled'."),
        Row(RESPONSES, json!({"service_tier": "gold"}), "service_tier", "invalid_value", "Invalid value: 'gold'. Supported values are: 'auto', 'default', 'flex', 'scale', 'priority', 'fast', and 'ultrafast'."),
        Row(RESPONSES, json!({"include": ["everything"]}), "include[0]", "invalid_value", "Invalid value: 'everything'. Supported values are: 'file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources', 'message.input_image.image_url', 'computer_call_output.output.image_url', 'code_interpreter_call.outputs', 'reasoning.encrypted_content', and 'message.output_text.logprobs'."),
        Row(RESPONSES, json!({"safety_identifier": "x".repeat(65)}), "safety_identifier", "string_above_max_length", "Invalid 'safety_identifier': string too long. Expected a string with maximum length 64, but got a string with length 65 instead."),
        Row(RESPONSES, json!({"stream": "yes"}), "stream", "invalid_type", "Invalid type for 'stream': expected a boolean, but got a string instead."),
        Row(RESPONSES, json!({"stream_options": {"include_obfuscation": false}}), "stream_options", "", "The 'stream_options' parameter is only allowed when 'stream' is enabled."),
        Row(RESPONSES, json!({"stream": true, "stream_options": {"include_usage": true}}), "stream_options.include_usage", "unknown_parameter", "Unknown parameter: 'stream_options.include_usage'."),
        Row(RESPONSES, json!({"top_logprobs": 21}), "top_logprobs", "integer_above_max_value", "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 instead."),
    ]);
}

#[test]
#[rustfmt::skip]
fn metadata() {
    let many: Value = (0..17)
        .map(|n| (format!("k{n}"), json!("v")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    check_all(&[
        Row(RESPONSES, json!({"metadata": many}), "metadata", "object_above_max_properties", "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead."),
        Row(RESPONSES, json!({"metadata": {"k".repeat(65): "v"}}), "metadata", "string_above_max_length", "Invalid 'metadata': object key too long. Expected object keys with maximum length 64, but got a key with length 65 instead."),
        Row(CHAT, json!({"metadata": {"k": "v".repeat(513)}}), "metadata.k", "string_above_max_length", "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with length 513 instead."),
        Row(CHAT, json!({"metadata": {"k": 1}}), "metadata.k", "invalid_type", "Invalid type for 'metadata.k': expected a string, but got an integer instead."),
    ]);
}

#[test]
#[rustfmt::skip]
fn efforts() {
    let effort =
        |model: &str, effort: &str| json!({"model": model, "reasoning": {"effort": effort}});
    check_all(&[
        Row(RESPONSES, effort("gpt-5.2-chat-latest", "none"), "reasoning.effort", "unsupported_value", "Unsupported value: 'none' is not supported with the 'gpt-5.2-chat-latest' model. Supported values are: 'medium'."),
        Row(RESPONSES, effort("gpt-5.2", "minimal"), "reasoning.effort", "unsupported_value", "Unsupported value: 'minimal' is not supported with the 'gpt-5.2' model. Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'."),
        Row(RESPONSES, effort("gpt-5.2-pro", "low"), "reasoning.effort", "unsupported_value", "Unsupported value: 'low' is not supported with the 'gpt-5.2-pro' model. Supported values are: 'medium', 'high', and 'xhigh'."),
        Row(RESPONSES, effort("gpt-4.1", "low"), "reasoning.effort", "unsupported_parameter", "Unsupported parameter: 'reasoning.effort' is not supported with this model."),
        Row(RESPONSES, effort("my-own-model", "huge"), "reasoning.effort", "invalid_value", "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'."),
        Row(RESPONSES, json!({"reasoning": {"depth": 3}}), "reasoning.depth", "unknown_parameter", "Unknown parameter: 'reasoning.depth'."),
        Row(CHAT, json!({"reasoning_effort": "max"}), "reasoning_effort", "unsupported_value", "Unsupported value: 'reasoning_effort' does not support 'max' with this model. Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'."),
        Row(CHAT, json!({"model": "gpt-4o", "reasoning_effort": "low"}), "", "", "Unrecognized request argument supplied: reasoning_effort"),
    ]);
}

#[test]
#[rustfmt::skip]
fn formats() {
    check_all(&[
        Row(RESPONSES, json!({"text": {"format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}}}), "text.format.name", "missing_required_parameter", "Missing required parameter: 'text.format.name'."),
        Row(RESPONSES, json!({"text": {"format": {"type": "grammar"}}}), "text.format.type", "invalid_value", "Invalid value: 'grammar'. Supported values are: 'text', 'json_object', and 'json_schema'."),
        Row(RESPONSES, json!({"text": {"format": {}}}), "text.format.type", "missing_required_parameter", "Missing required parameter: 'text.format.type'."),
        Row(RESPONSES, json!({"text": {"verbosity": "loud"}}), "text.verbosity", "invalid_value", "Invalid value: 'loud'. Supported values are: 'low', 'medium', and 'high'."),
        Row(RESPONSES, json!({"text": format(&json!({"name": "Page<Item>"}))}), "text.format.name", "invalid_value", "Invalid 'text.format.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."),
        Row(RESPONSES, json!({"text": format(&json!({"name": "n".repeat(65)}))}), "text.format.name", "string_above_max_length", "Invalid 'text.format.name': string too long. Expected a string with maximum length 64, but got a string with length 65 instead."),
        Row(RESPONSES, json!({"text": format(&json!({"name": ""}))}), "text.format.name", "empty_string", "Invalid 'text.format.name': empty string. Expected a string with minimum length 1, but got an empty string instead."),
        Row(RESPONSES, json!({"text": format(&json!({"schema": null}))}), "text.format.schema", "missing_required_parameter", "Missing required parameter: 'text.format.schema'."),
        Row(RESPONSES, json!({"text": format(&json!({"schema": "{}"}))}), "text.format.schema", "invalid_type", "Invalid type for 'text.format.schema': expected an object, but got a string instead."),
        Row(RESPONSES, json!({"text": format(&json!({"strikt": true}))}), "text.format.strikt", "unknown_parameter", "Unknown parameter: 'text.format.strikt'."),
        Row(RESPONSES, json!({"text": {"format": {"type": "json_object"}}}), "input", "", "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'."),
        Row(CHAT, json!({"response_format": {"type": "json_object"}}), "messages", "", "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."),
        Row(CHAT, json!({"response_format": {"type": "json_schema", "name": "n", "schema": {}}}), "response_format.json_schema", "missing_required_parameter", "Missing required parameter: 'response_format.json_schema'."),
    ]);
}

#[test]
#[rustfmt::skip]
fn tools() {
    let lark = |definition: &str| json!([{"type": "custom", "name": "t", "format": {"type": "grammar", "syntax": "lark", "definition": definition}}]);
    check_all(&[
        Row(RESPONSES, json!({"tools": vec![function(&json!({})); 129]}), "tools", "array_above_max_length", "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead."),
        Row(RESPONSES, json!({"tools": [chat_function()]}), "tools[0].name", "missing_required_parameter", "Missing required parameter: 'tools[0].name'."),
        Row(RESPONSES, json!({"tools": [function(&json!({"name": "get weather"}))]}), "tools[0].name", "invalid_value", "Invalid 'tools[0].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."),
        Row(RESPONSES, json!({"tools": [{"name": "f"}]}), "tools[0].type", "missing_required_parameter", "Missing required parameter: 'tools[0].type'."),
        Row(RESPONSES, json!({"tools": [function(&json!({"parameters": {"type": "array"}}))]}), "tools[0].parameters", "invalid_function_parameters", "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'."),
        Row(RESPONSES, json!({"tools": [function(&json!({"parameters": {}}))]}), "tools[0].parameters", "invalid_function_parameters", "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'."),
        Row(RESPONSES, json!({"tools": [{"type": "custom", "name": "t", "format": {"type": "grammar", "syntax": "ebnf", "definition": "x"}}]}), "tools[0].format.syntax", "invalid_value", "Invalid value: 'ebnf'. Supported values are: 'lark' and 'regex'."),
        Row(RESPONSES, json!({"tools": [{"type": "custom", "name": "t", "format": {"type": "grammar", "syntax": "lark"}}]}), "tools[0].format.definition", "missing_required_parameter", "Missing required parameter: 'tools[0].format.definition'."),
        Row(RESPONSES, json!({"tools": lark("begin: \"a\"\n")}), "tools[0].format.definition", "invalid_grammar", "Invalid lark grammar for custom tool 't': no start rule found"),
        Row(RESPONSES, json!({"tool_choice": "required"}), "tool_choice", "", "Tool choice 'required' must be specified with 'tools' parameter."),
        Row(RESPONSES, json!({"tool_choice": "any", "tools": [function(&json!({}))]}), "tool_choice", "invalid_value", "Invalid value: 'any'. Supported values are: 'none', 'auto', and 'required'."),
        Row(RESPONSES, json!({"tool_choice": {"type": "function", "name": "g"}, "tools": [function(&json!({}))]}), "tool_choice", "", "Tool choice 'function' not found in 'tools' parameter."),
        Row(RESPONSES, json!({"tool_choice": {"type": "custom", "name": "f"}, "tools": [function(&json!({}))]}), "tool_choice", "", "Tool choice 'custom' not found in 'tools' parameter."),
        Row(RESPONSES, json!({"tool_choice": {"type": "allowed_tools", "mode": "none", "tools": []}, "tools": [function(&json!({}))]}), "tool_choice.mode", "invalid_value", "Invalid value: 'none'. Supported values are: 'auto' and 'required'."),
        Row(CHAT, json!({"tool_choice": "auto"}), "tool_choice", "", "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."),
        Row(CHAT, json!({"parallel_tool_calls": false}), "parallel_tool_calls", "", "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified."),
        Row(CHAT, json!({"tools": [function(&json!({}))]}), "tools[0].function", "missing_required_parameter", "Missing required parameter: 'tools[0].function'."),
        Row(CHAT, json!({"tools": []}), "tools", "empty_array", "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead."),
        Row(CHAT, json!({"tools": [chat_function()], "tool_choice": {"type": "function", "name": "f"}}), "tool_choice.function", "missing_required_parameter", "Missing required parameter: 'tool_choice.function'."),
        Row(CHAT, json!({"tools": [{"type": "custom", "custom": {"name": "t", "format": {"type": "grammar", "syntax": "lark", "definition": "start: \"a\""}}}]}), "tools[0].custom.format.grammar", "missing_required_parameter", "Missing required parameter: 'tools[0].custom.format.grammar'."),
    ]);
}

#[test]
fn grammars_that_do_not_compile_say_why() {
    let sim = Sim::start().unwrap();
    for (syntax, definition, part) in [
        ("lark", "start: A\nA.2: \"a\"\n", "priority not supported"),
        ("lark", "start: b\n", "unknown name"),
        ("lark", "start: /a(?=b)/\n", "look-around"),
        ("regex", "a(b", "unclosed group"),
        ("regex", "(a)\\1", "backreferences"),
    ] {
        let tools = json!([{"type": "custom", "name": "t", "format": {"type": "grammar", "syntax": syntax, "definition": definition}}]);
        let answer = support::post(&sim, RESPONSES, &with(RESPONSES, &json!({"tools": tools})));
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (400, &json!("invalid_grammar")),
            "{definition}"
        );
        assert!(answer.body.contains(part), "{definition}: {}", answer.body);
    }
}

#[test]
#[rustfmt::skip]
fn conversations_of_responses() {
    let call =
        json!({"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"});
    let output = json!({"type": "function_call_output", "call_id": "call_1", "output": "found"});
    let custom =
        json!({"type": "custom_tool_call", "call_id": "call_2", "name": "t", "input": "x"});
    let custom_output =
        json!({"type": "custom_tool_call_output", "call_id": "call_2", "output": "done"});
    check_all(&[
        Row(RESPONSES, json!({"input": [call]}), "input", "", "No tool output found for function call call_1."),
        Row(RESPONSES, json!({"input": [output]}), "input", "", "No tool call found for function call output with call_id call_1."),
        Row(RESPONSES, json!({"input": [custom]}), "input", "", "No tool output found for custom tool call call_2."),
        Row(RESPONSES, json!({"input": [custom_output]}), "input", "", "No tool call found for custom tool call output with call_id call_2."),
        Row(RESPONSES, json!({"input": [custom, {"type": "function_call_output", "call_id": "call_2", "output": "wrong kind"}]}), "input", "", "No tool call found for function call output with call_id call_2."),
        Row(RESPONSES, json!({"input": [{"role": "tool", "content": "x"}]}), "input[0].role", "invalid_value", "Invalid value: 'tool'. Supported values are: 'assistant', 'system', 'developer', and 'user'."),
        Row(RESPONSES, json!({"input": [{"role": "user"}]}), "input[0].content", "missing_required_parameter", "Missing required parameter: 'input[0].content'."),
        Row(RESPONSES, json!({"input": [{"role": "user", "content": [{"type": "text", "text": "x"}]}]}), "input[0].content[0]", "invalid_value", "Invalid value: 'text'. Supported values are: 'input_text', 'input_image', 'output_text', 'refusal', 'input_file', 'computer_screenshot', and 'summary_text'."),
        Row(RESPONSES, json!({"input": [{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}]}), "input[0].content[0]", "invalid_value", "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'."),
        Row(RESPONSES, json!({"input": [call, {"type": "function_call_output", "call_id": "call_1"}]}), "input[1].output", "missing_required_parameter", "Missing required parameter: 'input[1].output'."),
        Row(RESPONSES, json!({"input": ["x"]}), "input[0]", "invalid_type", "Invalid type for 'input[0]': expected an object, but got a string instead."),
    ]);
}

#[test]
#[rustfmt::skip]
fn parameters_of_chat() {
    let call = json!({"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]});
    let user = json!({"role": "user", "content": "x"});
    check_all(&[
        Row(CHAT, json!({"messages": null}), "messages", "missing_required_parameter", "Missing required parameter: 'messages'."),
        Row(CHAT, json!({"messages": []}), "messages", "empty_array", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."),
        Row(CHAT, json!({"messages": [{"content": "x"}]}), "messages[0].role", "missing_required_parameter", "Missing required parameter: 'messages[0].role'."),
        Row(CHAT, json!({"messages": [{"role": "robot", "content": "x"}]}), "messages[0].role", "invalid_value", "Invalid value: 'robot'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'."),
        Row(CHAT, json!({"messages": [{"role": "user", "content": {}}]}), "messages[0].content", "invalid_type", "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an object instead."),
        Row(CHAT, json!({"messages": [call]}), "messages.[0].role", "", "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1"),
        Row(CHAT, json!({"messages": [user, {"role": "tool", "tool_call_id": "call_1", "content": "x"}]}), "messages.[1].role", "", "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."),
        Row(CHAT, json!({"messages": [call, {"role": "tool", "content": "x"}]}), "messages[1].tool_call_id", "missing_required_parameter", "Missing required parameter: 'messages[1].tool_call_id'."),
        Row(CHAT, json!({"input": "x"}), "", "", "Unrecognized request argument supplied: input"),
        Row(CHAT, json!({"top_k": 4, "min_p": 0.1}), "", "", "Unrecognized request arguments supplied: top_k, min_p"),
        Row(CHAT, json!({"max_tokens": 100}), "max_tokens", "unsupported_parameter", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
        Row(CHAT, json!({"stop": ["\n"]}), "stop", "unsupported_parameter", "Unsupported parameter: 'stop' is not supported with this model."),
        Row(CHAT, json!({"model": "gpt-5", "temperature": 0.7}), "temperature", "unsupported_value", "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported."),
        Row(CHAT, json!({"n": 129}), "n", "integer_above_max_value", "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead."),
        Row(CHAT, json!({"top_logprobs": 2}), "top_logprobs", "", "Invalid value for 'top_logprobs': 'top_logprobs' is only allowed when 'logprobs' is enabled."),
        Row(CHAT, json!({"stream": 1}), "stream", "invalid_type", "Invalid type for 'stream': expected a boolean, but got an integer instead."),
        Row(CHAT, json!({"stream_options": {"include_usage": true}}), "stream_options", "", "The 'stream_options' parameter is only allowed when 'stream' is enabled."),
    ]);
}

/// The near twins of the refusals, which are fine.
#[test]
fn what_is_taken() {
    let sim = Sim::start().unwrap();
    let call =
        json!({"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"});
    let output = json!({"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": "found"}]});
    let chat_call = json!({"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]});
    for (path, changes) in [
        (RESPONSES, json!({})),
        (
            RESPONSES,
            json!({"model": "a-model-nobody-knows", "temperature": 0.3}),
        ),
        (
            RESPONSES,
            json!({"max_output_tokens": 16, "temperature": 0, "top_p": 1, "metadata": {"k": "v"}, "store": false}),
        ),
        (
            RESPONSES,
            json!({"instructions": "Be brief.", "reasoning": {"effort": "xhigh", "summary": "auto"}, "text": {"verbosity": "low"}}),
        ),
        (
            RESPONSES,
            json!({"model": "gpt-5.2-2025-12-11", "reasoning": {"effort": "none"}, "service_tier": "auto"}),
        ),
        (
            RESPONSES,
            json!({"include": ["reasoning.encrypted_content"], "stream": false}),
        ),
        (
            RESPONSES,
            json!({"input": [call, output, {"role": "user", "content": [{"type": "input_text", "text": "and?"}]}]}),
        ),
        (
            RESPONSES,
            json!({"input": [{"type": "reasoning", "id": "rs_1", "summary": []}, {"role": "assistant", "content": [{"type": "output_text", "text": "x"}]}]}),
        ),
        (
            RESPONSES,
            json!({"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,AAAA"}]}]}),
        ),
        (
            RESPONSES,
            json!({"instructions": "Answer in JSON.", "text": {"format": {"type": "json_object"}}}),
        ),
        (
            RESPONSES,
            json!({"text": format(&json!({"name": "n".repeat(64), "description": "x"}))}),
        ),
        (
            RESPONSES,
            json!({"tools": [function(&json!({})), {"type": "web_search"}, {"type": "custom", "name": "t"}], "tool_choice": "auto"}),
        ),
        (
            RESPONSES,
            json!({"tools": [function(&json!({"strict": null, "parameters": null}))], "tool_choice": {"type": "function", "name": "f"}}),
        ),
        (
            RESPONSES,
            json!({"tools": [{"type": "namespace", "name": "ns", "description": "d", "tools": [function(&json!({}))]}], "tool_choice": "required"}),
        ),
        (
            RESPONSES,
            json!({"tools": [function(&json!({}))], "tool_choice": {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "f"}]}}),
        ),
        (
            RESPONSES,
            json!({"tools": [{"type": "web_search"}], "tool_choice": {"type": "web_search"}}),
        ),
        (CHAT, json!({})),
        (
            CHAT,
            json!({"temperature": 1, "max_completion_tokens": 50, "reasoning_effort": "none", "n": 2}),
        ),
        (
            CHAT,
            json!({"model": "gpt-4o", "max_tokens": 50, "temperature": 0.2, "stop": ["END"], "logprobs": true, "top_logprobs": 2}),
        ),
        (
            CHAT,
            json!({"messages": [chat_call, {"role": "tool", "tool_call_id": "call_1", "content": "x"}, {"role": "user", "content": "y"}]}),
        ),
        (
            CHAT,
            json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "as json"}]}], "response_format": {"type": "json_object"}}),
        ),
        (
            CHAT,
            json!({"tools": [chat_function()], "tool_choice": "none", "parallel_tool_calls": true}),
        ),
        (
            CHAT,
            json!({"tools": [chat_function()], "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]}}}),
        ),
    ] {
        let answer = support::post(&sim, path, &with(path, &changes));
        assert_eq!(answer.status, 200, "{path} {changes}: {}", answer.body);
    }
}
