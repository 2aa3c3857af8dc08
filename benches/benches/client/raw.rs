//! `reqwest` and `serde_json`, and no more than it takes to get the value.

use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ours::Ours;
use crate::server::Server;
use crate::{Invoice, KEY};

pub(crate) struct Raw {
    http: reqwest::Client,
    url: String,
    body: Value,
}

#[derive(Deserialize)]
struct Response {
    output: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    content: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    text: String,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Event {
    #[serde(rename = "response.output_text.delta")]
    Delta { delta: String },
    #[serde(other)]
    Other,
}

impl Raw {
    pub(crate) fn new(server: &Server) -> Self {
        Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            url: format!("{}/responses", server.base_url()),
            body: Ours::new(server).body(),
        }
    }

    async fn send(&self, body: &Value) -> reqwest::Response {
        let sent = self
            .http
            .post(&self.url)
            .bearer_auth(KEY)
            .json(body)
            .send()
            .await;
        sent.expect("an answer")
    }

    pub(crate) async fn ask(&self) {
        let body = self.send(&self.body).await.bytes().await;
        let response: Response =
            serde_json::from_slice(&body.expect("a body")).expect("a response");
        let text = &response.output[0].content[0].text;
        let invoice: Invoice = serde_json::from_str(text).expect("an invoice");
        assert_eq!(invoice.items.len(), 3);
    }

    pub(crate) async fn stream(&self) {
        let mut body = self.body.clone();
        body["stream"] = json!(true);
        let mut stream = self.send(&body).await.bytes_stream();
        let (mut lines, mut text) = (Vec::new(), String::new());
        while let Some(bytes) = stream.next().await {
            lines.extend_from_slice(&bytes.expect("bytes"));
            let whole = lines
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            for line in lines[..whole].split(|byte| *byte == b'\n') {
                let Some(data) = line.strip_prefix(b"data: ") else {
                    continue;
                };
                if let Event::Delta { delta } = serde_json::from_slice(data).expect("an event") {
                    text.push_str(&delta);
                }
            }
            lines.drain(..whole);
        }
        let invoice: Invoice = serde_json::from_str(&text).expect("an invoice");
        assert!(invoice.items.len() > 100 && !invoice.vendor.is_empty());
    }

    /// A stream of which some pieces came.
    pub(crate) async fn half_a_stream(&self) -> impl Sized + use<> {
        let mut body = self.body.clone();
        body["stream"] = json!(true);
        body["store"] = json!(false);
        let mut stream = Box::pin(self.send(&body).await.bytes_stream());
        stream.next().await.expect("a piece").expect("bytes");
        stream
    }
}
