//! Sources joined, and rows that keys lead to.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    super::{
        Joins, Words,
        scope::name,
        sources::{Scope, Sources},
    },
    query::{Statement, Tables},
};

impl Statement<'_> {
    /// `EXISTS` of a row that a key leads to, or from.
    pub(super) fn exists(
        &mut self,
        scope: &Scope,
        conditions: &BTreeMap<usize, Expr>,
    ) -> Vec<Expr> {
        let mut ways = Vec::new();
        for (index, condition) in conditions
            .iter()
            .filter(|(index, _)| !scope.contains(index))
        {
            let Some(source) = self.all.list.get(*index) else {
                continue;
            };
            for edge in self.all.between(scope, *index) {
                let Some(key) = self.keys.get(edge).cloned() else {
                    continue;
                };
                let (from, filter) = (self.words.text(&source.from), self.words.text(" WHERE "));
                let also = Expr::seq([self.words.text(" AND "), condition.clone()]).optional();
                let open = self.words.text("EXISTS (SELECT 1 FROM ");
                ways.push(Expr::seq([
                    open,
                    from,
                    filter,
                    key,
                    also,
                    self.words.text(")"),
                ]));
            }
        }
        ways
    }

    /// The sources of a scope, joined in any order.
    pub(super) fn from(&mut self, scope: &Scope, tables: &Tables) -> Option<Expr> {
        if let Some(from) = self.froms.get(scope) {
            return from.clone();
        }
        let mut ways = Vec::new();
        for index in scope {
            let Some(source) = self.all.list.get(*index) else {
                continue;
            };
            let before: Scope = scope
                .iter()
                .copied()
                .filter(|other| other != index)
                .collect();
            if before.is_empty() {
                return source
                    .second_of
                    .is_none()
                    .then(|| self.words.text(&source.from));
            }
            if !self.all.may_follow(&before, *index) {
                continue;
            }
            let (Some(first), Some(on)) = (
                self.from(&before, tables),
                self.joined_on(&before, *index, tables),
            ) else {
                continue;
            };
            let (named, with) = (self.words.text(&source.from), self.words.text(" ON "));
            ways.push(Expr::seq([
                first,
                self.common.join.clone(),
                named,
                with,
                on,
            ]));
        }
        let from =
            (!ways.is_empty()).then(|| self.words.rule(&name("from", scope), Expr::alt(ways)));
        self.froms.insert(scope.clone(), from.clone());
        from
    }

    /// What a source is joined to those before it on: a key, or columns of one type.
    fn joined_on(&mut self, before: &Scope, index: usize, tables: &Tables) -> Option<Expr> {
        let mut ways: Vec<Expr> = Vec::new();
        let between = self.all.between(before, index);
        ways.extend(between.filter_map(|edge| self.keys.get(edge).cloned()));
        if self.joins == Joins::Any {
            let new = tables.joined(index)?;
            for old in before.iter().filter_map(|index| tables.joined(*index)) {
                for (left, right) in [(&old.numbers, &new.numbers), (&old.texts, &new.texts)] {
                    if let (Some(left), Some(right)) = (left, right) {
                        ways.push(Expr::seq([
                            left.clone(),
                            self.words.text(" = "),
                            right.clone(),
                        ]));
                    }
                }
            }
        }
        (!ways.is_empty()).then(|| Expr::alt(ways))
    }
}

/// What is equal along each key, either way round.
pub(super) fn keys(words: &mut Words, all: &Sources) -> Vec<Expr> {
    let mut keys = Vec::with_capacity(all.edges.len());
    for (number, edge) in all.edges.iter().enumerate() {
        let text = |turned: bool| {
            let pairs = edge.on.iter();
            let pair = |(left, right): &(String, String)| {
                if turned {
                    format!("{right} = {left}")
                } else {
                    format!("{left} = {right}")
                }
            };
            pairs.map(pair).collect::<Vec<_>>().join(" AND ")
        };
        let ways = [words.text(&text(false)), words.text(&text(true))];
        keys.push(words.rule(&format!("key_{number}"), Expr::alt(ways)));
    }
    keys
}
