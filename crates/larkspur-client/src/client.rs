//! The client: where requests go, with which key, how patiently.

mod builder;

use std::fmt;
use std::sync::Arc;

use larkspur_output::Target;
use larkspur_wire::models::ModelList;
use serde::de::DeserializeOwned;

pub use self::builder::ClientBuilder;

use crate::ask::Sent;
use crate::cache::Cache;
use crate::call::Call;
use crate::catalogue::Catalogue;
use crate::chat::ChatRequest;
use crate::error::Error;
use crate::generate_content::GenerateContentRequest;
use crate::ledger::{AttemptKind, Ledger};
use crate::listing;
use crate::messages::MessagesRequest;
use crate::provider::ChatForm;
use crate::recorder::Recorder;
use crate::request::RequestBuilder;
use crate::responses::ResponsesRequest;
use crate::transport::Transport;

/// A client of one server. Cloning is cheap, and clones share connections.
///
/// ```no_run
/// use larkspur_client::Client;
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let client = Client::from_env()?; // OPENAI_API_KEY, OPENAI_BASE_URL
/// let sent = client.responses("gpt-5.2").input("Say hello.").send().await?;
/// println!("{}", sent.response.output_text());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: Transport,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) target: Target,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) cache: Option<Cache>,
    /// Whose prices count, by the host of the base URL.
    pub(crate) seller: &'static str,
    /// Whom traces name.
    pub(crate) provider: &'static str,
    /// What the server's Chat API spells in its own way.
    pub(crate) chat: ChatForm,
}

impl Client {
    /// A client set up by the environment.
    ///
    /// `OPENAI_API_KEY` and `OPENAI_BASE_URL` (default `https://api.openai.com/v1`) say who is asked; a base URL alone
    /// is enough for servers that want no key. With `COMETAPI_KEY` alone `CometAPI` is asked. `OPENAI_ORG_ID` and
    /// `OPENAI_PROJECT_ID` say who is billed. All names are in [`env`](mod@crate::env).
    ///
    /// # Errors
    ///
    /// Neither key nor URL is set, or the URL is none.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client set up by hand.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Begins a request to the Responses API.
    pub fn responses(&self, model: impl Into<String>) -> ResponsesRequest {
        RequestBuilder::new(self.clone(), model.into())
    }

    /// Begins a request to the Chat Completions API.
    pub fn chat(&self, model: impl Into<String>) -> ChatRequest {
        RequestBuilder::new(self.clone(), model.into())
    }

    /// Begins a request to the Messages API of [Anthropic](crate::Provider::anthropic).
    pub fn messages(&self, model: impl Into<String>) -> MessagesRequest {
        RequestBuilder::new(self.clone(), model.into())
    }

    /// Begins a request to the Gemini API of [Google](crate::Provider::gemini).
    pub fn generate_content(&self, model: impl Into<String>) -> GenerateContentRequest {
        RequestBuilder::new(self.clone(), model.into())
    }

    /// The models the server offers.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn models(&self) -> Result<ModelList, Error> {
        listing::models(self).await
    }

    /// Sends what is not a request for an answer, and reads what comes back.
    pub(crate) async fn fetch<T: DeserializeOwned>(
        &self,
        call: &Call,
        kind: AttemptKind,
        what: &str,
    ) -> Result<Sent<T>, Error> {
        let mut ledger = Ledger::default();
        let answered = match self.0.transport.send(call, kind, &mut ledger).await {
            Ok(answered) => answered,
            Err(error) => return Err(error.with_ledger(ledger)),
        };
        let read = serde_json::from_slice(&answered.body)
            .map_err(|error| answered.undecodable(&format!("this is not a {what}: {error}")));
        ledger.push(answered.attempt);
        match read {
            Ok(response) => Ok(Sent { response, ledger }),
            Err(error) => Err(error.with_ledger(ledger)),
        }
    }

    /// Where requests go.
    pub fn base_url(&self) -> &str {
        self.0.transport.base.as_str()
    }

    /// What the client knows about models.
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    /// What the server takes: its dialect of schemas, and how a grammar gets to it.
    pub fn target(&self) -> Target {
        self.0.target
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transport = &self.0.transport;
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("headers", &transport.credentials)
            .field("retry", &transport.retry)
            .field("timeout", &transport.timeout)
            .field("max_response_bytes", &transport.max_response_bytes)
            .finish_non_exhaustive()
    }
}
