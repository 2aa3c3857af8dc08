//! Values without quotes: numbers of any notation, literals, calls, and text.

use std::borrow::Cow;

use super::{
    RepairKind,
    frame::Shape,
    parser::{Next, Parser},
};
use crate::{
    Kind, Node, Number, Span,
    parse::{Fault, Place, is_number},
};

/// Literals of other languages, with what they are.
const LITERALS: &[(&str, Literal)] = &[
    ("true", Literal::True),
    ("false", Literal::False),
    ("null", Literal::Null),
    ("True", Literal::True),
    ("False", Literal::False),
    ("None", Literal::Null),
    ("TRUE", Literal::True),
    ("FALSE", Literal::False),
    ("NULL", Literal::Null),
    ("undefined", Literal::Null),
];

/// Longest number or literal that may stand before another value without a comma, in bytes.
const LONGEST_TOKEN: usize = 64;

fn is_literal(word: &str) -> bool {
    LITERALS.iter().any(|(literal, _)| *literal == word)
}

/// Whether a word is a number or a literal.
pub(super) fn is_known(word: &str) -> bool {
    number(word).is_some() || is_literal(word)
}

/// Whether a word is made of literals and a number that were written without anything between them.
fn is_glued(word: &str) -> bool {
    const WORDS: [&str; 6] = ["true", "false", "null", "True", "False", "None"];
    let mut rest = word;
    while let Some(after) = WORDS.iter().find_map(|literal| rest.strip_prefix(literal)) {
        rest = after;
    }
    while let Some(before) = WORDS.iter().find_map(|literal| rest.strip_suffix(literal)) {
        rest = before;
    }
    rest.len() < word.len() && (rest.is_empty() || number(rest).is_some())
}

