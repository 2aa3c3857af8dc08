//! `larkspur check`: what is wrong with a schema or a grammar, or what a server would refuse.

use std::{io::Write as _, path::PathBuf};

use clap::Args;
use larkspur_grammar::{
    Diagnostic, Dialect, Loss,
    convert::{self, Notation, Options},
    import, lark,
};

use crate::{
    args::{Format, Kind},
    exit::{Failure, Verdict, say},
    grammar::{self, Written},
    input::{self, Source},
    render::Findings,
};

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The schema or grammar; `-` is stdin.
    file: PathBuf,
    /// The server whose rules apply; without it, only whether the file is a schema or grammar at all.
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,
    /// What the file holds, where its name does not say.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &CheckArgs) -> Result<Verdict, Failure> {
    let (kind, source) = input::constraint(&args.file, args.kind)?;
    let dialect = args.dialect.as_deref();
    if let Some(notation) = kind.notation() {
        let named = dialect.map(grammar::dialect).transpose()?;
        let written = Written::new(notation, source, Options::default());
        let findings = of_grammar(&written, named);
        return tell(
            &Findings::of_grammar(&written.source, &findings),
            args.format,
        );
    }
    tell(&schema(&source, dialect)?, args.format)
}

fn tell(findings: &Findings<'_>, format: Format) -> Result<Verdict, Failure> {
    print(findings, format)?;
    Ok(Verdict::from_ok(findings.is_ok()))
}

fn schema<'s>(source: &'s Source, dialect: Option<&str>) -> Result<Findings<'s>, Failure> {
    let dialect = dialect.map(input::dialect).transpose()?;
    Ok(match larkspur_json::parse(&source.text) {
        Err(error) => Findings::not_json(source, &error),
        Ok(root) => {
            let diagnostics = larkspur_schema::check(&root.to_value(), dialect);
            Findings::of_schema(source, &root, &diagnostics)
        }
    })
}

fn of_grammar(written: &Written, named: Option<&'static Dialect>) -> Vec<Diagnostic> {
    let text = &written.source.text;
    let dialect = named.unwrap_or(written.options.from);
    let mut findings = match written.notation {
        Notation::Lark => return lark::check(text, dialect),
        Notation::Regex => import::check_regex(text, dialect),
        notation => match convert::read(text, notation, &written.options) {
            Err(error) => error.into_diagnostics(),
            Ok(imported) => imported.losses.iter().map(warning).collect(),
        },
    };
    let takes = |dialect: &&Dialect| dialect.notations().contains(&written.notation);
    if let Some(named) = named.filter(|named| !takes(named)) {
        findings.push(wrong_notation(written.notation, named));
    }
    findings
}

fn warning(loss: &Loss) -> Diagnostic {
    Diagnostic::warning(loss.code, loss.message()).at(loss.span)
}

fn wrong_notation(notation: Notation, dialect: &Dialect) -> Diagnostic {
    let message = format!("{} does not read {notation}", dialect.title());
    let finding = Diagnostic::error("wrong-notation", message);
    match dialect.notations().first() {
        Some(target) => finding.hint(format!(
            "`larkspur convert --to {}` writes what it reads",
            target.name()
        )),
        None => finding,
    }
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
