//! What a server takes.

use std::fmt;

use larkspur_schema::Dialect;
use serde::{Deserialize, Serialize};

/// What a server takes: its dialect of JSON Schema, and how a schema and a grammar get to it.
///
/// ```
/// use larkspur_output::{Carrier, SchemaCarrier, Target};
///
/// assert_eq!(Target::openai().carrier(), Carrier::CustomTool);
/// // A gateway that knows no custom tools: the grammar is told to the model, and answers are checked here.
/// let gateway = Target::openai().with_carrier(Carrier::Description);
/// assert!(!gateway.carrier().is_enforced());
/// // One that knows functions, and no Structured Outputs.
/// let older = gateway.with_schema_carrier(SchemaCarrier::Tool);
/// assert_eq!(older.schema_carrier(), SchemaCarrier::Tool);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Target {
    schemas: &'static Dialect,
    schema_carrier: SchemaCarrier,
    carrier: Carrier,
}

impl Target {
    /// A server with this dialect of JSON Schema, which are the format of its answers, and to which grammars travel so.
    pub const fn new(schemas: &'static Dialect, carrier: Carrier) -> Self {
        Self {
            schemas,
            schema_carrier: SchemaCarrier::Format,
            carrier,
        }
    }

    /// The OpenAI API: strict schemas, grammars in custom tools.
    pub fn openai() -> Self {
        Self::new(Dialect::openai(), Carrier::CustomTool)
    }

    /// Any schema as it is, grammars in custom tools.
    pub fn plain() -> Self {
        Self::new(Dialect::plain(), Carrier::CustomTool)
    }

    /// Azure OpenAI: strict schemas within its smaller limits, grammars in custom tools.
    pub fn azure() -> Self {
        Self::new(Dialect::azure(), Carrier::CustomTool)
    }

    /// Anthropic: what its Messages API takes of a schema; grammars are told in words.
    pub fn anthropic() -> Self {
        Self::new(Dialect::anthropic(), Carrier::Description)
    }

    /// Gemini: what `responseJsonSchema` takes of a schema; grammars are told in words.
    pub fn gemini() -> Self {
        Self::new(Dialect::gemini_json_schema(), Carrier::Description)
    }

    /// vLLM 0.12 and later: what xgrammar takes of a schema, grammars in `structured_outputs`.
    pub fn vllm() -> Self {
        Self::new(Dialect::vllm(), Carrier::StructuredOutputs)
    }

    /// The server of llama.cpp: what its converter reads of a schema, grammars in `grammar`.
    pub fn llama_cpp() -> Self {
        Self::new(Dialect::llama_cpp(), Carrier::GrammarField)
    }

    /// Ollama with a local model: what llama.cpp's converter reads of a schema; grammars are told in words.
    pub fn ollama() -> Self {
        Self::new(Dialect::ollama(), Carrier::Description)
    }

    /// `SGLang`: what xgrammar takes of a schema, grammars in `ebnf`.
    pub fn sglang() -> Self {
        Self::new(Dialect::sglang(), Carrier::EbnfField)
    }

    /// The same server, to which grammars travel so.
    pub const fn with_carrier(self, carrier: Carrier) -> Self {
        Self { carrier, ..self }
    }

    /// The same server, to which schemas travel so.
    pub const fn with_schema_carrier(self, schema_carrier: SchemaCarrier) -> Self {
        Self {
            schema_carrier,
            ..self
        }
    }

    /// How a schema gets to the server.
    pub const fn schema_carrier(&self) -> SchemaCarrier {
        self.schema_carrier
    }

    /// The server's dialect of JSON Schema.
    pub const fn schemas(&self) -> &'static Dialect {
        self.schemas
    }

    /// How a grammar gets to the server.
    pub const fn carrier(&self) -> Carrier {
        self.carrier
    }
}

/// How a JSON Schema travels in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SchemaCarrier {
    /// As the format of the answer, where the server has Structured Outputs.
    #[default]
    Format,
    /// As the arguments of a function that must be called, and whose call is the answer: for servers that know functions alone. The
    /// schema has to be one of an object.
    Tool,
    /// In words, behind the instructions. No server holds that; the answer is checked by the reader alone, which may be a
    /// [lenient](crate::OutputType::lenient) one: models like to put a fence around what they were told of.
    Words,
}

impl SchemaCarrier {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    pub(crate) fn is_format(&self) -> bool {
        *self == Self::Format
    }
}

impl fmt::Display for SchemaCarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "the format of the answer",
            Self::Tool => "the arguments of a function",
            Self::Words => "words",
        })
    }
}

/// How a grammar travels in a request. Sources: OpenAI's guide "Function calling", section "Custom tools"; vLLM
/// `docs/features/structured_outputs.md` (0.12); llama.cpp `tools/server/README.md`; `SGLang`
/// `docs/advanced_features/structured_outputs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Carrier {
    /// As the format of a custom tool that must be called, and whose input is the answer: Lark, or one regex. OpenAI.
    #[default]
    CustomTool,
    /// In the field `structured_outputs` of the request: xgrammar's EBNF. vLLM.
    StructuredOutputs,
    /// In the field `grammar` of the request: GBNF. llama.cpp.
    GrammarField,
    /// In the field `ebnf` of the request: xgrammar's EBNF. `SGLang`.
    EbnfField,
    /// In words: a function that takes one string, with the grammar in its description. No server enforces that; the answer
    /// is checked by the reader alone.
    Description,
}

impl Carrier {
    /// Whether the server is made to hold the grammar.
    pub const fn is_enforced(self) -> bool {
        !matches!(self, Self::Description)
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CustomTool => "a custom tool",
            Self::StructuredOutputs => "the field `structured_outputs`",
            Self::GrammarField => "the field `grammar`",
            Self::EbnfField => "the field `ebnf`",
            Self::Description => "the description of a function",
        })
    }
}
