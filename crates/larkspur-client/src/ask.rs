//! Asking: send, read, and where the answer is rejected, say why and ask again.

use bytes::Bytes;
use larkspur_output::{Constraint, Mode, Outcome, Output, Record};
use larkspur_wire::{Ending, Usage};
use tracing::Instrument as _;

use crate::answer::Said;
use crate::api::Api;
use crate::budget::Budget;
use crate::cache::{CacheMode, Entry};
use crate::call::Call;
use crate::check;
use crate::client::Inner;
use crate::cost::Cost;
use crate::enforcement;
use crate::error::{Error, Kind};
use crate::hedge;
use crate::ledger::{Attempt, AttemptKind, Ledger, ToolCall};
use crate::request::RequestBuilder;
use crate::telemetry;
use crate::transport::Answered;

/// A response as the server sent it, and what it took to get it.
#[derive(Debug, Clone)]
pub struct Sent<R> {
    /// The response.
    pub response: R,
    /// Every attempt, with usage and cost.
    pub ledger: Ledger,
}

/// What came of asking, value or not.
#[derive(Debug, Clone)]
pub struct Answer<V> {
    /// The value, or what came in its place.
    pub outcome: Outcome<V>,
    /// The model's text, as it was read.
    pub text: String,
    /// Whether the server was made to hold the constraint. The answer was checked in any case.
    pub enforced: bool,
    /// How the model was brought to keep it.
    pub mode: Mode,
    /// The id of the last response, to go on from; empty where it was cut because it left its constraint.
    pub response_id: String,
    /// Every attempt, with usage and cost.
    pub ledger: Ledger,
}

/// A value, and what it took to get it.
#[derive(Debug, Clone)]
pub struct Reply<V> {
    /// The value.
    pub value: V,
    /// The model's text, from which the value was read.
    pub text: String,
    /// Whether the server was made to hold the constraint. The answer was checked in any case.
    pub enforced: bool,
    /// How the model was brought to keep it.
    pub mode: Mode,
    /// The id of the response, to go on from.
    pub response_id: String,
    /// Every attempt, with usage and cost.
    pub ledger: Ledger,
}

macro_rules! ledger_methods {
    () => {
        /// Tokens of all attempts together, the failed ones too.
        pub fn usage(&self) -> Usage {
            self.ledger.usage()
        }

        /// Cost of all attempts together, at list price.
        pub fn cost(&self) -> Cost {
            self.ledger.cost()
        }

        /// The attempts, in order.
        pub fn attempts(&self) -> &[Attempt] {
            self.ledger.attempts()
        }

        /// Who answered: the base URL of the last request.
        pub fn server(&self) -> Option<&str> {
            self.ledger.server()
        }

        /// Whether an answer broke the constraint that the server was to hold, the last one or one before it:
        /// [`Attempt::constraint_ignored`].
        pub fn constraint_ignored(&self) -> bool {
            let mut attempts = self.ledger.attempts().iter();
            attempts.any(|attempt| attempt.constraint_ignored)
        }

        /// Whether the answer was in the [cache](crate::Cache), and nothing was sent.
        pub fn from_cache(&self) -> bool {
            self.ledger.from_cache()
        }

        /// The calls of tools that the program [ran](RequestBuilder::run_tools), in order.
        pub fn tool_calls(&self) -> &[ToolCall] {
            self.ledger.tool_calls()
        }
    };
}

impl<R> Sent<R> {
    ledger_methods!();
}

impl<V> Answer<V> {
    ledger_methods!();

    /// What a response came to, with the text that was read of it.
    pub(crate) fn of<A: Api>(
        response: &A::Response,
        text: impl Into<String>,
        output: &Output<V>,
        outcome: Outcome<V>,
        ledger: Ledger,
    ) -> Self {
        Self {
            outcome,
            text: text.into(),
            enforced: output.constraint().is_enforced(),
            mode: output.constraint().mode(),
            response_id: A::receipt(response).id.to_owned(),
            ledger,
        }
    }

