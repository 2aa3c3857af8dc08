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
use crate::warning;

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
    /// - What one server keeps means nothing to another. A request that names such a thing (a conversation, a response to go on from, a prompt, an
    ///   uploaded file), that brings what only its server can decrypt (reasoning, a compaction), or that is made in the
    ///   [background](RequestBuilder::background), stays with the first: its failure is the failure of the request, and
    ///   [`warnings`](RequestBuilder::warnings) says so before.
    /// - A [`Conversation`](crate::Conversation), a [batch](crate::Batch), [`compact`](RequestBuilder::compact) and
    ///   [`count_input_tokens`](RequestBuilder::count_input_tokens) ask the first alone.
    pub fn or_else(mut self, client: &Client, model: impl Into<String>) -> Self {
        self.elsewhere.push((client.clone(), model.into()));
        self
    }

    /// The request to the first, and those to the others.
    pub(crate) fn candidates(mut self) -> (Self, Others<A>) {
        let warning = warning::servers(&self);
        let mut elsewhere = mem::take(&mut self.elsewhere);
        if let Some(warning) = warning {
            tracing::warn!(code = warning.code, "{warning}");
            elsewhere.clear();
        }
        let others = elsewhere.into_iter().map(|(client, model)| {
            let mut other = self.clone();
            other.settings.address(&client, model);
            other.client = client;
            other
        });
        let others = Others {
            requests: others.collect(),
            budget: self.reask.budget,
        };
        (self, others)
    }
}

/// Fields with ids of what one server keeps, where they were given as they are.
const KEPT: [(&str, &str); 6] = [
    ("background", "an answer in the background"),
    ("cachedContent", "a cache"),
    ("container", "a container"),
    ("conversation", "a conversation"),
    ("previous_response_id", "a response"),
    ("prompt", "a prompt"),
];

/// What in a request means something to the first server alone, in words.
pub(crate) fn kept_by_server<A: Api>(request: &RequestBuilder<A>) -> Option<&'static str> {
    let extra = &request.settings.extra;
    let mut given = KEPT
        .into_iter()
        .filter(|(field, _)| extra.contains_key(*field));
    A::kept_by_server(&request.own).or_else(|| Some(given.next()?.1))
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
