//! What goes back over HTTP: one JSON, or events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use crate::rng::Rng;

/// The answer to a request that asks for one.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    Whole(T),
    Events(Events),
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Whole(answer) => axum::Json(answer).into_response(),
            Self::Events(events) => {
                let headers = [
                    (CONTENT_TYPE, "text/event-stream; charset=utf-8"),
                    (CACHE_CONTROL, "no-cache"),
                ];
                (headers, Body::from_stream(events.frames())).into_response()
            }
        }
    }
}

/// The events of a stream, as they are sent, and how they are cut into frames.
#[derive(Debug)]
pub(crate) struct Events {
    bytes: Vec<u8>,
    rng: Rng,
}

impl Events {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            bytes: Vec::new(),
            rng: Rng::new(seed),
        }
    }

    /// Adds an event with this data, and a name if the API gives names.
    pub(crate) fn push(&mut self, name: Option<&str>, data: &Value) {
        if let Some(name) = name {
            self.bytes.extend(format!("event: {name}\n").bytes());
        }
        self.bytes.extend(format!("data: {data}\n\n").bytes());
    }

    /// Adds the line with which Chat ends.
    pub(crate) fn done(&mut self) {
        self.bytes.extend_from_slice(b"data: [DONE]\n\n");
    }

    /// A text in pieces of a few characters, as tokens are.
    pub(crate) fn pieces<'t>(&mut self, mut text: &'t str) -> Vec<&'t str> {
        let mut pieces = Vec::new();
        while !text.is_empty() {
            let count = 1 + self.rng.index(6);
            let end = text
                .char_indices()
                .nth(count)
                .map_or(text.len(), |(at, _)| at);
            let (piece, rest) = text.split_at(end);
            pieces.push(piece);
            text = rest;
        }
        pieces
    }

    /// Padding that hides how long a piece is.
    pub(crate) fn obfuscation(&mut self) -> String {
        let length = 1 + self.rng.index(16);
        let letter = |rng: &mut Rng| char::from(b'a' + u8::try_from(rng.below(26)).unwrap_or(0));
        (0..length).map(|_| letter(&mut self.rng)).collect()
    }

    /// The bytes in frames that know nothing of events, lines or characters.
    fn frames(mut self) -> Frames {
        let mut frames = VecDeque::new();
        let mut rest = Bytes::from(mem::take(&mut self.bytes));
        while !rest.is_empty() {
            let length = (1 + self.rng.index(600)).min(rest.len());
            frames.push_back(rest.split_to(length));
        }
        Frames {
            frames,
            sent: false,
        }
    }
}

/// Frames that go out one by one: after each the connection is flushed.
struct Frames {
    frames: VecDeque<Bytes>,
    sent: bool,
}

impl Stream for Frames {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if mem::take(&mut self.sent) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.sent = true;
        Poll::Ready(self.frames.pop_front().map(Ok))
    }
}
