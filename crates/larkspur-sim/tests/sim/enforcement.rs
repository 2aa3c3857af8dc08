//! What is accepted is enforced: every answer, by every writer, satisfies its constraint. Judges that are not the code
//! under test: the `jsonschema` crate, the `regex` dialect of a fresh llguidance matcher, and `serde_json`.

use std::collections::BTreeSet;

use larkspur_sim::{Sim, Writer};
use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use llguidance::{Matcher, ParserFactory};
use serde_json::{Value, json};

use crate::{schemas, support};

const WRITERS: [Writer; 2] = [Writer::Plausible, Writer::Random];

/// A matcher that the server has no part in.
struct Judge(Matcher);

impl Judge {
    fn new(grammar: TopLevelGrammar) -> Self {
        let vocabulary = ApproximateTokEnv::single_byte_env();
        let mut factory =
            ParserFactory::new(&vocabulary, InferenceCapabilities::default(), &[]).unwrap();
        factory.quiet();
        Self(Matcher::new(factory.create_parser(grammar)))
    }

    /// Whether the whole text is a sentence of the grammar.
    fn accepts(&self, text: &str) -> bool {
        let mut matcher = self.0.deep_clone();
        let tokens: Vec<u32> = text.bytes().map(u32::from).collect();
        matcher.try_consume_tokens(&tokens).unwrap() == tokens.len()
            && matcher.is_accepting().unwrap()
    }
}

/// `n` answers to one Chat request.
fn choices(sim: &Sim, n: u32, request: &Value) -> Vec<Value> {
    let mut request = request.clone();
    request["model"] = json!("gpt-5.2");
    request["n"] = json!(n);
    request
        .as_object_mut()
        .unwrap()
        .entry("messages")
        .or_insert(json!([{"role": "user", "content": "Go."}]));
    let answer = support::post(sim, "/v1/chat/completions", &request);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["choices"].as_array().unwrap().clone()
}

fn schema_request(name: &str, schema: &Value) -> Value {
    json!({"response_format": {"type": "json_schema", "json_schema": {"name": name, "strict": true, "schema": schema}}})
}

#[test]
fn every_answer_satisfies_its_schema() {
    for writer in WRITERS {
        let sim = Sim::builder().writer(writer).start().unwrap();
        for (name, schema) in schemas::all() {
            // The engine's formats are looser than their RFCs (it takes the 29th of every February); what is loose, the
            // random writer uses.
            let formats = writer == Writer::Plausible;
            let validator = jsonschema::options()
                .should_validate_formats(formats)
                .build(&schema)
                .unwrap();
            let judge = Judge::new(TopLevelGrammar::from_json_schema(schema.clone()));
            let mut distinct = BTreeSet::new();
            for choice in choices(&sim, 100, &schema_request(name, &schema)) {
                let text = choice["message"]["content"].as_str().unwrap();
                assert_eq!(choice["finish_reason"], "stop", "{writer:?} {name}: {text}");
                let value: Value = serde_json::from_str(text)
                    .unwrap_or_else(|error| panic!("{writer:?} {name}: {error}: {text}"));
                if let Err(error) = validator.validate(&value) {
                    panic!("{writer:?} {name}: {error}: {text}");
                }
                assert!(judge.accepts(text), "{writer:?} {name}: {text}");
                distinct.insert(text.to_owned());
            }
            assert!(
                name == "empty" || distinct.len() > 40,
                "{writer:?} {name}: only {} distinct answers",
                distinct.len()
            );
        }
        assert!(
            sim.counts().fallbacks <= if writer == Writer::Random { 12 } else { 0 },
            "{writer:?}: {:?}",
            sim.counts()
        );
    }
}

