//! Queries within queries, from the inside out.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    super::{scope::name, sources::Scope},
    against::{Against, against},
    kinds::{Kind, Of},
    query::{Statement, Tables},
    rows::Rows,
    steps::Derived,
};

/// The queries of one depth, for those around them.
pub(super) struct Level {
    /// What values are held against with them.
    pub(super) against: Against,
    /// Sentences about rows of single tables.
    pub(super) conditions: BTreeMap<usize, Expr>,
    /// Queries of one value, in parentheses.
    pub(super) single: Option<Expr>,
    /// Set operations, whose rows can be counted.
    pub(super) sets: Vec<Expr>,
    /// Those that are read in a `FROM` or `WITH`; of the last depth only.
    pub(super) derived: Derived,
}

/// What the queries of a level can select.
#[derive(Default)]
struct Ways {
    /// A column of many rows, by its type.
    many: Of<Vec<Expr>>,
    /// One value.
    one: Of<Vec<Expr>>,
}

impl Statement<'_> {
    /// The queries of this depth, in which those of the level below may stand.
    pub(super) fn level(
        &mut self,
        tables: &Tables,
        depth: usize,
        inner: Option<&Level>,
        is_last: bool,
    ) -> Level {
        let (mut ways, mut derived) = (Ways::default(), Derived::default());
        let mut conditions = BTreeMap::new();
        for scope in self.all.scopes.clone() {
            let Some(rows) = self.rows(&scope, tables, depth, inner) else {
                continue;
            };
            if let (1, Some(index)) = (scope.len(), scope.first()) {
                conditions.insert(*index, rows.test.clone());
            }
            self.select(&scope, &rows, depth, &mut ways);
            if is_last {
                let key = name("", &scope);
                self.derive(&key, &rows, inner, &mut derived);
            }
        }
        let mut sets = Vec::new();
        let many = ways.many.map(|kind, ways| {
            (!ways.is_empty()).then(|| self.query(kind, depth, Expr::alt(ways.clone()), &mut sets))
        });
        let one = ways.one.map(|kind, ways| {
            let body = [
                self.words.text("("),
                self.words.text("SELECT "),
                Expr::alt(ways.clone()),
                self.words.text(")"),
            ];
            let name = format!("one{depth}_{}", kind.name());
            (!ways.is_empty()).then(|| self.words.rule(&name, Expr::seq(body)))
        });
        let ones = Of::KINDS.map(|kind| kind.of(&one).clone());
        let ones: Vec<Expr> = ones.into_iter().flatten().collect();
        let single = (!ones.is_empty()).then(|| {
            let any = Expr::alt(ones);
            self.words.rule(&format!("single{depth}"), any)
        });
        Level {
            against: against(self.words, self.common, depth + 1, &many, &one),
            conditions,
            single,
            sets,
            derived,
        }
    }

    /// What queries over a scope can select.
    fn select(&mut self, scope: &Scope, rows: &Rows<'_>, depth: usize, ways: &mut Ways) {
        let columns = rows.columns();
        let from = rows.from.clone();
        for kind in Of::KINDS {
            let column = kind.of(&columns).clone();
            let way = column.map(|column| Expr::seq([column, from.clone()]));
            kind.of_mut(&mut ways.many).extend(way);
        }
        let behind = self.behind(&name("", scope), rows);
        let mut aggregates = rows.aggregates();
        aggregates.number = behind.number;
        for kind in Of::KINDS {
            let aggregate = kind.of(&aggregates).clone();
            let way = aggregate.map(|aggregate| Expr::seq([aggregate, from.clone()]));
            kind.of_mut(&mut ways.one).extend(way);
        }
        if columns.number.is_none() && columns.text.is_none() {
            return;
        }
        let first = self.first(scope, rows, depth);
        for kind in [Kind::Number, Kind::Text] {
            let column = kind.of(&columns).clone();
            let way = column.map(|column| Expr::seq([column, first.clone()]));
            kind.of_mut(&mut ways.one).extend(way);
        }
    }

    /// The first row, or group of one column, in some order.
    fn first(&mut self, scope: &Scope, rows: &Rows<'_>, depth: usize) -> Expr {
        let behind = self.behind(&name("", scope), rows);
        let group = self.words.text(" GROUP BY 1");
        let groups = behind.grouped.map(|order| Expr::seq([group, order]));
        let first = Expr::alt(std::iter::once(behind.order).chain(groups));
        let body = Expr::seq([rows.from.clone(), first, self.words.text(" LIMIT 1")]);
        self.words
            .rule(&name(&format!("first{depth}"), scope), body)
    }

    /// A query of one column.
    fn query(&mut self, kind: Kind, depth: usize, ways: Expr, sets: &mut Vec<Expr>) -> Expr {
        let kind = kind.name();
        let column = [self.words.text("SELECT "), ways];
        let column = self
            .words
            .rule(&format!("column{depth}_{kind}"), Expr::seq(column));
        let plain = Expr::seq([column.clone(), self.groups.clone().optional()]);
        let limit = self.common.limit.clone().optional();
        let set = self.policy.set_operations.then(|| {
            let more = [self.common.set_operation.clone(), column.clone()];
            let set = [column, Expr::seq(more).repeat(1, Some(2))];
            self.words
                .rule(&format!("set{depth}_{kind}"), Expr::seq(set))
        });
        sets.extend(set.clone());
        let body = Expr::seq([Expr::alt(std::iter::once(plain).chain(set)), limit]);
        self.words.rule(&format!("query{depth}_{kind}"), body)
    }

    /// What the rows that a key relates to each row of a scope come to.
    pub(super) fn totals(&mut self, scope: &Scope, tables: &Tables, inner: &Level) -> Vec<Expr> {
        let mut ways = Vec::new();
        for (index, condition) in &inner.conditions {
            let alone = tables.of(&Scope::from([*index])).unwrap_or_default();
            let aggregates = alone.iter().filter_map(|rules| rules.aggregate.clone());
            let aggregates = aggregates.chain(self.common.calls.count_all.clone());
            let aggregates: Vec<Expr> = aggregates.collect();
            if scope.contains(index) || aggregates.is_empty() {
                continue;
            }
            let edges: Vec<usize> = self.all.between(scope, *index).collect();
            let any = Expr::alt(aggregates);
            ways.extend(edges.into_iter().filter_map(|edge| {
                let select = ["(", "SELECT "].map(|text| self.words.text(text));
                let what = [any.clone(), self.words.text(" FROM ")];
                let head = Expr::seq(select.into_iter().chain(what));
                self.related("total", edge, *index, head, condition)
            }));
        }
        ways
    }

    /// A query of the rows of a source that a key relates to a row.
    pub(super) fn related(
        &mut self,
        kind: &str,
        edge: usize,
        index: usize,
        head: Expr,
        condition: &Expr,
    ) -> Option<Expr> {
        let (source, key) = (self.all.list.get(index)?, self.keys.get(edge)?.clone());
        let name = format!("{kind}_{edge}_{index}");
        Some(self.shared(&name, |own| {
            Expr::seq([
                head,
                own.words.text(&source.from),
                own.words.text(" WHERE "),
                key,
                Expr::seq([own.words.text(" AND "), condition.clone()]).repeat(0, Some(3)),
                own.words.text(")"),
            ])
        }))
    }
}
