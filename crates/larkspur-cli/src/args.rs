//! Arguments that several verbs share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use larkspur_grammar::convert::Notation;

use crate::catalogue::CatalogueArgs;

/// How a verb talks to its reader.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What a constraint file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A JSON Schema (`.json`).
    Json,
    /// A Lark grammar (`.lark`).
    Lark,
    /// A grammar for llama.cpp (`.gbnf`).
    Gbnf,
    /// A grammar for xgrammar (`.ebnf`).
    Ebnf,
    /// A pest grammar (`.pest`).
    Pest,
    /// One regex in Rust syntax (`.regex`).
    Regex,
}

impl Kind {
    /// How a grammar of this kind is written; nothing for a JSON Schema.
    pub(crate) fn notation(self) -> Option<Notation> {
        match self {
            Self::Json => None,
            Self::Lark => Some(Notation::Lark),
            Self::Gbnf => Some(Notation::Gbnf),
            Self::Ebnf => Some(Notation::Ebnf),
            Self::Pest => Some(Notation::Pest),
            Self::Regex => Some(Notation::Regex),
        }
    }
}

/// A notation to write a grammar in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// For OpenAI, llguidance, xgrammar and Python's Lark.
    Lark,
    /// For llama.cpp.
    Gbnf,
    /// For xgrammar.
    Ebnf,
}

impl From<Target> for Notation {
    fn from(target: Target) -> Self {
        match target {
            Target::Lark => Self::Lark,
            Target::Gbnf => Self::Gbnf,
            Target::Ebnf => Self::Ebnf,
        }
    }
}

/// Which API carries the request.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// OpenAI's `POST /responses`.
    Responses,
    /// OpenAI's `POST /chat/completions`.
    Chat,
    /// Anthropic's `POST /messages`.
    Messages,
    /// Google's `POST /models/MODEL:generateContent`.
    Gemini,
}

/// Who is asked.
#[derive(Args)]
pub(crate) struct ModelArgs {
    /// The model's name; default: `gpt-5.2`, `claude-opus-4-5` or `gemini-3-pro-preview`, as the API has it.
    #[arg(long = "model", value_name = "MODEL")]
    name: Option<String>,
    /// The API to use.
    #[arg(long, value_enum, default_value = "responses")]
    pub(crate) api: Api,
    /// The server; default: `OPENAI_BASE_URL` for OpenAI's APIs, else the service where its key is set (`OPENAI_API_KEY`,
    /// `ANTHROPIC_API_KEY`, `GEMINI_API_KEY`), else a local server started for this call.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    #[command(flatten)]
    pub(crate) catalogue: CatalogueArgs,
}

impl ModelArgs {
    /// The model's name.
    pub(crate) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(match self.api {
            Api::Responses | Api::Chat => "gpt-5.2",
            Api::Messages => "claude-opus-4-5",
            Api::Gemini => "gemini-3-pro-preview",
        })
    }
}

/// What holds the answer; at most one of them.
#[derive(Args)]
#[group(id = "constraint", multiple = false)]
pub(crate) struct ConstraintArgs {
    /// A JSON Schema file: the answer is a JSON value.
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,
    /// A grammar file: the answer is a sentence of it. Other notations than Lark are converted.
    #[arg(long, value_name = "FILE")]
    pub(crate) grammar: Option<PathBuf>,
    /// A regex in Rust syntax that the whole answer matches.
    #[arg(long, value_name = "REGEX")]
    pub(crate) regex: Option<String>,
}
