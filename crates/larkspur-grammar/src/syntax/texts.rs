//! `bool`, and text in quotes.

use super::{Definitions, Error, Syntax, Writer};
use crate::grammar::Expr;
use crate::quoted;
use crate::tree::Node;

/// One character of a JSON string (RFC 8259, section 7), where surrogates come in pairs only.
pub(super) const CHARACTER: &str = concat!(
    r#"[^"\\\x00-\x1f\x7f]"#,
    r#"|\\["\\/bfnrt]"#,
    r"|\\u([0-9A-Ca-cEFef][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})",
    r"|\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}",
);

impl Syntax for bool {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("BOOL", "true|false")
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        match node.bytes() {
            b"true" => Ok(true),
            b"false" => Ok(false),
            _ => Err(Error::mismatch(node)),
        }
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        out.lexeme(if *self { "true" } else { "false" });
        Ok(())
    }
}

impl Syntax for String {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("STRING", &format!("\"({CHARACTER})*\""))
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        unquoted(node)
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        quote(self.chars(), out);
        Ok(())
    }
}

impl Syntax for char {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("CHAR", &format!("\"({CHARACTER})\""))
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        let text = unquoted(node)?;
        text.parse().map_err(|_| Error::mismatch(node))
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        quote(std::iter::once(*self), out);
        Ok(())
    }
}

fn quote(characters: impl Iterator<Item = char>, out: &mut Writer) {
    let mut text = String::from("\"");
    characters.for_each(|character| escape(character, &mut text));
    text.push('"');
    out.lexeme(&text);
}

/// Adds a character as JSON writes it between quotes.
pub(super) fn escape(character: char, text: &mut String) {
    quoted::escape(character, |character| character.is_ascii_control(), text);
}

/// The text of a JSON string that has matched its pattern.
fn unquoted(node: Node<'_>) -> Result<String, Error> {
    let text = node.text();
    text.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(unescaped)
        .ok_or_else(|| Error::mismatch(node))
}

/// What the text between the quotes of a JSON string says.
pub(super) fn unescaped(inner: &str) -> Option<String> {
    let mut rest = inner.chars();
    let mut value = String::with_capacity(inner.len());
    while let Some(character) = rest.next() {
        value.push(match character {
            '\\' => escaped(&mut rest)?,
            other => other,
        });
    }
    Some(value)
}

/// What stands behind a backslash.
fn escaped(rest: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match rest.next()? {
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let unit = hex(rest)?;
            if (0xd800..0xdc00).contains(&unit) {
                let low = rest.nth(1).and_then(|_| hex(rest))?;
                char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + low.checked_sub(0xdc00)?)?
            } else {
                char::from_u32(unit)?
            }
        }
        itself => itself,
    })
}

/// Four hexadecimal digits.
fn hex(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |number, _| {
        Some(number * 16 + rest.next()?.to_digit(16)?)
    })
}
