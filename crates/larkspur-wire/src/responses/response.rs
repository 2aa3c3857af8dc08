//! The answer to `POST /responses`.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use crate::Extra;
use crate::ending::Ending;
use crate::error::{ErrorCode, ErrorObject};
use crate::object::{object, open_enum};
use crate::responses::{CustomToolCall, FunctionCall, OutputItem, OutputPart, ResponseUsage};
use crate::settings::ServiceTier;

object! {
    /// The answer to `POST /responses`.
    ///
    /// The echo of the request's settings (`instructions`, `tools`, `text`, `temperature` …) is in `extra`, as it came.
    pub struct Response {
        /// `resp_…`.
        default id: String,
        /// Always `response`.
        lenient object: String,
        /// When it was begun, in seconds since 1970.
        lenient created_at: Number,
        /// When it was finished.
        lenient completed_at: Number,
        /// How far it is.
        optional status: Status,
        /// Why it failed, if it did.
        lenient error: ErrorObject,
        /// Why it is incomplete, if it is.
        lenient incomplete_details: IncompleteDetails,
        /// The model that answered: often the snapshot behind the name that was asked for.
        lenient model: String,
        /// What the model made, in order.
        default output: Vec<OutputItem>,
        /// Tokens used; absent until it is finished.
        lenient usage: ResponseUsage,
        /// The tier that was used.
        lenient service_tier: ServiceTier,
        /// The response this one goes on from.
        lenient previous_response_id: String,
    }
}

object! {
    /// Why a response is incomplete.
    pub struct IncompleteDetails {
        /// `max_output_tokens` or `content_filter`; one published example says `max_tokens`.
        default reason: String,
    }
}

open_enum! {
    /// How far a response, or an item in it, is.
    pub enum Status {
        /// Finished.
        Completed = "completed",
        /// The server gave up.
        Failed = "failed",
        /// The model is at it.
        InProgress = "in_progress",
        /// Somebody stopped it.
        Cancelled = "cancelled",
        /// Waiting.
        Queued = "queued",
        /// Stopped by a limit or a filter.
        Incomplete = "incomplete",
    }
}

impl Response {
    /// A response with this output, `completed`, and every member the specification requires (as `null` or empty).
    pub fn new(id: impl Into<String>, model: impl Into<String>, output: Vec<OutputItem>) -> Self {
        let mut extra = Extra::default();
        for key in [
            "error",
            "incomplete_details",
            "instructions",
            "temperature",
            "top_p",
        ] {
            extra.insert(key.to_owned(), Value::Null);
        }
        extra.insert("metadata".to_owned(), Value::Object(Map::new()));
        extra.insert("parallel_tool_calls".to_owned(), Value::Bool(true));
        extra.insert("tools".to_owned(), Value::Array(Vec::new()));
        extra.insert("tool_choice".to_owned(), Value::from("auto"));
        Self {
            id: id.into(),
            object: Some("response".to_owned()),
            created_at: Some(0.into()),
            status: Some(Status::Completed),
            model: Some(model.into()),
            output,
            extra,
            ..Self::default()
        }
    }

    /// All `output_text` parts of all messages, joined: what the SDKs call `output_text`.
    pub fn output_text(&self) -> Cow<'_, str> {
        join(self.parts().filter_map(|part| match part {
            OutputPart::OutputText(text) => Some(text.text.as_str()),
            _ => None,
        }))
        .unwrap_or(Cow::Borrowed(""))
    }

    /// The refusal, if the model refused. The status is `completed` then, and the schema was given.
    pub fn refusal(&self) -> Option<Cow<'_, str>> {
        join(self.parts().filter_map(|part| match part {
            OutputPart::Refusal(refusal) => Some(refusal.refusal.as_str()),
            _ => None,
        }))
    }

    /// The calls of functions, in order.
    pub fn function_calls(&self) -> impl Iterator<Item = &FunctionCall> {
        self.output.iter().filter_map(|item| match item {
            OutputItem::FunctionCall(call) => Some(call),
            _ => None,
        })
    }

    /// The calls of custom tools, in order.
    pub fn custom_calls(&self) -> impl Iterator<Item = &CustomToolCall> {
        self.output.iter().filter_map(|item| match item {
            OutputItem::CustomToolCall(call) => Some(call),
            _ => None,
        })
    }

    /// How it ended. A missing status counts as completed: old and foreign servers leave it out.
    pub fn ending(&self) -> Ending<'_> {
        match &self.status {
            Some(Status::Failed) => self.failure(),
            Some(Status::Incomplete) => self.incompletion(),
            Some(Status::Completed) | None if self.error.is_some() => self.failure(),
            Some(Status::Completed) | None => {
                self.refusal().map_or(Ending::Finished, Ending::Refused)
            }
            Some(status) => Ending::Unfinished(status.as_str()),
        }
    }

    fn failure(&self) -> Ending<'_> {
        let error = self.error.as_ref();
        Ending::Failed {
            code: error
                .and_then(|error| error.code.as_ref())
                .and_then(ErrorCode::as_str),
            message: error.map_or("", |error| error.message.as_str()),
        }
    }

    fn incompletion(&self) -> Ending<'_> {
        match self
            .incomplete_details
            .as_ref()
            .map(|details| details.reason.as_str())
        {
            Some("content_filter") => Ending::ContentFilter,
            Some(reason) => Ending::Truncated(reason),
            None => Ending::Truncated("incomplete"),
        }
    }

    fn parts(&self) -> impl Iterator<Item = &OutputPart> {
        self.output.iter().flat_map(|item| match item {
            OutputItem::Message(message) => message.content.as_slice(),
            _ => &[],
        })
    }
}

/// The texts joined, borrowed where there is only one; `None` where there is none.
fn join<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<Cow<'a, str>> {
    let mut joined = Cow::Borrowed(texts.next()?);
    for text in texts {
        joined.to_mut().push_str(text);
    }
    Some(joined)
}
