//! The answer to `POST /chat/completions`.

use std::borrow::Cow;

use serde_json::{Number, Value};

use crate::Extra;
use crate::chat::{CompletionUsage, CustomCall, FunctionCall, Message, ToolCall};
use crate::ending::Ending;
use crate::object::{object, open_enum};
use crate::settings::ServiceTier;

object! {
    /// The answer to `POST /chat/completions`.
    pub struct Completion {
        /// `chatcmpl-…`.
        default id: String,
        /// Always `chat.completion`; some servers leave it out or empty.
        lenient object: String,
        /// When it was made, in seconds since 1970.
        lenient created: Number,
        /// The model that answered: often the snapshot behind the name that was asked for.
        lenient model: String,
        /// The answers: one, unless `n` asked for more.
        default choices: Vec<Choice>,
        /// Tokens used, over all choices.
        lenient usage: CompletionUsage,
        /// The tier that was used.
        lenient service_tier: ServiceTier,
        /// Names the server's configuration.
        lenient system_fingerprint: String,
    }
}

object! {
    /// One answer.
    pub struct Choice {
        /// Which of the answers.
        default index: u64,
        /// What the model says.
        default message: Message,
        /// Why it stopped; some servers send an empty string.
        lenient finish_reason: FinishReason,
        /// Token probabilities, where asked for.
        optional logprobs: Value,
    }
}

open_enum! {
    /// Why the model stopped.
    pub enum FinishReason {
        /// It had said all, or refused.
        Stop = "stop",
        /// A limit was reached; the text is cut.
        Length = "length",
        /// It calls tools.
        ToolCalls = "tool_calls",
        /// The server's filter stopped it.
        ContentFilter = "content_filter",
        /// It calls a function; deprecated.
        FunctionCall = "function_call",
    }
}

impl Completion {
    /// An answer with one choice and every member the specification requires.
    pub fn new(
        id: impl Into<String>,
        model: impl Into<String>,
        message: Message,
        finish: FinishReason,
    ) -> Self {
        let extra = Extra::from_iter([("logprobs".to_owned(), Value::Null)]);
        let choice = Choice {
            message,
            finish_reason: Some(finish),
            extra,
            ..Choice::default()
        };
        Self {
            id: id.into(),
            object: Some("chat.completion".to_owned()),
            created: Some(0.into()),
            model: Some(model.into()),
            choices: vec![choice],
            ..Self::default()
        }
    }

    /// The text of the first choice.
    pub fn text(&self) -> Cow<'_, str> {
        match self.message().and_then(|message| message.content.as_ref()) {
            Some(crate::chat::Content::Text(text)) => Cow::Borrowed(text),
            Some(content) => Cow::Owned(content.text()),
            None => Cow::Borrowed(""),
        }
    }

    /// The refusal of the first choice. An empty one is none: some servers send `""`.
    pub fn refusal(&self) -> Option<&str> {
        self.message()?
            .refusal
            .as_deref()
            .filter(|refusal| !refusal.is_empty())
    }

    /// The calls of functions in the first choice, in order.
    pub fn function_calls(&self) -> impl Iterator<Item = &FunctionCall> {
        self.calls().filter_map(|call| match call {
            ToolCall::Function(call) => Some(call),
            _ => None,
        })
    }

    /// The calls of custom tools in the first choice, in order.
    pub fn custom_calls(&self) -> impl Iterator<Item = &CustomCall> {
        self.calls().filter_map(|call| match call {
            ToolCall::Custom(call) => Some(call),
            _ => None,
        })
    }

    /// How the first choice ended. A missing or unknown reason counts as finished: foreign servers have their own.
    pub fn ending(&self) -> Ending<'_> {
        let Some(choice) = self.choices.first() else {
            return self.failure();
        };
        match &choice.finish_reason {
            Some(FinishReason::Length) => Ending::Truncated("length"),
            Some(FinishReason::ContentFilter) => Ending::ContentFilter,
            _ => self.refusal().map_or(Ending::Finished, |refusal| {
                Ending::Refused(Cow::Borrowed(refusal))
            }),
        }
    }

    /// Gateways send an error of theirs with a good status, and then there are no choices.
    fn failure(&self) -> Ending<'_> {
        let member = |key| self.extra.get("error")?.get(key)?.as_str();
        let message = member("message").unwrap_or("the answer has no choices");
        Ending::Failed {
            code: member("code"),
            message,
        }
    }

    fn message(&self) -> Option<&Message> {
        self.choices.first().map(|choice| &choice.message)
    }

    fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.message()
            .and_then(|message| message.tool_calls.as_deref())
            .unwrap_or_default()
            .iter()
    }
}
