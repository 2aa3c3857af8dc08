//! The events of a stream to the response they tell of.

use std::mem::discriminant;

use serde_json::{Value, json};

use crate::error::{ErrorBody, ErrorObject};
use crate::responses::event::{
    AnnotationEvent, DeltaEvent, DoneEvent, Event, ItemEvent, PartEvent, SummaryPartEvent,
};
use crate::responses::{OutputItem, OutputPart, OutputText, RefusalPart, Response};
use crate::sse::SseEvent;
use crate::stream::{Delta, StreamError};

/// Puts a response together from its events.
///
/// A delta goes to the item that its `output_index` names, or, where that has another id, to the last one with its `item_id`. Every `done` replaces what was put together, and the response of the last event stands (the rules of the official
/// SDKs' accumulators, `openai-node` `ResponseAccumulator`); only where that one leaves the output out, what was put together
/// does. Kinds that this version does not know are skipped.
///
/// ```
/// use larkspur_wire::responses::Accumulator;
/// use larkspur_wire::{Delta, SseDecoder};
///
/// let mut accumulator = Accumulator::default();
/// let stream = br#"data: {"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}
///
/// data: {"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"msg_1","content":[]}}
///
/// data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hello"}
///
/// "#;
/// let mut deltas = Vec::new();
/// for event in SseDecoder::default().push(stream)? {
///     deltas.extend(accumulator.push(&event)?);
/// }
/// assert_eq!(deltas, [Delta::Text("Hello".to_owned())]);
/// assert_eq!(accumulator.response().output_text(), "Hello");
/// assert!(accumulator.finish().is_err()); // no `response.completed` came
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Accumulator {
    response: Response,
    events: u64,
    last_sequence: Option<u64>,
    ended: bool,
}

/// More items, or parts of an item, than an answer may have.
const MAX_PARTS: usize = 10_000;

impl Accumulator {
    /// Takes the next event of a stream.
    ///
    /// # Errors
    ///
    /// The event is no JSON, has no place in the response, or is an error of the server.
    pub fn push(&mut self, event: &SseEvent) -> Result<Option<Delta>, StreamError> {
        if event.is_done() {
            return Ok(None);
        }
        let parsed = Event::read_in_brief(&event.data)
            .map_err(|error| self.malformed(format!("it is not JSON: {error}")))?;
        self.apply(parsed)
    }

    /// The same for an event that has been read.
    ///
    /// # Errors
    ///
    /// The event has no place in the response, or is an error of the server.
    pub fn apply(&mut self, event: Event) -> Result<Option<Delta>, StreamError> {
        let delta = self.place(event)?;
        self.events += 1;
        Ok(delta)
    }

    /// What is known of the response so far.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Whether the last event of the response has come.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// The number of the last event as the server counts, from which a stream can be resumed.
    pub fn last_sequence_number(&self) -> Option<u64> {
        self.last_sequence
    }

    /// The whole response.
    ///
    /// # Errors
    ///
    /// Its last event has not come: the stream was cut.
    pub fn finish(self) -> Result<Response, StreamError> {
        if self.ended {
            return Ok(self.response);
        }
        Err(StreamError::Cut {
            events: self.events,
        })
    }

    fn malformed(&self, reason: impl Into<String>) -> StreamError {
        StreamError::Malformed {
            event: self.events,
            reason: reason.into(),
        }
    }

    fn place(&mut self, event: Event) -> Result<Option<Delta>, StreamError> {
        match event {
            Event::Created(event) | Event::Queued(event) | Event::InProgress(event) => {
                self.count(event.sequence_number);
                self.replace(*event.response);
            }
            Event::Completed(event) | Event::Incomplete(event) | Event::Failed(event) => {
                self.count(event.sequence_number);
                self.replace(*event.response);
                self.ended = true;
            }
            Event::Error(error) => return Err(StreamError::Server(Box::new(inner(error)))),
            Event::ItemAdded(event) => self.item_added(event)?,
            Event::ItemDone(event) => self.item_done(event)?,
            Event::PartAdded(event) | Event::PartDone(event) => self.part(event)?,
            Event::AnnotationAdded(event) => self.annotation(event)?,
            Event::SummaryPartAdded(event) | Event::SummaryPartDone(event) => {
                self.summary(event)?;
            }
            Event::TextDelta(event) => return self.text(event, Kind::Text).map(Some),
            Event::RefusalDelta(event) => return self.text(event, Kind::Refusal).map(Some),
            Event::ArgumentsDelta(event) | Event::InputDelta(event) => {
                return self.input(event).map(Some);
            }
            Event::SummaryDelta(event) | Event::ReasoningDelta(event) => {
                return self.thought(event).map(Some);
            }
            Event::TextDone(event)
            | Event::RefusalDone(event)
            | Event::ArgumentsDone(event)
            | Event::InputDone(event)
            | Event::SummaryDone(event)
            | Event::ReasoningDone(event) => self.done(event)?,
            Event::Other(event) => {
                self.count(event.get("sequence_number").and_then(Value::as_u64));
                self.other(event)?;
            }
        }
        Ok(None)
    }

