//! What is kept of a batch: a line for each row that is done, written before the next one is waited for.
//!
//! The files are the state. A run that was killed leaves at most one line that is cut off, which is dropped; every other row is
//! either in one of the two files or is asked about again.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    hash::Hasher as _,
    io::{BufRead as _, BufReader, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use fnv::FnvHasher;
use larkspur_json::{Kind, Member, Node, Object, Span};
use serde_json::{Value, json};

use super::rows::Row;
use crate::exit::Failure;

/// What is written about a row, beside which row it is. Numbers keep their digits.
pub(crate) type Line = Vec<(&'static str, Node<'static>)>;

/// The rows of which a line was kept, each with its fingerprint.
#[derive(Debug)]
pub(crate) struct Done {
    output: PathBuf,
    failures: PathBuf,
    values: BTreeMap<u64, String>,
    /// Rows that were answered without a value.
    failed: BTreeMap<u64, Value>,
    /// Bytes of the output without a line that is cut off.
    whole: u64,
}

impl Done {
    /// Reads the files, if they exist. `job` is what every row of the batch has in common: an output that was begun with
    /// another one is refused. With `again`, rows that were answered without a value count as not done.
    pub(crate) fn read(
        output: &Path,
        failures: Option<&Path>,
        job: &Value,
        again: bool,
    ) -> Result<Self, Failure> {
        let failures = failures.map_or_else(|| beside(output, ".failures.jsonl"), Path::to_owned);
        let (lines, whole) = whole_lines(output)?;
        let values: BTreeMap<u64, String> = lines
            .iter()
            .map(|(index, line)| (*index, row_of(line)))
            .collect();
        if !values.is_empty() {
            same_job(output, job)?;
        }
        let (lines, _) = whole_lines(&failures)?;
        let stays = |index: &u64, line: &Value| {
            !again && line.get("answered") == Some(&json!(true)) && !values.contains_key(index)
        };
        let failed = lines.into_iter().filter(|(index, line)| stays(index, line));
        Ok(Self {
            output: output.to_owned(),
            failures,
            failed: failed.collect(),
            values,
            whole,
        })
    }

    /// Whether the row is done.
    ///
    /// # Errors
    ///
    /// What is done under its number is another row.
    pub(crate) fn has(&self, row: &Row) -> Result<bool, Failure> {
        let failed = || self.failed.get(&row.index).map(row_of);
        let known = self.values.get(&row.index).cloned().or_else(failed);
        match known {
            None => Ok(false),
            Some(known) if known == fingerprint(row) => Ok(true),
            Some(_) => Err(Failure::new(format_args!(
                "row {} is not the one that `{}` has an answer to",
                row.index,
                self.output.display()
            ))
            .hint("rows may be added at the end; after other changes name another output")),
        }
    }

    /// Rows that have a value.
    pub(crate) fn values(&self) -> usize {
        self.values.len()
    }

    /// Rows that were answered without one.
    pub(crate) fn failed(&self) -> usize {
        self.failed.len()
    }

    pub(crate) fn failures_path(&self) -> &Path {
        &self.failures
    }
}

/// The files of a batch while it runs.
#[derive(Debug)]
pub(crate) struct Journal {
    output: Lines,
    failures: Lines,
}

impl Journal {
    /// Opens the files, or makes them, and keeps other runs out. What `read` says is done is what stays in them.
    pub(crate) fn open(
        output: &Path,
        job: &Value,
        read: impl FnOnce() -> Result<Done, Failure>,
    ) -> Result<(Self, Done), Failure> {
        let output = Lines::open(output)?;
        output.lock()?;
        let done = read()?;
        let cut = output.file.set_len(done.whole);
        cut.map_err(|error| cannot(&output.path, &error))?;
        replace(&job_path(&output.path), &format!("{job:#}\n"))?;
        let failed = done.failed.values().map(|line| format!("{line}\n"));
        replace(&done.failures, &failed.collect::<String>())?;
        let failures = Lines::open(&done.failures)?;
        Ok((Self { output, failures }, done))
    }

    /// Writes down that a row has a value.
    pub(crate) fn value(&mut self, row: &Row, line: Line) -> Result<(), Failure> {
        self.output.add(row, line)
    }

    /// Writes down that a row has none.
    pub(crate) fn failure(&mut self, row: &Row, line: Line) -> Result<(), Failure> {
        self.failures.add(row, line)
    }
}

/// A file that lines are added to.
#[derive(Debug)]
struct Lines {
    path: PathBuf,
    file: File,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).open(path);
        Ok(Self {
            path: path.to_owned(),
            file: file.map_err(|error| cannot(path, &error))?,
        })
    }

    fn lock(&self) -> Result<(), Failure> {
        match self.file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => Err(Failure::new(format_args!(
                "another run writes to `{}`",
                self.path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(cannot(&self.path, &error)),
        }
    }

    /// One line in one piece: a kill leaves it out or cuts it, and never mixes it with another.
    fn add(&mut self, row: &Row, rest: Line) -> Result<(), Failure> {
        let mut line = Object::new();
        let index = ("index", Node::from_value(&json!(row.index)));
        let fingerprint = ("row", Node::from_value(&json!(fingerprint(row))));
        let id = row.id().map(|id| ("id", Node::from_value(id)));
        for (name, node) in [index, fingerprint].into_iter().chain(id).chain(rest) {
            line.push(Member::new(name, node));
        }
        let line = Node {
            kind: Kind::Object(line),
            span: Span::default(),
        };
        let written = self.file.write_all(format!("{line}\n").as_bytes());
        written.map_err(|error| cannot(&self.path, &error))
    }
}

/// The lines of a file by the rows they are about, and how many bytes they are; a last line that is cut off is left out. No file
/// has no lines.
fn whole_lines(path: &Path) -> Result<(BTreeMap<u64, Value>, u64), Failure> {
    let mut lines = BTreeMap::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((lines, 0)),
        Err(error) => return Err(cannot(path, &error)),
    };
    let (mut reader, mut whole) = (BufReader::new(file), 0);
    for number in 1.. {
        let mut line = Vec::new();
        let read = reader.read_until(b'\n', &mut line);
        let read = read.map_err(|error| cannot(path, &error))?;
        if !line.ends_with(b"\n") {
            break;
        }
        whole += read as u64;
        let value: Value = serde_json::from_slice(&line).unwrap_or_default();
        let Some(index) = value.get("index").and_then(Value::as_u64) else {
            return Err(Failure::new(format_args!(
                "`{}`, line {number}, was not written by `larkspur batch`",
                path.display()
            ))
            .hint("name another output"));
        };
        lines.insert(index, value);
    }
    Ok((lines, whole))
}

