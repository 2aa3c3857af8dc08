//! Whole queries, from the inside out: those that stand deepest first.
//!
//! What is selected stands before the sources it comes from. So the list of every scope is read side by side until the `FROM` says
//! which of them it was; what they list are rules of single tables, which they share.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    Common, Joins, Words,
    scope::{Body, Inner, ScopeRules, at, name},
    sources::{Scope, Source, Sources},
    spelling::{Rules, Spelling},
    steps,
    table::TableRules,
};
use crate::{Catalog, MissingLimit, Policy};

/// Most columns of a query in a `FROM` or `WITH`, and of set operations.
pub(super) const ARITY: usize = 3;

/// Most columns of the whole query.
const LIST: u32 = 12;

/// Makes the rules of a statement.
pub(super) struct Statement<'a> {
    pub(super) words: &'a mut Words,
    pub(super) common: &'a Common,
    pub(super) policy: &'a Policy,
    pub(super) catalog: &'a Catalog,
    pub(super) all: &'a Sources,
    pub(super) spelling: &'a Spelling,
    pub(super) joins: Joins,
    pub(super) depth: usize,
    /// Most tables of one `SELECT`.
    pub(super) max_tables: usize,
    /// Whether a `WITH` can have several queries.
    pub(super) several: bool,
    /// Whether any query may stand in an `EXISTS`, not only one along a key.
    pub(super) exists_any: bool,
    /// What is equal along each key.
    pub(super) on: BTreeMap<usize, Expr>,
    /// That there is a row: for a depth, a key and a source.
    pub(super) rows: BTreeMap<(usize, usize, usize), Expr>,
    /// What a value is held against, for each depth.
    pub(super) against: Vec<Expr>,
    /// An aggregate of the rows that a key relates to a row: for a key and a source.
    pub(super) totals: BTreeMap<(usize, usize), Expr>,
    /// Aggregates over single sources.
    pub(super) aggregates: BTreeMap<usize, Expr>,
}

/// The scopes with what can be said of each.
pub(super) type Scopes = [(Scope, ScopeRules)];

pub(super) type Tables = Rules<TableRules>;

/// Sides of set operations that go together: their kind, and how many columns they have.
pub(super) type Operands = BTreeMap<(&'static str, usize), Vec<Expr>>;

/// The queries of one depth, for those around them.
pub(super) struct Level {
    /// Of one column.
    query: Expr,
    /// The same in parentheses.
    one: Expr,
    /// Set operations whose rows can be counted: of one column, or of all columns.
    sets: Vec<Expr>,
    /// Of one column that is called `c1`, of two, of three.
    pub(super) derived: Vec<Expr>,
    /// Further conditions over each scope, behind a key, and what stands behind what is selected of it.
    also: BTreeMap<Scope, Expr>,
    pub(super) bodies: BTreeMap<Scope, Expr>,
}

impl Level {
    /// What stands within queries over tables.
    pub(super) const fn within(&self) -> Inner<'_> {
        Inner {
            one: &self.one,
            also: &self.also,
        }
    }
}

impl<'a> Statement<'a> {
    /// A statement of single tables without queries in it.
    pub(super) fn new(
        words: &'a mut Words,
        common: &'a Common,
        policy: &'a Policy,
        catalog: &'a Catalog,
        (all, spelling): (&'a Sources, &'a Spelling),
    ) -> Self {
        Self {
            words,
            common,
            policy,
            catalog,
            all,
            spelling,
            joins: Joins::Keys,
            depth: 0,
            max_tables: 1,
            several: false,
            exists_any: false,
            on: BTreeMap::new(),
            rows: BTreeMap::new(),
            against: Vec::new(),
            totals: BTreeMap::new(),
            aggregates: BTreeMap::new(),
        }
    }

    pub(super) fn define(mut self) -> Expr {
        let tables = self.tables();
        let scopes = self.scopes(&tables);
        let mut levels: Vec<Level> = Vec::new();
        for depth in 0..self.depth {
            levels.push(self.level(&scopes, depth, levels.last()));
        }
        self.outermost(&scopes, &levels)
    }

    /// The rules of what stands in any scope.
    fn tables(&mut self) -> Tables {
        let (words, common, policy) = (&mut *self.words, self.common, self.policy);
        Rules::define(self.all, self.spelling, |source, spelled, suffix| {
            let table = &source.table;
            Some(TableRules::define(
                words, common, policy, table, spelled, suffix,
            ))
        })
    }

    fn scopes(&mut self, tables: &Tables) -> Vec<(Scope, ScopeRules)> {
        let mut known = BTreeMap::new();
        let mut scopes = Vec::new();
        for scope in self.all.scopes.clone() {
            if let Some(from) = self.from(&scope, tables, &mut known) {
                let rules = self.scope_rules(&scope, tables, Some(from));
                if let (1, Some(index), Some(aggregate)) =
                    (scope.len(), scope.first(), &rules.aggregate)
                {
                    self.aggregates.insert(*index, aggregate.clone());
                }
                scopes.push((scope, rules));
            }
        }
        scopes
    }

