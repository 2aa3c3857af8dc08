//! Which tools the model may or must call, said once for all APIs.

use larkspur_wire::{ToolChoiceMode, chat, responses};

/// Which tools the model may or must call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolChoice {
    /// The model decides; the server's default.
    Auto,
    /// None.
    None,
    /// At least one.
    Required,
    /// This one.
    Tool(ToolRef),
    /// Some of those in the request, without touching the (cached) list of all.
    Allowed {
        /// Whether one of them must be called.
        required: bool,
        /// Which.
        tools: Vec<ToolRef>,
    },
}

/// A tool by name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolRef {
    /// A function.
    Function(String),
    /// A custom tool.
    Custom(String),
}

impl ToolRef {
    /// The tool's name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Function(name) | Self::Custom(name) => name,
        }
    }

    /// A function by name.
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(name.into())
    }

    /// A custom tool by name.
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(name.into())
    }
}

impl ToolChoice {
    /// This function must be called.
    pub fn function(name: impl Into<String>) -> Self {
        Self::Tool(ToolRef::function(name))
    }

    /// This custom tool must be called.
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Tool(ToolRef::custom(name))
    }

    /// These may be called, the others of the request may not.
    pub fn allowed(tools: impl IntoIterator<Item = ToolRef>) -> Self {
        Self::Allowed {
            required: false,
            tools: tools.into_iter().collect(),
        }
    }

    /// One of these must be called.
    pub fn one_of(tools: impl IntoIterator<Item = ToolRef>) -> Self {
        Self::Allowed {
            required: true,
            tools: tools.into_iter().collect(),
        }
    }

    /// The same choice without the duty to call.
    pub(crate) fn relaxed(self) -> Self {
        match self {
            Self::Required | Self::Tool(_) => Self::Auto,
            Self::Allowed { tools, .. } => Self::Allowed {
                required: false,
                tools,
            },
            other => other,
        }
    }
}

/// How the wires say a choice: each in types of its own, with constructors of the same names.
macro_rules! said_by {
    ($api:ident) => {
        impl From<ToolRef> for $api::ToolRef {
            fn from(tool: ToolRef) -> Self {
                match tool {
                    ToolRef::Function(name) => Self::function(name),
                    ToolRef::Custom(name) => Self::custom(name),
                }
            }
        }

        impl From<ToolChoice> for $api::ToolChoice {
            fn from(choice: ToolChoice) -> Self {
                match choice {
                    ToolChoice::Auto => Self::Mode(ToolChoiceMode::Auto),
                    ToolChoice::None => Self::Mode(ToolChoiceMode::None),
                    ToolChoice::Required => Self::Mode(ToolChoiceMode::Required),
                    ToolChoice::Tool(tool) => $api::ToolRef::from(tool).into(),
                    ToolChoice::Allowed { required, tools } => {
                        let mode = if required {
                            ToolChoiceMode::Required
                        } else {
                            ToolChoiceMode::Auto
                        };
                        Self::allowed(mode, tools.into_iter().map(Into::into))
                    }
                }
            }
        }
    };
}

said_by!(responses);
said_by!(chat);