/// The file with this text, or if that breaks off, as it was.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let next = beside(path, ".next");
    fs::write(&next, text)
        .and_then(|()| fs::rename(&next, path))
        .map_err(|error| cannot(path, &error))
}

fn row_of(line: &Value) -> String {
    let row = line.get("row").and_then(Value::as_str);
    row.unwrap_or_default().to_owned()
}

/// Tells rows apart; against accidents, not against anybody.
fn fingerprint(row: &Row) -> String {
    let mut hasher = FnvHasher::default();
    hasher.write(row.data.to_string().as_bytes());
    format!("{:016x}", hasher.finish())
}

/// Compares what the rows have in common with what it was when the output was begun.
fn same_job(output: &Path, job: &Value) -> Result<(), Failure> {
    let path = job_path(output);
    let text = fs::read_to_string(&path).map_err(|error| cannot(&path, &error))?;
    let known: Value = serde_json::from_str(&text).map_err(|_| {
        let path = path.display();
        Failure::new(format_args!("`{path}` was not written by `larkspur batch`"))
            .hint("name another output")
    })?;
    let keys = job.as_object().into_iter().flatten();
    let other = keys.filter(|(key, value)| known.get(key) != Some(value));
    let other: Vec<&str> = other.map(|(key, _)| key.as_str()).collect();
    if other.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format_args!(
        "`{}` was begun with another {}",
        output.display(),
        other.join(" and another ")
    ))
    .hint(format_args!(
        "name another output, or go on with what `{}` says",
        path.display()
    )))
}

fn job_path(output: &Path) -> PathBuf {
    beside(output, ".job.json")
}

/// A file named after another one.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    if let Some(stem) = path.extension().and_then(|_| path.file_stem())
        && ending == ".failures.jsonl"
    {
        name = path.with_file_name(stem).into_os_string();
    }
    name.push(ending);
    PathBuf::from(name)
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format_args!("cannot use `{}`: {error}", path.display()))
}
