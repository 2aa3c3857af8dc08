//! How many rows a text asks for.

use larkspur_json::Span;
use sqlparser::ast::{Expr, LimitClause, Query, SetExpr, Spanned, Value};

use super::{lex::span_of, walk::Walk};
use crate::{
    Rule,
    policy::{LimitRule, MissingLimit},
};

impl Walk<'_> {
    /// Holds the outermost `LIMIT` to the policy.
    pub(super) fn outer_limit(&mut self, query: &Query, statement: Span) {
        let Some(rule) = self.policy().limit else {
            return;
        };
        let limit = match &query.limit_clause {
            Some(LimitClause::LimitOffset { limit, .. }) => limit.as_ref(),
            Some(LimitClause::OffsetCommaLimit { limit, .. }) => Some(limit),
            None => None,
        };
        match limit {
            Some(limit) => self.given_limit(limit, rule),
            None if rule.missing == MissingLimit::Add
                && query.limit_clause.is_none()
                && takes_limit(&query.body) =>
            {
                self.add_limit_at(statement.end);
            }
            None => {
                let end = Span::new(statement.end, statement.end);
                self.report_with(
                    Rule::Limit,
                    end,
                    "there is no LIMIT",
                    format!("end with `LIMIT {}` or less", rule.max),
                );
            }
        }
    }

    fn given_limit(&mut self, limit: &Expr, rule: LimitRule) {
        let span = span_of(limit.span()).unwrap_or(self.around);
        let rows = match limit {
            Expr::Value(value) => match &value.value {
                Value::Number(digits, _) => digits.parse::<u64>().ok(),
                _ => None,
            },
            _ => None,
        };
        let hint = format!("write `LIMIT {}` or less", rule.max);
        match rows {
            Some(rows) if rows <= rule.max => {}
            Some(rows) => {
                let message = format!("the text asks for {rows} rows, {} are allowed", rule.max);
                self.report_with(Rule::Limit, span, message, hint);
            }
            None => self.report_with(Rule::Limit, span, "the LIMIT is not a plain number", hint),
        }
    }
}

/// SQLite has no `LIMIT` behind `VALUES`.
fn takes_limit(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(_) => true,
        SetExpr::SetOperation { right, .. } => takes_limit(right),
        _ => false,
    }
}

/// The text up to `end`, where its last lexeme ends, with a `LIMIT`.
pub(super) fn added(sql: &str, end: usize, rule: LimitRule) -> String {
    let kept = sql.get(..end).unwrap_or(sql);
    format!("{kept} LIMIT {}", rule.max)
}