/// A walk that sees one byte ahead finds no way out of a pattern without anchors; the answer is whole all the same.
#[test]
fn a_pattern_without_anchors_is_met() {
    let schema = schemas::object(&json!({"text": {"type": "string", "pattern": "x[0-9]y"}}));
    for writer in WRITERS {
        let sim = Sim::builder().writer(writer).start().unwrap();
        let judge = Judge::new(TopLevelGrammar::from_json_schema(schema.clone()));
        for choice in choices(&sim, 5, &schema_request("inside", &schema)) {
            assert_eq!(choice["finish_reason"], "stop");
            assert!(judge.accepts(choice["message"]["content"].as_str().unwrap()));
        }
    }
}

#[test]
fn every_tool_input_satisfies_its_grammar() {
    let grammars = [
        (
            "regex",
            r"(SELECT|DELETE) [a-z]{1,16}( WHERE id = [0-9]{1,6})?;",
        ),
        ("regex", r"[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]"),
        ("regex", "(?s:.){0,40}"),
        (
            "lark",
            "start: \"SET \" KEY \" = \" INT\nKEY: /[a-z]{1,16}/\nINT: /[0-9]{1,9}/\n",
        ),
        (
            "lark",
            "start: expr\nexpr: term ((\"+\" | \"-\") term)*\nterm: factor ((\"*\" | \"/\") factor)*\nfactor: NUMBER | \"(\" expr \")\"\nNUMBER: /[0-9]{1,3}/\n",
        ),
        (
            "lark",
            "%import common.ESCAPED_STRING\nstart: pair (\",\" pair)*\npair: /[a-z]{1,8}/ \":\" ESCAPED_STRING\n",
        ),
        (
            "lark",
            "start: \"BEGIN\" stmt+ \"END\"\nstmt: NAME \":=\" NAME \";\"\nNAME: /[a-z][a-z0-9_]{0,12}/\n%ignore / /\n",
        ),
    ];
    for writer in WRITERS {
        let sim = Sim::builder().writer(writer).start().unwrap();
        for (syntax, definition) in grammars {
            let judge = Judge::new(TopLevelGrammar::from_tagged_str(syntax, definition).unwrap());
            let request = json!({
                "tools": [{"type": "custom", "custom": {"name": "t", "format":
                    {"type": "grammar", "grammar": {"syntax": syntax, "definition": definition}}}}],
                "tool_choice": "required",
            });
            for choice in choices(&sim, 60, &request) {
                assert_eq!(
                    choice["finish_reason"], "tool_calls",
                    "{writer:?} {definition}: {choice}"
                );
                let call = &choice["message"]["tool_calls"][0];
                assert_eq!(call["type"], "custom");
                let input = call["custom"]["input"].as_str().unwrap();
                assert!(judge.accepts(input), "{writer:?} {definition}: {input:?}");
            }
        }
    }
}

#[test]
fn arguments_of_functions_follow_their_schema() {
    let parameters = schemas::object(
        &json!({"query": {"type": "string"}, "limit": {"type": ["integer", "null"], "minimum": 1, "maximum": 50}}),
    );
    let validator = jsonschema::validator_for(&parameters).unwrap();
    for writer in WRITERS {
        let sim = Sim::builder().writer(writer).start().unwrap();
        let request = json!({
            "tools": [{"type": "function", "function": {"name": "search", "strict": true, "parameters": parameters}}],
            "tool_choice": {"type": "function", "function": {"name": "search"}},
        });
        for choice in choices(&sim, 100, &request) {
            let call = &choice["message"]["tool_calls"][0]["function"];
            assert_eq!(call["name"], "search");
            let arguments: Value =
                serde_json::from_str(call["arguments"].as_str().unwrap()).unwrap();
            assert!(validator.is_valid(&arguments), "{writer:?}: {arguments}");
        }
    }
}

#[test]
fn json_mode_gives_an_object() {
    for writer in WRITERS {
        let sim = Sim::builder().writer(writer).start().unwrap();
        let request = json!({"messages": [{"role": "user", "content": "Some JSON."}], "response_format": {"type": "json_object"}});
        for choice in choices(&sim, 100, &request) {
            let value: Value =
                serde_json::from_str(choice["message"]["content"].as_str().unwrap()).unwrap();
            assert!(value.is_object(), "{writer:?}: {value}");
        }
    }
}

