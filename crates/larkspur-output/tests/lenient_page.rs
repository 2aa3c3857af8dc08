//! Every example of `docs/lenient-reading.md` is what the reader does.
#![cfg(feature = "validate")]
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests")]

use larkspur_output::JsonReader;
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/lenient-reading.md");

/// A row of the table: a text, a schema or nothing, and the value or why there is none.
struct Row<'p> {
    text: &'p str,
    schema: &'p str,
    value: &'p str,
    reason: &'p str,
}

fn rows() -> Vec<Row<'static>> {
    let table = PAGE.split("## Examples").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let lines = table.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [text, schema, value, reason] = cells[..] else {
            panic!("{line} has {} cells", cells.len())
        };
        Row {
            text: code(text),
            schema: code(schema),
            value: code(value),
            reason,
        }
    };
    lines.map(row).collect()
}

/// What stands between backticks.
fn code(cell: &str) -> &str {
    cell.trim_matches('`')
}

#[test]
fn every_example_is_what_the_reader_does() {
    let rows = rows();
    assert!(rows.len() > 20, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let schema = match row.schema {
            "" => Value::Bool(true),
            schema => serde_json::from_str(schema).unwrap(),
        };
        let read = JsonReader::new(&schema)
            .unwrap()
            .read_lenient::<Value>(row.text);
        let (value, reason) = match read {
            Ok(reading) => (reading.value.to_string(), String::new()),
            Err(rejection) => (String::new(), rejection.message()),
        };
        if value != row.value || reason != row.reason {
            wrong.push(format!("{} | {value} | {reason}", row.text));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What looks like JSON stands in the table, where it is run, and nowhere else.
#[test]
fn no_example_stands_outside_the_table() {
    let prose = PAGE.lines().filter(|line| !line.starts_with('|'));
    let spans = prose.flat_map(|line| line.split('`').skip(1).step_by(2));
    let looks_like_json = |span: &&str| span.starts_with(['[', '{', '"']) && span.len() > 12;
    let examples: Vec<&str> = spans.filter(looks_like_json).collect();
    assert_eq!(examples, [""; 0]);
}
