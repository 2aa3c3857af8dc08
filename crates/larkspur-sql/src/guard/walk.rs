//! The walk over a statement, and what it finds.

use larkspur_json::Span;
use larkspur_output::Violation;
use sqlparser::ast::{Ident, ObjectName, ObjectNamePart, Query};

use super::{Guard, lex::span_of, scope::Scopes, violation};
use crate::{Dialect, Policy, Rule, tree::Statement};

/// Everything that is known while a statement is walked.
pub(super) struct Walk<'g> {
    pub(super) guard: &'g Guard,
    pub(super) sql: &'g str,
    pub(super) scopes: Scopes<'g>,
    /// Where what is being walked stands, for pieces that have no place of their own.
    pub(super) around: Span,
    pub(super) joins: usize,
    pub(super) depth: usize,
    found: Vec<Violation>,
    limit_missing: Option<usize>,
}

impl<'g> Walk<'g> {
    pub(super) fn new(guard: &'g Guard, sql: &'g str) -> Self {
        Self {
            guard,
            sql,
            scopes: Scopes::new(guard.dialect()),
            around: Span::new(0, sql.len()),
            joins: 0,
            depth: 0,
            found: Vec::new(),
            limit_missing: None,
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.guard.dialect()
    }

    pub(super) fn policy(&self) -> &'g Policy {
        self.guard.policy()
    }

    /// The tree of a query in which nothing was found. What has none is not supported.
    pub(super) fn passed(&mut self, query: Query, span: Span) -> Option<Statement> {
        if !self.found.is_empty() {
            return None;
        }
        let statement = super::tree::statement(query);
        if statement.is_none() {
            self.unsupported(Some(span), "some of this");
        }
        statement
    }

    pub(super) fn found(self) -> Vec<Violation> {
        self.found
    }

    /// Where a `LIMIT` is to be added.
    pub(super) const fn limit_missing(&self) -> Option<usize> {
        self.limit_missing
    }

    pub(super) const fn add_limit_at(&mut self, end: usize) {
        self.limit_missing = Some(end);
    }

    pub(super) fn report(&mut self, rule: Rule, span: Span, message: impl Into<String>) {
        self.found.push(violation(rule, span, message));
    }

    pub(super) fn report_with(
        &mut self,
        rule: Rule,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.found.push(violation(rule, span, message).hint(hint));
    }

    /// What the walk does not know is refused.
    pub(super) fn unsupported(&mut self, span: Option<Span>, what: &str) {
        self.report(
            Rule::Unsupported,
            span.unwrap_or(self.around),
            format!("{what} is not supported"),
        );
    }

    /// What the policy does not allow.
    pub(super) fn forbidden(&mut self, span: Option<Span>, what: &str) {
        self.report(
            Rule::Forbidden,
            span.unwrap_or(self.around),
            format!("{what} is not allowed"),
        );
    }

    /// The parser ends its messages with the place, where it knows one.
    pub(super) fn syntax(&mut self, error: &str, statement: Span) {
        let (message, place) = match error.rsplit_once(" at Line: ") {
            Some((message, place)) => (
                message,
                place.rsplit_once("Column: ").map(|(_, column)| column),
            ),
            None => (error, None),
        };
        let at = place.and_then(|column| column.trim().parse::<usize>().ok()?.checked_sub(1));
        let end = statement.end;
        let span = match at {
            Some(at) if at < end && self.sql.is_char_boundary(at) => {
                Span::new(at, self.word_end(at, end))
            }
            _ => Span::new(end, end),
        };
        let mut message = message.trim().replace(['\n', '\r'], " ");
        message = message
            .replacen("Expected: an ", "expected an ", 1)
            .replacen("Expected: ", "expected ", 1);
        message = message
            .replacen("Expected ", "expected ", 1)
            .replacen("found: ", "found ", 1);
        self.report(Rule::Syntax, span, message);
    }

    fn word_end(&self, at: usize, end: usize) -> usize {
        let rest = self.sql.get(at..end).unwrap_or_default();
        let length = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let first = rest.chars().next().map_or(0, char::len_utf8);
        at + length.max(first)
    }
}

/// The names of a dotted name; nothing where one is computed.
pub(super) fn idents(name: &ObjectName) -> Option<Vec<&Ident>> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(ident),
            ObjectNamePart::Function(_) => None,
        })
        .collect()
}

/// From the first to the last of these names.
pub(super) fn span_of_idents<'i>(idents: impl IntoIterator<Item = &'i Ident>) -> Option<Span> {
    idents
        .into_iter()
        .filter_map(|ident| span_of(ident.span))
        .reduce(join)
}

pub(super) fn join(left: Span, right: Span) -> Span {
    Span::new(left.start.min(right.start), left.end.max(right.end))
}