/// Random answers use what the constraint leaves open: every enum value, null and not null, escapes, letters beyond
/// ASCII, white space between tokens, empty and filled arrays.
#[test]
fn random_answers_reach_the_corners() {
    let sim = Sim::builder().writer(Writer::Random).start().unwrap();
    let schema = schemas::object(&json!({
        "text": {"type": "string"}, "pick": {"type": "string", "enum": ["a", "b", "c"]}, "maybe": {"type": ["integer", "null"]},
        "list": {"type": "array", "items": {"type": "number"}},
    }));
    let mut seen = BTreeSet::new();
    for choice in choices(&sim, 128, &schema_request("corners", &schema)) {
        let text = choice["message"]["content"].as_str().unwrap();
        let value: Value = serde_json::from_str(text).unwrap();
        let string = value["text"].as_str().unwrap();
        let list = value["list"].as_array().unwrap();
        seen.insert(value["pick"].as_str().unwrap().to_owned());
        let mut corner = |name: &str, reached: bool| {
            if reached {
                seen.insert(name.to_owned());
            }
        };
        corner("null", value["maybe"].is_null());
        corner("integer", value["maybe"].is_i64());
        corner("beyond ASCII", !string.is_ascii());
        corner("escape", text.contains('\\'));
        corner("empty string", string.is_empty());
        corner(
            "white space",
            text.contains([' ', '\n', '\t']) && text.contains(['\n', '\t', '\r']),
        );
        corner("empty list", list.is_empty());
        corner("long list", list.len() > 2);
        corner(
            "fraction",
            list.iter()
                .any(|number| number.as_f64().unwrap().fract() != 0.0),
        );
        corner(
            "exponent",
            list.iter()
                .any(|number| number.as_f64().unwrap().abs() > 1e16),
        );
    }
    let expected = [
        "a",
        "b",
        "beyond ASCII",
        "c",
        "empty list",
        "empty string",
        "escape",
        "exponent",
        "fraction",
        "integer",
        "long list",
        "null",
        "white space",
    ];
    assert_eq!(
        seen.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn a_bound_on_the_length_makes_the_answer_incomplete() {
    for writer in WRITERS {
        let sim = Sim::builder().writer(writer).start().unwrap();
        let schema = schemas::object(
            &json!({"items": {"type": "array", "items": {"type": "string"}, "minItems": 200}}),
        );
        let body = json!({
            "model": "gpt-5.2", "input": "Many.", "max_output_tokens": 16,
            "text": {"format": {"type": "json_schema", "name": "many", "strict": true, "schema": schema}},
        });
        let response = support::post(&sim, "/v1/responses", &body).json();
        assert_eq!(response["status"], "incomplete", "{writer:?} {response}");
        assert_eq!(
            response["incomplete_details"],
            json!({"reason": "max_output_tokens"})
        );
        let text = support::message(&response);
        assert!(
            !text.is_empty() && text.len() <= 64 && text.starts_with('{'),
            "{text}"
        );
        assert!(response["usage"]["output_tokens"].as_u64().unwrap() <= 16);

        let mut request = schema_request("many", &schema);
        request["max_completion_tokens"] = json!(20);
        for choice in choices(&sim, 3, &request) {
            assert_eq!(choice["finish_reason"], "length");
        }
        assert_eq!(sim.counts().incomplete, 4);
    }
}

#[test]
fn the_server_has_a_bound_of_its_own() {
    for writer in WRITERS {
        let sim = Sim::builder()
            .writer(writer)
            .max_output_bytes(300)
            .start()
            .unwrap();
        let endless = json!({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"], "additionalProperties": false});
        for choice in choices(&sim, 3, &schema_request("endless", &endless)) {
            assert_eq!(choice["finish_reason"], "length");
            assert!(choice["message"]["content"].as_str().unwrap().len() <= 300);
        }
    }
}
