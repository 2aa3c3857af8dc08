//! `larkspur validate`: a text against a schema, its value or every violation with its place.

mod partial;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use larkspur_output::{Doubt, JsonReader};

use crate::{
    args::Format,
    exit::{Failure, Verdict},
    input,
    reading::{self, Lines},
};

#[derive(Args)]
pub(crate) struct ValidateArgs {
    /// The JSON Schema.
    schema: PathBuf,
    /// The text to read; stdin where left out or `-`.
    #[arg(conflicts_with = "ndjson")]
    output: Option<PathBuf>,
    /// Read what is almost JSON as far as it has one meaning: fences and prose around it, comments, other quotes, commas and
    /// brackets that are missing or too many. Every repair is told.
    #[arg(long)]
    lenient: bool,
    /// What is done with a text that can be read to several values, each of which fits.
    #[arg(long, value_enum, default_value = "reject", requires = "lenient")]
    in_doubt: InDoubt,
    /// Read a text that may be cut off: what of it is done, what is in flight, and the first place at which no value of the schema
    /// goes on. A beginning of a value is accepted.
    #[arg(long, conflicts_with = "lenient")]
    partial: bool,
    /// Each stdin line is a JSON string that holds one text; each stdout line its result.
    #[arg(long)]
    ndjson: bool,
    /// How a rejection is told; the value is JSON in both.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What is done with a text that has several readings.
#[derive(Clone, Copy, ValueEnum)]
enum InDoubt {
    /// It is rejected, and two of the values are named.
    Reject,
    /// The first is taken, and told as a repair.
    First,
}

pub(crate) fn run(args: &ValidateArgs) -> Result<Verdict, Failure> {
    let source = input::read(&args.schema)?;
    if args.partial {
        return partial::run(&source, args);
    }
    let reader = JsonReader::new(&input::json(&source)?)
        .map_err(|error| Failure::new(format_args!("`{}`: {error}", source.name)))?;
    if args.lenient {
        return lenient(&reader, args);
    }
    if args.ndjson {
        return reading::each_line(Lines::Strings, |text| {
            reading::line_of(reader.read_node(text))
        });
    }
    let text = input::read_or_stdin(args.output.as_deref())?.text;
    reading::print_one(&reader.read_node(&text), args.format)
}

fn lenient(reader: &JsonReader, args: &ValidateArgs) -> Result<Verdict, Failure> {
    let doubt = match args.in_doubt {
        InDoubt::Reject => Doubt::Reject,
        InDoubt::First => Doubt::TakeFirst,
    };
    if args.ndjson {
        return reading::each_line(Lines::Strings, |text| {
            reading::line_of_lenient(reader.read_node_in_doubt(text, doubt))
        });
    }
    let text = input::read_or_stdin(args.output.as_deref())?.text;
    reading::print_lenient(reader.read_node_in_doubt(&text, doubt), args.format)
}
