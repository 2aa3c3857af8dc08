//! `larkspur serve`: the local server until it is interrupted.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
};

use larkspur_sim::{Sim, Writer, base_url};

use crate::{
    args::{FaultShare, PlannedFault, ServeArgs, WriterName},
    exit::{Failure, Verdict, say},
    runtime,
};

pub(crate) fn run(args: &ServeArgs) -> Result<Verdict, Failure> {
    let mut server = Sim::builder()
        .addr(args.addr)
        .writer(writer(args.writer))
        .seed(args.seed);
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

fn writer(name: WriterName) -> Writer {
    match name {
        WriterName::Plausible => Writer::Plausible,
        WriterName::Random => Writer::Random,
    }
}
