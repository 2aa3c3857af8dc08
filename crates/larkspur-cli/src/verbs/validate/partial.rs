//! `larkspur validate --partial`: a text that may be cut off.

use std::io::{self, Write as _};

use larkspur_json::{Node, Part, Partial};
use larkspur_output::{Output, OutputType as _, PrepareError, Rejection, Target, json_schema};
use serde_json::json;

use super::ValidateArgs;
use crate::{
    args::Format,
    exit::{Failure, Verdict, say},
    input::{self, Source},
    reading::{self, Lines},
};

pub(super) fn run(source: &Source, args: &ValidateArgs) -> Result<Verdict, Failure> {
    let unusable = |error: PrepareError| Failure::new(format_args!("`{}`: {error}", source.name));
    let schema = json_schema("value", input::json(source)?).lossless();
    let output = schema.prepare(Target::plain()).map_err(unusable)?;
    if let Err(error) = output.watch() {
        say(format_args!(
            "note: before the value is whole only its JSON is checked, because {error}"
        ));
    }
    if args.ndjson {
        return reading::each_line(Lines::Strings, |text| {
            let report = Report::of(&output, text);
            let line = report.to_json();
            if report.fault.is_none() {
                Ok(line)
            } else {
                Err(line)
            }
        });
    }
    let text = input::read_or_stdin(args.output.as_deref())?.text;
    let report = Report::of(&output, &text);
    report.print(args.format)?;
    Ok(Verdict::from_ok(report.fault.is_none()))
}

/// How far a text comes.
struct Report {
    /// What there is before the first fault.
    value: Option<Node<'static>>,
    is_complete: bool,
    /// The outermost values that are whole, in the order of the text.
    done: Vec<String>,
    in_flight: Option<String>,
    fault: Option<Rejection>,
}

impl Report {
    fn of(output: &Output<Node<'static>>, text: &str) -> Self {
        let fault = fault(output, text);
        let first = fault.as_ref().and_then(|fault| fault.violations().first());
        let good = first.and_then(|first| text.get(..first.span?.start));
        let mut partial = Partial::new();
        let is_complete = partial.push(text).is_ok() && partial.finish().is_ok();
        if !is_complete {
            // Without the fault, and not told that it ends: a number at the end may go on.
            partial = Partial::new();
            let _ = partial.push(good.unwrap_or(text));
        }
        let snapshot = partial.snapshot();
        let mut done = Vec::new();
        if let Some(root) = snapshot.root() {
            outermost(root, &mut done);
        }
        Self {
            value: snapshot.to_node(),
            is_complete,
            done,
            in_flight: snapshot.in_flight().map(|place| place.to_string()),
            fault,
        }
    }

    /// One JSON object; the value stands in it with its own digits.
    fn to_json(&self) -> String {
        let mut members = vec![
            format!(r#""ok":{}"#, self.fault.is_none()),
            format!(r#""complete":{}"#, self.is_complete),
        ];
        let value = self.value.as_ref();
        members.extend(value.map(|value| format!(r#""value":{value}"#)));
        members.push(format!(r#""done":{}"#, json!(self.done)));
        let in_flight = self.in_flight.as_ref();
        members.extend(in_flight.map(|place| format!(r#""in_flight":{}"#, json!(place))));
        let fault = self.fault.as_ref().map(reading::refusal);
        members.extend(fault.map(|fault| format!(r#""error":{}"#, json!(fault))));
        format!("{{{}}}", members.join(","))
    }

    fn print(&self, format: Format) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        if format == Format::Json {
            writeln!(stdout, "{}", self.to_json())?;
            return Ok(());
        }
        if let Some(value) = &self.value {
            writeln!(stdout, "{value}")?;
        }
        let place = |pointer: &str| match pointer {
            "" => "the whole value".to_owned(),
            pointer => pointer.to_owned(),
        };
        let done: Vec<String> = self.done.iter().map(|done| place(done)).collect();
        if !done.is_empty() {
            say(format_args!("done: {}", done.join(", ")));
        }
        if let Some(in_flight) = &self.in_flight {
            say(format_args!("in flight: {}", place(in_flight)));
        }
        if let Some(fault) = &self.fault {
            say(fault);
        }
        Ok(())
    }
}

/// The first place at which the text is not the beginning of a value; all that is wrong where it is whole.
fn fault(output: &Output<Node<'static>>, text: &str) -> Option<Rejection> {
    let rejection = output.read(text).err()?;
    let left = output
        .watch()
        .ok()
        .and_then(|mut watch| watch.push(text).err());
    let start = |rejection: &Rejection| rejection.violations().first()?.span.map(|span| span.start);
    if rejection.is_truncated() {
        return left;
    }
    // A whole value has its violations by name; of other texts, whatever comes first counts.
    let is_whole = larkspur_json::parse(text).is_ok();
    match left {
        Some(left) if !is_whole && start(&left) < start(&rejection) => Some(left),
        _ => Some(rejection),
    }
}

/// Adds the pointers of the outermost values that are whole. Only what is open is walked through, so that this is as deep as JSON may be.
fn outermost(part: Part<'_>, done: &mut Vec<String>) {
    if part.is_complete() {
        done.push(part.pointer().to_string());
        return;
    }
    for child in part.children() {
        outermost(child, done);
    }
}
