//! `larkspur lift`: an answer to a lowered schema, brought back to the original shape.

use larkspur_output::JsonReader;
use serde_json::Value;

use crate::{
    args::LiftArgs,
    exit::{Failure, Verdict},
    input,
    reading::{self, Lines},
};

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
