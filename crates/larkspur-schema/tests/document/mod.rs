//! Documents that are written from tables.

use std::path::Path;

/// The file below `docs` is this text; where `LARKSPUR_BLESS` is set it is written anew.
#[track_caller]
#[expect(
    clippy::disallowed_methods,
    reason = "reads the document, and writes it anew where that is asked for"
)]
pub(crate) fn is_written(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    if std::env::var_os("LARKSPUR_BLESS").is_some() {
        assert!(std::fs::write(&path, expected).is_ok(), "{name}");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/{name} is not what the tables say: LARKSPUR_BLESS=1 writes it anew"
    );
}