    pub(crate) fn with_ledger(self, ledger: Ledger) -> Self {
        Self { ledger, ..self }
    }

    /// The value, or an error that says what came in its place.
    ///
    /// # Errors
    ///
    /// The outcome is a refusal, a cut, a filter or a rejection. Its text and the ledger go into the error.
    pub fn into_reply(self) -> Result<Reply<V>, Error> {
        match self.outcome {
            Outcome::Value(value) => Ok(Reply {
                value,
                text: self.text,
                enforced: self.enforced,
                mode: self.mode,
                response_id: self.response_id,
                ledger: self.ledger,
            }),
            other => Err(Error::no_value(other, self.ledger)),
        }
    }
}

impl<V> Reply<V> {
    ledger_methods!();
}

/// How a rejected answer is asked for again.
#[derive(Debug, Clone)]
pub(crate) struct Reask {
    pub(crate) times: u32,
    pub(crate) budget: Budget,
}

impl Default for Reask {
    fn default() -> Self {
        Self {
            times: 1,
            budget: Budget::none(),
        }
    }
}

/// Sends a request for a value, and again while the answer is rejected and the bounds allow. Gives the answer with the response that it was
/// read from; all attempts go into the ledger.
pub(crate) async fn ask_and_keep<A: Api, V>(
    request: &RequestBuilder<A>,
    output: &Output<V>,
    kind: AttemptKind,
    ledger: &mut Ledger,
) -> Result<(Answer<V>, Box<A::Response>), Error> {
    let entry = entry::<A>(request);
    let kept = match &entry {
        Some(entry) if request.cache == CacheMode::Use => {
            from_cache(request, output, entry, ledger).await
        }
        _ => None,
    };
    let (outcome, text, response) = match kept {
        Some(kept) => kept,
        None => ask_until(request, output, kind, entry, ledger).await?,
    };
    let answer = Answer::of::<A>(&response, text, output, outcome, Ledger::default());
    Ok((answer, response))
}

/// The outcome, the text that it was read from, and the response.
type Read<A, V> = (Outcome<V>, String, Box<<A as Api>::Response>);

/// The place of the answer in the cache, where there is one.
fn entry<A: Api>(request: &RequestBuilder<A>) -> Option<Entry> {
    let client = request.client.inner();
    let cache = client.cache.as_ref()?;
    if request.cache == CacheMode::Bypass || is_kept(request) {
        return None;
    }
    // What cannot be written is told when it is sent.
    let body = serde_json::to_vec(&request.build()).ok()?;
    // The model may be in the path alone.
    let path = A::path(&request.settings.model, false);
    let place = [A::NAME, request.client.base_url(), &path];
    Some(cache.entry(place, &body))
}

/// The answer in the cache, if it is there and still a value.
async fn from_cache<A: Api, V>(
    request: &RequestBuilder<A>,
    output: &Output<V>,
    entry: &Entry,
    ledger: &mut Ledger,
) -> Option<Read<A, V>> {
    let body = entry.get().await?;
    let response: Box<A::Response> = serde_json::from_slice(&body).ok()?;
    let said = Said::of::<A>(&response, output.constraint());
    let outcome = outcome::<A, V>(&response, &said, output).ok()?;
    if !matches!(outcome, Outcome::Value(_)) {
        return None;
    }
    let mut attempt = Attempt::new(AttemptKind::Cache, request.client.base_url());
    attempt.model = A::receipt(&response).model.map(str::to_owned);
    tracing::debug!("answered from the cache");
    ledger.push(attempt);
    Some((outcome, said.text().to_owned(), response))
}

