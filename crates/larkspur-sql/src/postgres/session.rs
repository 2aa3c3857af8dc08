//! The one connection, and the thread that it lives on.

use std::{
    fmt::Write as _,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::{Client, Config, NoTls, types::Type};

use super::{Found, Reply, catalog, run};
use crate::{Cancel, Error, Plan, Query, Rows, RunLimits, error::Kind};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// What a connection is told before anything else. Texts are read as the guard reads them; nothing waits for locks; values are written in one way.
const SETTINGS: &str = "SET default_transaction_read_only = on; SET standard_conforming_strings = on; SET lock_timeout = '2s'; \
    SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = error; SET DateStyle = 'ISO'; \
    SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1";

/// Something to do with the connection.
pub(super) enum Job {
    Catalog {
        reply: Reply<Result<Found, Error>>,
    },
    Prepare {
        sql: String,
        /// Types of parameters that PostgreSQL can't find out.
        parameters: Vec<Type>,
        /// Whether it is planned too.
        plan: bool,
        reply: Reply<Result<(), tokio_postgres::Error>>,
    },
    Run {
        query: Query,
        limits: RunLimits,
        cancel: Cancel,
        reply: Reply<Result<Rows, Error>>,
    },
    Explain {
        query: Query,
        reply: Reply<Result<Plan, Error>>,
    },
}

/// A thread with a connection, which ends when this does.
pub(super) struct Session(UnboundedSender<Job>);

impl Session {
    /// Connects, so that it is known at once whether it can.
    pub(super) fn open(config: Arc<Config>, schemas: &[String]) -> Result<Self, Error> {
        let name = config.get_dbname().unwrap_or("postgres").to_owned();
        let setup = settings(schemas);
        let (jobs, todo) = unbounded_channel();
        let (ready, opened) = mpsc::sync_channel(1);
        let spawned = thread::Builder::new()
            .name("larkspur-postgres".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                if let Ok(runtime) = runtime {
                    runtime.block_on(serve(&config, &setup, todo, &ready));
                }
            });
        if spawned.is_err() {
            return Err(gone());
        }
        match opened.recv() {
            Ok(Ok(())) => Ok(Self(jobs)),
            Ok(Err(error)) => Err(Error::new(Kind::Open(name), error)),
            Err(_) => Err(gone()),
        }
    }

    /// Has something done, and waits for it.
    pub(super) fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Error> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.0.send(job(reply)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())
    }
}

fn gone() -> Error {
    Error::bare(Kind::Gone)
}

/// With the schemas that are looked into; PostgreSQL's own comes before them.
fn settings(schemas: &[String]) -> String {
    let mut settings = SETTINGS.to_owned();
    let quoted = schemas
        .iter()
        .map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
    let quoted: Vec<String> = quoted.collect();
    if !quoted.is_empty() {
        // Writing to a text does not fail.
        let _ = write!(settings, "; SET search_path = {}", quoted.join(", "));
    }
    settings
}

async fn connect(config: &Config, setup: &str) -> Result<Client, tokio_postgres::Error> {
    let mut config = config.clone();
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    let (client, connection) = config.connect(NoTls).await?;
    // It ends with the client; what fails is told to whoever asks.
    drop(tokio::spawn(connection));
    client.batch_execute(setup).await?;
    Ok(client)
}

type Opened = Reply<Result<(), tokio_postgres::Error>>;

async fn serve(config: &Config, setup: &str, mut todo: UnboundedReceiver<Job>, ready: &Opened) {
    let mut client = match connect(config, setup).await {
        Ok(client) => client,
        Err(error) => return drop(ready.send(Err(error))),
    };
    if ready.send(Ok(())).is_err() {
        return;
    }
    while let Some(job) = todo.recv().await {
        if client.is_closed()
            && let Ok(again) = connect(config, setup).await
        {
            client = again;
        }
        if work(&mut client, job).await == After::Reconnect
            && let Ok(again) = connect(config, setup).await
        {
            client = again;
        }
    }
}

/// What becomes of the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Keep,
    /// The server was told to end a run. It may hear of that only later, and would end what comes next.
    Reconnect,
}

/// Whoever asked may be gone by the time of the answer.
async fn work(client: &mut Client, job: Job) -> After {
    match job {
        Job::Catalog { reply } => {
            let found = catalog::read(client).await;
            drop(reply.send(found.map_err(|error| Error::new(Kind::Catalog, error))));
        }
        Job::Prepare {
            sql,
            parameters,
            plan,
            reply,
        } => {
            drop(reply.send(run::prepare(client, &sql, &parameters, plan).await));
        }
        Job::Run {
            query,
            limits,
            cancel,
            reply,
        } => {
            let (rows, after) = run::run(client, &query, &limits, &cancel).await;
            drop(reply.send(rows));
            return after;
        }
        Job::Explain { query, reply } => {
            drop(reply.send(run::explain(client, &query).await));
        }
    }
    After::Keep
}
