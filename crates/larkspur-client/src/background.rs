//! Answers that the server makes by itself, and that are asked for later.

use std::fmt;
use std::time::Duration;

use larkspur_output::{Output, OutputType};
use larkspur_schema::JsonSchema;
use larkspur_wire::responses::{Response, Status};
use reqwest::Method;
use serde::de::DeserializeOwned;

use crate::answer::Said;
use crate::ask::{self, Answer, Sent};
use crate::call::Call;
use crate::client::Client;
use crate::cost::Cost;
use crate::error::{Error, Kind};
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::responses::{Responses, segment};

/// How long [`Background::wait`] waits between two questions.
const INTERVAL: Duration = Duration::from_secs(2);

/// An answer that the server makes by itself, however long that takes: no connection stays open for it.
///
/// ```no_run
/// use larkspur_client::{Client, Effort};
/// use larkspur_schema::{JsonSchema, schemars};
/// use serde::Deserialize;
///
/// #[derive(Debug, Deserialize, JsonSchema)]
/// struct Proof {
///     steps: Vec<String>,
/// }
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let client = Client::from_env()?;
/// let request = client.responses("gpt-5.2-pro").input("…").effort(Effort::XHigh);
/// let mut proof = request.submit::<Proof>().await?;
/// println!("{}", proof.id()); // to be asked for by another program too: `client.background(id, &output)`
/// let reply = proof.wait().await?.into_reply()?;
/// println!("{:?} for {}", reply.value, reply.cost());
/// # Ok(())
/// # }
/// ```
pub struct Background<V> {
    client: Client,
    id: String,
    output: Output<V>,
    /// The request that began it.
    ledger: Ledger,
    interval: Duration,
    /// What came at once, where the server knows no background.
    done: Option<Response>,
}

impl RequestBuilder<Responses> {
    /// Has the server make the answer by itself, and keep it. [`submit`](Self::submit) does so and gives a handle; a
    /// [`stream`](Self::stream) can then be [resumed](crate::OutputStream::resume). Where the connection breaks before the server says that
    /// it took the request, nothing is sent again, for two answers would be paid.
    pub fn background(mut self) -> Self {
        self.own.background = Some(true);
        self
    }

    /// Asks for a value of the type, and does not wait for it.
    ///
    /// # Errors
    ///
    /// The request would be refused, the server cannot be reached, refuses, or answers something else.
    pub async fn submit<T>(self) -> Result<Background<T>, Error>
    where
        T: JsonSchema + DeserializeOwned + 'static,
    {
        self.submit_with(&larkspur_output::json::<T>()).await
    }

    /// Asks for a value of any kind of output, and does not wait for it.
    ///
    /// # Errors
    ///
    /// As [`submit`](Self::submit).
    pub async fn submit_with<O: OutputType>(
        self,
        output: &O,
    ) -> Result<Background<O::Value>, Error> {
        let output = output.prepare(self.client.target())?;
        let mut request = self.background();
        request.settings.constrain(output.constraint());
        let client = request.client.clone();
        let Sent {
            response,
            mut ledger,
        } = Box::pin(request.send()).await?;
        if response.id.is_empty() {
            let message = "the answer has no id by which it can be asked for".to_owned();
            return Err(Error::new(Kind::Failed {
                code: None,
                message,
            })
            .with_ledger(ledger));
        }
        let id = response.id.clone();
        let done = (!is_under_way(&response)).then_some(response);
        if let (None, Some(attempt)) = (&done, ledger.last_mut()) {
            // The answer will say what it cost.
            attempt.cost = Cost::ZERO;
        }
        Ok(Background {
            client,
            id,
            output,
            ledger,
            interval: INTERVAL,
            done,
        })
    }
}

impl Client {
    /// An answer that was [submitted](RequestBuilder::submit) before, maybe by another program. The output is the one that was
    /// asked for.
    pub fn background<V>(&self, id: impl Into<String>, output: &Output<V>) -> Background<V> {
        Background {
            client: self.clone(),
            id: id.into(),
            output: output.clone(),
            ledger: Ledger::default(),
            interval: INTERVAL,
            done: None,
        }
    }
}

impl<V> Background<V> {
    /// The id of the response.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How long [`wait`](Self::wait) waits between two questions. Default: 2 s.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Asks once; nothing while the server is at it.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, does not know the response, or answers something else; the response failed or was cancelled;
    /// the model calls tools instead.
    pub async fn poll(&mut self) -> Result<Option<Answer<V>>, Error> {
        let (response, ledger) = if let Some(response) = self.done.clone() {
            (response, Ledger::default())
        } else {
            let sent = self.call(Method::GET, "").await?;
            if is_under_way(&sent.response) {
                return Ok(None);
            }
            (sent.response, sent.ledger)
        };
        let mut all = self.ledger.clone();
        all.append(ledger);
        if let Some(attempt) = all.last_mut() {
            ask::settle::<Responses>(self.client.inner(), "", Ok(&response), attempt);
        }
        let said = Said::of::<Responses>(&response, self.output.constraint());
        match ask::outcome::<Responses, V>(&response, &said, &self.output) {
            Ok(outcome) => {
                ask::note_failure(&mut all, &self.output, &outcome);
                let client = self.client.inner();
                ask::record::<Responses, V>(client, &response, &said, &self.output, &outcome);
                Ok(Some(Answer::of::<Responses>(
                    &response,
                    said.text(),
                    &self.output,
                    outcome,
                    all,
                )))
            }
            Err(error) => Err(error.with_ledger(all)),
        }
    }

    /// Asks until the answer is there. It may be dropped and called again; how long it may take is the caller's to say.
    ///
    /// # Errors
    ///
    /// As [`poll`](Self::poll).
    pub async fn wait(&mut self) -> Result<Answer<V>, Error> {
        loop {
            if let Some(answer) = self.poll().await? {
                return Ok(answer);
            }
            tokio::time::sleep(self.interval).await;
        }
    }

    /// Stops the server. What is done already stays done.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn cancel(&mut self) -> Result<(), Error> {
        self.call(Method::POST, "/cancel").await.map(drop)
    }

    /// Has the server forget the response.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn delete(self) -> Result<(), Error> {
        self.client.stored_response(self.id).delete().await
    }

    async fn call(&self, method: Method, verb: &str) -> Result<Sent<Response>, Error> {
        let path = format!("responses/{}{verb}", segment(&self.id));
        let call = Call::new(method, path);
        let sent = self.client.fetch(&call, AttemptKind::Poll, "response");
        sent.await.map_err(|error| {
            let mut all = self.ledger.clone();
            all.append(error.ledger().clone());
            error.with_ledger(all)
        })
    }
}

/// Whether an answer will still come.
fn is_under_way(response: &Response) -> bool {
    matches!(response.status, Some(Status::Queued | Status::InProgress))
}

impl<V> fmt::Debug for Background<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background")
            .field("client", &self.client)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
