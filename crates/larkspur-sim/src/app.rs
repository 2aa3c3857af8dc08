//! What all requests of one server share.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::ask::Ask;
use crate::batches::Batches;
use crate::conversations::Conversations;
use crate::engine::{Engine, EngineError};
use crate::fault::{Fault, Faults};
use crate::files::Files;
use crate::log::RequestLog;
use crate::quota::Quota;
use crate::rng::{hash, mix};
use crate::settings::Settings;
use crate::store::Store;
use crate::turn::{self, End, Turn};

/// Distinct request bodies whose repetitions are counted; then the count starts anew.
const COUNTED_BODIES: usize = 100_000;

/// The state of one server.
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) engine: Engine,
    pub(crate) log: RequestLog,
    pub(crate) store: Store,
    pub(crate) conversations: Conversations,
    pub(crate) files: Files,
    pub(crate) batches: Batches,
    pub(crate) counts: Counts,
    pub(crate) faults: Faults,
    pub(crate) quota: Quota,
    seen: Mutex<HashMap<u64, u64>>,
    ids: AtomicU64,
    panics: Mutex<VecDeque<String>>,
}

/// Counts since the start.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) answers: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) incomplete: AtomicU64,
    pub(crate) fallbacks: AtomicU64,
}

impl App {
    pub(crate) fn new(settings: Settings) -> Result<Self, EngineError> {
        Ok(Self {
            engine: Engine::new()?,
            log: RequestLog::new(settings.kept_requests),
            store: Store::new(settings.kept_responses),
            conversations: Conversations::default(),
            files: Files::default(),
            batches: Batches::default(),
            counts: Counts::default(),
            faults: Faults::new(&settings.faults),
            quota: Quota::new(settings.request_rate, settings.token_rate),
            seen: Mutex::default(),
            ids: AtomicU64::new(0),
            panics: Mutex::default(),
            settings,
        })
    }

    /// An id that no other answer of this server has: `prefix` and 48 hex digits.
    pub(crate) fn id(&self, prefix: &str) -> String {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        let first = mix(mix(self.settings.seed.wrapping_add(1)) ^ number);
        format!("{prefix}{first:016x}{:016x}{number:016x}", mix(first))
    }

    /// An id that links a call and its output.
    pub(crate) fn call_id(&self) -> String {
        self.id("call_")
            .chars()
            .take(5 + 24)
            .chain(self.ids.fetch_add(1, Ordering::Relaxed).to_string().chars())
            .collect()
    }

    /// The seed of the answer to `body`: the same body gets the same answers in the same order, whatever else the
    /// server is asked in between.
    pub(crate) fn seed_of(&self, body: &Map<String, Value>) -> u64 {
        let settings_of_transport = ["stream", "stream_options"];
        let mut text = String::new();
        for (name, value) in body
            .iter()
            .filter(|(name, _)| !settings_of_transport.contains(&name.as_str()))
        {
            text.push_str(name);
            text.push_str(&value.to_string());
        }
        let body = hash(text.as_bytes());
        let mut seen = lock(&self.seen);
        if seen.len() >= COUNTED_BODIES {
            seen.clear();
        }
        let turn = seen.entry(body).or_insert(0);
        *turn += 1;
        mix(self.settings.seed ^ mix(body ^ mix(*turn)))
    }

    /// Writes one answer, and counts it.
    pub(crate) fn answer(
        &self,
        ask: &Ask,
        seed: u64,
        fault: Option<Fault>,
    ) -> Result<Turn, ApiError> {
        let turn = turn::answer(&self.engine, &self.settings, ask, seed, fault)
            .map_err(|error| failure(&error))?;
        self.counts.answers.fetch_add(1, Ordering::Relaxed);
        self.counts
            .incomplete
            .fetch_add(u64::from(turn.end != End::Whole), Ordering::Relaxed);
        self.counts
            .fallbacks
            .fetch_add(u64::from(turn.fell_back), Ordering::Relaxed);
        Ok(turn)
    }

    /// Remembers a panic of the server, so that whoever started it hears of it.
    pub(crate) fn note_panic(&self, message: String) {
        let mut panics = lock(&self.panics);
        if panics.len() < 100 {
            panics.push_back(message);
        }
    }

    pub(crate) fn panics(&self) -> Vec<String> {
        lock(&self.panics).iter().cloned().collect()
    }
}

/// An answer that could not be written. `OpenAI`'s texts for constraints that fail only then are not known.
fn failure(error: &EngineError) -> ApiError {
    if error.is_window() {
        return ApiError::invalid(error.to_string()).code("context_length_exceeded");
    }
    if error.is_model() {
        return ApiError::server(error.to_string());
    }
    if error.is_time() {
        return ApiError::server(
            "The server had an error while processing your request: the time for one answer is over.",
        );
    }
    let message = if error.is_dead_end() {
        "No text satisfies the constraint of this request.".to_owned()
    } else {
        format!("The constraint of this request is too complex: {error}")
    };
    ApiError::invalid(message).code("invalid_constraint")
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

/// A poisoned lock here guards plain data that is whole at every step, so the data is still good.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
