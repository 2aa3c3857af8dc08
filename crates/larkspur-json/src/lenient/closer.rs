//! Closing brackets: the right one, one of the wrong kind, one too many, one too few.

use super::{
    Repair, RepairKind,
    frame::Shape,
    parser::{Next, Parser},
};
use crate::parse::{Fault, FaultKind};

impl<'t> Parser<'_, 't> {
    /// A closing bracket comes next.
    pub(super) fn close(&mut self, byte: u8) -> Result<Next<'t>, Fault> {
        let at = self.at;
        if self.shape().map(Shape::closer) == Some(byte) {
            self.at += 1;
            return self.pop();
        }
        let outer = self
            .frames
            .iter()
            .rposition(|frame| frame.shape.closer() == byte);
        match outer {
            // It closes something further out, unless that would end the value in the middle of the text.
            Some(place) if place > 0 || !self.goes_on(at + 1) => {
                self.note(RepairKind::MissingCloser, at, at);
                self.pop()
            }
            None if self.goes_on(at + 1) || self.closes_rightly(at + 1) => {
                self.note(RepairKind::ExtraCloser, at, at + 1);
                self.at += 1;
                Ok(Next::After)
            }
            _ => {
                self.note(RepairKind::WrongCloser, at, at + 1);
                self.at += 1;
                self.pop()
            }
        }
    }

    /// The value has ended: an error where brackets inside it were repaired in one way, and there are too many in all.
    ///
    /// A bracket that does not match may be of the wrong kind, one too many, or stand where another is missing. Each leaves
    /// another number of brackets for the rest of the text, so that what is left tells whether the choice was right.
    pub(super) fn refuse_brackets(&self) -> Result<(), Fault> {
        let is = |kind: RepairKind| move |repair: &&Repair| repair.kind == kind;
        let find = |kind: RepairKind| self.repairs.iter().find(is(kind));
        let closed = find(RepairKind::WrongCloser).or_else(|| find(RepairKind::MissingCloser));
        let next = self.byte(self.skip(self.at));
        let has_more = matches!(next, Some(b'}' | b']' | b')'));
        match (closed, find(RepairKind::ExtraCloser)) {
            (Some(repair), _) if has_more => Err(Self::two_brackets(repair)),
            (Some(repair), Some(_)) | (None, Some(repair)) if has_more || closed.is_some() => {
                Err(Self::two_brackets(repair))
            }
            _ => Ok(()),
        }
    }

    fn two_brackets(repair: &Repair) -> Fault {
        Fault {
            span: repair.span,
            kind: FaultKind::Ambiguous {
                what: "which bracket is wrong, missing or too many",
            },
        }
    }

    /// Whether a comma and another item follow.
    fn goes_on(&self, at: usize) -> bool {
        let comma = self.skip(at);
        if self.byte(comma) != Some(b',') {
            return false;
        }
        let next = self.skip(comma + 1);
        self.is_value_start(next) || self.is_member_start(next)
    }

    /// Whether the bracket follows that closes what is innermost.
    fn closes_rightly(&self, at: usize) -> bool {
        let next = self.skip(at);
        self.byte(next).is_some() && self.byte(next) == self.shape().map(Shape::closer)
    }
}
