//! The command line as it was typed.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use larkspur_grammar::convert::Notation;
use larkspur_sim::{Fault, UnknownFault};

use crate::batch_args::BatchArgs;
use crate::schema::SchemaArgs;
use crate::sql_args::SqlArgs;

/// Structured output from language models: schemas, answers, and a local server that enforces them.
#[derive(Parser)]
#[command(name = "larkspur", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Find what is wrong with a schema or a grammar, or what a server would refuse.
    Check(CheckArgs),
    /// Rewrite a schema so that a server accepts it; prints the schema, the way back, and what was relaxed.
    Lower(LowerArgs),
    /// Bring an answer to a lowered schema back to the original shape.
    Lift(LiftArgs),
    /// Read a text against a schema: its value, or every violation with its place.
    Validate(ValidateArgs),
    /// Write a grammar in another notation, or a schema as a grammar.
    Convert(ConvertArgs),
    /// Read a text by a grammar or a schema: accepted, or where it leaves the grammar and what was expected there.
    Parse(ParseArgs),
    /// Sentences of a grammar or values of a schema, or texts that are almost sentences.
    Sample(SampleArgs),
    /// Ask a model and print the answer that satisfies the constraint.
    Extract(ExtractArgs),
    /// Ask about every row of a file, several at a time; goes on where it was stopped.
    Batch(BatchArgs),
    /// Run the local server: the wires of OpenAI and Anthropic, every constraint enforced, no key, no network.
    Serve(ServeArgs),
    /// SQL over a real database: its catalog and grammar, texts judged and run read-only, questions asked.
    Sql(SqlArgs),
    /// What a request costs at list price, before it is sent.
    Cost(CostArgs),
    /// The models in the catalogue: windows, efforts, prices.
    Models(ModelsArgs),
}

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

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The schema or grammar; `-` is stdin.
    pub(crate) file: PathBuf,
    /// The server whose rules apply; without it, only whether the file is a schema or grammar at all.
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// What the file holds, where its name does not say.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// A grammar file, or a schema, and how it is read.
#[derive(Args)]
pub(crate) struct GrammarArgs {
    /// The grammar or the JSON Schema; `-` is stdin.
    #[arg(value_name = "CONSTRAINT")]
    pub(crate) file: PathBuf,
    /// What the file holds, where its name does not say.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
    /// Whose reading of Lark applies, also how texts are cut into lexemes: default `llguidance`.
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// The rule to begin with, in a `.pest` file; default: the first one.
    #[arg(long, value_name = "RULE")]
    pub(crate) start: Option<String>,
    #[command(flatten)]
    pub(crate) schema: SchemaArgs,
}

impl GrammarArgs {
    /// A file of which nothing else is said.
    pub(crate) fn of(file: &std::path::Path) -> Self {
        Self {
            file: file.to_owned(),
            kind: None,
            dialect: None,
            start: None,
            schema: SchemaArgs::default(),
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

#[derive(Args)]
pub(crate) struct ConvertArgs {
    #[command(flatten)]
    pub(crate) grammar: GrammarArgs,
    /// The notation to write.
    #[arg(long, value_enum)]
    pub(crate) to: Target,
    /// The reader of the Lark that is written.
    #[arg(long = "for", value_name = "NAME", default_value = "openai")]
    pub(crate) reader: String,
    /// Exit with 0 also where something was lost or relaxed.
    #[arg(long)]
    pub(crate) lossy: bool,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// How a parse tree is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TreeFormat {
    /// Not at all: only whether the text is accepted.
    None,
    /// As JSON: rules with their children, lexemes with their text, each with its span.
    Json,
    /// As an S-expression.
    Sexpr,
}

#[derive(Args)]
pub(crate) struct ParseArgs {
    #[command(flatten)]
    pub(crate) grammar: GrammarArgs,
    /// The file to read, to its last byte; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    pub(crate) text: Option<PathBuf>,
    /// Print the parse tree.
    #[arg(long, value_enum, default_value = "none")]
    pub(crate) tree: TreeFormat,
    /// Of several trees, print the first one instead of refusing.
    #[arg(long)]
    pub(crate) first: bool,
    /// Each stdin line is a JSON string that holds one text; each stdout line its result.
    #[arg(long)]
    pub(crate) ndjson: bool,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct SampleArgs {
    #[command(flatten)]
    pub(crate) grammar: GrammarArgs,
    /// How many.
    #[arg(short = 'n', long = "number", value_name = "N", default_value_t = 10)]
    pub(crate) number: usize,
    /// The same seed gives the same texts.
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    /// About how many lexemes a sentence has at most.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) size: usize,
    /// Texts that are one edit away from a sentence, and are none.
    #[arg(long)]
    pub(crate) near_miss: bool,
    /// One JSON string a line, so that texts of several lines stay apart.
    #[arg(long)]
    pub(crate) ndjson: bool,
}

#[derive(Args)]
pub(crate) struct LowerArgs {
    /// The JSON Schema; `-` is stdin.
    pub(crate) schema: PathBuf,
    /// The server that shall accept it.
    #[arg(long, value_name = "NAME", default_value = "openai")]
    pub(crate) dialect: String,
    /// How a refusal is told; the lowered schema is JSON in both.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct LiftArgs {
    /// What `larkspur lower` printed.
    pub(crate) plan: PathBuf,
    /// The answer in the lowered form; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    pub(crate) output: Option<PathBuf>,
    /// Each stdin line is one answer (any JSON value); each stdout line its result.
    #[arg(long)]
    pub(crate) ndjson: bool,
    /// How a rejection is told; the lifted value is JSON in both.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct ValidateArgs {
    /// The JSON Schema.
    pub(crate) schema: PathBuf,
    /// The text to read; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    pub(crate) output: Option<PathBuf>,
    /// Read what is almost JSON as far as it has one meaning: fences and prose around it, comments, other quotes, commas and
    /// brackets that are missing or too many. Every repair is told.
    #[arg(long)]
    pub(crate) lenient: bool,
    /// What is done with a text that can be read to several values, each of which fits.
    #[arg(long, value_enum, default_value = "reject", requires = "lenient")]
    pub(crate) in_doubt: InDoubt,
    /// Read a text that may be cut off: what of it is done, what is in flight, and the first place at which no value of the schema
    /// goes on. A beginning of a value is accepted.
    #[arg(long, conflicts_with = "lenient")]
    pub(crate) partial: bool,
    /// Each stdin line is a JSON string that holds one text; each stdout line its result.
    #[arg(long)]
    pub(crate) ndjson: bool,
    /// How a rejection is told; the value is JSON in both.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// What is done with a text that has several readings.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum InDoubt {
    /// It is rejected, and two of the values are named.
    Reject,
    /// The first is taken, and told as a repair.
    First,
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

#[derive(Args)]
pub(crate) struct ExtractArgs {
    #[command(flatten)]
    pub(crate) constraint: ConstraintArgs,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// Show the model's text on stderr while it comes. A rejected answer is then not asked for again.
    #[arg(long)]
    pub(crate) stream: bool,
    /// What to ask; stdin where left out or `-`.
    pub(crate) prompt: Option<String>,
    /// `json` prints the outcome with usage, cost and attempts instead of the value alone.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
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

/// What the answers of the local server come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WriterChoice {
    /// Values that a person finds plausible.
    Plausible,
    /// Every corner of the constraint.
    Random,
    /// Recorded answers, from this file.
    Replay(PathBuf),
}

impl FromStr for WriterChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("replay", file)) if !file.is_empty() => Ok(Self::Replay(file.into())),
            None if text == "plausible" => Ok(Self::Plausible),
            None if text == "random" => Ok(Self::Random),
            _ => Err("there are `plausible`, `random` and `replay:FILE`".to_owned()),
        }
    }
}

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// The address to listen on; port 0 picks a free one. Loopback only.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(crate) addr: std::net::SocketAddr,
    /// What the answers come from: `plausible` values, `random` ones from every corner of the constraint, or
    /// `replay:FILE`, recorded answers (JSON lines with a member `text`) in turn and again from the first,
    /// whatever is asked for.
    #[arg(long, value_name = "WRITER", default_value = "plausible")]
    pub(crate) writer: WriterChoice,
    /// The same seed gives the same answers.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// What goes wrong with every request (`cut`), with so many (`cut*3`), which take their turns, or with one of so many
    /// (`cut/20`). `refusal`, `truncation`, `content-filter`, `constraint-ignored`, `rate-limit`, `rate-limit-seconds`,
    /// `rate-limit-date`, `quota`, `server-error`, `overloaded`, `garbage`, `html`, `unknown`, `stall`, `cut`, `slow`.
    #[arg(long = "fault", value_name = "NAME[*TIMES|/REQUESTS]")]
    pub(crate) faults: Vec<PlannedFault>,
}

