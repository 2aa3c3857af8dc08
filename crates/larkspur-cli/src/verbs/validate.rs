//! `larkspur validate`: a text against a schema, its value or every violation with its place.

mod partial;

use larkspur_output::{Doubt, JsonReader};

use crate::{
    args::{InDoubt, ValidateArgs},
    exit::{Failure, Verdict},
    input,
    reading::{self, Lines},
};

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
