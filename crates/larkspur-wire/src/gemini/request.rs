//! The body of `POST /models/MODEL:generateContent`. The model stands in the path.

use larkspur_json::SharedValue;
use serde_json::Number;

use crate::gemini::{Content, Tool, ToolConfig};
use crate::object::object;

object! {
    /// The body of a request. Fields that this version does not name go into `extra`.
    pub struct Request {
        /// The conversation, oldest first; at least one content.
        required contents: Vec<Content>,
        /// What the model must do, before everything else.
        optional system_instruction as "systemInstruction": Content,
        /// What the model may call.
        optional tools: Vec<Tool>,
        /// How it may call them.
        optional tool_config as "toolConfig": ToolConfig,
        /// Shape and length of the answer.
        optional generation_config as "generationConfig": GenerationConfig,
        /// What the filter lets pass; one for each category.
        optional safety_settings as "safetySettings": Vec<SafetySetting>,
        /// The name of contents that the server keeps, `cachedContents/…`.
        optional cached_content as "cachedContent": String,
    }
}

impl Request {
    /// A request with nothing but a conversation.
    pub fn new(contents: Vec<Content>) -> Self {
        Self {
            contents,
            ..Self::default()
        }
    }
}

object! {
    /// Shape and length of the answer.
    pub struct GenerationConfig {
        /// `application/json` for JSON; `text/x.enum` for one of an enum's words.
        optional response_mime_type as "responseMimeType": String,
        /// A schema in the server's own notation, a part of `OpenAPI` 3.0.
        optional response_schema as "responseSchema": SharedValue,
        /// A JSON Schema, in what the server takes of it; in place of the former.
        optional response_json_schema as "responseJsonSchema": SharedValue,
        /// Bounds the answer; thoughts count.
        optional max_output_tokens as "maxOutputTokens": u64,
        /// 0 to 2.
        optional temperature: Number,
        /// 0 to 1.
        optional top_p as "topP": Number,
        /// Draws from this many of the likeliest tokens.
        optional top_k as "topK": u64,
        /// Texts at which the model stops, at most five.
        optional stop_sequences as "stopSequences": Vec<String>,
        /// Answers to make.
        optional candidate_count as "candidateCount": u64,
        /// Asks for the same answer again.
        optional seed: i64,
        /// Whether and how much the model thinks.
        optional thinking_config as "thinkingConfig": ThinkingConfig,
    }
}

object! {
    /// Whether and how much the model thinks.
    pub struct ThinkingConfig {
        /// `MINIMAL`, `LOW`, `MEDIUM` or `HIGH`: Gemini 3 and later. Not beside a budget.
        optional thinking_level as "thinkingLevel": String,
        /// The most tokens that thoughts may take; 0 for none, −1 for as the model likes. Before Gemini 3.
        optional thinking_budget as "thinkingBudget": i64,
        /// Whether summaries of the thoughts come along.
        optional include_thoughts as "includeThoughts": bool,
    }
}

object! {
    /// What the filter lets pass of a category.
    pub struct SafetySetting {
        /// For example `HARM_CATEGORY_HARASSMENT`.
        required category: String,
        /// For example `BLOCK_ONLY_HIGH`.
        required threshold: String,
    }
}
