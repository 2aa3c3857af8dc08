//! A conversation that the program keeps.

use std::mem;

use larkspur_output::{Constraint, Outcome, Output, OutputType};
use larkspur_schema::JsonSchema;
use larkspur_wire::responses::{Input, InputItem, OutputItem, Response};
use serde::de::DeserializeOwned;

use crate::api::Api as _;
use crate::ask::{self, Answer, Reply};
use crate::error::{Error, Kind, Problem};
use crate::ledger::{AttemptKind, Ledger};
use crate::responses::{Responses, ResponsesRequest};
use crate::runnable::RunnableTool;

/// A conversation with one model, kept by the program and by nobody else: each request brings what was said before, with the
/// model's reasoning, which only the server can read.
///
/// What was said stays as it came, so the server's cache holds it. When it gets long it is compacted: by the server at
/// `compact_threshold` of the request ([`RequestBuilder::compact_threshold`](crate::RequestBuilder::compact_threshold)), or
/// before the next request once [`compact_above`](Self::compact_above) is reached.
///
/// A conversation that the server keeps needs none of this: [`previous_response_id`](crate::RequestBuilder::previous_response_id),
/// or [`conversation`](crate::RequestBuilder::conversation).
///
/// ```no_run
/// use larkspur_client::{Client, Conversation};
/// use larkspur_schema::{JsonSchema, schemars};
/// use serde::Deserialize;
///
/// #[derive(Debug, Deserialize, JsonSchema)]
/// struct Move {
///     from: String,
///     to: String,
/// }
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let request = Client::from_env()?.responses("gpt-5.2").instructions("You play chess, as black.");
/// let mut game = Conversation::new(request).compact_above(100_000);
/// for white in ["e2 to e4", "g1 to f3"] {
///     let black = game.extract::<Move>(white).await?;
///     println!("{:?}", black.value);
/// }
/// // To go on tomorrow: `Conversation::new(…).with_items(…)`.
/// let kept = serde_json::to_string(game.items()).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Conversation {
    request: ResponsesRequest,
    tools: Vec<RunnableTool>,
    items: Vec<InputItem>,
    compact_above: Option<u64>,
    /// What the last request and its answer took.
    tokens: u64,
}

impl Conversation {
    /// A conversation with the settings of this request, which is sent anew each time. What was given to it as input comes first. Its
    /// answers are not stored by the server unless it says so. Other servers that the request names are not asked: what the model thought
    /// can be read by the first alone.
    pub fn new(mut request: ResponsesRequest) -> Self {
        request.elsewhere.clear();
        request.settings.store.get_or_insert(false);
        Responses::prepare_to_go_on(&mut request.own, &request.settings);
        let first = request.own.input.take();
        Self {
            items: first.map(Input::into_items).unwrap_or_default(),
            request,
            tools: Vec::new(),
            compact_above: None,
            tokens: 0,
        }
    }

    /// Tools that the program runs when the model calls them, before it answers what was said. The calls and what they gave become part of
    /// the conversation. For other limits than the usual ones there is [`RequestBuilder::run_tools`](crate::RequestBuilder::run_tools).
    ///
    /// ```
    /// # use larkspur_client::{Client, Conversation, tool};
    /// # use larkspur_schema::{JsonSchema, schemars};
    /// # #[derive(serde::Deserialize, JsonSchema)]
    /// # struct City { name: String }
    /// # let client = Client::builder().base_url("http://127.0.0.1:9/v1").build()?;
    /// let weather = tool("weather", |city: City| async move { Ok::<_, String>(format!("rain in {}", city.name)) });
    /// let chat = Conversation::new(client.responses("gpt-5.2")).run_tools([weather]);
    /// # Ok::<(), larkspur_client::Error>(())
    /// ```
    pub fn run_tools(mut self, tools: impl IntoIterator<Item = RunnableTool>) -> Self {
        self.tools.extend(tools);
        self
    }

    /// Goes on from what was said before, in place of everything else.
    pub fn with_items(mut self, items: impl IntoIterator<Item = InputItem>) -> Self {
        self.items = items.into_iter().collect();
        self
    }

    /// Compacts what was said, once a request and its answer together took more than this many tokens, before the next one is
    /// sent. It is a request of its own, which costs what it reads. Default: never.
    pub fn compact_above(mut self, tokens: u64) -> Self {
        self.compact_above = Some(tokens);
        self
    }

    /// What was said so far, oldest first; what was compacted is one opaque item.
    pub fn items(&self) -> &[InputItem] {
        &self.items
    }

    /// Says something, and asks for a value of the type.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a value: refusal, cut, filter, rejection.
    pub async fn extract<T>(&mut self, input: impl Into<Input>) -> Result<Reply<T>, Error>
    where
        T: JsonSchema + DeserializeOwned + 'static,
    {
        self.extract_with(input, &larkspur_output::json::<T>())
            .await
    }

