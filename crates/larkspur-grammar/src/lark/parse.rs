//! Text to syntax tree, with everything that is wrong with the text.

use std::sync::Arc;

use lalrpop_util::ParseError;

use super::brackets::balance;
use super::build::State;
use super::grammar::ItemsParser;
use super::lexer::{Spanned, lex};
use super::syntax::{File, Item, Layout};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;

mod explain;

/// A syntax tree, and what is wrong with the text it was read from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parsed {
    /// The tree. Where the text could not be read, it holds [`ItemKind::Error`](super::syntax::ItemKind::Error) and
    /// [`AtomKind::Error`](super::syntax::AtomKind::Error).
    pub file: File,
    /// Faults of the notation, which every dialect refuses, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a grammar with the default [`Limits`]. All faults are found, not only the first.
///
/// ```
/// let parsed = larkspur_grammar::lark::parse("start: 'a' +\nb = \"x\"\n");
/// let codes: Vec<_> = parsed.diagnostics.iter().map(|finding| finding.code).collect();
/// assert_eq!(codes, ["single-quotes", "ebnf-definition"]);
/// ```
pub fn parse(source: &str) -> Parsed {
    parse_with(source, &Limits::default())
}

/// Reads a grammar. See [`parse`].
pub fn parse_with(source: &str, limits: &Limits) -> Parsed {
    let lexed = lex(source, limits);
    let mut findings = lexed.findings;
    let mut state = State {
        layout: Layout {
            glued_arrows: lexed.glued_arrows,
            continuations: lexed.continuations,
            ..Layout::default()
        },
        ..State::default()
    };
    let mut items = Vec::new();
    if !lexed.stopped {
        let balanced = balance(source, &lexed.tokens, limits);
        findings.extend(balanced.findings);
        if !balanced.stopped {
            items = parse_tokens(source, balanced.tokens, &mut state, &mut findings);
        }
    }
    sort(&mut findings);
    cap(&mut findings, limits.max_diagnostics);
    let file = File {
        source: Arc::from(source),
        items,
        trivia: lexed.trivia,
        layout: state.layout,
    };
    Parsed {
        file,
        diagnostics: findings,
    }
}

fn parse_tokens<'s>(
    source: &'s str,
    tokens: Vec<Spanned<'s>>,
    state: &mut State<'s>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Item> {
    let lookback = tokens.clone();
    let items = match ItemsParser::new().parse(state, tokens) {
        Ok(items) => items,
        Err(error) => {
            findings.extend(explain::explain(&error, source, &lookback));
            Vec::new()
        }
    };
    for (recovery, _) in &state.errors {
        findings.extend(explain::explain(&recovery.error, source, &lookback));
    }
    items
}

pub(super) type Failure<'s> = ParseError<usize, super::token::Tok<'s>, ()>;

/// In the order of their places; those of the whole file last.
pub(crate) fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by_key(|finding| {
        finding
            .span
            .map_or((usize::MAX, 0), |span| (span.start, span.end))
    });
}

/// Keeps at most `most` findings, errors before warnings where some must go, and says how many went.
pub(crate) fn cap(findings: &mut Vec<Diagnostic>, most: usize) {
    if findings.len() <= most {
        return;
    }
    let dropped = findings.len() - most;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings.truncate(most);
    sort(findings);
    findings.push(Diagnostic::warning(
        "more",
        format!("{dropped} more findings are not shown"),
    ));
}
