//! The chunks of a stream to the completion they tell of.

use serde_json::{Map, Value};

use crate::Extra;
use crate::chat::{
    Choice, Chunk, ChunkChoice, Completion, Content, Message, MessageDelta, Role, ToolCall,
    ToolCallDelta,
};
use crate::error::ErrorBody;
use crate::sse::SseEvent;
use crate::stream::{Delta, StreamError};

/// Puts a completion together from its chunks.
///
/// Texts are joined by `choices[].index`, and calls within them by their own `index`; members that this version does not know
/// are joined where they are texts (the reasoning of some servers) and replaced where not. Chunks without choices, with empty
/// ids and the like are taken as they come (`openai-node` `ChatCompletionStream`).
///
/// ```
/// use larkspur_wire::chat::Accumulator;
/// use larkspur_wire::SseDecoder;
///
/// let mut accumulator = Accumulator::default();
/// let stream = br#"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}
///
/// data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}
///
/// data: [DONE]
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
    completion: Completion,
    events: u64,
    done: bool,
}

/// More answers, or calls in one, than a completion may have.
const MAX_PARTS: usize = 1_000;

impl Accumulator {
    /// Takes the next event of a stream. What it adds to the first answer comes back; the others are in
    /// [`completion`](Self::completion).
    ///
    /// # Errors
    ///
    /// The event is no chunk, or is an error of the server.
    pub fn push(&mut self, event: &SseEvent) -> Result<Vec<Delta>, StreamError> {
        if event.is_done() {
            self.done = true;
            return Ok(Vec::new());
        }
        let is_error = event.name.as_deref() == Some("error");
        let chunk = match serde_json::from_str(&event.data) {
            Ok(chunk) if !is_error => chunk,
            Ok(_) | Err(_) => return Err(self.no_chunk(event, is_error)),
        };
        self.apply(chunk)
    }

    /// What is said in place of a chunk.
    fn no_chunk(&self, event: &SseEvent, is_error: bool) -> StreamError {
        let malformed = |reason: String| StreamError::Malformed {
            event: self.events,
            reason,
        };
        let value: Value = match serde_json::from_str(&event.data) {
            Ok(value) => value,
            Err(error) => return malformed(format!("it is not JSON: {error}")),
        };
        if is_error {
            let body = ErrorBody::from_value(value).unwrap_or_default();
            return StreamError::Server(Box::new(body.error));
        }
        let why = serde_json::from_value::<Chunk>(value).err();
        let why = why.map_or_else(String::new, |error| format!(": {error}"));
        malformed(format!("it is no chunk{why}"))
    }

    /// The same for a chunk that has been read.
    ///
    /// # Errors
    ///
    /// The chunk has no place in the completion, or holds an error of the server.
    pub fn apply(&mut self, mut chunk: Chunk) -> Result<Vec<Delta>, StreamError> {
        if let Some(error) = chunk.error.take() {
            let body =
                ErrorBody::from_value(Value::Object(Map::from_iter([("error".to_owned(), error)])));
            return Err(StreamError::Server(Box::new(
                body.unwrap_or_default().error,
            )));
        }
        let mut deltas = Vec::new();
        for choice in std::mem::take(&mut chunk.choices) {
            let first = choice.index == 0;
            let new = self.choice(choice)?;
            if first {
                deltas.extend(new);
            }
        }
        self.head(chunk);
        self.events += 1;
        Ok(deltas)
    }

    /// What is known of the completion so far.
    pub fn completion(&self) -> &Completion {
        &self.completion
    }

    /// Whether the server has said that nothing more comes.
    pub fn is_ended(&self) -> bool {
        self.done
    }

    /// The whole completion.
    ///
    /// # Errors
    ///
    /// The stream was cut: neither `[DONE]` came nor the reason why each answer stopped.
    pub fn finish(self) -> Result<Completion, StreamError> {
        let choices = &self.completion.choices;
        let stopped = choices.iter().all(|choice| choice.finish_reason.is_some());
        if self.done || (stopped && !choices.is_empty()) {
            return Ok(self.completion);
        }
        Err(StreamError::Cut {
            events: self.events,
        })
    }

    /// The members of the completion itself: the last that says something counts.
    fn head(&mut self, chunk: Chunk) {
        let completion = &mut self.completion;
        if completion.id.is_empty() {
            completion.id = chunk.id;
        }
        completion.object = Some("chat.completion".to_owned());
        completion.created = completion.created.take().or(chunk.created);
        let model = chunk.model.filter(|model| !model.is_empty());
        completion.model = completion.model.take().or(model);
        completion.usage = chunk.usage.or(completion.usage.take());
        completion.service_tier = chunk.service_tier.or(completion.service_tier.take());
        completion.system_fingerprint = chunk
            .system_fingerprint
            .or(completion.system_fingerprint.take());
        let news = chunk.extra.into_iter();
        let kept = news.filter(|(key, value)| key != "obfuscation" && !value.is_null());
        completion.extra.extend(kept);
    }

