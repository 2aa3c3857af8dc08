//! Clauses over the tables of a shape.
//!
//! What is selected stands before the tables it comes from, so a reader cannot know yet which tables there will be. The rules
//! of the list therefore carry the set of tables that were named so far, and lead only to shapes that have all of them. So a
//! reader with one lexeme of foresight knows at each place which rule it is in, and no text has two readings.

use std::collections::{BTreeMap, BTreeSet};

use larkspur_grammar::grammar::{Expr, RuleId};

use super::{
    Common, Words,
    shapes::{Shape, Shapes},
    table::TableRules,
};
use crate::{Catalog, quote_name};

pub(super) struct Clauses<'a> {
    pub(super) words: &'a mut Words,
    pub(super) common: &'a Common,
    pub(super) tables: &'a [TableRules],
    pub(super) shapes: &'a Shapes,
    pub(super) catalog: &'a Catalog,
    /// Whether `count` is allowed.
    pub(super) counts: bool,
}

type Set = BTreeSet<usize>;

impl Clauses<'_> {
    /// The whole statement.
    pub(super) fn define(mut self) -> Expr {
        let bodies = self.bodies();
        let sets = self.sets();
        let ids: BTreeMap<Set, RuleId> = sets
            .iter()
            .map(|set| (set.clone(), self.words.builder.rule(&name("more", set))))
            .collect();
        for set in &sets {
            self.more(set, &ids, &bodies);
        }
        let (select, distinct) = (
            self.words.text("SELECT "),
            self.words.text("DISTINCT ").optional(),
        );
        let first = self.next_item(&Set::new(), &ids);
        let limit = self.common.limit.clone().optional();
        Expr::seq([select, distinct, first, limit])
    }

    /// All sets of tables that can have been named on the way to a shape.
    fn sets(&self) -> BTreeSet<Set> {
        let mut sets = BTreeSet::from([Set::new()]);
        for shape in &self.shapes.shapes {
            let mut of_shape = vec![Set::new()];
            for table in &shape.tables {
                let with: Vec<Set> = of_shape
                    .iter()
                    .map(|set| set.iter().copied().chain([*table]).collect())
                    .collect();
                of_shape.extend(with);
            }
            sets.extend(of_shape);
        }
        sets
    }

    /// An item, and what follows where these tables were named before it.
    fn next_item(&mut self, set: &Set, ids: &BTreeMap<Set, RuleId>) -> Expr {
        let alias = self.common.alias.clone();
        let mut ways = Vec::new();
        if let Some(id) = ids.get(set).filter(|_| self.counts) {
            let all = Expr::seq([
                self.words.text("count("),
                self.words.text("*"),
                self.words.text(")"),
            ]);
            ways.push(Expr::seq([all, alias.clone(), Expr::rule(*id)]));
        }
        for (table, rules) in self.tables.iter().enumerate() {
            let with: Set = set.iter().copied().chain([table]).collect();
            let Some(id) = ids.get(&with) else { continue };
            let item = Expr::alt(
                std::iter::once(&rules.value)
                    .chain(&rules.aggregate)
                    .cloned(),
            );
            ways.push(Expr::seq([item, alias.clone(), Expr::rule(*id)]));
        }
        Expr::alt(ways)
    }

    /// One more item, or the tables.
    fn more(&mut self, set: &Set, ids: &BTreeMap<Set, RuleId>, bodies: &BTreeMap<Set, Expr>) {
        let comma = self.words.text(", ");
        let item = self.next_item(set, ids);
        let mut ways = vec![Expr::seq([comma, item])];
        let from = self.words.text(" FROM ");
        let shapes: Vec<Shape> = self
            .shapes
            .shapes
            .iter()
            .filter(|shape| set.is_subset(&shape.tables))
            .cloned()
            .collect();
        let mut tables = Vec::new();
        for shape in &shapes {
            let joined = self.joined(shape);
            tables.push(Expr::seq(
                std::iter::once(joined).chain(bodies.get(&shape.tables).cloned()),
            ));
        }
        ways.push(Expr::seq([from, Expr::alt(tables)]));
        if let Some(id) = ids.get(set) {
            self.words.builder.define_rule(*id, Expr::alt(ways));
        }
    }

    /// `a JOIN b ON a.x = b.y`
    fn joined(&mut self, shape: &Shape) -> Expr {
        let table = |index: usize| {
            self.catalog
                .tables
                .get(index)
                .map_or_else(String::new, |table| quote_name(&table.name))
        };
        let first = table(shape.first);
        let joins: Vec<(String, &[(String, String)])> = shape
            .joins
            .iter()
            .map(|join| (table(join.table), join.on.as_slice()))
            .collect();
        let mut parts = vec![self.words.text(&first)];
        for (table, on) in joins {
            parts.extend([self.words.text(" JOIN "), self.words.text(&table)]);
            for (index, (left, right)) in on.iter().enumerate() {
                parts.push(self.words.text(if index == 0 { " ON " } else { " AND " }));
                parts.extend([
                    self.words.text(left),
                    self.words.text(" = "),
                    self.words.text(right),
                ]);
            }
        }
        Expr::seq(parts)
    }

    /// What follows the tables, for each set of them.
    fn bodies(&mut self) -> BTreeMap<Set, Expr> {
        let sets: BTreeSet<Set> = self
            .shapes
            .shapes
            .iter()
            .map(|shape| shape.tables.clone())
            .collect();
        sets.into_iter()
            .map(|set| {
                let body = self.body(&set);
                (set, body)
            })
            .collect()
    }

    fn of_all(
        &mut self,
        set: &Set,
        kind: &str,
        pick: impl Fn(&TableRules) -> Option<&Expr>,
    ) -> Option<Expr> {
        let ways: Vec<Expr> = set
            .iter()
            .filter_map(|table| self.tables.get(*table).and_then(&pick))
            .cloned()
            .collect();
        (!ways.is_empty()).then(|| self.words.rule(&name(kind, set), Expr::alt(ways)))
    }

    fn body(&mut self, set: &Set) -> Expr {
        let condition = self.condition(set);
        let filter = Expr::seq([self.words.text(" WHERE "), condition]).optional();
        let value = self
            .of_all(set, "value", |rules| Some(&rules.value))
            .unwrap_or(Expr::Empty);
        let column = self
            .of_all(set, "column", |rules| Some(&rules.column))
            .unwrap_or(Expr::Empty);
        let aggregate = self.of_all(set, "aggregate", |rules| rules.aggregate.as_ref());
        let plain = self.order(value.clone());
        let grouped = self.order(Expr::alt(std::iter::once(value).chain(aggregate.clone())));
        let columns = self.words.list(&column, 3);
        let having = aggregate.map(|aggregate| {
            let test = Expr::seq([
                aggregate,
                self.common.comparison.clone(),
                self.common.number.clone(),
            ]);
            let also = Expr::seq([self.words.text(" AND "), test.clone()]).repeat(0, Some(2));
            Expr::seq([self.words.text(" HAVING "), test, also]).optional()
        });
        let group = [self.words.text(" GROUP BY "), columns]
            .into_iter()
            .chain(having)
            .chain([grouped.optional()]);
        let rest = Expr::alt([plain, Expr::seq(group)]);
        let rest = self.words.rule(&name("rest", set), rest);
        Expr::seq([filter, rest.optional()])
    }

    fn order(&mut self, of: Expr) -> Expr {
        let direction = self.common.direction.clone().optional();
        let ordering = self.words.list(&Expr::seq([of, direction]), 3);
        Expr::seq([self.words.text(" ORDER BY "), ordering])
    }

    /// Parentheses do not nest, so that a text is bounded in depth.
    fn condition(&mut self, set: &Set) -> Expr {
        let predicate = self
            .of_all(set, "predicate", |rules| Some(&rules.predicate))
            .unwrap_or(Expr::Empty);
        let (or, and) = (self.words.text(" OR "), self.words.text(" AND "));
        let either = Expr::seq([
            predicate.clone(),
            Expr::seq([or.clone(), predicate.clone()]).repeat(1, Some(3)),
        ]);
        let group = Expr::seq([self.words.text("("), either, self.words.text(")")]);
        let term = Expr::seq([
            self.words.text("NOT ").optional(),
            Expr::alt([group, predicate]),
        ]);
        let term = self.words.rule(&name("term", set), term);
        let all = Expr::seq([term.clone(), Expr::seq([and, term]).repeat(0, Some(4))]);
        let all = self.words.rule(&name("all", set), all);
        let body = Expr::seq([all.clone(), Expr::seq([or, all]).repeat(0, Some(3))]);
        self.words.rule(&name("condition", set), body)
    }
}

/// `kind_0_2`: the places of the tables in the catalog.
fn name(kind: &str, set: &Set) -> String {
    set.iter()
        .fold(kind.to_owned(), |name, table| format!("{name}_{table}"))
}
