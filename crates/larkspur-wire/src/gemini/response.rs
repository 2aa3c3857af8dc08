//! The answer to `POST /models/MODEL:generateContent`, and each chunk of a stream.

use std::borrow::Cow;

use crate::ending::Ending;
use crate::gemini::{Content, FunctionCall, Part};
use crate::object::{object, open_enum};
use crate::usage::Usage;

object! {
    /// An answer, or a chunk of one.
    pub struct Response {
        /// The answers: one, unless more were asked for; none where the prompt was blocked.
        default candidates: Vec<Candidate>,
        /// What the server has against the prompt.
        lenient prompt_feedback as "promptFeedback": PromptFeedback,
        /// Tokens used.
        lenient usage_metadata as "usageMetadata": UsageMetadata,
        /// The model that answered.
        lenient model_version as "modelVersion": String,
        /// Names the answer.
        lenient response_id as "responseId": String,
    }
}

object! {
    /// One answer.
    pub struct Candidate {
        /// What the model says.
        lenient content: Content,
        /// Why it stopped; nothing while it has not.
        optional finish_reason as "finishReason": FinishReason,
        /// More on that, for people.
        lenient finish_message as "finishMessage": String,
        /// Which of the answers.
        lenient index: u64,
    }
}

object! {
    /// What the server has against a prompt.
    pub struct PromptFeedback {
        /// Why it was blocked, for example `SAFETY`.
        lenient block_reason as "blockReason": String,
    }
}

object! {
    /// Tokens of one answer.
    pub struct UsageMetadata {
        /// Tokens of the prompt, those from the cache included.
        optional prompt_token_count as "promptTokenCount": u64,
        /// Those of them that came from the cache.
        optional cached_content_token_count as "cachedContentTokenCount": u64,
        /// Tokens that tools of the server's own gave the model to read, on top of the prompt.
        optional tool_use_prompt_token_count as "toolUsePromptTokenCount": u64,
        /// Tokens of the answers, thoughts not included.
        optional candidates_token_count as "candidatesTokenCount": u64,
        /// Tokens of the thoughts.
        optional thoughts_token_count as "thoughtsTokenCount": u64,
        /// All of them.
        optional total_token_count as "totalTokenCount": u64,
    }
}

open_enum! {
    /// Why the model stopped.
    pub enum FinishReason {
        /// It had said all, or wrote a text at which it was to stop.
        Stop = "STOP",
        /// The limit of the request was reached; the text is cut.
        MaxTokens = "MAX_TOKENS",
        /// The filter stopped it.
        Safety = "SAFETY",
        /// It would have repeated what others wrote.
        Recitation = "RECITATION",
        /// It holds words that are forbidden.
        Blocklist = "BLOCKLIST",
        /// What is asked for is prohibited.
        ProhibitedContent = "PROHIBITED_CONTENT",
        /// It holds personal data.
        Spii = "SPII",
        /// The language is not supported.
        Language = "LANGUAGE",
        /// It made a call that nobody can read.
        MalformedFunctionCall = "MALFORMED_FUNCTION_CALL",
        /// It made a call although it has no tools.
        UnexpectedToolCall = "UNEXPECTED_TOOL_CALL",
        /// It called too often in a row.
        TooManyToolCalls = "TOO_MANY_TOOL_CALLS",
        /// The request lacks a signature of thoughts.
        MissingThoughtSignature = "MISSING_THOUGHT_SIGNATURE",
        /// What it wrote cannot be read.
        MalformedResponse = "MALFORMED_RESPONSE",
        /// Something that the server does not name.
        Unnamed = "OTHER",
    }
}

/// What is said where the server does not say why.
const NO_REASON: &str = "the model stopped without an answer";

impl Response {
    /// The text of the first answer, without thoughts.
    pub fn text(&self) -> Cow<'_, str> {
        let mut texts = self
            .parts()
            .filter(|part| !part.is_thought())
            .filter_map(|part| part.text.as_deref());
        let Some(first) = texts.next() else {
            return Cow::Borrowed("");
        };
        texts.fold(Cow::Borrowed(first), |all, text| all + text)
    }

    /// The calls of functions in the first answer, in order.
    pub fn calls(&self) -> impl Iterator<Item = &FunctionCall> {
        self.parts().filter_map(|part| part.function_call.as_ref())
    }

    /// How the first answer ended. A blocked prompt counts as filtered, a reason that is not known as finished.
    pub fn ending(&self) -> Ending<'_> {
        let Some(candidate) = self.candidates.first() else {
            return self.without_answer();
        };
        let Some(reason) = &candidate.finish_reason else {
            return Ending::Unfinished("in_progress");
        };
        match reason {
            FinishReason::MaxTokens => Ending::Truncated("MAX_TOKENS"),
            FinishReason::Safety
            | FinishReason::Recitation
            | FinishReason::Blocklist
            | FinishReason::ProhibitedContent
            | FinishReason::Spii => Ending::ContentFilter,
            FinishReason::Language
            | FinishReason::MalformedFunctionCall
            | FinishReason::UnexpectedToolCall
            | FinishReason::TooManyToolCalls
            | FinishReason::MissingThoughtSignature
            | FinishReason::MalformedResponse
            | FinishReason::Unnamed => Ending::Failed {
                code: Some(reason.as_str()),
                message: candidate.finish_message.as_deref().unwrap_or(NO_REASON),
            },
            FinishReason::Stop | FinishReason::Other(_) => Ending::Finished,
        }
    }

    fn without_answer(&self) -> Ending<'_> {
        let feedback = self.prompt_feedback.as_ref();
        match feedback.and_then(|feedback| feedback.block_reason.as_deref()) {
            Some(_) => Ending::ContentFilter,
            None => Ending::Failed {
                code: None,
                message: NO_REASON,
            },
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        let content = self.candidates.first().and_then(|one| one.content.as_ref());
        content.into_iter().flat_map(|content| &content.parts)
    }
}

impl From<&UsageMetadata> for Usage {
    fn from(usage: &UsageMetadata) -> Self {
        let count = Option::unwrap_or_default;
        let thoughts = count(usage.thoughts_token_count);
        let read: u64 = count(usage.prompt_token_count);
        let said: u64 = count(usage.candidates_token_count);
        Self {
            input_tokens: read.saturating_add(count(usage.tool_use_prompt_token_count)),
            cached_input_tokens: count(usage.cached_content_token_count),
            cache_write_tokens: 0,
            output_tokens: said.saturating_add(thoughts),
            reasoning_tokens: thoughts,
        }
    }
}

impl From<Usage> for UsageMetadata {
    fn from(usage: Usage) -> Self {
        let counted = |count: u64| (count > 0).then_some(count);
        let said = usage.output_tokens.saturating_sub(usage.reasoning_tokens);
        Self {
            prompt_token_count: Some(usage.input_tokens),
            cached_content_token_count: counted(usage.cached_input_tokens),
            candidates_token_count: counted(said),
            thoughts_token_count: counted(usage.reasoning_tokens),
            total_token_count: Some(usage.total_tokens()),
            ..Self::default()
        }
    }
}
