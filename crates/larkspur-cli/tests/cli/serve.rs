use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use crate::support::{Files, larkspur};

/// A server that is killed at the end of the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server; with the address that it tells.
fn serve(args: &[&str]) -> (Server, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larkspur"));
    command.args(["serve", "--addr", "127.0.0.1:0"]).args(args);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = Server(command.spawn().unwrap());
    let mut url = String::new();
    BufReader::new(server.0.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let addr = url
        .trim_end()
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix("/v1"))
        .unwrap();
    (server, addr.to_owned())
}

fn exchange(addr: &str, request: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    write!(
        stream,
        "{request} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_first_line_of_stdout_is_the_base_url() {
    let (_server, addr) = serve(&["--writer", "random", "--seed", "3"]);
    let answer = exchange(&addr, "GET /v1/models", "");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("gpt-5.2"),
        "{answer}"
    );
}

#[test]
fn recorded_answers_are_said_again() {
    let lines = "{\"text\": \"once\", \"model\": \"gpt-5.2\"}\n\n{\"text\": \"twice \\u00e9\"}\n";
    let files = Files::new(&[("answers.jsonl", lines)]);
    let writer = format!("replay:{}", files.path("answers.jsonl"));
    let (_server, addr) = serve(&["--writer", &writer]);
    for said in ["once", "twice é", "once"] {
        let body = r#"{"model":"gpt-5.2","input":"Hi."}"#;
        let answer = exchange(&addr, "POST /v1/responses", body);
        let text = format!("\"text\":\"{said}\"");
        assert!(answer.contains(&text), "{answer}");
    }
}

#[test]
fn limits_are_kept_and_told() {
    let body = r#"{"model":"gpt-5.2","input":"Hi."}"#;
    for (limit, header, others) in [
        (
            ["--request-limit", "2/3600"],
            "x-ratelimit-limit-requests: 2",
            "-tokens",
        ),
        (
            ["--token-limit", "20/3600"],
            "x-ratelimit-limit-tokens: 20",
            "-requests",
        ),
    ] {
        let (_server, addr) = serve(&limit);
        for status in ["200", "200", "429"] {
            let answer = exchange(&addr, "POST /v1/responses", body);
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{answer}"
            );
            assert!(
                answer.contains(header) && !answer.contains(others),
                "{answer}"
            );
        }
    }
    // In a minute, where nothing else is said: one comes back each second.
    let (_server, addr) = serve(&["--request-limit", "60"]);
    let answer = exchange(&addr, "POST /v1/responses", body);
    let reset = answer
        .split_once("x-ratelimit-reset-requests: ")
        .and_then(|(_, rest)| rest.lines().next());
    let soon = |reset: &str| reset == "1s" || reset.starts_with('9') && reset.ends_with("ms");
    assert!(reset.is_some_and(soon), "{answer}");
    for limit in [
        "0", "-1", "many", "5/", "5/0", "5/-1", "5/NaN", "5/inf", "/5", "",
    ] {
        for flag in ["--request-limit", "--token-limit"] {
            let ran = larkspur(&["serve", &format!("{flag}={limit}")], "");
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{limit}");
            assert!(ran.stderr.contains(flag), "{}", ran.stderr);
        }
    }
}

/// What is said to a file that is no model, or to any where there are none.
#[cfg(feature = "gguf")]
const NO_MODEL: &str = "it is no GGUF file";
#[cfg(not(feature = "gguf"))]
const NO_MODEL: &str = "build it with `--features gguf`";

#[test]
fn writers_that_are_none_are_refused() {
    let wrong = "{\"text\": \"a\"}\n{\"txt\": 1}\n";
    let files = Files::new(&[("none.jsonl", "\n"), ("wrong.jsonl", wrong)]);
    let replay = |name: &str| format!("replay:{}", files.path(name));
    for (writer, said) in [
        (
            "monkeys".to_owned(),
            "there are `plausible`, `random`, `replay:FILE` and `gguf:FILE`",
        ),
        (
            "gguf:".to_owned(),
            "there are `plausible`, `random`, `replay:FILE` and `gguf:FILE`",
        ),
        (
            "replay:".to_owned(),
            "there are `plausible`, `random`, `replay:FILE` and `gguf:FILE`",
        ),
        (replay("absent.jsonl"), "absent.jsonl"),
        (replay("none.jsonl"), "there is no recorded answer"),
        (replay("wrong.jsonl"), "line 2"),
        (format!("gguf:{}", files.path("none.jsonl")), NO_MODEL),
    ] {
        let ran = larkspur(&["serve", "--writer", &writer], "");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn an_address_that_is_taken_or_not_loopback_is_refused() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    for addr in [addr.as_str(), "0.0.0.0:0", "nonsense"] {
        let ran = larkspur(&["serve", "--addr", addr], "");
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{addr}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(addr), "{}", ran.stderr);
    }
}

#[test]
fn a_fault_that_is_none_is_refused() {
    for (fault, said) in [
        (
            "telepathy",
            "no fault is called `telepathy`; there are refusal",
        ),
        ("cut/some", "`cut/some` does not say how many requests"),
        ("cut*many", "`cut*many` does not say how many requests"),
    ] {
        let ran = larkspur(&["serve", "--fault", fault], "");
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}
