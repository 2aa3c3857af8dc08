//! `larkspur lower`: a schema as a server accepts it, with the way back and what was relaxed.

use std::{io::Write as _, path::PathBuf};

use clap::Args;
use larkspur_schema::LowerError;

use crate::{
    args::Format,
    exit::{Failure, Verdict, say},
    input::{self, Source},
    render::Findings,
    verbs::check,
};

#[derive(Args)]
pub(crate) struct LowerArgs {
    /// The JSON Schema; `-` is stdin.
    schema: PathBuf,
    /// The server that shall accept it.
    #[arg(long, value_name = "NAME", default_value = "openai")]
    dialect: String,
    /// How a refusal is told; the lowered schema is JSON in both.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &LowerArgs) -> Result<Verdict, Failure> {
    let dialect = input::dialect(&args.dialect)?;
    let source = input::read(&args.schema)?;
    match larkspur_schema::lower(&input::json(&source)?, dialect) {
        Ok(lowered) => {
            let text = serde_json::to_string_pretty(&lowered).map_err(Failure::new)?;
            writeln!(std::io::stdout(), "{text}")?;
            Ok(Verdict::Yes)
        }
        Err(refused) => refuse(&source, &refused, args.format),
    }
}

fn refuse(source: &Source, refused: &LowerError, format: Format) -> Result<Verdict, Failure> {
    let root = input::node(source)?;
    let findings = Findings::of_schema(source, &root, refused.diagnostics());
    match format {
        Format::Json => check::print(&findings, format)?,
        Format::Text => say(anstream::adapter::strip_str(&findings.to_text())),
    }
    Ok(Verdict::No)
}
