//! Requests, being made: the verbs that all APIs share, written once.
//!
//! What only one API has stands beside its [`Api`] implementation, as verbs of `RequestBuilder<ThatApi>`.

use larkspur_output::{Output, OutputType};
use larkspur_schema::JsonSchema;
use larkspur_wire::{Effort, ServiceTier, Verbosity};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use crate::api::{Api, OpenAi, Settings};
use crate::ask::{Answer, Reask, Reply, Sent};
use crate::attachment::{Document, Image};
use crate::budget::Budget;
use crate::cache::CacheMode;
use crate::client::Client;
use crate::error::Error;
use crate::fallback;
use crate::runnable::RunnableTool;
use crate::stream::OutputStream;
use crate::tool::Tool;
use crate::tool_choice::ToolChoice;
use crate::tool_run::ToolRun;
use crate::warning::{self, Warning};

/// A request to one of the APIs, being made. [`Client::responses`], [`Client::chat`], [`Client::messages`] and
/// [`Client::generate_content`] begin one.
///
/// ```
/// use larkspur_client::{Api, Client, Effort, RequestBuilder};
///
/// /// Written once for every API.
/// fn careful<A: Api>(request: RequestBuilder<A>) -> RequestBuilder<A> {
///     request.effort(Effort::High).max_output_tokens(2_000)
/// }
///
/// let client = Client::builder().base_url("http://127.0.0.1:8080/v1").build()?;
/// let request = careful(client.responses("gpt-5.2")).input("Say hello.").build();
/// assert_eq!(request.max_output_tokens, Some(2_000));
/// let request = careful(client.chat("gpt-5.2")).input("Say hello.").build();
/// assert_eq!(request.max_completion_tokens, Some(2_000));
/// # Ok::<(), larkspur_client::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct RequestBuilder<A: Api> {
    pub(crate) client: Client,
    /// In boxes, because every verb moves the builder and every future that sends it has room for several.
    pub(crate) settings: Box<Settings>,
    /// The fields that only this API has.
    pub(crate) own: Box<A::Request>,
    pub(crate) reask: Reask,
    pub(crate) cache: CacheMode,
    /// Whom else to ask, and by which name of the model.
    pub(crate) elsewhere: Vec<(Client, String)>,
}

impl<A: Api> RequestBuilder<A> {
    pub(crate) fn new(client: Client, model: String) -> Self {
        let mut settings = Settings::default();
        settings.address(&client, model);
        Self {
            client,
            settings: Box::new(settings),
            own: Box::default(),
            reask: Reask::default(),
            cache: CacheMode::default(),
            elsewhere: Vec::new(),
        }
    }

    /// What the model must do, in one text, which comes before the input.
    pub fn instructions(mut self, instructions: impl Into<String>) -> Self {
        self.settings.instructions = Some(instructions.into());
        self
    }

    /// What the model is given. Responses: a text, a message, or items, in place of what was given before. Chat: one more
    /// message of the user.
    pub fn input(mut self, input: impl Into<A::Input>) -> Self {
        A::input(&mut self.own, input.into());
        self
    }

    /// An image beside the input that was given before, in its last message of the user.
    pub fn image(mut self, image: Image) -> Self {
        A::attach(&mut self.own, image.into());
        self
    }

    /// A file beside the input that was given before, in its last message of the user.
    pub fn document(mut self, document: Document) -> Self {
        A::attach(&mut self.own, document.into());
        self
    }

    /// How much the model thinks. Each model accepts a subset; see [`warnings`](Self::warnings).
    pub fn effort(mut self, effort: Effort) -> Self {
        self.settings.effort = Some(effort);
        self
    }

    /// The most tokens the model may write; reasoning counts. The Responses API refuses less than 16. Chat gets it as
    /// `max_completion_tokens`, or as `max_tokens` where the [`Provider`](crate::Provider) is known to skip that.
    pub fn max_output_tokens(mut self, tokens: u64) -> Self {
        self.settings.max_output_tokens = Some(tokens);
        self
    }

