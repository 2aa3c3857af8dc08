//! Elements, members and what separates them.

use std::borrow::Cow;

use super::{
    RepairKind,
    frame::{Key, Shape},
    parser::{Next, Parser},
    quote::Quote,
    string::Context,
};
use crate::{
    Kind, Node, Span,
    parse::{Fault, FaultKind, Place},
};

/// Longest key without quotes, in bytes.
const LONGEST_BARE_KEY: usize = 256;

impl<'t> Parser<'_, 't> {
    /// What is open, innermost.
    pub(super) fn shape(&self) -> Option<Shape> {
        self.frames.last().map(|frame| frame.shape)
    }

    /// Where strings stand here.
    pub(super) fn context(&self) -> Context {
        match self.shape() {
            None => Context::Root,
            Some(Shape::Object) => Context::Member,
            Some(_) => Context::Element,
        }
    }

    /// An element or member, or the end of what is open.
    pub(super) fn item(&mut self) -> Result<Next<'t>, Fault> {
        self.blanks();
        if self.is_end(self.at) {
            return self.cut();
        }
        match self.byte(self.at) {
            Some(byte @ (b'}' | b']' | b')')) => self.close(byte),
            Some(b',') => self.comma_too_many(),
            _ if self.ellipsis() => Ok(Next::After),
            _ if self.shape() == Some(Shape::Object) => self.member(),
            _ => Ok(Next::Value),
        }
    }

    /// A comma where an item is expected. In the middle of an array it may stand for an element that is missing.
    fn comma_too_many(&mut self) -> Result<Next<'t>, Fault> {
        let is_object = self.shape() == Some(Shape::Object);
        let is_first = self
            .frames
            .last()
            .is_some_and(|frame| frame.is_empty() && !frame.has_comma);
        if !is_object && !is_first {
            return Err(self.unexpected(Place::Element));
        }
        self.note(RepairKind::ExtraComma, self.at, self.at + 1);
        self.at += 1;
        if let Some(frame) = self.frames.last_mut() {
            frame.has_comma = true;
        }
        Ok(Next::Item)
    }

    /// Skips `...` or `…`.
    fn ellipsis(&mut self) -> bool {
        let length = if self.starts_with(self.at, "...") || self.starts_with(self.at, "…") {
            3
        } else {
            return false;
        };
        self.note(RepairKind::Ellipsis, self.at, self.at + length);
        self.at += length;
        if let Some(frame) = self.frames.last_mut() {
            frame.comma = None;
        }
        true
    }

    /// A comma, or the end of what is open.
    pub(super) fn after(&mut self) -> Result<Next<'t>, Fault> {
        self.blanks();
        if self.is_end(self.at) {
            return self.cut();
        }
        let is_object = self.shape() == Some(Shape::Object);
        match self.byte(self.at) {
            Some(b',') => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.comma = Some(self.at);
                    frame.has_comma = true;
                }
                self.at += 1;
                Ok(Next::Item)
            }
            Some(byte @ (b'}' | b']' | b')')) => self.close(byte),
            _ if self.begins_item(self.at, is_object) => {
                self.note(RepairKind::MissingComma, self.at, self.at);
                Ok(Next::Item)
            }
            _ if is_object => Err(self.unexpected(Place::AfterMember)),
            _ => Err(self.unexpected(Place::AfterElement)),
        }
    }

    /// Whether an item evidently begins here, though no comma came before it.
    fn begins_item(&self, at: usize, in_object: bool) -> bool {
        if in_object {
            self.is_member_start(at)
        } else {
            self.shape() != Some(Shape::Call)
                && (self.is_value_start(at)
                    || self.is_scalar(at)
                    || self.follows_line_break(at) && self.is_word_start(at))
        }
    }

    /// A key, up to where its value begins.
    fn member(&mut self) -> Result<Next<'t>, Fault> {
        let start = self.at;
        let quoted = Quote::opening(self.rest(start)).is_some();
        let name = if quoted {
            self.string(Context::Key)?
        } else {
            self.bare_key()?
        };
        let span = Span::new(start, self.at);
        self.blanks();
        if let Some(frame) = self.frames.last_mut() {
            frame.comma = None;
            frame.key = Some(Key { name, span });
        }
        if self.is_end(self.at) {
            return self.cut();
        }
        // Two quotes with nothing or a colon between them may be anything but a key, where no colon follows.
        let has_colon = self.slice(span.start, span.end).contains(':');
        let is_clear = quoted && span.end > span.start + 2 && !has_colon;
        self.colon(is_clear)?;
        Ok(Next::Value)
    }

    fn colon(&mut self, is_clear: bool) -> Result<(), Fault> {
        let length = match self.byte(self.at) {
            Some(b':') => {
                self.at += 1;
                return Ok(());
            }
            Some(b'=') if self.starts_with(self.at, "=>") => 2,
            Some(b'=') => 1,
            _ if is_clear && self.is_value_start(self.at) => {
                self.note(RepairKind::MissingColon, self.at, self.at);
                return Ok(());
            }
            _ => return Err(self.unexpected(Place::AfterKey)),
        };
        self.note(RepairKind::OtherColon, self.at, self.at + length);
        self.at += length;
        Ok(())
    }

    /// A key without quotes: words on one line, up to the colon.
    fn bare_key(&mut self) -> Result<Cow<'t, str>, Fault> {
        let rest = self.rest(self.at);
        let is_part = |character: char| {
            character.is_alphanumeric() || matches!(character, '_' | '$' | '-' | '.' | '@' | ' ')
        };
        let length = rest
            .char_indices()
            .find(|(place, character)| !is_part(*character) || *place > LONGEST_BARE_KEY)
            .map_or(rest.len(), |(place, _)| place);
        let key = rest.get(..length).unwrap_or_default().trim_end();
        let begins_well = key
            .starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '$' | '@'));
        if !begins_well {
            return Err(self.unexpected(Place::Key));
        }
        let start = self.at;
        self.at += key.len();
        if self.lacks_opening_quote(self.at) {
            self.at += 1;
            self.note(RepairKind::MissingQuote, start, start);
        } else {
            self.note(RepairKind::BareKey, start, self.at);
        }
        Ok(Cow::Borrowed(key))
    }

    /// A value.
    pub(super) fn value(&mut self) -> Result<Next<'t>, Fault> {
        self.blanks();
        if self.is_end(self.at) {
            return self.cut();
        }
        self.count_value()?;
        let start = self.at;
        match self.byte(start) {
            Some(b'{') => self.open(Shape::Object, start),
            Some(b'[') => self.open(Shape::Array, start),
            Some(b'(') => self.open(Shape::Tuple, start),
            _ if Quote::opening(self.rest(start)).is_some() => self.strings(),
            _ => self.word(),
        }
    }

    /// A string, or several joined by `+`.
    fn strings(&mut self) -> Result<Next<'t>, Fault> {
        let start = self.at;
        let context = self.context();
        let mut text = self.string(context)?;
        loop {
            let end = self.at;
            let plus = self.skip(end);
            if self.truncated && self.frames.is_empty() {
                self.note(RepairKind::Truncated, end, end);
            }
            if self.truncated || !self.concatenates(plus) {
                let span = Span::new(start, end);
                return Ok(Next::Ended(Node::new(span, Kind::String(text))));
            }
            self.note(RepairKind::Concatenation, plus, plus + 1);
            self.blanks();
            self.at = plus + 1;
            self.blanks();
            let next = self.string(context)?;
            text = Cow::Owned(text.into_owned() + &next);
        }
    }

    /// The value of the key is not there.
    pub(super) fn missing_value(&self) -> Fault {
        let place = match self.shape() {
            Some(Shape::Object) => Place::MemberValue,
            Some(_) => Place::Element,
            None => Place::Text,
        };
        self.unexpected(place)
    }

    /// The text means two things from `start` to where reading stands.
    pub(super) fn two_readings(&self, start: usize, what: &'static str) -> Fault {
        Fault {
            span: Span::new(start, self.at.max(start)),
            kind: FaultKind::Ambiguous { what },
        }
    }
}
