//! The tolerant reader: a loop over states, with the open brackets on a stack of its own.

use super::{
    Lenient, Repair, RepairKind, Repaired,
    frame::{Frame, Shape},
    rivals::Rivals,
};
use crate::{
    Node, Span,
    parse::{Fault, FaultKind, Place},
};

/// What comes next.
pub(super) enum Next<'t> {
    /// A value.
    Value,
    /// An element or member, or the end of what is open.
    Item,
    /// A comma, or the end of what is open.
    After,
    /// A value has ended.
    Ended(Node<'t>),
    /// The whole value has ended.
    Whole(Node<'t>),
}

pub(super) struct Parser<'a, 't> {
    pub(super) lenient: &'a Lenient<'t>,
    /// Ends where reading may end.
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    start: usize,
    pub(super) frames: Vec<Frame<'t>>,
    pub(super) repairs: Vec<Repair>,
    /// How many repairs another reading would also have to make, were it to be made.
    pub(super) cost: usize,
    /// What else the text may be, since a string that leaves it open.
    pub(super) rivals: Option<Rivals>,
    pub(super) truncated: bool,
    /// Whether the text ends with a quote and closing brackets: then prose after the value is unlikely.
    pub(super) ends_quoted: bool,
}

impl<'a, 't> Parser<'a, 't> {
    pub(super) fn new(lenient: &'a Lenient<'t>, text: &'t str, start: usize) -> Self {
        let tail = text.trim_end_matches(|character: char| {
            character.is_whitespace() || matches!(character, '}' | ']' | ')' | ',')
        });
        Self {
            lenient,
            text,
            bytes: text.as_bytes(),
            at: start,
            start,
            frames: Vec::new(),
            repairs: Vec::new(),
            cost: 0,
            rivals: None,
            truncated: false,
            ends_quoted: tail.len() < text.len() && tail.ends_with(['"', '\'']),
        }
    }

    /// How far reading has come.
    pub(super) fn reached(&self) -> usize {
        self.at
    }

    pub(super) fn read(&mut self) -> Result<Repaired<'t>, Fault> {
        let mut next = Next::Value;
        loop {
            next = match next {
                Next::Value => self.value()?,
                Next::Item => self.item()?,
                Next::After => self.after()?,
                Next::Ended(node) => match self.frames.last_mut() {
                    Some(frame) => {
                        frame.take(node);
                        Next::After
                    }
                    None => Next::Whole(node),
                },
                Next::Whole(node) => {
                    self.refuse_rivals()?;
                    self.refuse_brackets()?;
                    let mut repairs = std::mem::take(&mut self.repairs);
                    repairs.sort_by_key(|repair| repair.span.start);
                    return Ok(Repaired {
                        node,
                        repairs,
                        truncated: self.truncated,
                        span: Span::new(self.start, self.at),
                    });
                }
            }
        }
    }

    /// Opens a bracket, which comes next.
    pub(super) fn open(&mut self, shape: Shape, start: usize) -> Result<Next<'t>, Fault> {
        if self.frames.len() >= self.lenient.limits.depth {
            let limit = self.lenient.limits.depth;
            return Err(self.fault(FaultKind::TooDeep { limit }));
        }
        self.at += 1;
        self.frames.push(Frame::new(shape, start));
        Ok(Next::Item)
    }

    /// Counts a value.
    pub(super) fn count_value(&self) -> Result<(), Fault> {
        let left = &self.lenient.values_left;
        let Some(fewer) = left.get().checked_sub(1) else {
            let limit = self.lenient.limits.values;
            return Err(self.fault(FaultKind::TooManyValues { limit }));
        };
        left.set(fewer);
        Ok(())
    }

    /// Ends the innermost of what is open where the text stands.
    pub(super) fn pop(&mut self) -> Result<Next<'t>, Fault> {
        let Some(frame) = self.frames.pop() else {
            return Err(self.fault(FaultKind::Trailing));
        };
        if let Some(comma) = frame.comma
            && frame.shape != Shape::Tuple
        {
            self.note(RepairKind::TrailingComma, comma, comma + 1);
        }
        let (open, is_call) = (frame.open, frame.shape == Shape::Call);
        match frame.shape {
            Shape::Tuple => self.note(RepairKind::Tuple, open, self.at),
            Shape::Call => self.note(RepairKind::Call, open, self.at),
            Shape::Array | Shape::Object => {}
        }
        match frame.finish(self.at) {
            Some(mut node) => {
                if is_call {
                    node.span = Span::new(open, self.at);
                }
                Ok(Next::Ended(node))
            }
            None => Err(Fault {
                span: Span::new(open, self.at),
                kind: FaultKind::Call,
            }),
        }
    }

    /// The text has ended, or the code block has: closes all that is open.
    pub(super) fn cut(&mut self) -> Result<Next<'t>, Fault> {
        if self.frames.is_empty() {
            return Err(self.fault(FaultKind::Truncated { place: Place::Text }));
        }
        let at_end = self.at >= self.bytes.len();
        self.truncated |= at_end;
        let kind = if at_end {
            RepairKind::Truncated
        } else {
            RepairKind::MissingCloser
        };
        self.note(kind, self.at, self.at);
        loop {
            if let Some(key) = self.frames.last_mut().and_then(|frame| frame.key.take()) {
                self.note(RepairKind::Unfinished, key.span.start, key.span.end);
            }
            let Next::Ended(node) = self.pop()? else {
                return Err(self.fault(FaultKind::Trailing));
            };
            match self.frames.last_mut() {
                Some(frame) => frame.take(node),
                None => return Ok(Next::Whole(node)),
            }
        }
    }

    /// Skips blanks and comments, and notes what is not JSON.
    pub(super) fn blanks(&mut self) {
        let inside = !self.frames.is_empty();
        self.at = self
            .lenient
            .blanks(self.text, self.at, inside, &mut self.repairs);
    }

    /// Whether the text ends here, or the code block does.
    pub(super) fn is_end(&self, at: usize) -> bool {
        at >= self.bytes.len() || self.starts_with(at, "```")
    }

    pub(super) fn starts_with(&self, at: usize, what: &str) -> bool {
        self.rest(at).starts_with(what)
    }

    pub(super) fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(super) fn note(&mut self, kind: RepairKind, start: usize, end: usize) {
        self.cost += usize::from(kind.is_of_structure());
        self.repairs.push(Repair::new(kind, start, end));
    }

    /// A fault at the character that comes next, or at the end.
    pub(super) fn fault(&self, kind: FaultKind) -> Fault {
        Fault::at(self.text, self.at, kind)
    }

    pub(super) fn unexpected(&self, place: Place) -> Fault {
        self.fault(if self.at < self.bytes.len() {
            FaultKind::Unexpected { place }
        } else {
            FaultKind::Truncated { place }
        })
    }
}
