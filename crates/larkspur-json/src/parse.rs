//! The reader: RFC 8259, nothing more and nothing less.
//!
//! It recurses once per level of nesting, and [`Limits::DEEPEST`] bounds the levels.

mod fault;
mod number;
mod string;

use self::number::scan_number;
pub(crate) use self::{
    fault::{Fault, FaultKind, Place},
    number::is_number,
    string::{end_of_plain, escape},
};
use crate::{Error, Kind, Limits, Member, Node, Number, Object, Span};

/// Reads a text as one JSON value, within the default [`Limits`].
///
/// Stricter than many readers, on purpose: no comments, no trailing commas, no other quotes, no byte order mark, no
/// lone surrogates, nothing after the value. An [`Error`] often has a [hint](Error::hint) where one of these is met.
///
/// ```
/// let node = larkspur_json::parse(r#"{"total": 12.50}"#)?;
/// assert_eq!(node.to_string(), r#"{"total":12.50}"#);
/// assert!(larkspur_json::parse(r#"{"total": 12."#).unwrap_err().is_truncated());
/// # Ok::<(), larkspur_json::Error>(())
/// ```
///
/// # Errors
/// Where the text is not JSON or passes a limit: the first fault, with its place.
pub fn parse(text: &str) -> Result<Node<'_>, Error> {
    parse_with(text, &Limits::new())
}

/// Reads a text as one JSON value, within limits of your own.
///
/// # Errors
/// As [`parse`].
pub fn parse_with<'t>(text: &'t str, limits: &Limits) -> Result<Node<'t>, Error> {
    Parser::new(text, limits)
        .text()
        .map_err(|fault| Error::new(text, fault))
}

/// Reads the value that begins at `start`, whatever follows it; also how many values are in it.
pub(crate) fn parse_prefix<'t>(
    text: &'t str,
    start: usize,
    limits: &Limits,
) -> Result<(Node<'t>, usize), Fault> {
    let mut parser = Parser::new(text, limits);
    parser.at = start;
    let node = parser.value(Place::Text)?;
    Ok((node, limits.values - parser.values_left))
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    limits: Limits,
    /// Levels that may still be opened.
    levels_left: usize,
    values_left: usize,
    /// Elements of the arrays that are open; each array takes its own off the end when it closes, so that its `Vec` is
    /// allocated once and in the right size.
    elements: Vec<Node<'t>>,
    /// Members of the objects that are open, likewise.
    members: Vec<Member<'t>>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, limits: &Limits) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            limits: limits.clone(),
            levels_left: limits.depth,
            values_left: limits.values,
            elements: Vec::new(),
            members: Vec::new(),
        }
    }

    fn text(&mut self) -> Result<Node<'t>, Fault> {
        if let Some(fault) = Fault::too_long(self.text, &self.limits) {
            return Err(fault);
        }
        if self.text.starts_with('\u{FEFF}') {
            return Err(Fault {
                span: Span::new(0, '\u{FEFF}'.len_utf8()),
                kind: FaultKind::ByteOrderMark,
            });
        }
        self.skip_whitespace();
        let node = self.value(Place::Text)?;
        self.skip_whitespace();
        if self.at < self.bytes.len() {
            return Err(self.fault_here(FaultKind::Trailing));
        }
        Ok(node)
    }

    /// Reads a value; whitespace before it has been skipped.
    fn value(&mut self, place: Place) -> Result<Node<'t>, Fault> {
        let start = self.at;
        self.values_left = match self.values_left.checked_sub(1) {
            Some(left) => left,
            None => {
                return Err(self.fault_here(FaultKind::TooManyValues {
                    limit: self.limits.values,
                }));
            }
        };
        let kind = match self.bytes.get(start) {
            Some(b'"') => Kind::String(self.string()?),
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true", Kind::Bool(true), place)?,
            Some(b'f') => self.literal("false", Kind::Bool(false), place)?,
            Some(b'n') => self.literal("null", Kind::Null, place)?,
            _ => return Err(self.unexpected(place)),
        };
        Ok(Node {
            span: Span::new(start, self.at),
            kind,
        })
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Kind<'t>, Fault>,
    ) -> Result<Kind<'t>, Fault> {
        self.levels_left = match self.levels_left.checked_sub(1) {
            Some(left) => left,
            None => {
                return Err(self.fault_here(FaultKind::TooDeep {
                    limit: self.limits.depth,
                }));
            }
        };
        self.at += 1;
        let kind = read(self)?;
        self.levels_left += 1;
        Ok(kind)
    }

    fn array(&mut self) -> Result<Kind<'t>, Fault> {
        let first = self.elements.len();
        self.skip_whitespace();
        if self.eat(b']') {
            return Ok(Kind::Array(Vec::new()));
        }
        let mut place = Place::FirstElement;
        loop {
            let element = self.value(place)?;
            self.elements.push(element);
            self.skip_whitespace();
            if self.eat(b']') {
                return Ok(Kind::Array(self.elements.split_off(first)));
            }
            if !self.eat(b',') {
                return Err(self.unexpected(Place::AfterElement));
            }
            self.skip_whitespace();
            place = Place::Element;
        }
    }

    fn object(&mut self) -> Result<Kind<'t>, Fault> {
        let first = self.members.len();
        self.skip_whitespace();
        if self.eat(b'}') {
            return Ok(Kind::Object(Object::new()));
        }
        let mut place = Place::FirstKey;
        loop {
            let member = self.member(place)?;
            self.members.push(member);
            self.skip_whitespace();
            if self.eat(b'}') {
                return Ok(Kind::Object(Object::from_members(
                    self.members.split_off(first),
                )));
            }
            if !self.eat(b',') {
                return Err(self.unexpected(Place::AfterMember));
            }
            self.skip_whitespace();
            place = Place::Key;
        }
    }

    fn member(&mut self, place: Place) -> Result<Member<'t>, Fault> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected(place));
        }
        let start = self.at;
        let key = self.string()?;
        let key_span = Span::new(start, self.at);
        self.skip_whitespace();
        if !self.eat(b':') {
            return Err(self.unexpected(Place::AfterKey));
        }
        self.skip_whitespace();
        let value = self.value(Place::MemberValue)?;
        Ok(Member {
            key,
            key_span,
            value,
        })
    }

    fn number(&mut self) -> Result<Kind<'t>, Fault> {
        let start = self.at;
        match scan_number(self.bytes, start) {
            Ok(end) => {
                self.at = end;
                Ok(Kind::Number(Number::from_scanned(self.slice(start, end))))
            }
            Err((at, kind)) => {
                self.at = at;
                Err(self.fault_here(kind))
            }
        }
    }

    fn literal(
        &mut self,
        word: &'static str,
        kind: Kind<'t>,
        place: Place,
    ) -> Result<Kind<'t>, Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(kind);
        }
        if word.as_bytes().starts_with(rest) {
            self.at = self.bytes.len();
            return Err(self.fault_here(FaultKind::TruncatedWord { word }));
        }
        Err(self.unexpected(place))
    }

    fn skip_whitespace(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// Both ends are beside ASCII characters, so they are character boundaries.
    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    #[cold]
    fn unexpected(&self, place: Place) -> Fault {
        self.fault_here(if self.at < self.bytes.len() {
            FaultKind::Unexpected { place }
        } else {
            FaultKind::Truncated { place }
        })
    }

    /// A fault at the character that comes next, or at the end.
    #[cold]
    fn fault_here(&self, kind: FaultKind) -> Fault {
        Fault::at(self.text, self.at, kind)
    }
}
