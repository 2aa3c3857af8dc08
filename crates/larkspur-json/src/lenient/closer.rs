//! Closing brackets: the right one, one of the wrong kind, one too many, one too few.

use super::{
    RepairKind,
    frame::Shape,
    parser::{Next, Parser},
};
use crate::parse::Fault;

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