/// Whether a word is two numbers of JSON that were written without anything between them.
fn is_two_numbers(word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    let may_be = word.bytes().all(is_part);
    let splits = |place| {
        let (first, second) = word.split_at(place);
        is_number(first) && is_number(second)
    };
    may_be && (word.len() > LONGEST_TOKEN || (1..word.len()).any(splits))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Literal {
    True,
    False,
    Null,
}

impl Literal {
    const fn kind<'t>(self) -> Kind<'t> {
        match self {
            Self::True => Kind::Bool(true),
            Self::False => Kind::Bool(false),
            Self::Null => Kind::Null,
        }
    }
}

impl<'t> Parser<'_, 't> {
    /// A value that begins with neither a bracket nor a quote.
    pub(super) fn word(&mut self) -> Result<Next<'t>, Fault> {
        let start = self.at;
        let first = self.rest(start).chars().next();
        if !first.is_some_and(|first| {
            first.is_alphanumeric()
                || matches!(first, '-' | '+' | '.' | '_' | '$' | '/' | '<' | '@' | '*')
        }) {
            return Err(self.missing_value());
        }
        let name = self.name_end(start);
        if name > start && self.byte(name) == Some(b'(') {
            self.at = name;
            return self.open(Shape::Call, start);
        }
        let end = match self.scalar_end(start) {
            Some(end) => end,
            None => self.bare_end(start)?,
        };
        let word = self.slice(start, end);
        if let Some((kind, end)) = self.grouped_number(start, end) {
            return Ok(self.ended(kind, start, end, Some(RepairKind::Number)));
        }
        let is_cut = end == self.bytes.len() && word.ends_with(['.', '_']);
        if let Some(kind) = number(word).filter(|_| !is_cut) {
            let repair = (!is_number(word)).then_some(RepairKind::Number);
            return Ok(self.ended(kind, start, end, repair));
        }
        if let Some((_, literal)) = LITERALS.iter().find(|(literal, _)| *literal == word) {
            let is_own = matches!(word, "true" | "false" | "null");
            return Ok(self.ended(
                literal.kind(),
                start,
                end,
                (!is_own).then_some(RepairKind::Literal),
            ));
        }
        if self.rest(end).trim_end().is_empty() {
            return self.unfinished(start, end);
        }
        self.bare_string(start, end)
    }

    /// Outside objects, the end of a number or literal that another value follows, without a comma.
    fn scalar_end(&self, start: usize) -> Option<usize> {
        if self.shape() == Some(Shape::Object) {
            return None;
        }
        let end = self.token_end(start);
        let next = self.skip(end);
        let follows = next > end && (self.is_value_start(next) || self.is_scalar(next));
        (follows && self.is_scalar(start)).then_some(end)
    }

    /// Whether a number or literal stands here, up to a blank or a mark of JSON.
    pub(super) fn is_scalar(&self, at: usize) -> bool {
        let token = self.slice(at, self.token_end(at));
        number(token).is_some() || is_literal(token)
    }

    /// The end of what no blank and nothing of JSON's own divides; a bounded look.
    fn token_end(&self, start: usize) -> usize {
        let divides = |byte: &u8| byte.is_ascii_whitespace() || b",:[]{}()\"'".contains(byte);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().take(LONGEST_TOKEN).position(divides);
        start + length.unwrap_or(rest.len().min(LONGEST_TOKEN))
    }

    fn bare_string(&mut self, start: usize, end: usize) -> Result<Next<'t>, Fault> {
        if self.frames.is_empty() {
            return Err(self.unexpected(Place::Text));
        }
        let word = self.slice(start, end);
        let mut words = word.split_whitespace();
        let begins_with_number = words.next().is_some_and(|first| number(first).is_some());
        if self.shape() != Some(Shape::Object) && begins_with_number && words.next().is_some() {
            self.at = end;
            return Err(self.two_readings(
                start,
                "one text without quotes, or several values without commas",
            ));
        }
        if is_glued(word) || self.shape() != Some(Shape::Object) && is_two_numbers(word) {
            self.at = end;
            return Err(self.two_readings(start, "one word, or several values without commas"));
        }
        let kind = Kind::String(Cow::Borrowed(word));
        Ok(self.ended(kind, start, end, Some(RepairKind::BareString)))
    }

    fn ended(
        &mut self,
        kind: Kind<'t>,
        start: usize,
        end: usize,
        repair: Option<RepairKind>,
    ) -> Next<'t> {
        self.at = end;
        if let Some(repair) = repair {
            self.note(repair, start, end);
        }
        Next::Ended(Node::new(Span::new(start, end), kind))
    }

    /// A word that the end of the text cuts off: a literal where it can only be one, the digits of a number, or text.
    fn unfinished(&mut self, start: usize, end: usize) -> Result<Next<'t>, Fault> {
        let word = self.slice(start, end);
        let mut meant = LITERALS
            .iter()
            .filter(|(literal, _)| literal.starts_with(word));
        let literal = meant.next().map(|(_, literal)| *literal);
        // Alone, it may be the first letters of anything.
        let is_inside = !self.frames.is_empty();
        let is_only = |literal: &Literal| is_inside && meant.all(|(_, other)| other == literal);
        if let Some(literal) = literal.filter(is_only) {
            self.truncated = true;
            return Ok(self.ended(literal.kind(), start, end, Some(RepairKind::Truncated)));
        }
        let digits = word.trim_end_matches(['+', '-', 'e', 'E', '.']);
        if word.starts_with(['-', '+', '.'])
            || word.starts_with(|first: char| first.is_ascii_digit())
        {
            if let Some(kind) = number(digits) {
                self.note(RepairKind::Unfinished, start + digits.len(), end);
                let next = self.ended(kind, start, start + digits.len(), None);
                self.at = end;
                self.truncated = true;
                return Ok(next);
            }
            if digits.is_empty() {
                self.note(RepairKind::Unfinished, start, end);
                self.at = end;
                return self.cut();
            }
        }
        self.bare_string(start, end)
    }

    /// The end of the name here: letters, digits, `_`, `$` and `.`, beginning with a letter.
    fn name_end(&self, start: usize) -> usize {
        let rest = self.rest(start);
        if !rest.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$')) {
            return start;
        }
        let is_part =
            |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '.');
        start
            + rest
                .find(|character: char| !is_part(character))
                .unwrap_or(rest.len())
    }

    /// The end of a value without quotes: before a comma, a closing bracket, a comment, a line break.
    fn bare_end(&self, start: usize) -> Result<usize, Fault> {
        let rest = self.rest(start);
        let mut before = ' ';
        let mut passed = start;
        for (place, character) in rest.char_indices() {
            let at = start + place;
            if at < passed {
                before = character;
                continue;
            }
            if let Some(end) = self.words_in_brackets(start, at) {
                passed = end;
                continue;
            }
            let ends = match character {
                ',' | '}' | ']' | ')' | '\n' | '\r' | ';' => true,
                '#' if before.is_whitespace() || self.is_short_scalar(start, at) => true,
                '/' if self.starts_with(at, "/*")
                    || self.starts_with(at, "//")
                        && (before.is_whitespace() || self.is_short_scalar(start, at)) =>
                {
                    true
                }
                '`' if self.starts_with(at, "```") => true,
                '"' | '\'' | '`' if before.is_whitespace() && self.ends_before(at) => true,
                // An apostrophe within a word.
                '\'' if before.is_alphanumeric()
                    && self.rest(at + 1).starts_with(char::is_alphanumeric) =>
                {
                    false
                }
                ':' => self.rest(at + 1).starts_with(char::is_whitespace),
                '"' | '\'' | '`' | '{' | '[' | '(' => return Err(self.stuck_at(at)),
                _ => false,
            };
            if ends && character == ':' {
                return Err(self.stuck_at(at));
            }
            if ends && place > 0 {
                return Ok(start + rest.get(..place).unwrap_or_default().trim_end().len());
            }
            before = character;
        }
        Ok(start + rest.trim_end().len())
    }

    /// The end of words in brackets that stand in a text without quotes and can be nothing else: `f(x) and [y]` where a member's
    /// value is expected, `f(x)` in an array.
    fn words_in_brackets(&self, start: usize, at: usize) -> Option<usize> {
        let closer = match self.byte(at)? {
            b'(' => ')',
            b'[' => ']',
            b'{' => '}',
            _ => return None,
        };
        let before = self.slice(start, at);
        let follows_word = before.ends_with(|last: char| last.is_alphanumeric());
        let may_be_element = self.shape() != Some(Shape::Object);
        if before.is_empty() || may_be_element && (closer != ')' || !follows_word) {
            return None;
        }
        let is_word = |character: char| character.is_alphanumeric() || " _-.%$".contains(character);
        let inside = self.rest(at + 1).char_indices().take(LONGEST_TOKEN);
        let (length, end) = inside
            .into_iter()
            .find(|(_, character)| !is_word(*character))?;
        (end == closer && length > 0).then_some(at + 1 + length + 1)
    }

    /// Whether a number or literal stands there, so that a mark of a comment is no part of a word.
    fn is_short_scalar(&self, start: usize, end: usize) -> bool {
        end - start <= LONGEST_TOKEN && is_known(self.slice(start, end))
    }

    /// Whether another member or element begins with the quote here.
    fn ends_before(&self, at: usize) -> bool {
        match self.shape() {
            Some(Shape::Object) => self.is_member_start(at),
            Some(_) => self.is_value_start(at),
            None => false,
        }
    }

    fn stuck_at(&self, at: usize) -> Fault {
        let place = match self.shape() {
            Some(Shape::Object) => Place::AfterMember,
            Some(_) => Place::AfterElement,
            None => Place::Text,
        };
        Fault::at(self.text, at, crate::parse::FaultKind::Unexpected { place })
    }

    /// In an object, where no element can follow a comma: a number with its thousands set off by commas.
    fn grouped_number(&self, start: usize, end: usize) -> Option<(Kind<'t>, usize)> {
        if self.shape() != Some(Shape::Object) || self.byte(end) != Some(b',') {
            return None;
        }
        let rest = self.rest(start);
        let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b'-' | b'+');
        let run = rest
            .bytes()
            .take(64)
            .take_while(|byte| is_part(*byte))
            .count();
        let run = rest.get(..run)?.trim_end_matches(',');
        let kind = ungrouped(run)?;
        Some((kind, start + run.len()))
    }
}

