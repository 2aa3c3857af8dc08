//! A value that is escaped as a whole, as if it stood in a string: `{\"a\": \"b\"}`.

use super::{Lenient, Repair, RepairKind, Repaired, is_container};
use crate::{
    Span,
    parse::{Fault, FaultKind},
};

/// Whether the first thing in the value at `start` is an escaped quote or line break.
pub(super) fn begins_at(text: &str, start: usize) -> bool {
    let rest = text.get(start..).unwrap_or_default();
    let inside = rest.trim_start_matches(['{', '[', ' ', '\n', '\t', '\r']);
    ["\\\"", "\\n", "\\t", "\\r"]
        .iter()
        .any(|escape| inside.starts_with(escape))
}

/// A text with one level of escapes taken away.
struct Unescaped {
    text: String,
    /// After this many bytes of the new text, the old one was at this place.
    places: Vec<(usize, usize)>,
}

impl Unescaped {
    fn new(text: &str, start: usize) -> Option<Self> {
        let rest = text.get(start..)?;
        let mut new = Self {
            text: String::with_capacity(rest.len()),
            places: Vec::new(),
        };
        let mut at = 0;
        while let Some(length) = rest.get(at..)?.find('\\') {
            new.text.push_str(rest.get(at..at + length)?);
            at += length;
            let Ok((character, length)) = crate::parse::escape(rest.get(at..)?) else {
                break;
            };
            new.text.push(character);
            at += length;
            new.places.push((new.text.len(), start + at));
        }
        new.text.push_str(rest.get(at..)?);
        new.places.insert(0, (0, start));
        Some(new)
    }

    fn old(&self, place: usize) -> usize {
        let next = self.places.partition_point(|(new, _)| *new <= place);
        let known = next.checked_sub(1).and_then(|index| self.places.get(index));
        known.map_or(place, |(new, old)| old + (place - new))
    }

    fn old_span(&self, span: Span) -> Span {
        Span::new(self.old(span.start), self.old(span.end))
    }
}

/// Whether no quote stands without a backslash before it.
fn are_all_escaped(text: &str) -> bool {
    let mut quotes = text.match_indices('"').map(|(place, _)| place);
    quotes.all(|place| text.get(..place).is_some_and(|text| text.ends_with('\\')))
}

impl<'t> Lenient<'t> {
    /// Reads the value at `start`, of which a level of escapes is taken away.
    pub(super) fn escaped(&self, text: &'t str, start: usize) -> Result<Repaired<'t>, Fault> {
        let nothing = Fault::at(text, start, FaultKind::InvalidEscape);
        let unescaped = Unescaped::new(text, start).ok_or(nothing)?;
        let limits = self.limits.clone().max_values(self.values_left.get());
        let Ok(lenient) = Lenient::new(&unescaped.text, &limits) else {
            return Err(nothing);
        };
        lenient.escaped_was_tried.set(true);
        let read = lenient.value_at(0).map_err(|unreadable| {
            let span = unescaped.old_span(unreadable.fault.span);
            let kind = unreadable.fault.kind;
            Fault { span, kind }
        })?;
        let rest = text.get(start..).unwrap_or_default();
        let is_string = rest.starts_with("\\\"");
        let read_part = text
            .get(start..unescaped.old(read.span.end))
            .unwrap_or(rest);
        if !are_all_escaped(read_part) || !is_container(&read.node) && !is_string {
            return Err(nothing);
        }
        self.values_left.set(lenient.values_left.get());
        let mut read = read.into_owned();
        read.node.map_spans(&mut |span| unescaped.old_span(span));
        read.span = unescaped.old_span(read.span);
        for repair in &mut read.repairs {
            repair.span = unescaped.old_span(repair.span);
        }
        let whole = Repair::new(RepairKind::EscapedText, read.span.start, read.span.end);
        read.repairs.insert(0, whole);
        Ok(read)
    }
}
