//! Answers that are read while they come.

mod partials;
mod resume;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
#[cfg(feature = "grammar")]
use larkspur_output::partial::Watch;
use larkspur_output::partial::{Elements, Incoming, Partial};
use larkspur_output::{Constraint, InvalidPointer, Mode, Outcome, Output, Rejection};
use larkspur_wire::{Delta, SseDecoder, SseEvent};
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::answer::Said;
use crate::api::{Accumulate as _, Api};
use crate::ask::{self, Answer};
use crate::cost::Cost;
use crate::error::{Error, Kind};
use crate::gate::Pass;
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::telemetry;
use crate::transport::{Answered, Opened};
pub use partials::{ElementStream, PartialStream};

/// An answer that is still coming: its pieces as they come, and in the end the value.
///
/// The pieces are what the model writes, before anything is read or checked: only [`answer`](Self::answer) gives a value. What
/// fails before the first piece is retried as any request is; what fails behind it is an error, and so is a stream that ends
/// without its last event. A rejected answer is not asked for again. Dropping the stream closes the connection, and the server
/// stops writing.
///
/// [`incoming`](Self::incoming) is what has come of a value that is JSON; [`partials`](Self::partials) follows it as a type, and
/// [`elements`](Self::elements) hands out the elements of an array. With the feature `grammar`, a stream that is
/// `guarded` is cut at the first byte with which it leaves the constraint.
///
/// It is also a [`Stream`] of `Result<Delta, Error>`.
///
/// ```no_run
/// use larkspur_client::{Client, Delta};
/// use larkspur_schema::{JsonSchema, schemars};
/// use serde::Deserialize;
///
/// #[derive(Debug, Deserialize, JsonSchema)]
/// struct Total {
///     amount: f64,
/// }
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let client = Client::from_env()?;
/// let mut stream = client.responses("gpt-5.2").input("…").stream::<Total>().await?;
/// while let Some(delta) = stream.next().await? {
///     if let Delta::Text(text) = delta {
///         eprint!("{text}");
///     }
/// }
/// let reply = stream.answer().await?.into_reply()?;
/// println!("{:?} for {}", reply.value, reply.cost());
/// # Ok(())
/// # }
/// ```
pub struct OutputStream<A: Api, V>(Box<Inner<A, V>>);

struct Inner<A: Api, V> {
    request: RequestBuilder<A>,
    output: Output<V>,
    opened: Opened,
    decoder: SseDecoder,
    state: A::Stream,
    pieces: VecDeque<Delta>,
    /// What was handed out of the answer.
    incoming: Incoming,
    /// Holds the answer against its constraint, where that is wanted.
    #[cfg(feature = "grammar")]
    watch: Option<Watch>,
    /// Where the answer left its constraint, and was cut.
    departure: Option<Rejection>,
    /// What ends the stream behind these pieces.
    failure: Option<Error>,
    ledger: Ledger,
    span: tracing::Span,
    /// The body, where the server does not stream.
    whole: Option<Vec<u8>>,
    ended: bool,
}

/// Sends a request for a value, and waits for the answer to begin.
pub(crate) async fn open<A: Api, V>(
    request: RequestBuilder<A>,
    output: Output<V>,
    kind: AttemptKind,
) -> Result<OutputStream<A, V>, Error> {
    let mut body = request.build();
    A::streamed(&mut body);
    let call = ask::call(&request, &body, kind, true)?;
    let mut ledger = Ledger::default();
    let client = request.client.inner();
    let span = telemetry::request::<A>(client, &request.settings.model, kind);
    let transport = &client.transport;
    let opening = transport.open(&call, kind, &mut ledger);
    let opened = match opening.instrument(span.clone()).await {
        Ok(opened) => opened,
        Err(error) => {
            telemetry::failed(&span, &error);
            return Err(error.with_ledger(ledger));
        }
    };
    let content_type = opened.content_type.as_deref().unwrap_or_default();
    let whole = content_type.starts_with("application/json").then(Vec::new);
    Ok(OutputStream(Box::new(Inner {
        decoder: SseDecoder::with_max_event_bytes(transport.max_response_bytes),
        request,
        incoming: output.incoming(),
        output,
        opened,
        state: A::Stream::default(),
        pieces: VecDeque::new(),
        #[cfg(feature = "grammar")]
        watch: None,
        departure: None,
        failure: None,
        ledger,
        span,
        whole,
        ended: false,
    })))
}

