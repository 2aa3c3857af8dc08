//! A second request where the answer to the first is long in coming.

use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::api::Api;
use crate::call::Call;
use crate::cost::Cost;
use crate::ledger::{Attempt, AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::telemetry;
use crate::tool::Kind;
use crate::transport::{Begun, Failed, Transport};

/// Second requests that may be sent at once before their share counts.
const BURST: f64 = 10.0;

/// Fields of a request that make the server do something beside answering, where they were given as they are.
const EFFECTS: [&str; 5] = [
    "background",
    "conversation",
    "mcp_servers",
    "prompt",
    "tools",
];

/// A second request for answers that do not begin in good time: the one that is answered first counts, the other is dropped. What is dropped may
/// be billed all the same.
///
/// ```
/// use std::time::Duration;
/// use larkspur_client::{Client, Hedge};
///
/// let hedge = Hedge::after(Duration::from_secs(20)).share(0.05);
/// let client = Client::builder().base_url("http://127.0.0.1:8080/v1").hedge(hedge).build()?;
/// # Ok::<(), larkspur_client::Error>(())
/// ```
///
/// - An answer begins with its headers: for a stream these are there before its first piece, for a whole answer when it is made. What has begun is
///   not asked for again.
/// - The second request goes to the same server. It waits for [`max_concurrency`](crate::ClientBuilder::max_concurrency) and
///   [`RateLimits`](crate::RateLimits) as any other, and is given up where the first is answered before.
/// - Where one of the two fails so that trying again may help, the other is waited for; the [`RetryPolicy`](crate::RetryPolicy) has its say when both have
///   failed.
/// - The one that is dropped is in the [`Ledger`], before the one that counts, and its cost is [unknown](crate::Cost::is_complete).
///
/// Never sent twice: requests with a [`Budget`], because what the dropped one cost cannot be counted; those that bring what tools gave; those that
/// change something on the server (the [background](RequestBuilder::background), stored conversations and prompts) or have tools that the server
/// runs; and all that does not ask for an answer. Tools that the program runs are run for the answer that counts alone.
///
/// [`Budget`]: crate::Budget
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hedge {
    delay: Duration,
    share: f64,
}

impl Hedge {
    /// After this time without an answer; what nine or nineteen of twenty answers take is a good choice.
    pub fn after(delay: Duration) -> Self {
        Self { delay, share: 0.1 }
    }

    /// How many requests may be sent twice, as a share of all, so that a server that is slow as a whole isn't asked twice as much. Ten in a row may be
    /// more. From 0 to 1; default: 0.1.
    pub fn share(self, share: f64) -> Self {
        let share = if share.is_nan() { 0.0 } else { share };
        Self {
            share: share.clamp(0.0, 1.0),
            ..self
        }
    }
}

/// The second requests of one client, which its clones share.
#[derive(Debug)]
pub(crate) struct Hedges {
    hedge: Hedge,
    /// How many may be sent.
    credit: Mutex<f64>,
}

impl Hedges {
    pub(crate) fn new(hedge: Hedge) -> Self {
        let none = hedge.share <= 0.0;
        Self {
            hedge,
            credit: Mutex::new(if none { 0.0 } else { BURST }),
        }
    }

    fn earn(&self) {
        self.change(|credit| (credit + self.hedge.share).min(BURST));
    }

    /// Whether one more may be sent, which is counted.
    fn spend(&self) -> bool {
        let before = self.change(|credit| if credit >= 1.0 { credit - 1.0 } else { credit });
        before >= 1.0
    }

    fn change(&self, change: impl FnOnce(f64) -> f64) -> f64 {
        let mut credit = self.credit.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *credit;
        *credit = change(before);
        before
    }
}

/// Whether a request may be sent twice at once.
pub(crate) fn is_harmless<A: Api>(request: &RequestBuilder<A>, kind: AttemptKind) -> bool {
    let settings = &request.settings;
    let mut tools = settings.tools.iter();
    let acts = A::acts(&request.own)
        || EFFECTS
            .iter()
            .any(|field| settings.extra.contains_key(*field))
        || tools.any(|tool| matches!(tool.kind, Kind::Raw(_)));
    !acts && request.reask.budget.is_none() && kind != AttemptKind::ToolOutputs
}

impl Transport {
    /// Sends, and once more where the answer does not begin in good time. What fails or is dropped beside the outcome goes into the ledger.
    pub(crate) async fn begin_hedged(
        &self,
        hedges: &Hedges,
        call: &Call,
        kind: AttemptKind,
        ledger: &mut Ledger,
    ) -> Result<Begun, Box<Failed>> {
        let pass = self.enter(call).await;
        hedges.earn();
        let (first_sent, mut first) = (Instant::now(), pin!(self.begin_once(call, kind, pass)));
        let may_go = async {
            tokio::time::sleep(hedges.hedge.delay).await;
            if !hedges.spend() {
                std::future::pending::<()>().await;
            }
            self.enter(call).await
        };
        let pass = tokio::select! {
            biased;
            outcome = &mut first => return outcome,
            pass = may_go => pass,
        };
        tracing::debug!(
            delay_ms = hedges.hedge.delay.as_millis(),
            "asked a second time"
        );
        let second_sent = Instant::now();
        let mut second = pin!(self.begin_once(call, AttemptKind::Hedge, pass));
        let outcome = tokio::select! {
            biased;
            outcome = &mut first => {
                self.or_the_other(outcome, second, (AttemptKind::Hedge, second_sent), ledger).await
            }
            outcome = &mut second => {
                self.or_the_other(outcome, first, (kind, first_sent), ledger).await
            }
        };
        telemetry::hedged(match &outcome {
            Ok(begun) if begun.attempt.kind == AttemptKind::Hedge => "won",
            Ok(_) => "lost",
            Err(_) => "failed",
        });
        outcome
    }

    /// The outcome of the request that ended, or where that is a failure that the other may not meet, of the other.
    async fn or_the_other(
        &self,
        outcome: Result<Begun, Box<Failed>>,
        other: impl Future<Output = Result<Begun, Box<Failed>>>,
        (kind, sent): (AttemptKind, Instant),
        ledger: &mut Ledger,
    ) -> Result<Begun, Box<Failed>> {
        match outcome {
            Err(failed) if failed.is_passing() => {
                ledger.push(failed.attempt);
                other.await
            }
            outcome => {
                let mut dropped = Attempt::new(kind, self.base.as_str());
                dropped.elapsed = sent.elapsed();
                dropped.cost = Cost::UNKNOWN;
                dropped.failure =
                    Some("dropped, for the same request was answered before".to_owned());
                ledger.push(dropped);
                outcome
            }
        }
    }
}
