//! A server that answers each request with the next reply of a script, as raw bytes: torn, slow and wrong ones too.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use larkspur_client::{Client, ClientBuilder, RetryPolicy};
use serde_json::{Value, json};

/// What the server does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// Answers.
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Announces more than it sends, then closes.
    Torn(String),
    /// Announces more than it sends, and keeps the connection.
    Stall(String),
    /// Closes without a word.
    Close,
    /// Says nothing, and keeps the connection.
    Hang,
    /// The same after a while, in which nobody else is served.
    Late(Duration, Box<Script>),
}

impl Script {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn text(status: u16, content_type: &str, body: &str) -> Self {
        let headers = vec![
            ("content-type", content_type.to_owned()),
            ("x-request-id", "req_1".to_owned()),
        ];
        Self::Answer {
            status,
            headers,
            body: body.to_owned(),
        }
    }

    /// An error in `OpenAI`'s form.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::json(
            status,
            &json!({"error": {"message": "Something is wrong.", "type": "t", "param": "input", "code": code}}),
        )
    }

    /// A finished response with this text, and usage of 100 in and 10 out.
    pub(crate) fn says(text: &str) -> Self {
        Self::json(200, &response(text))
    }

    pub(crate) fn header(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Answer {
                status,
                mut headers,
                body,
            } => {
                headers.push((name, value.to_owned()));
                Self::Answer {
                    status,
                    headers,
                    body,
                }
            }
            other => other,
        }
    }
}

pub(crate) fn usage() -> Value {
    json!({"input_tokens": 100, "input_tokens_details": {"cached_tokens": 40}, "output_tokens": 10, "total_tokens": 110})
}

pub(crate) fn response(text: &str) -> Value {
    json!({"id": "resp_1", "object": "response", "status": "completed", "model": "gpt-5.2-2025-12-11", "usage": usage(),
           "output": [
               {"type": "reasoning", "id": "rs_1", "summary": []},
               {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": text, "annotations": []}]}]})
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub(crate) struct Server {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Answers with these, in order; the last one again and again.
    pub(crate) fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        let scripts: Vec<_> = scripts.into_iter().collect();
        std::thread::spawn(move || {
            let mut kept = Vec::new();
            for (at, stream) in listener.incoming().enumerate() {
                let script = scripts.get(at).or(scripts.last()).cloned();
                kept.extend(serve(stream.unwrap(), script.unwrap(), &log));
            }
        });
        Self { url, received }
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// A client with fast retries.
    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url(&self.url)
            .api_key("sk-test-key")
            .retry(fast())
    }
}

/// The default policy, a thousand times as fast.
pub(crate) fn fast() -> RetryPolicy {
    RetryPolicy::default().base_delay(Duration::from_micros(500))
}

/// Serves one connection, and gives it back where it must stay open.
fn serve(stream: TcpStream, script: Script, log: &Mutex<Vec<Received>>) -> Option<TcpStream> {
    let request = read(&stream)?;
    log.lock().unwrap().push(request);
    carry_out(script, stream)
}

fn carry_out(script: Script, stream: TcpStream) -> Option<TcpStream> {
    let mut out = &stream;
    match script {
        Script::Answer {
            status,
            headers,
            body,
        } => {
            let mut text = format!(
                "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n",
                body.len()
            );
            for (name, value) in headers {
                write!(text, "{name}: {value}\r\n").unwrap();
            }
            // A client that has read enough may close first.
            let _ = out.write_all(format!("{text}\r\n{body}").as_bytes());
            None
        }
        Script::Torn(body) => {
            out.write_all(begun(&body).as_bytes()).unwrap();
            None
        }
        Script::Stall(body) => {
            out.write_all(begun(&body).as_bytes()).unwrap();
            Some(stream)
        }
        Script::Close => None,
        Script::Hang => Some(stream),
        Script::Late(time, script) => {
            std::thread::sleep(time);
            carry_out(*script, stream)
        }
    }
}

/// An answer of which some is missing.
fn begun(body: &str) -> String {
    let length = body.len() + 100;
    format!("HTTP/1.1 200 X\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        match header.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Some(Received {
        line: line.trim_end().to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    })
}
