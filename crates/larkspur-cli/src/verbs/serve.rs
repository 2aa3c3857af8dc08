//! `larkspur serve`: the local server until it is interrupted.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::Path,
};

use larkspur_output::Record;
use larkspur_sim::{Sim, Writer, base_url};

use crate::{
    args::{FaultShare, PlannedFault, ServeArgs, WriterChoice},
    exit::{Failure, Verdict, say},
    input, runtime,
};

pub(crate) fn run(args: &ServeArgs) -> Result<Verdict, Failure> {
    let server = Sim::builder().addr(args.addr).seed(args.seed);
    let mut server = match &args.writer {
        WriterChoice::Plausible => server.writer(Writer::Plausible),
        WriterChoice::Random => server.writer(Writer::Random),
        WriterChoice::Replay(file) => server.replays(recorded(file)?),
    };
    for PlannedFault { fault, share } in &args.faults {
        server = match share {
            FaultShare::All => server.fault(*fault),
            FaultShare::Next(times) => server.fault_times(*fault, *times),
            FaultShare::OneOf(requests) => server.fault_every(*requests, *fault),
        };
    }
    runtime::block_on(server.serve(announce, interrupted()))?.map_err(|error| {
        Failure::new(format_args!("cannot serve on {}: {error}", args.addr))
            .hint("`--addr 127.0.0.1:0` takes a free port")
    })?;
    Ok(Verdict::Yes)
}

/// The address is data: a script reads it from the first line of stdout.
fn announce(addr: SocketAddr) {
    let mut stdout = io::stdout().lock();
    let told = writeln!(stdout, "{}", base_url(addr)).and_then(|()| stdout.flush());
    if told.is_ok() {
        say("serving until interrupted; clients take that URL as OPENAI_BASE_URL, with any key");
    }
}

async fn interrupted() {
    // Where the signal cannot be waited for, its default action still ends the process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The texts of a file of recorded answers.
fn recorded(file: &Path) -> Result<Vec<String>, Failure> {
    let source = input::read(file)?;
    let records = Record::read_all(&source.text).map_err(|error| {
        Failure::new(format_args!("{}: {error}", source.name))
            .hint("each line is an object with a member `text`, as a recorder writes it")
    })?;
    if records.is_empty() {
        let message = format!("{}: there is no recorded answer", source.name);
        return Err(Failure::new(message));
    }
    Ok(records.into_iter().map(|record| record.text).collect())
}
