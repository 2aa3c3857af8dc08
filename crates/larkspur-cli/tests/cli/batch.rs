//! `larkspur batch`: every row has one line in one of two files, whatever happens on the way.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use larkspur_sim::{Fault, Sim};
use serde_json::Value;

use crate::support::{Files, Ran, larkspur};

const SCHEMA: &str = r#"{"type": "object", "properties": {"vendor": {"type": "string"}, "total": {"type": "number"}},
    "required": ["vendor", "total"]}"#;

const REGEX: &str = "[a-z]{3}";

fn rows(count: usize) -> String {
    let rows: Vec<String> = (0..count).map(|row| format!("\"row {row}\"\n")).collect();
    rows.concat()
}

fn batch(files: &Files, sim: &Sim, input: &str, more: &[&str]) -> Ran {
    let (input, output) = (files.path(input), files.path("out.jsonl"));
    let mut args = vec!["batch", &input, "-o", &output, "--base-url", sim.base_url()];
    if !more
        .iter()
        .any(|arg| ["--schema", "--grammar"].contains(arg))
    {
        args.extend(["--regex", REGEX]);
    }
    args.extend(more);
    larkspur(&args, "")
}

fn lines(files: &Files, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(files.path(name)).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

fn indices(lines: &[Value]) -> Vec<u64> {
    let mut indices: Vec<u64> = lines
        .iter()
        .map(|line| line["index"].as_u64().unwrap())
        .collect();
    indices.sort_unstable();
    indices
}

fn prompts(sim: &Sim) -> BTreeSet<String> {
    let bodies = sim.requests();
    let bodies = bodies
        .iter()
        .filter_map(larkspur_sim::ReceivedRequest::json);
    bodies
        .map(|body| body["input"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_row_gets_a_value_that_names_it() {
    let sim = Sim::start().unwrap();
    let table = "id,text\nA-7,\"Nails, 3 kg\"\nA-8,Glue\n";
    let lines_in =
        "{\"id\": \"x\", \"input\": \"Nails\"}\n\n\"Glue\"\n{\"name\": \"Screws\", \"count\": 3}\n";
    let files = Files::new(&[
        ("s.json", SCHEMA),
        ("in.csv", table),
        ("in.jsonl", lines_in),
    ]);
    let schema = files.path("s.json");
    let prompt = [
        "--schema",
        &schema,
        "--prompt",
        "{{{id}}}: {text}",
        "--instructions",
        "Read it.",
    ];
    let ran = batch(&files, &sim, "in.csv", &prompt);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("2 rows: 2 values; cost $"),
        "{}",
        ran.stderr
    );
    let done = lines(&files, "out.jsonl");
    assert_eq!(indices(&done), [0, 1]);
    for line in &done {
        assert!(line["value"]["total"].is_number(), "{line}");
        assert_eq!(line["id"], if line["index"] == 0 { "A-7" } else { "A-8" });
    }
    assert_eq!(
        prompts(&sim),
        BTreeSet::from(["{A-7}: Nails, 3 kg".to_owned(), "{A-8}: Glue".to_owned()])
    );

    let sim = Sim::start().unwrap();
    fs::remove_file(files.path("out.jsonl")).unwrap();
    let ran = batch(&files, &sim, "in.jsonl", &["--api", "responses"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let asked = ["Nails", "Glue", "{\"name\":\"Screws\",\"count\":3}"];
    assert_eq!(prompts(&sim), BTreeSet::from(asked.map(str::to_owned)));
}

#[test]
fn what_is_done_is_not_asked_for_again() {
    let sim = Sim::start().unwrap();
    let files = Files::new(&[("in.jsonl", &rows(3))]);
    assert_eq!(batch(&files, &sim, "in.jsonl", &[]).code, 0);
    let first = fs::read_to_string(files.path("out.jsonl")).unwrap();
    // A line that is cut off is dropped, and rows may be added.
    let cut = first.len() - 5;
    fs::write(files.path("out.jsonl"), &first[..cut]).unwrap();
    fs::write(files.path("in.jsonl"), rows(5)).unwrap();
    let ran = batch(&files, &sim, "in.jsonl", &[]);
    assert!(
        ran.stderr
            .starts_with("5 rows: 5 values (2 of them from before); cost"),
        "{}",
        ran.stderr
    );
    assert_eq!(indices(&lines(&files, "out.jsonl")), [0, 1, 2, 3, 4]);
    assert_eq!(sim.requests().len(), 3 + 3);
}

#[test]
fn rows_without_a_value_go_to_their_own_file() {
    let sim = Sim::builder()
        .fault_times(Fault::Refusal, 2)
        .start()
        .unwrap();
    let files = Files::new(&[("in.jsonl", &rows(4))]);
    let ran = batch(&files, &sim, "in.jsonl", &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let told = files.strip(&ran.stderr);
    assert!(
        told.starts_with("4 rows: 2 values, 2 without a value in `DIR/out.failures.jsonl`; cost"),
        "{told}"
    );
    let failed = lines(&files, "out.failures.jsonl");
    assert!(
        failed
            .iter()
            .all(|line| line["error"]["kind"] == "refusal" && line["answered"] == true)
    );
    // They were paid: only who asks for it pays again.
    assert_eq!(batch(&files, &sim, "in.jsonl", &[]).code, 1);
    assert_eq!(sim.requests().len(), 4);
    let ran = batch(&files, &sim, "in.jsonl", &["--retry-failures"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(indices(&lines(&files, "out.jsonl")), [0, 1, 2, 3]);
    assert_eq!(lines(&files, "out.failures.jsonl"), Vec::<Value>::new());
}

#[test]
fn what_was_not_answered_is_asked_again_without_a_word() {
    let sim = Sim::builder()
        .fault_times(Fault::Garbage, 2)
        .start()
        .unwrap();
    let files = Files::new(&[("in.jsonl", &rows(4))]);
    let ran = batch(&files, &sim, "in.jsonl", &["--concurrency", "1"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(indices(&lines(&files, "out.failures.jsonl")), [0, 1]);
    assert_eq!(
        lines(&files, "out.failures.jsonl")[0]["error"]["kind"],
        "unanswered"
    );
    assert_eq!(batch(&files, &sim, "in.jsonl", &[]).code, 0);
    assert_eq!(lines(&files, "out.failures.jsonl"), Vec::<Value>::new());
}

#[test]
fn what_would_meet_every_row_stops_the_run() {
    let files = Files::new(&[("in.jsonl", &rows(50))]);
    let sim = Sim::builder().required_key("sk-other").start().unwrap();
    let ran = batch(&files, &sim, "in.jsonl", &["--concurrency", "2"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("stopped: ") && ran.stderr.contains("401"),
        "{}",
        ran.stderr
    );
    assert!(sim.requests().len() <= 3);

    let sim = Sim::builder().fault(Fault::Garbage).start().unwrap();
    let ran = batch(&files, &sim, "in.jsonl", &["--concurrency", "2"]);
    assert!(ran.stderr.contains("stopped: "), "{}", ran.stderr);
    assert!(sim.requests().len() < 15, "{}", sim.requests().len());
}

#[test]
fn a_run_spends_no_more_than_it_may() {
    let sim = Sim::start().unwrap();
    let files = Files::new(&[("in.jsonl", &rows(50))]);
    let ran = batch(
        &files,
        &sim,
        "in.jsonl",
        &["--max-cost", "0.0001", "--concurrency", "1"],
    );
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("stopped: as much as it may cost has been spent"),
        "{}",
        ran.stderr
    );
    assert!(sim.requests().len() < 50);
    let ran = batch(&files, &sim, "in.jsonl", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(sim.requests().len(), 50);
}

#[test]
fn a_dry_run_sends_nothing() {
    let sim = Sim::start().unwrap();
    let files = Files::new(&[("in.jsonl", &rows(1000))]);
    let ran = batch(&files, &sim, "in.jsonl", &["--dry-run"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.stderr
            .starts_with("1000 rows, 1000 to ask about: about "),
        "{}",
        ran.stderr
    );
    assert!(!std::path::Path::new(&files.path("out.jsonl")).exists());
    assert!(
        ran.stderr.contains(" for input, output not counted"),
        "{}",
        ran.stderr
    );
    assert_eq!(sim.requests().len(), 0);
}

#[test]
fn what_cannot_be_gone_on_with_is_refused_before_anything_is_paid() {
    let sim = Sim::start().unwrap();
    let files = Files::new(&[
        ("in.jsonl", &rows(2)),
        ("other.jsonl", "\"row 0\"\n\"another\"\n"),
        ("number.jsonl", "\"row 0\"\n7\n"),
        ("broken.jsonl", "\"row 0\n"),
        ("ragged.csv", "a,b\n1,2\n1,2,3\n"),
    ]);
    assert_eq!(batch(&files, &sim, "in.jsonl", &[]).code, 0);
    let check = |input: &str, more: &[&str], expected: &str| {
        let ran = batch(&files, &sim, input, more);
        let told = files.strip(&ran.stderr);
        assert_eq!(ran.code, 2, "{told}");
        assert!(told.contains(expected), "{told}");
    };
    check(
        "other.jsonl",
        &[],
        "row 1 is not the one that `DIR/out.jsonl` has an answer to",
    );
    check(
        "in.jsonl",
        &["--model", "gpt-5.1"],
        "`DIR/out.jsonl` was begun with another model",
    );
    check(
        "in.jsonl",
        &["--prompt", "{input}"],
        "begun with another prompt",
    );
    check("in.jsonl", &["--prompt", "{input"], "a `{` is not closed");
    check("in.jsonl", &["--prompt", "input}"], "a `}` closes nothing");
    check("in.jsonl", &["--concurrency", "0"], "concurrency");
    check("in.jsonl", &["--max-cost=-1"], "not an amount of dollars");
    check("absent.jsonl", &[], "cannot read `DIR/absent.jsonl`");
    fs::write(files.path("out.jsonl.job.json"), "{\n").unwrap();
    check(
        "in.jsonl",
        &[],
        "`DIR/out.jsonl.job.json` was not written by `larkspur batch`",
    );
    fs::remove_file(files.path("out.jsonl")).unwrap();
    check(
        "number.jsonl",
        &[],
        "`DIR/number.jsonl`, line 2: a row is a JSON string or a JSON object",
    );
    check(
        "broken.jsonl",
        &[],
        "`DIR/broken.jsonl`, line 1: it is not JSON",
    );
    check(
        "ragged.csv",
        &[],
        "`DIR/ragged.csv`: CSV error: record 2 (line: 3",
    );
    fs::write(files.path("out.jsonl"), "somebody's text\n").unwrap();
    check(
        "in.jsonl",
        &[],
        "`DIR/out.jsonl`, line 1, was not written by `larkspur batch`",
    );
    assert_eq!(
        fs::read_to_string(files.path("out.jsonl")).unwrap(),
        "somebody's text\n"
    );
    assert_eq!(sim.requests().len(), 2);
}

#[test]
fn a_row_without_what_the_prompt_asks_for_is_told() {
    let sim = Sim::start().unwrap();
    let files = Files::new(&[("in.jsonl", "{\"text\": \"a\"}\n{\"txt\": \"b\"}\n")]);
    let ran = batch(&files, &sim, "in.jsonl", &["--prompt", "{text}"]);
    assert_eq!(ran.code, 1);
    let failed = lines(&files, "out.failures.jsonl");
    assert_eq!(
        failed[0]["error"]["message"],
        "it has no `text`, which the prompt asks for"
    );
}

/// Killed at fifty moments: no row is lost, none has two lines, and what was answered is not paid again, but for the rows that were
/// under way when the kill came.
#[test]
fn a_run_that_is_killed_goes_on() {
    const ROWS: usize = 2_000;
    const KILLS: usize = 50;
    let sim = Sim::start().unwrap();
    let files = Files::new(&[("in.jsonl", &rows(ROWS))]);
    for kill in 0..KILLS {
        kill_a_run(&files, &sim, kill);
    }
    let ran = batch(&files, &sim, "in.jsonl", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let done = lines(&files, "out.jsonl");
    assert_eq!(indices(&done), (0..ROWS as u64).collect::<Vec<_>>());
    assert!(
        sim.requests().len() <= ROWS + 4 * KILLS,
        "{}",
        sim.requests().len()
    );
}

/// Kills a run while it starts, or after it has answered some rows.
fn kill_a_run(files: &Files, sim: &Sim, kill: usize) {
    let output = files.path("out.jsonl");
    let answered = || {
        let text = fs::read(&output).unwrap_or_default();
        text.split(|byte| *byte == b'\n').count()
    };
    let before = answered();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("larkspur"))
        .args(["batch", &files.path("in.jsonl"), "-o", &output])
        .args(["--base-url", sim.base_url(), "--regex", REGEX])
        .args(["--concurrency", "4"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let wanted = kill % 10;
    if wanted == 0 {
        thread::sleep(Duration::from_millis(kill as u64));
    }
    let started = Instant::now();
    while answered() < before + wanted {
        assert!(started.elapsed() < Duration::from_secs(60));
        thread::sleep(Duration::from_micros(300));
    }
    assert!(
        child.try_wait().unwrap().is_none(),
        "done before kill {kill}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn two_runs_do_not_share_an_output() {
    let sim = Sim::start().unwrap();
    let files = Files::new(&[("in.jsonl", &rows(1))]);
    let held = fs::File::create(files.path("out.jsonl")).unwrap();
    held.lock().unwrap();
    let ran = batch(&files, &sim, "in.jsonl", &[]);
    assert_eq!(ran.code, 2);
    assert!(
        files
            .strip(&ran.stderr)
            .contains("another run writes to `DIR/out.jsonl`")
    );
}
