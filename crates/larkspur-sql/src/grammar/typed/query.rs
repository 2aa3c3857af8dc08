//! Whole queries over sets of tables.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    super::{
        Joins, Words,
        scope::name,
        sources::{Scope, Source, Sources},
        spelling::{Rules, Spelling},
        table::suffix,
    },
    from,
    table::{Against, Making, TableRules, class},
    words::Common,
};
use crate::{Catalog, Column, MissingLimit, Policy, Table};

/// Most columns that rows are grouped by, and of a query with `DISTINCT`.
const GROUPS: usize = 3;

/// Makes the rules of a statement.
pub(super) struct Statement<'a> {
    pub(super) words: &'a mut Words,
    pub(super) common: &'a Common,
    policy: &'a Policy,
    catalog: &'a Catalog,
    pub(super) all: &'a Sources,
    spelling: &'a Spelling,
    pub(super) joins: Joins,
    /// What is equal along each key.
    pub(super) keys: Vec<Expr>,
    pub(super) froms: BTreeMap<Scope, Option<Expr>>,
}

pub(super) type Tables = Rules<TableRules>;

/// Where rows come from, with what can be said of them.
struct Rows<'t> {
    /// ` FROM …`, and ` WHERE …` if there is one.
    from: Expr,
    of: Vec<&'t TableRules>,
    /// Whether `*` shows no more than is to be seen.
    shows_all: bool,
}

impl<'t> Rows<'t> {
    /// What any of the tables has.
    fn any(&self, pick: impl Fn(&'t TableRules) -> Option<Expr>) -> Option<Expr> {
        let ways: Vec<Expr> = self.of.iter().filter_map(|rules| pick(rules)).collect();
        (!ways.is_empty()).then(|| Expr::alt(ways))
    }
}

impl<'a> Statement<'a> {
    pub(super) fn new(
        words: &'a mut Words,
        common: &'a Common,
        policy: &'a Policy,
        catalog: &'a Catalog,
        (all, spelling): (&'a Sources, &'a Spelling),
        joins: Joins,
    ) -> Self {
        let keys = from::keys(words, all);
        Self {
            words,
            common,
            policy,
            catalog,
            all,
            spelling,
            joins,
            keys,
            froms: BTreeMap::new(),
        }
    }

    /// Queries within queries are one deep.
    pub(super) fn define(mut self, depth: usize) -> Option<Expr> {
        let against = Against::define(self.words, self.common, 0, &[None, None, None, None]);
        let tables = self.tables(&against);
        if depth == 0 {
            return self.outermost(&tables, None, None);
        }
        let (mut queries, mut derived) = (<[Vec<Expr>; 4]>::default(), Vec::new());
        let mut conditions = BTreeMap::new();
        for scope in self.all.scopes.clone() {
            let Some(rows) = self.rows(&scope, &tables, 0, None) else {
                continue;
            };
            if let [rules] = rows.of.as_slice() {
                conditions.extend(scope.first().map(|index| (*index, rules.predicate.clone())));
            }
            let columns = [
                rows.any(|of| of.numbers.clone()),
                rows.any(|of| of.number_aggregate.clone()),
                rows.any(|of| of.texts.clone()),
                rows.any(|of| of.date_aggregate.clone()),
            ];
            for (ways, column) in queries.iter_mut().zip(columns) {
                ways.extend(column.map(|column| Expr::seq([column, rows.from.clone()])));
            }
            derived.extend(self.derived(&rows));
        }
        let select = self.words.text("SELECT ");
        let mut place = 0;
        let queries = queries.map(|ways| {
            place += 1;
            let query = Expr::seq([select.clone(), Expr::alt(ways.clone())]);
            (!ways.is_empty()).then(|| self.words.rule(&format!("query{place}"), query))
        });
        let [numbers, number, texts, date] = queries;
        let (open, close) = (self.words.text("("), self.words.text(")"));
        let one = |query: Option<Expr>| {
            query.map(|query| Expr::seq([open.clone(), query, close.clone()]))
        };
        let queries = [numbers, one(number), texts, one(date)];
        let deeper = Against::define(self.words, self.common, 1, &queries);
        let derived = (!derived.is_empty()).then(|| {
            self.words
                .rule("derived", Expr::seq([select.clone(), Expr::alt(derived)]))
        });
        self.outermost(&tables, Some((&deeper, &conditions)), derived)
    }

