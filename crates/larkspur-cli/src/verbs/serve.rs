//! `larkspur serve`: the local server until it is interrupted.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::Args;
use larkspur_output::Record;
use larkspur_sim::{Fault, Sim, SimBuilder, UnknownFault, Writer, base_url};

use crate::{
    exit::{Failure, Verdict, say},
    input,
    rate::Rate,
    runtime,
};

/// What the answers of the local server come from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum WriterChoice {
    /// Values that a person finds plausible.
    Plausible,
    /// Every corner of the constraint.
    Random,
    /// Recorded answers, from this file.
    Replay(PathBuf),
    /// A real model, in this file.
    Gguf(PathBuf),
}

impl FromStr for WriterChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("replay", file)) if !file.is_empty() => Ok(Self::Replay(file.into())),
            Some(("gguf", file)) if !file.is_empty() => Ok(Self::Gguf(file.into())),
            None if text == "plausible" => Ok(Self::Plausible),
            None if text == "random" => Ok(Self::Random),
            _ => Err("there are `plausible`, `random`, `replay:FILE` and `gguf:FILE`".to_owned()),
        }
    }
}

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// The address to listen on; port 0 picks a free one. Loopback only.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    addr: SocketAddr,
    /// What the answers come from: `plausible` values, `random` ones from every corner of the constraint,
    /// `replay:FILE`, recorded answers (JSON lines with a member `text`) in turn and again from the first,
    /// whatever is asked for, or `gguf:FILE`, a real model, for which the command has to be built with `--features gguf`.
    #[arg(long, value_name = "WRITER", default_value = "plausible")]
    writer: WriterChoice,
    /// The same seed gives the same answers.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// What goes wrong with every request (`cut`), with so many (`cut*3`), which take their turns, or with one of so many
    /// (`cut/20`). `refusal`, `truncation`, `content-filter`, `constraint-ignored`, `rate-limit`, `rate-limit-seconds`,
    /// `rate-limit-date`, `quota`, `server-error`, `overloaded`, `garbage`, `html`, `unknown`, `silent`, `stall`, `cut`,
    /// `cut-character`, `slow`.
    #[arg(long = "fault", value_name = "NAME[*TIMES|/REQUESTS]")]
    faults: Vec<PlannedFault>,
    /// How many requests may come in which time, a minute where it is not said; further ones are refused with status 429, and
    /// every answer says how many are left.
    #[arg(long, value_name = "N[/SECONDS]")]
    request_limit: Option<Rate>,
    /// The same in tokens of what is sent, four bytes each.
    #[arg(long, value_name = "N[/SECONDS]")]
    token_limit: Option<Rate>,
}

/// A fault, and which requests meet it.
#[derive(Clone, Copy, Debug)]
struct PlannedFault {
    fault: Fault,
    share: FaultShare,
}

/// How many requests meet a fault.
#[derive(Clone, Copy, Debug)]
enum FaultShare {
    All,
    Next(u32),
    OneOf(u32),
}

impl FromStr for PlannedFault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |number: &str| {
            let number: Result<u32, _> = number.parse();
            number.map_err(|_| format!("`{text}` does not say how many requests"))
        };
        let (name, share) = if let Some((name, times)) = text.split_once('*') {
            (name, FaultShare::Next(number(times)?))
        } else if let Some((name, requests)) = text.split_once('/') {
            (name, FaultShare::OneOf(number(requests)?))
        } else {
            (text, FaultShare::All)
        };
        let fault = name.parse();
        Ok(Self {
            fault: fault.map_err(|error: UnknownFault| error.to_string())?,
            share,
        })
    }
}

pub(crate) fn run(args: &ServeArgs) -> Result<Verdict, Failure> {
    let server = Sim::builder().addr(args.addr).seed(args.seed);
    let mut server = match &args.writer {
        WriterChoice::Plausible => server.writer(Writer::Plausible),
        WriterChoice::Random => server.writer(Writer::Random),
        WriterChoice::Replay(file) => server.replays(recorded(file)?),
        WriterChoice::Gguf(file) => with_model(server, file)?,
    };
    for PlannedFault { fault, share } in &args.faults {
        server = match share {
            FaultShare::All => server.fault(*fault),
            FaultShare::Next(times) => server.fault_times(*fault, *times),
            FaultShare::OneOf(requests) => server.fault_every(*requests, *fault),
        };
    }
    if let Some(Rate { amount, per }) = args.request_limit {
        server = server.request_limit(amount, per);
    }
    if let Some(Rate { amount, per }) = args.token_limit {
        server = server.token_limit(amount, per);
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

#[cfg(feature = "gguf")]
fn with_model(server: SimBuilder, file: &Path) -> Result<SimBuilder, Failure> {
    let model = larkspur_sim::LocalModel::open(file).map_err(Failure::new)?;
    Ok(server.model(model))
}

#[cfg(not(feature = "gguf"))]
fn with_model(_: SimBuilder, _: &Path) -> Result<SimBuilder, Failure> {
    let failure = Failure::new("this `larkspur` was built without local models");
    Err(failure.hint("build it with `--features gguf`, which takes cmake, libclang, a C++ compiler and some minutes"))
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
