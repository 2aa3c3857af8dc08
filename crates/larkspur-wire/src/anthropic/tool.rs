//! What the model may call.

use larkspur_json::SharedValue;

use crate::object::{object, open_enum};

object! {
    /// A function; or, by its `type`, a tool of the server's own.
    pub struct Tool {
        /// What tools of the server's own are, for example `web_search_20250305`.
        optional kind as "type": String,
        /// 1 to 128 characters of `[a-zA-Z0-9_-]`.
        required name: String,
        /// When and how to call it; the model reads it.
        optional description: String,
        /// The arguments: a schema whose root is an object.
        optional input_schema: SharedValue,
        /// Whether the server holds the arguments to the schema.
        optional strict: bool,
    }
}

impl Tool {
    /// A function with arguments of this schema.
    pub fn new(
        name: impl Into<String>,
        input_schema: impl Into<SharedValue>,
        strict: bool,
    ) -> Self {
        Self {
            name: name.into(),
            input_schema: Some(input_schema.into()),
            strict: strict.then_some(true),
            ..Self::default()
        }
    }
}

object! {
    /// Whether and what the model must call.
    pub struct ToolChoice {
        /// Which of the four.
        required mode as "type": ToolChoiceMode,
        /// The tool, where one is named.
        optional name: String,
        /// Whether at most one call may come in an answer.
        optional disable_parallel_tool_use: bool,
    }
}

open_enum! {
    /// Whether the model must call a tool.
    #[derive(Default)]
    pub enum ToolChoiceMode {
        /// As it likes.
        #[default]
        Auto = "auto",
        /// At least one.
        Any = "any",
        /// The one that is named.
        Tool = "tool",
        /// None.
        None = "none",
    }
}

impl ToolChoice {
    /// A choice that names no tool.
    pub fn mode(mode: ToolChoiceMode) -> Self {
        Self {
            mode,
            ..Self::default()
        }
    }

    /// This tool must be called.
    pub fn tool(name: impl Into<String>) -> Self {
        Self {
            mode: ToolChoiceMode::Tool,
            name: Some(name.into()),
            ..Self::default()
        }
    }
}
