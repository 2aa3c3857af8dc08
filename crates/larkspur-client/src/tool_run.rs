//! A request for whose answer tools are run: the model calls, the program runs, the outputs go back, until the answer comes.

mod calls;
mod choice;
mod session;
mod toolbox;

use std::fmt;
use std::time::Duration;

use larkspur_output::{Constraint, Output, OutputType};
use larkspur_schema::JsonSchema;
use larkspur_wire::Delta;
use serde::de::DeserializeOwned;

use crate::api::Api;
use crate::ask::{Answer, Reply};
use crate::error::Error;
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::runnable::RunnableTool;
use session::Session;

/// Hears of every piece of every answer.
type OnDelta = Box<dyn FnMut(&Delta) + Send>;

/// A request with tools that the program runs, being made: what [`RequestBuilder::run_tools`] gives.
///
/// The model calls tools, they run at the same time, their outputs go back with everything the model said, and so on until an
/// answer comes that calls none: the value. All of it is in the [`Ledger`], every request with its cost and every
/// [call](Ledger::tool_calls) with its output, also where it ends in an error.
///
/// - A tool's error, input that cannot be read, a tool that does not exist or may not be called: the model is told so in the
///   output of its call, and goes on.
/// - No call is run twice: failed requests are sent again as they were, a rejected answer is asked for again with the outputs
///   that are there, and a call that comes back with the same id and the same input gets the same output.
/// - What the model wrote and reasoned goes back as it came. With `store(false)` its reasoning is asked for encrypted.
/// - A [`Budget`](crate::Budget) of the request bounds all of it; it is weighed before the tools run.
/// - A choice that obliges the model to call holds for the first answer only, for otherwise no other would ever come.
///
/// ```no_run
/// use larkspur_client::{Client, tool};
/// use larkspur_schema::{JsonSchema, schemars};
/// use serde::Deserialize;
///
/// /// Tomorrow's weather in a city.
/// #[derive(Deserialize, JsonSchema)]
/// struct Weather {
///     city: String,
/// }
///
/// #[derive(Debug, Deserialize, JsonSchema)]
/// struct Advice {
///     umbrella: bool,
/// }
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let weather = tool("weather", |args: Weather| async move {
///     Ok::<_, String>(format!("rain in {}", args.city))
/// });
/// let client = Client::from_env()?;
/// let request = client.responses("gpt-5.2").input("Do I need an umbrella in Bergen?");
/// let reply = request.run_tools([weather]).max_rounds(4).extract::<Advice>().await?;
/// println!("{:?} after {} calls", reply.value, reply.tool_calls().len());
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct ToolRun<A: Api> {
    request: RequestBuilder<A>,
    tools: Vec<RunnableTool>,
    narrowed: Option<Narrowed>,
    limits: Limits,
    on_delta: Option<OnDelta>,
}

/// Some of the tools, by name.
#[derive(Debug, Clone)]
struct Narrowed {
    required: bool,
    names: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    rounds: u32,
    calls: usize,
    concurrent: usize,
    call_time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rounds: 10,
            calls: 100,
            concurrent: 8,
            call_time: None,
        }
    }
}

impl<A: Api> ToolRun<A> {
    pub(crate) fn new(request: RequestBuilder<A>, tools: Vec<RunnableTool>) -> Self {
        Self {
            request,
            tools,
            narrowed: None,
            limits: Limits::default(),
            on_delta: None,
        }
    }

