//! Other readings of a text in which quotes were taken for the content of a string.
//!
//! Reading decides at every quote as it comes to it. Where it keeps an unescaped quote inside a string, or ends a string that
//! has no closing quote, the same text might also be several strings. All those other readings are followed at once, as the
//! fewest repairs that each state of a small automaton can be reached with: every quote may open, close or be content, commas,
//! colons and quotes may be missing, words may stand for themselves. Brackets are not matched, so that a reading that is told
//! to be possible may not be one, and never the other way round.
//!
//! *A reading stands only while each other one needs more repairs.* One that needs as few makes the text ambiguous. All quotes
//! of one string count as two at most: whoever forgets to escape one forgets the others, too.

mod costs;

use self::costs::{Costs, Mark, NEVER, STRINGS, State};
use super::{parser::Parser, quote::Quote, string::Context, word::is_known};
use crate::{
    Span,
    parse::{Fault, FaultKind},
};

/// The readings that are not the one that is followed, since the first string that made them possible.
pub(super) struct Rivals {
    costs: Costs,
    /// What has been looked at.
    at: usize,
    /// Quotes other than `"` that may stand around strings.
    quote: Quote,
    /// The string that is doubtful.
    string: Span,
}

/// The string that is followed, while others are thought of.
pub(super) struct Followed {
    pub(super) quote: Quote,
    pub(super) context: Context,
    pub(super) span: Span,
    /// Where reading goes on behind it.
    pub(super) end: usize,
    /// Where it would go on itself, had it not been ended without a closing quote.
    pub(super) goes_on: Option<usize>,
    /// The repairs before it.
    pub(super) cost: usize,
}

/// What unescaped quotes count, however many there are in one string.
const MOST_OF_QUOTES: usize = 2;

/// How far behind the value another reading is followed that does not end there, in bytes.
const MOST_BEHIND: usize = 4_096;

impl Rivals {
    pub(super) const fn new(string: &Followed) -> Self {
        Self {
            costs: Costs::NONE,
            at: string.span.start,
            quote: string.quote,
            string: string.span,
        }
    }

    pub(super) const fn string(&self) -> Span {
        self.string
    }

    /// Reads on, outside the strings of the reading that is followed.
    pub(super) fn read_to(&mut self, text: &str, to: usize) {
        while let Some((mark, end)) = self.next(text, to) {
            self.step(self.costs.after(&mark, false), end);
        }
        self.at = self.at.max(to);
    }

    /// Reads through a string with quotes in it: at each of them, and wherever a closing quote may be missing, another reading
    /// begins.
    pub(super) fn read_string(&mut self, text: &str, string: &Followed) {
        let (.., after) = string.context.states();
        let mut cost = string.cost + usize::from(string.context == Context::Root);
        let mut quotes = 0;
        self.read_to(text, string.span.start);
        if string.quote != Quote::Double {
            self.quote = string.quote;
        }
        while let Some((mark, end)) = self.next(text, string.span.end) {
            let mut new = self.costs.after(&mark, true);
            new.end_unclosed(cost, after, &mark);
            let closes = text
                .get(self.at..end)
                .and_then(|mark| mark.chars().next_back());
            if matches!(mark, Mark::Quote { .. })
                && closes.is_some_and(|closes| string.quote.is_closed_by(closes))
            {
                new.reach(after, cost);
                // A bracket before it may be missing, or be one too many: then it is another kind of string.
                for (.., after) in STRINGS {
                    new.reach(after, cost + 1);
                }
                cost += usize::from(quotes < MOST_OF_QUOTES);
                quotes += 1;
            }
            self.step(new, end);
        }
        self.at = string.span.end;
    }

    fn step(&mut self, costs: Costs, at: usize) {
        self.costs = costs;
        self.at = at;
        if self.quote == Quote::Double {
            for (_, _, other, _) in STRINGS {
                self.costs.set(other, NEVER);
            }
        }
    }

    /// The string goes on at `at`, before which the reading that is followed has ended it without a quote.
    pub(super) fn go_on(&mut self, text: &str, string: &Followed, at: usize) {
        self.read_to(text, at);
        let (inside, other, _) = string.context.states();
        let own = if string.quote == Quote::Double {
            inside
        } else {
            other
        };
        self.costs.reach(own, string.cost);
    }

    /// Lets go of what needs more repairs than this; whether anything is left.
    pub(super) fn keep(&mut self, cost: usize) -> bool {
        self.costs.forget_above(cost);
        self.costs.least() < NEVER
    }