    /// A kind that is not known is skipped; a known one that cannot be read would leave a hole.
    fn other(&self, event: Value) -> Result<(), StreamError> {
        match event.get("type").and_then(Value::as_str) {
            Some(kind) if Event::KNOWN.contains(&kind) => {
                Err(self.malformed(format!("a `{kind}` that cannot be read")))
            }
            Some(_) => Ok(()),
            // Gateways send the body of an error as an event.
            None => match ErrorBody::from_value(event) {
                Some(body) => Err(StreamError::Server(Box::new(body.error))),
                None => Err(self.malformed("it has no `type`")),
            },
        }
    }

    fn count(&mut self, sequence: Option<u64>) {
        self.last_sequence = sequence.or(self.last_sequence);
    }

    /// A response as a whole. What was put together stays where the server does not repeat it.
    fn replace(&mut self, mut response: Response) {
        if response.output.is_empty() {
            response.output = std::mem::take(&mut self.response.output);
        }
        self.response = response;
    }

    /// An item begins: behind the others, whatever its index says.
    fn item_added(&mut self, event: ItemEvent) -> Result<(), StreamError> {
        self.count(event.sequence_number);
        let items = &mut self.response.output;
        if items.len() >= MAX_PARTS {
            return Err(self.malformed(format!("more than {MAX_PARTS} items")));
        }
        items.push(event.item);
        Ok(())
    }

    /// An item is whole, and takes the place of its pieces.
    fn item_done(&mut self, event: ItemEvent) -> Result<(), StreamError> {
        let items = &mut self.response.output;
        let at = index(event.output_index);
        let alike = |item: &OutputItem| discriminant(item) == discriminant(&event.item);
        let same = |item: &OutputItem| alike(item) && id(item) == id(&event.item);
        let found = items.get(at).filter(|item| same(item)).map(|_| at);
        let found = found.or_else(|| items.iter().rposition(same));
        // Ids may change between the events of an item.
        let found = found.or_else(|| items.get(at).filter(|item| alike(item)).map(|_| at));
        match found.and_then(|at| items.get_mut(at)) {
            Some(item) => *item = event.item,
            None => return self.item_added(event),
        }
        self.count(event.sequence_number);
        Ok(())
    }

    /// The item that an event is about.
    fn find(
        &mut self,
        output_index: u64,
        item_id: Option<&str>,
    ) -> Result<&mut OutputItem, StreamError> {
        let items = &self.response.output;
        let at = index(output_index);
        let fits =
            |item: &OutputItem| item_id.is_none() || id(item).is_none() || id(item) == item_id;
        let found = match items.get(at) {
            Some(item) if fits(item) => Some(at),
            _ => items
                .iter()
                .rposition(|item| id(item).is_some() && id(item) == item_id),
        };
        // Ids that change from event to event are worth less than the index.
        let found = found.or((at < items.len()).then_some(at));
        let missing = || StreamError::Malformed {
            event: self.events,
            reason: format!("it is about item {output_index}, which has not begun"),
        };
        found
            .and_then(|at| self.response.output.get_mut(at))
            .ok_or_else(missing)
    }

    fn parts(
        &mut self,
        output_index: u64,
        item_id: Option<&str>,
    ) -> Result<&mut Vec<OutputPart>, StreamError> {
        let event = self.events;
        match self.find(output_index, item_id)? {
            OutputItem::Message(message) => Ok(&mut message.content),
            _ => Err(StreamError::Malformed {
                event,
                reason: format!("item {output_index} is not a message"),
            }),
        }
    }

    fn part(&mut self, event: PartEvent) -> Result<(), StreamError> {
        self.count(event.sequence_number);
        let item_id = event.item_id.as_deref();
        // The parts of a reasoning come as a whole with their item.
        if let OutputItem::Message(_) = self.find(event.output_index, item_id)? {
            let parts = self.parts(event.output_index, item_id)?;
            put(parts, event.content_index, event.part);
        }
        Ok(())
    }

    fn annotation(&mut self, event: AnnotationEvent) -> Result<(), StreamError> {
        self.count(event.sequence_number);
        let parts = self.parts(event.output_index, event.item_id.as_deref())?;
        if let Some(OutputPart::OutputText(text)) = parts.get_mut(index(event.content_index)) {
            let annotations = text.annotations.get_or_insert_default();
            put(annotations, event.annotation_index, event.annotation);
        }
        Ok(())
    }

    fn summary(&mut self, event: SummaryPartEvent) -> Result<(), StreamError> {
        self.count(event.sequence_number);
        if let OutputItem::Reasoning(item) =
            self.find(event.output_index, event.item_id.as_deref())?
        {
            put(&mut item.summary, event.summary_index, event.part);
        }
        Ok(())
    }

