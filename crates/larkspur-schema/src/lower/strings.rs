//! Pass 9: rules for strings.
//!
//! Lengths become a `pattern` where there is none and the dialect has no other way to say them; what cannot be said is
//! told in the description and stays with the reader.
//!
//! After it a string has only a `format`, a `pattern` and lengths that the server takes, and only together where it takes them so.

use regex_syntax::hir::{Hir, HirKind, Look};

use super::graph::{Graph, Node, NodeId, Shape, Text};
use crate::{Dialect, Support, dialect::Patterns};

/// The longest string that is counted by a pattern. Beyond, an engine that unrolls repetitions would suffer, and no model counts.
const LONGEST_COUNTED: u64 = 1_000;

const REASON: &str =
    "the server does not take this rule; it is told in the description and checked in the answer";
const BESIDE: &str = "the server does not count beside a pattern or a format; the rule is told in the description and checked in the answer";

pub(super) fn restrict_strings(graph: &mut Graph, dialect: &Dialect) {
    for id in graph.ids() {
        if let Shape::Text(text) = graph.shape(id) {
            let text = text.clone();
            restrict(graph, id, text, dialect);
        }
    }
}

fn restrict(graph: &mut Graph, id: NodeId, mut text: Text, dialect: &Dialect) {
    let node = graph.node_mut(id);
    restrict_format(node, &mut text, dialect);
    restrict_pattern(node, &mut text, dialect);
    if text.pattern.is_some()
        && !dialect.form.lengths_beside_patterns
        && let Some(format) = text.format.take()
    {
        let told = Some(format!("Format: {format}."));
        let reason = "the server takes a pattern or a format, not both; the format is told in the description and checked in the answer";
        node.relax("format", format.into(), reason, told);
    }
    restrict_lengths(node, &mut text, dialect);
    node.shape = Shape::Text(text);
}

fn restrict_format(node: &mut Node, text: &mut Text, dialect: &Dialect) {
    if let Some(format) = text
        .format
        .take_if(|format| !dialect.accepts_format(format))
    {
        let told = (!format.is_empty()).then(|| format!("Format: {format}."));
        let reason = match dialect.format_support(&format) {
            Support::Ignored => "the server skips this format without a word",
            Support::Disputed => "it is not known whether the server takes this format",
            _ => "the server does not take this format",
        };
        node.relax("format", format.into(), reason, told);
    }
}

fn restrict_pattern(node: &mut Node, text: &mut Text, dialect: &Dialect) {
    let Some(pattern) = text.pattern.take() else {
        return;
    };
    let rule = dialect.form.patterns;
    let reason = if !dialect.takes("pattern") {
        "the server does not take patterns"
    } else if rule == Patterns::Free {
        text.pattern = Some(pattern);
        return;
    } else if !is_regular(&pattern) {
        "the server takes no look-around and no back-references"
    } else if rule == Patterns::Regular {
        text.pattern = Some(pattern);
        return;
    } else {
        text.pattern = anchored(&pattern);
        if text.pattern.is_some() {
            return;
        }
        "the server takes patterns between `^` and `$` only, and few classes"
    };
    let told = Some(format!("Must match the regular expression {pattern}"));
    node.relax("pattern", pattern.into(), reason, told);
}

fn restrict_lengths(node: &mut Node, text: &mut Text, dialect: &Dialect) {
    if !dialect.takes("minLength") {
        return say_lengths(node, text, dialect.form.lengths_as_patterns);
    }
    let is_beside =
        (text.pattern.is_some() || text.format.is_some()) && !dialect.form.lengths_beside_patterns;
    if is_beside {
        return tell_lengths(node, text, BESIDE);
    }
    let most = dialect.limits.length.unwrap_or(u64::MAX);
    let is_more = |length: Option<u64>| length.is_some_and(|length| length > most);
    if is_more(text.min_length) || is_more(text.max_length) {
        tell_lengths(node, text, REASON);
    }
}

/// Says the lengths of a string in a pattern, or else in words.
fn say_lengths(node: &mut Node, text: &mut Text, as_pattern: bool) {
    let (min, max) = (text.min_length, text.max_length);
    if min.is_none() && max.is_none() {
        return;
    }
    let is_counted =
        min.unwrap_or(0) <= LONGEST_COUNTED && max.is_none_or(|max| max <= LONGEST_COUNTED);
    if as_pattern && text.pattern.is_none() && text.format.is_none() && is_counted {
        // Not `.`, which leaves out line breaks. A regular expression counts code points, as JSON Schema does.
        let max = max.map(|max| max.to_string()).unwrap_or_default();
        text.pattern = Some(format!(r"^[\s\S]{{{},{max}}}$", min.unwrap_or(0)));
        (text.min_length, text.max_length) = (None, None);
        return;
    }
    tell_lengths(node, text, REASON);
}

