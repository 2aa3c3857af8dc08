//! Pass 9: rules for strings.
//!
//! Lengths become a `pattern` where there is none, because the dialect has no other way to say them; what cannot be said is
//! told in the description and stays with the reader.
//!
//! After it a string has only a `format` and a `pattern` that the server takes.

use regex_syntax::hir::{Hir, HirKind, Look};

use super::graph::{Graph, Node, NodeId, Shape, Text};
use crate::Dialect;

/// The longest string that is counted by a pattern. Beyond, an engine that unrolls repetitions would suffer, and no model counts.
const LONGEST_COUNTED: u64 = 1_000;

const REASON: &str =
    "the server does not take this rule; it is told in the description and checked in the answer";

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
    if let Some(format) = text
        .format
        .take_if(|format| !dialect.accepts_format(format))
    {
        let told = (!format.is_empty()).then(|| format!("Format: {format}."));
        node.relax(
            "format",
            format.into(),
            "the server does not take this format",
            told,
        );
    }
    if dialect.rules.regular_patterns
        && let Some(pattern) = text.pattern.take_if(|pattern| !is_regular(pattern))
    {
        let told = Some(format!("Must match the regular expression {pattern}"));
        node.relax(
            "pattern",
            pattern.into(),
            "the server takes no look-around and no back-references",
            told,
        );
    }
    if !dialect.accepts("string", "minLength") {
        say_lengths(node, &mut text);
    }
    node.shape = Shape::Text(text);
}

/// Says the lengths of a string in a pattern, or else in words.
fn say_lengths(node: &mut Node, text: &mut Text) {
    let (min, max) = (text.min_length.take(), text.max_length.take());
    if min.is_none() && max.is_none() {
        return;
    }
    let is_counted =
        min.unwrap_or(0) <= LONGEST_COUNTED && max.is_none_or(|max| max <= LONGEST_COUNTED);
    if text.pattern.is_none() && text.format.is_none() && is_counted {
        // Not `.`, which leaves out line breaks. A regular expression counts code points, as JSON Schema does.
        let max = max.map(|max| max.to_string()).unwrap_or_default();
        text.pattern = Some(format!(r"^[\s\S]{{{},{max}}}$", min.unwrap_or(0)));
        return;
    }
    for (keyword, word, length) in [("minLength", "least", min), ("maxLength", "most", max)] {
        if let Some(length) = length {
            node.relax(
                keyword,
                length.into(),
                REASON,
                Some(format!("At {word} {length} characters.")),
            );
        }
    }
}

/// Whether a pattern is a regular expression in the strict sense, anchored at most at its ends.
pub(crate) fn is_regular(pattern: &str) -> bool {
    const DEEPEST: u32 = 100;
    const LARGEST: usize = 20_000;
    let mut parser = regex_syntax::ParserBuilder::new()
        .nest_limit(DEEPEST)
        .build();
    pattern.len() <= LARGEST
        && parser
            .parse(pattern)
            .is_ok_and(|hir| anchors_at_ends(&hir, true, true))
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