    fn tables(&mut self, against: &Against) -> Tables {
        let (words, common, dialect) = (&mut *self.words, self.common, self.catalog.dialect());
        Rules::define(self.all, self.spelling, |source, spelled, suffix| {
            let making = Making::new(words, common, against, suffix);
            making.rules(&source.table, spelled, dialect)
        })
    }

    /// `SELECT text AS c1, count(*) AS c2 … GROUP BY 1`, without its first word.
    fn derived(&mut self, rows: &Rows<'_>) -> Option<Expr> {
        let text = rows.any(|of| of.texts.clone())?;
        let aggregates = rows.any(|of| of.number_aggregate.clone()).into_iter();
        let aggregates: Vec<Expr> = aggregates
            .chain(self.common.calls.count_all.clone())
            .collect();
        let (first, second) = (self.words.text(" AS c1, "), self.words.text(" AS c2"));
        let group = self.words.text(" GROUP BY 1");
        (!aggregates.is_empty()).then(|| {
            Expr::seq([
                text,
                first,
                Expr::alt(aggregates),
                second,
                rows.from.clone(),
                group,
            ])
        })
    }

    fn outermost(
        &mut self,
        tables: &Tables,
        deeper: Option<(&Against, &BTreeMap<usize, Expr>)>,
        derived: Option<Expr>,
    ) -> Option<Expr> {
        let select = self.words.text("SELECT ");
        let (mut ways, mut sets) = (Vec::new(), <[Vec<Expr>; 3]>::default());
        for scope in self.all.scopes.clone() {
            let Some(rows) = self.rows(&scope, tables, 1, deeper) else {
                continue;
            };
            for (ways, column) in sets.iter_mut().zip([
                rows.any(|of| of.number.clone()),
                rows.any(|of| Some(of.text.clone())),
                rows.any(|of| of.dates.clone()),
            ]) {
                ways.extend(column.map(|column| Expr::seq([column, rows.from.clone()])));
            }
            let body = self.queries(&rows);
            ways.push(self.words.rule(&name("select", &scope), body));
        }
        if ways.is_empty() {
            return None;
        }
        let mut withs = Vec::new();
        if let Some(derived) = derived {
            self.of_derived(&derived, &mut ways, &mut withs);
        }
        let mut all = vec![Expr::seq([select.clone(), Expr::alt(ways)])];
        all.extend(withs);
        for (place, ways) in sets.into_iter().enumerate() {
            if !self.policy.set_operations || ways.is_empty() {
                continue;
            }
            let distinct = self.words.text("DISTINCT ").optional();
            let operand = Expr::seq([select.clone(), distinct, Expr::alt(ways)]);
            let operand = self.words.rule(&format!("operand{place}"), operand);
            let more = Expr::seq([self.common.set_operation.clone(), operand.clone()]);
            let order = self.places(1);
            all.push(Expr::seq([
                operand,
                more.repeat(1, Some(2)),
                order.optional(),
            ]));
        }
        let limit = self.common.limit.clone();
        let rule = self.policy.limit;
        let must = rule.is_some_and(|limit| limit.missing == MissingLimit::Refuse);
        let limit = if must { limit } else { limit.optional() };
        Some(Expr::seq([Expr::alt(all), limit]))
    }

