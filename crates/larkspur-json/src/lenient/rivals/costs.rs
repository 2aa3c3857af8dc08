//! The fewest repairs with which a text can be read up to a place, whatever its reading.

use super::super::string::Context;

/// What comes next, outside strings, or what the string is that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Key,
    Colon,
    Value,
    AfterMember,
    Element,
    AfterElement,
    InKey,
    InValue,
    InElement,
    /// The same between quotes of another kind.
    InOtherKey,
    InOtherValue,
    InOtherElement,
}

const STATES: usize = 12;

/// A state that no reading is in.
pub(super) const NEVER: usize = usize::MAX / 2;

/// For each of three kinds of string: where it is expected, inside it, inside it between other quotes, and after it.
pub(super) const STRINGS: [(State, State, State, State); 3] = [
    (State::Key, State::InKey, State::InOtherKey, State::Colon),
    (
        State::Value,
        State::InValue,
        State::InOtherValue,
        State::AfterMember,
    ),
    (
        State::Element,
        State::InElement,
        State::InOtherElement,
        State::AfterElement,
    ),
];

/// A part of the text that means something in one of the readings.
pub(super) enum Mark {
    Word { known: bool },
    Comma,
    Colon,
    Equals,
    Plus,
    Open(State),
    Round,
    Close { of_object: bool },
    Quote { double: bool, own: bool },
    Escape,
    LineBreak,
}

/// The fewest repairs with which each state can be reached.
#[derive(Clone, Copy)]
pub(super) struct Costs([usize; STATES]);

impl Costs {
    pub(super) const NONE: Self = Self([NEVER; STATES]);

    pub(super) fn get(&self, state: State) -> usize {
        self.0.get(state as usize).copied().unwrap_or(NEVER)
    }

    pub(super) fn reach(&mut self, state: State, cost: usize) {
        if let Some(known) = self.0.get_mut(state as usize) {
            *known = cost.min(*known);
        }
    }

    pub(super) fn set(&mut self, state: State, cost: usize) {
        if let Some(known) = self.0.get_mut(state as usize) {
            *known = cost;
        }
    }

    /// Forgets what needs more repairs than this.
    pub(super) fn forget_above(&mut self, cost: usize) {
        for known in &mut self.0 {
            if *known > cost {
                *known = NEVER;
            }
        }
    }

    /// Both containers that may be around what a closing bracket has closed.
    fn close(&mut self, cost: usize) {
        self.reach(State::AfterMember, cost);
        self.reach(State::AfterElement, cost);
    }

    pub(super) fn least(&self) -> usize {
        self.0.iter().copied().min().unwrap_or(NEVER)
    }

    /// Commas and colons that are missing.
    fn with_missing_marks(mut self) -> Self {
        self.reach(State::Value, self.get(State::Colon) + 1);
        self.reach(State::Key, self.get(State::AfterMember) + 1);
        self.reach(State::Element, self.get(State::AfterElement) + 1);
        self
    }

    /// After the next mark; `inside` says that the reading that is followed here is in a string of several lines.
    pub(super) fn after(&self, mark: &Mark, inside: bool) -> Self {
        use State::{AfterElement, AfterMember, Colon, Element, Key, Value};
        let before = self.with_missing_marks();
        let mut new = Self::NONE;
        for (_, own, other, _) in STRINGS {
            let line_break = usize::from(matches!(mark, Mark::LineBreak) && !inside);
            for state in [own, other] {
                new.reach(state, before.get(state) + line_break);
            }
        }
        match mark {
            Mark::Word { known } => before.word(*known, &mut new),
            Mark::Comma => {
                new.reach(Key, before.get(AfterMember).min(self.get(Key) + 1));
                new.reach(Element, before.get(AfterElement).min(self.get(Element) + 1));
            }
            Mark::Colon | Mark::Equals => {
                let other = usize::from(matches!(mark, Mark::Equals));
                let key = before.get(Colon);
                let repaired = before.get(AfterElement).min(self.get(Value)) + 1;
                new.reach(Value, key.min(repaired) + other);
            }
            Mark::Plus => {
                new.reach(Value, before.get(AfterMember));
                new.reach(Element, before.get(AfterElement));
            }
            Mark::Open(first) => new.reach(*first, before.get(Value).min(before.get(Element))),
            Mark::Round => new.reach(Element, before.get(Value).min(before.get(Element)) + 1),
            Mark::Close { of_object } => {
                let member = self.get(AfterMember).min(self.get(Key));
                let element = self.get(AfterElement).min(self.get(Element));
                new.close(member + usize::from(!of_object));
                new.close(element + usize::from(*of_object));
            }
            Mark::Quote { double, own } => before.quote(*double, *own, &mut new),
            Mark::Escape => before.begin_unopened(&mut new),
            Mark::LineBreak => {
                for state in [Key, Colon, Value, AfterMember, Element, AfterElement] {
                    new.reach(state, self.get(state));
                }
            }
        }
        for (_, own, other, after) in STRINGS {
            new.end_unclosed(before.get(own).min(before.get(other)), after, mark);
        }
        new
    }

    /// A string in which the mark comes, and which has ended before it without a quote.
    pub(super) fn end_unclosed(&mut self, inside: usize, after: State, mark: &Mark) {
        let cost = inside + 1;
        match (mark, after) {
            (Mark::Comma, State::AfterMember) => self.reach(State::Key, cost),
            (Mark::Comma | Mark::Plus, State::AfterElement) => self.reach(State::Element, cost),
            (Mark::Plus, State::AfterMember) | (Mark::Colon, State::Colon) => {
                self.reach(State::Value, cost);
            }
            (Mark::Close { of_object: true }, State::AfterMember)
            | (Mark::Close { of_object: false }, State::AfterElement) => self.close(cost),
            _ => {}
        }
    }

    /// A word is a value or a key, or the first of a string whose opening quote is missing.
    fn word(&self, known: bool, new: &mut Self) {
        let bare = usize::from(!known);
        new.reach(State::Colon, self.get(State::Key) + 1);
        new.reach(State::AfterMember, self.get(State::Value) + bare);
        new.reach(State::AfterElement, self.get(State::Element) + bare);
        self.begin_unopened(new);
    }

    /// A string whose opening quote is missing begins here.
    fn begin_unopened(&self, new: &mut Self) {
        for (expected, own, other, _) in STRINGS {
            new.reach(own, self.get(expected) + 1);
            new.reach(other, self.get(expected) + 1);
        }
    }

    fn quote(&self, double: bool, own: bool, new: &mut Self) {
        for (expected, inside, inside_other, after) in STRINGS {
            for (state, closes) in [(inside, double), (inside_other, own)] {
                if closes {
                    new.reach(after, self.get(state));
                    new.set(state, self.get(state) + 1);
                }
            }
            if double {
                new.reach(inside, self.get(expected));
            } else {
                new.reach(inside_other, self.get(expected));
            }
        }
    }
}

impl Context {
    /// Inside a string here, inside it between other quotes, and after it.
    pub(super) const fn states(self) -> (State, State, State) {
        let [key, value, element] = STRINGS;
        let (_, inside, other, after) = match self {
            Self::Key => key,
            Self::Member => value,
            Self::Element | Self::Root => element,
        };
        (inside, other, after)
    }
}
