//! What the generated parser calls to make nodes of the tree.

use lalrpop_util::ErrorRecovery;

use super::syntax::{
    Alternative, Atom, AtomKind, Body, Item, ItemKind, Json, Layout, Piece, RegexLiteral, Sequence,
    StringLiteral, Term, TermKind,
};
use super::token::{StrTok, Tok};
use crate::span::Span;

pub(super) type Recovery<'s> = ErrorRecovery<usize, Tok<'s>, ()>;

/// Errors of the parser that are kept.
const MAX_ERRORS: usize = 1_000;

/// What the parser finds out beside the tree.
#[derive(Debug, Default)]
pub(crate) struct State<'s> {
    /// Errors the parser has gone on after, each with the text it gave up.
    pub(crate) errors: Vec<(Recovery<'s>, Span)>,
    pub(crate) layout: Layout,
}

impl<'s> State<'s> {
    pub(super) fn recover(&mut self, error: Recovery<'s>, start: usize, end: usize) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push((error, Span::new(start, end)));
        }
    }

    pub(super) fn shared_line(&mut self, item: &Item) {
        self.layout.shared_lines.push(item.span);
    }
}

pub(super) fn push<T>(mut all: Vec<T>, one: T) -> Vec<T> {
    all.push(one);
    all
}

pub(super) fn first_rest<T>(first: T, rest: Vec<T>) -> Vec<T> {
    std::iter::once(first).chain(rest).collect()
}

pub(super) fn item(start: usize, end: usize, kind: ItemKind) -> Item {
    Item {
        span: Span::new(start, end),
        kind,
    }
}

pub(super) fn atom(start: usize, end: usize, kind: AtomKind) -> Atom {
    Atom {
        span: Span::new(start, end),
        kind,
    }
}

pub(super) fn term(start: usize, end: usize, kind: TermKind) -> Term {
    Term {
        span: Span::new(start, end),
        kind,
    }
}

pub(super) fn json(text: &str, start: usize, end: usize) -> Json {
    Json {
        span: Span::new(start, end),
        text: text.to_owned(),
    }
}

pub(super) fn regex(source: &str, flags: &str, start: usize, end: usize) -> RegexLiteral {
    RegexLiteral {
        span: Span::new(start, end),
        source: source.to_owned(),
        flags: flags.to_owned(),
    }
}

pub(super) fn string(string: StrTok<'_>, start: usize, end: usize) -> StringLiteral {
    StringLiteral {
        span: Span::new(start, end),
        raw: string.raw.to_owned(),
        ignore_case: string.ignore_case,
    }
}

/// A sequence spans its pieces; an empty one lies where it ends, behind the white space.
pub(super) fn sequence(start: usize, end: usize, pieces: Vec<Piece>) -> Sequence {
    let span = match (pieces.first(), pieces.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::at(end.min(start)),
    };
    Sequence { span, pieces }
}

pub(super) fn body(
    start: usize,
    end: usize,
    first: Alternative,
    rest: Vec<(Option<Span>, Alternative)>,
    state: &mut State<'_>,
) -> Body {
    let mut alternatives = vec![first];
    for (split, alternative) in rest {
        state.layout.split_rules.extend(split);
        alternatives.push(alternative);
    }
    Body {
        span: Span::new(start, end),
        alternatives,
    }
}
