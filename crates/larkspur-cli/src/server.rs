//! The server that a verb asks.

use std::env;

use larkspur_client::env::{ANTHROPIC_API_KEY, GEMINI_API_KEY, OPENAI_BASE_URL};
use larkspur_client::{Client, ClientBuilder, Provider};
use larkspur_sim::Sim;

use crate::{
    args::{Api, ModelArgs},
    exit::{Failure, say},
};

/// The server that was named, else the one of the environment, else a local one, which runs as long as it is held.
pub(crate) fn client(args: &ModelArgs) -> Result<(Client, Option<Sim>), Failure> {
    let base_url = args.base_url.as_deref();
    let own = args.catalogue.own()?;
    let knows = |builder: ClientBuilder| match own {
        Some(own) => builder.catalogue(own),
        None => builder,
    };
    let (provider, key) = match args.api {
        Api::Responses | Api::Chat => return of_openai(base_url, knows),
        Api::Messages => (Provider::anthropic(), ANTHROPIC_API_KEY),
        Api::Gemini => (Provider::gemini(), GEMINI_API_KEY),
    };
    let key = env::var(key).ok().filter(|key| !key.trim().is_empty());
    let builder = knows(Client::builder().provider(provider));
    let builder = match (base_url, key) {
        (None, None) => return local(builder),
        (None, Some(key)) => builder.api_key(key),
        (Some(url), None) => builder.base_url(url),
        (Some(url), Some(key)) => builder.base_url(url).api_key(key),
    };
    Ok((builder.build().map_err(Failure::new)?, None))
}

fn of_openai(
    base_url: Option<&str>,
    knows: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<(Client, Option<Sim>), Failure> {
    let vars = |name: &str| match base_url {
        Some(url) if name == OPENAI_BASE_URL => Some(url.to_owned()),
        _ => env::var(name).ok(),
    };
    let builder = match ClientBuilder::from_vars(vars) {
        Err(error) if error.is_no_server() => return local(knows(Client::builder())),
        builder => knows(builder.map_err(Failure::new)?),
    };
    Ok((builder.build().map_err(Failure::new)?, None))
}

fn local(builder: ClientBuilder) -> Result<(Client, Option<Sim>), Failure> {
    let sim = Sim::start()
        .map_err(|error| Failure::new(format_args!("the local server did not start: {error}")))?;
    say("note: no key and no URL are set, so the local server answers, with invented values");
    let client = builder.base_url(sim.base_url()).build();
    Ok((client.map_err(Failure::new)?, Some(sim)))
}
