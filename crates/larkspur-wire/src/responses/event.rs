//! The events of a streamed response.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Extra;
use crate::error::ErrorObject;
use crate::object::object;
use crate::pending::{Pending, Text};
use crate::responses::{OutputItem, OutputPart, Response};

object! {
    /// The response as a whole: what it is so far, or in the end.
    pub struct ResponseEvent {
        /// Counts the events from 0.
        optional sequence_number: u64,
        /// The response.
        required response: Box<Response>,
    }
}

object! {
    /// An item of the output begins or is done.
    pub struct ItemEvent {
        /// Counts the events from 0.
        optional sequence_number: u64,
        /// Which item of the output.
        default output_index: u64,
        /// The item.
        required item: OutputItem,
    }
}

object! {
    /// A part of a message begins or is done.
    pub struct PartEvent {
        /// Counts the events from 0.
        optional sequence_number: u64,
        /// The item's id.
        optional item_id: String,
        /// Which item of the output.
        default output_index: u64,
        /// Which part of it.
        default content_index: u64,
        /// The part.
        required part: OutputPart,
    }
}

object! {
    /// A piece of a text.
    pub struct DeltaEvent {
        /// Counts the events from 0.
        optional sequence_number: u64,
        /// The item's id.
        optional item_id: String,
        /// Which item of the output.
        default output_index: u64,
        /// Which part of a message or of a reasoning.
        optional content_index: u64,
        /// Which part of a summary.
        optional summary_index: u64,
        /// What comes next.
        required delta: String,
    }
}

object! {
    /// A text is done: one of the members has the whole.
    pub struct DoneEvent {
        /// Counts the events from 0.
        optional sequence_number: u64,
        /// The item's id.
        optional item_id: String,
        /// Which item of the output.
        default output_index: u64,
        /// Which part of a message or of a reasoning.
        optional content_index: u64,
        /// Which part of a summary.
        optional summary_index: u64,
        /// Of a text.
        optional text: String,
        /// Of a refusal.
        optional refusal: String,
        /// Of a call of a function.
        optional arguments: String,
        /// Of a call of a custom tool.
        optional input: String,
    }
}

object! {
    /// A part of a summary begins or is done.
    pub struct SummaryPartEvent {
        /// Counts the events from 0.
        optional sequence_number: u64,
        /// The item's id.
        optional item_id: String,
        /// Which item of the output.
        default output_index: u64,
        /// Which part of the summary.
        default summary_index: u64,
        /// The part.
        required part: Value,
    }
}

object! {
    /// A citation or the like comes.
    pub struct AnnotationEvent {
        /// Counts the events from 0.
        optional sequence_number: u64,
        /// The item's id.
        optional item_id: String,
        /// Which item of the output.
        default output_index: u64,
        /// Which part of it.
        default content_index: u64,
        /// Which of the annotations.
        default annotation_index: u64,
        /// The annotation.
        required annotation: Value,
    }
}

/// An event that brings a piece, as nearly all do: in one reading, and without the members that have no place in a response.
#[derive(Deserialize)]
struct Piece<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    sequence_number: Option<u64>,
    item_id: Option<String>,
    output_index: Option<u64>,
    content_index: Option<u64>,
    summary_index: Option<u64>,
    delta: String,
}

impl Piece<'_> {
    fn into_event(self) -> Option<Event> {
        let event: fn(DeltaEvent) -> Event = match self.kind.0.as_ref() {
            "response.output_text.delta" => Event::TextDelta,
            "response.refusal.delta" => Event::RefusalDelta,
            "response.function_call_arguments.delta" => Event::ArgumentsDelta,
            "response.custom_tool_call_input.delta" => Event::InputDelta,
            "response.reasoning_summary_text.delta" => Event::SummaryDelta,
            "response.reasoning_text.delta" => Event::ReasoningDelta,
            _ => return None,
        };
        Some(event(DeltaEvent {
            sequence_number: self.sequence_number,
            item_id: self.item_id,
            output_index: self.output_index.unwrap_or_default(),
            content_index: self.content_index,
            summary_index: self.summary_index,
            delta: self.delta,
            extra: Extra::default(),
        }))
    }
}

/// What kind an event is of; the rest is passed over.
#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
}

