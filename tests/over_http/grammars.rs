//! The grammars of `grammars/` over real HTTP: sent, held by the local server, read as trees.

use std::fs;
use std::path::Path;

use larkspur_client::{Api, Client, RequestBuilder};
use larkspur_grammar::Tree;
use larkspur_output::{Outcome, Output, OutputType as _, grammar};
use larkspur_sim::{Sim, Writer};
use tokio::runtime::Runtime;

/// Answers asked for per grammar and API.
const ANSWERS: usize = 10;

fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grammars");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let larks = files.filter(|path| path.extension().is_some_and(|ending| ending == "lark"));
    larks
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

fn ask<A: Api>(
    runtime: &Runtime,
    request: RequestBuilder<A>,
    output: &Output<Tree<'static>>,
) -> (String, Outcome<Tree<'static>>) {
    let answer = runtime.block_on(request.reask(0).ask(output)).unwrap();
    (answer.text, answer.outcome)
}

#[test]
fn answers_to_the_shipped_grammars_are_read() {
    let sim = Sim::builder().writer(Writer::Random).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let runtime = Runtime::new().unwrap();
    let (mut read, mut cut) = (0, 0);
    for (name, lark) in shipped() {
        let output = grammar(&lark).unwrap().prepare(client.target()).unwrap();
        for number in 0..ANSWERS {
            let prompt = format!("{name}, number {number}");
            let responses = ask(
                &runtime,
                client.responses("gpt-5.2").input(prompt.as_str()),
                &output,
            );
            let chat = ask(
                &runtime,
                client.chat("gpt-5.2").input(prompt.as_str()),
                &output,
            );
            for (text, outcome) in [responses, chat] {
                match outcome {
                    Outcome::Value(tree) => {
                        assert_eq!(tree.text(), text.as_bytes());
                        read += 1;
                    }
                    // A random writer does not know when to stop.
                    Outcome::Truncated { .. } => cut += 1,
                    other => panic!("{name}: {text:?}: {other:?}"),
                }
            }
        }
    }
    assert!(read >= 200 && cut <= 40, "{read} read, {cut} cut");
}
