//! Tables and what joins them.

use larkspur_json::Span;
use sqlparser::ast::{
    Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Query, Spanned, TableAlias,
    TableFactor, TableWithJoins,
};

use super::{
    joined::Joined,
    lex::span_of,
    scope::{Columns, Relation, Scope},
    walk::{Walk, idents, span_of_idents},
};
use crate::{Rule, Table};

/// The relations of a `FROM`, and what joins them; conditions may name all of them, so they are walked later.
#[derive(Default)]
pub(super) struct From<'g, 'q> {
    pub(super) relations: Vec<Relation<'g>>,
    pub(super) places: Vec<Span>,
    pub(super) conditions: Vec<Condition<'q>>,
}

/// What joins the relations from `start` up to `middle` with those from there up to `end`.
pub(super) struct Condition<'q> {
    start: usize,
    middle: usize,
    end: usize,
    constraint: &'q JoinConstraint,
}

impl<'g> Walk<'g> {
    pub(super) fn from<'q>(&mut self, tables: &'q [TableWithJoins]) -> From<'g, 'q> {
        let mut from = From::default();
        for table in tables {
            self.table_with_joins(table, &mut from);
        }
        self.joins += from.relations.len().saturating_sub(1);
        from
    }

    fn table_with_joins<'q>(&mut self, table: &'q TableWithJoins, from: &mut From<'g, 'q>) {
        let start = from.relations.len();
        self.factor(&table.relation, from);
        for join in &table.joins {
            let middle = from.relations.len();
            self.factor(&join.relation, from);
            if let Some(constraint) = self.constraint(join) {
                from.conditions.push(Condition {
                    start,
                    middle,
                    end: from.relations.len(),
                    constraint,
                });
            }
        }
    }

    fn constraint<'q>(&mut self, join: &'q Join) -> Option<&'q JoinConstraint> {
        match &join.join_operator {
            JoinOperator::Join(constraint)
            | JoinOperator::Inner(constraint)
            | JoinOperator::Left(constraint)
            | JoinOperator::LeftOuter(constraint)
            | JoinOperator::Right(constraint)
            | JoinOperator::RightOuter(constraint)
            | JoinOperator::FullOuter(constraint)
            | JoinOperator::CrossJoin(constraint)
                if !join.global =>
            {
                Some(constraint)
            }
            _ => {
                self.unsupported(span_of(join.relation.span()), "this kind of join");
                None
            }
        }
    }

    fn factor<'q>(&mut self, factor: &'q TableFactor, from: &mut From<'g, 'q>) {
        let place = span_of(factor.span()).unwrap_or(self.around);
        let relation = match factor {
            TableFactor::Table { name, alias, .. } => {
                self.named_table(factor, name, alias.as_ref(), place)
            }
            TableFactor::Derived {
                lateral: false,
                subquery,
                alias,
                sample: None,
            } => self.derived(subquery, alias.as_ref(), place),
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => {
                return self.table_with_joins(table_with_joins, from);
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias,
            } => self.nested(table_with_joins, alias.as_ref(), place),
            _ => {
                self.unsupported(Some(place), "this kind of table");
                Relation {
                    name: None,
                    columns: Columns::Unknown,
                }
            }
        };
        from.relations.push(relation);
        from.places.push(place);
    }

    fn derived(
        &mut self,
        subquery: &Query,
        alias: Option<&TableAlias>,
        place: Span,
    ) -> Relation<'g> {
        let names = self.subquery(subquery);
        let name = self.alias(alias, place);
        Relation {
            name,
            columns: names.map_or(Columns::Unknown, Columns::Named),
        }
    }

    /// A join with a name of its own goes by that name alone, with the columns of all its tables.
    fn nested(
        &mut self,
        tables: &TableWithJoins,
        alias: Option<&TableAlias>,
        place: Span,
    ) -> Relation<'g> {
        let mut from = From::default();
        self.table_with_joins(tables, &mut from);
        self.joins += from.relations.len().saturating_sub(1);
        if from.relations.iter().any(Relation::hides_any) {
            let message =
                "a join over a table of which only some columns may be read has no name of its own";
            self.report_with(Rule::HiddenColumns, place, message, "leave the alias out");
        }
        let names: Option<Vec<_>> = from.relations.iter().map(Relation::column_names).collect();
        let mut joined = Joined::new(from.places.len());
        self.scopes.push(Scope {
            relations: from.relations,
            aliases: Vec::new(),
        });
        for condition in &from.conditions {
            self.join_condition(condition, &mut joined);
        }
        self.scopes.pop();
        self.products(&joined, &from.places);
        let columns = names.map_or(Columns::Unknown, |names| Columns::Named(names.concat()));
        Relation {
            name: self.alias(alias, place),
            columns,
        }
    }

    fn alias(&mut self, alias: Option<&TableAlias>, place: Span) -> Option<String> {
        let alias = alias?;
        if !alias.columns.is_empty() || alias.at.is_some() {
            self.unsupported(Some(place), "a table alias with columns");
        }
        Some(alias.name.value.clone())
    }

    fn named_table(
        &mut self,
        factor: &TableFactor,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        place: Span,
    ) -> Relation<'g> {
        let alias = self.alias(alias, place);
        let Some(idents) = idents(name).filter(|_| is_plain(factor)) else {
            self.unsupported(Some(place), "a table with arguments or hints");
            return Relation {
                name: alias,
                columns: Columns::Unknown,
            };
        };
        let columns = self.table(&idents, place);
        let own = idents.last().map(|ident| ident.value.clone());
        Relation {
            name: alias.or(own),
            columns,
        }
    }

    fn table(&mut self, idents: &[&Ident], place: Span) -> Columns<'g> {
        let place = span_of_idents(idents.iter().copied()).unwrap_or(place);
        let dialect = self.dialect();
        let (name, schema) = match idents {
            [name] => (name, None),
            [schema, name] => (name, Some(schema.value.as_str())),
            _ => {
                self.unsupported(Some(place), "a name of so many parts");
                return Columns::Unknown;
            }
        };
        if let ([_], Some(cte)) = (idents, self.scopes.cte(&name.value)) {
            let (open, columns) = (cte.open, cte.columns.clone());
            if open && !self.policy().recursion {
                let message = format!("the WITH query {} reads itself", super::shown(&name.value));
                self.report(Rule::Recursion, place, message);
            }
            return columns;
        }
        let catalog = self.guard.catalog();
        let in_schema = |table: &&'g Table| {
            let own = table.schema.as_deref().unwrap_or(dialect.main_schema());
            schema.is_none_or(|schema| dialect.same(own, schema))
        };
        if let Some(table) = catalog.meant(&name.value).filter(in_schema) {
            return Columns::Of(table);
        }
        let visibility = self.guard.visibility();
        if catalog.is_unknown()
            && schema.is_none_or(|schema| dialect.same(schema, dialect.main_schema()))
            && !dialect.is_of_system(&name.value)
            && visibility.shows_some_of(&name.value)
            // `t.f` may be a function of whole rows.
            && !(dialect.has_whole_rows() && visibility.hides_any_of(&name.value))
        {
            return Columns::Any {
                table: name.value.clone(),
                visibility,
            };
        }
        let message = format!("there is no table {}", super::shown(self.text(place)));
        let tables = catalog.tables.iter().map(|table| table.name.as_str());
        let hint = super::expr::listed("tables", tables);
        self.report_with(Rule::UnknownTable, place, message, hint);
        Columns::Unknown
    }

    pub(super) fn text(&self, span: Span) -> &'g str {
        span.of(self.sql).unwrap_or_default()
    }

    /// Walks what joins two relations, when all of them are known.
    pub(super) fn join_condition(&mut self, condition: &Condition<'_>, joined: &mut Joined) {
        match condition.constraint {
            JoinConstraint::None => {}
            JoinConstraint::On(expr) => self.condition(expr, joined),
            JoinConstraint::Using(columns) => {
                for column in columns {
                    self.using(column, condition, joined);
                }
            }
            JoinConstraint::Natural => {
                let hides = self.scopes.innermost().is_some_and(|scope| {
                    let both = scope.relations.get(condition.start..condition.end);
                    both.unwrap_or_default().iter().any(Relation::hides_any)
                });
                if hides {
                    let message = "NATURAL is not allowed over a table of which only some columns may be read";
                    self.report_with(
                        Rule::HiddenColumns,
                        self.around,
                        message,
                        "say the columns with ON or USING",
                    );
                }
                joined.join(condition.start..condition.end);
            }
        }
    }

    fn using(&mut self, column: &ObjectName, condition: &Condition<'_>, joined: &mut Joined) {
        let idents = idents(column).unwrap_or_default();
        let [ident] = idents.as_slice() else {
            return self.unsupported(span_of_idents(idents), "a dotted name in USING");
        };
        let has = |range: std::ops::Range<usize>| {
            let relations = self
                .scopes
                .innermost()
                .and_then(|scope| scope.relations.get(range));
            relations
                .unwrap_or_default()
                .iter()
                .any(|relation| match relation.column_names() {
                    Some(names) => names
                        .iter()
                        .flatten()
                        .any(|name| self.dialect().same(name, &ident.value)),
                    None => !relation.hides(&ident.value, self.dialect()),
                })
        };
        let (left, right) = (
            condition.start..condition.middle,
            condition.middle..condition.end,
        );
        if has(left) && has(right) {
            joined.join(condition.start..condition.end);
        } else {
            let message = format!(
                "there is no column {} on both sides of the join",
                super::shown(&ident.value)
            );
            self.report(
                Rule::UnknownColumn,
                span_of(ident.span).unwrap_or(self.around),
                message,
            );
        }
    }

    /// Walks a condition, and takes down which relations its conjuncts join.
    pub(super) fn condition(&mut self, condition: &Expr, joined: &mut Joined) {
        for conjunct in super::joined::conjuncts(condition) {
            let mark = self.scopes.mark();
            self.expr(conjunct);
            if super::joined::is_comparison(conjunct) {
                let depth = self.scopes.depth().saturating_sub(1);
                let here = self
                    .scopes
                    .since(mark)
                    .iter()
                    .filter(|touched| touched.depth == depth);
                joined.join(here.map(|touched| touched.relation));
            }
        }
    }

    /// Tells of the first relation that nothing joins with the first one.
    pub(super) fn products(&mut self, joined: &Joined, places: &[Span]) {
        if self.policy().cartesian_products {
            return;
        }
        if let Some(place) = joined.apart().and_then(|apart| places.get(apart)) {
            let message = format!(
                "no condition joins {} with the tables before it",
                super::shown(self.text(*place))
            );
            self.report_with(Rule::CartesianProduct, *place, message, "join it with ON");
        }
    }
}

/// A table with nothing about it that only other databases have.
fn is_plain(factor: &TableFactor) -> bool {
    matches!(
        factor,
        TableFactor::Table {
            args: None,
            with_hints,
            version: None,
            with_ordinality: false,
            partitions,
            json_path: None,
            sample: None,
            index_hints,
            ..
        } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty()
    )
}
