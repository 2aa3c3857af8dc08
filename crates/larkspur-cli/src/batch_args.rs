//! The command line of `larkspur batch`.

use std::path::PathBuf;

use clap::Args;

use crate::args::{ConstraintArgs, ModelArgs};

#[derive(Args)]
pub(crate) struct BatchArgs {
    #[command(flatten)]
    pub(crate) constraint: ConstraintArgs,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// The rows: JSON lines (a string, or an object), or CSV with a header (`.csv`). A file, since it is read again to go on.
    pub(crate) input: PathBuf,
    /// Where the values go, a JSON line each, in the order in which they come. What is in it already is not asked for again.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Where the rows without a value go, a JSON line each; default: beside the output, `NAME.failures.jsonl`.
    #[arg(long, value_name = "FILE")]
    pub(crate) failures: Option<PathBuf>,
    /// What is asked about a row: `{name}` is its member or column of that name, `{{` is a brace. Default: the row itself where
    /// it is a string, its `input` where it has one, else all of it as JSON.
    #[arg(long, value_name = "TEXT")]
    pub(crate) prompt: Option<String>,
    /// What the model must do, for all rows.
    #[arg(long, value_name = "TEXT")]
    pub(crate) instructions: Option<String>,
    /// The most tokens of one answer.
    #[arg(long, value_name = "N")]
    pub(crate) max_output_tokens: Option<u64>,
    /// Rows that are asked about at a time.
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) concurrency: u16,
    /// Begin no row once this run has cost so many US dollars, at list price.
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    pub(crate) max_cost: Option<f64>,
    /// Ask again also about rows that were answered without a value: refused, cut off, rejected.
    #[arg(long)]
    pub(crate) retry_failures: bool,
    /// Send nothing: say how many rows are left, and about what their input costs.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

fn dollars(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(dollars) if (0.0..=1e9).contains(&dollars) => Ok(dollars),
        _ => Err("not an amount of dollars, such as `2.50`".to_owned()),
    }
}
