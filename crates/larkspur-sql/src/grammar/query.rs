//! Whole queries, from the inside out: those that stand deepest first.
//!
//! What is selected stands before the sources it comes from. So the list of every scope is read side by side until the `FROM` says
//! which of them it was; what they list are rules of single tables, which they share.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    Common, Joins, Words,
    scope::{Inner, ScopeRules, at, name},
    sources::{Scope, Source, Sources},
    table::TableRules,
};
use crate::{Catalog, MissingLimit, Policy};

/// Most columns of a query in a `FROM` or `WITH`, and of set operations.
const ARITY: usize = 3;

/// Most columns of the whole query.
const LIST: u32 = 12;

/// Makes the rules of a statement.
pub(super) struct Statement<'a> {
    pub(super) words: &'a mut Words,
    pub(super) common: &'a Common,
    pub(super) policy: &'a Policy,
    pub(super) catalog: &'a Catalog,
    pub(super) all: Sources,
    pub(super) joins: Joins,
    pub(super) depth: usize,
    /// What is equal along each key.
    pub(super) on: BTreeMap<usize, Expr>,
    /// That there is a row: for a depth, a key and a source.
    pub(super) rows: BTreeMap<(usize, usize, usize), Expr>,
    /// What a value is held against, for each depth.
    pub(super) against: Vec<Expr>,
}

/// The scopes with what can be said of each.
type Scopes = [(Scope, ScopeRules)];

/// The rules of single sources, by their places.
pub(super) type Tables = BTreeMap<usize, TableRules>;

/// The queries of one depth, for those around them.
struct Level {
    /// Of one column.
    query: Expr,
    /// The same in parentheses.
    one: Expr,
    /// A set operation of one column.
    set: Option<Expr>,
    /// Of one column that is called `c1`, of two, of three.
    derived: Vec<Expr>,
    /// Conditions over each scope.
    conditions: BTreeMap<Scope, Expr>,
}

