//! Queries: what they read, and that they only read.

use larkspur_json::Span;
use sqlparser::ast::{
    Distinct, GroupByExpr, LimitClause, NamedWindowExpr, ObjectName, OrderByKind, Query, Select,
    SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Spanned,
    WildcardAdditionalOptions, With,
};

use super::{
    joined::Joined,
    lex::span_of,
    scope::{Columns, Cte, Scope},
    walk::{Walk, idents, span_of_idents},
};
use crate::Rule;

/// The names of a query's columns, as far as they have names; nothing where they are not known.
pub(super) type Names = Option<Vec<Option<String>>>;

/// What a query gives, and what its `ORDER BY` may name.
struct Shape<'g> {
    names: Names,
    scope: Scope<'g>,
}

impl<'g> Walk<'g> {
    /// Walks the one query of a text.
    pub(super) fn whole(&mut self, query: &Query, span: Span) {
        self.around = span;
        self.query(query);
        self.outer_limit(query, span);
        if self.joins > self.policy().max_joins {
            let message = format!(
                "the text has {} joins, {} are allowed",
                self.joins,
                self.policy().max_joins
            );
            self.report(Rule::TooManyJoins, span, message);
        }
    }

    /// A query within another.
    pub(super) fn subquery(&mut self, query: &Query) -> Names {
        if !self.policy().subqueries {
            self.forbidden(span_of(query.span()), "a query within a query");
        }
        self.query(query)
    }

    fn query(&mut self, query: &Query) -> Names {
        self.depth += 1;
        if self.depth > self.policy().max_query_depth {
            let message = format!(
                "queries stand deeper within one another than {}",
                self.policy().max_query_depth
            );
            let span = span_of(query.span()).unwrap_or(self.around);
            self.report(Rule::TooDeep, span, message);
            self.depth -= 1;
            return None;
        }
        let known = self.scopes.ctes();
        if let Some(with) = &query.with {
            self.with(with);
        }
        self.only_reads(query);
        let shape = self.set_expr(&query.body);
        self.scopes.push(shape.scope);
        self.order_and_limit(query);
        self.scopes.pop();
        self.scopes.forget_ctes(known);
        self.depth -= 1;
        shape.names
    }

    fn only_reads(&mut self, query: &Query) {
        let span = span_of(query.span());
        if !query.locks.is_empty() {
            self.report(
                Rule::ReadOnly,
                span.unwrap_or(self.around),
                "a query that locks rows is not allowed",
            );
        }
        let odd = [
            (query.fetch.is_some(), "FETCH"),
            (query.for_clause.is_some(), "FOR XML, JSON or BROWSE"),
            (query.settings.is_some(), "SETTINGS"),
            (query.format_clause.is_some(), "FORMAT"),
            (!query.pipe_operators.is_empty(), "the pipe syntax"),
        ];
        self.none_of(&odd, span);
    }

    fn none_of(&mut self, odd: &[(bool, &str)], span: Option<Span>) {
        for (_, what) in odd.iter().filter(|(there, _)| *there) {
            self.unsupported(span, what);
        }
    }

    fn with(&mut self, with: &With) {
        if !self.policy().ctes {
            self.forbidden(span_of(with.with_token.0.span), "WITH");
        }
        for cte in &with.cte_tables {
            let name = &cte.alias.name;
            if self.guard.catalog().meant(&name.value).is_some() {
                let message = format!(
                    "the WITH query {} has the name of a table",
                    super::shown(&name.value)
                );
                self.report_with(
                    Rule::Shadowing,
                    span_of(name.span).unwrap_or(self.around),
                    message,
                    "give it another name",
                );
            }
            if cte.from.is_some()
                || cte
                    .alias
                    .columns
                    .iter()
                    .any(|column| column.data_type.is_some())
            {
                self.unsupported(span_of(name.span), "this form of WITH");
            }
            let given: Vec<_> = cte
                .alias
                .columns
                .iter()
                .map(|column| Some(column.name.value.clone()))
                .collect();
            let given = (!given.is_empty()).then_some(given);
            let columns = |names: Names| names.map_or(Columns::Unknown, Columns::Named);
            self.scopes.add_cte(Cte {
                name: name.value.clone(),
                columns: columns(given.clone()),
                open: true,
            });
            let index = self.scopes.ctes();
            let names = self.query(&cte.query);
            self.scopes.forget_ctes(index);
            if let Some(cte) = self.scopes.last_cte() {
                cte.open = false;
                cte.columns = columns(given.or(names));
            }
        }
    }

