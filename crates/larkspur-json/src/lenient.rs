//! Text that is almost JSON: read as far as it has one meaning, every repair told with its place.
//!
//! What is JSON is read by the strict reader alone and never touched. Only where that fails does the tolerant one begin. It
//! walks the text once with an explicit stack; it looks ahead over blanks, comments and one key or word, never further, so
//! that it takes time linear in the text. Where the text could mean two things it stops with an error: a string with quotes inside
//! is one only while no other reading of the text needs as few repairs (`rivals`).

mod ahead;
mod blank;
mod closer;
mod decode;
mod escaped;
mod frame;
mod item;
mod parser;
mod quote;
mod repair;
mod rivals;
mod string;
mod word;

use std::cell::Cell;

pub use self::repair::{Repair, RepairKind};
use self::{blank::Comments, parser::Parser};
use crate::{
    Error, Kind, Limits, Node, Span,
    parse::{Fault, parse_prefix},
};

/// A value that was read from text that is almost JSON, and what had to be repaired.
///
/// ```
/// use larkspur_json::{RepairKind, parse_lenient};
///
/// let text = "{name: 'Ann', tags: ['a', 'b',],}  // the end";
/// let read = parse_lenient(text)?;
/// assert_eq!(read.node.to_string(), r#"{"name":"Ann","tags":["a","b"]}"#);
/// assert_eq!(read.repairs[0].kind, RepairKind::BareKey);
/// assert_eq!(read.repairs[0].span.of(text), Some("name"));
/// assert!(!read.truncated);
/// # Ok::<(), larkspur_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Repaired<'t> {
    /// The value. Its spans are those of the text that was read.
    pub node: Node<'t>,
    /// What was repaired, in the order of the text; empty where the text is JSON.
    pub repairs: Vec<Repair>,
    /// Whether the text ended before the value did. What had come by then is in `node`; a key without a value, and a number or
    /// an escape that had only begun, are not.
    pub truncated: bool,
    /// The part of the text that was read, blanks before it not counted.
    pub span: Span,
}

/// Reads a text that is almost JSON, within the default [`Limits`].
///
/// The whole text must be one value, but for blanks, comments, and closing brackets or commas that are too many. Fences of
/// Markdown and prose around the value are not looked for here: see [`Lenient`].
///
/// What is repaired is listed at [`RepairKind`].
///
/// # Errors
/// Where the text passes a limit, has no reading, or has two: the place, and why.
pub fn parse_lenient(text: &str) -> Result<Repaired<'_>, Error> {
    parse_lenient_with(text, &Limits::new())
}

/// Reads a text that is almost JSON, within limits of your own.
///
/// # Errors
/// As [`parse_lenient`].
pub fn parse_lenient_with<'t>(text: &'t str, limits: &Limits) -> Result<Repaired<'t>, Error> {
    let lenient = Lenient::new(text, limits)?;
    lenient
        .whole(Span::new(0, text.len()))
        .map_err(|unreadable| unreadable.into_error(text))
}

/// A reader of values at places of a text that is more than a value.
///
/// Whoever knows what surrounds the values (fences, prose) says where one may begin. The [`Limits`] hold for all values
/// of the text together.
///
/// ```
/// use larkspur_json::{Lenient, Limits};
///
/// let text = "Sure: {a: 1} and that is it.";
/// let lenient = Lenient::new(text, &Limits::new())?;
/// let read = lenient.value_at(6).map_err(|unreadable| unreadable.into_error(text))?;
/// assert_eq!((read.node.to_string().as_str(), read.span.of(text)), (r#"{"a":1}"#, Some("{a: 1}")));
/// # Ok::<(), larkspur_json::Error>(())
/// ```
#[derive(Debug)]
pub struct Lenient<'t> {
    text: &'t str,
    limits: Limits,
    values_left: Cell<usize>,
    comments: Comments,
    /// The text is unescaped as a whole at most once.
    escaped_was_tried: Cell<bool>,
}

/// Why no value could be read at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    fault: Fault,
    at: usize,
    reached: usize,
}

impl Unreadable {
    /// What stands at byte `at` cannot follow the value before it.
    pub fn trailing(text: &str, at: usize) -> Self {
        Self {
            fault: Fault::trailing(text, at),
            at,
            reached: at,
        }
    }

    /// How far the text was read before it turned out to be unreadable.
    pub fn at(&self) -> usize {
        self.at
    }

    /// How far the text was looked at, which is what the attempt cost.
    pub fn reached(&self) -> usize {
        self.reached
    }

    /// Whether the text passes a limit, so that there is no use in reading on.
    pub fn is_limit(&self) -> bool {
        self.fault.kind.is_limit()
    }

    /// Whether the text has two readings here.
    pub fn is_ambiguous(&self) -> bool {
        self.fault.kind.is_ambiguous()
    }

    /// The fault with its message and its line. Takes time linear in the text.
    pub fn into_error(self, text: &str) -> Error {
        Error::new(text, self.fault)
    }
}

