//! The server that a verb asks.

use std::env;

use larkspur_client::{Client, ClientBuilder, env::OPENAI_BASE_URL};
use larkspur_sim::Sim;

use crate::exit::{Failure, say};

/// The server that was named, else the one of the environment, else a local one, which runs as long as it is held.
pub(crate) fn client(base_url: Option<&str>) -> Result<(Client, Option<Sim>), Failure> {
    let vars = |name: &str| match base_url {
        Some(url) if name == OPENAI_BASE_URL => Some(url.to_owned()),
        _ => env::var(name).ok(),
    };
    match ClientBuilder::from_vars(vars).and_then(ClientBuilder::build) {
        Ok(client) => Ok((client, None)),
        Err(error) if error.is_no_server() => local(),
        Err(error) => Err(Failure::new(&error)),
    }
}

fn local() -> Result<(Client, Option<Sim>), Failure> {
    let sim = Sim::start()
        .map_err(|error| Failure::new(format_args!("the local server did not start: {error}")))?;
    say("note: no key and no URL are set, so the local server answers, with invented values");
    let client = Client::builder().base_url(sim.base_url()).build();
    Ok((client.map_err(Failure::new)?, Some(sim)))
}