async fn ask_until<A: Api, V>(
    request: &RequestBuilder<A>,
    output: &Output<V>,
    kind: AttemptKind,
    entry: Option<Entry>,
    ledger: &mut Ledger,
) -> Result<Read<A, V>, Error> {
    let reask = &request.reask;
    let (mut response, mut body) = exchange_whole(request, kind, ledger).await?;
    let mut asked_again = 0;
    loop {
        let said = Said::of::<A>(&response, output.constraint());
        let outcome = outcome::<A, V>(&response, &said, output)?;
        note_failure(ledger, output, &outcome);
        record::<A, V>(request.client.inner(), &response, &said, output, &outcome);
        match &outcome {
            Outcome::Invalid(rejection)
                if asked_again < reask.times && reask.budget.allows_another(ledger) =>
            {
                // Only the last answer goes along: earlier ones cost tokens and teach nothing new.
                let mut again = request.clone();
                A::reask(&mut again.own, &response, &said, &rejection.reask());
                (response, body) = exchange_whole(&again, AttemptKind::Reask, ledger).await?;
                asked_again += 1;
            }
            _ => {
                if let (Some(entry), Outcome::Value(_)) = (entry, &outcome) {
                    entry.put(body).await;
                }
                return Ok((outcome, said.text().to_owned(), response));
            }
        }
    }
}

/// The outcome of one response. The order in which the signs are weighed is that of [`Ending`]; the text comes last.
pub(crate) fn outcome<A: Api, V>(
    response: &A::Response,
    said: &Said,
    output: &Output<V>,
) -> Result<Outcome<V>, Error> {
    let received = || said.text().to_owned();
    match A::ending(response) {
        Ending::Failed { code, message } => Err(Error::new(Kind::Failed {
            code: code.map(str::to_owned),
            message: message.to_owned(),
        })),
        Ending::Unfinished(status) => Err(Error::new(Kind::Unfinished {
            status: status.to_owned(),
        })),
        Ending::Truncated(reason) => Ok(Outcome::Truncated {
            received: received(),
            reason: reason.to_owned(),
        }),
        Ending::ContentFilter => Ok(Outcome::ContentFilter {
            received: received(),
        }),
        Ending::Refused(refusal) => Ok(Outcome::Refusal(refusal.into_owned())),
        _ => match said {
            Said::Calls(tools) => Err(Error::new(Kind::Calls {
                tools: tools.clone(),
            })),
            said => Ok(output
                .read(said.text())
                .map_or_else(Outcome::Invalid, Outcome::Value)),
        },
    }
}

/// Writes a whole answer down, where that is wanted.
pub(crate) fn record<A: Api, V>(
    client: &Inner,
    response: &A::Response,
    said: &Said,
    output: &Output<V>,
    outcome: &Outcome<V>,
) {
    let Some(recorder) = &client.recorder else {
        return;
    };
    if !matches!(outcome, Outcome::Value(_) | Outcome::Invalid(_)) {
        return;
    }
    let mut record = Record::new(said.text());
    record.model = A::receipt(response).model.map(str::to_owned);
    if let Constraint::JsonSchema(format) = output.constraint() {
        record.schema = Some(format.name.clone());
    }
    recorder.record(record);
}

/// What was wrong with the last answer goes into the ledger.
pub(crate) fn note_failure<V>(ledger: &mut Ledger, output: &Output<V>, outcome: &Outcome<V>) {
    enforcement::suspect(ledger, output, outcome);
    let failure = match outcome {
        Outcome::Value(_) => None,
        Outcome::Refusal(_) => Some("the model refused".to_owned()),
        Outcome::Truncated { reason, .. } => Some(format!("cut: {reason}")),
        Outcome::ContentFilter { .. } => Some("stopped by the content filter".to_owned()),
        Outcome::Invalid(rejection) => Some(rejection.message()),
        _ => Some("no value".to_owned()),
    };
    if let Some(last) = ledger.last_mut() {
        last.failure = failure;
    }
}

/// One request and its response, retries included.
pub(crate) async fn exchange<A: Api>(
    request: &RequestBuilder<A>,
    kind: AttemptKind,
    ledger: &mut Ledger,
) -> Result<A::Response, Error> {
    let whole = exchange_whole(request, kind, ledger).await;
    whole.map(|(response, _)| *response)
}

