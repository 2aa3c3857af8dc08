//! Escapes of strings: JSON's with `\xHH` for llguidance, Python's for Lark.

use crate::{quoted, span::Span};

/// What is wrong, with its place inside the raw text between the quotes.
#[derive(Debug)]
pub(crate) struct EscapeError {
    pub(crate) span: Span,
    pub(crate) message: String,
}

impl EscapeError {
    fn new(start: usize, end: usize, message: impl Into<String>) -> Self {
        Self {
            span: Span::new(start, end),
            message: message.into(),
        }
    }
}

/// Reads the escapes of JSON, and `\xHH`.
pub(crate) fn json(raw: &str) -> Result<String, EscapeError> {
    let mut reader = Reader { raw, at: 0 };
    let mut out = String::with_capacity(raw.len());
    while let Some(c) = reader.next() {
        let start = reader.at - c.len_utf8();
        match c {
            '\\' => out.push(reader.json_escape(start)?),
            '\t' => {
                return Err(EscapeError::new(
                    start,
                    reader.at,
                    "a tab inside a string is written `\\t`",
                ));
            }
            c if c.is_ascii_control() => {
                let message = format!(
                    "the control character {:#04x} inside a string is written `\\x{:02x}`",
                    u32::from(c),
                    u32::from(c)
                );
                return Err(EscapeError::new(start, reader.at, message));
            }
            c => out.push(c),
        }
    }
    Ok(out)
}

/// Reads escapes as Python's Lark does: those of Python strings without `\N`, `\a`, octal; an unknown one stands for itself,
/// backslash included.
pub(crate) fn python(raw: &str) -> Result<String, EscapeError> {
    let mut reader = Reader { raw, at: 0 };
    let mut out = String::with_capacity(raw.len());
    while let Some(c) = reader.next() {
        let start = reader.at - c.len_utf8();
        if c != '\\' {
            out.push(c);
            continue;
        }
        match reader.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('f') => out.push('\u{c}'),
            Some('x') => out.push(reader.hex(start, 2)?),
            Some('u') => out.push(reader.hex(start, 4)?),
            Some('U') => out.push(reader.hex(start, 8)?),
            Some(c @ ('\\' | '"')) => out.push(c),
            Some(other) => out.extend(['\\', other]),
            None => {
                return Err(EscapeError::new(
                    start,
                    reader.at,
                    "the string ends in a backslash",
                ));
            }
        }
    }
    Ok(out)
}

/// Writes `text` between double quotes so that both readers give it back and a person sees all of it.
pub(crate) fn quote(text: &str) -> String {
    let is_hidden =
        |c: char| c.is_control() || matches!(c, '\u{AD}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}');
    let mut out = String::with_capacity(text.len() + 2);
    quoted::quote(text, is_hidden, &mut out);
    out
}

struct Reader<'t> {
    raw: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.raw.get(self.at..)?.chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn json_escape(&mut self, start: usize) -> Result<char, EscapeError> {
        Ok(match self.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('x') => self.hex(start, 2)?,
            Some('u') => self.utf16(start)?,
            Some('U') => {
                return Err(EscapeError::new(
                    start,
                    self.at,
                    "`\\U` is Python's; write the character itself, or `\\uXXXX`",
                ));
            }
            Some('\'') => {
                return Err(EscapeError::new(
                    start,
                    self.at,
                    "`\\'` is no escape; `'` needs none",
                ));
            }
            Some(other) => {
                let message =
                    format!("`\\{other}` is no escape of a string; a backslash is written `\\\\`");
                return Err(EscapeError::new(start, self.at, message));
            }
            None => {
                return Err(EscapeError::new(
                    start,
                    self.at,
                    "the string ends in a backslash",
                ));
            }
        })
    }

    fn hex(&mut self, start: usize, digits: usize) -> Result<char, EscapeError> {
        let code = self.hex_code(start, digits)?;
        char::from_u32(code).ok_or_else(|| {
            EscapeError::new(start, self.at, format!("U+{code:04X} is no character"))
        })
    }

    fn hex_code(&mut self, start: usize, digits: usize) -> Result<u32, EscapeError> {
        let text = self
            .raw
            .get(self.at..self.at + digits)
            .filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(text) = text else {
            return Err(EscapeError::new(
                start,
                self.at,
                format!("this escape needs {digits} hexadecimal digits"),
            ));
        };
        self.at += digits;
        // All digits are hexadecimal and there are at most eight.
        Ok(u32::from_str_radix(text, 16).unwrap_or(u32::MAX))
    }

    /// `\uXXXX`, or two of them that make one character.
    fn utf16(&mut self, start: usize) -> Result<char, EscapeError> {
        let high = self.hex_code(start, 4)?;
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high).ok_or_else(|| {
                EscapeError::new(
                    start,
                    self.at,
                    format!("`\\u{high:04x}` is the second half of a character without its first"),
                )
            });
        }
        if self
            .raw
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with("\\u"))
        {
            self.at += 2;
            let low = self.hex_code(start, 4)?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return char::from_u32(code)
                    .ok_or_else(|| EscapeError::new(start, self.at, "no character"));
            }
        }
        Err(EscapeError::new(
            start,
            self.at,
            format!("`\\u{high:04x}` is the first half of a character without its second"),
        ))
    }
}
