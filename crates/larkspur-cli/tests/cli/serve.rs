use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use crate::support::larkspur;

/// A server that is killed at the end of the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_first_line_of_stdout_is_the_base_url() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larkspur"));
    command.args([
        "serve",
        "--addr",
        "127.0.0.1:0",
        "--writer",
        "random",
        "--seed",
        "3",
    ]);
    let mut server = Server(
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut url = String::new();
    BufReader::new(server.0.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let addr = url
        .trim_end()
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix("/v1"))
        .unwrap();

    let mut stream = TcpStream::connect(addr).unwrap();
    write!(
        stream,
        "GET /v1/models HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("gpt-5.2"),
        "{answer}"
    );
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