    /// What a value is held against, but for other columns.
    pub(super) fn held_against(&mut self, depth: usize, inner: Option<&Level>) {
        let (words, common) = (&mut *self.words, self.common);
        let literal = || common.literal.clone();
        let list = words.list(&literal(), 50);
        let query = inner.map(|inner| inner.query.clone());
        let one = inner.map(|inner| inner.one.clone());
        let held = Expr::alt(std::iter::once(literal()).chain(one));
        let within = Expr::alt(std::iter::once(list).chain(query));
        let mut ways = vec![
            Expr::seq([common.comparison.clone(), held]),
            common.null.clone(),
            Expr::seq([
                common.between.clone(),
                literal(),
                words.text(" AND "),
                literal(),
            ]),
            Expr::seq([common.within.clone(), within, words.text(")")]),
        ];
        let like = common.functions.like.clone();
        ways.extend(like.map(|like| Expr::seq([like, common.text.clone()])));
        let against = words.rule(&format!("against{depth}"), Expr::alt(ways));
        self.against.push(against);
    }

    /// The queries that may stand within others.
    pub(super) fn level(&mut self, scopes: &Scopes, depth: usize, inner: Option<&Level>) -> Level {
        self.held_against(depth, inner);
        let within = inner.map(Level::within);
        let (mut ones, mut operands) = (Vec::new(), Vec::new());
        // Those of the outermost query only.
        let is_last = depth + 1 == self.depth;
        let mut derived = vec![Vec::new(); if is_last { ARITY } else { 0 }];
        let mut wholes = Operands::default();
        let (mut also, mut bodies) = (BTreeMap::new(), BTreeMap::new());
        for (scope, rules) in scopes {
            let (body, term) = self.body(scope, rules, depth, within.as_ref());
            also.insert(scope.clone(), self.also(&term));
            bodies.insert(scope.clone(), body.ordered.clone());
            ones.push(Expr::seq([rules.item.clone(), body.ordered.clone()]));
            if let Some(plain) = &body.plain {
                operands.push(Expr::seq([rules.item.clone(), plain.clone()]));
                if is_last {
                    self.whole(scope, rules, plain, &mut wholes);
                }
            }
            for (more, ways) in derived.iter_mut().enumerate() {
                let list = self.named_list(&rules.item, more + 1);
                ways.push(Expr::seq([list, body.ordered.clone()]));
            }
        }
        let limit = self.common.limit.clone().optional();
        let head = self.head();
        let set = self.policy.set_operations.then(|| {
            let operand = self.operand(operands, ("operand", 1), depth);
            Expr::seq([self.set_of(&operand), limit.clone()])
        });
        let wholes = wholes.into_iter().map(|(kind, ways)| {
            let operand = self.operand(ways, kind, depth);
            Expr::seq([self.set_of(&operand), limit.clone()])
        });
        let sets = set.iter().cloned().chain(wholes.collect::<Vec<_>>());
        let sets = sets.collect();
        let single = Expr::seq([head.clone(), Expr::alt(ones), limit.clone()]);
        let query = Expr::alt(std::iter::once(single).chain(set));
        let query = self.words.rule(&format!("query{depth}"), query);
        let (open, close) = (self.words.text("("), self.words.text(")"));
        let one = Expr::seq([open, query.clone(), close]);
        let derived = derived.into_iter().enumerate().map(|(more, ways)| {
            let body = Expr::seq([head.clone(), Expr::alt(ways), limit.clone()]);
            self.words
                .rule(&format!("derived{depth}_{}", more + 1), body)
        });
        Level {
            query,
            one,
            sets,
            derived: derived.collect(),
            also,
            bodies,
        }
    }

    /// The whole statement.
    fn outermost(&mut self, scopes: &Scopes, levels: &[Level]) -> Expr {
        let (depth, inner) = (self.depth, levels.last());
        self.held_against(depth, inner);
        let within = inner.map(Level::within);
        let mut selects = Vec::new();
        let mut operands = Operands::default();
        for (scope, rules) in scopes {
            let (body, _) = self.body(scope, rules, depth, within.as_ref());
            let list = self.list(scope, rules, within.as_ref());
            selects.push(Expr::seq([list, body.ordered.clone()]));
            self.operands(scope, rules, &body, &mut operands);
        }
        let withs = self.of_queries(&mut selects, levels);
        let head = self.head();
        let mut ways = vec![Expr::seq([head, Expr::alt(selects)])];
        for (kind, of_kind) in operands {
            let operand = self.operand(of_kind, kind, depth);
            ways.push(self.set_of(&operand));
        }
        ways.extend(withs);
        let limit = self.common.limit.clone();
        let must = self
            .policy
            .limit
            .is_some_and(|limit| limit.missing == MissingLimit::Refuse);
        Expr::seq([Expr::alt(ways), if must { limit } else { limit.optional() }])
    }