/// The number that a text with commas between its thousands says.
pub(super) fn ungrouped<'t>(text: &str) -> Option<Kind<'t>> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = unsigned.split('.').next()?;
    let mut groups = whole.split(',');
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups
        .next()
        .filter(|first| (1..=3).contains(&first.len()) && is_digits(first) && *first != "0")?;
    let mut others = 0;
    for group in groups {
        if group.len() != 3 || !is_digits(group) {
            return None;
        }
        others += 1;
    }
    let is_grouped = others > 0 && first.len() <= 3;
    is_grouped
        .then(|| text.replace(',', ""))
        .and_then(|plain| number(&plain).map(owned))
}

fn owned<'t>(kind: Kind<'_>) -> Kind<'t> {
    Node::from(kind).into_owned().kind
}

/// The number that a text says in one of the notations of JSON, JavaScript and Python.
pub(super) fn number(text: &str) -> Option<Kind<'_>> {
    if is_number(text) {
        return Number::from_text(text).map(Kind::Number);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixed = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    if let Some(hex) = prefixed {
        let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u128::from_str_radix(hex, 16).ok().filter(|_| is_hex)?;
        return Number::from_text(format!("{sign}{value}")).map(Kind::Number);
    }
    if !digits.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'e' | b'E' | b'+' | b'-')
    }) {
        return None;
    }
    let between = |(place, _): (usize, &str)| {
        let beside = |at: Option<usize>| {
            at.and_then(|at| digits.as_bytes().get(at))
                .is_some_and(u8::is_ascii_digit)
        };
        beside(place.checked_sub(1)) && beside(Some(place + 1))
    };
    if !digits.match_indices('_').all(between) {
        return None;
    }
    let mut plain = digits.replace('_', "");
    if plain.starts_with('.') {
        plain.insert(0, '0');
    }
    match plain.find(['e', 'E']) {
        Some(exponent)
            if plain
                .get(..exponent)
                .is_some_and(|whole| whole.ends_with('.')) =>
        {
            plain.insert(exponent, '0');
        }
        None if plain.ends_with('.') && plain.len() > 1 && plain != "0." => plain.push('0'),
        _ => {}
    }
    if plain == "0." {
        // Either `.` alone, which is no number, or `0.`.
        if digits == "." {
            return None;
        }
        plain.push('0');
    }
    plain.insert_str(0, sign);
    Number::from_text(plain).map(Kind::Number)
}