/// One request and its response, which is handed on as it comes; retries are included until it begins.
pub(crate) async fn exchange<A: Api>(
    request: &RequestBuilder<A>,
    kind: AttemptKind,
    ledger: &mut Ledger,
    hear: &mut (dyn FnMut(&Delta) + Send),
) -> Result<A::Response, Error> {
    // What comes is read where all of the run is known.
    let any = Output::new(Constraint::Text, Vec::new(), |_| Ok(()));
    let told = async {
        let mut stream = open(request.clone(), any, kind).await?;
        while let Some(delta) = stream.next().await? {
            hear(&delta);
        }
        let mut ledger = Ledger::default();
        let finished = stream.0.finish(&mut ledger);
        finished
            .map(|(_, response)| (response, ledger.clone()))
            .map_err(|error| error.with_ledger(ledger))
    };
    match Box::pin(told).await {
        Ok((response, own)) => {
            ledger.append(own);
            Ok(response)
        }
        Err(error) => {
            ledger.append(error.ledger().clone());
            Err(error)
        }
    }
}

impl<A: Api, V> OutputStream<A, V> {
    /// The same stream, with what was tried before it.
    pub(crate) fn behind(mut self, mut ledger: Ledger) -> Self {
        ledger.append(std::mem::take(&mut self.0.ledger));
        self.0.ledger = ledger;
        self
    }

    /// The next piece; `None` when nothing more comes. It may be cancelled and called again, and nothing is lost.
    ///
    /// # Errors
    ///
    /// The connection broke, the time is over, the server sent an error, or what it sends is no stream. After an error nothing
    /// more comes.
    pub async fn next(&mut self) -> Result<Option<Delta>, Error> {
        poll_fn(|context| self.0.poll_piece(context)).await
    }

    /// What has come of the answer with the pieces that were handed out, in the shape of the type. Nothing where it is not JSON, or
    /// where the server does not stream.
    pub fn incoming(&self) -> &Incoming {
        &self.0.incoming
    }

    /// The value itself while it comes, each field as far as it has come.
    pub fn partials(self) -> PartialStream<A, V>
    where
        V: Partial,
    {
        PartialStream::new(self)
    }

    /// As [`partials`](Self::partials), followed as another type: for outputs that are not asked for by a type, or are read
    /// leniently.
    pub fn partials_as<P: Partial>(self) -> PartialStream<A, V, P> {
        PartialStream::new(self)
    }

    /// The elements of the array that a JSON Pointer leads to, each as soon as it is whole; the empty one leads to the answer itself.
    ///
    /// ```no_run
    /// # use larkspur_client::Client;
    /// # use larkspur_schema::{JsonSchema, schemars};
    /// # use serde::Deserialize;
    /// #[derive(Debug, Deserialize, JsonSchema)]
    /// struct Todo {
    ///     title: String,
    /// }
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Client::from_env()?;
    /// let stream = client.responses("gpt-5.2").input("…").stream::<Vec<Todo>>().await?;
    /// let mut todos = stream.elements::<Todo>("")?;
    /// while let Some(todo) = todos.next().await? {
    ///     println!("{}", todo.title);
    /// }
    /// // Only now the answer as a whole has been checked.
    /// let reply = todos.answer().await?.into_reply()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What is given is no JSON Pointer.
    pub fn elements<T: DeserializeOwned>(
        self,
        pointer: &str,
    ) -> Result<ElementStream<A, V, T>, InvalidPointer> {
        let elements = Elements::at(pointer.parse()?);
        Ok(ElementStream::new(self, elements))
    }

