//! `larkspur convert`: a grammar in another notation, or a schema as a grammar, and what was lost on the way.

use std::io::Write as _;

use clap::Args;
use larkspur_grammar::{
    Grammar,
    convert::{self, Notation},
    dialect::{Feature, Support},
    print::{self, Printed},
};
use larkspur_schema::{Relaxation, grammar::Options};
use serde_json::json;

use crate::{
    args::{Format, Target},
    exit::{Failure, Verdict, say},
    grammar::{self, File, GrammarArgs, Written},
    schema,
};

#[derive(Args)]
pub(crate) struct ConvertArgs {
    #[command(flatten)]
    grammar: GrammarArgs,
    /// The notation to write.
    #[arg(long, value_enum)]
    to: Target,
    /// The reader of the Lark that is written.
    #[arg(long = "for", value_name = "NAME", default_value = "openai")]
    reader: String,
    /// Exit with 0 also where something was lost or relaxed.
    #[arg(long)]
    lossy: bool,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &ConvertArgs) -> Result<Verdict, Failure> {
    let reader = grammar::dialect(&args.reader)?;
    match File::open(&args.grammar, Options::default())? {
        File::Grammar(mut file) => {
            file.options.to = reader;
            if has_schemas(&file, args.to.into())? {
                let (known, relaxations) = file.read_expanded()?;
                let mut printed = written(&known.grammar, args.to.into(), reader);
                printed.losses.splice(0..0, known.losses);
                return show(&printed, Some(&relaxations), args);
            }
            let text = &file.source.text;
            let printed = convert::convert(text, file.notation, args.to.into(), &file.options)
                .map_err(|error| file.unusable(&error))?;
            show(&printed, None, args)
        }
        File::Schema(file) => {
            let printed = written(&file.made.grammar, args.to.into(), reader);
            show(&printed, Some(&file.made.relaxations), args)
        }
    }
}

/// Whether the grammar has `%json` blocks that the reader of the result does not take.
fn has_schemas(file: &Written, to: Notation) -> Result<bool, Failure> {
    let takes =
        to == Notation::Lark && file.options.to.support(Feature::JsonSchema) == Support::Yes;
    if takes || file.notation != Notation::Lark {
        return Ok(false);
    }
    let read = convert::read(&file.source.text, file.notation, &file.options)
        .map_err(|error| file.unusable(&error))?;
    Ok(grammar::has_schemas(&read.grammar))
}

/// A grammar in a notation; Lark is for this reader.
pub(crate) fn written(
    grammar: &Grammar,
    notation: Notation,
    reader: &'static larkspur_grammar::Dialect,
) -> Printed {
    match notation {
        Notation::Gbnf => print::gbnf(grammar),
        Notation::Ebnf => print::ebnf(grammar),
        _ => print::lark(grammar, reader),
    }
}

/// Prints the text; of a schema, also the rules that are not kept.
fn show(
    printed: &Printed,
    relaxations: Option<&[Relaxation]>,
    args: &ConvertArgs,
) -> Result<Verdict, Failure> {
    let ok = printed.losses.is_empty() && relaxations.is_none_or(<[_]>::is_empty);
    let mut stdout = std::io::stdout().lock();
    match args.format {
        Format::Json => {
            let mut value = json!({ "ok": ok, "text": printed.text, "losses": printed.losses });
            if let (Some(members), Some(relaxations)) = (value.as_object_mut(), relaxations) {
                members.insert("relaxations".to_owned(), json!(relaxations));
            }
            writeln!(stdout, "{value:#}")?;
        }
        Format::Text => {
            write!(stdout, "{}", printed.text)?;
            for relaxation in relaxations.unwrap_or_default() {
                say(format_args!("relaxed: {}", schema::told(relaxation)));
            }
            for loss in &printed.losses {
                say(format_args!("lost: {loss}"));
            }
        }
    }
    Ok(Verdict::from_ok(args.lossy || ok))
}
