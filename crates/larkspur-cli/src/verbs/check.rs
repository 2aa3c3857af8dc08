//! `larkspur check`: what is wrong with a schema, or what a server would refuse.

use std::io::Write as _;

use crate::{
    args::{CheckArgs, Format},
    exit::{Failure, Verdict, say},
    input,
    render::Findings,
};

pub(crate) fn run(args: &CheckArgs) -> Result<Verdict, Failure> {
    let dialect = args.dialect.as_deref().map(input::dialect).transpose()?;
    let source = input::constraint(&args.file, args.kind)?;
    let findings = match larkspur_json::parse(&source.text) {
        Err(error) => Findings::not_json(&source, &error),
        Ok(root) => {
            let diagnostics = larkspur_schema::check(&root.to_value(), dialect);
            Findings::of_schema(&source, &root, &diagnostics)
        }
    };
    print(&findings, args.format)?;
    Ok(Verdict::from_ok(findings.is_ok()))
}

/// Findings are what `check` was asked for, so they are data.
pub(crate) fn print(findings: &Findings<'_>, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => writeln!(std::io::stdout(), "{:#}", findings.to_json())?,
        Format::Text => {
            let text = findings.to_text();
            if text.is_empty() {
                say("ok: nothing found");
            } else {
                writeln!(anstream::stdout(), "{text}")?;
            }
        }
    }
    Ok(())
}