/// As [`exchange`], with the response as it came. In a box, for it is large and goes from hand to hand.
async fn exchange_whole<A: Api>(
    request: &RequestBuilder<A>,
    kind: AttemptKind,
    ledger: &mut Ledger,
) -> Result<(Box<A::Response>, Bytes), Error> {
    let call = call::<A>(request, &request.build(), kind, false)?;
    let (client, model) = (request.client.inner(), request.settings.model.as_str());
    let span = telemetry::request::<A>(client, model, kind);
    let sending = client.transport.send(&call, kind, ledger);
    let sent = sending.instrument(span.clone()).await;
    let mut answered = sent.inspect_err(|error| telemetry::failed(&span, error))?;
    let read = read::<A>(&answered);
    settle::<A>(client, model, read.as_deref(), &mut answered.attempt);
    note::<A>(&span, read.as_deref(), &answered.attempt);
    if let Some(usage) = answered.attempt.usage {
        answered.pass.used(usage.total_tokens());
    }
    ledger.push(answered.attempt);
    Ok((read?, answered.body))
}

/// The call that carries a request, if nothing is known to be wrong with it.
pub(crate) fn call<A: Api>(
    request: &RequestBuilder<A>,
    body: &A::Request,
    kind: AttemptKind,
    streams: bool,
) -> Result<Call, Error> {
    check::check(request, body)?;
    let call = Call::post(A::path(&request.settings.model, streams), body)?;
    Ok(Call {
        once: is_kept(request),
        harmless: hedge::is_harmless(request, kind),
        ..call.of_model(&request.settings.model)
    })
}

/// Whether the server keeps what comes of a request even where nobody hears of it.
fn is_kept<A: Api>(request: &RequestBuilder<A>) -> bool {
    let given = |field| request.settings.extra.contains_key(field);
    A::is_kept(&request.own) || given("background") || given("conversation")
}

/// Enters in the span what came.
pub(crate) fn note<A: Api>(
    span: &tracing::Span,
    read: Result<&A::Response, &Error>,
    attempt: &Attempt,
) {
    match read {
        Ok(response) => telemetry::answered::<A>(span, response, attempt),
        Err(error) => telemetry::failed(span, error),
    }
}

pub(crate) fn read<A: Api>(answered: &Answered) -> Result<Box<A::Response>, Error> {
    // Where all of it is UTF-8, strings need not be looked at one by one.
    let read = match str::from_utf8(&answered.body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(&answered.body),
    };
    let response: Box<A::Response> =
        read.map_err(|error| answered.undecodable(&problem::<A>(&error)))?;
    if A::is_answer(&response) {
        return Ok(response);
    }
    Err(answered.undecodable(&format!("this JSON is no answer of the {} API", A::NAME)))
}

fn problem<A: Api>(error: &serde_json::Error) -> String {
    if error.is_data() {
        return format!("this JSON is no answer of the {} API: {error}", A::NAME);
    }
    format!("the body is not JSON: {error}")
}

/// Enters who answered and what it cost.
pub(crate) fn settle<A: Api>(
    client: &Inner,
    asked: &str,
    read: Result<&A::Response, &Error>,
    attempt: &mut Attempt,
) {
    // Unless it is known, for an answer that cannot be read was billed all the same.
    attempt.cost = Cost::UNKNOWN;
    let response = match read {
        Ok(response) => response,
        Err(error) => {
            attempt.failure = Some(error.to_string());
            return;
        }
    };
    let receipt = A::receipt(response);
    enter(client, asked, receipt.model, receipt.usage, attempt);
}

/// Enters what an answer of this model cost.
pub(crate) fn enter(
    client: &Inner,
    asked: &str,
    answered: Option<&str>,
    usage: Option<Usage>,
    attempt: &mut Attempt,
) {
    let Inner {
        catalogue, seller, ..
    } = client;
    let model = answered
        .and_then(|name| catalogue.get(name))
        .or_else(|| catalogue.get(asked));
    if let (Some(model), Some(usage)) = (model, &usage) {
        attempt.cost = model.cost_at(seller, usage);
    }
    attempt.model = answered.map(str::to_owned);
    attempt.usage = usage;
}