    /// Whether one of them can end here, where the value does, or go on to an end of its own, with no more repairs than this.
    pub(super) fn can_end(&mut self, text: &str, cost: usize, truncated: bool) -> bool {
        let whole = |costs: &Costs| {
            let states = [State::AfterMember, State::AfterElement];
            let ends = states.map(|state| costs.get(state) + usize::from(truncated));
            ends.into_iter().any(|whole| whole <= cost)
        };
        if whole(&self.costs) {
            return true;
        }
        let bound = text.len().min(self.at + MOST_BEHIND);
        let is_boundary = |place: &usize| text.is_char_boundary(*place);
        self.read_to(
            text,
            (bound..=text.len()).find(is_boundary).unwrap_or(bound),
        );
        whole(&self.costs) || self.costs.least() < cost
    }

    /// The next mark before `to`, and where it ends.
    fn next(&mut self, text: &str, to: usize) -> Option<(Mark, usize)> {
        let rest = text.get(self.at..to)?;
        let is_blank = |character: char| character.is_whitespace() && character != '\n';
        let rest = rest.trim_start_matches(is_blank);
        let start = to - rest.len();
        let first = rest.chars().next()?;
        let end = start + first.len_utf8();
        let mark = match first {
            ',' => Mark::Comma,
            ':' => Mark::Colon,
            '=' => Mark::Equals,
            '{' => Mark::Open(State::Key),
            '[' => Mark::Open(State::Element),
            '(' => Mark::Round,
            '}' => Mark::Close { of_object: true },
            ']' | ')' => Mark::Close { of_object: false },
            '\n' => Mark::LineBreak,
            '\\' => {
                let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
                return Some((Mark::Escape, end + escaped));
            }
            '+' if text
                .get(end..)
                .is_some_and(|rest| rest.trim_start().starts_with('"')) =>
            {
                Mark::Plus
            }
            _ if self.is_quote(first) => Mark::Quote {
                double: first == '"',
                own: self.is_own(first),
            },
            _ => {
                let ends = |character: char| {
                    character.is_whitespace()
                        || ",:={}[]()\\+".contains(character)
                        || self.is_quote(character)
                };
                let length = rest.get(first.len_utf8()..)?.find(ends);
                let word = match length {
                    Some(length) => rest.get(..first.len_utf8() + length)?,
                    None => rest,
                };
                let known = is_known(word);
                return Some((Mark::Word { known }, start + word.len()));
            }
        };
        Some((mark, end))
    }

    fn is_quote(&self, character: char) -> bool {
        character == '"' || self.is_own(character)
    }

    fn is_own(&self, character: char) -> bool {
        let mut text = [0; 4];
        self.quote != Quote::Double
            && (self.quote.is_closed_by(character)
                || Quote::opening(character.encode_utf8(&mut text)) == Some(self.quote))
    }
}

impl Parser<'_, '_> {
    /// Other readings begin in this string, which has quotes inside or no closing quote.
    pub(super) fn think_of_rivals(&mut self, string: &Followed, quotes: usize) {
        let text = self.text;
        self.cost += quotes.min(MOST_OF_QUOTES);
        if quotes > 0 {
            let rivals = self.rivals.get_or_insert_with(|| Rivals::new(string));
            rivals.read_string(text, string);
            rivals.read_to(text, string.end);
        } else if let Some(at) = string.goes_on {
            let rivals = self.rivals.get_or_insert_with(|| Rivals::new(string));
            rivals.go_on(text, string, at);
        }
        let cost = self.cost;
        self.rivals.take_if(|rivals| !rivals.keep(cost));
    }

    /// Lets go of readings that need more repairs by now.
    pub(super) fn weigh_rivals(&mut self, at: usize) {
        let (text, cost) = (self.text, self.cost);
        self.rivals.take_if(|rivals| {
            rivals.read_to(text, at);
            !rivals.keep(cost)
        });
    }

    /// The value has ended: an error where the text has another reading.
    pub(super) fn refuse_rivals(&mut self) -> Result<(), Fault> {
        self.weigh_rivals(self.at);
        let (text, cost, truncated) = (self.text, self.cost, self.truncated);
        let possible = |rivals: &mut Rivals| rivals.can_end(text, cost, truncated);
        match self.rivals.take_if(possible) {
            Some(rivals) => Err(Fault {
                span: rivals.string(),
                kind: FaultKind::Ambiguous {
                    what: "one string with quotes inside, or several strings",
                },
            }),
            None => Ok(()),
        }
    }
}
