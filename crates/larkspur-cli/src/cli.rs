//! The command line: a verb, and the arguments of each, which stand with the verb.

use clap::{Parser, Subcommand};

use crate::verbs::{
    batch::BatchArgs, check::CheckArgs, convert::ConvertArgs, cost::CostArgs, extract::ExtractArgs,
    lift::LiftArgs, lower::LowerArgs, models::ModelsArgs, parse::ParseArgs, sample::SampleArgs,
    serve::ServeArgs, sql::SqlArgs, validate::ValidateArgs,
};

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
    /// Run the local server: the wires of OpenAI, Anthropic and Gemini, every constraint enforced, no key, no network.
    Serve(ServeArgs),
    /// SQL over a real database: its catalog and grammar, texts judged and run read-only, questions asked.
    Sql(SqlArgs),
    /// What a request costs at list price, before it is sent.
    Cost(CostArgs),
    /// The models in the catalogue: windows, efforts, prices.
    Models(ModelsArgs),
}
