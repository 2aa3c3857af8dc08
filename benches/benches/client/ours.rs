//! Our client, as a service would call it.

use larkspur_client::{Client, ResponsesRequest};
use larkspur_output::{Output, OutputType as _, json};
use serde_json::Value;

use crate::server::Server;
use crate::{Invoice, KEY, PROMPT};

pub(crate) struct Ours {
    client: Client,
    output: Output<Invoice>,
}

impl Ours {
    pub(crate) fn new(server: &Server) -> Self {
        let client = Client::builder()
            .base_url(server.base_url())
            .api_key(KEY)
            .build();
        let client = client.expect("a client");
        let output = json::<Invoice>().prepare(client.target());
        Self {
            client,
            output: output.expect("an output"),
        }
    }

    fn request(&self) -> ResponsesRequest {
        self.client.responses("gpt-5.2").input(PROMPT)
    }

    /// The request as it is sent.
    pub(crate) fn body(&self) -> Value {
        serde_json::to_value(self.request().build_for(&self.output)).expect("JSON")
    }

    pub(crate) async fn ask(&self) {
        let answer = self.request().ask(&self.output).await.expect("an answer");
        let reply = answer.into_reply().expect("an invoice");
        assert_eq!(reply.value.items.len(), 3);
    }

    pub(crate) async fn extract(&self) {
        let reply = self.request().extract::<Invoice>().await;
        assert_eq!(reply.expect("an invoice").value.items.len(), 3);
    }

    pub(crate) async fn stream(&self) {
        let stream = self.request().ask_streaming(&self.output).await;
        let mut stream = stream.expect("a stream");
        while stream.next().await.expect("an event").is_some() {}
        let answer = stream.answer().await.expect("an answer");
        let invoice = answer.into_reply().expect("an invoice").value;
        assert!(invoice.items.len() > 100);
    }

    /// A stream of which some pieces came.
    pub(crate) async fn half_a_stream(&self) -> impl Sized + use<> {
        let request = self.request().store(false);
        let mut stream = request.ask_streaming(&self.output).await.expect("a stream");
        stream.next().await.expect("an event");
        stream
    }
}
