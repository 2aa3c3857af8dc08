//! An answer that comes in pieces.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::{Deadline, Transport};
use crate::error::Error;

/// The pieces of an answer. Dropping them closes the connection.
pub(crate) struct Incoming {
    pub(super) body: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    /// The end of the attempt, which is one for all pieces.
    pub(super) deadline: Deadline,
    /// Bytes that may still come.
    pub(super) left: usize,
}

impl Incoming {
    /// Closes the connection; nothing more comes.
    #[cfg(feature = "grammar")]
    pub(crate) fn close(&mut self) {
        self.body = Box::pin(Closed);
    }
}

/// A body of which nothing comes.
#[cfg(feature = "grammar")]
struct Closed;

#[cfg(feature = "grammar")]
impl Stream for Closed {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}

impl Transport {
    /// The next bytes of an answer that comes in pieces; `None` at its end.
    pub(crate) fn poll_incoming(
        &self,
        incoming: &mut Incoming,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, Error>> {
        if incoming.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(self.too_late()));
        }
        let chunk = ready!(incoming.body.as_mut().poll_next(context));
        Poll::Ready(match chunk {
            None => Ok(None),
            Some(Err(error)) => Err(self.broken(error)),
            Some(Ok(chunk)) if chunk.len() > incoming.left => Err(self.too_large()),
            Some(Ok(chunk)) => {
                incoming.left -= chunk.len();
                Ok(Some(chunk))
            }
        })
    }
}
