//! What is attached to a model request.

use std::fmt;

use larkspur_schema::SharedSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Carrier, PrepareError, SchemaCarrier};

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

impl Constraint {
    /// Whether the server is made to hold it. Where it is not, or where the server ignores it, the reader holds it all the same.
    pub fn is_enforced(&self) -> bool {
        match self {
            Self::Text => false,
            Self::JsonSchema(format) => format.strict && format.carrier != SchemaCarrier::Words,
            Self::Grammar(format) => format.carrier.is_enforced(),
        }
    }

    /// How the model is brought to keep it.
    pub fn mode(&self) -> Mode {
        match self {
            Self::Text => Mode::Text,
            Self::JsonSchema(format) => match format.carrier {
                SchemaCarrier::Format => Mode::Schema,
                SchemaCarrier::Tool => Mode::Tool,
                SchemaCarrier::Words => Mode::Prompted,
            },
            Self::Grammar(format) if format.carrier.is_enforced() => Mode::Grammar,
            Self::Grammar(_) => Mode::Prompted,
        }
    }
}

/// How a model is brought to keep a constraint, by what its server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mode {
    /// There is none.
    Text,
    /// The format of the answer is a schema: Structured Outputs.
    Schema,
    /// A function must be called, and its arguments are the answer.
    Tool,
    /// The server holds a grammar.
    Grammar,
    /// The model is told in words, and nothing holds it.
    Prompted,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Schema => "schema",
            Self::Tool => "tool",
            Self::Grammar => "grammar",
            Self::Prompted => "prompted",
        })
    }
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
    /// The schema in the server's dialect. Clones share it: it goes into every request.
    pub schema: SharedSchema,
    /// Whether the server must enforce the schema token by token.
    pub strict: bool,
    /// How it gets to the server.
    #[serde(default, skip_serializing_if = "SchemaCarrier::is_format")]
    pub carrier: SchemaCarrier,
}

impl JsonSchemaFormat {
    /// A format that the server must enforce.
    pub fn strict(name: impl Into<String>, schema: impl Into<SharedSchema>) -> Self {
        Self {
            name: name.into(),
            description: None,
            schema: schema.into(),
            strict: true,
            carrier: SchemaCarrier::Format,
        }
    }

    /// Lets it travel so.
    ///
    /// # Errors
    ///
    /// It cannot: the arguments of a function are an object.
    pub fn carried_by(self, carrier: SchemaCarrier) -> Result<Self, PrepareError> {
        let is_object = || self.schema.get("type").and_then(Value::as_str) == Some("object");
        if carrier == SchemaCarrier::Tool && !is_object() {
            let name = &self.name;
            return Err(PrepareError::new(format!(
                "the schema of `{name}` is none of an object, so it cannot be the arguments of a function; put it into a struct"
            )));
        }
        Ok(Self { carrier, ..self })
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
    /// How it gets to the server.
    #[serde(default)]
    pub carrier: Carrier,
}

impl GrammarFormat {
    /// A grammar in this language, for a custom tool.
    pub fn new(syntax: GrammarSyntax, definition: impl Into<String>) -> Self {
        Self {
            syntax,
            definition: definition.into(),
            carrier: Carrier::CustomTool,
        }
    }

    /// Lets it travel so.
    pub fn carried_by(self, carrier: Carrier) -> Self {
        Self { carrier, ..self }
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
    /// GBNF, as llama.cpp reads it.
    Gbnf,
    /// EBNF, as xgrammar reads it.
    Ebnf,
}