    /// Queries over groups that another query made, in `FROM` and in `WITH`.
    fn of_derived(&mut self, derived: &Expr, ways: &mut Vec<Expr>, withs: &mut Vec<Expr>) {
        let source = Source::step(self.catalog, 1, 0);
        let columns = [
            Column::new("c1", "text"),
            Column::new("c2", "double precision"),
        ];
        let table = Table::new(source.table.name, columns);
        let plain = Against::define(self.words, self.common, 2, &[None, None, None, None]);
        let suffix = suffix(&table.name, self.all.list.len());
        let spelled = self.spelling.alone(&table);
        let making = Making::new(self.words, self.common, &plain, &suffix);
        let Some(rules) = making.rules(&table, &spelled, self.catalog.dialect()) else {
            return;
        };
        let called = self.words.text(&source.from);
        let (open, close) = (self.words.text("("), self.words.text(") AS "));
        let from = [
            self.words.text(" FROM "),
            open,
            derived.clone(),
            close,
            called.clone(),
        ];
        let rows = self.filtered(Expr::seq(from), vec![&rules], "filter_derived", Vec::new());
        let body = self.queries(&rows);
        ways.push(self.words.rule("select_derived", body));
        if self.policy.ctes {
            let (with, open) = (self.words.text("WITH "), self.words.text(" AS ("));
            let head = [
                with,
                called.clone(),
                open,
                derived.clone(),
                self.words.text(") SELECT "),
            ];
            let from = Expr::seq([self.words.text(" FROM "), called]);
            let rows = self.filtered(from, vec![&rules], "filter_with", Vec::new());
            let body = self.queries(&rows);
            let body = self.words.rule("select_with", body);
            withs.push(Expr::seq(head.into_iter().chain([body])));
        }
    }

    /// What stands behind `SELECT`: rows, rows without doubles, numbers about all rows, and about groups.
    fn queries(&mut self, rows: &Rows<'_>) -> Expr {
        let common = self.common;
        let value = rows.any(|of| Some(of.value.clone())).unwrap_or(Expr::Empty);
        let named = |of: Expr| Expr::seq([of, common.alias.clone()]);
        let item =
            Expr::alt(std::iter::once(value.clone()).chain(rows.any(|of| of.window.clone())));
        let items = self.words.list(&named(item), 11);
        let items =
            Expr::alt(std::iter::once(items).chain(rows.shows_all.then(|| self.words.text("*"))));
        let ordered = rows.any(|of| Some(of.ordered.clone()));
        let order = self.order(ordered.unwrap_or(Expr::Empty));
        let mut ways = vec![Expr::seq([items, rows.from.clone(), order.optional()])];
        for groups in 1..=GROUPS {
            let distinct = self.words.text("DISTINCT ");
            let items = self.exactly(&named(value.clone()), groups);
            ways.push(Expr::seq([
                distinct,
                items,
                rows.from.clone(),
                self.places(groups).optional(),
            ]));
        }
        let aggregates = rows
            .any(|of| of.aggregate.clone())
            .into_iter()
            .chain(common.calls.count_all.clone());
        let aggregates: Vec<Expr> = aggregates.collect();
        if aggregates.is_empty() {
            return Expr::alt(ways);
        }
        let aggregate = Expr::alt(aggregates);
        let having = self.having(rows).optional();
        let some = self.words.list(&named(aggregate.clone()), 5);
        ways.push(Expr::seq([some, rows.from.clone(), having.clone()]));
        for groups in 1..=GROUPS {
            let items = self.exactly(&named(value.clone()), groups);
            let more = Expr::seq([self.words.text(", "), named(aggregate.clone())]);
            let places: Vec<String> = (1..=groups).map(|place| place.to_string()).collect();
            let group = self.words.text(&format!(" GROUP BY {}", places.join(", ")));
            let order = Expr::alt([self.places(groups), self.order(aggregate.clone())]).optional();
            ways.push(Expr::seq([
                items,
                more.repeat(0, Some(4)),
                rows.from.clone(),
                group,
                having.clone(),
                order,
            ]));
        }
        Expr::alt(ways)
    }

