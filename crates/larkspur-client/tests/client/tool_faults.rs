//! Every fault, behind a tool that ran already, by every API, streaming or not: no tool runs twice, and all that was done is told.

use std::sync::atomic::Ordering;
use std::time::Duration;

use larkspur_client::{Answer, Api, Client, Error, RequestBuilder, RunnableTool};
use larkspur_output::{Output, OutputType as _};
use larkspur_sim::{Fault, Sim};

use crate::faults::{Through, builder, provider};
use crate::outputs::Total;
use crate::tool_runs::counting;

type Found = Result<Answer<Total>, Error>;

/// Runs a tool until the answer comes, or does not.
async fn run<A: Api<Input: From<&'static str>>>(
    request: RequestBuilder<A>,
    tool: RunnableTool,
    output: &Output<Total>,
    streams: bool,
) -> Found {
    let run = request.input("Total of order 7?").run_tools([tool]);
    let run = if streams { run.on_delta(|_| {}) } else { run };
    run.ask(output).await
}

async fn asked(client: &Client, through: Through, tool: RunnableTool, streams: bool) -> Found {
    let output = larkspur_output::json::<Total>()
        .prepare(client.target())
        .unwrap();
    match through {
        Through::Responses => run(client.responses("gpt-5.2"), tool, &output, streams).await,
        Through::Chat => run(client.chat("gpt-5.2"), tool, &output, streams).await,
        Through::Messages => run(client.messages("claude-opus-4-5"), tool, &output, streams).await,
        Through::GenerateContent => {
            let request = client.generate_content("gemini-3-pro-preview");
            run(request, tool, &output, streams).await
        }
    }
}

/// The first answer calls, and the second request meets the fault, as often as it is sent.
async fn check(fault: Fault, through: Through, streams: bool) {
    let sim = Sim::builder()
        .tool_rounds(2)
        .fault_times(Fault::Unknown, 1)
        .fault(fault)
        .start()
        .unwrap();
    let client = builder(&sim, provider(through)).timeout(Duration::from_millis(1_500));
    let client = client.build().unwrap();
    let (tool, count) = counting("lookup");
    let found = asked(&client, through, tool, streams).await;
    let name = format!("{fault}, {through:?}, streams: {streams}");
    let (attempts, calls) = match &found {
        Ok(answer) => (answer.attempts(), answer.tool_calls()),
        Err(error) => (error.attempts(), error.tool_calls()),
    };
    assert_eq!(attempts.len(), sim.requests().len(), "{name}");
    let mut ids: Vec<_> = calls.iter().map(|call| &call.call_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), calls.len(), "{name}: no call runs twice");
    // Arguments that cannot be read go back to the model, and nothing runs.
    let ran = calls.iter().filter(|call| call.succeeded).count();
    assert_eq!(ran, count.load(Ordering::SeqCst), "{name}");
    // What comes whole, though with news in it, calls a second time; the rest has no calls that could be run.
    let expected = if fault == Fault::Unknown { 2 } else { 1 };
    assert_eq!(ran, expected, "{name}: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_tool_runs_twice_whatever_fails_behind_it() {
    for (_, fault) in Fault::ALL.iter().filter(|(_, fault)| *fault != Fault::Slow) {
        let cases = Through::ALL.map(|through| {
            [false, true].map(|streams| tokio::spawn(check(*fault, through, streams)))
        });
        for case in cases.into_iter().flatten() {
            case.await.unwrap();
        }
    }
}