    /// 0 to 2. Reasoning models refuse it unless the effort is `none`. What is not a finite number is left out.
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.settings.temperature = Number::from_f64(temperature);
        self
    }

    /// 0 to 1. Reasoning models refuse it unless the effort is `none`. What is not a finite number is left out.
    pub fn top_p(mut self, top_p: f64) -> Self {
        self.settings.top_p = Number::from_f64(top_p);
        self
    }

    /// One more tool, to be declared only: its calls come back in the response. Those that the program runs go to
    /// [`run_tools`](Self::run_tools).
    pub fn tool(mut self, tool: impl Into<Tool>) -> Self {
        self.settings.tools.push(tool.into());
        self
    }

    /// Tools that the program runs when the model calls them, until the answer comes.
    pub fn run_tools(self, tools: impl IntoIterator<Item = RunnableTool>) -> ToolRun<A> {
        ToolRun::new(self, tools.into_iter().collect())
    }

    /// Which tools the model may or must call.
    pub fn tool_choice(mut self, choice: ToolChoice) -> Self {
        self.settings.tool_choice = Some(choice);
        self
    }

    /// Whether several calls may come in one answer; the server's default is true.
    pub fn parallel_tool_calls(mut self, parallel: bool) -> Self {
        self.settings.parallel_tool_calls = Some(parallel);
        self
    }

    /// A field that has no method here: an extension of some server, or news. A method that says the same field counts before it.
    pub fn extra(mut self, field: impl Into<String>, value: Value) -> Self {
        self.settings.extra.insert(field.into(), value);
        self
    }

    /// How often a rejected answer goes back to the model with what is wrong with it. Default: once.
    pub fn reask(mut self, times: u32) -> Self {
        self.reask.times = times;
        self
    }

    /// What all attempts together may use before the model is no longer asked again.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.reask.budget = budget;
        self
    }

    /// Whether the client's [`Cache`](crate::Cache) is looked into, and kept up. Without one it says nothing.
    ///
    /// ```
    /// # use larkspur_client::{Cache, CacheMode, Client};
    /// let client = Client::builder().base_url("http://127.0.0.1:9/v1").cache(Cache::at("answers")).build()?;
    /// let anew = client.responses("gpt-5.2").input("How is the weather?").cache(CacheMode::Refresh);
    /// # Ok::<(), larkspur_client::Error>(())
    /// ```
    pub fn cache(mut self, mode: CacheMode) -> Self {
        self.cache = mode;
        self
    }

    /// The request as it would be sent by [`send`](Self::send). Pure: nothing is read, looked up or sent.
    pub fn build(&self) -> A::Request {
        self.build_with(Settings::clone(&self.settings))
    }

    /// The request as it would be sent by [`ask`](Self::ask), with what the answer must be.
    pub fn build_for<V>(&self, output: &Output<V>) -> A::Request {
        let mut settings = Settings::clone(&self.settings);
        settings.constrain(output.constraint());
        self.build_with(settings)
    }

    fn build_with(&self, settings: Settings) -> A::Request {
        A::request(A::Request::clone(&self.own), settings)
    }

    /// What the model would probably refuse, by the catalogue, and what will not be done. Nothing is held back because of it.
    pub fn warnings(&self) -> Vec<Warning> {
        warning::warnings(self)
    }

    /// Sends the request and gives the response as it is, whatever its status.
    ///
    /// # Errors
    ///
    /// The request would be refused, the server cannot be reached, refuses, or answers something else.
    pub async fn send(self) -> Result<Sent<A::Response>, Error> {
        fallback::send(self).await
    }

    /// Asks for a value of the type. Its schema travels along, and the answer is read by the same type.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a value: refusal, cut, filter, rejection.
    pub async fn extract<T>(self) -> Result<Reply<T>, Error>
    where
        T: JsonSchema + DeserializeOwned + 'static,
    {
        self.extract_with(&larkspur_output::json::<T>()).await
    }

    /// Asks for a value of any kind of output.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a value: refusal, cut, filter, rejection.
    pub async fn extract_with<O: OutputType>(self, output: &O) -> Result<Reply<O::Value>, Error> {
        fallback::ask(self, output).await?.into_reply()
    }

    /// Asks for a value of the type, to be read while it comes.
    ///
    /// # Errors
    ///
    /// The request would be refused, the server cannot be reached, or refuses.
    pub async fn stream<T>(self) -> Result<OutputStream<A, T>, Error>
    where
        T: JsonSchema + DeserializeOwned + 'static,
    {
        self.stream_with(&larkspur_output::json::<T>()).await
    }

    /// Asks for a value of any kind of output, to be read while it comes.
    ///
    /// # Errors
    ///
    /// As [`stream`](Self::stream).
    pub async fn stream_with<O: OutputType>(
        self,
        output: &O,
    ) -> Result<OutputStream<A, O::Value>, Error> {
        // The request would be in the future several times.
        Box::pin(fallback::open(self, output)).await
    }

    /// Asks for a value of a prepared output, to be read while it comes.
    ///
    /// # Errors
    ///
    /// As [`stream`](Self::stream).
    pub async fn ask_streaming<V>(self, output: &Output<V>) -> Result<OutputStream<A, V>, Error> {
        self.stream_with(output).await
    }

    /// Asks for a value of a prepared output and gives the outcome, whatever it is.
    ///
    /// # Errors
    ///
    /// There is no outcome: the request would be refused, the server cannot be reached, refuses, or answers something
    /// else; the response failed or is not finished; the model calls tools instead.
    pub async fn ask<V>(self, output: &Output<V>) -> Result<Answer<V>, Error> {
        fallback::ask(self, output).await
    }
}

/// What only `OpenAI`'s APIs, and servers that follow them, have.
impl<A: OpenAi> RequestBuilder<A> {
    /// How long the answer should be.
    pub fn verbosity(mut self, verbosity: Verbosity) -> Self {
        self.settings.verbosity = Some(verbosity);
        self
    }

    /// A note for the server's records: at most 16, keys to 64 and values to 512 characters.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.metadata.push((key.into(), value.into()));
        self
    }

    /// Whether the server keeps the answer. Its default is true for Responses and false for Chat.
    pub fn store(mut self, store: bool) -> Self {
        self.settings.store = Some(store);
        self
    }

    /// Speed against price.
    pub fn service_tier(mut self, tier: ServiceTier) -> Self {
        self.settings.service_tier = Some(tier);
        self
    }

    /// Routes alike prompts to the same cache.
    pub fn prompt_cache_key(mut self, key: impl Into<String>) -> Self {
        self.settings.prompt_cache_key = Some(key.into());
        self
    }

    /// A hashed id of the end user, at most 64 characters.
    pub fn safety_identifier(mut self, id: impl Into<String>) -> Self {
        self.settings.safety_identifier = Some(id.into());
        self
    }
}
