//! Texts in double quotes, with the escapes that JSON and Python share.

use std::fmt::Write;

/// Adds `text` in its quotes. What is hidden goes by its number, which has four digits: nothing beyond U+FFFF may be.
pub(crate) fn quote(text: &str, is_hidden: impl Fn(char) -> bool, out: &mut String) {
    out.push('"');
    text.chars().for_each(|c| escape(c, &is_hidden, out));
    out.push('"');
}

/// Adds a character as it stands between quotes.
pub(crate) fn escape(c: char, is_hidden: impl Fn(char) -> bool, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_hidden(c) => {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
        c => out.push(c),
    }
}
