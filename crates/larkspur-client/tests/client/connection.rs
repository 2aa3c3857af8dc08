//! What a stream does to its connection: it is read as fast as the pieces are taken, and closed where nobody wants more.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use larkspur_client::{Client, Delta, OutputStream, Responses, RetryPolicy};
use serde_json::json;

use crate::outputs::Total;

/// More than a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads a request to its end.
fn read(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
}

/// A server whose answer has no end. It goes on as long as anybody reads, and then says how long that was.
struct Endless {
    client: Client,
    /// Bytes that were taken off its hands.
    written: Arc<AtomicU64>,
    server: JoinHandle<Instant>,
}

impl Endless {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = Client::builder()
            .base_url(format!("http://{}/v1", listener.local_addr().unwrap()))
            .retry(RetryPolicy::none())
            .max_response_bytes(usize::MAX);
        let written = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&written);
        Self {
            client: client.build().unwrap(),
            written,
            server: std::thread::spawn(move || {
                let (stream, _) = listener.accept().unwrap();
                stream.set_write_timeout(Some(PATIENCE)).unwrap();
                read(&stream);
                say(&stream, &count);
                Instant::now()
            }),
        }
    }

    async fn open(&self) -> OutputStream<Responses, Total> {
        let request = self.client.responses("m").input("Total?");
        request.stream::<Total>().await.unwrap()
    }

    fn written(&self) -> u64 {
        self.written.load(Ordering::SeqCst)
    }

    /// The server has noticed that nobody reads on, soon after this moment.
    fn closes_soon(self, since: Instant) {
        let noticed = self.server.join().unwrap();
        assert!(noticed.duration_since(since) < PATIENCE / 4);
    }
}

fn say(mut stream: &TcpStream, count: &AtomicU64) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let delta = |text: &str| {
        let event = json!({"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": text});
        format!("data: {event}\n\n")
    };
    let item = json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "msg_1", "role": "assistant", "content": []}});
    let part = json!({"type": "response.content_part.added", "output_index": 0, "content_index": 0, "part": {"type": "output_text", "text": ""}});
    let begin = format!(
        "{head}data: {item}\n\ndata: {part}\n\n{}",
        delta("{\"currency\": \"")
    );
    let more = delta(&"x".repeat(8_000));
    let mut text = begin;
    while stream.write_all(text.as_bytes()).is_ok() {
        count.fetch_add(text.len() as u64, Ordering::SeqCst);
        text.clone_from(&more);
    }
}

/// Until some of the answer is there.
async fn begun(stream: &mut OutputStream<Responses, Total>) {
    while !matches!(stream.next().await.unwrap(), Some(Delta::Text(_))) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_dropped_closes_its_connection() {
    let server = Endless::start();
    let mut stream = server.open().await;
    begun(&mut stream).await;
    drop(stream);
    server.closes_soon(Instant::now());
    // In whatever form it is read, and while it is waited for.
    let server = Endless::start();
    let mut partials = server.open().await.partials_as::<serde_json::Value>();
    partials.next().await.unwrap();
    drop(partials);
    server.closes_soon(Instant::now());
    let server = Endless::start();
    let stream = server.open().await;
    let waiting = tokio::spawn(stream.answer());
    tokio::time::sleep(Duration::from_millis(50)).await;
    waiting.abort();
    server.closes_soon(Instant::now());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_an_answer_and_gives_up_closes_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        read(&stream);
        stream.read(&mut [0]).unwrap()
    });
    let client = Client::builder().base_url(url).build().unwrap();
    let asked = client.responses("m").input("Total?").extract::<Total>();
    tokio::time::timeout(Duration::from_millis(100), asked)
        .await
        .unwrap_err();
    assert_eq!(server.join().unwrap(), 0, "the connection has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_no_faster_than_the_program() {
    let server = Endless::start();
    let mut stream = server.open().await;
    begun(&mut stream).await;
    // What nobody takes stays in the buffers on the way, and when these are full nothing more is written.
    let (since, mut seen, mut alike) = (Instant::now(), 0, 0);
    while alike < 5 {
        assert!(
            since.elapsed() < PATIENCE,
            "{seen} bytes, and more and more"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = server.written();
        alike = if now == seen { alike + 1 } else { 0 };
        seen = now;
    }
    assert!(seen < 64 << 20, "{seen}");
    // It goes on with the program.
    while server.written() < seen + (4 << 20) {
        stream.next().await.unwrap();
    }
    drop(stream);
    server.closes_soon(Instant::now());
}
