//! The command line as it was typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Structured output from language models: schemas, answers, and a local server that enforces them.
#[derive(Parser)]
#[command(name = "larkspur", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Find what is wrong with a schema, or what a server would refuse.
    Check(CheckArgs),
    /// Rewrite a schema so that a server accepts it; prints the schema, the way back, and what was relaxed.
    Lower(LowerArgs),
    /// Bring an answer to a lowered schema back to the original shape.
    Lift(LiftArgs),
    /// Read a text against a schema: its value, or every violation with its place.
    Validate(ValidateArgs),
    /// Ask a model and print the answer that satisfies the constraint.
    Extract(ExtractArgs),
    /// Run the local server: the OpenAI wire, every constraint enforced, no key, no network.
    Serve(ServeArgs),
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
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A JSON Schema (`.json`).
    Json,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The schema; `-` is stdin.
    pub(crate) file: PathBuf,
    /// The server whose rules apply; without it, only whether the file is a JSON Schema at all.
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// What the file holds, where its name does not say.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
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
    /// Each stdin line is a JSON string that holds one text; each stdout line its result.
    #[arg(long)]
    pub(crate) ndjson: bool,
    /// How a rejection is told; the value is JSON in both.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// Which of the two OpenAI APIs carries the request.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// `POST /responses`.
    Responses,
    /// `POST /chat/completions`.
    Chat,
}

#[derive(Args)]
pub(crate) struct ExtractArgs {
    #[command(flatten)]
    pub(crate) constraint: ConstraintArgs,
    /// The model's name.
    #[arg(long, default_value = "gpt-5.2")]
    pub(crate) model: String,
    /// The API to use.
    #[arg(long, value_enum, default_value = "responses")]
    pub(crate) api: Api,
    /// The server; default: `OPENAI_BASE_URL`, else OpenAI where a key is set, else a local server started for this call.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
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
    /// A Lark grammar file: the answer is a text of its language.
    #[arg(long, value_name = "FILE")]
    pub(crate) grammar: Option<PathBuf>,
    /// A regex in Rust syntax that the whole answer matches.
    #[arg(long, value_name = "REGEX")]
    pub(crate) regex: Option<String>,
}

/// What invents the answers of the local server.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WriterName {
    /// Values that a person finds plausible.
    Plausible,
    /// Every corner of the constraint.
    Random,
}

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// The address to listen on; port 0 picks a free one. Loopback only.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(crate) addr: std::net::SocketAddr,
    /// What invents the answers.
    #[arg(long, value_enum, default_value = "plausible")]
    pub(crate) writer: WriterName,
    /// The same seed gives the same answers.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
}

#[derive(Args)]
pub(crate) struct ModelsArgs {
    /// One model; without it, all.
    pub(crate) name: Option<String>,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}
