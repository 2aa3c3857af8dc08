//! The one thing only the facade can do: join the client and the local server.

use std::sync::{Mutex, PoisonError};

use larkspur_client::Client;
use larkspur_sim::Sim;

/// The local server of this process, started at the first need and stopped with the process.
static LOCAL: Mutex<Option<Sim>> = Mutex::new(None);

/// A client for whatever the environment names, or for a local server where it names nothing.
///
/// With `OPENAI_API_KEY`, `COMETAPI_KEY` or `OPENAI_BASE_URL` set, this is [`Client::from_env`]. Otherwise it starts a
/// [`Sim`] on a free loopback port, once per process, and the client talks to that over real HTTP: no key, no network.
/// `client.base_url()` tells which.
///
/// # Errors
///
/// Where the variables are set to something unusable, or the local server cannot listen.
///
/// ```
/// # fn main() -> Result<(), larkspur::ConnectError> {
/// let client = larkspur::connect()?;
/// # Ok(())
/// # }
/// ```
pub fn connect() -> Result<Client, ConnectError> {
    match Client::from_env() {
        Err(error) if error.is_no_server() => local(),
        result => result.map_err(|error| ConnectError(Cause::Client(error))),
    }
}

fn local() -> Result<Client, ConnectError> {
    let mut local = LOCAL.lock().unwrap_or_else(PoisonError::into_inner);
    let sim = match &mut *local {
        Some(sim) => sim,
        empty => empty.insert(Sim::start().map_err(|error| ConnectError(Cause::Sim(error)))?),
    };
    Client::builder()
        .base_url(sim.base_url())
        .build()
        .map_err(|error| ConnectError(Cause::Client(error)))
}

/// Neither the environment nor the local server gave a client.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ConnectError(Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Client(larkspur_client::Error),
    #[error("the local server did not start")]
    Sim(#[source] larkspur_sim::Error),
}