    /// Cuts the connection at the first byte with which the answer leaves its constraint: from there on it costs tokens and can come to
    /// nothing. The answer is then [invalid](Outcome::Invalid), with the place and what was expected. What it cost is not known, for the server
    /// has not said so. To be asked for before the first piece; what is seen and what is not, [`Watch`] says.
    ///
    /// # Errors
    ///
    /// No grammar can be made of the constraint, so that it cannot be watched: see [`Output::watch`].
    #[cfg(feature = "grammar")]
    pub fn guarded(mut self) -> Result<Self, Error> {
        let watch = self.0.output.watch()?;
        self.0.watch = Some(watch);
        Ok(self)
    }

    /// The answer, read when all of it has come. Pieces that were not asked for are passed over.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and as [`RequestBuilder::ask`].
    pub async fn answer(mut self) -> Result<Answer<V>, Error> {
        while self.next().await?.is_some() {}
        if let Some(rejection) = self.0.departure.take() {
            return Ok(self.0.cut(rejection));
        }
        let mut ledger = Ledger::default();
        let read = self.0.finish(&mut ledger).and_then(|(asked, response)| {
            let said = Said::of::<A>(&response, asked.output.constraint());
            let outcome = ask::outcome::<A, V>(&response, &said, &asked.output)?;
            Ok((asked, response, said, outcome))
        });
        let (asked, response, said, outcome) = match read {
            Ok(read) => read,
            Err(error) => return Err(error.with_ledger(ledger)),
        };
        let Asked { request, output } = asked;
        ask::note_failure(&mut ledger, &output, &outcome);
        ask::record::<A, V>(request.client.inner(), &response, &said, &output, &outcome);
        let text = said.text();
        Ok(Answer::of::<A>(&response, text, &output, outcome, ledger))
    }
}

/// What was asked for.
struct Asked<A: Api, V> {
    request: RequestBuilder<A>,
    output: Output<V>,
}