impl Statement<'_> {
    pub(super) fn define(mut self) -> Expr {
        let tables = self.tables();
        let scopes = self.scopes(&tables);
        let mut inner: Option<Level> = None;
        for depth in 0..self.depth {
            inner = Some(self.level(&scopes, depth, inner.as_ref()));
        }
        self.outermost(&scopes, inner.as_ref())
    }

    /// The rules of what stands in any scope.
    fn tables(&mut self) -> Tables {
        let (words, common, policy) = (&mut *self.words, self.common, self.policy);
        let dialect = self.catalog.dialect();
        let stands = |index: &usize| self.all.scopes.iter().any(|scope| scope.contains(index));
        let sources = self.all.list.iter().enumerate();
        sources
            .filter(|(index, _)| stands(index))
            .map(|(index, source)| {
                let rules =
                    TableRules::define(words, common, policy, dialect, &source.table, index);
                (index, rules)
            })
            .collect()
    }

    fn scopes(&mut self, tables: &Tables) -> Vec<(Scope, ScopeRules)> {
        let mut known = BTreeMap::new();
        let mut scopes = Vec::new();
        for scope in self.all.scopes.clone() {
            if let Some(from) = self.from(&scope, tables, &mut known) {
                let rules = self.scope_rules(&scope, tables, Some(from));
                scopes.push((scope, rules));
            }
        }
        scopes
    }

    /// What a value is held against, but for other columns.
    fn held_against(&mut self, depth: usize, inner: Option<&Level>) {
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
    fn level(&mut self, scopes: &Scopes, depth: usize, inner: Option<&Level>) -> Level {
        self.held_against(depth, inner);
        let within = inner.map(|level| Inner {
            one: &level.one,
            conditions: &level.conditions,
        });
        let (mut ones, mut operands) = (Vec::new(), Vec::new());
        // Those of the outermost query only.
        let is_last = depth + 1 == self.depth;
        let mut derived = vec![Vec::new(); if is_last { ARITY } else { 0 }];
        let mut conditions = BTreeMap::new();
        for (scope, rules) in scopes {
            let (body, condition) = self.body(scope, rules, depth, within.as_ref());
            conditions.insert(scope.clone(), condition);
            ones.push(Expr::seq([rules.item.clone(), body.ordered.clone()]));
            if let Some(plain) = &body.plain {
                operands.push(Expr::seq([rules.item.clone(), plain.clone()]));
            }
            for (more, ways) in derived.iter_mut().enumerate() {
                let list = self.named_list(&rules.item, more + 1);
                ways.push(Expr::seq([list, body.ordered.clone()]));
            }
        }
        let limit = self.common.limit.clone().optional();
        let head = self.head();
        let set = self.policy.set_operations.then(|| {
            let operand = self.operand(operands, depth, 1);
            Expr::seq([self.set_of(&operand), limit.clone()])
        });
        let single = Expr::seq([head.clone(), Expr::alt(ones), limit.clone()]);
        let query = Expr::alt(std::iter::once(single).chain(set.clone()));
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
            set,
            derived: derived.collect(),
            conditions,
        }
    }

    /// The whole statement.
    fn outermost(&mut self, scopes: &Scopes, inner: Option<&Level>) -> Expr {
        let depth = self.depth;
        self.held_against(depth, inner);
        let within = inner.map(|level| Inner {
            one: &level.one,
            conditions: &level.conditions,
        });
        let mut selects = Vec::new();
        let mut operands = vec![Vec::new(); ARITY];
        for (scope, rules) in scopes {
            let (body, _) = self.body(scope, rules, depth, within.as_ref());
            let list = self.list(scope, rules);
            selects.push(Expr::seq([list, body.ordered.clone()]));
            for (more, ways) in operands.iter_mut().enumerate() {
                let Some(plain) = &body.plain else { continue };
                let list = self.exactly(&rules.named, more + 1);
                ways.push(Expr::seq([list, plain.clone()]));
            }
        }
        let withs = self.of_queries(&mut selects, inner);
        let head = self.head();
        let mut ways = vec![Expr::seq([head, Expr::alt(selects)])];
        if self.policy.set_operations {
            for (more, of_arity) in operands.into_iter().enumerate() {
                let operand = self.operand(of_arity, depth, more + 1);
                ways.push(self.set_of(&operand));
            }
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
    fn of_queries(&mut self, selects: &mut Vec<Expr>, inner: Option<&Level>) -> Vec<Expr> {
        let Some(level) = inner else {
            return Vec::new();
        };
        let mut withs = Vec::new();
        let (close, named) = (self.words.text(")"), self.words.text(" AS "));
        for (more, derived) in level.derived.iter().enumerate() {
            let source = Source::query(self.catalog, more + 1);
            let called = self
                .words
                .text(&self.catalog.dialect().quote_name(&source.table.name));
            let (index, dialect) = (self.all.list.len() + more, self.catalog.dialect());
            let rules = TableRules::define(
                self.words,
                self.common,
                self.policy,
                dialect,
                &source.table,
                index,
            );
            let scope = Scope::from([index]);
            let rules = self.scope_rules_of(&scope, &[&rules], None);
            let within = Inner {
                one: &level.one,
                conditions: &BTreeMap::new(),
            };
            let (body, _) = self.body(&scope, &rules, self.depth, Some(&within));
            let list = self.list(&scope, &rules);
            let (from, open) = (self.words.text(" FROM "), self.words.text("("));
            selects.push(Expr::seq([
                list.clone(),
                from.clone(),
                open,
                derived.clone(),
                close.clone(),
                named.clone(),
                called.clone(),
                body.ordered.clone(),
            ]));
            if self.policy.ctes {
                let (with, open) = (self.words.text("WITH "), self.words.text(" AS ("));
                let before = [with, called.clone(), open, derived.clone(), close.clone()];
                let head = [
                    self.words.text(" SELECT "),
                    self.words.text("DISTINCT ").optional(),
                ];
                let rest = [list, from, called, body.ordered];
                withs.push(Expr::seq(before.into_iter().chain(head).chain(rest)));
            }
        }
        if let (Some(count), Some(set)) =
            (self.common.functions.count_all.clone(), level.set.clone())
        {
            let (from, open) = (self.words.text(" FROM "), self.words.text("("));
            let called = Source::query(self.catalog, 1).from;
            let called = self.words.text(&called);
            selects.push(Expr::seq([count, from, open, set, close, named, called]));
        }
        withs
    }

    fn head(&mut self) -> Expr {
        let (select, distinct) = (self.words.text("SELECT "), self.words.text("DISTINCT "));
        Expr::seq([select, distinct.optional()])
    }

    /// What a scope can be asked for.
    fn list(&mut self, scope: &Scope, rules: &ScopeRules) -> Expr {
        let items = self.words.list(&rules.named, LIST - 1);
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
    fn named_list(&mut self, item: &Expr, number: usize) -> Expr {
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

    /// One side of a set operation.
    fn operand(&mut self, ways: Vec<Expr>, depth: usize, arity: usize) -> Expr {
        let body = Expr::seq([self.head(), Expr::alt(ways)]);
        self.words
            .rule(&at("operand", &Scope::from([arity]), depth), body)
    }

    fn set_of(&self, operand: &Expr) -> Expr {
        let more = Expr::seq([self.common.set_operation.clone(), operand.clone()]);
        Expr::seq([operand.clone(), more.repeat(1, Some(2))])
    }
}
