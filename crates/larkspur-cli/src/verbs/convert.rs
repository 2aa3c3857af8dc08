//! `larkspur convert`: a grammar in another notation, and what was lost on the way.

use std::io::Write as _;

use larkspur_grammar::convert;
use serde_json::json;

use crate::{
    args::{ConvertArgs, Format},
    exit::{Failure, Verdict, say},
    grammar::{self, Written},
};

pub(crate) fn run(args: &ConvertArgs) -> Result<Verdict, Failure> {
    let mut file = Written::open(&args.grammar)?;
    file.options.to = grammar::dialect(&args.reader)?;
    let text = &file.source.text;
    let printed = convert::convert(text, file.notation, args.to.into(), &file.options)
        .map_err(|error| file.unusable(&error))?;
    let ok = printed.losses.is_empty();
    let mut stdout = std::io::stdout().lock();
    match args.format {
        Format::Json => {
            let value = json!({ "ok": ok, "text": printed.text, "losses": printed.losses });
            writeln!(stdout, "{value:#}")?;
        }
        Format::Text => {
            write!(stdout, "{}", printed.text)?;
            for loss in &printed.losses {
                say(format_args!("lost: {loss}"));
            }
        }
    }
    Ok(Verdict::from_ok(args.lossy || ok))
}
