//! Starting and stopping a server.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::app::App;
use crate::error::Error;
use crate::fault::{Fault, Share};
#[cfg(feature = "gguf")]
use crate::local_model::LocalModel;
use crate::log::ReceivedRequest;
use crate::quota::Rate;
use crate::server;
use crate::settings::Settings;
use crate::writer::Writer;

/// How long a dropped server waits for what it is writing.
const GOODBYE: Duration = Duration::from_secs(1);

/// A running server on its own thread. It stops when it is dropped.
///
/// ```
/// use larkspur_sim::Sim;
///
/// let sim = Sim::start()?;
/// assert!(sim.base_url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), larkspur_sim::Error>(())
/// ```
pub struct Sim {
    addr: SocketAddr,
    base_url: String,
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sim {
    /// Starts a server with the default settings on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// Where no port, no thread or no engine is to be had.
    pub fn start() -> Result<Self, Error> {
        Self::builder().start()
    }

    /// Settings for a server.
    pub fn builder() -> SimBuilder {
        SimBuilder {
            settings: Settings::default(),
        }
    }

    /// What clients take as base URL: `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address that the server listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The last requests (1,000, and 64 MiB of bodies), oldest first. A request is listed once it is answered.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.app.log.all()
    }

    /// What the server has done so far.
    pub fn counts(&self) -> Counts {
        let read = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
        let counts = &self.app.counts;
        Counts {
            answers: read(&counts.answers),
            refused: read(&counts.refused),
            incomplete: read(&counts.incomplete),
            fallbacks: read(&counts.fallbacks),
        }
    }

    /// Panics inside the server, which are bugs of it. The requests that hit them were answered with status 500.
    pub fn panics(&self) -> Vec<String> {
        self.app.panics()
    }
}

/// What a server has done since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Answers written; `n` choices are `n` answers.
    pub answers: u64,
    /// Requests refused.
    pub refused: u64,
    /// Answers cut by a bound on the length.
    pub incomplete: u64,
    /// Answers that the other writer had to write: the plausible one had no value that the engine accepts, or the
    /// random one found no end.
    pub fallbacks: u64,
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl Drop for Sim {
    /// Stops the server. A panic inside it goes on here, so that a test cannot pass over it.
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        if std::thread::panicking() {
            return;
        }
        if let Some(Err(panic)) = ended {
            std::panic::resume_unwind(panic);
        }
        let panics = self.app.panics();
        if !panics.is_empty() {
            std::panic::resume_unwind(Box::new(format!(
                "the local server panicked: {}",
                panics.join("; ")
            )));
        }
    }
}

/// Settings for a server; what is not set keeps its default.
///
/// ```
/// use larkspur_sim::{Sim, Writer};
///
/// let sim = Sim::builder().writer(Writer::Random).seed(7).max_output_bytes(2_000).start()?;
/// # drop(sim);
/// # Ok::<(), larkspur_sim::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct SimBuilder {
    settings: Settings,
}

impl fmt::Debug for SimBuilder {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings {
            writer, seed, addr, ..
        } = &self.settings;
        let builder = &mut f.debug_struct("SimBuilder");
        builder
            .field("writer", writer)
            .field("seed", seed)
            .field("addr", addr)
            .finish_non_exhaustive()
    }
}

impl SimBuilder {
    /// Who chooses the answers. Default: [`Writer::Plausible`].
    pub fn writer(mut self, writer: Writer) -> Self {
        self.settings.writer = writer;
        self
    }

    /// A real model in place of the writer: it answers what it is asked, under the same constraints. Default: none.
    #[cfg(feature = "gguf")]
    pub fn model(mut self, model: LocalModel) -> Self {
        self.settings.model = Some(model);
        self
    }

