//! The states of a text that may go on.

use std::num::NonZeroUsize;

use super::{Characters, Entry, EntryKind, Key, Partial};
use crate::{
    Span,
    parse::{Fault, FaultKind, Place, end_of_plain, escape, is_number},
};

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Blanks, prose where it is passed over, the value.
    Start,
    Value(Place),
    Key(Place),
    Colon,
    After,
    /// Inside a string that begins at this byte; whether it is a key.
    String {
        open: usize,
        is_key: bool,
    },
    /// Inside a number or literal that begins at this byte.
    Word {
        start: usize,
    },
    /// The value is whole.
    Done,
}

/// What a step came to.
enum Step {
    /// The state has changed, or something was read.
    On,
    /// More text is needed.
    Wait,
}

impl Partial {
    /// Reads as far as the text goes.
    pub(super) fn run(&mut self) -> Result<(), Fault> {
        while self.at < self.text.len() {
            if let Step::Wait = self.step()? {
                break;
            }
        }
        Ok(())
    }

    /// The text has ended.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        if !self.rest.is_empty() {
            return Err(self.fault_here(FaultKind::NotUtf8));
        }
        if let State::Word { start } = self.state {
            self.end_word(start)?;
        }
        let kind = match self.state {
            State::Done => return Ok(()),
            State::Start => FaultKind::Truncated { place: Place::Text },
            State::Value(place) | State::Key(place) => FaultKind::Truncated { place },
            State::Colon => FaultKind::Truncated {
                place: Place::AfterKey,
            },
            State::After if self.is_in_object() => FaultKind::Truncated {
                place: Place::AfterMember,
            },
            State::After => FaultKind::Truncated {
                place: Place::AfterElement,
            },
            State::String { open, .. } if self.at == self.text.len() => {
                FaultKind::TruncatedString { open }
            }
            State::String { .. } => FaultKind::TruncatedEscape,
            State::Word { .. } => FaultKind::TruncatedNumber,
        };
        Err(Fault::at(&self.text, self.text.len(), kind))
    }

    fn step(&mut self) -> Result<Step, Fault> {
        if let State::String { open, is_key } = self.state {
            return self.in_string(open, is_key);
        }
        if let State::Word { start } = self.state {
            return self.in_word(start);
        }
        let Some(byte) = self.byte() else {
            return Ok(Step::Wait);
        };
        if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
            return Ok(Step::On);
        }
        match self.state {
            State::Start if self.in_prose && !is_value_start(byte) => self.skip_prose(),
            State::Start => self.begin(byte, Place::Text)?,
            State::Value(Place::FirstElement) if byte == b']' => self.close()?,
            State::Value(place) => self.begin(byte, place)?,
            State::Key(Place::FirstKey) if byte == b'}' => self.close()?,
            State::Key(place) if byte != b'"' => return Err(self.unexpected(place)),
            State::Key(_) => self.open_string(true)?,
            State::Colon if byte != b':' => return Err(self.unexpected(Place::AfterKey)),
            State::Colon => self.go(State::Value(Place::MemberValue)),
            State::Done if self.in_prose => self.at = self.text.len(),
            State::Done => return Err(self.fault_here(FaultKind::Trailing)),
            _ => self.after(byte)?,
        }
        Ok(Step::On)
    }

    fn skip_prose(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest.find(['{', '[']) {
            Some(place) => {
                self.at += place;
                self.state = State::Value(Place::Text);
            }
            None => self.at = self.text.len(),
        }
    }

    /// A comma, or the bracket that closes what is open.
    fn after(&mut self, byte: u8) -> Result<(), Fault> {
        let in_object = self.is_in_object();
        match (byte, in_object) {
            (b',', true) => self.go(State::Key(Place::Key)),
            (b',', false) => self.go(State::Value(Place::Element)),
            (b'}', true) | (b']', false) => self.close()?,
            (_, true) => return Err(self.unexpected(Place::AfterMember)),
            (_, false) => return Err(self.unexpected(Place::AfterElement)),
        }
        Ok(())
    }

    /// Begins a value.
    fn begin(&mut self, byte: u8, place: Place) -> Result<(), Fault> {
        match byte {
            b'{' => {
                self.open_container(EntryKind::Object(self.lists.len()))?;
                self.go(State::Key(Place::FirstKey));
            }
            b'[' => {
                self.open_container(EntryKind::Array(self.lists.len()))?;
                self.go(State::Value(Place::FirstElement));
            }
            b'"' => self.open_string(false)?,
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                let start = self.at;
                self.go(State::Word { start });
            }
            _ => return Err(self.unexpected(place)),
        }
        Ok(())
    }

    fn open_container(&mut self, kind: EntryKind) -> Result<(), Fault> {
        let limit = self.limits.depth;
        if self.open.len() >= limit {
            return Err(self.fault_here(FaultKind::TooDeep { limit }));
        }
        let entry = self.add(kind, self.at)?;
        self.lists.push(Vec::new());
        self.open.push(entry);
        Ok(())
    }

    fn open_string(&mut self, is_key: bool) -> Result<(), Fault> {
        let open = self.at;
        if is_key {
            self.key = Key::default();
        } else {
            self.add(EntryKind::String(Characters::Plain), open)?;
        }
        self.go(State::String { open, is_key });
        Ok(())
    }

    /// Adds a value that begins at `start` to what is open.
    fn add(&mut self, kind: EntryKind, start: usize) -> Result<usize, Fault> {
        let limit = self.limits.values;
        if self.entries.len() >= limit {
            return Err(self.fault_here(FaultKind::TooManyValues { limit }));
        }
        let place = self.entries.len();
        let parent = self.open.last().copied().unwrap_or_default();
        let list = match self.entries.get(parent).map(|parent| parent.kind) {
            Some(EntryKind::Array(list) | EntryKind::Object(list)) => self.lists.get_mut(list),
            _ => None,
        };
        let index = list.map_or(0, |siblings| {
            siblings.push(place);
            siblings.len() - 1
        });
        self.entries.push(Entry {
            kind,
            parent,
            key: std::mem::take(&mut self.key),
            index,
            start,
            end: None,
        });
        Ok(place)
    }

    /// Ends a value after the byte that `at` has come to.
    fn end_entry(&mut self, entry: usize) {
        let end = NonZeroUsize::new(self.at);
        if let Some(entry) = self.entries.get_mut(entry) {
            entry.end = end;
        }
        self.finished.push(entry);
        self.state = if self.open.is_empty() {
            State::Done
        } else {
            State::After
        };
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.at += 1;
        match self.open.pop() {
            Some(entry) => {
                self.end_entry(entry);
                Ok(())
            }
            None => Err(self.fault_here(FaultKind::Trailing)),
        }
    }

    /// Goes on in a string: a run of plain text, an escape, or its end.
    fn in_string(&mut self, open: usize, is_key: bool) -> Result<Step, Fault> {
        let start = self.at;
        self.at = end_of_plain(self.text.as_bytes(), start);
        if let Some(Characters::Resolved(place)) = self.characters(is_key).copied()
            && let Some(resolved) = self.resolved.get_mut(place)
        {
            resolved.push_str(self.text.get(start..self.at).unwrap_or_default());
        }
        match self.byte() {
            None => Ok(Step::Wait),
            Some(b'"') => {
                self.at += 1;
                self.end_string(open, is_key);
                Ok(Step::On)
            }
            Some(b'\\') => self.in_escape(open, is_key),
            Some(byte) => Err(self.fault_here(FaultKind::ControlCharacter { byte })),
        }
    }

    /// Reads the escape that comes next, if it is there as a whole.
    fn in_escape(&mut self, open: usize, is_key: bool) -> Result<Step, Fault> {
        let (character, length) = match escape(self.text.get(self.at..).unwrap_or_default()) {
            Ok(read) => read,
            Err(fault) if fault.kind.is_truncated() => return Ok(Step::Wait),
            Err(fault) => return Err(fault.moved_by(self.at)),
        };
        let next = self.resolved.len();
        let place = match self.characters(is_key) {
            Some(Characters::Resolved(place)) => *place,
            Some(plain) => {
                *plain = Characters::Resolved(next);
                let before = self.text.get(open + 1..self.at).unwrap_or_default();
                self.resolved.push(before.to_owned());
                next
            }
            None => return Ok(Step::Wait),
        };
        if let Some(resolved) = self.resolved.get_mut(place) {
            resolved.push(character);
        }
        self.at += length;
        Ok(Step::On)
    }

    /// The characters of the string that is open.
    fn characters(&mut self, is_key: bool) -> Option<&mut Characters> {
        if is_key {
            return Some(&mut self.key.characters);
        }
        match &mut self.entries.last_mut()?.kind {
            EntryKind::String(characters) => Some(characters),
            _ => None,
        }
    }

    fn end_string(&mut self, open: usize, is_key: bool) {
        if is_key {
            self.key.span = Span::new(open, self.at);
            self.state = State::Colon;
        } else {
            self.end_entry(self.entries.len().saturating_sub(1));
        }
    }

    /// Goes on in a number or literal, up to what cannot belong to it.
    fn in_word(&mut self, start: usize) -> Result<Step, Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        if let Some(length) = rest.iter().position(|byte| !is_part(byte)) {
            self.at += length;
            self.end_word(start)?;
            return Ok(Step::On);
        }
        self.at = self.text.len();
        let word = self.text.get(start..).unwrap_or_default();
        let literals = ["true", "false", "null"];
        let is_literal = literals.iter().any(|literal| literal.starts_with(word));
        if word.starts_with(|first: char| first.is_ascii_alphabetic()) && !is_literal {
            return Err(self.wrong_word(start));
        }
        Ok(Step::Wait)
    }

    fn end_word(&mut self, start: usize) -> Result<(), Fault> {
        let word = self.text.get(start..self.at).unwrap_or_default();
        let kind = match word {
            "true" => EntryKind::Bool(true),
            "false" => EntryKind::Bool(false),
            "null" => EntryKind::Null,
            _ if is_number(word) => EntryKind::Number,
            _ => return Err(self.wrong_word(start)),
        };
        let entry = self.add(kind, start)?;
        self.end_entry(entry);
        Ok(())
    }

    /// What the strict reader says of such a word.
    fn wrong_word(&self, start: usize) -> Fault {
        let read = crate::parse::parse_prefix(&self.text, start, &self.limits);
        read.map_or_else(
            |fault| fault,
            |(node, _)| Fault::trailing(&self.text, node.span.end),
        )
    }

    fn go(&mut self, state: State) {
        self.at += 1;
        self.state = state;
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn is_in_object(&self) -> bool {
        let innermost = self.open.last().and_then(|entry| self.entries.get(*entry));
        innermost.is_some_and(|entry| matches!(entry.kind, EntryKind::Object(_)))
    }

    fn unexpected(&self, place: Place) -> Fault {
        self.fault_here(FaultKind::Unexpected { place })
    }

    fn fault_here(&self, kind: FaultKind) -> Fault {
        Fault::at(&self.text, self.at, kind)
    }
}

const fn is_value_start(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9')
}
