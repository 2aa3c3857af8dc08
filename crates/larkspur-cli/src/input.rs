//! Files and stdin, read with a limit.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use clap::ValueEnum as _;
use larkspur_json::Node;
use larkspur_schema::{Dialect, Lowered};
use serde_json::Value;

use crate::{args::Kind, exit::Failure};

/// The most that one input may hold. Schemas and answers are kilobytes; this only stops accidents.
pub(crate) const MAX_INPUT_BYTES: u64 = 64 << 20;

/// A text and the name it goes by in messages.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Reads a file, or stdin for `-`.
pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
    if path == Path::new("-") {
        return read_from(io::stdin().lock(), "stdin".to_owned());
    }
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| cannot_read(&name, &error))?;
    read_from(file, name)
}

/// Reads a file; stdin where there is none.
pub(crate) fn read_or_stdin(path: Option<&Path>) -> Result<Source, Failure> {
    read(path.unwrap_or(Path::new("-")))
}

fn read_from(reader: impl Read, name: String) -> Result<Source, Failure> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_INPUT_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(&name, &error))?;
    if bytes.len() as u64 > MAX_INPUT_BYTES {
        return Err(Failure::new(format_args!(
            "`{name}` holds more than {MAX_INPUT_BYTES} bytes"
        )));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format_args!(
            "`{name}` is not UTF-8 text: the first bad byte is at offset {at}"
        ))
    })?;
    Ok(Source { name, text })
}

fn cannot_read(name: &str, error: &io::Error) -> Failure {
    Failure::new(format_args!("cannot read `{name}`: {error}"))
}

/// The JSON of a source that has to be JSON for the verb to run at all.
pub(crate) fn json(source: &Source) -> Result<Value, Failure> {
    node(source).map(|node| node.to_value())
}

/// The same, with positions.
pub(crate) fn node(source: &Source) -> Result<Node<'_>, Failure> {
    larkspur_json::parse(&source.text)
        .map_err(|error| Failure::new(format_args!("`{}` is not JSON: {error}", source.name)))
}

/// A constraint file and what it holds, which its ending says, or the caller. What is piped in is JSON unless something
/// else is said.
pub(crate) fn constraint(path: &Path, kind: Option<Kind>) -> Result<(Kind, Source), Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let by_ending = || match ending {
        _ if path == Path::new("-") => Some(Kind::Json),
        Some(ending) => Kind::from_str(ending, true).ok(),
        None => None,
    };
    match kind.or_else(by_ending) {
        Some(kind) => Ok((kind, read(path)?)),
        None => Err(
            Failure::new(format_args!("cannot tell what `{}` holds", path.display())).hint(
                "name it `.json`, `.lark`, `.gbnf`, `.ebnf`, `.pest` or `.regex`, or say `--kind`",
            ),
        ),
    }
}

/// The dialect of that name.
pub(crate) fn dialect(name: &str) -> Result<&'static Dialect, Failure> {
    Dialect::named(name).ok_or_else(|| {
        let known: Vec<_> = Dialect::all()
            .iter()
            .map(|dialect| dialect.name())
            .collect();
        Failure::new(format_args!("unknown dialect `{name}`"))
            .hint(format_args!("one of: {}", known.join(", ")))
    })
}

/// What `larkspur lower` printed, and the name of the file.
pub(crate) fn lowered(path: &Path) -> Result<(String, Lowered), Failure> {
    let source = read(path)?;
    match serde_json::from_value(json(&source)?) {
        Ok(lowered) => Ok((source.name, lowered)),
        Err(error) => Err(Failure::new(format_args!(
            "`{}` is not what `larkspur lower` prints: {error}",
            source.name
        ))
        .hint("it is a JSON object with the keys `schema`, `plan` and `relaxations`")),
    }
}

/// A text of the command line; stdin where it is left out or `-`.
pub(crate) fn text(given: Option<&str>) -> Result<String, Failure> {
    match given {
        Some(text) if text != "-" => Ok(text.to_owned()),
        _ => Ok(read(Path::new("-"))?.text),
    }
}