/// Declares the events: several may be of one shape, which their `type` tells apart. It is a member of the shape, in `extra`.
macro_rules! events {
    ( $( $(#[$meta:meta])* $variant:ident($ty:ty) = $tag:literal, )* ) => {
        /// One event of a stream. An unknown one, and a known one that does not fit, is kept as `Other`.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $( $(#[$meta])* $variant($ty), )*
            /// A kind this version does not know, kept as it came: to be skipped.
            Other(Value),
        }

        impl Event {
            /// The kinds this version knows, in the order of the specification.
            pub const KNOWN: &'static [&'static str] = &[$( $tag ),*];

            /// As [`read`](Self::read), but for members of pieces that have no place in a response: those need not be there.
            pub(crate) fn read_in_brief(text: &str) -> serde_json::Result<Self> {
                let piece = serde_json::from_str::<Piece<'_>>(text).ok();
                piece.and_then(Piece::into_event).map_or_else(|| Self::read(text), Ok)
            }

            /// Reads the text of an event: what serde reads, at less than half the expense, for events come by the thousand.
            ///
            /// # Errors
            ///
            /// The text is no JSON.
            pub fn read(text: &str) -> serde_json::Result<Self> {
                let kind: Option<Kind<'_>> = serde_json::from_str(text).ok();
                let read = match kind.as_ref().map(|kind| kind.kind.0.as_ref()) {
                    $( Some($tag) => serde_json::from_str(text).ok().map(Self::$variant), )*
                    _ => None,
                };
                // Whatever is strange about it is kept by way of a tree.
                read.map_or_else(|| serde_json::from_str(text), Ok)
            }
        }

        impl Serialize for Event {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant(event) => event.serialize(serializer), )*
                    Self::Other(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for Event {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let pending = Pending::deserialize(deserializer)?;
                let read = match pending.tag() {
                    $( Some($tag) => <$ty>::deserialize(&pending).ok().map(Self::$variant), )*
                    _ => None,
                };
                Ok(read.unwrap_or_else(|| Self::Other(pending.into())))
            }
        }
    };
}

events! {
    /// The response begins.
    Created(ResponseEvent) = "response.created",
    /// It waits.
    Queued(ResponseEvent) = "response.queued",
    /// The model is at it.
    InProgress(ResponseEvent) = "response.in_progress",
    /// The last event of a response that is whole.
    Completed(ResponseEvent) = "response.completed",
    /// The last event of one that a limit or a filter stopped.
    Incomplete(ResponseEvent) = "response.incomplete",
    /// The last event of one that the server gave up.
    Failed(ResponseEvent) = "response.failed",
    /// An error in place of the rest.
    Error(ErrorObject) = "error",
    /// An item begins.
    ItemAdded(ItemEvent) = "response.output_item.added",
    /// An item is done: this is the whole of it.
    ItemDone(ItemEvent) = "response.output_item.done",
    /// A part of a message begins.
    PartAdded(PartEvent) = "response.content_part.added",
    /// A part of a message is done.
    PartDone(PartEvent) = "response.content_part.done",
    /// Text.
    TextDelta(DeltaEvent) = "response.output_text.delta",
    /// The whole text.
    TextDone(DoneEvent) = "response.output_text.done",
    /// A citation or the like.
    AnnotationAdded(AnnotationEvent) = "response.output_text.annotation.added",
    /// Words of a refusal.
    RefusalDelta(DeltaEvent) = "response.refusal.delta",
    /// The whole refusal.
    RefusalDone(DoneEvent) = "response.refusal.done",
    /// Arguments of a call.
    ArgumentsDelta(DeltaEvent) = "response.function_call_arguments.delta",
    /// All arguments.
    ArgumentsDone(DoneEvent) = "response.function_call_arguments.done",
    /// Input of a call of a custom tool.
    InputDelta(DeltaEvent) = "response.custom_tool_call_input.delta",
    /// The whole input.
    InputDone(DoneEvent) = "response.custom_tool_call_input.done",
    /// A part of the summary of a reasoning begins.
    SummaryPartAdded(SummaryPartEvent) = "response.reasoning_summary_part.added",
    /// A part of the summary is done.
    SummaryPartDone(SummaryPartEvent) = "response.reasoning_summary_part.done",
    /// Text of a summary.
    SummaryDelta(DeltaEvent) = "response.reasoning_summary_text.delta",
    /// The whole text of a part of a summary.
    SummaryDone(DoneEvent) = "response.reasoning_summary_text.done",
    /// Text of a reasoning.
    ReasoningDelta(DeltaEvent) = "response.reasoning_text.delta",
    /// The whole text of a part of a reasoning.
    ReasoningDone(DoneEvent) = "response.reasoning_text.done",
}
