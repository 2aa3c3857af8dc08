//! Answers of models, written down one a line.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Bytes of one line, at most.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// Faulty lines that one error lists.
const MAX_FAULTS: usize = 100;

/// An answer of a model, as a line of a JSON Lines file:
///
/// ```json
/// {"text": "a + 1", "model": "gpt-5.2", "grammar": "arithmetic"}
/// ```
///
/// | member | is |
/// |---|---|
/// | `text` | the text of the answer, as it came; the only one that must be there |
/// | `model` | the model that wrote it |
/// | `schema` | the name of the JSON Schema that was attached |
/// | `grammar` | the name of the grammar that was attached |
///
/// A member that is `null` counts as absent; members of other names are passed over, and so are blank lines.
///
/// ```
/// use larkspur_output::Record;
///
/// let mut record = Record::new("a + 1");
/// record.grammar = Some("arithmetic".to_owned());
/// assert_eq!(record.to_line(), r#"{"text":"a + 1","grammar":"arithmetic"}"#);
///
/// let lines = "{\"text\": \"a + 1\", \"grammar\": \"arithmetic\", \"cost\": 0.01}\n\n{\"text\": 3}\n";
/// let error = Record::read_all(lines).unwrap_err();
/// assert_eq!(error.to_string(), "line 3: invalid type: integer `3`, expected a string at column 10");
/// assert_eq!(Record::read_all(lines.lines().next().unwrap())?, [record]);
/// # Ok::<(), larkspur_output::RecordError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The text of the answer.
    pub text: String,
    /// The model that wrote it.
    #[serde(default)]
    pub model: Option<String>,
    /// The name of the JSON Schema that was attached.
    #[serde(default)]
    pub schema: Option<String>,
    /// The name of the grammar that was attached.
    #[serde(default)]
    pub grammar: Option<String>,
}

/// Lines that are no records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError {
    /// Line, counted from 1, and what is wrong there.
    faults: Vec<(usize, String)>,
}

impl Record {
    /// A text of which nothing else is known.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// The record as a line, without the line break.
    pub fn to_line(&self) -> String {
        let mut members = Map::new();
        members.insert("text".to_owned(), Value::from(self.text.clone()));
        let others = [
            ("model", &self.model),
            ("schema", &self.schema),
            ("grammar", &self.grammar),
        ];
        for (name, value) in others {
            if let Some(value) = value {
                members.insert(name.to_owned(), Value::from(value.clone()));
            }
        }
        Value::Object(members).to_string()
    }

    /// The records of a file.
    ///
    /// # Errors
    /// If lines are no records or longer than [`MAX_RECORD_BYTES`]; the first hundred of them are told.
    pub fn read_all(lines: &str) -> Result<Vec<Self>, RecordError> {
        let mut records = Vec::new();
        let mut faults = Vec::new();
        for (number, line) in (1..).zip(lines.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            match Self::read(line) {
                Ok(record) => records.push(record),
                Err(fault) => faults.push((number, fault)),
            }
            if faults.len() == MAX_FAULTS {
                break;
            }
        }
        if faults.is_empty() {
            Ok(records)
        } else {
            Err(RecordError { faults })
        }
    }

    fn read(line: &str) -> Result<Self, String> {
        if line.len() > MAX_RECORD_BYTES {
            let length = line.len();
            return Err(format!(
                "the line has {length} bytes, the limit is {MAX_RECORD_BYTES} (`MAX_RECORD_BYTES`)"
            ));
        }
        serde_json::from_str(line).map_err(|error| {
            let told = error.to_string();
            // A line is told as line 1 of itself.
            told.replace(" at line 1 column ", " at column ")
        })
    }
}

impl RecordError {
    /// The faulty lines, counted from 1, with what is wrong in each.
    pub fn faults(&self) -> impl Iterator<Item = (usize, &str)> {
        let faults = self.faults.iter();
        faults.map(|(line, fault)| (*line, fault.as_str()))
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (line, fault)) in self.faults.iter().enumerate() {
            let between = if index == 0 { "" } else { "\n" };
            write!(f, "{between}line {line}: {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RecordError {}
