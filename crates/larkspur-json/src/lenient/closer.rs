//! Closing brackets: the right one, one of the wrong kind, one too many, one too few.

use super::{
    Repair, RepairKind,
    frame::{Frame, Shape},
    parser::{Next, Parser},
};
use crate::{
    Kind, Node,
    parse::{Fault, FaultKind},
};

impl<'t> Parser<'_, 't> {
    /// A closing bracket comes next.
    pub(super) fn close(&mut self, byte: u8) -> Result<Next<'t>, Fault> {
        let at = self.at;
        if self.shape().map(Shape::closer) == Some(byte) {
            self.at += 1;
            if !self.goes_on_behind(at) {
                return self.pop();
            }
            self.refuse_late_members(at)?;
            self.note(RepairKind::ExtraCloser, at, at + 1);
            return Ok(Next::After);
        }
        let outer = self
            .frames
            .iter()
            .rposition(|frame| frame.shape.closer() == byte);
        match outer {
            // It closes something further out, unless that would end the value in the middle of the text.
            Some(place) if place > 0 || !self.goes_on(at + 1) => {
                self.note(RepairKind::MissingCloser, at, at);
                self.refuse_early_end()?;
                self.pop()
            }
            None if self.goes_on(at + 1) || self.closes_rightly(at + 1) => {
                self.refuse_late_end(at, byte)?;
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

    /// Whether the bracket here closes the whole value, an object, and members follow that can be of no other.
    fn goes_on_behind(&self, at: usize) -> bool {
        self.frames.len() == 1 && self.shape() == Some(Shape::Object) && self.members_follow(at + 1)
    }

    /// Whether a comma and a member follow.
    pub(super) fn members_follow(&self, at: usize) -> bool {
        let comma = self.skip(at);
        let next = self.skip(comma + 1);
        self.byte(comma) == Some(b',')
            && (self.is_clear_member(next) || self.is_member_without_colon(next))
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
        let has_more = self.truncated || matches!(next, Some(b'}' | b']' | b')'));
        // A comma where nothing came before it may follow what its own bracket has closed.
        if let Some(comma) =
            find(RepairKind::ExtraComma).filter(|_| self.truncated || closed.is_some())
        {
            return Err(Self::two_brackets(comma));
        }
        // What a comment hides behind the bracket may be the rest of a string.
        if let Some(repair) = closed.filter(|repair| self.is_hidden_behind(repair)) {
            return Err(Self::two_brackets(repair));
        }
        // Words in brackets are a text only where every other bracket has its like.
        let is_text = |repair: &&Repair| {
            let text = self.slice(repair.span.start, repair.span.end);
            repair.kind == RepairKind::BareString && text.contains(['(', '[', '{'])
        };
        let is_doubtful = has_more || closed.is_some() || find(RepairKind::ExtraCloser).is_some();
        if is_doubtful && let Some(text) = self.repairs.iter().find(is_text) {
            return Err(Self::two_brackets(text));
        }
        match (closed, find(RepairKind::ExtraCloser)) {
            (Some(repair), _) if has_more => Err(Self::two_brackets(repair)),
            (Some(repair), Some(_)) | (None, Some(repair)) if has_more || closed.is_some() => {
                Err(Self::two_brackets(repair))
            }
            _ => Ok(()),
        }
    }

    /// Whether a comment behind the repair, or behind the value, holds a quote.
    fn is_hidden_behind(&self, repair: &Repair) -> bool {
        let is_behind = |comment: &&Repair| {
            comment.kind == RepairKind::Comment && comment.span.start >= repair.span.start
        };
        let mut comments = self.repairs.iter().filter(is_behind);
        comments.any(|comment| {
            self.slice(comment.span.start, comment.span.end)
                .contains('"')
        }) || self.slice(self.at, self.skip(self.at)).contains('"')
    }

    /// What is innermost lacks its bracket. An error where that may be missing further in: `[1,[2,3]` in an object is `[1,[2,3]]`
    /// or `[1,[2],3]`.
    fn refuse_early_end(&self) -> Result<(), Fault> {
        let frame = self.frames.last();
        let closer = frame.map(|frame| frame.shape.closer());
        let mut inner = frame
            .and_then(Frame::last)
            .filter(|node| closer_of(node) == closer);
        while let Some(node) = inner {
            if count(node) > 1 {
                return Err(self.last_repair());
            }
            inner = last_of(node).filter(|node| closer_of(node) == closer);
        }
        Ok(())
    }

    /// A bracket is one too many here. An error where another one like it may be, further in: of `{"a":{"b":1},"c":2}}` the first.
    fn refuse_late_end(&mut self, at: usize, byte: u8) -> Result<(), Fault> {
        let is_next =
            |repair: &Repair| repair.kind == RepairKind::ExtraCloser && repair.span.end == at;
        if self.repairs.last().is_some_and(is_next) {
            return Ok(());
        }
        let last = self.frames.last().and_then(Frame::last);
        self.refuse_if(may_end_earlier(last, byte), at)
    }

    /// The same of the bracket of the whole value, behind which its members go on.
    fn refuse_late_members(&mut self, at: usize) -> Result<(), Fault> {
        let frame = self.frames.last();
        let members = frame.map_or(&[][..], |frame| &frame.members);
        let others = members.iter().rev().skip(1);
        let is_doubtful = others
            .map(|member| &member.value)
            .any(|value| closer_of(value) == Some(b'}'))
            || may_end_earlier(frame.and_then(Frame::last), b'}');
        self.refuse_if(is_doubtful, at)
    }

    /// An error where the bracket here need not be the one that is too many.
    fn refuse_if(&mut self, is_doubtful: bool, at: usize) -> Result<(), Fault> {
        if is_doubtful {
            self.note(RepairKind::ExtraCloser, at, at + 1);
            return Err(self.last_repair());
        }
        Ok(())
    }

    fn last_repair(&self) -> Fault {
        match self.repairs.last() {
            Some(repair) => Self::two_brackets(repair),
            None => self.fault(FaultKind::Trailing),
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

/// Whether a bracket inside a value may be one too many in place of one behind it, and the value would be another.
fn may_end_earlier(last: Option<&Node<'_>>, byte: u8) -> bool {
    let mut inner = last;
    while let Some(node) = inner.filter(|node| closer_of(node) == Some(byte)) {
        let others = count(node).saturating_sub(1);
        let is_closed_so = |child: &Node<'_>| closer_of(child) == Some(byte);
        if children(node).take(others).any(is_closed_so) {
            return true;
        }
        inner = last_of(node);
    }
    false
}

/// The bracket that closes an array or object.
const fn closer_of(node: &Node<'_>) -> Option<u8> {
    match node.kind {
        Kind::Array(_) => Some(b']'),
        Kind::Object(_) => Some(b'}'),
        _ => None,
    }
}

fn children<'n, 't>(node: &'n Node<'t>) -> impl Iterator<Item = &'n Node<'t>> {
    let (elements, object) = match &node.kind {
        Kind::Array(elements) => (Some(elements.iter()), None),
        Kind::Object(object) => (None, Some(object.iter().map(|member| &member.value))),
        _ => (None, None),
    };
    elements
        .into_iter()
        .flatten()
        .chain(object.into_iter().flatten())
}

fn count(node: &Node<'_>) -> usize {
    match &node.kind {
        Kind::Array(elements) => elements.len(),
        Kind::Object(object) => object.len(),
        _ => 0,
    }
}

fn last_of<'n, 't>(node: &'n Node<'t>) -> Option<&'n Node<'t>> {
    match &node.kind {
        Kind::Array(elements) => elements.last(),
        _ => children(node).last(),
    }
}
