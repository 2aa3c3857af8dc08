//! What the model may call.

use larkspur_json::SharedValue;

use crate::object::{object, open_enum};

object! {
    /// Functions; or, by another member, something of the server's own.
    pub struct Tool {
        /// The functions.
        optional function_declarations as "functionDeclarations": Vec<FunctionDeclaration>,
    }
}

object! {
    /// A function.
    pub struct FunctionDeclaration {
        /// A letter or `_`, then `[a-zA-Z0-9_.:-]`, 64 characters in all.
        required name: String,
        /// When and how to call it; the model reads it.
        optional description: String,
        /// The arguments, in the server's own notation of schemas.
        optional parameters: SharedValue,
        /// The arguments as JSON Schema; in place of the former.
        optional parameters_json_schema as "parametersJsonSchema": SharedValue,
    }
}

impl From<Vec<FunctionDeclaration>> for Tool {
    fn from(functions: Vec<FunctionDeclaration>) -> Self {
        Self {
            function_declarations: Some(functions),
            ..Self::default()
        }
    }
}

object! {
    /// Whether and what must be called.
    pub struct ToolConfig {
        /// Of the functions.
        optional function_calling_config as "functionCallingConfig": FunctionCallingConfig,
    }
}

object! {
    /// Whether and what must be called.
    pub struct FunctionCallingConfig {
        /// Whether.
        optional mode: FunctionCallingMode,
        /// What, where the mode is `ANY` or `VALIDATED`; all functions if nothing is said.
        optional allowed_function_names as "allowedFunctionNames": Vec<String>,
    }
}

open_enum! {
    /// Whether the model must call a function.
    pub enum FunctionCallingMode {
        /// As it likes.
        Auto = "AUTO",
        /// It must.
        Any = "ANY",
        /// It must not.
        None = "NONE",
        /// As it likes, and what it calls keeps its schema.
        Validated = "VALIDATED",
    }
}

impl From<FunctionCallingMode> for ToolConfig {
    fn from(mode: FunctionCallingMode) -> Self {
        let config = FunctionCallingConfig {
            mode: Some(mode),
            ..FunctionCallingConfig::default()
        };
        Self {
            function_calling_config: Some(config),
            ..Self::default()
        }
    }
}

impl ToolConfig {
    /// A mode, for these functions only.
    pub fn allowed(mode: FunctionCallingMode, names: Vec<String>) -> Self {
        let config = FunctionCallingConfig {
            mode: Some(mode),
            allowed_function_names: Some(names),
            ..FunctionCallingConfig::default()
        };
        Self {
            function_calling_config: Some(config),
            ..Self::default()
        }
    }
}
