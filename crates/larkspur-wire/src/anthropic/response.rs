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
        /// The text at which it stopped.
        optional stop_sequence: String,
        /// Tokens used.
        lenient usage: MessagesUsage,
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

    /// How the answer ended. A refusal is told by its reason, and may have words or none; an unknown reason counts as finished.
    pub fn ending(&self) -> Ending<'_> {
        match &self.stop_reason {
            Some(StopReason::Refusal) => Ending::Refused(self.text()),
            Some(reason @ (StopReason::MaxTokens | StopReason::WindowExceeded)) => {
                Ending::Truncated(reason.as_str())
            }
            Some(StopReason::PauseTurn) => Ending::Unfinished("pause_turn"),
            Some(_) => Ending::Finished,
            None => Ending::Unfinished("in_progress"),
        }
    }
}
