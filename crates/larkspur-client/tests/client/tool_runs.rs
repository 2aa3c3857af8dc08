//! Tools that the program runs, against the local server, which enforces arguments and refuses what is not in pairs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use larkspur_client::{Budget, Client, Delta, Effort, RunnableTool, tool, tool_with};
use larkspur_output::{Target, regex};
use larkspur_schema::{JsonSchema, schemars};
use larkspur_sim::{Fault, Sim, SimBuilder, Writer};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fixture::fast;
use crate::outputs::{Total, offline};

/// Looks something up.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Lookup {
    #[schemars(range(min = 1, max = 9))]
    pub(crate) number: u8,
    note: Option<String>,
}

pub(crate) fn start(sim: SimBuilder) -> (Sim, Client) {
    let sim = sim.start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).retry(fast());
    (sim, client.build().unwrap())
}

/// A tool that counts how often it runs.
pub(crate) fn counting(name: &str) -> (RunnableTool, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let tool = tool(name, move |args: Lookup| {
        let counted = Arc::clone(&counted);
        async move {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok::<_, String>(format!("found {} {:?}", args.number, args.note.is_some()))
        }
    });
    (tool, count)
}

/// What each request said in a member.
fn sent(sim: &Sim, member: &str) -> Vec<Value> {
    let bodies = sim.requests().into_iter().map(|sent| sent.json().unwrap());
    bodies
        .map(|body| body.get(member).cloned().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn tools_run_until_the_value_comes() {
    let (sim, client) = start(Sim::builder());
    let (orders, ordered) = counting("orders");
    let (bills, billed) = counting("bills");
    let request = client.responses("gpt-5.2").input("Total of order 7?");
    let run = request
        .effort(Effort::Low)
        .run_tools([orders, bills])
        .require(["orders"]);
    let reply = run.extract::<Total>().await.unwrap();
    assert_eq!(
        (
            ordered.load(Ordering::SeqCst),
            billed.load(Ordering::SeqCst)
        ),
        (1, 0)
    );
    let [call] = reply.tool_calls() else {
        panic!("{:?}", reply.tool_calls());
    };
    assert!(
        call.succeeded && call.output.starts_with("found "),
        "{call:?}"
    );
    assert_eq!(reply.attempts().len(), 2);
    assert!(reply.cost().is_complete());

    // The list of tools stays, so that it stays cached; only the choice changes.
    let tools = sent(&sim, "tools");
    assert_eq!(tools[0], tools[1]);
    assert_eq!(tools[0].as_array().unwrap().len(), 2);
    assert_eq!(tools[0][0]["strict"], true);
    let choices = sent(&sim, "tool_choice");
    let names = json!([{"type": "function", "name": "orders"}]);
    assert_eq!(
        choices[0],
        json!({"type": "allowed_tools", "mode": "required", "tools": names})
    );
    assert_eq!(
        choices[1],
        json!({"type": "allowed_tools", "mode": "auto", "tools": names})
    );
    // Everything goes back in order, the reasoning too.
    let input = &sent(&sim, "input")[1];
    let kinds: Vec<_> = input
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            None,
            Some("reasoning"),
            Some("function_call"),
            Some("function_call_output")
        ]
    );
    assert_eq!(input[2]["call_id"], input[3]["call_id"]);
}

#[tokio::test]
async fn chat_runs_the_same_tools() {
    let (sim, client) = start(Sim::builder().tool_rounds(2));
    let (lookup, count) = counting("lookup");
    let (other, _) = counting("other");
    let run = client
        .chat("gpt-5.2")
        .input("Total?")
        .run_tools([lookup, other]);
    let reply = run.extract::<Total>().await.unwrap();
    assert_eq!(
        (reply.tool_calls().len(), count.load(Ordering::SeqCst)),
        (4, 2)
    );
    let roles: Vec<_> = sent(&sim, "messages")[2]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["role"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        roles,
        [
            "user",
            "assistant",
            "tool",
            "tool",
            "assistant",
            "tool",
            "tool"
        ]
    );
    // Nothing that is said about an answer only.
    assert!(sent(&sim, "messages")[1][1].get("annotations").is_none());
}

