//! Places, as the server writes them.

use larkspur_json::Pointer;

/// A pointer as the Python tuple that stands in the server's messages: `()`, `('properties', 'x')`.
pub(super) fn tuple(at: &Pointer) -> String {
    let tokens: Vec<String> = at.tokens().map(|token| quoted(&token)).collect();
    match tokens.as_slice() {
        [only] => format!("({only},)"),
        tokens => format!("({})", tokens.join(", ")),
    }
}

/// A string as Python's `repr` shows it, for the strings that occur in schemas.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('\n', r"\n");
    if escaped.contains('\'') && !escaped.contains('"') {
        format!("\"{escaped}\"")
    } else {
        format!("'{}'", escaped.replace('\'', r"\'"))
    }
}
