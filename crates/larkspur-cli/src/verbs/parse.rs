//! `larkspur parse`: a text by a grammar or a schema, accepted with its tree, or where it leaves the grammar.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, ValueEnum};
use larkspur_output::{GrammarReader, Rejection};
use serde_json::json;

use crate::{
    args::Format,
    exit::{Failure, Verdict, say},
    grammar::{File, GrammarArgs},
    input,
    reading::{self, Lines},
    schema,
};

/// How a parse tree is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TreeFormat {
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
    grammar: GrammarArgs,
    /// The file to read, to its last byte; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    text: Option<PathBuf>,
    /// Print the parse tree.
    #[arg(long, value_enum, default_value = "none")]
    tree: TreeFormat,
    /// Of several trees, print the first one instead of refusing.
    #[arg(long)]
    first: bool,
    /// Each stdin line is a JSON string that holds one text; each stdout line its result.
    #[arg(long)]
    ndjson: bool,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &ParseArgs) -> Result<Verdict, Failure> {
    let (grammar, ..) = File::open(&args.grammar, schema::for_reading())?.read()?;
    let reader = GrammarReader::new(&grammar).map_err(Failure::new)?;
    if args.ndjson {
        return reading::each_line(Lines::Strings, |text| {
            read(&reader, text, args)
                .map(|tree| accepted(text, tree.as_deref(), args.tree))
                .map_err(|rejection| reading::rejected(&rejection))
        });
    }
    let text = input::read_or_stdin(args.text.as_deref())?.text;
    let result = read(&reader, &text, args);
    print(&text, &result, args)?;
    Ok(Verdict::from_ok(result.is_ok()))
}

/// The tree as it is printed, where one was asked for.
fn read(reader: &GrammarReader, text: &str, args: &ParseArgs) -> Result<Option<String>, Rejection> {
    if args.tree == TreeFormat::None {
        return reader.accept(text).map(|()| None);
    }
    let tree = if args.first {
        reader.read_first(text)?
    } else {
        reader.read(text)?
    };
    Ok(Some(match args.tree {
        TreeFormat::Sexpr => tree.to_sexpr(),
        _ => tree.to_json(),
    }))
}

fn print(
    text: &str,
    result: &Result<Option<String>, Rejection>,
    args: &ParseArgs,
) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match (result, args.format) {
        (Ok(Some(tree)), Format::Text) => writeln!(stdout, "{tree}")?,
        (Ok(None), Format::Text) => say("accepted"),
        (Ok(tree), Format::Json) => {
            writeln!(stdout, "{}", accepted(text, tree.as_deref(), args.tree))?;
        }
        (Err(rejection), Format::Text) => say(rejection),
        (Err(rejection), Format::Json) => writeln!(stdout, "{}", reading::rejected(rejection))?,
    }
    Ok(())
}

/// Without a tree, the value of a text is the text.
fn accepted(text: &str, tree: Option<&str>, format: TreeFormat) -> String {
    match tree {
        None => json!({ "ok": true, "value": text }).to_string(),
        Some(tree) if format == TreeFormat::Json => format!(r#"{{"ok":true,"tree":{tree}}}"#),
        Some(tree) => json!({ "ok": true, "tree": tree }).to_string(),
    }
}