#[tokio::test]
async fn custom_tools_take_text_of_a_grammar() {
    let time = || {
        tool_with(
            "time",
            regex("[0-2][0-9]:[0-5][0-9]").unwrap(),
            |time| async move { Ok::<_, String>(json!({"set": time.text()})) },
        )
    };
    for writer in [Writer::Plausible, Writer::Random] {
        let (sim, client) = start(Sim::builder().tool_rounds(1).writer(writer));
        let run = client
            .responses("gpt-5.2")
            .input("Wake me.")
            .run_tools([time()]);
        let reply = run.text().await.unwrap();
        let [call] = reply.tool_calls() else {
            panic!("{:?}", reply.tool_calls());
        };
        assert_eq!(call.output, json!({"set": call.input}).to_string());
        assert_eq!(reply.value, reply.text);
        let input = &sent(&sim, "input")[1];
        assert_eq!(input[1]["type"], "custom_tool_call");
        assert_eq!(input[2]["type"], "custom_tool_call_output");
        let run = client.chat("gpt-5.2").input("Wake me.").run_tools([time()]);
        assert_eq!(run.text().await.unwrap().tool_calls().len(), 1);
    }
}

#[tokio::test]
async fn grammars_are_described_where_no_custom_tools_are() {
    let sim = Sim::builder().tool_rounds(1).start().unwrap();
    let client = Client::builder()
        .base_url(sim.base_url())
        .target(Target::vllm())
        .build()
        .unwrap();
    let set = tool_with(
        "set",
        regex("[a-z ,.]{1,400}").unwrap(),
        |text| async move { Ok::<_, String>(text.text().to_owned()) },
    );
    let run = client
        .chat("m")
        .input("Set it.")
        .run_tools([set.description("Sets the lamp.")]);
    let reply = run.text().await.unwrap();
    let function = &sent(&sim, "tools")[0][0]["function"];
    let description = function["description"].as_str().unwrap();
    assert!(
        description.starts_with("Sets the lamp.\n\nTakes "),
        "{description}"
    );
    assert!(description.ends_with("[a-z ,.]{1,400}"), "{description}");
    assert_eq!(reply.tool_calls().len(), 1);
    assert!(reply.tool_calls()[0].input.starts_with('{'));
}

#[tokio::test]
async fn calls_run_at_the_same_time_within_their_bound() {
    for (bound, expected) in [(1, 1), (3, 3), (8, 4)] {
        let (_sim, client) = start(Sim::builder().tool_rounds(1));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tools = ["a", "b", "c", "d"].map(|name| {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            tool(name, move |_: Lookup| {
                let (now, most) = (Arc::clone(&now), Arc::clone(&most));
                async move {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    // All that may run have begun by now.
                    for _ in 0..50 {
                        tokio::task::yield_now().await;
                    }
                    now.fetch_sub(1, Ordering::SeqCst);
                    Ok::<_, String>(())
                }
            })
        });
        let run = client
            .responses("gpt-5.2")
            .input("x")
            .run_tools(tools)
            .max_concurrent(bound);
        let reply = run.text().await.unwrap();
        assert_eq!(most.load(Ordering::SeqCst), expected, "at most {bound}");
        let names: Vec<_> = reply
            .tool_calls()
            .iter()
            .map(|call| call.tool.as_str())
            .collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
    }
}

#[tokio::test]
async fn errors_and_late_tools_go_back_as_text() {
    let (sim, client) = start(Sim::builder().tool_rounds(1));
    let broken = tool("broken", |_: Lookup| async {
        Err::<(), _>("the disk is full")
    });
    let late = tool("late", |_: Lookup| async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok::<_, String>(())
    });
    let run = client
        .responses("gpt-5.2")
        .input("x")
        .run_tools([broken, late]);
    let reply = run
        .call_timeout(Duration::from_millis(20))
        .text()
        .await
        .unwrap();
    let outputs: Vec<_> = reply
        .tool_calls()
        .iter()
        .map(|call| (call.succeeded, call.output.as_str()))
        .collect();
    assert_eq!(
        outputs,
        [
            (false, "The tool failed: the disk is full"),
            (
                false,
                "The tool was stopped: it did not answer within 0.02 s."
            ),
        ]
    );
    let input = &sent(&sim, "input")[1];
    assert_eq!(input[3]["output"], outputs[0].1);
}

#[tokio::test]
#[should_panic(expected = "a bug of the program")]
async fn a_panic_of_a_tool_is_not_told_to_the_model() {
    let (_sim, client) = start(Sim::builder().tool_rounds(1));
    let bad = tool("bad", |args: Lookup| async move {
        assert!(args.number > 9, "a bug of the program");
        Ok::<_, String>(())
    });
    let _ = client
        .responses("gpt-5.2")
        .input("x")
        .run_tools([bad])
        .text()
        .await;
}