    /// More text or refusal. A part that was not announced begins with it.
    fn text(&mut self, event: DeltaEvent, kind: Kind) -> Result<Delta, StreamError> {
        self.count(event.sequence_number);
        let number = self.events;
        let parts = self.parts(event.output_index, event.item_id.as_deref())?;
        let at = index(event.content_index.unwrap_or(0));
        if at >= parts.len() {
            parts.push(kind.empty());
        }
        let at = at.min(parts.len() - 1);
        match (parts.get_mut(at), kind) {
            (Some(OutputPart::OutputText(part)), Kind::Text) => {
                part.text.push_str(&event.delta);
                Ok(Delta::Text(event.delta))
            }
            (Some(OutputPart::Refusal(part)), Kind::Refusal) => {
                part.refusal.push_str(&event.delta);
                Ok(Delta::Refusal(event.delta))
            }
            _ => Err(StreamError::Malformed {
                event: number,
                reason: "a piece of text for a part that holds something else".to_owned(),
            }),
        }
    }

    /// More of the input of a call.
    fn input(&mut self, event: DeltaEvent) -> Result<Delta, StreamError> {
        self.count(event.sequence_number);
        let number = self.events;
        match self.find(event.output_index, event.item_id.as_deref())? {
            OutputItem::FunctionCall(call) => call.arguments.push_str(&event.delta),
            OutputItem::CustomToolCall(call) => call.input.push_str(&event.delta),
            // Calls of the server's own tools come as a whole with their item.
            OutputItem::Other(_) => {}
            _ => {
                return Err(StreamError::Malformed {
                    event: number,
                    reason: format!("item {} is not a call", event.output_index),
                });
            }
        }
        let before = self.response.output.iter().take(index(event.output_index));
        let calls = before.filter(|item| {
            matches!(
                item,
                OutputItem::FunctionCall(_) | OutputItem::CustomToolCall(_)
            )
        });
        Ok(Delta::Call {
            index: calls.count(),
            text: event.delta,
        })
    }

    /// More of a reasoning or its summary.
    fn thought(&mut self, event: DeltaEvent) -> Result<Delta, StreamError> {
        self.count(event.sequence_number);
        if let OutputItem::Reasoning(item) =
            self.find(event.output_index, event.item_id.as_deref())?
        {
            let (parts, at, kind) = match event.summary_index {
                Some(at) => (&mut item.summary, at, "summary_text"),
                None => (
                    item.content.get_or_insert_default(),
                    event.content_index.unwrap_or(0),
                    "reasoning_text",
                ),
            };
            if index(at) >= parts.len() {
                parts.push(json!({"type": kind, "text": ""}));
            }
            let at = index(at).min(parts.len() - 1);
            if let Some(Value::String(text)) =
                parts.get_mut(at).and_then(|part| part.get_mut("text"))
            {
                text.push_str(&event.delta);
            }
        }
        Ok(Delta::Reasoning(event.delta))
    }

    /// A whole text in place of its pieces.
    fn done(&mut self, event: DoneEvent) -> Result<(), StreamError> {
        self.count(event.sequence_number);
        let at = index(event.content_index.unwrap_or(0));
        match self.find(event.output_index, event.item_id.as_deref())? {
            OutputItem::FunctionCall(call) => replace(&mut call.arguments, event.arguments),
            OutputItem::CustomToolCall(call) => replace(&mut call.input, event.input),
            OutputItem::Message(message) => match message.content.get_mut(at) {
                Some(OutputPart::OutputText(part)) => replace(&mut part.text, event.text),
                Some(OutputPart::Refusal(part)) => replace(&mut part.refusal, event.refusal),
                _ => {}
            },
            // The item itself follows with all its parts.
            _ => {}
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Refusal,
}

impl Kind {
    fn empty(self) -> OutputPart {
        match self {
            Self::Text => OutputPart::OutputText(OutputText::default()),
            Self::Refusal => OutputPart::Refusal(RefusalPart::default()),
        }
    }
}

/// The error of an `error` event, which some servers nest.
fn inner(mut error: ErrorObject) -> ErrorObject {
    let nested = error.extra.remove("error").and_then(ErrorBody::from_value);
    match nested {
        Some(nested) if error.message.is_empty() => nested.error,
        _ => error,
    }
}

/// An index of the server; one that no list can have stays one.
fn index(index: u64) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Puts a part where it belongs, or behind the last one.
fn put<T>(parts: &mut Vec<T>, at: u64, part: T) {
    let room = parts.len() < MAX_PARTS;
    match parts.get_mut(index(at)) {
        Some(known) => *known = part,
        None if room => parts.push(part),
        None => {}
    }
}

fn replace(text: &mut String, whole: Option<String>) {
    if let Some(whole) = whole {
        *text = whole;
    }
}

fn id(item: &OutputItem) -> Option<&str> {
    let id = match item {
        OutputItem::Message(item) => Some(item.id.as_str()),
        OutputItem::FunctionCall(item) => item.id.as_deref(),
        OutputItem::CustomToolCall(item) => item.id.as_deref(),
        OutputItem::Reasoning(item) => item.id.as_deref(),
        OutputItem::Compaction(item) => item.id.as_deref(),
        OutputItem::Other(item) => item.get("id").and_then(Value::as_str),
    };
    id.filter(|id| !id.is_empty())
}