    fn set_expr(&mut self, body: &SetExpr) -> Shape<'g> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => {
                let names = self.query(query);
                Shape {
                    scope: named(&names),
                    names,
                }
            }
            SetExpr::SetOperation { left, right, .. } => {
                if !self.policy().set_operations {
                    self.forbidden(span_of(body.span()), "a set operation");
                }
                let mut shape = self.set_expr(left);
                let right = self.set_expr(right);
                shape.scope.relations.extend(right.scope.relations);
                shape.scope.aliases.extend(right.scope.aliases);
                shape
            }
            SetExpr::Values(values) => {
                let rows = || values.rows.iter();
                self.exprs(rows().flat_map(|row| row.iter()));
                let width = rows().next().map_or(0, |row| row.len());
                let names: Names = Some(
                    (1..=width)
                        .map(|number| Some(format!("column{number}")))
                        .collect(),
                );
                Shape {
                    scope: named(&names),
                    names,
                }
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                self.report(
                    Rule::ReadOnly,
                    span_of(body.span()).unwrap_or(self.around),
                    "a statement that writes is not allowed",
                );
                Shape {
                    names: None,
                    scope: named(&None),
                }
            }
            SetExpr::Table(_) => {
                self.unsupported(span_of(body.span()), "TABLE");
                Shape {
                    names: None,
                    scope: named(&None),
                }
            }
        }
    }

    fn select(&mut self, select: &Select) -> Shape<'g> {
        self.select_only_reads(select);
        let from = self.from(&select.from);
        let aliases = select.projection.iter().filter_map(|item| match item {
            SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.clone()),
            _ => None,
        });
        self.scopes.push(Scope {
            relations: from.relations,
            aliases: aliases.collect(),
        });
        let names = self.projection(&select.projection, span_of(select.span()));
        let mut joined = Joined::new(from.places.len());
        for condition in &from.conditions {
            self.join_condition(condition, &mut joined);
        }
        if let Some(selection) = &select.selection {
            self.condition(selection, &mut joined);
        }
        if let GroupByExpr::Expressions(exprs, modifiers) = &select.group_by {
            self.exprs(exprs);
            self.none_of(
                &[(!modifiers.is_empty(), "a modifier of GROUP BY")],
                span_of(select.span()),
            );
        } else {
            self.unsupported(span_of(select.span()), "GROUP BY ALL");
        }
        if let Some(having) = &select.having {
            self.expr(having);
        }
        for window in &select.named_window {
            match &window.1 {
                NamedWindowExpr::WindowSpec(spec) => self.window(spec),
                NamedWindowExpr::NamedWindow(name) => {
                    self.unsupported(span_of(name.span), "a window that is another's name");
                }
            }
        }
        self.products(&joined, &from.places);
        Shape {
            names,
            scope: self.scopes.pop(),
        }
    }

    fn select_only_reads(&mut self, select: &Select) {
        let span = span_of(select.span());
        if select.into.is_some() {
            self.report(
                Rule::ReadOnly,
                span.unwrap_or(self.around),
                "INTO writes and is not allowed",
            );
        }
        let odd = [
            (
                !select.optimizer_hints.is_empty(),
                "a hint to the optimizer",
            ),
            (
                matches!(select.distinct, Some(Distinct::On(_))),
                "DISTINCT ON",
            ),
            (select.select_modifiers.is_some(), "a modifier of SELECT"),
            (select.top.is_some(), "TOP"),
            (select.projection.is_empty(), "a query of no columns"),
            (select.exclude.is_some(), "EXCLUDE"),
            (!select.lateral_views.is_empty(), "LATERAL VIEW"),
            (select.prewhere.is_some(), "PREWHERE"),
            (!select.connect_by.is_empty(), "CONNECT BY"),
            (!select.cluster_by.is_empty(), "CLUSTER BY"),
            (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
            (!select.sort_by.is_empty(), "SORT BY"),
            (select.qualify.is_some(), "QUALIFY"),
            (select.value_table_mode.is_some(), "SELECT AS"),
            (
                select.flavor != SelectFlavor::Standard,
                "a query that begins with FROM",
            ),
        ];
        self.none_of(&odd, span);
    }

    fn projection(&mut self, items: &[SelectItem], span: Option<Span>) -> Names {
        let mut names = Some(Vec::new());
        let mut add = |more: Names| match (&mut names, more) {
            (Some(names), Some(more)) => names.extend(more),
            (names, _) => *names = None,
        };
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    self.expr(expr);
                    add(Some(vec![super::expr::name_of(expr)]));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expr(expr);
                    add(Some(vec![Some(alias.value.clone())]));
                }
                SelectItem::Wildcard(options) => add(self.wildcard(options)),
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    add(self.wildcard_of(name, options));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _) => {
                    self.unsupported(span, "`*` of an expression");
                }
                SelectItem::ExprWithAliases { .. } => {
                    self.unsupported(span, "an expression with several names");
                }
            }
        }
        names
    }

    /// `*`: everything of all relations, which must all be to be seen.
    fn wildcard(&mut self, options: &WildcardAdditionalOptions) -> Names {
        let span = self.plain_wildcard(options);
        let relations = self
            .scopes
            .innermost()
            .map(|scope| scope.relations.clone())
            .unwrap_or_default();
        if relations.iter().any(super::scope::Relation::hides_any) {
            self.hidden_star(span);
        }
        let names: Option<Vec<_>> = relations
            .iter()
            .map(super::scope::Relation::column_names)
            .collect();
        names.map(|names| names.concat())
    }

    /// `t.*`.
    fn wildcard_of(&mut self, name: &ObjectName, options: &WildcardAdditionalOptions) -> Names {
        self.plain_wildcard(options);
        let idents = idents(name)?;
        let span = span_of_idents(idents.iter().copied()).unwrap_or(self.around);
        let relations = self
            .scopes
            .innermost()
            .map(|scope| scope.relations.clone())
            .unwrap_or_default();
        let last = idents.last()?;
        let goes_by = |own: &str| self.dialect().same(own, &last.value);
        let Some(relation) = relations
            .iter()
            .find(|relation| relation.name.as_deref().is_some_and(goes_by))
        else {
            self.no_relation(last, span);
            return None;
        };
        if relation.hides_any() {
            self.hidden_star(span);
        }
        relation.column_names()
    }

    fn hidden_star(&mut self, span: Span) {
        let message = "`*` is not allowed over a table of which only some columns may be read";
        self.report_with(Rule::HiddenColumns, span, message, "name the columns");
    }

    fn plain_wildcard(&mut self, options: &WildcardAdditionalOptions) -> Span {
        let span = span_of(options.wildcard_token.0.span);
        let plain = options.opt_ilike.is_none()
            && options.opt_exclude.is_none()
            && options.opt_except.is_none()
            && options.opt_replace.is_none()
            && options.opt_rename.is_none()
            && options.opt_alias.is_none();
        self.none_of(&[(!plain, "`*` with more behind it")], span);
        span.unwrap_or(self.around)
    }

    fn order_and_limit(&mut self, query: &Query) {
        if let Some(order_by) = &query.order_by {
            match &order_by.kind {
                OrderByKind::Expressions(orders) => self.orders(orders),
                OrderByKind::All(_) => self.unsupported(span_of(query.span()), "ORDER BY ALL"),
            }
            self.none_of(&[(order_by.interpolate.is_some(), "INTERPOLATE")], None);
        }
        match &query.limit_clause {
            None => {}
            Some(LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            }) => {
                self.exprs(limit);
                self.exprs(offset.as_ref().map(|offset| &offset.value));
                self.none_of(&[(!limit_by.is_empty(), "LIMIT BY")], span_of(query.span()));
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                self.expr(offset);
                self.expr(limit);
            }
        }
    }
}

/// What may be named behind a query in parentheses: its columns.
fn named(names: &Names) -> Scope<'static> {
    let columns = names.clone().map_or(Columns::Unknown, Columns::Named);
    Scope {
        relations: vec![super::scope::Relation {
            name: None,
            columns,
        }],
        aliases: Vec::new(),
    }
}
