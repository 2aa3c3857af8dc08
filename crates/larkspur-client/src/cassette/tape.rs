//! Answers on their way to the tape and from it.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::lines::Lines;
use crate::secret::Credentials;

use super::mask::Mask;
use super::{Asked, Exchange};

/// The headers of answers that say something to a client. No other is written: cookies least of all.
const HEADERS: &[&str] = &[
    "content-type",
    "location",
    "request-id",
    "retry-after",
    "retry-after-ms",
    "x-request-id",
    "x-should-retry",
];

/// What the names of headers about rate limits begin with.
const RATE_LIMITS: [&str; 2] = ["x-ratelimit-", "anthropic-ratelimit-"];

/// A recorded answer, as if it came from a server.
pub(super) fn response(exchange: &Exchange) -> Result<reqwest::Response, Error> {
    let mut builder = http::Response::builder().status(exchange.status);
    for (name, value) in &exchange.headers {
        if let Value::String(value) = value {
            builder = builder.header(name, value);
        }
    }
    let pieces = exchange.body.iter().map(|piece| Bytes::from(piece.clone()));
    let pieces = Pieces {
        left: pieces.collect(),
        broken: exchange.broken,
    };
    let response = builder.body(reqwest::Body::wrap_stream(pieces));
    let response = response
        .map_err(|error| Error::config(format!("what the cassette holds is no answer: {error}")))?;
    Ok(response.into())
}

/// The pieces of a recorded body.
struct Pieces {
    left: VecDeque<Bytes>,
    broken: bool,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(piece) = self.left.pop_front() {
            return Poll::Ready(Some(Ok(piece)));
        }
        let broken = std::mem::take(&mut self.broken);
        Poll::Ready(broken.then(|| {
            Err(io::Error::other(
                "the connection broke when this was recorded",
            ))
        }))
    }
}

/// The same answer, which is written down when all of it was read, or when nobody reads on.
pub(super) fn tee(
    asked: Asked,
    response: reqwest::Response,
    lines: Lines,
    (mask, credentials): (Mask, Credentials),
) -> reqwest::Response {
    let (status, headers) = (response.status(), response.headers().clone());
    let tee = Tee {
        exchange: Exchange {
            method: asked.method,
            path: asked.path,
            request: asked.request,
            status: status.as_u16(),
            headers: kept(&headers, &mask, &credentials),
            body: Vec::new(),
            broken: false,
        },
        pieces: Vec::new(),
        from: Box::pin(response.bytes_stream()),
        lines,
        mask,
        credentials,
    };
    let mut response = http::Response::new(reqwest::Body::wrap_stream(tee));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}

fn kept(headers: &HeaderMap, mask: &Mask, credentials: &Credentials) -> Map<String, Value> {
    let is_kept = |name: &str| {
        HEADERS.contains(&name) || RATE_LIMITS.iter().any(|prefix| name.starts_with(prefix))
    };
    let kept = headers.iter().filter(|(name, _)| is_kept(name.as_str()));
    kept.filter_map(|(name, value)| {
        let value = mask.clean(value.to_str().ok()?, credentials);
        Some((name.as_str().to_owned(), Value::String(value)))
    })
    .collect()
}

/// A body that is read and kept.
struct Tee {
    exchange: Exchange,
    pieces: Vec<Bytes>,
    from: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    lines: Lines,
    mask: Mask,
    credentials: Credentials,
}

impl Stream for Tee {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.from.as_mut().poll_next(context));
        match &piece {
            Some(Ok(piece)) => self.pieces.push(piece.clone()),
            Some(Err(_)) => self.exchange.broken = true,
            None => {}
        }
        Poll::Ready(piece)
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        self.exchange.body = texts(&self.pieces, &self.mask, &self.credentials);
        if let Ok(line) = serde_json::to_string(&self.exchange) {
            self.lines.write(line);
        }
    }
}

/// The pieces as texts, cut between characters. Where something is taken out of them, which may be in several, they become one.
fn texts(pieces: &[Bytes], mask: &Mask, credentials: &Credentials) -> Vec<String> {
    let whole = pieces.concat();
    let text = String::from_utf8_lossy(&whole);
    let clean = mask.clean(&text, credentials);
    if clean != text || matches!(text, std::borrow::Cow::Owned(_)) {
        return vec![clean];
    }
    let mut texts = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for piece in pieces {
        end += piece.len();
        if let Some(piece) = text.get(begin..end) {
            texts.push(piece.to_owned());
            begin = end;
        }
    }
    texts
}
