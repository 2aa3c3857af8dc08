//! What a server is started with.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::fault::{Fault, Share};
#[cfg(feature = "gguf")]
use crate::local_model::LocalModel;
use crate::quota::Rate;
use crate::writer::Writer;

/// Settings of a server; the builder fills them in.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) writer: Writer,
    /// Writes in place of the writer.
    #[cfg(feature = "gguf")]
    pub(crate) model: Option<LocalModel>,
    pub(crate) seed: u64,
    /// What goes wrong, and how often.
    pub(crate) faults: Vec<(Fault, Share)>,
    pub(crate) addr: SocketAddr,
    /// Bind to an address that other machines reach.
    pub(crate) public: bool,
    pub(crate) required_key: Option<String>,
    /// What may come in which time, in requests and in tokens.
    pub(crate) request_rate: Option<Rate>,
    pub(crate) token_rate: Option<Rate>,
    /// Rounds of calls after which an answer comes, where tools may be called; as the writer likes where no number is given.
    pub(crate) tool_rounds: Option<u32>,
    /// Requests of a batch that are answered before its time is over; all where no number is given.
    pub(crate) batch_expires_after: Option<usize>,
    /// What is said before the writer is asked, in turn.
    pub(crate) script: Arc<Mutex<VecDeque<String>>>,
    /// What was said of the script comes again behind the rest of it.
    pub(crate) says_again: bool,
    /// Bytes of one answer at most.
    pub(crate) max_output_bytes: usize,
    /// Bytes of one request body at most.
    pub(crate) max_body_bytes: usize,
    /// Answers written at the same time.
    pub(crate) max_concurrent: usize,
    /// Time for a request body to arrive.
    pub(crate) read_time: Duration,
    /// Time for one answer to be written.
    pub(crate) answer_time: Duration,
    /// Requests kept in the log.
    pub(crate) kept_requests: usize,
    /// Responses kept for `previous_response_id`.
    pub(crate) kept_responses: usize,
}

impl Settings {
    /// The next answer of the script.
    pub(crate) fn scripted(&self) -> Option<String> {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let said = script.pop_front()?;
        if self.says_again {
            script.push_back(said.clone());
        }
        Some(said)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            writer: Writer::default(),
            #[cfg(feature = "gguf")]
            model: None,
            seed: 0,
            faults: Vec::new(),
            addr: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            public: false,
            required_key: None,
            request_rate: None,
            token_rate: None,
            tool_rounds: None,
            batch_expires_after: None,
            script: Arc::default(),
            says_again: false,
            max_output_bytes: 64 * 1024,
            max_body_bytes: 32 * 1024 * 1024,
            max_concurrent: 32,
            read_time: Duration::from_secs(30),
            answer_time: Duration::from_secs(20),
            kept_requests: 1_000,
            kept_responses: 1_000,
        }
    }
}
