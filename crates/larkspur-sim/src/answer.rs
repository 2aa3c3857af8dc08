//! What goes back over HTTP: one JSON, or events.

use std::collections::VecDeque;
use std::future::Future as _;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Response};
use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;
use tokio::time::{Sleep, sleep};

use crate::fault::Fault;
use crate::rng::Rng;

/// The answer to a request that asks for one.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    Whole(T),
    Events(Events),
}

impl<T: Serialize> Answer<T> {
    /// The answer as it is sent, with what goes wrong on the way.
    pub(crate) fn sent(self, fault: Option<Fault>) -> Response {
        let gone = match (self, fault) {
            (_, Some(Fault::Html)) => {
                let page = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";
                return (StatusCode::BAD_GATEWAY, Html(page)).into_response();
            }
            (Self::Whole(answer), fault) if !fault.is_some_and(Fault::is_on_the_way) => {
                return axum::Json(answer).into_response();
            }
            (Self::Whole(answer), _) => Events {
                bytes: serde_json::to_vec(&answer).unwrap_or_default(),
                rng: Rng::new(0),
                kind: "application/json",
            },
            (Self::Events(events), _) => events,
        };
        gone.sent(fault)
    }
}

/// The events of a stream, as they are sent, and how they are cut into frames.
#[derive(Debug)]
pub(crate) struct Events {
    bytes: Vec<u8>,
    rng: Rng,
    kind: &'static str,
}

impl Events {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            bytes: Vec::new(),
            rng: Rng::new(seed),
            kind: "text/event-stream; charset=utf-8",
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

    fn sent(mut self, fault: Option<Fault>) -> Response {
        let half = self.bytes.len() / 2;
        let end = match fault {
            Some(Fault::Stall) => End::Stall,
            Some(Fault::Cut | Fault::CutCharacter) => End::Cut,
            _ => End::Whole,
        };
        match fault {
            Some(Fault::Stall | Fault::Cut | Fault::Garbage) => self.bytes.truncate(half),
            Some(Fault::CutCharacter) => {
                self.bytes.truncate(half);
                // Two of the three bytes of a euro sign.
                self.bytes.extend([0xe2, 0x82]);
            }
            Some(Fault::Unknown) => self.unknown(),
            _ => {}
        }
        let pace = (fault == Some(Fault::Slow)).then_some(SLOW);
        let headers = [(CONTENT_TYPE, self.kind), (CACHE_CONTROL, "no-cache")];
        (headers, Body::from_stream(self.frames(end, pace))).into_response()
    }

    /// Adds what no specification names: before everything else, where a reader may be confused most.
    fn unknown(&mut self) {
        let news: &[u8] = match self.bytes.first() {
            Some(b'{') => {
                self.bytes.remove(0);
                b"{\"news\":{\"of\":[\"tomorrow\"]},"
            }
            _ => b": news of tomorrow\r\n\r\nevent: response.telepathy.delta\nid: 7\ndata: {\"type\":\"response.telepathy.delta\",\"delta\":{}}\n\n",
        };
        self.bytes.splice(0..0, news.iter().copied());
    }

    /// The bytes in frames that know nothing of events, lines or characters.
    fn frames(mut self, end: End, pace: Option<Duration>) -> Frames {
        let mut left = VecDeque::new();
        let mut rest = Bytes::from(mem::take(&mut self.bytes));
        let longest = if pace.is_some() { 16 } else { 600 };
        while !rest.is_empty() {
            let length = (1 + self.rng.index(longest)).min(rest.len());
            left.push_back(rest.split_to(length));
        }
        Frames {
            left,
            end,
            pace,
            pause: None,
            sent: false,
        }
    }
}

/// The time between two frames of an answer that comes slowly.
const SLOW: Duration = Duration::from_millis(20);

/// What comes behind the last frame.
#[derive(Clone, Copy, Debug)]
enum End {
    Whole,
    /// The end of the connection.
    Cut,
    /// Nothing.
    Stall,
}

/// Frames that go out one by one: after each the connection is flushed.
struct Frames {
    left: VecDeque<Bytes>,
    end: End,
    pace: Option<Duration>,
    /// What is waited for before the next frame.
    pause: Option<Pin<Box<Sleep>>>,
    /// The last frame is still to be flushed.
    sent: bool,
}

impl Stream for Frames {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if mem::take(&mut self.sent) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(frame) = self.left.pop_front() {
            self.pause = self.pace.map(|pace| Box::pin(sleep(pace)));
            self.sent = true;
            return Poll::Ready(Some(Ok(frame)));
        }
        match self.end {
            End::Whole => Poll::Ready(None),
            End::Cut => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
            // Nobody is woken: the connection ends when the client or the server does.
            End::Stall => Poll::Pending,
        }
    }
}
