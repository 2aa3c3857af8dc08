//! Answers that are read while they come.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use larkspur_output::Output;
use larkspur_wire::{Delta, SseDecoder, SseEvent};
use tracing::Instrument as _;

use crate::answer::Said;
use crate::api::{Accumulate as _, Api};
use crate::ask::{self, Answer};
use crate::error::{Error, Kind};
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::transport::{Answered, Opened};

/// An answer that is still coming: its pieces as they come, and in the end the value.
///
/// The pieces are what the model writes, before anything is read or checked: only [`answer`](Self::answer) gives a value. What
/// fails before the first piece is retried as any request is; what fails behind it is an error, and so is a stream that ends
/// without its last event. A rejected answer is not asked for again. Dropping the stream closes the connection, and the server
/// stops writing.
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
) -> Result<OutputStream<A, V>, Error> {
    let mut body = request.build();
    A::streamed(&mut body);
    let call = ask::call(&request, &body)?;
    let mut ledger = Ledger::default();
    let span = ask::span(A::NAME, &request.settings.model);
    let transport = &request.client.inner().transport;
    let opening = transport.open(&call, AttemptKind::First, &mut ledger);
    let opened = match opening.instrument(span.clone()).await {
        Ok(opened) => opened,
        Err(error) => return Err(error.with_ledger(ledger)),
    };
    let kind = opened.content_type.as_deref().unwrap_or_default();
    let whole = kind.starts_with("application/json").then(Vec::new);
    Ok(OutputStream(Box::new(Inner {
        decoder: SseDecoder::with_max_event_bytes(transport.max_response_bytes),
        request,
        output,
        opened,
        state: A::Stream::default(),
        pieces: VecDeque::new(),
        failure: None,
        ledger,
        span,
        whole,
        ended: false,
    })))
}

impl<A: Api, V> OutputStream<A, V> {
    /// The next piece; `None` when nothing more comes. It may be cancelled and called again, and nothing is lost.
    ///
    /// # Errors
    ///
    /// The connection broke, the time is over, the server sent an error, or what it sends is no stream. After an error nothing
    /// more comes.
    pub async fn next(&mut self) -> Result<Option<Delta>, Error> {
        poll_fn(|context| self.0.poll_piece(context)).await
    }

    /// The answer, read when all of it has come. Pieces that were not asked for are passed over.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and as [`RequestBuilder::ask`].
    pub async fn answer(mut self) -> Result<Answer<V>, Error> {
        while self.next().await?.is_some() {}
        let Inner {
            request,
            output,
            opened,
            state,
            mut ledger,
            span,
            whole,
            ..
        } = *self.0;
        let mut attempt = opened.attempt;
        attempt.elapsed = opened.started.elapsed();
        let finished = match whole {
            Some(body) => ask::read::<A>(&Answered {
                body: body.into(),
                content_type: opened.content_type,
                attempt: attempt.clone(),
            }),
            None => state
                .finish()
                .map_err(|error| Error::new(Kind::Stream(error))),
        };
        let (client, model) = (request.client.inner(), request.settings.model.as_str());
        ask::settle::<A>(client, model, finished.as_ref(), &mut attempt);
        ask::note_usage(&span, &attempt);
        ledger.push(attempt);
        let read = finished.and_then(|response| {
            let said = Said::of::<A>(&response, output.constraint());
            let outcome = ask::outcome::<A, V>(&response, &said, &output)?;
            Ok((response, said, outcome))
        });
        let (response, said, outcome) = match read {
            Ok(read) => read,
            Err(error) => return Err(error.with_ledger(ledger)),
        };
        ask::note_failure(&mut ledger, &outcome);
        ask::record::<A, V>(&request, &response, &said, &output, &outcome);
        Ok(Answer {
            outcome,
            text: said.text().to_owned(),
            enforced: output.constraint().is_enforced(),
            response_id: A::receipt(&response).id.to_owned(),
            ledger,
        })
    }
}

impl<A: Api, V> Inner<A, V> {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Delta>, Error>> {
        loop {
            if let Some(piece) = self.pieces.pop_front() {
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

    /// Takes bytes of the answer, or its end.
    fn take(&mut self, chunk: Option<Bytes>) -> Result<(), Error> {
        let Some(chunk) = chunk else {
            self.ended = true;
            return Ok(());
        };
        if let Some(whole) = &mut self.whole {
            whole.extend_from_slice(&chunk);
            return Ok(());
        }
        let limit = self.request.client.inner().transport.max_response_bytes;
        let events = self.decoder.push(&chunk);
        for event in events.map_err(|_| Error::new(Kind::TooLarge { limit }))? {
            let pushed = self.state.push(&self.redacted(event));
            self.pieces
                .extend(pushed.map_err(|error| Error::new(Kind::Stream(error)))?);
            // What comes behind the last event is not waited for.
            self.ended |= self.state.is_ended();
        }
        Ok(())
    }

    /// An event without any of the secrets: servers echo keys in their errors.
    fn redacted(&self, event: SseEvent) -> SseEvent {
        let credentials = &self.request.client.inner().transport.credentials;
        SseEvent {
            data: credentials.redact(&event.data),
            ..event
        }
    }

    /// Ends the stream with an error, which has all attempts with it.
    fn fail(&mut self, error: Error) -> Error {
        self.ended = true;
        // So that the answer cannot be asked for any more.
        self.state = A::Stream::default();
        self.whole = None;
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
