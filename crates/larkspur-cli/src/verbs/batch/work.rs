//! Asking about the rows, several at a time.

use std::future::Future;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use larkspur_client::{Answer, Cost, Error};
use larkspur_json::Node;
use larkspur_output::Outcome;
use serde_json::json;

use super::{journal::Journal, progress::Progress, rows::Row};
use crate::exit::{Failure, say};

/// Rows in succession that got no answer from the server, and none ever did, after which the others are not tried.
const HOPELESS: usize = 10;

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) values: usize,
    pub(crate) failures: usize,
    pub(crate) cost: Cost,
    /// Why rows are left, if any are.
    pub(crate) stopped: Option<String>,
}

/// A row that has been asked about, or cannot be.
pub(crate) struct Asked {
    pub(crate) row: Row,
    pub(crate) answer: Result<Answer<Node<'static>>, NotAsked>,
}

/// Why there is no answer at all.
pub(crate) enum NotAsked {
    /// The row is not what the prompt asks for.
    Row(String),
    Server(Error),
}

/// How a run goes on.
pub(crate) struct Bounds {
    pub(crate) concurrency: usize,
    pub(crate) max_cost: Option<f64>,
}

/// Asks about rows until there are none left, the bounds are reached, somebody interrupts, or it is hopeless. Rows that are
/// under way are always waited for: they are paid.
pub(crate) async fn run<F: Future<Output = Asked>>(
    rows: impl Iterator<Item = Result<Row, Failure>>,
    ask: impl Fn(Row) -> F,
    bounds: &Bounds,
    journal: &mut Journal,
    progress: &mut Progress,
) -> Result<Report, Failure> {
    let mut rows = rows.fuse();
    let mut report = Report {
        values: 0,
        failures: 0,
        cost: Cost::ZERO,
        stopped: None,
    };
    let mut unanswered = 0;
    let mut under_way = FuturesUnordered::new();
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        while report.stopped.is_none() && under_way.len() < bounds.concurrency {
            match rows.next() {
                Some(row) => under_way.push(ask(row?)),
                None => break,
            }
        }
        let asked = tokio::select! {
            asked = under_way.next() => asked,
            _ = &mut interrupted, if report.stopped.is_none() => {
                report.stopped = Some("interrupted".to_owned());
                say("note: waiting for the rows that are under way");
                continue;
            }
        };
        let Some(asked) = asked else {
            return Ok(report);
        };
        unanswered = if asked.is_answered() {
            0
        } else {
            unanswered + 1
        };
        let stop = asked.stops_all(unanswered >= HOPELESS && report.values == 0);
        report.note(asked, journal, progress)?;
        let spent = report.cost.dollars();
        let over = bounds.max_cost.is_some_and(|max| spent >= max);
        let over = over.then(|| "as much as it may cost has been spent".to_owned());
        report.stopped = report.stopped.or(stop).or(over);
    }
}

impl Report {
    fn note(
        &mut self,
        asked: Asked,
        journal: &mut Journal,
        progress: &mut Progress,
    ) -> Result<(), Failure> {
        let cost = asked.cost();
        self.cost += cost;
        let has_value = asked.write(journal)?;
        if has_value {
            self.values += 1;
        } else {
            self.failures += 1;
        }
        progress.row(has_value, cost);
        Ok(())
    }
}

impl Asked {
    /// Whether the server answered; a row that cannot be asked about needs none.
    fn is_answered(&self) -> bool {
        !matches!(&self.answer, Err(NotAsked::Server(error)) if !error.is_failed() && !error.is_tool_call())
    }

    fn cost(&self) -> Cost {
        match &self.answer {
            Ok(answer) => answer.cost(),
            Err(NotAsked::Server(error)) => error.cost(),
            Err(NotAsked::Row(_)) => Cost::ZERO,
        }
    }

    /// Why every other row would fare as this one did, if so.
    fn stops_all(&self, hopeless: bool) -> Option<String> {
        let Err(NotAsked::Server(error)) = &self.answer else {
            return None;
        };
        let refused = matches!(error.status(), Some(401 | 403 | 404));
        let no_money = error.code() == Some("insufficient_quota");
        let never = error.is_config() || error.is_no_server() || error.is_request();
        (refused || no_money || never || hopeless).then(|| error.to_string())
    }

    /// Writes the row down and says whether it has a value.
    fn write(self, journal: &mut Journal) -> Result<bool, Failure> {
        let (cost, answered) = (json!(self.cost().to_string()), self.is_answered());
        let failed = |kind: &str, message: &str, text: Option<&str>| {
            vec![
                (
                    "error",
                    Node::from_value(&json!({ "kind": kind, "message": message })),
                ),
                ("answered", Node::from_value(&json!(answered))),
                ("text", Node::from_value(&json!(text))),
                ("cost", Node::from_value(&cost)),
            ]
        };
        let line = match &self.answer {
            Ok(answer) => match &answer.outcome {
                Outcome::Value(value) => {
                    let line = vec![("value", value.clone()), ("cost", Node::from_value(&cost))];
                    return journal.value(&self.row, line).map(|()| true);
                }
                other => {
                    let (kind, message) = without_value(other);
                    failed(kind, &message, Some(&answer.text))
                }
            },
            Err(NotAsked::Row(message)) => failed("row", message, None),
            Err(NotAsked::Server(error)) if answered => failed("failed", &error.to_string(), None),
            Err(NotAsked::Server(error)) => failed("unanswered", &error.to_string(), None),
        };
        journal.failure(&self.row, line).map(|()| false)
    }
}

/// What came in place of a value, and the words for it.
fn without_value<V>(outcome: &Outcome<V>) -> (&'static str, String) {
    match outcome {
        Outcome::Refusal(words) => ("refusal", words.clone()),
        Outcome::Truncated { reason, .. } => ("truncated", reason.clone()),
        Outcome::ContentFilter { .. } => {
            ("content_filter", "stopped by the content filter".to_owned())
        }
        Outcome::Invalid(rejection) => ("invalid", rejection.message()),
        _ => ("other", "no value".to_owned()),
    }
}
