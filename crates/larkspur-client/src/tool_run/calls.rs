//! The calls of one answer, run at the same time.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::api::Call;
use crate::ledger::ToolCall;
use crate::runnable::{Run, Running};
use crate::telemetry;

use super::Limits;

/// Characters of an output that the server takes (the published specification, `FunctionCallOutputItemParam`).
const LONGEST_OUTPUT: usize = 10_485_760;

/// A call as it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Called {
    pub(super) id: String,
    pub(super) tool: String,
    pub(super) text: String,
    pub(super) custom: bool,
}

impl From<Call<'_>> for Called {
    fn from(call: Call<'_>) -> Self {
        Self {
            id: call.id.to_owned(),
            tool: call.name.to_owned(),
            text: call.text.into_owned(),
            custom: call.custom,
        }
    }
}

impl Called {
    /// The call with what came of it.
    fn gave(&self, (gave, elapsed): Done) -> ToolCall {
        let gave = gave.and_then(bounded);
        let succeeded = gave.is_ok();
        ToolCall {
            call_id: self.id.clone(),
            tool: self.tool.clone(),
            input: self.text.clone(),
            output: gave.unwrap_or_else(|reason| reason),
            succeeded,
            elapsed,
        }
    }
}

type Done = (Result<String, String>, Duration);

/// Runs calls at the same time, as many as the limits allow, and gives what came of them in their order. A call comes with how it
/// is run, or with why it is not.
///
/// Where this is dropped, the tools that run are dropped too.
pub(super) async fn run(
    calls: Vec<(Called, Result<Arc<Run>, String>)>,
    limits: Limits,
) -> Vec<ToolCall> {
    let mut done: Vec<(usize, ToolCall)> = Vec::new();
    let mut waiting = Vec::new();
    for (at, (call, run)) in calls.into_iter().enumerate() {
        match run.and_then(|run| begin(run.as_ref(), &call.text)) {
            Ok(running) => waiting.push((at, call, running)),
            Err(reason) => done.push((at, call.gave((Err(reason), Duration::ZERO)))),
        }
    }
    let mut waiting = waiting.into_iter();
    let mut running = JoinSet::new();
    for (at, call, work) in waiting.by_ref().take(limits.concurrent) {
        running.spawn(ran(at, call, work, limits.call_time).in_current_span());
    }
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok(one) => done.push(one),
            // A panic is a bug of the program, not something to tell the model.
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(_) => {}
        }
        if let Some((at, call, work)) = waiting.next() {
            running.spawn(ran(at, call, work, limits.call_time).in_current_span());
        }
    }
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, call)| call).collect()
}

/// Reads the input. Nothing runs before what comes of it is awaited.
fn begin(run: &Run, text: &str) -> Result<Running, String> {
    run(text).map_err(|rejection| {
        let reask = rejection.reask();
        let violations = reask.split_once('\n').map_or("", |(_, violations)| violations);
        format!(
            "The tool was not run: its input does not have the required form. Correct this and call it again:\n{violations}"
        )
    })
}

async fn ran(at: usize, call: Called, work: Running, time: Option<Duration>) -> (usize, ToolCall) {
    let span = telemetry::tool(&call.tool, &call.id);
    let started = Instant::now();
    let gave = async {
        match time {
            None => work.await,
            Some(time) => tokio::time::timeout(time, work).await.unwrap_or_else(|_| {
                Err(format!(
                    "The tool was stopped: it did not answer within {} s.",
                    time.as_secs_f64()
                ))
            }),
        }
    };
    let gave = gave.instrument(span.clone()).await;
    let call = call.gave((gave, started.elapsed()));
    telemetry::ran(&span, &call);
    (at, call)
}

/// An output that is not longer than the server takes.
fn bounded(output: String) -> Result<String, String> {
    if output.len() <= LONGEST_OUTPUT {
        return Ok(output);
    }
    match output.chars().count() {
        ..=LONGEST_OUTPUT => Ok(output),
        length => Err(format!(
            "The tool's output is too long: {length} characters, of which {LONGEST_OUTPUT} can be sent."
        )),
    }
}
