//! The events of a streamed answer.

use crate::anthropic::{Block, MessagesUsage, Response, StopDetails, StopReason};
use crate::error::ErrorObject;
use crate::object::{object, tagged};

tagged! {
    /// One event of a stream: the JSON after `data:`.
    pub enum Event {
        /// The answer begins, without content.
        MessageStart(MessageStart) = "message_start",
        /// A block begins.
        BlockStart(BlockStart) = "content_block_start",
        /// More of a block.
        BlockDelta(BlockDeltaEvent) = "content_block_delta",
        /// A block ends.
        BlockStop(BlockStop) = "content_block_stop",
        /// Why the answer ends, and its tokens.
        MessageDelta(MessageDeltaEvent) = "message_delta",
        /// Nothing more comes.
        MessageStop(MessageStop) = "message_stop",
        /// Keeps the connection open.
        Ping(Ping) = "ping",
        /// An error in place of the rest.
        Error(ErrorEvent) = "error",
    }
}

object! {
    /// The answer begins, without content.
    pub struct MessageStart as "message_start" {
        /// What is known of it.
        required message: Response,
    }
}

object! {
    /// A block begins.
    pub struct BlockStart as "content_block_start" {
        /// Its place in the answer.
        required index: u64,
        /// The block, empty.
        required content_block: Block,
    }
}

impl Default for Block {
    fn default() -> Self {
        Self::from(String::new())
    }
}

object! {
    /// More of a block.
    pub struct BlockDeltaEvent as "content_block_delta" {
        /// The block's place.
        required index: u64,
        /// What is new.
        required delta: BlockDelta,
    }
}

tagged! {
    /// What is new of a block.
    pub enum BlockDelta {
        /// More text.
        Text(TextDelta) = "text_delta",
        /// More of the JSON text of a call's arguments.
        InputJson(InputJsonDelta) = "input_json_delta",
        /// More thoughts.
        Thinking(ThinkingDelta) = "thinking_delta",
        /// The signature of the thoughts.
        Signature(SignatureDelta) = "signature_delta",
    }
}

impl Default for BlockDelta {
    fn default() -> Self {
        Self::Text(TextDelta::default())
    }
}

object! {
    /// More text.
    pub struct TextDelta as "text_delta" {
        /// What is new.
        required text: String,
    }
}

object! {
    /// More of the arguments of a call.
    pub struct InputJsonDelta as "input_json_delta" {
        /// A piece of their JSON text.
        required partial_json: String,
    }
}

object! {
    /// More thoughts.
    pub struct ThinkingDelta as "thinking_delta" {
        /// What is new.
        required thinking: String,
    }
}

object! {
    /// The signature of thoughts.
    pub struct SignatureDelta as "signature_delta" {
        /// All of it, or a piece.
        required signature: String,
    }
}

object! {
    /// A block ends.
    pub struct BlockStop as "content_block_stop" {
        /// Its place.
        required index: u64,
    }
}

object! {
    /// Why the answer ends, and its tokens.
    pub struct MessageDeltaEvent as "message_delta" {
        /// What has changed.
        required delta: MessageDelta,
        /// Totals so far.
        lenient usage: MessagesUsage,
    }
}

object! {
    /// What has changed of the answer.
    pub struct MessageDelta {
        /// Why it ends.
        optional stop_reason: StopReason,
        /// More on that, where it refuses.
        lenient stop_details: StopDetails,
        /// The text at which it stopped.
        optional stop_sequence: String,
    }
}

object! {
    /// Nothing more comes.
    pub struct MessageStop as "message_stop" {}
}

object! {
    /// Keeps the connection open.
    pub struct Ping as "ping" {}
}

object! {
    /// An error in place of the rest.
    pub struct ErrorEvent as "error" {
        /// What went wrong.
        default error: ErrorObject,
    }
}
