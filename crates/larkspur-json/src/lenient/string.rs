//! Strings: where they end, and what they say.

use std::borrow::Cow;

use super::{RepairKind, parser::Parser, quote::Quote, rivals::Followed};
use crate::{
    Span,
    parse::{Fault, Place},
};

/// Where a string stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// It is the whole text.
    Root,
    Key,
    /// The value of a member.
    Member,
    /// An element.
    Element,
}

/// Brackets that are open inside a string.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inner {
    curly: usize,
    square: usize,
    round: usize,
    /// Unescaped quotes that were taken for content.
    quotes: usize,
}

impl Inner {
    pub(super) const fn has_quotes(self) -> bool {
        self.quotes > 0
    }

    fn see(&mut self, byte: u8) {
        match byte {
            b'{' => self.curly += 1,
            b'[' => self.square += 1,
            b'(' => self.round += 1,
            b'}' => self.curly = self.curly.saturating_sub(1),
            b']' => self.square = self.square.saturating_sub(1),
            b')' => self.round = self.round.saturating_sub(1),
            _ => {}
        }
    }

    /// Whether this closing bracket has its partner inside the string.
    pub(super) const fn is_open(self, closer: u8) -> bool {
        match closer {
            b'}' => self.curly > 0,
            b']' => self.square > 0,
            _ => self.round > 0,
        }
    }

    const fn is_balanced(self) -> bool {
        self.curly == 0 && self.square == 0 && self.round == 0
    }
}

/// A string as it is being scanned.
struct Scan {
    quote: Quote,
    context: Context,
    open: usize,
    /// Where its content begins.
    from: usize,
    inner: Inner,
    /// Unescaped quotes that were taken for content.
    quotes: Vec<(usize, usize)>,
    on_first_line: bool,
}

/// Where the content ends, and where reading goes on.
struct End {
    content: usize,
    next: usize,
    closed: bool,
    /// Where the string would go on, had it not been ended without a closing quote.
    goes_on: Option<usize>,
}

