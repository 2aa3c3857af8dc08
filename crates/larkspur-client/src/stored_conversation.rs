//! Conversations that the server keeps.

use larkspur_wire::conversations::{
    AddItems, Conversation, CreateConversation, Deleted, MAX_ADDED_ITEMS,
};
use larkspur_wire::responses::{InputItem, ItemList};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ask::Sent;
use crate::call::Call;
use crate::client::Client;
use crate::error::Error;
use crate::item_list;
use crate::ledger::AttemptKind;
use crate::responses::segment;

/// A conversation that the server keeps: requests that name it bring what was said before, and add to it.
///
/// ```no_run
/// use larkspur_client::Client;
/// use larkspur_client::wire::responses::InputMessage;
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let client = Client::from_env()?;
/// let stored = client.create_conversation([InputMessage::developer("Answer in verse.")]).await?;
/// let request = client.responses("gpt-5.2").input("How are you?").conversation(&stored);
/// println!("{}", request.send().await?.response.output_text());
/// println!("{} items in {}", stored.items().await?.len(), stored.id());
/// stored.delete().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StoredConversation {
    client: Client,
    id: String,
}

impl Client {
    /// Begins a conversation that the server keeps, with these items in it.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn create_conversation(
        &self,
        items: impl IntoIterator<Item = impl Into<InputItem>>,
    ) -> Result<StoredConversation, Error> {
        let mut items: Vec<InputItem> = items.into_iter().map(Into::into).collect();
        let rest = items.split_off(items.len().min(MAX_ADDED_ITEMS));
        let body = CreateConversation {
            items: (!items.is_empty()).then_some(items),
            ..CreateConversation::default()
        };
        let call = Call::post("conversations", &body)?;
        let created: Conversation = self.conversation_call(&call).await?;
        let stored = self.stored_conversation(created.id);
        stored.add(rest).await?;
        Ok(stored)
    }

    /// A conversation that the server keeps already. Nothing is sent.
    pub fn stored_conversation(&self, id: impl Into<String>) -> StoredConversation {
        StoredConversation {
            client: self.clone(),
            id: id.into(),
        }
    }

    async fn conversation_call<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let sent = self.fetch(call, AttemptKind::First, "conversation");
        sent.await.map(|sent: Sent<T>| sent.response)
    }
}

impl StoredConversation {
    /// Its id, for [`conversation`](crate::RequestBuilder::conversation).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Adds items behind the others, twenty at a time.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else. The first items may have been added.
    pub async fn add(
        &self,
        items: impl IntoIterator<Item = impl Into<InputItem>>,
    ) -> Result<(), Error> {
        let mut items = items.into_iter().map(Into::into).peekable();
        while items.peek().is_some() {
            let items = items.by_ref().take(MAX_ADDED_ITEMS).collect();
            let body = AddItems {
                items,
                ..AddItems::default()
            };
            // Twice would be in it twice.
            let call = Call {
                once: true,
                ..self.post("/items", &body)?
            };
            let _: ItemList = self.client.conversation_call(&call).await?;
        }
        Ok(())
    }

    /// All of its items, oldest first.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn items(&self) -> Result<Vec<InputItem>, Error> {
        item_list::all(&self.client, &self.path("/items")).await
    }

    /// Has the server forget it.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn delete(self) -> Result<(), Error> {
        let call = Call {
            method: Method::DELETE,
            ..Call::get(self.path(""))
        };
        let _: Deleted = self.client.conversation_call(&call).await?;
        Ok(())
    }

    fn post(&self, below: &str, body: &impl Serialize) -> Result<Call, Error> {
        Call::post(self.path(below), body)
    }

    fn path(&self, below: &str) -> String {
        format!("conversations/{}{below}", segment(&self.id))
    }
}

impl From<&StoredConversation> for String {
    fn from(conversation: &StoredConversation) -> Self {
        conversation.id.clone()
    }
}