    /// The seed of all answers. The same seed gives the same body the same answers, in the same order. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Something that goes wrong with every request, once the faults before it have had their turn.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.settings.faults.push((fault, Share::All));
        self
    }

    /// Something that goes wrong with so many requests, once the faults before it have had their turn.
    pub fn fault_times(mut self, fault: Fault, times: u32) -> Self {
        self.settings.faults.push((fault, Share::Next(times)));
        self
    }

    /// Something that goes wrong with one of so many requests, again and again, once the faults in turn are over; with none for 0.
    ///
    /// ```
    /// # use larkspur_sim::{Fault, Sim};
    /// // Five of a hundred requests fail, each in its own way.
    /// let sim = Sim::builder().fault_every(100, Fault::Cut).fault_every(25, Fault::RateLimit).start()?;
    /// # Ok::<(), larkspur_sim::Error>(())
    /// ```
    pub fn fault_every(mut self, requests: u32, fault: Fault) -> Self {
        self.settings.faults.push((fault, Share::OneOf(requests)));
        self
    }

    /// Where to listen; port 0 takes a free one. Default: `127.0.0.1:0`.
    pub fn addr(mut self, addr: SocketAddr) -> Self {
        self.settings.addr = addr;
        self
    }

    /// Allows an address that other machines reach. The server asks for no key unless told to. Default: not allowed.
    pub fn allow_public_addr(mut self) -> Self {
        self.settings.public = true;
        self
    }

    /// The key that requests have to carry. Default: any key or none.
    pub fn required_key(mut self, key: impl Into<String>) -> Self {
        self.settings.required_key = Some(key.into());
        self
    }

    /// How many requests may come in which time; further ones are refused with status 429, and every answer says how many are left
    /// (`x-ratelimit-…`, or `anthropic-ratelimit-…` where that API is asked). The limit is a bucket that fills evenly. At least 1. Default: any
    /// number, and nothing is said.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use larkspur_sim::Sim;
    /// let sim = Sim::builder().request_limit(60, Duration::from_secs(60)).start()?;
    /// # Ok::<(), larkspur_sim::Error>(())
    /// ```
    pub fn request_limit(mut self, requests: u32, per: Duration) -> Self {
        let amount = requests.max(1);
        self.settings.request_rate = Some(Rate { amount, per });
        self
    }

    /// As [`request_limit`](Self::request_limit), in tokens of what is sent, four bytes each.
    pub fn token_limit(mut self, tokens: u32, per: Duration) -> Self {
        let amount = tokens.max(1);
        self.settings.token_rate = Some(Rate { amount, per });
        self
    }

    /// Answers to one message of the user that call tools, before one comes that does not, where tools may but need not be called:
    /// every function that may be called, at once where parallel calls are allowed. Default: calls come as a model might make
    /// them, and never after the output of a tool.
    ///
    /// ```
    /// # use larkspur_sim::Sim;
    /// // A model that comes to no end, against which loops over tools want to be bounded.
    /// let sim = Sim::builder().tool_rounds(u32::MAX).start()?;
    /// # Ok::<(), larkspur_sim::Error>(())
    /// ```
    pub fn tool_rounds(mut self, rounds: u32) -> Self {
        self.settings.tool_rounds = Some(rounds);
        self
    }

    /// Requests of a batch that are answered before its time is over. Default: all.
    pub fn batch_expires_after(mut self, requests: usize) -> Self {
        self.settings.batch_expires_after = Some(requests);
        self
    }

    /// The first texts, in turn, of messages and of what tools are called with; after them the writer goes on. They are said whatever
    /// was asked for, as by a model that no constraint holds.
    ///
    /// ```
    /// # use larkspur_sim::Sim;
    /// // Wrong at first, so that what becomes of that can be seen.
    /// let sim = Sim::builder().says(["SELECT nam FROM customer", "SELECT name FROM customer"]).start()?;
    /// # Ok::<(), larkspur_sim::Error>(())
    /// ```
    pub fn says(mut self, answers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let answers: VecDeque<String> = answers.into_iter().map(Into::into).collect();
        self.settings.script = Arc::new(Mutex::new(answers));
        self
    }

    /// These texts in turn, and then again from the first: recorded answers. Otherwise as [`says`](Self::says).
    ///
    /// ```
    /// # use larkspur_sim::Sim;
    /// let recorded = ["{\"amount\":12}", "{\"amount\":\"12\"}", "I cannot say."];
    /// let sim = Sim::builder().replays(recorded).start()?;
    /// # Ok::<(), larkspur_sim::Error>(())
    /// ```
    pub fn replays(mut self, answers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.says_again = true;
        self.says(answers)
    }

    /// Bytes of one answer at most; what reaches the bound is `incomplete`. Default: 64 KiB.
    pub fn max_output_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_output_bytes = bytes;
        self
    }

    /// Bytes of one request body at most; larger ones are refused with status 413. Default: 32 MiB.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_body_bytes = bytes;
        self
    }

    /// Answers written at the same time; further requests wait. Default: 32, at least 1.
    pub fn max_concurrent(mut self, answers: usize) -> Self {
        self.settings.max_concurrent = answers.max(1);
        self
    }

    /// Time for a request body to arrive; later ones are refused with status 408. Default: 30 seconds.
    pub fn read_time(mut self, time: Duration) -> Self {
        self.settings.read_time = time;
        self
    }

    /// Starts the server on a thread of its own.
    ///
    /// # Errors
    ///
    /// Where the address is not a loopback address and [`allow_public_addr`](Self::allow_public_addr) was not called,
    /// where it is taken, or where no thread or no engine is to be had.
    pub fn start(self) -> Result<Sim, Error> {
        let (listener, app) = self.listen()?;
        let addr = listener.local_addr().map_err(Error::listen)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("larkspur-sim")
            .enable_all()
            .build()
            .map_err(Error::thread)?;
        let (stop, stopped) = oneshot::channel();
        let for_thread = Arc::clone(&app);
        let thread = std::thread::Builder::new()
            .name("larkspur-sim".to_owned())
            .spawn(move || run(runtime, listener, for_thread, stopped))
            .map_err(Error::thread)?;
        Ok(Sim {
            addr,
            base_url: base_url(addr),
            app,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Serves on the runtime of the caller until `stop` resolves; requests that are open then are answered first.
    /// `listening` is told the address once clients can connect.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start), or where the listener fails.
    pub async fn serve(
        self,
        listening: impl FnOnce(SocketAddr),
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let (listener, app) = self.listen()?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(Error::listen)?;
        listening(listener.local_addr().map_err(Error::listen)?);
        server::serve(listener, app, stop)
            .await
            .map_err(Error::listen)
    }

    fn listen(self) -> Result<(TcpListener, Arc<App>), Error> {
        let addr = self.settings.addr;
        if !addr.ip().is_loopback() && !self.settings.public {
            return Err(Error::not_loopback(addr));
        }
        let listener = TcpListener::bind(addr).map_err(Error::listen)?;
        listener.set_nonblocking(true).map_err(Error::listen)?;
        let app = App::new(self.settings).map_err(Error::engine)?;
        Ok((listener, Arc::new(app)))
    }
}

/// What clients of a server at this address take as base URL.
pub fn base_url(addr: SocketAddr) -> String {
    format!("http://{addr}/v1")
}

/// The server thread: serves until `stopped` resolves, which a dropped sender makes it do.
fn run(runtime: Runtime, listener: TcpListener, app: Arc<App>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return;
        };
        let serving = server::serve(listener, app, std::future::pending());
        // A dropped server does not wait for clients that keep their connections open.
        tokio::select! {
            _ = serving => {}
            _ = stopped => {}
        }
    });
    runtime.shutdown_timeout(GOODBYE);
}