    fn having(&mut self, rows: &Rows<'_>) -> Expr {
        let (common, mut ways) = (self.common, Vec::new());
        ways.extend(rows.any(|of| of.number_aggregate.clone()));
        ways.extend(common.calls.count_all.clone());
        let test = Expr::seq([
            Expr::alt(ways),
            common.comparison.clone(),
            common.number.clone(),
        ]);
        let more = Expr::seq([common.junction.clone(), test.clone()]);
        Expr::seq([self.words.text(" HAVING "), test, more.repeat(0, Some(2))])
    }

    fn order(&mut self, of: Expr) -> Expr {
        let direction = self.common.direction.clone().optional();
        let list = self.words.list(&Expr::seq([of, direction]), 2);
        Expr::seq([self.words.text(" ORDER BY "), list])
    }

    /// ` ORDER BY` the places of so many columns.
    fn places(&mut self, most: usize) -> Expr {
        let places: Vec<String> = (1..=most).map(|place| place.to_string()).collect();
        let place = places.iter().map(|place| self.words.text(place));
        let place = Expr::alt(place.collect::<Vec<_>>());
        self.order(place)
    }

    fn exactly(&mut self, item: &Expr, number: usize) -> Expr {
        let comma = self.words.text(", ");
        let rest = (1..number).flat_map(|_| [comma.clone(), item.clone()]);
        Expr::seq(std::iter::once(item.clone()).chain(rest))
    }

    /// The rows of a set of tables that can be joined, each of which has a column to be compared.
    fn rows<'t>(
        &mut self,
        scope: &Scope,
        tables: &'t Tables,
        depth: usize,
        deeper: Option<(&Against, &BTreeMap<usize, Expr>)>,
    ) -> Option<Rows<'t>> {
        let of = tables.of(scope)?;
        let from = self.from(scope, tables)?;
        let from = Expr::seq([self.words.text(" FROM "), from]);
        let mut more = Vec::new();
        if let Some((against, conditions)) = deeper {
            for rules in &of {
                more.extend(queried(rules, against));
            }
            more.extend(self.exists(scope, conditions));
        }
        let shows_all = scope.iter().all(|index| {
            let source = self.all.list.get(*index);
            source.is_some_and(|source| {
                !source.hides
                    && source
                        .table
                        .columns
                        .iter()
                        .all(|column| class(column).is_some())
            })
        });
        let mut rows = self.filtered(from, of, &name(&format!("filter{depth}"), scope), more);
        rows.shows_all = shows_all;
        Some(rows)
    }

    /// Rows with a condition that may be left out. Parentheses do not nest, so that a text is bounded in depth.
    fn filtered<'t>(
        &mut self,
        from: Expr,
        of: Vec<&'t TableRules>,
        name: &str,
        more: Vec<Expr>,
    ) -> Rows<'t> {
        let predicates = of.iter().map(|rules| rules.predicate.clone());
        let predicate = Expr::alt(predicates.chain(more));
        let predicate = self.words.rule(&format!("test_{name}"), predicate);
        let junction = self.common.junction.clone();
        let also = Expr::seq([junction.clone(), predicate.clone()]);
        let (open, close) = (self.words.text("("), self.words.text(")"));
        let group = Expr::seq([open, predicate.clone(), also.repeat(1, Some(3)), close]);
        let term = Expr::seq([
            self.words.text("NOT ").optional(),
            Expr::alt([group, predicate]),
        ]);
        let term = self.words.rule(&format!("term_{name}"), term);
        let also = Expr::seq([junction, term.clone()]);
        let filter = [self.words.text(" WHERE "), term, also.repeat(0, Some(5))];
        let from = Expr::seq([from, Expr::seq(filter).optional()]);
        Rows {
            from: self.words.rule(name, from),
            of,
            shows_all: true,
        }
    }
}

/// A value held against what a query gives.
fn queried(rules: &TableRules, against: &Against) -> Vec<Expr> {
    let pairs = [
        (&rules.number, &against.number),
        (&rules.texts, &against.text),
        (&rules.dates, &against.date),
    ];
    let held = pairs
        .into_iter()
        .filter_map(|(value, against)| Some(Expr::seq([value.clone()?, against.clone()])));
    held.collect()
}