    /// What reads a query in `FROM` is added, what reads one in `WITH` is given.
    fn of_queries(&mut self, selects: &mut Vec<Expr>, levels: &[Level]) -> Vec<Expr> {
        let Some(level) = levels.last() else {
            return Vec::new();
        };
        let mut withs = Vec::new();
        let (from, open) = (self.words.text(" FROM "), self.words.text("("));
        let (close, named) = (self.words.text(")"), self.words.text(" AS "));
        for (more, derived) in level.derived.iter().enumerate() {
            let step = self.step(1, more + 1, level);
            let called = step.called.clone();
            let body = step.body.clone();
            selects.push(Expr::seq(
                [
                    &step.list, &from, &open, derived, &close, &named, &called, &body,
                ]
                .map(Expr::clone),
            ));
            if self.policy.ctes {
                let with = self.with([(&called, derived)]);
                withs.push(self.reading(with, &step.list, &called, &body));
                if self.several && more + 1 == steps::ARITY {
                    withs.extend(self.several(step, levels));
                }
            }
        }
        let counted = (!level.sets.is_empty()).then(|| self.common.functions.count_all.clone());
        if let Some(count) = counted.flatten() {
            let called = Source::step(self.catalog, 1, 1).from;
            let called = self.words.text(&called);
            let set = Expr::alt(level.sets.iter().cloned());
            selects.push(Expr::seq([count, from, open, set, close, named, called]));
        }
        withs
    }

    pub(super) fn head(&mut self) -> Expr {
        let (select, distinct) = (self.words.text("SELECT "), self.words.text("DISTINCT "));
        Expr::seq([select, distinct.optional()])
    }

    /// What a scope can be asked for.
    pub(super) fn list(
        &mut self,
        scope: &Scope,
        rules: &ScopeRules,
        inner: Option<&Inner<'_>>,
    ) -> Expr {
        let single = inner.map(|inner| self.single(scope, inner));
        let item = Expr::alt(std::iter::once(rules.named.clone()).chain(single));
        let items = self.words.list(&item, LIST - 1);
        let all = rules.shows_all.then(|| self.words.text("*"));
        let list = Expr::alt(std::iter::once(items).chain(all));
        self.words.rule(&name("list", scope), list)
    }

    fn exactly(&mut self, item: &Expr, number: usize) -> Expr {
        let comma = self.words.text(", ");
        let rest = (1..number).flat_map(|_| [comma.clone(), item.clone()]);
        Expr::seq(std::iter::once(item.clone()).chain(rest))
    }

    /// `a AS c1, b AS c2`
    pub(super) fn named_list(&mut self, item: &Expr, number: usize) -> Expr {
        let mut parts = Vec::new();
        for place in 1..=number {
            let parted = (place > 1).then(|| self.words.text(", "));
            let named = [
                self.words.text(" AS "),
                self.words.text(&format!("c{place}")),
            ];
            parts.extend(parted.into_iter().chain([item.clone()]).chain(named));
        }
        Expr::seq(parts)
    }

    /// What a scope can be on the sides of the outermost set operations: a list of some columns, or all there are.
    pub(super) fn operands(
        &mut self,
        scope: &Scope,
        rules: &ScopeRules,
        body: &Body,
        operands: &mut Operands,
    ) {
        let Some(plain) = &body.plain else { return };
        for arity in 1..=ARITY {
            let list = self.exactly(&rules.named, arity);
            let way = Expr::seq([list, plain.clone()]);
            operands.entry(("operand", arity)).or_default().push(way);
        }
        self.whole(scope, rules, plain, operands);
    }

    /// All of a scope on one side: it goes with all of a scope that has as many columns.
    fn whole(&mut self, scope: &Scope, rules: &ScopeRules, plain: &Expr, operands: &mut Operands) {
        let of_scope = scope.iter().filter_map(|index| self.all.list.get(*index));
        let columns = of_scope.map(|source| source.table.columns.len()).sum();
        if rules.shows_all {
            let way = Expr::seq([self.words.text("*"), plain.clone()]);
            operands.entry(("whole", columns)).or_default().push(way);
        }
    }

    /// One side of a set operation.
    pub(super) fn operand(
        &mut self,
        ways: Vec<Expr>,
        (kind, arity): (&str, usize),
        depth: usize,
    ) -> Expr {
        let body = Expr::seq([self.head(), Expr::alt(ways)]);
        self.words
            .rule(&at(kind, &Scope::from([arity]), depth), body)
    }

    pub(super) fn set_of(&self, operand: &Expr) -> Expr {
        let more = Expr::seq([self.common.set_operation.clone(), operand.clone()]);
        Expr::seq([operand.clone(), more.repeat(1, Some(2))])
    }
}
