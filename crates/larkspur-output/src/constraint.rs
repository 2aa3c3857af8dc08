//! What is attached to a model request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The shape that a model's answer must have, as it is sent to the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Constraint {
    /// No constraint: any text.
    Text,
    /// A JSON value that fits a schema.
    JsonSchema(JsonSchemaFormat),
    /// A sentence of a grammar.
    Grammar(GrammarFormat),
}

/// A JSON Schema with what a request says about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JsonSchemaFormat {
    /// Name of the format; it matches `^[a-zA-Z0-9_-]{1,64}$` where [`larkspur_schema::mangle_name`] made it.
    pub name: String,
    /// What the format is for, told to the model.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// The schema in the server's dialect.
    pub schema: Value,
    /// Whether the server must enforce the schema token by token.
    pub strict: bool,
}

impl JsonSchemaFormat {
    /// A format that the server must enforce.
    pub fn strict(name: impl Into<String>, schema: Value) -> Self {
        Self {
            name: name.into(),
            description: None,
            schema,
            strict: true,
        }
    }

    /// Tells the model what the format is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// A grammar text with the language it is written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrammarFormat {
    /// The language of `definition`.
    pub syntax: GrammarSyntax,
    /// The grammar or the regular expression.
    pub definition: String,
}

impl GrammarFormat {
    /// A grammar in this language.
    pub fn new(syntax: GrammarSyntax, definition: impl Into<String>) -> Self {
        Self {
            syntax,
            definition: definition.into(),
        }
    }
}

/// The languages in which a server takes grammars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrammarSyntax {
    /// Lark, in the dialect of llguidance.
    Lark,
    /// One regular expression, in the syntax of the Rust `regex` crate.
    Regex,
}
