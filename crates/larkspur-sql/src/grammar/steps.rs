//! Queries that others read: one in a `FROM`, and those of a `WITH`, each of which may read the one before it.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    query::{self, Level, Statement},
    scope::{Inner, ScopeRules},
    sources::{Scope, Source},
    spelling::Spelled,
    table::{TableRules, suffix},
};

/// Columns of each query of a `WITH` where there are several: what rows are about, and a number for it, say.
pub(super) const ARITY: usize = 2;

/// Most queries of a `WITH`.
const MOST: usize = 3;

/// A query that others read, by its name.
pub(super) struct Step {
    pub(super) called: Expr,
    /// What the outermost query selects of it, and what stands behind its name there.
    pub(super) list: Expr,
    pub(super) body: Expr,
    source: Source,
    /// The name of its table in the names of rules.
    suffix: String,
    scope: Scope,
    rules: ScopeRules,
}

impl Statement<'_> {
    /// The step of this number, whose columns are so many.
    pub(super) fn step(&mut self, number: usize, arity: usize, level: &Level) -> Step {
        let source = Source::step(self.catalog, number, arity);
        // Behind those of all tables, and of the first step, which has a place for each number of columns.
        let place = if number == 1 {
            arity - 1
        } else {
            query::ARITY + number
        };
        let index = self.all.list.len() + place;
        let suffix = suffix(&source.table.name, index);
        let spelled = self.spelling.alone(&source.table);
        let table = self.table(&source, &spelled, &suffix);
        let scope = Scope::from([index]);
        let rules = self.scope_rules_of(&scope, &[&table], None);
        let (list, body) = self.outer(&scope, &rules, level);
        Step {
            called: self.words.text(&source.from),
            list,
            body,
            source,
            suffix,
            scope,
            rules,
        }
    }

    fn table(&mut self, source: &Source, spelled: &Spelled, suffix: &str) -> TableRules {
        let (common, policy) = (self.common, self.policy);
        TableRules::define(self.words, common, policy, &source.table, spelled, suffix)
    }

    /// The rules of a step among others, all of whose columns are called the same.
    fn among_others(&mut self, step: &Step) -> TableRules {
        let spelled = self.spelling.apart(&step.source.table);
        self.table(&step.source, &spelled, &format!("{}_joined", step.suffix))
    }

    /// What the outermost query selects of steps, and what stands behind their names.
    fn outer(&mut self, scope: &Scope, rules: &ScopeRules, level: &Level) -> (Expr, Expr) {
        let nowhere = BTreeMap::new();
        let within = Inner {
            also: &nowhere,
            ..level.within()
        };
        let (body, _) = self.body(scope, rules, self.depth, Some(&within));
        (self.list(scope, rules, None), body.ordered)
    }

    /// `WITH step1 AS (…), step2 AS (…)`
    pub(super) fn with<'e>(
        &mut self,
        steps: impl IntoIterator<Item = (&'e Expr, &'e Expr)>,
    ) -> Expr {
        let (open, close) = (self.words.text(" AS ("), self.words.text(")"));
        let mut parts = Vec::new();
        for (place, (called, query)) in steps.into_iter().enumerate() {
            parts.push(self.words.text(if place == 0 { "WITH " } else { ", " }));
            parts.extend([called, &open, query, &close].map(Expr::clone));
        }
        Expr::seq(parts)
    }

    /// The query behind a `WITH`.
    pub(super) fn reading(&mut self, with: Expr, list: &Expr, from: &Expr, body: &Expr) -> Expr {
        let select = self.words.text(" SELECT ");
        let distinct = self.words.text("DISTINCT ").optional();
        let before = [with, select, distinct, list.clone()];
        let behind = [self.words.text(" FROM "), from.clone(), body.clone()];
        Expr::seq(before.into_iter().chain(behind))
    }

    /// Several queries in one `WITH`, of which the last, or all together, are read.
    pub(super) fn several(&mut self, first: Step, levels: &[Level]) -> Vec<Expr> {
        let Some(level) = levels.last() else {
            return Vec::new();
        };
        let Some(derived) = level.derived.get(ARITY - 1) else {
            return Vec::new();
        };
        let below = levels
            .len()
            .checked_sub(2)
            .and_then(|below| levels.get(below));
        let mut queries = vec![derived.clone()];
        let mut steps = vec![first];
        let (mut ways, mut tables) = (Vec::new(), Vec::new());
        for number in 2..=MOST {
            let chained = steps
                .last()
                .map(|before| (before.called.clone(), self.chained(before, below)));
            queries.push(Expr::alt(
                [derived.clone()]
                    .into_iter()
                    .chain(chained.map(|(_, query)| query)),
            ));
            steps.push(self.step(number, ARITY, level));
            let named: Vec<(&Expr, &Expr)> = steps
                .iter()
                .map(|step| &step.called)
                .zip(&queries)
                .collect();
            let with = self.with(named);
            let with = self.words.rule(&format!("with{number}"), with);
            if let Some(last) = steps.last() {
                ways.push(self.reading(with.clone(), &last.list, &last.called, &last.body));
            }
            if number <= self.max_tables {
                for step in steps.iter().skip(tables.len()) {
                    tables.push(self.among_others(step));
                }
                let (list, from, body) = self.together(&steps, &tables, level);
                ways.push(self.reading(with, &list, &from, &body));
            }
        }
        ways
    }

    /// A query of a `WITH` that reads the one before it.
    fn chained(&mut self, before: &Step, below: Option<&Level>) -> Expr {
        let nowhere = BTreeMap::new();
        let within = below.map(|below| Inner {
            also: &nowhere,
            ..below.within()
        });
        let depth = self.depth - 1;
        let (body, _) = self.body(&before.scope, &before.rules, depth, within.as_ref());
        let list = self.named_list(&before.rules.item, ARITY);
        let head = self.head();
        let from = self.words.text(" FROM ");
        let limit = self.common.limit.clone().optional();
        Expr::seq([head, list, from, before.called.clone(), body.ordered, limit])
    }

    /// All steps joined, in their order, on columns that are equal.
    fn together(
        &mut self,
        steps: &[Step],
        tables: &[TableRules],
        level: &Level,
    ) -> (Expr, Expr, Expr) {
        let scope: Scope = steps
            .iter()
            .flat_map(|step| step.scope.iter().copied())
            .collect();
        let of: Vec<&TableRules> = tables.iter().collect();
        let rules = self.scope_rules_of(&scope, &of, None);
        let (list, body) = self.outer(&scope, &rules, level);
        let (on, equals) = (self.words.text(" ON "), self.words.text(" = "));
        let mut parts = Vec::new();
        let mut columns: Vec<Expr> = Vec::new();
        for (step, table) in steps.iter().zip(tables) {
            let (called, column) = (step.called.clone(), table.column.clone());
            if columns.is_empty() {
                parts.push(called);
            } else {
                let old = Expr::alt(columns.iter().cloned());
                let joined = [self.common.join.clone(), called, on.clone(), old];
                parts.extend(joined.into_iter().chain([equals.clone(), column.clone()]));
            }
            columns.push(column);
        }
        (list, Expr::seq(parts), body)
    }
}
