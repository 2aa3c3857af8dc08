//! Streams that broke off, taken up where they did.

use std::mem;

use larkspur_wire::SseDecoder;

use super::OutputStream;
use crate::api::Api;
use crate::call::Call;
use crate::cost::Cost;
use crate::error::Error;
use crate::ledger::{AttemptKind, Ledger};

impl<A: Api, V> OutputStream<A, V> {
    /// Takes a stream up again that broke off, behind the last event that came: for answers that the server makes in the
    /// [background](crate::RequestBuilder::background). Nothing is asked of the model again, nothing comes twice, and what was handed
    /// out stays.
    ///
    /// ```no_run
    /// # use larkspur_client::{Client, Delta};
    /// # async fn run() -> Result<(), larkspur_client::Error> {
    /// # let client = Client::from_env()?;
    /// let request = client.responses("gpt-5.2-pro").input("…").background();
    /// let mut stream = request.stream::<Vec<String>>().await?;
    /// loop {
    ///     match stream.next().await {
    ///         Ok(Some(Delta::Text(text))) => print!("{text}"),
    ///         Ok(Some(_)) => {}
    ///         Ok(None) => break,
    ///         Err(error) if error.is_broken() => stream.resume().await?,
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// let reply = stream.answer().await?.into_reply()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The answer is not made in the background, is whole, or nothing of it has come; the server cannot be reached or refuses. It
    /// may be tried again.
    pub async fn resume(&mut self) -> Result<(), Error> {
        let inner = &mut *self.0;
        let Some(path) = A::resume_path(&inner.request.own, &inner.state) else {
            return Err(Error::config_with_hint(
                "there is no stream to be taken up",
                "only what is made in the `background`, has begun, and is not whole can be resumed",
            ));
        };
        let transport = &inner.request.client.inner().transport;
        let mut ledger = Ledger::default();
        let call = Call::get(path);
        let opening = transport.open(&call, AttemptKind::Resume, &mut ledger);
        let opened = opening.await;
        inner.ledger.append(ledger);
        match opened {
            Ok(opened) => {
                let mut broken = mem::replace(&mut inner.opened, opened).attempt;
                // The end of the answer will say what all of it cost.
                broken.cost = Cost::ZERO;
                inner.ledger.push(broken);
                inner.decoder = SseDecoder::with_max_event_bytes(transport.max_response_bytes);
                inner.failure = None;
                inner.ended = false;
                Ok(())
            }
            Err(error) => Err(error.with_ledger(inner.ledger.clone())),
        }
    }
}