impl<A: Api, V> Inner<A, V> {
    /// The whole response, when nothing more comes. All attempts go into the ledger.
    fn finish(self, ledger: &mut Ledger) -> Result<(Asked<A, V>, A::Response), Error> {
        let Self {
            request,
            output,
            opened,
            state,
            span,
            whole,
            ..
        } = self;
        ledger.append(self.ledger);
        let mut attempt = opened.attempt;
        attempt.elapsed = opened.started.elapsed();
        let credentials = &request.client.inner().transport.credentials;
        let finished = match whole {
            Some(body) => ask::read::<A>(&Answered {
                body: credentials.redact_body(body.into()),
                content_type: opened.content_type,
                attempt: attempt.clone(),
                pass: Pass::default(),
            })
            .map(|response| *response),
            None => state
                .finish()
                .map_err(|error| Error::new(Kind::Stream(error))),
        };
        let (client, model) = (request.client.inner(), request.settings.model.as_str());
        ask::settle::<A>(client, model, finished.as_ref(), &mut attempt);
        ask::note::<A>(&span, finished.as_ref(), &attempt);
        if let Some(usage) = attempt.usage {
            opened.pass.used(usage.total_tokens());
        }
        ledger.push(attempt);
        Ok((Asked { request, output }, finished?))
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Delta>, Error>> {
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                self.note(&piece);
                return Poll::Ready(Ok(Some(piece)));
            }
            if let Some(error) = self.failure.take() {
                return Poll::Ready(Err(self.fail(error)));
            }
            if self.ended {
                return Poll::Ready(Ok(None));
            }
            let transport = &self.request.client.inner().transport;
            let chunk = ready!(transport.poll_incoming(&mut self.opened.incoming, context));
            self.failure = chunk.and_then(|chunk| self.take(chunk)).err();
        }
    }

    /// Takes notice of what is handed out.
    fn note(&mut self, piece: &Delta) {
        let constraint = self.output.constraint();
        let (in_tool, is_grammar) = (
            constraint.mode() == Mode::Tool,
            matches!(constraint, Constraint::Grammar(_)),
        );
        let (text, called) = match piece {
            Delta::Text(text) => (text, false),
            // The first call is the answer, where a tool carries it.
            Delta::Call { index: 0, text } => (text, true),
            _ => return,
        };
        if is_grammar {
            self.watch(text);
        } else if called == in_tool {
            // What is wrong with the text is said when it is read as a whole.
            let _ = self.incoming.push(text);
            self.watch(text);
        }
    }

    /// Holds the next piece of the answer against the constraint, and closes the connection where it leaves it.
    #[cfg(feature = "grammar")]
    fn watch(&mut self, text: &str) {
        if let Some(watch) = &mut self.watch
            && let Err(rejection) = watch.push(text)
        {
            self.departure = Some(rejection);
            self.pieces.clear();
            self.failure = None;
            self.end();
            self.opened.incoming.close();
        }
    }

    #[cfg(not(feature = "grammar"))]
    #[expect(clippy::unused_self, reason = "the other feature has a watch in there")]
    fn watch(&mut self, _text: &str) {}

    /// The answer that was cut where it left its constraint.
    fn cut(self, rejection: Rejection) -> Answer<V> {
        let mut attempt = self.opened.attempt;
        attempt.elapsed = self.opened.started.elapsed();
        attempt.cost = Cost::UNKNOWN;
        let mut ledger = self.ledger;
        ledger.push(attempt);
        let text = rejection.text().to_owned();
        let outcome = Outcome::Invalid(rejection);
        ask::note_failure(&mut ledger, &self.output, &outcome);
        Answer {
            text,
            outcome,
            enforced: self.output.constraint().is_enforced(),
            mode: self.output.constraint().mode(),
            response_id: String::new(),
            ledger,
        }
    }

    /// Takes bytes of the answer, or its end.
    fn take(&mut self, chunk: Option<Bytes>) -> Result<(), Error> {
        let Some(chunk) = chunk else {
            self.end();
            return Ok(());
        };
        if let Some(whole) = &mut self.whole {
            whole.extend_from_slice(&chunk);
            return Ok(());
        }
        let limit = self.request.client.inner().transport.max_response_bytes;
        let events = self.decoder.push(&chunk);
        for event in events.map_err(|_| Error::new(Kind::TooLarge { limit }))? {
            let event = self.redacted(event);
            let pushed = self.state.push(&event, &mut self.pieces);
            pushed.map_err(|error| Error::new(Kind::Stream(error)))?;
            // What comes behind the last event is not waited for.
            if self.state.is_ended() {
                self.end();
            }
        }
        Ok(())
    }

    /// Nothing more comes: somebody else may have the place.
    fn end(&mut self) {
        self.ended = true;
        self.opened.pass.leave();
    }

    /// An event without any of the secrets: servers echo keys in their errors.
    fn redacted(&self, event: SseEvent) -> SseEvent {
        let credentials = &self.request.client.inner().transport.credentials;
        SseEvent {
            data: credentials.redacted(event.data),
            ..event
        }
    }

    /// Ends the stream with an error, which has all attempts with it.
    fn fail(&mut self, error: Error) -> Error {
        self.end();
        // So that the answer cannot be asked for any more, unless the rest of it can be.
        if A::resume_path(&self.request.own, &self.state).is_none() {
            self.state = A::Stream::default();
        }
        self.whole = None;
        telemetry::failed(&self.span, &error);
        let attempt = &mut self.opened.attempt;
        attempt.elapsed = self.opened.started.elapsed();
        attempt.fail(&error);
        let mut ledger = self.ledger.clone();
        ledger.push(attempt.clone());
        error.with_ledger(ledger)
    }
}

impl<A: Api, V> Stream for OutputStream<A, V> {
    type Item = Result<Delta, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_piece(context).map(Result::transpose)
    }
}

impl<A: Api, V> fmt::Debug for OutputStream<A, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputStream")
            .field("state", &self.0.state)
            .field("ended", &self.0.ended)
            .finish_non_exhaustive()
    }
}
