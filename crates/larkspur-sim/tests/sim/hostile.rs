//! Hostile input: bodies, connections, constraints.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::schemas;
use crate::support::{RESPONSES, error, person, post, raw, request};

#[test]
fn hostile_bodies_are_refused() {
    let sim = Sim::builder().max_body_bytes(1 << 20).start().unwrap();
    let deep = "[".repeat(100_000);
    let deep_schema = format!(
        r#"{{"model":"gpt-5.2","input":"x","text":{{"format":{{"schema":{}1{}}}}}}}"#,
        r#"{"items":"#.repeat(100_000),
        "}".repeat(100_000)
    );
    for body in [
        "",
        "{",
        "null",
        "[]",
        "\"text\"",
        "{\"model\": \"gpt-5.2\",}",
        "\u{feff}{}",
        &deep,
        &deep_schema,
    ] {
        let answer = request(&sim, "POST", RESPONSES, &[], body.as_bytes());
        assert_eq!(answer.status, 400, "{}", body.get(..60).unwrap_or(body));
        assert!(
            answer
                .body
                .contains("We could not parse the JSON body of your request."),
            "{}",
            answer.body
        );
    }
    assert_eq!(
        request(&sim, "POST", RESPONSES, &[], b"{\"input\": \"\xff\xfe\"}").status,
        400
    );
    let large = vec![b'x'; 20 << 20];
    let answer = request(&sim, "POST", RESPONSES, &[], &large);
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert_eq!(post(&sim, RESPONSES, &person("still here")).status, 200);
}

/// Each service has its own words for a body that is no JSON object.
#[test]
fn bodies_that_are_no_object_are_refused_in_the_words_of_the_service() {
    let sim = Sim::start().unwrap();
    let google = |body: &str, message: &str| {
        let path = "/v1beta/models/gemini-3-pro-preview:generateContent";
        let answer = request(&sim, "POST", path, &[], body.as_bytes());
        let error = &answer.json()["error"];
        assert_eq!(
            (answer.status, &error["status"]),
            (400, &json!("INVALID_ARGUMENT"))
        );
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!(400), &json!(message)),
            "{body}"
        );
        error["details"].clone()
    };
    let none = Value::Null;
    assert_eq!(
        google(
            "hello",
            "Invalid JSON payload received. Unexpected token.\nhello\n^"
        ),
        none
    );
    assert_eq!(
        google(
            "{\"contents\": [],\n\"a\": ä}",
            "Invalid JSON payload received. Unexpected token.\ncontents\": [],\n\"a\": ä}\n                    ^"
        ),
        none
    );
    let cut = "Invalid JSON payload received. Unexpected end of string. Expected a value.\n{\"contents\":\n            ^";
    assert_eq!(google("{\"contents\":", cut), none);
    // No body at all is one without members.
    for empty in ["", " \n"] {
        google(
            empty,
            "* GenerateContentRequest.contents: contents is not specified\n",
        );
    }
    let message =
        "Invalid JSON payload received. Unknown name \"\": Root element must be a message.";
    for body in ["[]", "1", "null", "\"x\""] {
        let details = google(body, message);
        assert_eq!(details[0]["fieldViolations"][0]["description"], message);
    }
    for (body, message) in [
        (
            "",
            "The request body is not valid JSON: unexpected end of data: line 1 column 1 (char 0)",
        ),
        (
            "{\n x",
            "The request body is not valid JSON: unexpected character: line 2 column 2 (char 3)",
        ),
        ("[]", "The request body is not a JSON object."),
    ] {
        let answer = request(&sim, "POST", "/v1/messages", &[], body.as_bytes());
        let error = json!({"type": "invalid_request_error", "message": message});
        assert_eq!((answer.status, &answer.json()["error"]), (400, &error));
    }
    assert!(sim.panics().is_empty());
}

#[test]
fn a_body_beyond_the_window_of_the_model_is_refused() {
    let sim = Sim::start().unwrap();
    let long = "word ".repeat(300_000);
    let answer = post(&sim, RESPONSES, &person(&long));
    let message = "Your input exceeds the context window of this model. Please adjust your input and try again.";
    assert_eq!(
        (answer.status, answer.json()),
        (
            400,
            error(message, Some("input"), Some("context_length_exceeded"))
        )
    );
    // Unless the server may leave out what came first.
    let mut shorter = person(&long);
    shorter["truncation"] = json!("auto");
    let answer = post(&sim, RESPONSES, &shorter).json();
    assert_eq!(
        (&answer["status"], &answer["truncation"]),
        (&json!("completed"), &json!("auto"))
    );
    let read = answer["usage"]["input_tokens"].as_u64();
    assert!(read > Some(100_000) && read < Some(400_000), "{read:?}");
}

#[test]
fn garbage_and_broken_connections_hurt_nobody() {
    let sim = Sim::builder()
        .read_time(Duration::from_millis(200))
        .start()
        .unwrap();
    for garbage in [
        &b"\x16\x03\x01\x02\x00garbage\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"POST /v1/responses HTTP/1.1\r\ncontent-length: banana\r\n\r\n",
    ] {
        let answer = raw(&sim, garbage);
        assert!(answer.is_none_or(|answer| answer.status == 400));
    }
    // A body that never comes.
    let late = raw(&sim, b"POST /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 100\r\n\r\n{");
    assert_eq!(late.expect("an answer").status, 408);
    // A client that leaves in the middle.
    let mut stream = TcpStream::connect(sim.addr()).unwrap();
    stream
        .write_all(b"POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"mod")
        .unwrap();
    drop(stream);
    assert_eq!(post(&sim, RESPONSES, &person("still here")).status, 200);
    assert_eq!(sim.panics(), Vec::<String>::new());
}

#[test]
fn hostile_constraints_end_in_bounded_time() {
    let sim = Sim::start().unwrap();
    let wide: Value = (0..400)
        .map(|n| (format!("p{n}"), json!({"$ref": "#/$defs/d1"})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut explosion = schemas::object(&wide);
    let mut defs = serde_json::Map::new();
    for level in 1..9 {
        let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
        defs.insert(
            format!("d{level}"),
            schemas::object(&json!({"a": next, "b": next, "c": next, "d": next})),
        );
    }
    defs.insert("d9".to_owned(), json!({"type": "string"}));
    explosion["$defs"] = defs.into();
    for (name, schema) in [
        ("explosion", explosion),
        (
            "endless",
            json!({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"], "additionalProperties": false}),
        ),
        (
            "cyclic",
            json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "required": ["a"], "additionalProperties": false, "$defs": {"a": {"$ref": "#/$defs/a"}}}),
        ),
        (
            "pattern",
            schemas::object(&json!({"a": {"type": "string", "pattern": "^(a{1,100}){1,100}$"}})),
        ),
        (
            "long",
            schemas::object(&json!({"a": {"type": "string", "minLength": 1_000_000}})),
        ),
        (
            "many",
            schemas::object(
                &json!({"a": {"type": "array", "items": {"type": "integer"}, "minItems": 1_000_000}}),
            ),
        ),
    ] {
        let body = json!({"model": "gpt-5.2", "input": "x", "text": {"format": {"type": "json_schema", "name": name, "strict": true, "schema": schema}}});
        let answer = post(&sim, RESPONSES, &body);
        let ended = answer.status == 400 || answer.status == 200;
        assert!(
            ended,
            "{name}: {} {}",
            answer.status,
            answer.body.get(..300).unwrap_or(&answer.body)
        );
    }
    assert_eq!(sim.panics(), Vec::<String>::new());
}
