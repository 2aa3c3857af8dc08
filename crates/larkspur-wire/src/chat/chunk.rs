//! The chunks of a streamed completion.

use serde_json::{Number, Value};

use crate::chat::{CompletionUsage, FinishReason, Role};
use crate::object::object;
use crate::settings::ServiceTier;

object! {
    /// One chunk of a stream.
    pub struct Chunk {
        /// `chatcmpl-…`, the same in all; some servers leave it out.
        default id: String,
        /// Always `chat.completion.chunk`; some servers leave it out or empty.
        lenient object: String,
        /// When the answer was begun, in seconds since 1970.
        lenient created: Number,
        /// The model that answers.
        lenient model: String,
        /// What comes next, for each answer; none in the chunk with the usage.
        default choices: Vec<ChunkChoice>,
        /// Tokens used: in the last chunk, where asked for.
        lenient usage: CompletionUsage,
        /// The tier that is used.
        lenient service_tier: ServiceTier,
        /// Names the server's configuration.
        lenient system_fingerprint: String,
        /// An error in place of the rest, with a good status.
        optional error: Value,
    }
}

object! {
    /// What comes next in one answer.
    pub struct ChunkChoice {
        /// Which of the answers.
        default index: u64,
        /// What is new.
        default delta: MessageDelta,
        /// Why it stopped: in the last chunk of the answer.
        lenient finish_reason: FinishReason,
        /// Token probabilities of what is new, where asked for.
        optional logprobs: Value,
    }
}

object! {
    /// What is new in a message.
    pub struct MessageDelta {
        /// Who speaks: in the first chunk.
        optional role: Role,
        /// Text.
        optional content: String,
        /// Words of a refusal.
        optional refusal: String,
        /// Pieces of calls.
        optional tool_calls: Vec<ToolCallDelta>,
    }
}

object! {
    /// A piece of a call. The first one has id, kind and name, the others have pieces of the input.
    pub struct ToolCallDelta {
        /// Which of the calls.
        default index: u64,
        /// Links the call and the tool message that answers it.
        optional id: String,
        /// `function` or `custom`.
        optional kind as "type": String,
        /// Of a function.
        optional function: FunctionDelta,
        /// Of a custom tool; the specification leaves it out, the Node SDK reads it.
        optional custom: CustomDelta,
    }
}

object! {
    /// A piece of a call of a function.
    pub struct FunctionDelta {
        /// The function: in the first piece.
        optional name: String,
        /// JSON as text.
        optional arguments: String,
    }
}

object! {
    /// A piece of a call of a custom tool.
    pub struct CustomDelta {
        /// The tool: in the first piece.
        optional name: String,
        /// Raw text.
        optional input: String,
    }
}