    /// Says something, and asks for a value of any kind of output.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a value: refusal, cut, filter, rejection.
    pub async fn extract_with<O: OutputType>(
        &mut self,
        input: impl Into<Input>,
        output: &O,
    ) -> Result<Reply<O::Value>, Error> {
        let output = output.prepare(self.request.client.target())?;
        self.ask(input, &output).await?.into_reply()
    }

    /// Says something, and asks for an answer in plain text.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a text: refusal, cut, filter.
    pub async fn text(&mut self, input: impl Into<Input>) -> Result<Reply<String>, Error> {
        let output = Output::new(Constraint::Text, Vec::new(), |text| Ok(text.to_owned()));
        self.ask(input, &output).await?.into_reply()
    }

    /// Says something, asks for a value of a prepared output and gives the outcome, whatever it is.
    ///
    /// What was said and answered becomes part of the conversation where the answer is a value or a refusal; otherwise it is as if
    /// nothing had been said.
    ///
    /// # Errors
    ///
    /// As [`RequestBuilder::ask`](crate::RequestBuilder::ask), also for the request that compacts. The request names a conversation that the
    /// server keeps: it would be in there again each time.
    pub async fn ask<V>(
        &mut self,
        input: impl Into<Input>,
        output: &Output<V>,
    ) -> Result<Answer<V>, Error> {
        if self.request.own.conversation.is_some() {
            return Err(kept_twice());
        }
        let mut ledger = Ledger::default();
        if self.compact_above.is_some_and(|above| self.tokens > above) {
            ledger = self.compact().await?;
        }
        let said = input.into().into_items();
        let mut items = self.items.clone();
        items.extend(said);
        let (answer, items, response) = if self.tools.is_empty() {
            self.answered(items, output, ledger).await?
        } else {
            self.answered_with_tools(items, output, ledger).await?
        };
        if matches!(answer.outcome, Outcome::Value(_) | Outcome::Refusal(_)) {
            self.tokens = Responses::receipt(&response)
                .usage
                .map_or(0, |usage| usage.total_tokens());
            self.items = items;
            self.add(response.output);
        }
        Ok(answer)
    }

    /// The answer to these items, and what it leaves of them.
    async fn answered<V>(
        &self,
        items: Vec<InputItem>,
        output: &Output<V>,
        mut ledger: Ledger,
    ) -> Result<(Answer<V>, Vec<InputItem>, Response), Error> {
        let mut request = self.request.clone();
        request.own.input = Some(Input::Items(items.clone()));
        request.settings.constrain(output.constraint());
        // The request would be in the future several times.
        let asked = ask::ask_and_keep(&request, output, AttemptKind::First, &mut ledger);
        match Box::pin(asked).await {
            Ok((answer, response)) => Ok((answer.with_ledger(ledger), items, *response)),
            Err(error) => Err(error.with_ledger(ledger)),
        }
    }

    /// As [`answered`](Self::answered), with the calls of tools behind the items, and what they gave.
    async fn answered_with_tools<V>(
        &self,
        items: Vec<InputItem>,
        output: &Output<V>,
        ledger: Ledger,
    ) -> Result<(Answer<V>, Vec<InputItem>, Response), Error> {
        let mut request = self.request.clone();
        request.own.input = Some(Input::Items(items));
        let run = request.run_tools(self.tools.iter().cloned());
        let (answer, request, response) = Box::pin(run.ask_and_keep(output, ledger)).await?;
        let items = request.own.input.map(Input::into_items).unwrap_or_default();
        Ok((answer, items, response))
    }

    /// Has the server compact what was said so far, and gives what that cost.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else. The conversation stays as it was.
    pub async fn compact(&mut self) -> Result<Ledger, Error> {
        let mut request = self.request.clone();
        request.own.input = Some(Input::Items(self.items.clone()));
        let compacted = Box::pin(request.compact()).await?;
        self.items = compacted.response.output;
        self.tokens = 0;
        Ok(compacted.ledger)
    }

    /// Adds what the model said. Where the server has compacted, what came before is in that item.
    fn add(&mut self, output: Vec<OutputItem>) {
        let is_compaction = |item: &OutputItem| matches!(item, OutputItem::Compaction(_));
        let last = output.iter().rposition(is_compaction);
        if last.is_some() {
            drop(mem::take(&mut self.items));
        }
        let output = output.into_iter().skip(last.unwrap_or(0));
        self.items.extend(output.map(InputItem::Output));
    }
}

/// A conversation that is kept in two places.
fn kept_twice() -> Error {
    let message = "all that was said would go into the conversation that the server keeps, with every request once more";
    let hint =
        "leave out `conversation`, or ask with the request itself: the server keeps what was said";
    Error::new(Kind::Request {
        problems: vec![Problem {
            message: message.to_owned(),
            hint: Some(hint.to_owned()),
        }],
    })
}
