//! Files, and batches of requests in them.

use std::time::{Duration, Instant};

use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::support::{Answer, RESPONSES, person, post, raw, request};

const KIND: &str = "multipart/form-data; boundary=xyz";

fn form(purpose: &str, content: &str) -> String {
    format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n{purpose}\r\n--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n{content}\r\n--xyz--\r\n"
    )
}

fn upload(sim: &Sim, kind: &str, form: &str) -> Answer {
    let length = form.len();
    let request = format!(
        "POST /v1/files HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{form}"
    );
    raw(sim, request.as_bytes()).unwrap()
}

fn get(sim: &Sim, path: &str) -> Answer {
    request(sim, "GET", path, &[], b"")
}

/// A batch of these lines, once it is done.
fn batch(sim: &Sim, lines: &str) -> Value {
    let file = upload(sim, KIND, &form("batch", lines)).json();
    let body = json!({"input_file_id": file["id"], "endpoint": RESPONSES, "completion_window": "24h", "metadata": {"of": "today"}});
    let begun = post(sim, "/v1/batches", &body).json();
    assert_eq!(begun["status"], "validating", "{begun}");
    assert_eq!(begun["metadata"], json!({"of": "today"}));
    let path = format!("/v1/batches/{}", begun["id"].as_str().unwrap());
    let start = Instant::now();
    loop {
        let now = get(sim, &path).json();
        let status = now["status"].as_str().unwrap();
        if ["completed", "failed", "expired", "cancelled"].contains(&status) {
            return now;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{now}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn line(id: &str, body: &Value) -> String {
    format!(
        "{}\n",
        json!({"custom_id": id, "method": "POST", "url": RESPONSES, "body": body})
    )
}

fn results(sim: &Sim, id: &Value) -> Vec<Value> {
    let content = get(sim, &format!("/v1/files/{}/content", id.as_str().unwrap()));
    assert_eq!(content.status, 200);
    let lines = content.body.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn requests_are_answered_and_refused_one_by_one() {
    let sim = Sim::start().unwrap();
    let lines = [
        line("a", &person("Ada, 36")),
        line("b", &json!({"model": "gpt-5.2"})),
        line(
            "c",
            &json!({"model": "gpt-5.2", "input": "x", "stream": true}),
        ),
        line("d", &person("Alan, 41")),
    ];
    let done = batch(&sim, &lines.concat());
    assert_eq!(done["status"], "completed");
    assert_eq!(
        done["request_counts"],
        json!({"total": 4, "completed": 2, "failed": 2})
    );
    let answered = results(&sim, &done["output_file_id"]);
    let ids: Vec<_> = answered.iter().map(|line| &line["custom_id"]).collect();
    assert_eq!(ids, ["d", "a"], "an order that is not that of the requests");
    assert_eq!(answered[0]["response"]["status_code"], 200);
    assert_eq!(answered[0]["response"]["body"]["status"], "completed");
    let failed = results(&sim, &done["error_file_id"]);
    let text = |line: &Value| line["response"]["body"]["error"]["message"].clone();
    assert_eq!(text(&failed[1]), "Missing required parameter: 'input'.");
    assert_eq!(
        text(&failed[0]),
        "Streaming is not supported in the Batch API."
    );
    let all = get(&sim, "/v1/batches").json();
    assert_eq!(all["data"][0]["id"], done["id"]);
}

#[track_caller]
fn refuses_file(lines: &str, expected: &[(&str, Value)]) {
    let sim = Sim::start().unwrap();
    let done = batch(&sim, lines);
    assert_eq!(done["status"], "failed", "{done}");
    let errors = done["errors"]["data"].as_array().unwrap();
    let found: Vec<_> = errors
        .iter()
        .map(|error| (error["code"].as_str().unwrap(), error["line"].clone()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn files_that_are_no_batch_are_refused() {
    let good = line("a", &person("Ada, 36"));
    refuses_file("", &[("empty_file", Value::Null)]);
    refuses_file(&format!("{good}{{\n"), &[("invalid_json_line", json!(2))]);
    refuses_file(&good.repeat(2), &[("duplicate_custom_id", json!(2))]);
    let wrong = |name: &str, value: Value| {
        let mut line: Value = serde_json::from_str(&good).unwrap();
        line[name] = value;
        line.to_string()
    };
    refuses_file(
        &wrong("method", json!("GET")),
        &[("invalid_method", json!(1))],
    );
    refuses_file(
        &wrong("url", json!("/v1/embeddings")),
        &[("invalid_url", json!(1))],
    );
    refuses_file(&wrong("body", json!([])), &[("invalid_type", json!(1))]);
    refuses_file(
        &wrong("custom_id", json!(7)),
        &[("invalid_request", json!(1))],
    );
    refuses_file(
        &wrong("body", Value::Null),
        &[("missing_required_parameter", json!(1))],
    );
    let many = "{\n".repeat(1_000);
    let sim = Sim::start().unwrap();
    let told = batch(&sim, &many);
    assert_eq!(told["errors"]["data"].as_array().unwrap().len(), 50);
}

#[track_caller]
fn refuses(answer: &Answer, status: u16, message: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.json()["error"]["message"], message);
}

#[test]
fn forms_that_are_no_file_are_refused() {
    let sim = Sim::start().unwrap();
    let send = |kind: &str, form: &str| upload(&sim, kind, form);
    refuses(
        &send("application/json", "{}"),
        400,
        "Invalid Content-Type header (application/json), expected multipart/form-data.",
    );
    refuses(
        &send(KIND, &form("world-domination", "{}")),
        400,
        "Invalid value: 'world-domination'. Supported values are: 'assistants', 'batch', 'fine-tune', 'vision', 'user_data', and 'evals'.",
    );
    let part = |name: &str| {
        format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nbatch\r\n--xyz--\r\n"
        )
    };
    refuses(
        &send(KIND, &part("purpose")),
        400,
        "Missing required parameter: 'file'.",
    );
    refuses(
        &send(KIND, &part("file")),
        400,
        "Missing required parameter: 'purpose'.",
    );
    refuses(
        &send(KIND, &part("colour")),
        400,
        "Unknown parameter: 'colour'.",
    );
    let torn = send(
        KIND,
        "--xyz\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{",
    );
    assert_eq!(torn.status, 400);
    assert!(
        torn.body.contains("The form could not be read"),
        "{}",
        torn.body
    );
}

#[test]
fn batches_of_files_that_are_none_are_refused() {
    let sim = Sim::start().unwrap();
    let create = |id: &Value, endpoint: &str, window: &str| {
        let body = json!({"input_file_id": id, "endpoint": endpoint, "completion_window": window});
        post(&sim, "/v1/batches", &body)
    };
    let nobody = json!("file-of-nobody");
    refuses(
        &create(&nobody, RESPONSES, "24h"),
        404,
        "No such File object: file-of-nobody",
    );
    refuses(
        &create(&nobody, "/v1/videos", "24h"),
        400,
        "Invalid value: '/v1/videos'. Supported values are: '/v1/responses' and '/v1/chat/completions'.",
    );
    refuses(
        &create(&nobody, RESPONSES, "1h"),
        400,
        "Invalid value: '1h'. Supported values are: '24h'.",
    );
    refuses(
        &post(
            &sim,
            "/v1/batches",
            &json!({"endpoint": RESPONSES, "completion_window": "24h"}),
        ),
        400,
        "Missing required parameter: 'input_file_id'.",
    );
    let picture = upload(&sim, KIND, &form("vision", "x")).json();
    refuses(
        &create(&picture["id"], RESPONSES, "24h"),
        400,
        "The input file must have been uploaded with the purpose 'batch'.",
    );
    let path = format!("/v1/files/{}", picture["id"].as_str().unwrap());
    assert_eq!(get(&sim, &path).json(), picture);
    let delete = || request(&sim, "DELETE", &path, &[], b"");
    assert_eq!(delete().json()["deleted"], true);
    assert_eq!((delete().status, get(&sim, &path).status), (404, 404));
    refuses(
        &get(&sim, "/v1/batches/batch_x"),
        404,
        "No batch found with id 'batch_x'.",
    );
}
