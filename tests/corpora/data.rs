//! Where the data is, and how it is read.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The file at this path below the data folder.
pub(crate) fn path(relative: &str) -> PathBuf {
    let root = std::env::var_os("LARKSPUR_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    root.join(relative)
}

/// The text of a file below the data folder.
pub(crate) fn text(relative: &str) -> String {
    let path = path(relative);
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; set LARKSPUR_DATA to the data folder",
            path.display()
        )
    })
}

/// The JSON of a file below the data folder.
pub(crate) fn json(relative: &str) -> Value {
    serde_json::from_str(&text(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// The lines of a JSON Lines file below the data folder.
pub(crate) fn lines(relative: &str) -> Vec<Value> {
    text(relative)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The same, each line read as a type.
pub(crate) fn rows<Row: serde::de::DeserializeOwned>(relative: &str) -> Vec<Row> {
    let rows = lines(relative).into_iter();
    rows.map(|line| serde_json::from_value(line).unwrap())
        .collect()
}