#[tokio::test]
async fn limits_end_a_model_that_comes_to_no_end() {
    let (sim, client) = start(Sim::builder().tool_rounds(u32::MAX));
    let request = || client.responses("gpt-5.2").input("x");
    let (lookup, count) = counting("lookup");
    let (second, _) = counting("second");
    let tools = || [lookup.clone(), second.clone()];
    let check = async |run: larkspur_client::ToolRun<_>, calls: usize, message: &str| {
        count.store(0, Ordering::SeqCst);
        let error = run.text().await.unwrap_err();
        assert!(error.is_limit(), "{error}");
        assert!(error.to_string().starts_with(message), "{error}");
        // Nothing that was paid for or done is lost.
        assert_eq!(error.tool_calls().len(), calls, "{message}");
        assert_eq!(count.load(Ordering::SeqCst) * 2, calls, "{message}");
        assert_eq!(error.attempts().len(), calls / 2 + 1, "{message}");
    };
    let run = request().run_tools(tools());
    check(
        run.max_rounds(3),
        6,
        "the model still calls tools after 3 rounds",
    )
    .await;
    let run = request().run_tools(tools());
    check(
        run.max_calls(5),
        4,
        "the model calls tools more than 5 times",
    )
    .await;
    check(
        request().run_tools(tools()).max_rounds(0),
        0,
        "the model still calls tools after 0",
    )
    .await;
    let run = request()
        .budget(Budget::none().tokens(1))
        .run_tools(tools());
    check(run, 0, "the model calls tools, and the budget is used up").await;
    drop(sim);
}

#[tokio::test]
async fn no_call_runs_twice_whatever_fails() {
    for fault in [Fault::ServerError, Fault::RateLimit, Fault::Cut] {
        let (sim, client) = start(Sim::builder().tool_rounds(2).fault_times(fault, 1));
        let (lookup, count) = counting("lookup");
        let run = client.responses("gpt-5.2").input("x").run_tools([lookup]);
        let reply = run.extract::<Total>().await.unwrap();
        assert_eq!(count.load(Ordering::SeqCst), 2, "{fault}");
        assert_eq!(reply.attempts().len(), 4, "{fault}");
        assert_eq!(sim.requests().len(), 4, "{fault}");
    }
}

#[tokio::test]
async fn what_is_stored_nowhere_has_its_reasoning_sent_back() {
    let (sim, client) = start(Sim::builder().tool_rounds(1));
    let (lookup, _) = counting("lookup");
    let request = client
        .responses("gpt-5.2")
        .input("x")
        .effort(Effort::High)
        .store(false);
    request.run_tools([lookup]).text().await.unwrap();
    assert_eq!(
        sent(&sim, "include")[0],
        json!(["reasoning.encrypted_content"])
    );
    let reasoning = &sent(&sim, "input")[1][1];
    assert_eq!(reasoning["type"], "reasoning");
    assert!(reasoning["encrypted_content"].as_str().unwrap().len() > 20);
}

#[tokio::test]
async fn the_answers_are_heard_while_they_come() {
    for stall in [false, true] {
        let (sim, client) = start(Sim::builder().tool_rounds(1));
        let (lookup, count) = counting("lookup");
        let (sender, heard) = std::sync::mpsc::channel();
        let hear = move |delta: &Delta| sender.send(delta.clone()).unwrap();
        let text = if stall {
            let run = client
                .chat("gpt-5.2")
                .input("x")
                .run_tools([lookup])
                .on_delta(hear);
            run.extract::<Total>().await.unwrap().text
        } else {
            let run = client
                .responses("gpt-5.2")
                .input("x")
                .run_tools([lookup])
                .on_delta(hear);
            run.extract::<Total>().await.unwrap().text
        };
        assert_eq!(count.load(Ordering::SeqCst), 1);
        let (mut said, mut called) = (String::new(), String::new());
        for delta in heard {
            match delta {
                Delta::Text(text) => said.push_str(&text),
                Delta::Call { text, .. } => called.push_str(&text),
                _ => {}
            }
        }
        assert_eq!(said, text);
        assert!(called.contains("number"), "{called}");
        assert_eq!(sent(&sim, "stream"), [true, true]);
    }
}

#[tokio::test]
async fn a_broken_stream_ends_the_run_with_all_that_was_done() {
    let sim = Sim::builder()
        .tool_rounds(1)
        .fault_times(Fault::Slow, 1)
        .fault(Fault::Cut);
    let (_sim, client) = start(sim);
    let (lookup, count) = counting("lookup");
    let run = client
        .responses("gpt-5.2")
        .input("x")
        .run_tools([lookup])
        .on_delta(|_| {});
    let error = run.text().await.unwrap_err();
    assert!(error.is_broken() || error.is_stream(), "{error}");
    assert_eq!(
        (count.load(Ordering::SeqCst), error.tool_calls().len()),
        (1, 1)
    );
    assert_eq!(error.attempts().len(), 2);
}

#[test]
fn a_run_can_be_moved_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let run = offline().chat("m").run_tools([counting("a").0]);
    is_send(&run.extract::<Total>());
}
