//! Several who may be asked, one after the other.

use std::collections::VecDeque;
use std::mem;

use larkspur_output::{Output, OutputType};

use crate::api::Api;
use crate::ask::{self, Answer, Sent};
use crate::budget::Budget;
use crate::client::Client;
use crate::error::Error;
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::stream::{self, OutputStream};

impl<A: Api> RequestBuilder<A> {
    /// Whom else to ask, where those before fail in a way in which this one may not: no connection, no answer in time, an answer that breaks
    /// off, status 408, 409, 429 or 5xx once the [`RetryPolicy`](crate::RetryPolicy) has given up, money that is spent. To be called once for each, in the order
    /// in which they are asked.
    ///
    /// ```no_run
    /// use larkspur_client::{Client, Provider};
    /// # use larkspur_schema::{JsonSchema, schemars};
    /// # use serde::Deserialize;
    /// # #[derive(Debug, Deserialize, JsonSchema)]
    /// # struct Total { amount: f64 }
    ///
    /// # async fn run(key: &str) -> Result<(), larkspur_client::Error> {
    /// let openai = Client::from_env()?;
    /// let azure = Client::builder()
    ///     .provider(Provider::azure())
    ///     .base_url("https://example.openai.azure.com/openai/v1")
    ///     .api_key(key)
    ///     .build()?;
    /// let request = openai.responses("gpt-5.2").input("…").or_else(&azure, "my-deployment");
    /// let reply = request.extract::<Total>().await?;
    /// println!("{:?} from {:?}", reply.value, reply.server());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// - What the answer must be is said to each in its own dialect; an output that is prepared already is sent as it is.
    /// - Every attempt is in the one [`Ledger`], with who was asked; [`Budget`](crate::Budget) and re-asks count over all of them.
    /// - An answer is an answer: where it is refused, cut or rejected, nobody else is asked. A stream goes elsewhere only before it begins, and a
    ///   run of tools only before one of them ran.
    /// - Ids that only one server knows (`previous_response_id`, files, conversations) mean nothing to another. A [`Conversation`](crate::Conversation)
    ///   and answers made in the [background](RequestBuilder::submit) stay with the first.
    pub fn or_else(mut self, client: &Client, model: impl Into<String>) -> Self {
        self.elsewhere.push((client.clone(), model.into()));
        self
    }

    /// The request to the first, and those to the others.
    pub(crate) fn candidates(mut self) -> (Self, Others<A>) {
        let elsewhere = mem::take(&mut self.elsewhere);
        let others = elsewhere.into_iter().map(|(client, model)| {
            let mut other = self.clone();
            other.client = client;
            other.settings.model = model;
            other
        });
        let others = Others {
            requests: others.collect(),
            budget: self.reask.budget,
        };
        (self, others)
    }
}

/// The same request to those who were not asked yet.
pub(crate) struct Others<A: Api> {
    requests: VecDeque<RequestBuilder<A>>,
    budget: Budget,
}

impl<A: Api> Others<A> {
    /// Who is asked after this failure; otherwise the failure, with all attempts.
    pub(crate) fn after(
        &mut self,
        error: Error,
        ledger: &mut Ledger,
    ) -> Result<RequestBuilder<A>, Error> {
        if error.is_passing()
            && self.budget.allows_another(ledger)
            && let Some(next) = self.requests.pop_front()
        {
            tracing::warn!(model = next.settings.model, "another server is asked");
            return Ok(next);
        }
        Err(error.with_ledger(mem::take(ledger)))
    }
}

/// Puts the form of the answer into a request, in the words of who is asked.
fn constrain<A: Api, O: OutputType>(
    request: &mut RequestBuilder<A>,
    output: &O,
    ledger: &Ledger,
) -> Result<Output<O::Value>, Error> {
    let output = output.prepare(request.client.target());
    let output = output.map_err(|error| Error::from(error).with_ledger(ledger.clone()))?;
    request.settings.constrain(output.constraint());
    Ok(output)
}

/// Sends a request as it is, to one after the other.
pub(crate) async fn send<A: Api>(request: RequestBuilder<A>) -> Result<Sent<A::Response>, Error> {
    let mut ledger = Ledger::default();
    let (mut request, mut others) = request.candidates();
    let mut kind = AttemptKind::First;
    loop {
        match ask::exchange(&request, kind, &mut ledger).await {
            Ok(response) => return Ok(Sent { response, ledger }),
            Err(error) => request = others.after(error, &mut ledger)?,
        }
        kind = AttemptKind::Fallback;
    }
}

/// Asks for a value, one after the other.
pub(crate) async fn ask<A: Api, O: OutputType>(
    request: RequestBuilder<A>,
    output: &O,
) -> Result<Answer<O::Value>, Error> {
    let mut ledger = Ledger::default();
    let (mut request, mut others) = request.candidates();
    let mut kind = AttemptKind::First;
    loop {
        let output = constrain(&mut request, output, &ledger)?;
        match ask::ask_and_keep(&request, &output, kind, &mut ledger).await {
            Ok((answer, _)) => return Ok(answer.with_ledger(ledger)),
            Err(error) => request = others.after(error, &mut ledger)?,
        }
        kind = AttemptKind::Fallback;
    }
}

/// Asks for a value that is read while it comes, one after the other until an answer begins.
pub(crate) async fn open<A: Api, O: OutputType>(
    request: RequestBuilder<A>,
    output: &O,
) -> Result<OutputStream<A, O::Value>, Error> {
    let mut ledger = Ledger::default();
    let (mut request, mut others) = request.candidates();
    let mut kind = AttemptKind::First;
    loop {
        let output = constrain(&mut request, output, &ledger)?;
        match stream::open(request, output, kind).await {
            Ok(stream) => return Ok(stream.behind(ledger)),
            Err(error) => {
                ledger.append(error.ledger().clone());
                request = others.after(error, &mut ledger)?;
            }
        }
        kind = AttemptKind::Fallback;
    }
}
