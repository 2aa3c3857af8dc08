//! The events of a stream to the answer they tell of.

use serde_json::Value;

use crate::anthropic::{
    Block, BlockDelta, BlockDeltaEvent, BlockStart, Event, MessageDeltaEvent, Response,
};
use crate::sse::SseEvent;
use crate::stream::{Delta, StreamError};

/// Puts an answer together from its events.
///
/// Blocks grow by their place; the arguments of a call are text until their block ends. Events and blocks that this version does not
/// know are passed over, or kept as they began.
///
/// ```
/// use larkspur_wire::SseDecoder;
/// use larkspur_wire::anthropic::Accumulator;
///
/// let mut accumulator = Accumulator::default();
/// let stream = br#"event: message_start
/// data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[]}}
///
/// event: content_block_start
/// data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
///
/// event: content_block_delta
/// data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}
///
/// event: message_stop
/// data: {"type":"message_stop"}
///
/// "#;
/// for event in SseDecoder::default().push(stream)? {
///     accumulator.push(&event)?;
/// }
/// assert_eq!(accumulator.finish()?.text(), "Hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Accumulator {
    response: Response,
    /// The text of the arguments of each block that is a call, until it ends.
    inputs: Vec<String>,
    events: u64,
    ended: bool,
}

/// More blocks than an answer may have.
const MAX_BLOCKS: usize = 1_000;

/// The kinds of events that must be understood: passing one over would lose a part of the answer.
const ESSENTIAL: &[&str] = &[
    "message_start",
    "content_block_start",
    "content_block_delta",
    "message_delta",
];

impl Accumulator {
    /// Takes the next event of a stream; what it adds.
    ///
    /// # Errors
    ///
    /// The event has no place in the answer, or is an error of the server.
    pub fn push(&mut self, event: &SseEvent) -> Result<Option<Delta>, StreamError> {
        let event = serde_json::from_str(&event.data)
            .map_err(|error| self.malformed(format_args!("it is not JSON: {error}")))?;
        self.apply(event)
    }

    /// The same for an event that has been read.
    ///
    /// # Errors
    ///
    /// The event has no place in the answer, or is an error of the server.
    pub fn apply(&mut self, event: Event) -> Result<Option<Delta>, StreamError> {
        let delta = match event {
            Event::MessageStart(start) => {
                self.response = start.message;
                None
            }
            Event::BlockStart(start) => self.begin(start)?,
            Event::BlockDelta(delta) => self.extend(delta)?,
            Event::BlockStop(stop) => {
                self.settle(stop.index);
                None
            }
            Event::MessageDelta(delta) => {
                self.head(delta);
                None
            }
            Event::MessageStop(_) => {
                self.ended = true;
                None
            }
            Event::Error(error) => return Err(StreamError::Server(Box::new(error.error))),
            Event::Ping(_) => None,
            Event::Other(value) => {
                let kind = value.get("type").and_then(Value::as_str);
                if let Some(kind) = kind.filter(|kind| ESSENTIAL.contains(kind)) {
                    return Err(self.malformed(format_args!("its members are no `{kind}`")));
                }
                None
            }
        };
        self.events += 1;
        Ok(delta)
    }

    /// What is known of the answer so far.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Whether the server has said that nothing more comes.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// The whole answer.
    ///
    /// # Errors
    ///
    /// The stream was cut before it said that nothing more comes.
    pub fn finish(self) -> Result<Response, StreamError> {
        if self.ended {
            return Ok(self.response);
        }
        Err(StreamError::Cut {
            events: self.events,
        })
    }

    fn begin(&mut self, start: BlockStart) -> Result<Option<Delta>, StreamError> {
        let blocks = &mut self.response.content;
        if usize::try_from(start.index) != Ok(blocks.len()) || blocks.len() >= MAX_BLOCKS {
            let reason = format!("a block {} after {} others", start.index, blocks.len());
            return Err(self.malformed(format_args!("{reason}")));
        }
        let first = match &start.content_block {
            Block::Text(block) if !block.text.is_empty() => Some(Delta::Text(block.text.clone())),
            _ => None,
        };
        blocks.push(start.content_block);
        self.inputs.push(String::new());
        Ok(first)
    }

    fn extend(&mut self, new: BlockDeltaEvent) -> Result<Option<Delta>, StreamError> {
        let at = usize::try_from(new.index).unwrap_or(usize::MAX);
        let call = self.calls_before(at);
        let blocks = &mut self.response.content;
        let (Some(block), Some(input)) = (blocks.get_mut(at), self.inputs.get_mut(at)) else {
            return Err(self.malformed(format_args!("block {} has not begun", new.index)));
        };
        let delta = match (block, new.delta) {
            (Block::Text(block), BlockDelta::Text(delta)) => {
                block.text.push_str(&delta.text);
                Delta::Text(delta.text)
            }
            (Block::Thinking(block), BlockDelta::Thinking(delta)) => {
                block.thinking.push_str(&delta.thinking);
                Delta::Reasoning(delta.thinking)
            }
            (Block::Thinking(block), BlockDelta::Signature(delta)) => {
                let signature = block.signature.get_or_insert_default();
                signature.push_str(&delta.signature);
                return Ok(None);
            }
            (Block::ToolUse(_), BlockDelta::InputJson(delta)) => {
                input.push_str(&delta.partial_json);
                Delta::Call {
                    index: call,
                    text: delta.partial_json,
                }
            }
            // Tools of the server's own have arguments too; citations and what is not known yet come beside the text.
            (_, BlockDelta::Other(_)) | (Block::Other(_), _) => return Ok(None),
            _ => return Err(self.malformed(format_args!("block {} is of another kind", new.index))),
        };
        let is_empty = matches!(&delta, Delta::Text(text) | Delta::Reasoning(text) | Delta::Call { text, .. } if text.is_empty());
        Ok((!is_empty).then_some(delta))
    }

    /// Reads the arguments of a call that has ended.
    fn settle(&mut self, index: u64) {
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        let block = self.response.content.get_mut(at);
        if let (Some(Block::ToolUse(call)), Some(input)) = (block, self.inputs.get_mut(at)) {
            let input = std::mem::take(input);
            if !input.is_empty() {
                // An answer that reached a limit inside its arguments: they are kept as the text that they are.
                call.input = serde_json::from_str(&input).unwrap_or(Value::String(input));
            }
        }
    }

    fn calls_before(&self, at: usize) -> usize {
        let before = self.response.content.iter().take(at);
        before
            .filter(|block| matches!(block, Block::ToolUse(_)))
            .count()
    }

    fn head(&mut self, event: MessageDeltaEvent) {
        let response = &mut self.response;
        let delta = event.delta;
        response.stop_reason = delta.stop_reason.or(response.stop_reason.take());
        response.stop_details = delta.stop_details.or(response.stop_details.take());
        response.stop_sequence = delta.stop_sequence.or(response.stop_sequence.take());
        response.extra.remove("stop_reason");
        response.extra.extend(delta.extra);
        if let Some(usage) = event.usage {
            response.usage.get_or_insert_default().update(usage);
        }
    }

    fn malformed(&self, reason: std::fmt::Arguments<'_>) -> StreamError {
        StreamError::Malformed {
            event: self.events,
            reason: reason.to_string(),
        }
    }
}
