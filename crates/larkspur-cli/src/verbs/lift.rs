//! `larkspur lift`: an answer to a lowered schema, brought back to the original shape.

use std::path::PathBuf;

use clap::Args;
use larkspur_output::JsonReader;
use serde_json::Value;

use crate::{
    args::Format,
    exit::{Failure, Verdict},
    input,
    reading::{self, Lines},
};

#[derive(Args)]
pub(crate) struct LiftArgs {
    /// What `larkspur lower` printed.
    plan: PathBuf,
    /// The answer in the lowered form; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    output: Option<PathBuf>,
    /// Each stdin line is one answer (any JSON value); each stdout line its result.
    #[arg(long)]
    ndjson: bool,
    /// How a rejection is told; the lifted value is JSON in both.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &LiftArgs) -> Result<Verdict, Failure> {
    let (name, lowered) = input::lowered(&args.plan)?;
    // The original schema is not at hand, so that none is checked: what the plan can bring back is lifted.
    let reader = JsonReader::lowered(&Value::Bool(true), &lowered)
        .map_err(|error| Failure::new(format_args!("`{name}`: {error}")))?;
    if args.ndjson {
        return reading::each_line(Lines::Values, |text| {
            reading::line_of(reader.read_node(text))
        });
    }
    let text = input::read_or_stdin(args.output.as_deref())?.text;
    reading::print_one(&reader.read_node(&text), args.format)
}