    fn choice(&mut self, new: ChunkChoice) -> Result<Vec<Delta>, StreamError> {
        let choices = &mut self.completion.choices;
        let at = choices.iter().position(|choice| choice.index == new.index);
        if at.is_none() {
            if choices.len() >= MAX_PARTS {
                return Err(too_many(self.events, "answers"));
            }
            choices.push(Choice {
                index: new.index,
                message: Message::new(Role::Assistant, Content::Text(String::new())),
                ..Choice::default()
            });
        }
        let at = at.unwrap_or(choices.len() - 1);
        let Some(choice) = choices.get_mut(at) else {
            return Ok(Vec::new());
        };
        choice.finish_reason = new.finish_reason.or(choice.finish_reason.take());
        if let Some(more) = new.logprobs {
            join_value(choice.logprobs.get_or_insert(Value::Null), more);
        }
        join(&mut choice.extra, new.extra);
        message(&mut choice.message, new.delta, self.events)
    }
}

/// Adds what is new to a message.
fn message(
    message: &mut Message,
    new: MessageDelta,
    event: u64,
) -> Result<Vec<Delta>, StreamError> {
    let mut deltas = Vec::new();
    message.role = new.role.unwrap_or(Role::Assistant);
    if let (Some(Content::Text(text)), Some(more)) = (&mut message.content, new.content)
        && !more.is_empty()
    {
        text.push_str(&more);
        deltas.push(Delta::Text(more));
    }
    if let Some(more) = new.refusal.filter(|more| !more.is_empty()) {
        message.refusal.get_or_insert_default().push_str(&more);
        deltas.push(Delta::Refusal(more));
    }
    for (key, value) in &new.extra {
        if let (true, Some(text)) = (key.starts_with("reasoning"), value.as_str()) {
            deltas.push(Delta::Reasoning(text.to_owned()));
        }
    }
    join(&mut message.extra, new.extra);
    for call in new.tool_calls.unwrap_or_default() {
        deltas.extend(piece(
            message.tool_calls.get_or_insert_default(),
            call,
            event,
        )?);
    }
    Ok(deltas)
}

/// Adds a piece to the call it belongs to.
fn piece(
    calls: &mut Vec<ToolCall>,
    new: ToolCallDelta,
    event: u64,
) -> Result<Option<Delta>, StreamError> {
    let at = usize::try_from(new.index).unwrap_or(usize::MAX);
    if at >= MAX_PARTS {
        return Err(too_many(event, "calls"));
    }
    // Some servers count each call as the first: a new id is a new call.
    let at = match calls.get(at) {
        Some(known) if new.id.as_deref().is_some_and(|id| is_other(known, id)) => calls.len(),
        _ => at.min(calls.len()),
    };
    if at == calls.len() {
        if calls.len() >= MAX_PARTS {
            return Err(too_many(event, "calls"));
        }
        let custom = new.custom.is_some() || new.kind.as_deref() == Some("custom");
        calls.push(if custom {
            ToolCall::custom("", "", "")
        } else {
            ToolCall::function("", "", "")
        });
    }
    Ok(calls.get_mut(at).and_then(|call| extend(call, new, at)))
}

fn is_other(call: &ToolCall, id: &str) -> bool {
    let known = match call {
        ToolCall::Function(call) => call.id.as_str(),
        ToolCall::Custom(call) => call.id.as_str(),
        ToolCall::Other(_) => return false,
    };
    !id.is_empty() && !known.is_empty() && known != id
}

fn extend(call: &mut ToolCall, new: ToolCallDelta, index: usize) -> Option<Delta> {
    let text = match call {
        ToolCall::Function(call) => {
            overwrite(&mut call.id, new.id);
            join(&mut call.extra, new.extra);
            let function = new.function?;
            overwrite(&mut call.function.name, function.name);
            join(&mut call.function.extra, function.extra);
            let text = function.arguments?;
            call.function.arguments.push_str(&text);
            text
        }
        ToolCall::Custom(call) => {
            overwrite(&mut call.id, new.id);
            join(&mut call.extra, new.extra);
            let custom = new.custom?;
            overwrite(&mut call.custom.name, custom.name);
            join(&mut call.custom.extra, custom.extra);
            let text = custom.input?;
            call.custom.input.push_str(&text);
            text
        }
        ToolCall::Other(_) => return None,
    };
    (!text.is_empty()).then_some(Delta::Call { index, text })
}

fn overwrite(known: &mut String, new: Option<String>) {
    if let Some(new) = new.filter(|new| !new.is_empty()) {
        *known = new;
    }
}

/// Members that this version does not know.
fn join(known: &mut Extra, new: Extra) {
    for (key, value) in new {
        match known.get_mut(&key) {
            Some(before) => join_value(before, value),
            None if value.is_null() => {}
            None => {
                known.insert(key, value);
            }
        }
    }
}

/// Texts and lists grow, objects by their members; what is neither is replaced. Two levels deep, which is what servers send.
fn join_value(known: &mut Value, new: Value) {
    match (known, new) {
        (_, Value::Null) => {}
        (Value::String(known), Value::String(new)) => known.push_str(&new),
        (Value::Array(known), Value::Array(new)) => known.extend(new),
        (Value::Object(known), Value::Object(new)) => {
            for (key, value) in new {
                match (known.get_mut(&key), value) {
                    (Some(Value::Array(known)), Value::Array(new)) => known.extend(new),
                    (Some(Value::String(known)), Value::String(new)) => known.push_str(&new),
                    (Some(_), Value::Null) => {}
                    (_, value) => {
                        known.insert(key, value);
                    }
                }
            }
        }
        (known, new) => *known = new,
    }
}

fn too_many(event: u64, what: &str) -> StreamError {
    StreamError::Malformed {
        event,
        reason: format!("more than {MAX_PARTS} {what}"),
    }
}