    /// Only these tools may be called. The list of all tools stays as it is, and so stays cached by the server; that no other is
    /// called is seen to here too.
    pub fn allow(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.narrowed = Some(Narrowed {
            required: false,
            names: names.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// As [`allow`](Self::allow), and the first answer must call one of them.
    pub fn require(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut this = self.allow(names);
        if let Some(narrowed) = &mut this.narrowed {
            narrowed.required = true;
        }
        this
    }

    /// Answers that may call tools, before it ends in an error. Default: 10.
    pub fn max_rounds(mut self, rounds: u32) -> Self {
        self.limits.rounds = rounds;
        self
    }

    /// Calls in all rounds together. An answer with more of them ends in an error, and none of its calls is run. Default: 100.
    pub fn max_calls(mut self, calls: usize) -> Self {
        self.limits.calls = calls;
        self
    }

    /// Calls that run at the same time; the others of an answer wait. Default: 8, at least 1.
    pub fn max_concurrent(mut self, calls: usize) -> Self {
        self.limits.concurrent = calls.max(1);
        self
    }

    /// How long one call may run. What takes longer is dropped, and the model is told so. Default: as long as it likes.
    pub fn call_timeout(mut self, time: Duration) -> Self {
        self.limits.call_time = Some(time);
        self
    }

    /// Asks for the answers as streams, and hands every piece of every answer on as it comes: what is said on the way, what tools
    /// are called with, and the text of the last answer.
    pub fn on_delta(mut self, hear: impl FnMut(&Delta) + Send + 'static) -> Self {
        self.on_delta = Some(Box::new(hear));
        self
    }

    /// The first request as it would be sent by [`ask`](Self::ask). Pure: nothing is read, looked up, sent or run.
    ///
    /// # Errors
    ///
    /// A tool cannot be said to this server, its name is taken or cannot be sent, or a name of [`allow`](Self::allow) is none of
    /// a tool.
    pub fn build_for<V>(&self, output: &Output<V>) -> Result<A::Request, Error> {
        let (request, _, _) = session::prepare(
            self.request.clone(),
            &self.tools,
            self.narrowed.as_ref(),
            output,
        )?;
        Ok(request.build())
    }

    /// Runs tools until a value of the type comes.
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

    /// Runs tools until a value of any kind of output comes.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a value: refusal, cut, filter, rejection.
    pub async fn extract_with<O: OutputType>(self, output: &O) -> Result<Reply<O::Value>, Error> {
        self.run(output).await?.into_reply()
    }

    /// Runs tools until an answer in plain text comes.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a text: refusal, cut, filter.
    pub async fn text(self) -> Result<Reply<String>, Error> {
        let output = Output::new(Constraint::Text, Vec::new(), |text| Ok(text.to_owned()));
        self.ask(&output).await?.into_reply()
    }

    /// Runs tools until an answer of a prepared output comes, and gives the outcome, whatever it is.
    ///
    /// # Errors
    ///
    /// As [`build_for`](Self::build_for) and [`RequestBuilder::ask`], or a limit was reached before the answer came. A tool that the
    /// request declares and that is not run here ends in an error too, when it is called. A panic of a tool is one of this call.
    pub async fn ask<V>(self, output: &Output<V>) -> Result<Answer<V>, Error> {
        self.run(output).await
    }

    async fn run<O: OutputType>(self, output: &O) -> Result<Answer<O::Value>, Error> {
        let (answer, _, _) = self.ask_and_keep(output, Ledger::default()).await?;
        Ok(answer)
    }

    /// Runs with one server after the other, as long as no tool ran and nothing of an answer was heard. With the answer come the request
    /// as it grew, and the response that the answer was read from. Attempts and calls go behind those of the ledger.
    pub(crate) async fn ask_and_keep<O: OutputType>(
        mut self,
        output: &O,
        mut ledger: Ledger,
    ) -> Result<(Answer<O::Value>, RequestBuilder<A>, A::Response), Error> {
        let (mut request, mut others) = self.request.clone().candidates();
        let mut kind = AttemptKind::First;
        loop {
            let output = output.prepare(request.client.target());
            let output = output.map_err(|error| Error::from(error).with_ledger(ledger.clone()))?;
            let mut session = Session::begin(request, &mut self, &output)?;
            // Several responses would be in the future.
            match Box::pin(session.run(&output, kind, &mut ledger)).await {
                Ok((outcome, text, response)) => {
                    let answer = Answer::of::<A>(&response, text, &output, outcome, ledger);
                    return Ok((answer, session.into_request(), response));
                }
                Err(error) if session.has_begun(&ledger) => return Err(error.with_ledger(ledger)),
                Err(error) => request = others.after(error, &mut ledger)?,
            }
            self.on_delta = session.on_delta.take();
            kind = AttemptKind::Fallback;
        }
    }
}

impl<A: Api> fmt::Debug for ToolRun<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolRun")
            .field("request", &self.request)
            .field("tools", &self.tools)
            .field("narrowed", &self.narrowed)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
