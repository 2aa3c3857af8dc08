//! A plain HTTP client over one `TcpStream` a request: nothing between the test and the wire.

use std::io::{Read, Write};
use std::net::TcpStream;

use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::schemas;

pub(crate) const RESPONSES: &str = "/v1/responses";
pub(crate) const CHAT: &str = "/v1/chat/completions";

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The body as it came, with the sizes of its chunks if it came in chunks.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Sends bytes as they are, and reads until the server closes.
pub(crate) fn raw(sim: &Sim, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(sim.addr()).unwrap();
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(300)))
        .unwrap();
    // A server that refuses early may close while the body is still being sent.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    parse(&answer)
}

fn parse(answer: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let bytes = answer.get(head.len() + 4..)?.to_vec();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Some(Answer {
        status,
        headers,
        body: body.to_owned(),
        bytes,
    })
}

pub(crate) fn request(
    sim: &Sim,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    raw(sim, &bytes).expect("an HTTP answer")
}

pub(crate) fn post(sim: &Sim, path: &str, body: &Value) -> Answer {
    request(sim, "POST", path, &[], body.to_string().as_bytes())
}

/// The bytes of a body that came in chunks (RFC 9112, 7.1).
pub(crate) fn dechunked(answer: &Answer) -> Vec<u8> {
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    let mut rest = answer.bytes.as_slice();
    let mut all = Vec::new();
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n").unwrap();
        let size = std::str::from_utf8(&rest[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return all;
        }
        all.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

/// The text of the message in a response of `/v1/responses`.
#[track_caller]
pub(crate) fn message(response: &Value) -> &str {
    let message = response["output"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["type"] == "message");
    message.expect("a message")["content"][0]["text"]
        .as_str()
        .unwrap()
}

/// A request for a person, strict.
pub(crate) fn person(input: &str) -> Value {
    let schema = schemas::object(&json!({"name": {"type": "string"}, "age": {"type": "integer"}}));
    json!({"model": "gpt-5.2", "input": input, "text": {"format": {"type": "json_schema", "name": "person", "strict": true, "schema": schema}}})
}

/// The body of a refusal.
pub(crate) fn error(message: &str, param: Option<&str>, code: Option<&str>) -> Value {
    json!({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}})
}
