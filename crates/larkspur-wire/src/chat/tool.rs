//! What the model may call.

use larkspur_json::SharedValue;

use crate::PlainTextFormat;
use crate::object::{object, tagged};
use crate::settings::{GrammarSyntax, ToolChoiceMode};

tagged! {
    /// A tool.
    pub enum Tool {
        /// A function whose arguments are JSON.
        Function(FunctionTool) = "function",
        /// A tool whose input is text, if wanted in a grammar.
        Custom(CustomTool) = "custom",
    }
}

object! {
    /// A function: the definition stands in an object of its own.
    pub struct FunctionTool as "function" {
        /// Name, schema and the rest.
        required function: FunctionDefinition,
    }
}

object! {
    /// A function and the schema of its arguments.
    pub struct FunctionDefinition {
        /// `^[a-zA-Z0-9_-]{1,64}$`.
        required name: String,
        /// When and how to call it; the model reads it.
        optional description: String,
        /// JSON Schema of the arguments.
        optional parameters: SharedValue,
        /// The server's default is false: send it always.
        optional strict: bool,
    }
}

impl FunctionTool {
    /// A function with this schema for its arguments; `strict` is sent explicitly.
    pub fn new(name: impl Into<String>, parameters: impl Into<SharedValue>, strict: bool) -> Self {
        let function = FunctionDefinition {
            name: name.into(),
            parameters: Some(parameters.into()),
            strict: Some(strict),
            ..FunctionDefinition::default()
        };
        Self {
            function,
            ..Self::default()
        }
    }
}

object! {
    /// A custom tool: the definition stands in an object of its own.
    pub struct CustomTool as "custom" {
        /// Name, grammar and the rest.
        required custom: CustomDefinition,
    }
}

object! {
    /// A tool whose input is text.
    pub struct CustomDefinition {
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
            custom: CustomDefinition {
                name: name.into(),
                ..CustomDefinition::default()
            },
            ..Self::default()
        }
    }

    /// A tool that takes text of this grammar.
    pub fn grammar(
        name: impl Into<String>,
        syntax: GrammarSyntax,
        definition: impl Into<String>,
    ) -> Self {
        let grammar = GrammarDefinition {
            syntax,
            definition: definition.into(),
            ..GrammarDefinition::default()
        };
        let mut tool = Self::new(name);
        tool.custom.format = Some(
            GrammarFormat {
                grammar,
                ..GrammarFormat::default()
            }
            .into(),
        );
        tool
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
    /// Text of a grammar: the definition stands in an object of its own.
    pub struct GrammarFormat as "grammar" {
        /// The grammar and its language.
        required grammar: GrammarDefinition,
    }
}

object! {
    /// A grammar and its language.
    pub struct GrammarDefinition {
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
        AllowedTools(AllowedToolsChoice) = "allowed_tools",
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
        required function: Name,
    }
}

object! {
    /// A custom tool by name.
    pub struct NamedCustom as "custom" {
        /// Its name.
        required custom: Name,
    }
}

object! {
    /// A name, in an object of its own.
    pub struct Name {
        /// The name.
        required name: String,
    }
}

object! {
    /// Some of the tools: the list stands in an object of its own.
    pub struct AllowedToolsChoice as "allowed_tools" {
        /// Which, and whether one must be called.
        required allowed_tools: AllowedTools,
    }
}

object! {
    /// Some of the tools.
    pub struct AllowedTools {
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
        let allowed_tools = AllowedTools {
            mode,
            tools: tools.into_iter().collect(),
            ..AllowedTools::default()
        };
        Self::AllowedTools(AllowedToolsChoice {
            allowed_tools,
            ..AllowedToolsChoice::default()
        })
    }
}

impl ToolRef {
    /// A function by name.
    pub fn function(name: impl Into<String>) -> Self {
        let function = Name {
            name: name.into(),
            ..Name::default()
        };
        Self::Function(NamedFunction {
            function,
            ..NamedFunction::default()
        })
    }

    /// A custom tool by name.
    pub fn custom(name: impl Into<String>) -> Self {
        let custom = Name {
            name: name.into(),
            ..Name::default()
        };
        Self::Custom(NamedCustom {
            custom,
            ..NamedCustom::default()
        })
    }
}