/// A fault, and which requests meet it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedFault {
    pub(crate) fault: Fault,
    pub(crate) share: FaultShare,
}

/// How many requests meet a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FaultShare {
    All,
    Next(u32),
    OneOf(u32),
}

impl FromStr for PlannedFault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |number: &str| {
            let number: Result<u32, _> = number.parse();
            number.map_err(|_| format!("`{text}` does not say how many requests"))
        };
        let (name, share) = if let Some((name, times)) = text.split_once('*') {
            (name, FaultShare::Next(number(times)?))
        } else if let Some((name, requests)) = text.split_once('/') {
            (name, FaultShare::OneOf(number(requests)?))
        } else {
            (text, FaultShare::All)
        };
        let fault = name.parse();
        Ok(Self {
            fault: fault.map_err(|error: UnknownFault| error.to_string())?,
            share,
        })
    }
}

#[derive(Args)]
pub(crate) struct ModelsArgs {
    /// One model; without it, all.
    pub(crate) name: Option<String>,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct CostArgs {
    /// The model's name.
    #[arg(long, value_name = "MODEL", default_value = "gpt-5.2")]
    pub(crate) model: String,
    /// The API that the request is made for.
    #[arg(long, value_enum, default_value = "responses")]
    pub(crate) api: Api,
    /// A JSON Schema file that goes along.
    #[arg(long, value_name = "FILE", group = "sent")]
    pub(crate) schema: Option<PathBuf>,
    /// A grammar file that goes along.
    #[arg(long, value_name = "FILE", group = "sent")]
    pub(crate) grammar: Option<PathBuf>,
    /// A regex that goes along.
    #[arg(long, value_name = "REGEX", group = "sent")]
    pub(crate) regex: Option<String>,
    /// Tokens of input, in place of a prompt that is counted.
    #[arg(long, value_name = "N", conflicts_with_all = ["prompt", "sent"])]
    pub(crate) input_tokens: Option<u64>,
    /// Those of the input that the server has in its cache.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) cached_tokens: u64,
    /// Tokens that the model writes, reasoning included.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) output_tokens: u64,
    /// How many such requests.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) requests: u32,
    /// What is asked; stdin where left out or `-`.
    pub(crate) prompt: Option<String>,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

impl CostArgs {
    /// What is sent beside the prompt, if anything is.
    pub(crate) fn constraint(&self) -> Option<ConstraintArgs> {
        let any = self.schema.is_some() || self.grammar.is_some() || self.regex.is_some();
        any.then(|| ConstraintArgs {
            schema: self.schema.clone(),
            grammar: self.grammar.clone(),
            regex: self.regex.clone(),
        })
    }
}
