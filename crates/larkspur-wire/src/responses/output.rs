//! What comes out: the items of `output`.

use serde_json::Value;

use crate::object::{object, open_enum, tagged};
use crate::responses::{Compaction, Role, Status};

tagged! {
    /// One item of the answer. Look through all of them: a reasoning model puts its reasoning first.
    pub enum OutputItem {
        /// Something the model says.
        Message(OutputMessage) = "message",
        /// A call of a function.
        FunctionCall(FunctionCall) = "function_call",
        /// A call of a custom tool.
        CustomToolCall(CustomToolCall) = "custom_tool_call",
        /// What the model thought, mostly encrypted.
        Reasoning(ReasoningItem) = "reasoning",
        /// What is left of an earlier conversation.
        Compaction(Compaction) = "compaction",
    }
}

impl Default for OutputItem {
    /// No item: `null`.
    fn default() -> Self {
        Self::Other(Value::Null)
    }
}

object! {
    /// Something the model says.
    pub struct OutputMessage as "message" {
        /// Names the item: `msg_…`.
        default id: String,
        /// Always the assistant.
        optional role: Role,
        /// How far it is.
        optional status: Status,
        /// The parts, in order.
        default content: Vec<OutputPart>,
        /// Commentary or final answer, where the model tells them apart.
        optional phase: Phase,
    }
}

open_enum! {
    /// What a message of the model is for.
    pub enum Phase {
        /// Said on the way, between calls.
        Commentary = "commentary",
        /// The answer.
        FinalAnswer = "final_answer",
    }
}

tagged! {
    /// One part of what the model says.
    pub enum OutputPart {
        /// Text.
        OutputText(OutputText) = "output_text",
        /// A refusal, in place of the text that was asked for.
        Refusal(RefusalPart) = "refusal",
    }
}

impl Default for OutputPart {
    /// No part: `null`.
    fn default() -> Self {
        Self::Other(Value::Null)
    }
}

object! {
    /// Text of the model.
    pub struct OutputText as "output_text" {
        /// The text.
        required text: String,
        /// Citations and the like.
        optional annotations: Vec<Value>,
        /// Token probabilities, where asked for.
        optional logprobs: Value,
    }
}

object! {
    /// A refusal. The status of the response is `completed` all the same.
    pub struct RefusalPart as "refusal" {
        /// In the model's words.
        required refusal: String,
    }
}

object! {
    /// A call of a function.
    pub struct FunctionCall as "function_call" {
        /// Names the item: `fc_…`. Not what links call and output.
        optional id: String,
        /// Links the call and its output: `call_…`.
        required call_id: String,
        /// The function.
        required name: String,
        /// JSON as text.
        required arguments: String,
        /// How far it is.
        optional status: Status,
    }
}

impl FunctionCall {
    /// A call as it is replayed in a later input.
    pub fn new(
        call_id: impl Into<String>,
        name: impl Into<String>,
        arguments: impl Into<String>,
    ) -> Self {
        Self {
            call_id: call_id.into(),
            name: name.into(),
            arguments: arguments.into(),
            ..Self::default()
        }
    }
}

object! {
    /// A call of a custom tool.
    pub struct CustomToolCall as "custom_tool_call" {
        /// Names the item: `ctc_…`. Not what links call and output.
        optional id: String,
        /// Links the call and its output: `call_…`.
        required call_id: String,
        /// The tool.
        required name: String,
        /// Raw text, in the tool's grammar; not JSON.
        required input: String,
        /// How far it is.
        optional status: Status,
    }
}

impl CustomToolCall {
    /// A call as it is replayed in a later input.
    pub fn new(
        call_id: impl Into<String>,
        name: impl Into<String>,
        input: impl Into<String>,
    ) -> Self {
        Self {
            call_id: call_id.into(),
            name: name.into(),
            input: input.into(),
            ..Self::default()
        }
    }
}

object! {
    /// What the model thought. Goes back in the next input as it came, before the item it led to.
    pub struct ReasoningItem as "reasoning" {
        /// Names the item: `rs_…`.
        optional id: String,
        /// `summary_text` parts, if a summary was asked for.
        default summary: Vec<Value>,
        /// `reasoning_text` parts, where the server shows them.
        optional content: Vec<Value>,
        /// Lets a stateless conversation carry the reasoning on.
        optional encrypted_content: String,
        /// How far it is.
        optional status: Status,
    }
}
