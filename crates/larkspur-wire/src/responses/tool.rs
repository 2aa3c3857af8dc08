//! What the model may call.

use larkspur_json::SharedValue;

use crate::PlainTextFormat;
use crate::object::{object, tagged};
use crate::settings::{GrammarSyntax, ToolChoiceMode};

tagged! {
    /// A tool. The server's own tools (search, code, images …) are `Other`: opaque JSON.
    pub enum Tool {
        /// A function whose arguments are JSON.
        Function(FunctionTool) = "function",
        /// A tool whose input is text, if wanted in a grammar.
        Custom(CustomTool) = "custom",
    }
}

object! {
    /// A function: flat, with no inner `function` object.
    pub struct FunctionTool as "function" {
        /// `^[a-zA-Z0-9_-]{1,64}$`.
        required name: String,
        /// When and how to call it; the model reads it.
        optional description: String,
        /// JSON Schema of the arguments.
        optional parameters: SharedValue,
        /// Left out, the server tries strict mode and may rewrite the schema: send it always.
        optional strict: bool,
    }
}

impl FunctionTool {
    /// A function with this schema for its arguments; `strict` is sent explicitly.
    pub fn new(name: impl Into<String>, parameters: impl Into<SharedValue>, strict: bool) -> Self {
        Self {
            name: name.into(),
            parameters: Some(parameters.into()),
            strict: Some(strict),
            ..Self::default()
        }
    }
}

object! {
    /// A tool whose input is text.
    pub struct CustomTool as "custom" {
        /// `^[a-zA-Z0-9_-]{1,64}$`.
        required name: String,
        /// When and how to call it; the model reads it.
        optional description: String,
        /// What text is allowed; any, if absent.
        optional format: CustomFormat,
    }
}

impl CustomTool {
    /// A tool that takes any text.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// A tool that takes text of this grammar.
    pub fn grammar(
        name: impl Into<String>,
        syntax: GrammarSyntax,
        definition: impl Into<String>,
    ) -> Self {
        let format = GrammarFormat {
            syntax,
            definition: definition.into(),
            ..GrammarFormat::default()
        };
        Self {
            name: name.into(),
            format: Some(format.into()),
            ..Self::default()
        }
    }
}

tagged! {
    /// What text a custom tool takes.
    pub enum CustomFormat {
        /// Any.
        Text(PlainTextFormat) = "text",
        /// Text of a grammar.
        Grammar(GrammarFormat) = "grammar",
    }
}

object! {
    /// Text of a grammar: flat, with no inner `grammar` object.
    pub struct GrammarFormat as "grammar" {
        /// The language the grammar is written in.
        required syntax: GrammarSyntax,
        /// The grammar.
        required definition: String,
    }
}

tagged! {
    /// Which tools the model may or must call.
    pub enum ToolChoice or Mode(ToolChoiceMode) {
        /// This function.
        Function(NamedFunction) = "function",
        /// This custom tool.
        Custom(NamedCustom) = "custom",
        /// Some of the tools, without touching the (cached) list of all.
        AllowedTools(AllowedTools) = "allowed_tools",
    }
}

tagged! {
    /// A tool by name.
    pub enum ToolRef {
        /// A function.
        Function(NamedFunction) = "function",
        /// A custom tool.
        Custom(NamedCustom) = "custom",
    }
}

object! {
    /// A function by name.
    pub struct NamedFunction as "function" {
        /// Its name.
        required name: String,
    }
}

object! {
    /// A custom tool by name.
    pub struct NamedCustom as "custom" {
        /// Its name.
        required name: String,
    }
}

object! {
    /// Some of the tools: flat, with no inner `allowed_tools` object.
    pub struct AllowedTools as "allowed_tools" {
        /// `auto` or `required`.
        required mode: ToolChoiceMode,
        /// Names, not definitions.
        required tools: Vec<ToolRef>,
    }
}

impl From<ToolRef> for ToolChoice {
    /// This tool must be called.
    fn from(tool: ToolRef) -> Self {
        match tool {
            ToolRef::Function(named) => Self::Function(named),
            ToolRef::Custom(named) => Self::Custom(named),
            ToolRef::Other(json) => Self::Other(json),
        }
    }
}

impl ToolChoice {
    /// Some of the tools.
    pub fn allowed(mode: ToolChoiceMode, tools: impl IntoIterator<Item = ToolRef>) -> Self {
        Self::AllowedTools(AllowedTools {
            mode,
            tools: tools.into_iter().collect(),
            ..AllowedTools::default()
        })
    }
}

impl ToolRef {
    /// A function by name.
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(NamedFunction {
            name: name.into(),
            ..NamedFunction::default()
        })
    }

    /// A custom tool by name.
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(NamedCustom {
            name: name.into(),
            ..NamedCustom::default()
        })
    }
}