impl<'t> Parser<'_, 't> {
    /// Reads the string whose quote comes next.
    pub(super) fn string(&mut self, context: Context) -> Result<Cow<'t, str>, Fault> {
        let open = self.at;
        let Some(quote) = Quote::opening(self.rest(open)) else {
            return Err(self.unexpected(Place::Text));
        };
        let inside = open + self.rest(open).chars().next().map_or(1, char::len_utf8);
        self.weigh_rivals(open);
        let cost = self.cost;
        let mut scan = Scan {
            quote,
            context,
            open,
            from: inside,
            inner: Inner::default(),
            quotes: Vec::new(),
            on_first_line: true,
        };
        let end = self.end(&mut scan)?;
        for (start, end) in &scan.quotes {
            self.note(RepairKind::UnescapedQuote, *start, *end);
        }
        // Of doubled and tripled quotes all but the outermost may be strings of their own.
        let (last, quotes) = if scan.from > inside {
            (end.next - 1, 1)
        } else {
            (end.content, scan.quotes.len())
        };
        let string = Followed {
            quote,
            context,
            span: Span::new(inside, last),
            end: end.next,
            goes_on: end.goes_on,
            cost,
        };
        self.think_of_rivals(&string, quotes);
        self.at = end.next;
        self.truncated |= !end.closed;
        self.decode(scan.from, end.content, end.closed)
    }

    /// The end of the string that begins here, by the quotes that it begins with.
    fn end(&mut self, scan: &mut Scan) -> Result<End, Fault> {
        if let Some(end) = self.tripled_end(scan.open)? {
            scan.from = scan.open + 3;
            self.note(RepairKind::OtherQuotes, scan.open, scan.from);
            return Ok(end);
        }
        if scan.quote != Quote::Double {
            self.note(RepairKind::OtherQuotes, scan.open, scan.from);
        }
        if self.is_doubled(scan.open) {
            scan.from += 1;
            self.doubled_end(scan)
        } else {
            self.scan(scan)
        }
    }

    /// Whether the last of an odd number of quotes inside a string begins something there: then its partner may be the one that
    /// seems to end the string.
    fn is_odd(&self, scan: &Scan) -> bool {
        let Some((start, end)) = scan.quotes.last().filter(|_| scan.quotes.len() % 2 == 1) else {
            return false;
        };
        let before = self.slice(scan.from, *start).chars().next_back();
        let begins =
            before.is_some_and(|before| before.is_whitespace() || "([{,:=".contains(before));
        begins && self.rest(*end).starts_with(char::is_alphanumeric)
    }

    /// The end of a string between tripled quotes, as in Python: the next tripled one, whatever comes before it.
    fn tripled_end(&mut self, open: usize) -> Result<Option<End>, Fault> {
        let rest = self.rest(open);
        let tripled = ["\"\"\"", "'''"]
            .into_iter()
            .find(|tripled| rest.starts_with(tripled));
        let Some(tripled) = tripled else {
            return Ok(None);
        };
        let from = open + tripled.len();
        let Some(length) = self.rest(from).find(tripled) else {
            self.at = from;
            return Err(self.two_readings(open, "an empty string, or a tripled quote"));
        };
        Ok(Some(End {
            content: from + length,
            next: from + length + tripled.len(),
            closed: true,
            goes_on: None,
        }))
    }

    /// The end of a string between doubled quotes: the next doubled one, on the same line and without a backslash before it.
    fn doubled_end(&mut self, scan: &Scan) -> Result<End, Fault> {
        let doubled = self.slice(scan.open, scan.from);
        let line = self.rest(scan.from).split('\n').next().unwrap_or_default();
        if let Some(length) = line.find(doubled)
            && !line
                .get(..length)
                .is_some_and(|before| before.ends_with('\\'))
        {
            let content = scan.from + length;
            let next = content + doubled.len();
            if self.closes(next, scan.context, Inner::default()) {
                self.note(RepairKind::OtherQuotes, scan.open, scan.from);
                return Ok(End {
                    content,
                    next,
                    closed: true,
                    goes_on: None,
                });
            }
        }
        self.at = scan.from;
        Err(self.two_readings(scan.open, "an empty string, or a doubled quote"))
    }

    /// Looks for the quote that ends the string.
    fn scan(&mut self, scan: &mut Scan) -> Result<End, Fault> {
        let mut at = scan.from;
        loop {
            let skipped = self.bytes.get(at..).unwrap_or_default().iter();
            at += skipped
                .take_while(|byte| !scan.quote.matters(**byte))
                .count();
            let Some(character) = self.rest(at).chars().next() else {
                return self.unclosed(scan);
            };
            let after = at + character.len_utf8();
            match character {
                '\\' => {
                    at = after + self.rest(after).chars().next().map_or(0, char::len_utf8);
                    continue;
                }
                '\n' => {
                    if let Some(end) = self.ends_with_line(scan, at) {
                        return Ok(end);
                    }
                }
                _ if scan.quote.is_closed_by(character) => {
                    if let Some(end) = self.at_quote(scan, at, after)? {
                        return Ok(end);
                    }
                }
                _ => {
                    if let Ok(byte) = u8::try_from(character) {
                        scan.inner.see(byte);
                    }
                }
            }
            at = after;
        }
    }

    /// Decides what a quote in a string is: its end, the beginning of the next key, or content.
    fn at_quote(&mut self, scan: &mut Scan, at: usize, after: usize) -> Result<Option<End>, Fault> {
        if self.closes(after, scan.context, scan.inner) {
            if self.is_odd(scan) {
                self.at = after;
                return Err(
                    self.two_readings(scan.open, "where this string with quotes inside ends")
                );
            }
            return Ok(Some(End {
                content: at,
                next: after,
                closed: true,
                goes_on: None,
            }));
        }
        let before = self.slice(scan.from, at).trim_end();
        let follows_comma = before.ends_with(',');
        if scan.context != Context::Key && scan.inner.is_balanced() && self.is_clear_member(at) {
            let content = scan.from + before.len().saturating_sub(1);
            let is_clear = follows_comma
                && scan.context == Context::Member
                && before.len() > 1
                && scan.quotes.is_empty()
                && !self
                    .slice(scan.from, content)
                    .ends_with(['"', '\'', '}', ']']);
            if !is_clear {
                self.at = after;
                return Err(self.two_readings(scan.open, "where this string ends"));
            }
            self.note(RepairKind::MissingQuote, content, content);
            return Ok(Some(End {
                content,
                next: content,
                closed: true,
                goes_on: Some(at),
            }));
        }
        scan.quotes.push((at, after));
        scan.inner.quotes += 1;
        Ok(None)
    }

    /// The end of a string whose quote is missing at the end of its line: the next line begins with a member, or with an
    /// element after a comma.
    fn ends_with_line(&mut self, scan: &mut Scan, at: usize) -> Option<End> {
        let is_first = std::mem::replace(&mut scan.on_first_line, false);
        if !is_first || !scan.inner.is_balanced() || !scan.quotes.is_empty() {
            return None;
        }
        let line = self.slice(scan.from, at).trim_end();
        let next = self.skip(at);
        let (has_comma, content) = match line.strip_suffix(',') {
            Some(content) => (true, content.trim_end().len()),
            None => (false, line.len()),
        };
        let ends = match scan.context {
            Context::Member => self.is_clear_member(next),
            Context::Element => has_comma && self.is_quote(next),
            Context::Root | Context::Key => false,
        };
        if !ends || content == 0 || line.get(..content)?.ends_with(['}', ']']) {
            return None;
        }
        let content = scan.from + content;
        self.note(RepairKind::MissingQuote, content, content);
        Some(End {
            content,
            next: content,
            closed: true,
            goes_on: Some(at),
        })
    }

    /// The text ends inside the string: it is cut off, or the quote is missing before the last closing brackets.
    fn unclosed(&mut self, scan: &Scan) -> Result<End, Fault> {
        self.at = self.text.len();
        let holds_others = scan.quote != Quote::Double && self.rest(scan.from).contains('"');
        if (!scan.quotes.is_empty() || holds_others) && scan.context != Context::Root {
            return Err(self.two_readings(scan.open, "where this string with quotes inside ends"));
        }
        let text = self.slice(scan.from, self.text.len());
        let Some(content) = self.before_closers(text) else {
            let end = self.text.len();
            return Ok(End {
                content: end,
                next: end,
                closed: false,
                goes_on: None,
            });
        };
        // Where the last bracket belongs to the text of the string, it closes nothing else.
        if !is_balanced(content) {
            let end = self.text.len();
            return Ok(End {
                content: end,
                next: end,
                closed: false,
                goes_on: None,
            });
        }
        let splits = match scan.context {
            Context::Element => content.contains(','),
            _ => content
                .match_indices(',')
                .any(|(place, _)| self.is_member_start(self.skip(scan.from + place + 1))),
        };
        if splits || scan.context == Context::Key {
            return Err(
                self.two_readings(scan.open, "where this string without a closing quote ends")
            );
        }
        let content = scan.from + content.len();
        self.note(RepairKind::MissingQuote, content, content);
        Ok(End {
            content,
            next: content,
            closed: true,
            goes_on: None,
        })
    }

    /// What stands before the closing brackets of all that is open, where the text ends with exactly those.
    fn before_closers(&self, text: &'t str) -> Option<&'t str> {
        let mut rest = text.trim_end();
        if self.frames.is_empty() {
            return None;
        }
        for frame in &self.frames {
            rest = rest
                .strip_suffix(char::from(frame.shape.closer()))?
                .trim_end();
        }
        Some(rest)
    }
}

/// Whether each bracket has its partner.
fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    text.bytes().all(|byte| match byte {
        b'{' | b'[' => {
            open.push(byte);
            true
        }
        b'}' => open.pop() == Some(b'{'),
        b']' => open.pop() == Some(b'['),
        _ => true,
    }) && open.is_empty()
}
