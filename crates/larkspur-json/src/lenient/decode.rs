//! What a string says: its escapes, and what was not escaped.

use std::borrow::Cow;

use super::{RepairKind, parser::Parser};
use crate::{
    Span,
    parse::{Fault, FaultKind},
};

impl<'t> Parser<'_, 't> {
    /// What the text between two quotes says.
    pub(super) fn decode(
        &mut self,
        from: usize,
        to: usize,
        closed: bool,
    ) -> Result<Cow<'t, str>, Fault> {
        let content = self.slice(from, to);
        let special = |byte: &u8| *byte == b'\\' || *byte < 0x20;
        if !content.as_bytes().iter().any(special) {
            return Ok(Cow::Borrowed(content));
        }
        let mut value = String::with_capacity(content.len());
        let mut at = from;
        while at < to {
            let plain = self
                .slice(at, to)
                .bytes()
                .take_while(|byte| !special(byte))
                .count();
            value.push_str(self.slice(at, at + plain));
            at += plain;
            at = match self.byte(at).filter(|_| at < to) {
                None => break,
                Some(b'\\') => match self.escape(at, to, closed, &mut value)? {
                    Some(next) => next,
                    None => break,
                },
                Some(byte) => self.control(at, byte, &mut value)?,
            };
        }
        Ok(Cow::Owned(value))
    }

    fn control(&mut self, at: usize, byte: u8, value: &mut String) -> Result<usize, Fault> {
        if !matches!(byte, b'\n' | b'\r' | b'\t' | 0x08 | 0x0C) {
            return Err(Fault::at(
                self.text,
                at,
                FaultKind::ControlCharacter { byte },
            ));
        }
        value.push(char::from(byte));
        self.note(RepairKind::ControlCharacter, at, at + 1);
        Ok(at + 1)
    }

    /// Reads the escape at `at`; nothing where the text ends inside it.
    fn escape(
        &mut self,
        at: usize,
        to: usize,
        closed: bool,
        value: &mut String,
    ) -> Result<Option<usize>, Fault> {
        let rest = self.slice(at, to);
        let fault = match crate::parse::escape(rest) {
            Ok((character, length)) => {
                value.push(character);
                return Ok(Some(at + length));
            }
            Err(fault) => fault,
        };
        if fault.kind.is_truncated() && !closed {
            self.note(RepairKind::Unfinished, at, to);
            return Ok(None);
        }
        let Some(next) = rest.chars().nth(1) else {
            return Err(Fault::at(self.text, at, FaultKind::InvalidEscape));
        };
        let length = 1 + next.len_utf8();
        self.note(RepairKind::Escape, at, at + length);
        match next {
            'u' if fault.kind.is_truncated() => {
                let kind = if rest.len() < 6 {
                    FaultKind::InvalidEscape
                } else {
                    FaultKind::LoneSurrogate
                };
                let span = Span::new(at, at + rest.len().min(6));
                return Err(Fault { span, kind });
            }
            'u' => return Err(fault.moved_by(at)),
            'x' => match rest
                .get(2..4)
                .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            {
                Some(code) => {
                    value.push(char::from(code));
                    return Ok(Some(at + 4));
                }
                None => value.push_str("\\x"),
            },
            '\'' | '`' | '\n' | '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{2018}' | '\u{2019}'
            | '\u{B4}' => value.push(next),
            other => {
                value.push('\\');
                value.push(other);
            }
        }
        Ok(Some(at + length))
    }
}
