//! What reading one text, or each line of stdin, comes to: shared by the verbs that read answers.

use std::io::{self, BufRead as _, Read as _, Write as _};

use larkspur_json::Node;
use larkspur_output::{Reading as LenientReading, Rejection, Violation};
use serde::Serialize;
use serde_json::json;

use crate::{
    args::Format,
    exit::{Failure, Verdict, say},
    input::MAX_INPUT_BYTES,
};

/// Why one input was not accepted, in the words of the command's contract.
#[derive(Serialize)]
struct Refused<'a> {
    message: String,
    #[serde(skip_serializing_if = "<[Violation]>::is_empty")]
    violations: &'a [Violation],
}

/// The result of one text, for the format that was asked for.
pub(crate) fn print_one(
    result: &Result<Node<'_>, Rejection>,
    format: Format,
) -> Result<Verdict, Failure> {
    let mut stdout = io::stdout().lock();
    match (result, format) {
        (Ok(value), Format::Text) => writeln!(stdout, "{value}")?,
        (Ok(value), Format::Json) => writeln!(stdout, "{}", accepted(value))?,
        (Err(rejection), Format::Text) => say(rejection),
        (Err(rejection), Format::Json) => writeln!(stdout, "{}", rejected(rejection))?,
    }
    Ok(Verdict::from_ok(result.is_ok()))
}

/// Values are JSON text, so that numbers keep their digits.
fn accepted(value: &Node<'_>) -> String {
    format!(r#"{{"ok":true,"value":{value}}}"#)
}

/// With the repairs, also where there are none; `truncated` only where it is so.
fn accepted_leniently(reading: &LenientReading<Node<'_>>) -> String {
    let repairs = json!(reading.repairs);
    let truncated = if reading.truncated {
        r#","truncated":true"#
    } else {
        ""
    };
    let value = &reading.value;
    format!(r#"{{"ok":true,"value":{value},"repairs":{repairs}{truncated}}}"#)
}

/// As [`print_one`], for a text that was read leniently: the repairs are talk, so that they go to stderr.
pub(crate) fn print_lenient(
    result: Result<LenientReading<Node<'_>>, Rejection>,
    format: Format,
) -> Result<Verdict, Failure> {
    let reading = match result {
        Ok(reading) => reading,
        Err(rejection) => return print_one(&Err(rejection), format),
    };
    if format == Format::Json {
        writeln!(io::stdout().lock(), "{}", accepted_leniently(&reading))?;
        return Ok(Verdict::from_ok(true));
    }
    for repair in &reading.repairs {
        say(format_args!("repaired: {repair}"));
    }
    if reading.truncated {
        say("the text ends before the value does");
    }
    print_one(&Ok(reading.value), format)
}

/// For [`each_line`]: the line that tells what reading leniently came to.
pub(crate) fn line_of_lenient(
    result: Result<LenientReading<Node<'_>>, Rejection>,
) -> Result<String, String> {
    match result {
        Ok(reading) => Ok(accepted_leniently(&reading)),
        Err(rejection) => Err(rejected(&rejection)),
    }
}

pub(crate) fn rejected(rejection: &Rejection) -> String {
    refused(rejection.message(), rejection.violations())
}

/// Why a text was not accepted, for the key `error`.
pub(crate) fn refusal(rejection: &Rejection) -> impl Serialize {
    Refused {
        message: rejection.message(),
        violations: rejection.violations(),
    }
}

fn refused(message: String, violations: &[Violation]) -> String {
    json!({ "ok": false, "error": Refused { message, violations } }).to_string()
}

/// A line of stdin as the text that `read` reads.
#[derive(Clone, Copy)]
pub(crate) enum Lines {
    /// Each line is a JSON string that holds the text.
    Strings,
    /// Each line is the text.
    Values,
}

/// Reads each line of stdin and prints one line for each, in the same order; yes where all were accepted.
pub(crate) fn each_line(
    lines: Lines,
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<Verdict, Failure> {
    let mut input = io::stdin().lock();
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut all_ok = true;
    let mut bytes = Vec::new();
    while next_line(&mut input, &mut bytes)? {
        let result = text_of(lines, &bytes).and_then(|text| read(&text));
        all_ok &= result.is_ok();
        let (Ok(line) | Err(line)) = result;
        writeln!(output, "{line}")?;
    }
    output.flush()?;
    Ok(Verdict::from_ok(all_ok))
}

/// For [`each_line`]: the line that tells what reading came to.
pub(crate) fn line_of(result: Result<Node<'_>, Rejection>) -> Result<String, String> {
    match result {
        Ok(value) => Ok(accepted(&value)),
        Err(rejection) => Err(rejected(&rejection)),
    }
}

fn next_line(input: &mut impl io::BufRead, bytes: &mut Vec<u8>) -> Result<bool, Failure> {
    bytes.clear();
    let size = input
        .take(MAX_INPUT_BYTES + 1)
        .read_until(b'\n', bytes)
        .map_err(|error| Failure::new(format_args!("cannot read stdin: {error}")))?;
    if size as u64 > MAX_INPUT_BYTES {
        let message = format_args!("a line of stdin holds more than {MAX_INPUT_BYTES} bytes");
        return Err(Failure::new(message));
    }
    Ok(size > 0)
}

fn text_of(lines: Lines, bytes: &[u8]) -> Result<String, String> {
    let fault = |message: String| refused(message, &[]);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| fault(format!("the line is not UTF-8: {error}")))?
        .trim_end_matches(['\n', '\r']);
    match lines {
        Lines::Values => Ok(text.to_owned()),
        Lines::Strings => serde_json::from_str(text)
            .map_err(|error| fault(format!("the line is not a JSON string: {error}"))),
    }
}
