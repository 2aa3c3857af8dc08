//! Where requests wait until they may be sent: for a place among those under way, and for what the limits allow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::HeaderMap;
use tokio::sync::{Mutex as AsyncMutex, Notify, OwnedSemaphorePermit, Semaphore};

use crate::limits::{Bucket, RateLimits, Told, Window};

/// Models that are counted for; then the count starts anew.
const MOST_LANES: usize = 1_000;

/// Bytes of a body for a token, about what English text and JSON come to.
const BYTES_PER_TOKEN: usize = 4;

/// The gate of one client, which its clones share.
#[derive(Debug)]
pub(crate) struct Gate {
    places: Option<Arc<Semaphore>>,
    limits: RateLimits,
    /// The longest that a server may have us wait.
    patience: Duration,
    lanes: Mutex<HashMap<String, Arc<Lane>>>,
}

/// Those who wait to ask one model.
#[derive(Debug)]
struct Lane {
    /// Held by the first in the queue; the others wait for it in the order in which they came.
    turn: AsyncMutex<()>,
    state: Mutex<State>,
    /// Something came that the first in the queue may have waited for.
    changed: Notify,
}

#[derive(Debug)]
struct State {
    own_requests: Option<Window>,
    own_tokens: Option<Window>,
    server: Option<Server>,
}

/// What a server says.
#[derive(Debug, Default)]
struct Server {
    patience: Duration,
    /// Something was heard, if only that there is nothing to be heard.
    known: bool,
    /// Since when the request that finds out is on its way.
    asking: Option<Instant>,
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
    paused: Option<Instant>,
}

/// Leave to send one request, and the place that it takes until it is answered.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    place: Option<OwnedSemaphorePermit>,
    lane: Option<Arc<Lane>>,
    /// What was noted of its tokens.
    ticket: Option<u64>,
    /// It goes to find out what the server says.
    asks: bool,
}

impl Gate {
    pub(crate) fn new(places: Option<usize>, limits: RateLimits, patience: Duration) -> Self {
        Self {
            places: places.map(|most| Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)))),
            limits,
            patience,
            lanes: Mutex::default(),
        }
    }

    /// Waits until a request to this model with a body so long may be sent. Where this is dropped, the next one has its turn.
    pub(crate) async fn enter(&self, model: Option<&str>, bytes: usize) -> Pass {
        if let Some(lane) = model.and_then(|model| self.lane(model)) {
            let tokens = bytes.div_ceil(BYTES_PER_TOKEN).max(1) as u64;
            // In a box: nearly nobody waits, and every future that sends has room for this one.
            return Box::pin(lane.enter(tokens, self.places.as_ref())).await;
        }
        let mut pass = Pass::default();
        if self.places.is_some() {
            pass.place = Box::pin(place(self.places.as_ref())).await;
        }
        pass
    }

    /// Those who wait for this model, where anything is to be waited for.
    fn lane(&self, model: &str) -> Option<Arc<Lane>> {
        if self.limits == RateLimits::none().window(self.limits.window) {
            return None;
        }
        let mut lanes = lock(&self.lanes);
        if let Some(lane) = lanes.get(model) {
            return Some(Arc::clone(lane));
        }
        if lanes.len() >= MOST_LANES {
            lanes.clear();
        }
        let lane = Arc::new(Lane::new(self.limits, self.patience));
        lanes.insert(model.to_owned(), Arc::clone(&lane));
        Some(lane)
    }
}

impl Lane {
    fn new(limits: RateLimits, patience: Duration) -> Self {
        let window = |limit: Option<u64>| limit.map(|limit| Window::new(limit, limits.window));
        let server = limits.of_server.then(|| Server {
            patience,
            ..Server::default()
        });
        Self {
            turn: AsyncMutex::default(),
            state: Mutex::new(State {
                own_requests: window(limits.requests),
                own_tokens: window(limits.tokens),
                server,
            }),
            changed: Notify::new(),
        }
    }

    /// Only the first in the queue waits for a place, so that those who wait for one model take none away from another.
    async fn enter(self: Arc<Self>, tokens: u64, places: Option<&Arc<Semaphore>>) -> Pass {
        let turn = self.turn.lock().await;
        let (place, (ticket, asks)) = loop {
            let wait = lock(&self.state).wait(tokens, Instant::now());
            if wait > Duration::ZERO {
                tracing::debug!(wait_ms = wait.as_millis(), "waiting for the rate limit");
                // A timer may be a little early. Over or changed: it is looked at again.
                let wait = wait + Duration::from_millis(1);
                let _ = tokio::time::timeout(wait, self.changed.notified()).await;
                continue;
            }
            let place = place(places).await;
            // While the place was waited for, others were heard of.
            let mut state = lock(&self.state);
            if state.wait(tokens, Instant::now()).is_zero() {
                break (place, state.take(tokens, Instant::now()));
            }
        };
        drop(turn);
        Pass {
            place,
            lane: Some(self),
            ticket,
            asks,
        }
    }
}

