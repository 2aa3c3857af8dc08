//! Printing: compact JSON, numbers as they were written.

use std::fmt::{self, Display, Formatter, Write};

use crate::{Kind, Node, Object};

/// Compact JSON: no spaces, members in order (duplicates too), number text unchanged.
impl Display for Node<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Null => f.write_str("null"),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::Number(number) => f.write_str(number.as_str()),
            Kind::String(text) => write_string(f, text),
            Kind::Array(elements) => write_array(f, elements),
            Kind::Object(object) => write_object(f, object),
        }
    }
}

fn write_array(f: &mut Formatter<'_>, elements: &[Node<'_>]) -> fmt::Result {
    f.write_char('[')?;
    for (place, element) in elements.iter().enumerate() {
        if place > 0 {
            f.write_char(',')?;
        }
        element.fmt(f)?;
    }
    f.write_char(']')
}

fn write_object(f: &mut Formatter<'_>, object: &Object<'_>) -> fmt::Result {
    f.write_char('{')?;
    for (place, member) in object.iter().enumerate() {
        if place > 0 {
            f.write_char(',')?;
        }
        write_string(f, &member.key)?;
        f.write_char(':')?;
        member.value.fmt(f)?;
    }
    f.write_char('}')
}

/// Escapes what RFC 8259 section 7 says must be escaped, and nothing else.
fn write_string(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        f.write_str(text.get(written..at).unwrap_or_default())?;
        write_escape(f, byte)?;
        written = at + 1;
    }
    f.write_str(text.get(written..).unwrap_or_default())?;
    f.write_char('"')
}

fn write_escape(f: &mut Formatter<'_>, byte: u8) -> fmt::Result {
    match byte {
        b'"' => f.write_str("\\\""),
        b'\\' => f.write_str("\\\\"),
        0x08 => f.write_str("\\b"),
        0x0C => f.write_str("\\f"),
        b'\n' => f.write_str("\\n"),
        b'\r' => f.write_str("\\r"),
        b'\t' => f.write_str("\\t"),
        other => write!(f, "\\u{other:04x}"),
    }
}
