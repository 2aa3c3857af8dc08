//! The answer to `POST /messages`.

use std::borrow::Cow;

use crate::anthropic::{Block, MessagesUsage, Role, ToolUseBlock};
use crate::ending::Ending;
use crate::object::{object, open_enum};

object! {
    /// The answer to `POST /messages`.
    pub struct Response as "message" {
        /// `msg_…`.
        default id: String,
        /// Always `assistant`.
        lenient role: Role,
        /// The model that answered.
        lenient model: String,
        /// What it says, in order.
        default content: Vec<Block>,
        /// Why it stopped; nothing while it has not.
        optional stop_reason: StopReason,
        /// More on why, where it refuses.
        lenient stop_details: StopDetails,
        /// The text at which it stopped.
        optional stop_sequence: String,
        /// Tokens used.
        lenient usage: MessagesUsage,
    }
}

object! {
    /// More on why the model stopped.
    pub struct StopDetails {
        /// The rule by which it refuses, for example `cyber`.
        optional category: String,
        /// In words.
        optional explanation: String,
    }
}

open_enum! {
    /// Why the model stopped.
    pub enum StopReason {
        /// It had said all.
        EndTurn = "end_turn",
        /// The limit of the request was reached; the text is cut.
        MaxTokens = "max_tokens",
        /// It wrote a text at which it was to stop.
        StopSequence = "stop_sequence",
        /// It calls tools.
        ToolUse = "tool_use",
        /// A tool of the server's own takes long: send the answer back to go on.
        PauseTurn = "pause_turn",
        /// It refuses, or a filter stopped it.
        Refusal = "refusal",
        /// The model's window is full; the text is cut.
        WindowExceeded = "model_context_window_exceeded",
    }
}

impl Response {
    /// All texts, joined.
    pub fn text(&self) -> Cow<'_, str> {
        let mut texts = self.content.iter().filter_map(|block| match block {
            Block::Text(block) => Some(block.text.as_str()),
            _ => None,
        });
        let Some(first) = texts.next() else {
            return Cow::Borrowed("");
        };
        texts.fold(Cow::Borrowed(first), |all, text| all + text)
    }

    /// The calls of tools, in order.
    pub fn calls(&self) -> impl Iterator<Item = &ToolUseBlock> {
        self.content.iter().filter_map(|block| match block {
            Block::ToolUse(block) => Some(block),
            _ => None,
        })
    }

    /// The words of a refusal: what the model says, or what is said about it; maybe none.
    fn refusal(&self) -> Cow<'_, str> {
        let text = self.text();
        let details = self.stop_details.as_ref();
        match details.and_then(|details| details.explanation.as_deref()) {
            Some(explanation) if text.is_empty() => Cow::Borrowed(explanation),
            _ => text,
        }
    }

    /// How the answer ended. A refusal is told by its reason; an unknown reason counts as finished.
    pub fn ending(&self) -> Ending<'_> {
        match &self.stop_reason {
            Some(StopReason::Refusal) => Ending::Refused(self.refusal()),
            Some(reason @ (StopReason::MaxTokens | StopReason::WindowExceeded)) => {
                Ending::Truncated(reason.as_str())
            }
            Some(StopReason::PauseTurn) => Ending::Unfinished("pause_turn"),
            Some(_) => Ending::Finished,
            None => Ending::Unfinished("in_progress"),
        }
    }
}
