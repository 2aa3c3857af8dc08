//! `async-openai`, with `serde_json` for the value.

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::responses::{CreateResponse, ResponseStreamEvent};
use futures_util::StreamExt as _;

use crate::ours::Ours;
use crate::server::Server;
use crate::{Invoice, KEY};

pub(crate) struct Rival {
    client: Client<OpenAIConfig>,
    request: CreateResponse,
}

impl Rival {
    pub(crate) fn new(server: &Server) -> Self {
        let config = OpenAIConfig::new()
            .with_api_base(server.base_url())
            .with_api_key(KEY);
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            client: Client::with_config(config).with_http_client(http),
            request: serde_json::from_value(Ours::new(server).body()).expect("a request"),
        }
    }

    pub(crate) async fn ask(&self) {
        let response = self.client.responses().create(self.request.clone()).await;
        let text = response.expect("a response").output_text();
        let invoice: Invoice = serde_json::from_str(&text.expect("a text")).expect("an invoice");
        assert_eq!(invoice.items.len(), 3);
    }

    pub(crate) async fn stream(&self) {
        let request = self.request.clone();
        let stream = self.client.responses().create_stream(request).await;
        let mut stream = stream.expect("a stream");
        let mut text = String::new();
        while let Some(event) = stream.next().await {
            if let ResponseStreamEvent::ResponseOutputTextDelta(event) = event.expect("an event") {
                text.push_str(&event.delta);
            }
        }
        let invoice: Invoice = serde_json::from_str(&text).expect("an invoice");
        assert!(invoice.items.len() > 100);
    }
}