/// A place among those under way, where they are counted.
async fn place(places: Option<&Arc<Semaphore>>) -> Option<OwnedSemaphorePermit> {
    // It is never closed.
    Arc::clone(places?).acquire_owned().await.ok()
}

impl State {
    /// How long to wait before looking again.
    fn wait(&mut self, tokens: u64, now: Instant) -> Duration {
        let own = [(&mut self.own_requests, 1), (&mut self.own_tokens, tokens)];
        let own = own.into_iter().filter_map(|(window, amount)| {
            let window = window.as_mut()?;
            Some(window.wait(amount, now))
        });
        let own = own.max().unwrap_or_default();
        let server = self.server.as_mut();
        let server = server.map_or(Duration::ZERO, |server| server.wait(tokens, now));
        server.max(own)
    }

    /// Notes that a request is sent: its ticket, and whether it is the one that finds out what the server says.
    fn take(&mut self, tokens: u64, now: Instant) -> (Option<u64>, bool) {
        if let Some(requests) = &mut self.own_requests {
            requests.take(1, now);
        }
        let own_tokens = self.own_tokens.as_mut();
        let ticket = own_tokens.map(|window| window.take(tokens, now));
        let server = self.server.as_mut();
        (
            ticket,
            server.is_some_and(|server| server.take(tokens, now)),
        )
    }
}

impl Server {
    /// What the server would have us wait, as far as our patience goes.
    fn wait(&mut self, tokens: u64, now: Instant) -> Duration {
        if let (false, Some(since)) = (self.known, self.asking) {
            return self
                .patience
                .saturating_sub(now.saturating_duration_since(since));
        }
        let paused = self
            .paused
            .map(|until| until.saturating_duration_since(now));
        let waits = [
            paused.unwrap_or_default(),
            self.requests
                .as_mut()
                .map_or(Duration::ZERO, |bucket| bucket.wait(1.0, now)),
            self.tokens
                .as_mut()
                .map_or(Duration::ZERO, |bucket| bucket.wait(amount(tokens), now)),
        ];
        let wait = waits.into_iter().max().unwrap_or_default();
        if wait > self.patience {
            Duration::ZERO
        } else {
            wait
        }
    }

    /// Whether the request is the one that finds out.
    fn take(&mut self, tokens: u64, now: Instant) -> bool {
        for (bucket, amount) in [
            (&mut self.requests, 1.0),
            (&mut self.tokens, amount(tokens)),
        ] {
            if let Some(bucket) = bucket {
                bucket.take(amount);
            }
        }
        let asks = !self.known;
        if asks {
            self.asking = Some(now);
        }
        asks
    }

    fn hear(&mut self, headers: &HeaderMap, now: Instant) {
        let (requests, tokens) = Told::of(headers, SystemTime::now());
        for (bucket, told) in [(&mut self.requests, requests), (&mut self.tokens, tokens)] {
            match (bucket, told) {
                (Some(bucket), Some(told)) => bucket.hear(&told, now),
                (bucket @ None, Some(told)) => *bucket = Some(Bucket::new(&told, now)),
                _ => {}
            }
        }
        self.known = true;
        self.asking = None;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a guess, and far below")]
fn amount(tokens: u64) -> f64 {
    tokens as f64
}

impl Pass {
    /// The server has answered, with these headers.
    pub(crate) fn heard(&mut self, headers: &HeaderMap) {
        let Some(lane) = &self.lane else {
            return;
        };
        if let Some(server) = &mut lock(&lane.state).server {
            server.hear(headers, Instant::now());
        }
        self.asks = false;
        lane.changed.notify_one();
    }

    /// The server asks everybody to wait.
    pub(crate) fn pause(&self, wait: Duration) {
        let Some(lane) = &self.lane else {
            return;
        };
        if let Some(server) = &mut lock(&lane.state).server
            && wait <= server.patience
        {
            let until = Instant::now() + wait;
            server.paused = Some(server.paused.map_or(until, |paused| paused.max(until)));
        }
    }

    /// The answer took so many tokens.
    pub(crate) fn used(&self, tokens: u64) {
        let (Some(lane), Some(ticket)) = (&self.lane, self.ticket) else {
            return;
        };
        if let Some(window) = &mut lock(&lane.state).own_tokens {
            window.correct(ticket, tokens);
        }
        lane.changed.notify_one();
    }

    /// The answer is there: somebody else may have the place.
    pub(crate) fn leave(&mut self) {
        self.place = None;
    }
}

impl Drop for Pass {
    /// Who went to find out and came to nothing lets the next one go.
    fn drop(&mut self) {
        if let (true, Some(lane)) = (self.asks, &self.lane) {
            if let Some(server) = &mut lock(&lane.state).server {
                server.asking = None;
            }
            lane.changed.notify_one();
        }
    }
}

/// A poisoned lock here guards plain data that is whole at every step, so the data is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
