//! Responses that the server keeps.

use larkspur_wire::responses::{InputItem, Response};
use reqwest::Method;
use serde::de::IgnoredAny;

use crate::ask::Sent;
use crate::call::Call;
use crate::client::Client;
use crate::error::Error;
use crate::item_list;
use crate::ledger::AttemptKind;
use crate::responses::segment;

/// A response that the server keeps: [`store`](crate::RequestBuilder::store) says whether it does.
///
/// ```no_run
/// use larkspur_client::Client;
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let client = Client::from_env()?;
/// let sent = client.responses("gpt-5.2").input("How are you?").send().await?;
/// let stored = client.stored_response(sent.response.id);
/// println!("{} items were given", stored.input_items().await?.len());
/// println!("{} was answered", stored.get().await?.output_text());
/// stored.delete().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StoredResponse {
    client: Client,
    id: String,
}

impl Client {
    /// A response that the server keeps, by its id. Nothing is sent. One that is made in the
    /// [background](Self::background) can be waited for, and is read as a value.
    pub fn stored_response(&self, id: impl Into<String>) -> StoredResponse {
        StoredResponse {
            client: self.clone(),
            id: id.into(),
        }
    }
}

impl StoredResponse {
    /// Its id, to [go on from](crate::RequestBuilder::previous_response_id).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The response.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, does not know the response, or answers something else.
    pub async fn get(&self) -> Result<Response, Error> {
        let call = Call::get(self.path(""));
        let sent = self.client.fetch(&call, AttemptKind::First, "response");
        sent.await.map(|sent| sent.response)
    }

    /// All that the model was given, oldest first: also what it went on from, calls and reasoning among it. Instructions are none of it.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, does not know the response, or answers something else.
    pub async fn input_items(&self) -> Result<Vec<InputItem>, Error> {
        item_list::all(&self.client, &self.path("/input_items")).await
    }

    /// Has the server forget it.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, does not know the response, or answers something else.
    pub async fn delete(self) -> Result<(), Error> {
        let call = Call::new(Method::DELETE, self.path(""));
        let sent = self.client.fetch(&call, AttemptKind::First, "deletion");
        sent.await.map(|_: Sent<IgnoredAny>| ())
    }

    fn path(&self, below: &str) -> String {
        format!("responses/{}{below}", segment(&self.id))
    }
}
