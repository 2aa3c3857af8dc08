//! The rows of a batch: JSON lines or CSV, read one at a time.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read as _},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use crate::exit::Failure;

/// The most that one line may hold.
const MAX_LINE_BYTES: u64 = 16 << 20;

/// One row, and which it is, counted from 0.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) index: u64,
    pub(crate) data: Value,
}

impl Row {
    /// What the row calls itself, if it does.
    pub(crate) fn id(&self) -> Option<&Value> {
        self.data.get("id").filter(|id| !id.is_null())
    }
}

/// A file of rows.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    path: PathBuf,
    is_csv: bool,
}

impl Rows {
    pub(crate) fn new(path: &Path) -> Self {
        let ending = path.extension();
        Self {
            path: path.to_owned(),
            is_csv: ending.is_some_and(|ending| ending.eq_ignore_ascii_case("csv")),
        }
    }

    /// Reads from the start.
    pub(crate) fn read(&self) -> Result<Box<dyn Iterator<Item = Result<Row, Failure>>>, Failure> {
        let file = File::open(&self.path).map_err(|error| self.failure(None, &error))?;
        Ok(if self.is_csv {
            Box::new(self.clone().csv(file)?)
        } else {
            Box::new(self.clone().lines(file))
        })
    }

    fn failure(&self, line: Option<u64>, error: &dyn std::fmt::Display) -> Failure {
        let name = self.path.display();
        match line {
            Some(line) => Failure::new(format_args!("`{name}`, line {line}: {error}")),
            None => Failure::new(format_args!("cannot read `{name}`: {error}")),
        }
    }

    fn lines(self, file: File) -> impl Iterator<Item = Result<Row, Failure>> {
        let mut reader = BufReader::new(file);
        let (mut line, mut index) = (0, 0);
        std::iter::from_fn(move || {
            loop {
                line += 1;
                let mut bytes = Vec::new();
                let mut one = (&mut reader).take(MAX_LINE_BYTES + 1);
                match one.read_until(b'\n', &mut bytes) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return Some(Err(self.failure(Some(line), &error))),
                }
                if bytes.trim_ascii().is_empty() {
                    continue;
                }
                let row = row(&bytes, index).map_err(|error| self.failure(Some(line), &error));
                index += 1;
                return Some(row);
            }
        })
    }

    fn csv(self, file: File) -> Result<impl Iterator<Item = Result<Row, Failure>>, Failure> {
        let mut reader = csv::Reader::from_reader(BufReader::new(file));
        let header = reader
            .headers()
            .map_err(|error| self.failure(Some(1), &error))?;
        let names: Vec<String> = header.iter().map(str::to_owned).collect();
        let records = reader.into_records().zip(0..);
        Ok(records.map(move |(record, index)| {
            let record = record.map_err(|error| {
                Failure::new(format_args!("`{}`: {error}", self.path.display()))
            })?;
            let cells = record.iter().map(Value::from);
            let data: Map<String, Value> = names.iter().cloned().zip(cells).collect();
            Ok(Row {
                index,
                data: Value::Object(data),
            })
        }))
    }
}

fn row(bytes: &[u8], index: u64) -> Result<Row, String> {
    if bytes.len() as u64 > MAX_LINE_BYTES {
        return Err(format!("it holds more than {MAX_LINE_BYTES} bytes"));
    }
    let data: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("it is not JSON: {error}"))?;
    match data {
        Value::String(_) | Value::Object(_) => Ok(Row { index, data }),
        _ => Err("a row is a JSON string or a JSON object".to_owned()),
    }
}
