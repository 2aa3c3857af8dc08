//! Everything that was sent for one answer, and what it cost.

use std::time::Duration;

use larkspur_wire::Usage;
use serde::Serialize;

use crate::cost::Cost;
use crate::error::Error;

/// Every attempt behind one answer or one error, in order, the failed ones too.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Ledger {
    attempts: Vec<Attempt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<ToolCall>,
}

/// One call of a tool, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// Links the call and its output.
    pub call_id: String,
    /// The tool, by the name that the model called.
    pub tool: String,
    /// The arguments of a function as the model wrote them, the input of a custom tool.
    pub input: String,
    /// What went back to the model.
    pub output: String,
    /// The tool ran and gave this output. Where it is false, the output says why: the tool failed, its input could not be read,
    /// there is none of that name, or it may not be called.
    pub succeeded: bool,
    /// How long the tool took; zero where it did not run.
    pub elapsed: Duration,
}

/// One request that was sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// Why it was sent.
    pub kind: AttemptKind,
    /// Who was asked: the base URL.
    pub server: String,
    /// The HTTP status, if an answer began.
    pub status: Option<u16>,
    /// What the server calls the request: `x-request-id`.
    pub request_id: Option<String>,
    /// The model that answered: often the snapshot behind the name that was asked for.
    pub model: Option<String>,
    /// Tokens used, where the server said so.
    pub usage: Option<Usage>,
    /// What it cost at list price. Unknown where the answer broke off or was dropped: it may have been billed.
    pub cost: Cost,
    /// From sending to the end of the answer.
    pub elapsed: Duration,
    /// What was wrong with it, if something was: the error, or why its text was rejected.
    pub failure: Option<String>,
    /// The answer breaks the constraint as it was sent: the server did not hold it. Where a grammar was sent, this is seen with the feature
    /// `grammar`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub constraint_ignored: bool,
}

/// Why an attempt was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AttemptKind {
    /// The first one.
    First,
    /// The one before failed on the way.
    Retry,
    /// The answer before was rejected; this one says why and asks again.
    Reask,
    /// An answer that the server makes in the background is asked for.
    Poll,
    /// The stream of the answer broke off; this one takes it up again.
    Resume,
    /// The conversation got long; this one makes it short.
    Compaction,
    /// The answer before called tools; this one brings what they gave.
    ToolOutputs,
    /// The server before failed in a way in which this one may not.
    Fallback,
    /// The one before was long in coming, and was asked for a [second time](crate::Hedge).
    Hedge,
    /// The answer was in the [cache](crate::Cache): nothing was sent.
    Cache,
}

impl AttemptKind {
    /// As it is written in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Retry => "retry",
            Self::Reask => "reask",
            Self::Poll => "poll",
            Self::Resume => "resume",
            Self::Compaction => "compaction",
            Self::ToolOutputs => "tool_outputs",
            Self::Fallback => "fallback",
            Self::Hedge => "hedge",
            Self::Cache => "cache",
        }
    }
}

impl Ledger {
    /// The attempts, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Tokens of all attempts together.
    pub fn usage(&self) -> Usage {
        self.attempts
            .iter()
            .filter_map(|attempt| attempt.usage)
            .sum()
    }

    /// Cost of all attempts together, at list price.
    pub fn cost(&self) -> Cost {
        self.attempts.iter().map(|attempt| attempt.cost).sum()
    }

    /// The calls of tools, in the order in which the model made them.
    pub fn tool_calls(&self) -> &[ToolCall] {
        &self.tool_calls
    }

    pub(crate) fn push_tool_call(&mut self, call: ToolCall) {
        self.tool_calls.push(call);
    }

    /// Who gave the last answer, or failed last: its base URL.
    pub fn server(&self) -> Option<&str> {
        self.attempts.last().map(|attempt| attempt.server.as_str())
    }

    /// Whether the answer was in the [cache](crate::Cache).
    pub fn from_cache(&self) -> bool {
        let last = self.attempts.last();
        last.is_some_and(|attempt| attempt.kind == AttemptKind::Cache)
    }

    /// What the server calls the last request.
    pub fn request_id(&self) -> Option<&str> {
        self.attempts.last()?.request_id.as_deref()
    }

    pub(crate) fn push(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
    }

    /// Adds what another ledger holds.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.attempts.append(&mut other.attempts);
        self.tool_calls.append(&mut other.tool_calls);
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut Attempt> {
        self.attempts.last_mut()
    }
}

impl Attempt {
    pub(crate) fn new(kind: AttemptKind, server: &str) -> Self {
        Self {
            kind,
            server: server.to_owned(),
            status: None,
            request_id: None,
            model: None,
            usage: None,
            cost: Cost::ZERO,
            elapsed: Duration::ZERO,
            failure: None,
            constraint_ignored: false,
        }
    }

    /// Enters why there is no answer. What broke off after it was sent may have been billed; an error status is not.
    pub(crate) fn fail(&mut self, error: &Error) {
        if error.is_timeout() || error.is_broken() || error.is_too_large() {
            self.cost = Cost::UNKNOWN;
        }
        self.failure = Some(error.to_string());
    }
}