fn tell_lengths(node: &mut Node, text: &mut Text, reason: &str) {
    let lengths = [
        ("minLength", "least", text.min_length.take()),
        ("maxLength", "most", text.max_length.take()),
    ];
    for (keyword, word, length) in lengths {
        if let Some(length) = length {
            let told = Some(format!("At {word} {length} characters."));
            node.relax(keyword, length.into(), reason, told);
        }
    }
}

/// Whether a pattern is a regular expression in the strict sense, anchored at most at its ends.
pub(crate) fn is_regular(pattern: &str) -> bool {
    parsed(pattern).is_some_and(|hir| anchors_at_ends(&hir, true, true))
}

fn parsed(pattern: &str) -> Option<Hir> {
    const DEEPEST: u32 = 100;
    const LARGEST: usize = 20_000;
    if pattern.len() > LARGEST {
        return None;
    }
    let mut parser = regex_syntax::ParserBuilder::new()
        .nest_limit(DEEPEST)
        .build();
    parser.parse(pattern).ok()
}

/// Whether `^` and `$` stand only where the text begins and ends. Recursion is bounded by the nesting limit of the parser.
fn anchors_at_ends(hir: &Hir, at_start: bool, at_end: bool) -> bool {
    match hir.kind() {
        HirKind::Look(Look::Start) => at_start,
        HirKind::Look(Look::End) => at_end,
        HirKind::Look(_) => false,
        HirKind::Repetition(repetition) => anchors_at_ends(&repetition.sub, false, false),
        HirKind::Capture(capture) => anchors_at_ends(&capture.sub, at_start, at_end),
        HirKind::Alternation(branches) => branches
            .iter()
            .all(|branch| anchors_at_ends(branch, at_start, at_end)),
        HirKind::Concat(parts) => {
            let last = parts.len().saturating_sub(1);
            parts.iter().enumerate().all(|(index, part)| {
                anchors_at_ends(part, at_start && index == 0, at_end && index == last)
            })
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => true,
    }
}

/// Whether an engine that reads only `^…$` with characters, classes and repetitions reads the pattern as it is.
pub(crate) fn is_anchored(pattern: &str) -> bool {
    anchored(pattern).is_some_and(|anchored| anchored == pattern)
}

/// The pattern in the words of such an engine, where it has them.
fn anchored(pattern: &str) -> Option<String> {
    let hir = parsed(pattern)?;
    let HirKind::Concat(parts) = hir.kind() else {
        return None;
    };
    let ends = (parts.first()?.kind(), parts.last()?.kind());
    if !matches!(ends, (HirKind::Look(Look::Start), HirKind::Look(Look::End)))
        || !pattern.starts_with('^')
        || !pattern.ends_with('$')
    {
        return None;
    }
    let mut out = String::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    let mut in_class = false;
    let mut after_repeat = false;
    while let Some(character) = characters.next() {
        let mut is_repeat = false;
        match character {
            '\\' => out.push_str(&escaped(characters.next()?, in_class)?),
            '[' if in_class => return None,
            '[' | ']' => {
                in_class = character == '[';
                out.push(character);
            }
            // Lazy and possessive repetitions, flags and named groups.
            '?' | '+' if after_repeat && !in_class => return None,
            '(' if !in_class && characters.peek() == Some(&'?') => return None,
            _ => {
                is_repeat = !in_class && matches!(character, '?' | '*' | '+' | '}');
                out.push(character);
            }
        }
        after_repeat = is_repeat;
    }
    Some(out)
}

/// An escape in the words of such an engine.
fn escaped(character: char, in_class: bool) -> Option<String> {
    Some(match (character, in_class) {
        ('d', true) => "0-9".to_owned(),
        ('d', false) => "[0-9]".to_owned(),
        ('w', true) => "A-Za-z0-9_".to_owned(),
        ('w', false) => "[A-Za-z0-9_]".to_owned(),
        ('n' | 't' | 'r' | '\\', _)
        | (']' | '[', true)
        | ('^' | '$' | '.' | '[' | ']' | '(' | ')' | '|' | '{' | '}' | '*' | '+' | '?', false) => {
            format!("\\{character}")
        }
        (
            '/' | '-' | '"' | '@' | ':' | '#' | '&' | '_' | ' ' | ',' | '%' | '~' | '=' | '<' | '>',
            false,
        )
        | (
            '/' | '.' | '+' | '*' | '?' | '(' | ')' | '{' | '}' | '|' | '$' | '@' | ':' | '"',
            true,
        ) => character.to_string(),
        _ => return None,
    })
}
