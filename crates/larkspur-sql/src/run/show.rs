//! Rows as text.

use std::fmt;

use serde_json::Map;

use super::{Rows, Value};

/// Most characters of one cell of a table.
const WIDEST: usize = 60;

impl Rows {
    /// A table for people: columns side by side, long values cut, characters that a terminal would act upon replaced.
    pub fn to_table(&self) -> String {
        let head: Vec<String> = self.columns().iter().map(|name| cell(name)).collect();
        let rows: Vec<Vec<String>> = self
            .rows()
            .iter()
            .map(|row| row.iter().map(|value| cell(&value.to_string())).collect())
            .collect();
        let widths: Vec<usize> = (0..head.len())
            .map(|column| {
                let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
                cells
                    .map(|cell| cell.chars().count())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        let line = |row: &[String]| {
            let padded = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:width$}"));
            let line = padded.collect::<Vec<_>>().join("  ");
            format!("{}\n", line.trim_end())
        };
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        let rows: String = rows.iter().map(|row| line(row)).collect();
        line(&head) + &line(&rule) + &rows
    }

    /// CSV as RFC 4180 has it, with a line of names; `NULL` is nothing at all, the empty text a pair of quotes.
    pub fn to_csv(&self) -> String {
        let head = self
            .columns()
            .iter()
            .map(|name| field(name))
            .collect::<Vec<_>>()
            .join(",");
        let rows = self.rows().iter().map(|row| {
            let fields = row.iter().map(|value| match value {
                Value::Null => String::new(),
                value => field(&value.to_string()),
            });
            fields.collect::<Vec<_>>().join(",")
        });
        std::iter::once(head)
            .chain(rows)
            .map(|line| line + "\r\n")
            .collect()
    }

    /// A JSON array with an object for each row. Of several columns with the same name the later ones get a number.
    pub fn to_json(&self) -> serde_json::Value {
        let mut names: Vec<String> = Vec::with_capacity(self.columns().len());
        for name in self.columns() {
            let numbered = (2..).map(|number| format!("{name}:{number}"));
            let mut candidates = std::iter::once(name.clone()).chain(numbered);
            names.extend(candidates.find(|candidate| !names.contains(candidate)));
        }
        let rows = self.rows().iter().map(|row| {
            let members = names
                .iter()
                .cloned()
                .zip(row.iter().map(|value| serde_json::json!(value)));
            serde_json::Value::Object(members.collect::<Map<_, _>>())
        });
        rows.collect()
    }
}

/// As a person reads it: `NULL`, numbers and texts as they are, blobs as hexadecimal digits.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Real(number) if number.is_infinite() => f.write_str(if *number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            }),
            Self::Real(number) => write!(f, "{number:?}"),
            Self::Text(text) | Self::Decimal(text) => f.write_str(text),
            Self::Blob(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

fn cell(text: &str) -> String {
    let mut cell: String = text
        .chars()
        .take(WIDEST)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(WIDEST).is_some() {
        cell.pop();
        cell.push('…');
    }
    cell
}

fn field(text: &str) -> String {
    if text.is_empty() || text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