impl<'t> Lenient<'t> {
    /// A reader of this text.
    ///
    /// # Errors
    /// Where the text is longer than the limit.
    pub fn new(text: &'t str, limits: &Limits) -> Result<Self, Error> {
        if let Some(fault) = Fault::too_long(text, limits) {
            return Err(Error::new(text, fault));
        }
        Ok(Self {
            text,
            limits: limits.clone(),
            values_left: Cell::new(limits.values),
            comments: Comments::default(),
            escaped_was_tried: Cell::new(false),
        })
    }

    /// Reads the value that begins at byte `start`, up to where it ends or the text does.
    ///
    /// # Errors
    /// Where no value begins there, or it has no reading, or two.
    pub fn value_at(&self, start: usize) -> Result<Repaired<'t>, Unreadable> {
        self.value_in(Span::new(start, self.text.len()))
    }

    /// Reads the value that begins where `part` does; the text counts as ended where `part` ends.
    ///
    /// # Errors
    /// As [`Lenient::value_at`].
    pub fn value_in(&self, part: Span) -> Result<Repaired<'t>, Unreadable> {
        let text = self.text.get(..part.end).unwrap_or(self.text);
        let limits = self.limits.clone().max_values(self.values_left.get());
        let strict = match parse_prefix(text, part.start, &limits) {
            // A number or word may be the beginning of another one, and a string of a longer one.
            Ok((node, _)) if !is_container(&node) && !self.ends(text, node.span.end) => {
                Fault::trailing(text, node.span.end)
            }
            Ok((node, _)) if self.goes_on(text, &node) => Fault::trailing(text, node.span.end),
            Ok((node, values)) => {
                self.values_left.set(self.values_left.get() - values);
                return Ok(Repaired::untouched(node));
            }
            Err(fault) => fault,
        };
        let unreadable = |fault: Fault, reached: usize| {
            let at = fault.span.start.max(strict.span.start);
            Unreadable {
                fault,
                at,
                reached: reached.max(at),
            }
        };
        if strict.kind.is_limit() {
            return Err(unreadable(strict, 0));
        }
        if escaped::begins_at(text, part.start) && !self.escaped_was_tried.replace(true) {
            let read = self.escaped(text, part.start);
            return read.map_err(|fault| unreadable(fault, text.len()));
        }
        let mut parser = Parser::new(self, text, part.start);
        let read = parser.read();
        read.map_err(|fault| unreadable(fault, parser.reached()))
    }

    /// Whether members follow that can be of this object only: then its bracket came too early.
    fn goes_on(&self, text: &'t str, node: &Node<'t>) -> bool {
        let end = node.span.end;
        let comma = self.skip(text, end, false);
        matches!(node.kind, Kind::Object(_))
            && text.as_bytes().get(comma) == Some(&b',')
            && Parser::new(self, text, end).members_follow(end)
    }

    /// Whether nothing but blanks follows, or a code block ends.
    fn ends(&self, text: &str, at: usize) -> bool {
        let next = self.skip(text, at, false);
        let rest = text.get(next..).unwrap_or_default();
        rest.is_empty() || rest.starts_with("```")
    }

    /// Reads `part` as one value: nothing but blanks and comments around it, and perhaps closing brackets or commas too many.
    ///
    /// # Errors
    /// As [`Lenient::value_at`]; also where something else follows the value.
    pub fn whole(&self, part: Span) -> Result<Repaired<'t>, Unreadable> {
        let text = self.text.get(..part.end).unwrap_or(self.text);
        let mut before = Vec::new();
        let start = self.blanks(text, part.start, false, &mut before);
        let mut read = self.value_in(Span::new(start, part.end))?;
        before.append(&mut read.repairs);
        read.repairs = before;
        let end = self.rest(text, read.span.end, &mut read.repairs);
        if end < text.len() {
            return Err(Unreadable::trailing(text, end));
        }
        Ok(read)
    }

    /// Skips what may follow a value: blanks, comments, closing brackets and commas that are too many.
    pub fn rest_at(&self, start: usize) -> (usize, Vec<Repair>) {
        let mut repairs = Vec::new();
        let end = self.rest(self.text, start, &mut repairs);
        (end, repairs)
    }

    fn rest(&self, text: &str, start: usize, repairs: &mut Vec<Repair>) -> usize {
        let mut at = start;
        loop {
            at = self.blanks(text, at, false, repairs);
            let kind = match text.as_bytes().get(at) {
                Some(b'}' | b']' | b')') => RepairKind::ExtraCloser,
                Some(b',' | b';') => RepairKind::ExtraComma,
                _ => return at,
            };
            repairs.push(Repair::new(kind, at, at + 1));
            at += 1;
        }
    }
}

const fn is_container(node: &Node<'_>) -> bool {
    matches!(node.kind, Kind::Array(_) | Kind::Object(_))
}

impl<'t> Repaired<'t> {
    fn untouched(node: Node<'t>) -> Self {
        Self {
            span: node.span,
            node,
            repairs: Vec::new(),
            truncated: false,
        }
    }

    /// The same, owning all its text.
    pub fn into_owned(self) -> Repaired<'static> {
        Repaired {
            node: self.node.into_owned(),
            repairs: self.repairs,
            truncated: self.truncated,
            span: self.span,
        }
    }
}
